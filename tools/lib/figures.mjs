// Rows of measurements as Markdown, and their place in docs/performance.md: between `<!-- figures: name -->` and `<!-- end -->`.

const header = '| What | Here | Beside it | Ratio | Aim |\n| --- | --- | --- | --- | --- |';

/** One row of the table. */
export function figureRow({ what, here, beside = '', ratio = '', aim = '' }) {
  return `| ${[what, here, beside, ratio, aim].join(' | ')} |`;
}

/** The table with its rows, and a line below it on how it was taken. */
export function figureTable(figures, taken) {
  return `${header}\n${figures.map(figureRow).join('\n')}\n\n${taken}`;
}

/** The document with this block in its place; throws where the document has no place of that name. */
export function withFigures(document, name, block) {
  const start = `<!-- figures: ${name} -->\n`;
  const from = document.indexOf(start);
  const to = document.indexOf('<!-- end -->', from);
  if (from === -1 || to === -1) {
    throw new Error(`The document has no place for the figures of ${name}.`);
  }
  return `${document.slice(0, from + start.length)}\n${block}\n\n${document.slice(to)}`;
}

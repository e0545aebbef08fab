import { visibleText } from './visibleText.js';

/**
 * Text that no Markdown renderer takes for markup, link, mention or cell border. Only a code span protects from automatic
 * links; a pipe would end the cell even in there, and is written between spans as a character reference.
 */
export function markdownText(text: string): string {
  return visibleText(text).split('|').map(codeSpan).join('&#124;');
}

function codeSpan(text: string): string {
  if (text === '') {
    return '';
  }
  const longestRun = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longestRun + 1);
  // CommonMark 6.1 takes one space off at both ends, but never from a span of spaces only.
  const padding = /^[ `]|[ `]$/.test(text) && text.trim() !== '' ? ' ' : '';
  return `${fence}${padding}${text}${padding}${fence}`;
}

/**
 * A sentence with text of others in it: read as a sentence, and nothing in it makes markup. Words that renderers turn into links or
 * mentions by themselves become code spans.
 */
export function markdownSentence(text: string): string {
  return visibleText(text)
    .replace(/\s+/g, ' ')
    .trim()
    .split(' ')
    .map((word) =>
      /[@#]|:\/\/|www\./i.test(word) ? markdownText(word) : word.replace(/[\\`*_{}[\]()<>&!|~$]/g, '\\$&'),
    )
    .join(' ')
    .replace(/^(?:[-+=]|\d+(?=[.)]))/, (start) => (/\d/.test(start) ? start : `\\${start}`))
    .replace(/^(\d+)([.)])/, '$1\\$2');
}

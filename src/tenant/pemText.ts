/** One block of PEM text, its label and its body without white space. */
export interface PemText {
  readonly label: string;
  readonly body: string;
}

/**
 * Finds PEM blocks in text whose line breaks were lost on the way: kept as the two characters `\n`, as spaces, or not at
 * all. Blocks with headers (traditional encrypted keys) keep no body and are reported with an empty one.
 */
export function findPemBlocks(text: string): readonly PemText[] {
  const mended = text.replace(/\\r/g, '\r').replace(/\\n/g, '\n');
  return [...blocksOf(mended)].map(({ label, body }) => {
    const bare = body.replace(/\s+/g, '');
    return { label, body: /^[A-Za-z0-9+/]+={0,2}$/.test(bare) ? bare : '' };
  });
}

/** No key of a service has so many; each costs one search through the text. */
const maxLabelsWithoutEnd = 100;

/** The blocks that have an end of their own label, with their bodies as they stand there. */
function* blocksOf(text: string): Generator<PemText> {
  // Of a label that has no further end none is sought again: a text of many beginnings would take time by the square of its length.
  const withoutEnd = new Set<string>();
  const begin = /-----BEGIN ([A-Z0-9 .]{1,100})-----/g;
  for (
    let match = begin.exec(text);
    match !== null && withoutEnd.size < maxLabelsWithoutEnd;
    match = begin.exec(text)
  ) {
    const label = match[1] ?? '';
    const end = `-----END ${label}-----`;
    const position = withoutEnd.has(label) ? -1 : text.indexOf(end, begin.lastIndex);
    if (position === -1) {
      withoutEnd.add(label);
      begin.lastIndex = match.index + 11;
    } else {
      yield { label, body: text.slice(begin.lastIndex, position) };
      begin.lastIndex = position + end.length;
    }
  }
}

/** Writes blocks as PEM with lines of 64 characters. */
export function formatPemBlocks(blocks: readonly PemText[]): string {
  return blocks
    .map(({ label, body }) => {
      const lines = body.match(/.{1,64}/g) ?? [];
      return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
    })
    .join('');
}

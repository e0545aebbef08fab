/** One block of PEM text, its label and its body without white space. */
export interface PemText {
  readonly label: string;
  readonly body: string;
}

const block = /-----BEGIN ([A-Z0-9 .]+)-----([\s\S]*?)-----END \1-----/g;

/**
 * Finds PEM blocks in text whose line breaks were lost on the way: kept as the two characters `\n`, as spaces, or not at
 * all. Blocks with headers (traditional encrypted keys) keep no body and are reported with an empty one.
 */
export function findPemBlocks(text: string): readonly PemText[] {
  const mended = text.replace(/\\r/g, '\r').replace(/\\n/g, '\n');
  return [...mended.matchAll(block)].map(([, label, body]) => {
    const bare = (body ?? '').replace(/\s+/g, '');
    return { label: label ?? '', body: /^[A-Za-z0-9+/]+={0,2}$/.test(bare) ? bare : '' };
  });
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

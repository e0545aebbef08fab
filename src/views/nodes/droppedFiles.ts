/** The addresses of a `text/uri-list` (RFC 2483): one a line, comments left out, each once. */
export function addressesOf(uriList: string): readonly string[] {
  const lines = uriList.split(/\r?\n/).map((line) => line.trim());
  return [...new Set(lines.filter((line) => line !== '' && !line.startsWith('#')))];
}

/** What is done with a dropped file, told by its name; what it really holds is told by its content later. */
export function dropPurpose(path: string): 'certificate' | 'keyPair' {
  return /\.(?:p12|pfx)$/i.test(path) ? 'keyPair' : 'certificate';
}

// What a host loads before anything is asked of the extension: the entry and all that it imports statically.

/** The most that the entry may be, in bytes, in a production build. */
export const entryLimit = 60 * 1024;

/** The entry's size in bytes, with what it imports statically, and the files that make it up. */
export function measureEntry(metafile) {
  const entry = Object.keys(metafile.outputs).find((path) => path.endsWith('/extension.js'));
  if (entry === undefined) {
    throw new Error('The build has no extension.js.');
  }
  const files = new Set();
  const visit = (path) => {
    if (files.has(path)) {
      return;
    }
    files.add(path);
    for (const imported of metafile.outputs[path].imports) {
      if (imported.kind === 'import-statement' && imported.external !== true) {
        visit(imported.path);
      }
    }
  };
  visit(entry);
  const outputs = [...files].map((path) => ({ path, bytes: metafile.outputs[path].bytes }));
  return { bytes: outputs.reduce((sum, { bytes }) => sum + bytes, 0), outputs };
}

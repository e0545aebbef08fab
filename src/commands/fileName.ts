/** A file name made of an alias: what a file system or a shell takes amiss becomes `_`. */
export function asFileName(alias: string, suffix: string): string {
  const name = alias
    .replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069<>:"/\\|?*]/g, '_')
    .replace(/^\.+/, '_')
    .replace(/(?<![. ])[. ]+$/, '_');
  const short = Array.from(name).slice(0, 100).join('');
  return (short === '' ? 'entry' : short) + suffix;
}

/** The last part of a file's path. */
export function baseName({ path }: { readonly path: string }): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

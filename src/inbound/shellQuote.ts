/** Shells that commands are written for. */
export type Shell = 'bash' | 'powershell';

/** One argument as this shell must see it, so that the program gets the text unchanged. */
export function quoteFor(shell: Shell, argument: string): string {
  return shell === 'bash' ? quoteForBash(argument) : quoteForPowerShell(argument);
}

/** POSIX: nothing is special between single quotation marks but the mark itself. */
export function quoteForBash(argument: string): string {
  return isPlain(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}

/**
 * PowerShell: as in POSIX, but the mark is doubled, and it takes typographic ones for the same. Quotation marks within and a
 * backslash before them are written as the C run time of Windows reads a command line, which PowerShell up to 7.2, and later ones
 * with `$PSNativeCommandArgumentPassing = 'Legacy'`, leave to the writer.
 */
export function quoteForPowerShell(argument: string): string {
  if (isPlain(argument)) {
    return argument;
  }
  const forProgram = argument
    .replace(/(?<!\\)(\\*)"/g, '$1$1\\"')
    // The mark that PowerShell puts around an argument with blanks must not be taken for a part of it.
    .replace(/(?<!\\)(\\+)$/, /\s/.test(argument) ? '$1$1' : '$1');
  return `'${forProgram.replace(/['\u2018\u2019\u201a\u201b]/g, '$&$&')}'`;
}

/** Without a character that any shell obeys. */
function isPlain(argument: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_.:/=-]*$|^-[A-Za-z0-9_-]+$/.test(argument);
}

/** Lines for PowerShell in a scope of their own, in which later versions hand arguments on as they are quoted here. */
export function powerShellBlock(lines: readonly string[]): readonly string[] {
  return ['& {', "  $PSNativeCommandArgumentPassing = 'Legacy'", ...lines.map((line) => `  ${line}`), '}'];
}

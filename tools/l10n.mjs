// Exports the strings of the code into l10n/bundle.l10n.json.
// Usage: node tools/l10n.mjs [--check]   (--check changes nothing and fails where the bundle is not current)
import l10nDev from '@vscode/l10n-dev';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './lib/paths.mjs';

const bundleFile = join(root, 'l10n/bundle.l10n.json');

/** What is wrong with the bundle, as words; empty where it is current. */
export async function checkBundle() {
  const current = existsSync(bundleFile) ? readFileSync(bundleFile, 'utf8') : '';
  return current === (await exportStrings())
    ? []
    : ['l10n/bundle.l10n.json is not current; run: node tools/l10n.mjs'];
}

async function exportStrings() {
  const files = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const strings = await l10nDev.getL10nJson(
    files.map((file) => ({ extension: '.ts', contents: readFileSync(file, 'utf8') })),
  );
  const sorted = Object.fromEntries(Object.entries(strings).sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify(sorted, undefined, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--check')) {
    const problems = await checkBundle();
    problems.forEach((problem) => console.error(problem));
    process.exitCode = problems.length > 0 ? 1 : 0;
  } else {
    mkdirSync(join(root, 'l10n'), { recursive: true });
    writeFileSync(bundleFile, await exportStrings());
  }
}

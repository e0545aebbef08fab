// Writes THIRD-PARTY-NOTICES from what is bundled.
// Usage: node tools/notices.mjs [--check]   (--check changes nothing and fails where the file is not current)
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildExtension } from '../esbuild.mjs';
import { noticesFor } from './lib/notices.mjs';
import { cacheFolder, root } from './lib/paths.mjs';

const noticesFile = join(root, 'THIRD-PARTY-NOTICES');

export function writeNotices(metafiles) {
  writeFileSync(noticesFile, noticesFor(metafiles));
}

/** What is wrong with the checked-in file, as words; empty where it is current. */
export function checkNotices(metafiles) {
  const current = existsSync(noticesFile) ? readFileSync(noticesFile, 'utf8') : '';
  return current === noticesFor(metafiles)
    ? []
    : ['THIRD-PARTY-NOTICES is not current; run: node tools/notices.mjs'];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const metafiles = await buildExtension({ production: true, outdir: join(cacheFolder, 'production') });
  if (process.argv.includes('--check')) {
    const problems = checkNotices(metafiles);
    problems.forEach((problem) => console.error(problem));
    process.exitCode = problems.length > 0 ? 1 : 0;
  } else {
    writeNotices(metafiles);
  }
}

// Builds for production and packs the .vsix, then looks into it: nothing but what the list allows, and small.
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buildExtension } from '../esbuild.mjs';
import { run } from './lib/children.mjs';
import { entryLimit, measureEntry } from './lib/bundleSize.mjs';
import { root } from './lib/paths.mjs';
import { writeNotices } from './notices.mjs';
import { checkBundle } from './l10n.mjs';

const packageLimit = 1024 * 1024;
const allowed = [
  /^package\.json$/,
  /^package\.nls(\.[\w-]+)?\.json$/,
  /^dist\/[\w-]+\.js$/,
  /^dist\/chunks\/[\w.-]+\.js$/,
  /^l10n\/bundle\.l10n(\.[\w-]+)?\.json$/,
  /^media\/[\w./-]+\.(css|md|png|svg|ttf)$/,
  /^media\/trust\/[\w-]+\.json$/,
  /^(README|CHANGELOG)\.md$/,
  /^LICENSE$/,
  /^THIRD-PARTY-NOTICES$/,
];
const needed = [
  'package.json',
  'package.nls.json',
  'dist/extension.js',
  'dist/inspector.js',
  'dist/mapping.js',
  'media/inspector.css',
  'media/mapping.css',
  'README.md',
  'CHANGELOG.md',
  'media/trust/neo.json',
  'media/trust/sap-approved.json',
  'media/trust/token-by-certificate.json',
  'LICENSE',
];

const problems = await checkBundle();
const metafiles = await buildExtension({ production: true });
writeNotices(metafiles);

const entry = measureEntry(metafiles[0]);
if (entry.bytes >= entryLimit) {
  problems.push(
    `dist/extension.js with what it imports statically is ${entry.bytes} bytes; the limit is ${entryLimit}`,
  );
}

const files = vsce('ls', '--no-dependencies')
  .split('\n')
  .filter((line) => line !== '');
problems.push(
  ...files
    .filter((file) => !allowed.some((pattern) => pattern.test(file)))
    .map((file) => `${file} would be packaged but is not on the list`),
  ...needed
    .filter((file) => !files.includes(file))
    .map((file) => `${file} would be missing from the package`),
);
if (problems.length > 0) {
  problems.forEach((problem) => console.error(problem));
  process.exit(1);
}

const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const target = join(root, `${name}-${version}.vsix`);
rmSync(target, { force: true });
vsce(
  'package',
  '--no-dependencies',
  '--allow-missing-repository',
  '--no-rewrite-relative-links',
  ...['--out', target],
);
const { size } = statSync(target);
if (size >= packageLimit) {
  rmSync(target);
  console.error(`The package is ${size} bytes; the limit is ${packageLimit}`);
  process.exit(1);
}
console.log(`${files.length} files, entry ${entry.bytes} bytes, package ${size} bytes`);
console.log(target);

function vsce(...args) {
  const { status, stdout, stderr } = run(
    process.execPath,
    [join(root, 'node_modules/@vscode/vsce/vsce'), ...args],
    {
      cwd: root,
    },
  );
  if (status !== 0) {
    console.error(`vsce ${args.join(' ')} failed:\n${stdout}${stderr}`);
    process.exit(1);
  }
  return stdout;
}

// Runs the PKI harness over the corpora beside the project and prints a table and every difference.
// Usage: npm run corpora [-- <folder>]   Fails on a difference that test/corpora/known.json does not list with its reason, and on
// a listed one that is none any more.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { manifests } from '../test/corpora/manifests.mjs';
import { Harness } from '../test/corpora/harnessProcess.mjs';
import { root } from './lib/paths.mjs';

const slowMs = 2000;
const folder = resolve(process.argv[2] ?? process.env['PKI_CORPORA'] ?? join(root, '../shared/corpora'));
const known = JSON.parse(readFileSync(join(root, 'test/corpora/known.json'), 'utf8'));

if (!existsSync(join(folder, 'manifest'))) {
  console.error(`There are no corpora: a folder "manifest" is expected in ${folder}.`);
  process.exit(1);
}

const harness = await Harness.start();
const rows = [];
const differences = [];
try {
  for (const file of readdirSync(join(folder, 'manifest')).sort()) {
    const name = file.replace(/\.json$/, '');
    const manifest = manifests[name];
    if (manifest === undefined) {
      differences.push({ id: file, problems: ['no rule reads this manifest'] });
      continue;
    }
    const all = JSON.parse(readFileSync(join(folder, 'manifest', file), 'utf8'));
    const entries = all.filter(manifest.takes ?? (() => true));
    const row = {
      manifest: name,
      entries: entries.length,
      left: all.length - entries.length,
      differs: 0,
      slow: 0,
    };
    for (const entry of entries) {
      const id = `${name}:${entry.id ?? entry.file}`;
      const path = (part) => join(folder, part);
      const answers = [];
      for (const request of manifest.requests(entry, path)) {
        const started = performance.now();
        answers.push(await harness.ask(request));
        row.slow += performance.now() - started > slowMs ? 1 : 0;
      }
      const parsed = new Map();
      for (const text of manifest.namesOf?.(answers) ?? []) {
        parsed.set(text, await harness.ask({ op: 'name', rfc4514: text }));
      }
      const problems = manifest.judge(entry, answers, { parsedName: (text) => parsed.get(text) });
      if (problems.length > 0) {
        row.differs++;
        differences.push({ id, problems });
      }
    }
    rows.push(row);
  }
} finally {
  await harness.end();
}

console.log('manifest         entries  as expected  differs  over 2 s');
for (const { manifest, entries, left, differs, slow } of rows) {
  console.log(
    `${manifest.padEnd(16)} ${String(entries).padStart(7)}  ${String(entries - differs).padStart(11)}  ${String(differs).padStart(7)}  ${String(slow).padStart(8)}` +
      (left > 0 ? `  (${left} need what is not checked here)` : ''),
  );
}
let failed = 0;
for (const { id, problems } of differences) {
  const reason = known[id];
  failed += reason === undefined ? 1 : 0;
  console.log(
    `${reason === undefined ? 'DIFFERS' : 'known  '} ${id}: ${problems.join('; ')}${reason === undefined ? '' : ` (${reason})`}`,
  );
}
for (const id of Object.keys(known).filter((listed) => !differences.some((found) => found.id === listed))) {
  failed++;
  console.log(`LISTED BUT AS EXPECTED ${id}`);
}
const slow = rows.reduce((sum, row) => sum + row.slow, 0);
if (slow > 0) {
  console.log(`${slow} requests took more than 2 s`);
}
console.log(
  failed === 0 ? 'every entry is as expected, or listed' : `${failed} differences that are not listed`,
);
process.exitCode = failed === 0 && slow === 0 && rows.length > 0 ? 0 : 1;

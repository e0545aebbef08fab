// Runs the PKI harness over the corpora beside the project and prints a table and every difference.
// Usage: npm run corpora [-- <folder>]   Fails on a difference that test/corpora/known.json does not list with its reason, on a
// listed one that is none any more, on a request that takes more than 2 s, and on one that ends the harness.
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

let harness = new Harness();
const rows = [];
const differences = [];
try {
  // The first answer waits for the bundle of the harness, which is nobody's processing time.
  await harness.ask({ op: 'name', rfc4514: 'CN=x' });
  for (const file of readdirSync(join(folder, 'manifest')).sort()) {
    const name = file.replace(/\.json$/, '');
    const manifest = manifests[name];
    if (manifest === undefined) {
      differences.push({ id: file, problems: ['no rule reads this manifest'] });
      continue;
    }
    rows.push(
      await runManifest(name, manifest, JSON.parse(readFileSync(join(folder, 'manifest', file), 'utf8'))),
    );
  }
} finally {
  await harness.end();
}

/** Asks and judges every entry of a manifest; the row of the table. */
async function runManifest(name, manifest, all) {
  const entries = all.filter(manifest.takes ?? (() => true));
  const row = { name, entries: entries.length, left: all.length - entries.length, differs: 0, slow: 0 };
  for (const entry of entries) {
    let problems;
    try {
      problems = await runEntry(manifest, entry, row);
    } catch (error) {
      problems = [error.message];
      if (!harness.isAlive) {
        harness = new Harness();
      }
    }
    if (problems.length > 0) {
      row.differs++;
      differences.push({ id: `${name}:${entry.id ?? entry.file}`, problems });
    }
  }
  return row;
}

async function runEntry(manifest, entry, row) {
  const answers = [];
  for (const request of manifest.requests(entry, (part) => join(folder, part))) {
    const { answer, tookMs } = await timed(request);
    answers.push(answer);
    // One long answer proves little: what counts is the quicker of two.
    row.slow += tookMs > slowMs && (await timed(request)).tookMs > slowMs ? 1 : 0;
  }
  const parsed = new Map();
  for (const text of manifest.namesOf?.(answers) ?? []) {
    parsed.set(text, await harness.ask({ op: 'name', rfc4514: text }));
  }
  const failures = answers
    .filter(({ internal }) => internal === true)
    .map(({ message }) => `the program failed: ${message}`);
  return [...failures, ...manifest.judge(entry, answers, { parsedName: (text) => parsed.get(text) })];
}

/** On a busy machine the clock says little, and threads that derive keys count twice: what counts is the smaller of the two. */
async function timed(request) {
  const started = performance.now();
  const usedBefore = harness.processorMs;
  const answer = await harness.ask(request);
  const passed = performance.now() - started;
  const usedAfter = harness.processorMs;
  const used = usedBefore === undefined || usedAfter === undefined ? passed : usedAfter - usedBefore;
  return { answer, tookMs: Math.min(passed, used) };
}

console.log('manifest         entries  as expected  differs  over 2 s');
for (const { name, entries, left, differs, slow } of rows) {
  console.log(
    `${name.padEnd(16)} ${String(entries).padStart(7)}  ${String(entries - differs).padStart(11)}  ${String(differs).padStart(7)}  ${String(slow).padStart(8)}` +
      (left > 0 ? `  (${left} need what is not checked here)` : ''),
  );
}
let failed = 0;
for (const { id, problems } of differences) {
  const reason = known[id];
  failed += reason === undefined ? 1 : 0;
  console.log(`${reason === undefined ? 'DIFFERS' : 'known  '} ${id}: ${problems.join('; ')}`);
  if (reason !== undefined) {
    console.log(`        ${reason}`);
  }
}
// Of another folder than the usual one, what is listed may not be there at all.
const listedButFine = Object.keys(known).filter(
  (id) => rows.some(({ name }) => id.startsWith(`${name}:`)) && !differences.some((found) => found.id === id),
);
for (const id of process.argv[2] === undefined ? listedButFine : []) {
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

// Prints measurements as rows of Markdown, one table for each test/bench/*.bench.ts. No figure passes or fails; what could not
// be measured says why, and the others go on.
// Usage: node tools/bench.mjs [name part …] [--write]
// --write puts the tables into docs/performance.md.
import { build } from 'esbuild';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildExtension } from '../esbuild.mjs';
import { entryLimit, measureEntry } from './lib/bundleSize.mjs';
import { endAll, run } from './lib/children.mjs';
import { figureRow, figureTable, withFigures } from './lib/figures.mjs';
import { cacheFolder, root } from './lib/paths.mjs';
import { stageExtension } from './lib/stage.mjs';
import { toolsInPlace } from './lib/toolsInPlace.mjs';

const args = process.argv.slice(2);
const parts = args.filter((arg) => !arg.startsWith('--'));
const isWanted = (name) => parts.length === 0 || parts.some((part) => name.includes(part));
const folder = join(root, 'test/bench');
const page = join(root, 'docs/performance.md');

/** Runs one bench, prints its rows as they come, and keeps them where that is wanted. */
async function report(name, measure) {
  console.log(`\n${name}`);
  const figures = [];
  const before = loadavg()[0];
  try {
    await measure((figure) => {
      figures.push(figure);
      console.log(figureRow(figure));
    });
  } catch (error) {
    console.error(`${name} could not be measured:`, error);
    process.exitCode = 1;
    return;
  }
  const openssl = run('openssl', ['version']).stdout.split(' ')[1] ?? 'not installed';
  const load = ((before + loadavg()[0]) / 2).toFixed(1);
  const taken = `${availableParallelism()} cores at a load of ${load}, Node ${process.versions.node}, OpenSSL ${openssl}.`;
  console.log(taken);
  if (args.includes('--write')) {
    const text = readFileSync(page, 'utf8');
    writeFileSync(page, withFigures(text, name, figureTable(figures, taken)));
  }
}

mkdirSync(cacheFolder, { recursive: true });
const outdir = mkdtempSync(join(cacheFolder, 'bench-'));
try {
  const [metafile] = await buildExtension({ production: true });
  stageExtension('browser-extension');
  if (isWanted('size')) {
    await report('size', (tell) => {
      const { bytes, outputs } = measureEntry(metafile);
      tell({
        what: 'Entry with all that it imports statically',
        here: `${bytes} bytes in ${outputs.length} files`,
        aim: `at most ${entryLimit} bytes: ${bytes <= entryLimit ? 'met' : '**missed**'}`,
      });
    });
  }
  const files = readdirSync(folder).filter((name) => /\.bench\.ts$|Process\.ts$/.test(name));
  await build({
    entryPoints: files.map((name) => join(folder, name)),
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
    outExtension: { '.js': '.mjs' },
    plugins: [toolsInPlace],
  });
  for (const file of files.filter((name) => name.endsWith('.bench.ts')).sort()) {
    const name = file.replace(/\.bench\.ts$/, '');
    if (isWanted(name)) {
      const { measure } = await import(pathToFileURL(join(outdir, file.replace(/\.ts$/, '.mjs'))).href);
      await report(name, measure);
    }
  }
} finally {
  rmSync(outdir, { recursive: true, force: true });
  await endAll();
}

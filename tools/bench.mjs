// Prints measurements: the entry's size, then what each test/bench/*.bench.ts finds. Nothing here passes or fails.
// Usage: node tools/bench.mjs [path part …]
import { build } from 'esbuild';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildExtension } from '../esbuild.mjs';
import { measureEntry } from './lib/bundleSize.mjs';
import { endAll } from './lib/children.mjs';
import { cacheFolder, root } from './lib/paths.mjs';
import { stageExtension } from './lib/stage.mjs';
import { toolsInPlace } from './lib/toolsInPlace.mjs';

const parts = process.argv.slice(2);
const folder = join(root, 'test/bench');
mkdirSync(cacheFolder, { recursive: true });
const outdir = mkdtempSync(join(cacheFolder, 'bench-'));
try {
  const [metafile] = await buildExtension({ production: true });
  stageExtension('browser-extension');
  const { bytes, outputs } = measureEntry(metafile);
  console.log(`entry with what it imports statically: ${bytes} bytes in ${outputs.length} files`);
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.bench.ts'))
    .filter((name) => parts.length === 0 || parts.some((part) => name.includes(part)))
    .sort();
  await build({
    entryPoints: names.map((name) => join(folder, name)),
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
  for (const name of names) {
    console.log(`\n${name}`);
    await import(pathToFileURL(join(outdir, name.replace(/\.ts$/, '.mjs'))).href);
  }
} finally {
  rmSync(outdir, { recursive: true, force: true });
  await endAll();
}

// Runs the browser tests: Playwright drives the real workbench with the extension installed in it.
// Usage: node tools/browser.mjs [path part …] [--grep "pattern"] [--pictures]
// --pictures keeps the screenshots in docs/pictures, for the README.
import { build } from 'esbuild';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildExtension } from '../esbuild.mjs';
import { endAll } from './lib/children.mjs';
import { cacheFolder, root } from './lib/paths.mjs';
import { stageExtension } from './lib/stage.mjs';
import { reportTier } from './lib/tier.mjs';
import { toolsInPlace } from './lib/toolsInPlace.mjs';
import { runMocha } from './mochaRun.mjs';

const folder = join(root, 'test/browser');

/** Builds and runs the browser tests whose path holds one of the parts, or all; returns how many passed and failed. */
export async function runBrowserTests({ parts = [], grep } = {}) {
  await buildExtension();
  stageExtension('browser-extension');
  const tests = readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((file) => file.endsWith('.test.ts'))
    .filter((file) => parts.length === 0 || parts.some((part) => relative(root, file).includes(part)))
    .sort();
  rmSync(join(cacheFolder, 'failures'), { recursive: true, force: true });
  mkdirSync(cacheFolder, { recursive: true });
  const outdir = mkdtempSync(join(cacheFolder, 'browser-'));
  try {
    const entries = [join(folder, 'hooks.ts'), ...tests];
    await build({
      entryPoints: entries,
      outdir,
      outbase: folder,
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      packages: 'external',
      sourcemap: 'inline',
      logLevel: 'warning',
      outExtension: { '.js': '.mjs' },
      plugins: [toolsInPlace],
    });
    const files = entries.map((file) => join(outdir, relative(folder, file).replace(/\.ts$/, '.mjs')));
    return await runMocha(files, {
      timeout: 120_000,
      slow: 10_000,
      ...(grep === undefined ? {} : { grep }),
    });
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.setSourceMapsEnabled(true);
  const args = process.argv.slice(2);
  if (args.includes('--pictures')) {
    process.env.PICTURES = '1';
  }
  const grepAt = args.indexOf('--grep');
  const parts = args.filter((arg, index) => !arg.startsWith('--') && (grepAt === -1 || index !== grepAt + 1));
  try {
    reportTier(await runBrowserTests({ parts, ...(grepAt === -1 ? {} : { grep: args[grepAt + 1] }) }));
  } finally {
    await endAll();
  }
}

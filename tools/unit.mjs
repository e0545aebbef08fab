// Runs the unit tests in plain Node: bundles them with esbuild (so that Node 20 runs TypeScript), then hands them to Mocha.
// Usage: node tools/unit.mjs [path part …] [-- --grep "pattern"]; without a path part every unit test runs.
import { build } from 'esbuild';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { reportTier } from './lib/tier.mjs';
import { runMocha } from './mochaRun.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

export async function runUnitTests(parts = [], mochaOptions = {}) {
  const all = listTests(join(root, 'test/unit'));
  const selected = parts.length === 0 ? all : all.filter((file) => parts.some((part) => file.includes(part)));
  mkdirSync(join(root, '.cache'), { recursive: true });
  const outdir = mkdtempSync(join(root, '.cache/unit-'));
  try {
    await build({
      entryPoints: selected,
      outdir,
      outbase: join(root, 'test'),
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      packages: 'external',
      sourcemap: 'inline',
      logLevel: 'warning',
      outExtension: { '.js': '.mjs' },
    });
    const files = selected.map((file) =>
      join(outdir, relative(join(root, 'test'), file).replace(/\.ts$/, '.mjs')),
    );
    return await runMocha(files, {
      timeout: 20_000,
      parallel: true,
      jobs: availableParallelism(),
      ...mochaOptions,
    });
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

function listTests(folder) {
  return readdirRecursive(folder)
    .filter((file) => file.endsWith('.test.ts'))
    .sort();
}

function readdirRecursive(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? readdirRecursive(path) : [path];
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.chdir(root);
  process.setSourceMapsEnabled(true);
  const args = process.argv.slice(2);
  const split = args.indexOf('--');
  const parts = split === -1 ? args : args.slice(0, split);
  const grepAt = args.indexOf('--grep');
  reportTier(await runUnitTests(parts, grepAt === -1 ? {} : { grep: args[grepAt + 1] }));
}

// Runs the browser tests: Playwright drives the real workbench with the extension installed in it. Each file runs in a process of its
// own, two at a time where there are processors for it: most of their time they wait for the workbench.
// Usage: node tools/browser.mjs [path part …] [--grep "pattern"] [--pictures]
// --pictures keeps the screenshots in docs/pictures, for the README.
import { build } from 'esbuild';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildExtension } from '../esbuild.mjs';
import { findChromium } from './lib/chromium.mjs';
import { endAll, startChild } from './lib/children.mjs';
import { cacheFolder, root } from './lib/paths.mjs';
import { installServer } from './lib/server.mjs';
import { stageExtension } from './lib/stage.mjs';
import { reportTier } from './lib/tier.mjs';
import { toolsInPlace } from './lib/toolsInPlace.mjs';

const folder = join(root, 'test/browser');

/** Builds and runs the browser tests whose path holds one of the parts, or all; returns how many passed and failed. */
export async function runBrowserTests({ parts = [], grep } = {}) {
  await buildExtension();
  stageExtension('browser-extension');
  // Once, before several processes ask for them.
  installServer();
  findChromium();
  const tests = readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((file) => file.endsWith('.test.ts'))
    .filter((file) => parts.length === 0 || parts.some((part) => relative(root, file).includes(part)))
    // The long ones first, so that none is left alone at the end.
    .sort((one, other) => statSync(other).size - statSync(one).size);
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
    const [hooks, ...files] = entries.map((file) =>
      join(outdir, relative(folder, file).replace(/\.ts$/, '.mjs')),
    );
    const total = { passed: 0, failed: 0, problems: [] };
    const runNext = async () => {
      for (let file = files.shift(); file !== undefined; file = files.shift()) {
        const { passed, failed, problems } = await runFile(hooks, file, grep);
        total.passed += passed;
        total.failed += failed;
        total.problems.push(...problems);
      }
    };
    await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, runNext));
    return total;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** Runs one file and prints what it said once it has ended. One that ends without telling what it counted has failed. */
async function runFile(hooks, file, grep) {
  const child = startChild(
    process.execPath,
    [join(root, 'tools/browserFile.mjs'), hooks, file, ...(grep === undefined ? [] : [grep])],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], patienceMs: 20_000 },
  );
  const said = [];
  let result;
  child.stdout.on('data', (data) => said.push(data));
  child.stderr.on('data', (data) => said.push(data));
  child.on('message', (message) => (result = message));
  const [code, signal] = await once(child, 'close');
  process.stdout.write(Buffer.concat(said));
  const name = relative(root, file);
  return result === undefined
    ? { passed: 0, failed: 1, problems: [`${name} ended with ${code ?? signal} and without a result`] }
    : result;
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

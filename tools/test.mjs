// The test command: checks, then the unit, host and browser tiers, each counted. What could not run has failed, with its reason.
// The last line is `N passed, N failed`.
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildExtension } from '../esbuild.mjs';
import { entryLimit, measureEntry } from './lib/bundleSize.mjs';
import { endAll, startChild } from './lib/children.mjs';
import { ensureOracles } from './lib/oracles.mjs';
import { cacheFolder, root } from './lib/paths.mjs';
import { checkCycles } from './cycles.mjs';
import { checkBundle } from './l10n.mjs';
import { checkNotices } from './notices.mjs';

let production;

/** Each step returns { passed, failed, problems }. */
const steps = {
  lint: () => command('lint', [join(root, 'node_modules/eslint/bin/eslint.js'), '--max-warnings', '0', '.']),
  cycles: () => check(checkCycles),
  format: () =>
    command('format', [
      join(root, 'node_modules/prettier/bin/prettier.cjs'),
      '--check',
      '--log-level',
      'warn',
      '.',
    ]),
  typecheck: () => command('typecheck', [join(root, 'tools/typecheck.mjs')]),
  build: () =>
    check(async () => {
      production = await buildExtension({ production: true, outdir: join(cacheFolder, 'production') });
      return [];
    }),
  size: () =>
    check(() => {
      const { bytes } = measureEntry(built()[0]);
      console.log(`dist/extension.js with what it imports statically: ${bytes} bytes of ${entryLimit}`);
      return bytes < entryLimit ? [] : [`the entry is ${bytes} bytes; the limit is ${entryLimit}`];
    }),
  notices: () => check(() => checkNotices(built())),
  strings: () => check(checkBundle),
  oracles: () => check(ensureOracles),
  unit: () => tier('unit', 'tools/unit.mjs'),
  host: () => tier('host', 'tools/host.mjs'),
  browser: () => tier('browser', 'tools/browser.mjs'),
};

function built() {
  if (production === undefined) {
    throw new Error('the production build failed, so there is nothing to look at');
  }
  return production;
}

/** One check: passed where it names no problem. */
async function check(run) {
  const problems = await run();
  return { passed: problems.length === 0 ? 1 : 0, failed: problems.length === 0 ? 0 : 1, problems };
}

async function command(name, args) {
  return await check(async () => {
    const { code } = await runNode(args);
    return code === 0 ? [] : [`${name} ended with ${code}`];
  });
}

/** A tier counts its own tests and tells; one that ends without telling, or without a test, has failed. */
async function tier(name, script) {
  const { code, result } = await runNode([join(root, script)]);
  if (result === undefined) {
    return { passed: 0, failed: 1, problems: [`the ${name} tier ended with ${code} and without a result`] };
  }
  const problems = [...result.problems];
  if (result.passed + result.failed === 0) {
    problems.push(`the ${name} tier ran no test`);
  } else if (code !== 0 && result.failed === 0 && problems.length === 0) {
    problems.push(`the ${name} tier ended with ${code} although no test failed`);
  }
  return {
    passed: result.passed,
    failed: result.failed + (result.failed === 0 && problems.length > 0 ? 1 : 0),
    problems,
  };
}

async function runNode(args) {
  const child = startChild(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // A tier ends what it started itself.
    patienceMs: 20_000,
  });
  let result;
  child.on('message', (message) => (result = message));
  const [code, signal] = await once(child, 'close');
  return { code: code ?? signal, result };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const started = Date.now();
  const results = [];
  try {
    for (const [name, run] of Object.entries(steps)) {
      console.log(`\n=== ${name}`);
      const at = Date.now();
      let result;
      try {
        result = await run();
      } catch (error) {
        result = { passed: 0, failed: 1, problems: [error instanceof Error ? error.message : String(error)] };
      }
      result.problems.forEach((problem) => console.error(`${name}: ${problem}`));
      results.push({ name, ...result, seconds: (Date.now() - at) / 1000 });
    }
  } finally {
    await endAll();
  }
  console.log('\n=== summary');
  for (const { name, passed, failed, problems, seconds } of results) {
    console.log(
      `${failed > 0 ? 'FAILED' : 'ok    '} ${name.padEnd(10)} ${passed} passed, ${failed} failed in ${seconds.toFixed(0)} s`,
    );
    problems.forEach((problem) => console.log(`         ${problem.split('\n')[0]}`));
  }
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  console.log(`in ${((Date.now() - started) / 1000).toFixed(0)} s`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}

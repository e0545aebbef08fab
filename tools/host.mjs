// Runs the host tests inside the extension host of a real VS Code: a desktop one, or a server with a browser in front of it.
// Usage: node tools/host.mjs [--desktop] [--only "name of a run"] [--grep "pattern"]
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { createWriteStream, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildExtension, buildHostTests } from '../esbuild.mjs';
import { installOneOf } from './lib/apt.mjs';
import { endAll, temporaryFolder } from './lib/children.mjs';
import { launchBrowser } from './lib/chromium.mjs';
import { findOnPath } from './lib/commands.mjs';
import { hasDisplay } from './lib/display.mjs';
import { cacheFolder, root } from './lib/paths.mjs';
import { pseudoLocale, stagePseudoLocalizedExtension } from './lib/pseudoLocale.mjs';
import { startServer } from './lib/server.mjs';
import { makeTestAuthority } from './lib/testAuthority.mjs';
import { reportTier } from './lib/tier.mjs';

const runVariable = 'CI_KEYSTORE_HOST_RUN';
const timeoutMs = 5 * 60_000;

/** Builds and runs all host tests; returns how many passed and failed. A run without a test counts as failed. */
export async function runHostTests({ desktop = wantsDesktop(), grep, only } = {}) {
  await buildExtension();
  await buildHostTests();
  const runs = [
    {
      name: 'host',
      desktop,
      extensionPath: root,
      files: [...testFiles('host'), ...testFiles('unit')],
    },
    {
      name: 'host, network',
      desktop,
      extensionPath: root,
      files: testFiles('host/network'),
      env: networkEnvironment,
    },
    {
      name: 'host, pseudo-locale',
      extensionPath: stagePseudoLocalizedExtension(),
      files: testFiles('host/pseudoLocale'),
      server: { locale: pseudoLocale },
    },
    {
      name: 'host, untrusted folder',
      extensionPath: root,
      files: testFiles('host/restrictedMode'),
      server: { trust: true, settings: { 'security.workspace.trust.startupPrompt': 'never' } },
    },
  ];
  const total = { passed: 0, failed: 0, problems: [] };
  for (const run of runs.filter(({ name }) => only === undefined || name === only)) {
    const result = await runOne({ ...run, grep });
    total.passed += result.passed;
    total.failed += result.failed;
    total.problems.push(...result.problems.map((problem) => `${run.name}: ${problem}`));
  }
  return total;
}

/** A CA among the certificates of the machine, as the run's host sees it. */
function networkEnvironment() {
  const { key, certificate } = makeTestAuthority();
  return { SSL_CERT_FILE: certificate, CI_KEYSTORE_CA_KEY: key };
}

function wantsDesktop() {
  return (process.env.VSCODE_EXECUTABLE ?? '') !== '';
}

async function runOne(run) {
  console.log(`\n${run.name}: ${run.desktop === true ? 'desktop' : 'server and browser'}`);
  if (run.files.length === 0) {
    return { passed: 0, failed: 1, problems: ['there is no test file'] };
  }
  const folder = temporaryFolder('cikr');
  const reportFile = join(folder, 'report.txt');
  const resultsFile = join(folder, 'results.json');
  const env = {
    [runVariable]: JSON.stringify({ files: run.files, reportFile, resultsFile, grep: run.grep }),
    CI_KEYSTORE_ROOT: root,
    CI_KEYSTORE_TEST: '1',
  };
  const problems = [];
  try {
    Object.assign(env, run.env?.());
    const code = await (run.desktop === true ? onDesktop(run, env) : onServer(run, env));
    if (code !== 0 && !existsSync(resultsFile)) {
      problems.push(`the host ended with ${code} before any result was written`);
    }
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
  }
  if (existsSync(reportFile)) {
    process.stdout.write(readFileSync(reportFile, 'utf8'));
  }
  const result = existsSync(resultsFile)
    ? JSON.parse(readFileSync(resultsFile, 'utf8'))
    : { passed: 0, failed: 0, problems: [] };
  problems.push(...result.problems);
  if (result.passed + result.failed === 0 && problems.length === 0 && run.grep === undefined) {
    problems.push('no test was run');
  }
  return {
    passed: result.passed,
    // A run that broke counts as one failure even where all tests before the break passed.
    failed: result.failed + (problems.length > 0 && result.failed === 0 ? 1 : 0),
    problems,
  };
}

async function onServer({ name, extensionPath, server: options }, env) {
  const logName = name.replaceAll(/\W+/g, '-');
  const server = await startServer({ ...options, env, name: logName, driver: true });
  // The host's console is noise as a rule (native modules that are not there), and gold when a run breaks.
  const consoleLog = createWriteStream(join(cacheFolder, `logs/${logName}-console.log`));
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    let timer;
    const exit = new Promise((resolve, reject) => {
      timer = setTimeout(
        () =>
          reject(
            new Error(
              `no result within ${timeoutMs / 60_000} minutes; the logs: ${server.logFile}, ${consoleLog.path}`,
            ),
          ),
        timeoutMs,
      );
      page.on('crash', () => reject(new Error('the page crashed')));
      void page.exposeFunction('codeAutomationExit', resolve);
    });
    await page.exposeFunction('codeAutomationLog', (type, args) => {
      consoleLog.write(`${type}: ${args.join(' ')}\n`);
    });
    try {
      await page.goto(server.url({ extensionPath, testsPath: join(extensionPath, 'dist-test/host.js') }));
      return await exit;
    } finally {
      clearTimeout(timer);
    }
  } finally {
    consoleLog.end();
    await browser.close();
    await server.close();
  }
}

/** The desktop of VSCODE_EXECUTABLE, or a downloaded one; under Xvfb where there is no display. */
async function onDesktop({ extensionPath }, env) {
  const named = process.env.VSCODE_EXECUTABLE ?? '';
  const executable = named === '' ? await downloadDesktop() : named;
  const data = temporaryFolder('cikd');
  const workspace = join(data, 'w');
  mkdirSync(workspace);
  return await runTests({
    vscodeExecutablePath: hasDisplay() ? executable : underXvfb(executable, data),
    extensionDevelopmentPath: extensionPath,
    extensionTestsPath: join(extensionPath, 'dist-test/host.js'),
    extensionTestsEnv: env,
    launchArgs: [
      workspace,
      '--disable-extensions',
      // Short paths: a socket lies in the user-data folder.
      ...['--user-data-dir', join(data, 'u'), '--extensions-dir', join(data, 'x')],
    ],
  });
}

async function downloadDesktop() {
  try {
    return await downloadAndUnzipVSCode({ cachePath: join(cacheFolder, 'desktop'), version: 'stable' });
  } catch (error) {
    throw new Error(
      'No desktop VS Code could be downloaded. Name the executable of an installed one in VSCODE_EXECUTABLE, or leave --desktop out.',
      { cause: error },
    );
  }
}

function underXvfb(executable, folder) {
  const xvfbRun = findOnPath('xvfb-run') ?? (installOneOf(['xvfb']) ? findOnPath('xvfb-run') : undefined);
  if (xvfbRun === undefined) {
    throw new Error(
      'A desktop VS Code needs a display; there is none, and xvfb-run (Debian: xvfb) was not found.',
    );
  }
  const script = join(folder, 'under-xvfb.sh');
  writeFileSync(script, `#!/bin/sh\nexec '${xvfbRun}' -a '${executable}' "$@"\n`, { mode: 0o755 });
  return script;
}

/** Compiled tests in a folder of `dist-test`: those of the host lie directly in it, those of units anywhere below. */
function testFiles(folder) {
  const base = join(root, 'dist-test');
  const path = join(base, folder);
  return existsSync(path)
    ? readdirSync(path, { recursive: folder === 'unit', withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith('.test.js'))
        .map((entry) => relative(base, join(entry.parentPath, entry.name)))
        .sort()
    : [];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const args = process.argv.slice(2);
  const grepAt = args.indexOf('--grep');
  const onlyAt = args.indexOf('--only');
  try {
    reportTier(
      await runHostTests({
        ...(onlyAt === -1 ? {} : { only: args[onlyAt + 1] }),
        ...(args.includes('--desktop') ? { desktop: true } : {}),
        ...(grepAt === -1 ? {} : { grep: args[grepAt + 1] }),
      }),
    );
  } finally {
    await endAll();
  }
}

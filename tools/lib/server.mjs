// A complete VS Code server with its own Node, installed on demand, for the host tests, the browser tests and `npm start`.
// Why each option is there: docs/architecture.md, "Running in a real VS Code".
import { createHash } from 'node:crypto';
import {
  cpSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  delay,
  freePort,
  removeFolder,
  run,
  runNpm,
  startChild,
  stopChild,
  temporaryFolder,
} from './children.mjs';
import { writeLanguagePack } from './languagePack.mjs';
import { cacheFolder, root } from './paths.mjs';

const manifestFolder = join(root, 'test/hosts/server');
const installFolder = join(cacheFolder, 'server');
const manifestFiles = ['package.json', 'package-lock.json', '.npmrc'];

/** Native modules of the server that matter, and what takes their place where no compiler is run. */
const inPlaceOfNative = {
  '@vscode/spdlog': 'inPlaceOfNative/spdlog.js',
  '@vscode/native-watchdog': 'inPlaceOfNative/nativeWatchdog.js',
};
const requiredNodeMajor = 24;

const quietSettings = {
  'workbench.startupEditor': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'workbench.enableExperiments': false,
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'git.openRepositoryInParentFolders': 'never',
  // No toast for each port that the extension listens on.
  'remote.autoForwardPorts': false,
};

/** Installs the server from its lockfile unless that was done; returns the paths of its Node and of its entry script. */
export function installServer() {
  const wanted = createHash('sha256')
    .update(
      [...manifestFiles, ...Object.values(inPlaceOfNative)]
        .map((name) => readFileSync(join(manifestFolder, name), 'utf8'))
        .join('\n'),
    )
    .update(`${process.platform}-${process.arch}`)
    .digest('hex');
  const marker = join(installFolder, 'installed');
  if (!existsSync(marker) || readFileSync(marker, 'utf8') !== wanted) {
    console.log(`Installing the VS Code server into ${installFolder} …`);
    const fresh = `${installFolder}.new`;
    rmSync(fresh, { recursive: true, force: true });
    mkdirSync(fresh, { recursive: true });
    for (const name of manifestFiles) {
      cpSync(join(manifestFolder, name), join(fresh, name));
    }
    npmOrThrow(['ci', '--ignore-scripts', '--no-audit', '--no-fund'], fresh);
    const vscode = join(fresh, 'node_modules/code-server/lib/vscode');
    npmOrThrow(['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'], vscode);
    for (const [name, file] of Object.entries(inPlaceOfNative)) {
      cpSync(join(manifestFolder, file), join(vscode, 'node_modules', name, 'index.js'));
    }
    writeFileSync(join(fresh, 'installed'), wanted);
    rmSync(installFolder, { recursive: true, force: true });
    renameSync(fresh, installFolder);
  }
  return {
    node: findServerNode(),
    entry: join(installFolder, 'node_modules/code-server/out/node/entry.js'),
  };
}

/**
 * Starts a server in a throw-away user-data folder.
 *
 * - `settings`: added to the quiet ones
 * - `trust`: whether workspace trust is on (a folder is then untrusted until somebody says otherwise)
 * - `locale`: a display language; its language pack is written by hand
 * - `extensions`: folders of unpacked extensions, copied into the throw-away extensions folder
 * - `linkedExtensions`: the same, but linked, so that a rebuilt one is there after a reload of the window
 * - `driver`: whether the page honours the payload that names an extension under development and its tests; it shows no
 *   notification toasts then, so what people see is tested and opened without it
 * - `env`: added to the environment of the server and so of the extension host
 */
export async function startServer({
  settings = {},
  trust = false,
  locale,
  extensions = [],
  linkedExtensions = [],
  driver = false,
  env = {},
  name = 'server',
} = {}) {
  const { node, entry } = installServer();
  const data = temporaryFolder('cik');
  const userData = join(data, 'u');
  const extensionsFolder = join(data, 'x');
  const workspace = join(data, 'workspace');
  const temporary = join(data, 't');
  for (const folder of [join(userData, 'User'), extensionsFolder, workspace, temporary]) {
    mkdirSync(folder, { recursive: true });
  }
  const settingsFile = join(userData, 'User/settings.json');
  const allSettings = { ...quietSettings, 'security.workspace.trust.enabled': trust, ...settings };
  writeFileSync(settingsFile, JSON.stringify(allSettings, undefined, 2));
  const placeOf = (extension) => {
    const manifest = JSON.parse(readFileSync(join(extension, 'package.json'), 'utf8'));
    return join(extensionsFolder, `${manifest.publisher}.${manifest.name}-${manifest.version}`);
  };
  for (const extension of extensions) {
    cpSync(extension, placeOf(extension), { recursive: true });
  }
  for (const extension of linkedExtensions) {
    symlinkSync(extension, placeOf(extension), 'junction');
  }
  if (locale !== undefined) {
    writeLanguagePack({ locale, userData, extensionsFolder });
  }
  const port = await freePort();
  const args = [
    entry,
    ...['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`],
    // A file of its own: the person's configuration of a server of theirs is neither read nor written.
    ...[
      '--config',
      join(data, 'config.yaml'),
      '--user-data-dir',
      userData,
      '--extensions-dir',
      extensionsFolder,
    ],
    ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'],
    ...(trust ? [] : ['--disable-workspace-trust']),
    ...(locale === undefined ? [] : ['--locale', locale]),
    ...(driver ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
    // A page that is gone leaves its extension host behind for hours otherwise.
    ...['--vscode-option', 'reconnection-grace-time=5'],
  ];
  writeFileSync(join(data, 'config.yaml'), 'cert: false\n');
  mkdirSync(join(cacheFolder, 'logs'), { recursive: true });
  const logFile = join(cacheFolder, `logs/${name}.log`);
  const child = startChild(node, args, {
    cwd: workspace,
    // Its heartbeat would go to the person's data folder otherwise, and its sockets would stay in the temporary one.
    env: { ...process.env, XDG_DATA_HOME: join(data, 'd'), TMPDIR: temporary, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = createWriteStream(logFile);
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  await waitForServer(child, port, logFile);

  return {
    port,
    origin: `http://localhost:${port}`,
    userData,
    workspace,
    logFile,
    pid: child.pid,
    /** Settles when the server is gone, whoever ended it. */
    ended: new Promise((resolve) => child.on('exit', resolve)),
    /** The workbench's address for a folder and an extension under development. */
    url({ folder = workspace, ...options } = {}) {
      return workbenchUrl(port, { folder, ...options });
    },
    /** Replaces settings while the server runs; the workbench follows the file. */
    changeSettings(changes) {
      Object.assign(allSettings, changes);
      writeFileSync(settingsFile, JSON.stringify(allSettings, undefined, 2));
    },
    async close() {
      await stopChild(child);
      log.end();
      removeFolder(data);
    },
  };
}

function workbenchUrl(port, { folder, extensionPath, testsPath }) {
  const remote = (path) => `vscode-remote://localhost:${port}${pathToFileURL(path).pathname}`;
  const payload = [
    ...(extensionPath === undefined ? [] : [['extensionDevelopmentPath', remote(extensionPath)]]),
    ...(testsPath === undefined ? [] : [['extensionTestsPath', remote(testsPath)]]),
    ['skipWelcome', 'true'],
  ];
  const query = new URLSearchParams({ payload: JSON.stringify(payload) });
  const folderPath = folder === undefined ? '' : `folder=${encodeURI(pathToFileURL(folder).pathname)}&`;
  return `http://localhost:${port}/?${folderPath}${query.toString().replaceAll('+', '%20')}`;
}

async function waitForServer(child, port, logFile) {
  let failure;
  child.on('error', (error) => (failure = error.message));
  child.on('exit', (code, signal) => (failure = `it ended with ${code ?? signal}`));
  const end = Date.now() + 60_000;
  while (Date.now() < end) {
    if (failure !== undefined) {
      throw new Error(`The VS Code server did not start: ${failure}. Its log: ${logFile}`);
    }
    if (await answers(port)) {
      return;
    }
    await delay(100);
  }
  throw new Error(`The VS Code server did not answer within 60 seconds. Its log: ${logFile}`);
}

function answers(port) {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path: '/healthz', timeout: 1_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('error', () => resolve(false));
    request.on('timeout', () => request.destroy());
  });
}

/** The server wants this major version of Node, whatever runs npm. */
function findServerNode() {
  const manifest = JSON.parse(readFileSync(join(manifestFolder, 'package.json'), 'utf8'));
  for (const name of Object.keys(manifest.optionalDependencies)) {
    if (!name.endsWith(`-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`)) {
      continue;
    }
    const folder = join(installFolder, 'node_modules', name, 'bin');
    const node = [join(folder, 'node'), join(folder, 'node.exe')].find(existsSync);
    if (node !== undefined) {
      return node;
    }
  }
  if (Number(process.versions.node.split('.')[0]) === requiredNodeMajor) {
    return process.execPath;
  }
  throw new Error(
    `The VS Code server needs Node ${requiredNodeMajor}; no package brings it for ${process.platform}-${process.arch}. Run the command with Node ${requiredNodeMajor}.`,
  );
}

function npmOrThrow(args, cwd) {
  const { status, stdout, stderr, error } = runNpm(args, { cwd, env: npmEnvironment() });
  if (status !== 0) {
    const detail = error?.message ?? `${stdout}\n${stderr}`.trim().split('\n').slice(-15).join('\n');
    throw new Error(`npm ${args.join(' ')} failed in ${cwd}:\n${detail}`);
  }
}

/** Without the variables of the npm that runs this tool, which would answer for another folder (its prefix, its options). */
function npmEnvironment() {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_(package|lifecycle|command|config_(local_prefix|workspace|workspaces))/i.test(name),
    ),
  );
}

/** Ends with what the server itself says of its version, such as `1.139.1`. */
export function serverVersion() {
  const { entry, node } = installServer();
  return run(node, [entry, '--version']).stdout.trim();
}

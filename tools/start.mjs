// npm start: a real VS Code with the extension from this folder and the practice tenant open in it; Ctrl+C ends all of it.
// A desktop VS Code where there is one and a display (VSCODE_EXECUTABLE, or `code` on the PATH), else a server and its address.
// Usage: node tools/start.mjs [--server]
import { cpSync, existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { buildExtension } from '../esbuild.mjs';
import { endAll, freePort, onEnd, startChild, temporaryFolder } from './lib/children.mjs';
import { findOnPath, isExecutable } from './lib/commands.mjs';
import { hasDisplay } from './lib/display.mjs';
import { root } from './lib/paths.mjs';
import { startServer } from './lib/server.mjs';

const companion = join(root, 'tools/companion');

try {
  await buildExtension();
  const desktop = process.argv.includes('--server') || !hasDisplay() ? undefined : findDesktop();
  if (desktop === undefined) {
    await serve();
  } else {
    await openDesktop(desktop);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await endAll();
}

/** Runs until a signal comes or the server ends. */
async function serve() {
  const server = await startServer({ linkedExtensions: [root], extensions: [companion], name: 'start' });
  const address = await shortAddress(server.url({}));
  console.log(`\nVS Code with the extension and its practice tenant: ${address}\nCtrl+C ends it.`);
  if (hasDisplay() && process.env.CI === undefined) {
    openInBrowser(address);
  }
  await server.ended;
}

/** The workbench's own address names a folder; this one is short enough to be clicked in any terminal. */
async function shortAddress(target) {
  const port = await freePort();
  const redirect = createServer((request, response) => {
    response.writeHead(request.url === '/' ? 302 : 404, { location: target }).end();
  });
  redirect.listen(port, '127.0.0.1');
  await once(redirect, 'listening');
  onEnd(() => {
    redirect.close();
    redirect.closeAllConnections();
  });
  return `http://localhost:${port}/`;
}

async function openDesktop(executable) {
  const data = temporaryFolder('cik');
  const [userData, extensions, workspace] = ['u', 'x', 'workspace'].map((name) => join(data, name));
  mkdirSync(join(userData, 'User'), { recursive: true });
  mkdirSync(workspace);
  const settings = {
    'workbench.startupEditor': 'none',
    'extensions.autoCheckUpdates': false,
    'extensions.ignoreRecommendations': true,
    'telemetry.telemetryLevel': 'off',
    'update.mode': 'none',
  };
  writeFileSync(join(userData, 'User/settings.json'), JSON.stringify(settings, undefined, 2));
  cpSync(companion, join(extensions, 'start.companion-1.0.0'), { recursive: true });
  const args = [
    workspace,
    '--new-window',
    '--skip-welcome',
    '--skip-release-notes',
    '--disable-updates',
    '--disable-telemetry',
    '--disable-workspace-trust',
    `--extensionDevelopmentPath=${root}`,
    ...['--user-data-dir', userData, '--extensions-dir', extensions],
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ];
  console.log(`\nOpening ${executable} with the extension and its practice tenant. Ctrl+C ends it.`);
  const child = startChild(executable, args, { stdio: 'ignore' });
  const [code] = await Promise.race([
    once(child, 'exit'),
    once(child, 'error').then(([error]) => fail(error)),
  ]);
  if (code !== 0 && code !== null) {
    throw new Error(`${executable} ended with ${code}.`);
  }
}

function fail(error) {
  throw error;
}

/**
 * The application itself, not its command-line script: the script starts the application and leaves it, so that nothing would end
 * with this tool.
 */
function findDesktop() {
  const named = process.env.VSCODE_EXECUTABLE ?? '';
  if (named !== '') {
    if (!isExecutable(named)) {
      throw new Error(`VSCODE_EXECUTABLE names ${named}, which is not an executable file.`);
    }
    return applicationOf(named) ?? named;
  }
  const script = findOnPath('code');
  return script === undefined ? undefined : applicationOf(script);
}

function applicationOf(script) {
  const bin = dirname(realpathSync(script));
  return [
    // Linux: /usr/share/code/bin/code and /usr/share/code/code
    join(bin, '../code'),
    // macOS: Visual Studio Code.app/Contents/Resources/app/bin/code
    join(bin, '../../../MacOS/Electron'),
    // Windows: Microsoft VS Code\bin\code.cmd
    join(bin, '../Code.exe'),
  ].find((path) => existsSync(path) && isExecutable(path));
}

function openInBrowser(address) {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', address]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', address]
        : ['xdg-open', address];
  // The browser is the person's own and outlives this tool; where none opens, the printed address is enough.
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}

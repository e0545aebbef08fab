// Everything that a tool starts or puts down for a while, and its end: child processes with all their children, temporary
// folders, and further clean-ups are gone when the tool returns, fails, or is interrupted.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

const children = new Map();
const folders = new Set();
const cleanUps = new Set();
const onWindows = process.platform === 'win32';
let ending;

/**
 * Starts a process in a group of its own, so that it ends with all that it starts. `patienceMs` is how long it may take to end
 * after it was asked to.
 */
export function startChild(command, args, { patienceMs = 5_000, ...options } = {}) {
  guard();
  const child = spawn(command, args, { stdio: 'pipe', ...options, detached: !onWindows, windowsHide: true });
  children.set(child, patienceMs);
  child.on('error', () => children.delete(child));
  return child;
}

/** Ends a process and all that it started; returns when they are gone. */
export async function stopChild(child) {
  const patienceMs = children.get(child);
  if (patienceMs === undefined) {
    return;
  }
  signalGroup(child, 'SIGTERM');
  if (!(await waitUntil(() => !groupLives(child), patienceMs))) {
    signalGroup(child, 'SIGKILL');
    await waitUntil(() => !groupLives(child), patienceMs);
  }
  children.delete(child);
}

/** A new folder that is removed at the end. The name stays short: a socket's path holds about 100 characters. */
export function temporaryFolder(prefix) {
  guard();
  const folder = mkdtempSync(join(tmpdir(), `${prefix}-`));
  folders.add(folder);
  return folder;
}

export function removeFolder(folder) {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  folders.delete(folder);
}

/** Registers what else must happen at the end (a browser's close, say); returns how to take it back. */
export function onEnd(cleanUp) {
  guard();
  cleanUps.add(cleanUp);
  return () => cleanUps.delete(cleanUp);
}

/** Ends everything now; a tool calls this last. Safe to call twice. */
export async function endAll() {
  ending ??= (async () => {
    await Promise.allSettled([...cleanUps].map(async (cleanUp) => await cleanUp()));
    cleanUps.clear();
    await Promise.allSettled([...children.keys()].map(stopChild));
    removeFolders();
  })();
  await ending;
  ending = undefined;
}

/** Runs a command to its end and returns its exit code and output. Never throws for a non-zero code. */
export function run(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    windowsHide: true,
    ...options,
  });
  return { status: error === undefined ? status : -1, stdout: stdout ?? '', stderr: stderr ?? '', error };
}

/** Runs npm, whatever the platform calls it. */
export function runNpm(args, options = {}) {
  const cli = process.env.npm_execpath;
  return cli?.endsWith('.js') === true
    ? run(process.execPath, [cli, ...args], options)
    : run(onWindows ? 'npm.cmd' : 'npm', args, { shell: onWindows, ...options });
}

/** A port of the loopback interface that was free a moment ago. */
export async function freePort() {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

export function delay(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export async function waitUntil(condition, timeoutMs, intervalMs = 50) {
  const end = Date.now() + timeoutMs;
  while (Date.now() < end) {
    if (await condition()) {
      return true;
    }
    await delay(intervalMs);
  }
  return await condition();
}

let guarded = false;

/** Installed with the first thing that must end: before that, a tool's signals are nobody's business. */
function guard() {
  if (guarded) {
    return;
  }
  guarded = true;
  process.on('exit', () => {
    for (const child of children.keys()) {
      signalGroup(child, 'SIGKILL');
    }
    removeFolders();
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => endWith(signal));
  }
  if (process.env.npm_lifecycle_event !== undefined) {
    // npm passes a SIGTERM on to its shell, and the shell to nobody: what tells is that the parent is gone.
    const parent = process.ppid;
    setInterval(() => {
      if (process.ppid !== parent) {
        endWith('SIGTERM');
      }
    }, 500).unref();
  }
}

function endWith(signal) {
  if (ending === undefined) {
    void endAll().finally(() => process.exit(128 + constants.signals[signal]));
  }
}

function removeFolders() {
  for (const folder of folders) {
    try {
      removeFolder(folder);
    } catch {
      // A file that is still held open (Windows) must not hide the tool's own result; the folder is a temporary one.
      folders.delete(folder);
    }
  }
}

function signalGroup(child, signal) {
  if (child.pid === undefined) {
    return;
  }
  try {
    if (onWindows) {
      spawnSync('taskkill', ['/pid', String(child.pid), '/t', '/f'], { windowsHide: true });
    } else {
      process.kill(-child.pid, signal);
    }
  } catch {
    // The group is gone already.
  }
}

function groupLives(child) {
  if (child.pid === undefined) {
    return false;
  }
  try {
    process.kill(onWindows ? child.pid : -child.pid, 0);
    return true;
  } catch {
    return false;
  }
}

// Finds the browser that opens the server's workbench in tests, or installs it where that is possible.
import { chromium } from 'playwright-core';
import { installOneOf } from './apt.mjs';
import { onEnd, run } from './children.mjs';
import { findOnPath, isExecutable } from './commands.mjs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** Flags for a browser that talks to loopback only and asks the network for nothing. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-crash-reporter',
  '--disable-dev-shm-usage',
];

/** The path of a Chromium; throws a message that tells what to install. */
export function findChromium() {
  const named = process.env.CHROME_PATH;
  if (named !== undefined && named !== '') {
    if (isExecutable(named)) {
      return named;
    }
    throw new Error(`CHROME_PATH names ${named}, which is not an executable file.`);
  }
  const found = findOnPath(...names) ?? installedApplication() ?? playwrightsOwn();
  if (found !== undefined) {
    return found;
  }
  if (installOneOf(['chromium'])) {
    const installed = findOnPath(...names);
    if (installed !== undefined) {
      return installed;
    }
  }
  if (downloadPlaywrightsOwn()) {
    return chromium.executablePath();
  }
  throw new Error(
    'No Chromium was found. Install Chromium or Chrome, or name its executable in CHROME_PATH.',
  );
}

/** A headless browser; closed at the tool's end at the latest. */
export async function launchBrowser() {
  const browser = await chromium.launch(launchOptions());
  onEnd(async () => await browser.close());
  return browser;
}

/** A browser whose profile (local storage, IndexedDB, cookies) outlives it in the folder. */
export async function launchPersistent(profileFolder, options = {}) {
  const context = await chromium.launchPersistentContext(profileFolder, { ...launchOptions(), ...options });
  const forget = onEnd(async () => await context.close());
  context.on('close', forget);
  return context;
}

function launchOptions() {
  return {
    executablePath: findChromium(),
    headless: true,
    args: flags,
    // The tool itself ends what it started when a signal comes.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  };
}

function installedApplication() {
  const candidates =
    process.platform === 'darwin'
      ? [
          '/Applications/Chromium.app/Contents/MacOS/Chromium',
          '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
        ]
      : process.platform === 'win32'
        ? [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA]
            .filter((folder) => folder !== undefined)
            .map((folder) => join(folder, 'Google/Chrome/Application/chrome.exe'))
        : [];
  return candidates.find(isExecutable);
}

function playwrightsOwn() {
  const path = chromium.executablePath();
  return isExecutable(path) ? path : undefined;
}

function downloadPlaywrightsOwn() {
  const cli = join(dirname(createRequire(import.meta.url).resolve('playwright-core/package.json')), 'cli.js');
  return (
    run(process.execPath, [cli, 'install', 'chromium'], { timeout: 300_000 }).status === 0 &&
    playwrightsOwn() !== undefined
  );
}

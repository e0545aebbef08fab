// Runs compiled test files with Mocha and returns how many passed and failed, and what failed with its reason: in this process, or with
// `parallel` each file in one of several processes.
import Mocha from 'mocha';
import { stripVTControlCharacters } from 'node:util';
import { root } from './lib/paths.mjs';

export async function runMocha(files, options = {}) {
  const mocha = new Mocha({
    ui: 'bdd',
    color: process.stdout.isTTY,
    forbidOnly: true,
    forbidPending: true,
    ...options,
  });
  for (const file of files) {
    mocha.addFile(file);
  }
  if (options.parallel !== true) {
    await mocha.loadFilesAsync();
  }
  const problems = [];
  return await new Promise((resolve) => {
    const runner = mocha.run((failed) => resolve({ passed: runner.stats.passes, failed, problems }));
    runner.on('fail', (test, error) => {
      problems.push(`${test.fullTitle()}: ${reasonOf(error)}`);
    });
  });
}

/** What a failed test says, in one line: its message, shortened, and the place in the test that waited for it. */
function reasonOf(error) {
  const message = stripVTControlCharacters(String(error?.message)).replaceAll(/\s+/g, ' ').trim();
  const place = /\((test\/[^()]*:\d+):\d+\)|at (test\/\S*:\d+):\d+/.exec(relativeStack(error));
  const shown = message.length > 500 ? `${message.slice(0, 500)}…` : message;
  return place === null ? shown : `${shown} (${place[1] ?? place[2]})`;
}

function relativeStack(error) {
  return String(error?.stack).replaceAll(`${root}/`, '').replaceAll('file://', '');
}

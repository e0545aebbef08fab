// Runs compiled test files with Mocha and returns how many passed and failed, and what failed with its reason: in this process, or with
// `parallel` each file in one of several processes.
import Mocha from 'mocha';
import { stripVTControlCharacters } from 'node:util';

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
      const [reason] = stripVTControlCharacters(String(error?.message)).split('\n', 1);
      problems.push(`${test.fullTitle()}: ${reason}`);
    });
  });
}

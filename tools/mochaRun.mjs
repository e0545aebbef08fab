// Runs compiled test files with Mocha in this process and returns how many passed and failed.
import Mocha from 'mocha';

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
  await mocha.loadFilesAsync();
  return await new Promise((resolve) => {
    const runner = mocha.run((failures) => resolve({ passed: runner.stats.passes, failed: failures }));
  });
}

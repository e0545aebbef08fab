// Runs compiled test files with Mocha and returns how many passed and failed: in this process, or with `parallel` each file in one of
// several processes.
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
  if (options.parallel !== true) {
    await mocha.loadFilesAsync();
  }
  return await new Promise((resolve) => {
    const runner = mocha.run((failures) => resolve({ passed: runner.stats.passes, failed: failures }));
  });
}

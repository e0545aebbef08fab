import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, inspect } from 'node:util';
import Mocha from 'mocha';
import { readHostRun } from './hostRun.js';

/**
 * Runs the host suite inside an extension host; the hosts call it. The report and the numbers go to the files that the launcher
 * named (a host's console is full of the host's own words), and any failure rejects, so that the host ends with a failure too.
 */
export async function run(): Promise<void> {
  const hostRun = readHostRun();
  Mocha.reporters.Base.consoleLog = (...words: unknown[]): void => {
    appendFileSync(hostRun.reportFile, `${format(...words)}\n`);
  };
  const mocha = new Mocha({
    ui: 'bdd',
    color: false,
    forbidOnly: true,
    forbidPending: true,
    timeout: 30_000,
    ...(hostRun.grep === undefined ? {} : { grep: hostRun.grep }),
  });
  for (const file of hostRun.files) {
    mocha.addFile(join(import.meta.dirname, file));
  }
  try {
    await mocha.loadFilesAsync();
  } catch (error) {
    writeFileSync(hostRun.resultsFile, JSON.stringify({ passed: 0, failed: 1, problems: [inspect(error)] }));
    throw error;
  }
  const problems: string[] = [];
  const result = await new Promise<{ passed: number; failed: number; problems: string[] }>((resolve) => {
    const runner = mocha.run((failed) => {
      resolve({ passed: runner.stats?.passes ?? 0, failed, problems });
    });
    runner.on('fail', (test, error: unknown) => {
      const [reason] = (error instanceof Error ? error.message : inspect(error)).split('\n', 1);
      problems.push(`${test.fullTitle()}: ${reason}`);
    });
  });
  writeFileSync(hostRun.resultsFile, JSON.stringify(result));
  if (result.failed > 0) {
    throw new Error(`${result.failed} host tests failed`);
  }
}

// How a tier of the test command tells the command what it counted.

/** Tells the parent process, if there is one that listens, and sets the exit code: a tier without a test has failed. */
export function reportTier({ passed, failed, problems = [] }) {
  process.exitCode = failed > 0 || passed === 0 || problems.length > 0 ? 1 : 0;
  if (process.send === undefined) {
    problems.forEach((problem) => console.error(problem));
    console.log(`\n${passed} passed, ${failed} failed`);
  } else {
    process.send({ passed, failed, problems }, () => process.disconnect());
  }
}

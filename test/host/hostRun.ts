/** What the launcher asks of one run inside an extension host. */
export interface HostRun {
  /** Compiled test files, relative to `dist-test`. */
  readonly files: readonly string[];
  /** Where the report for people goes, line by line. */
  readonly reportFile: string;
  /** Where the numbers go at the end. */
  readonly resultsFile: string;
  readonly grep: string | undefined;
}

/** The variable that carries a `HostRun` as JSON from the launcher into the extension host. */
export const hostRunVariable = 'CI_KEYSTORE_HOST_RUN';

/** Reads what the launcher asked for; throws where no launcher did. */
export function readHostRun(): HostRun {
  const text = process.env[hostRunVariable];
  if (text === undefined) {
    throw new Error(
      `${hostRunVariable} is not set; start the host tests with: npm test, or node tools/host.mjs`,
    );
  }
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) {
    throw new Error(`${hostRunVariable} does not hold an object.`);
  }
  const { files, reportFile, resultsFile, grep } = value as Record<string, unknown>;
  if (!Array.isArray(files) || !files.every((file) => typeof file === 'string')) {
    throw new Error(`${hostRunVariable} names no files.`);
  }
  if (typeof reportFile !== 'string' || typeof resultsFile !== 'string') {
    throw new Error(`${hostRunVariable} names no file for the report or the results.`);
  }
  return { files, reportFile, resultsFile, grep: typeof grep === 'string' ? grep : undefined };
}

/** A row of a table in docs/performance.md; `tools/bench.mjs` prints it. */
export interface Figure {
  readonly what: string;
  readonly here: string;
  /** What else does the same, and its figure. */
  readonly beside?: string;
  readonly ratio?: string;
  /** What is aimed at, and whether it was met. */
  readonly aim?: string;
}

/** Takes the rows of a bench one after the other. */
export type Tell = (figure: Figure) => void;

/** Medians of both sides in milliseconds; the ratio is of each pair of runs, so that a load that comes and goes hits both. */
export interface Comparison {
  readonly ours: number;
  readonly theirs: number;
  readonly ratio: Spread;
}

/** The median, and where the middle half of all values lies. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Runs both sides in turns, each of them first as often as second; one run of each comes before and does not count. A side that
 * returns a number has taken its own time, in milliseconds.
 */
export async function sideBySide(
  runs: number,
  ours: () => unknown,
  theirs: () => unknown,
): Promise<Comparison> {
  const times: { ours: number; theirs: number }[] = [];
  for (let run = -1; run < runs; run++) {
    const swapped = run % 2 !== 0;
    const first = await timed(swapped ? theirs : ours);
    const second = await timed(swapped ? ours : theirs);
    if (run >= 0) {
      times.push(swapped ? { ours: second, theirs: first } : { ours: first, theirs: second });
    }
  }
  return {
    ours: median(times.map((pair) => pair.ours)),
    theirs: median(times.map((pair) => pair.theirs)),
    ratio: spread(times.map((pair) => pair.ours / pair.theirs)),
  };
}

/** A comparison as a row; `atMost` is the ratio that is aimed at. */
export function compared(
  what: string,
  { ours, theirs, ratio }: Comparison,
  other: { readonly beside: string; readonly atMost?: number },
): Figure {
  return {
    what,
    here: milliseconds(ours),
    beside: `${other.beside}: ${milliseconds(theirs)}`,
    ratio: spreadText(ratio),
    ...(other.atMost === undefined ? {} : { aim: aimText(ratio.median, other.atMost, 'times') }),
  };
}

/** `at most 1.5 times: met`. */
export function aimText(value: number, atMost: number, unit: string): string {
  return `at most ${atMost} ${unit}: ${value <= atMost ? 'met' : '**missed**'}`;
}

/** Three digits, and what is below a hundredth is not told. */
export function milliseconds(value: number): string {
  return `${value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0)} ms`;
}

/** The middle of the values; of an even number the upper one. */
export function median(values: readonly number[]): number {
  return spread(values).median;
}

/** Median and quartiles. */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number): number => sorted[Math.floor(part * (sorted.length - 1) + 0.5)] ?? Number.NaN;
  return { median: at(0.5), low: at(0.25), high: at(0.75) };
}

/** `1.32 (1.21 to 1.40)`. */
export function spreadText({ median: middle, low, high }: Spread): string {
  return `${middle.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}

/** Milliseconds of processor time that this process has used: a busy machine does not lengthen them as it does the clock's. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function timed(run: () => unknown): Promise<number> {
  const started = performance.now();
  const own = await run();
  return typeof own === 'number' ? own : performance.now() - started;
}

import { readFileSync, readlinkSync } from 'node:fs';

/** The number that Linux gives the calling thread; 0 on other systems. */
export function ownThreadNumber(): number {
  try {
    return Number(/\d+$/.exec(readlinkSync('/proc/thread-self'))?.[0] ?? '0');
  } catch {
    return 0;
  }
}

const ticksPerSecond = 100;

/** Milliseconds of processor time that a thread of this process has used; `undefined` where the system does not tell. */
export function threadProcessorTime(threadNumber: number): number | undefined {
  if (threadNumber === 0) {
    return undefined;
  }
  try {
    const stat = readFileSync(`/proc/self/task/${threadNumber}/stat`, 'latin1');
    // proc(5): fields 14 and 15; the name, in parentheses before them, may hold blanks.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
  } catch {
    return undefined;
  }
}

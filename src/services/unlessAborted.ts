import { Cancelled } from '../errors.js';

/** What the work gives, or `Cancelled` as soon as the signal is aborted; the work itself goes on for others who wait for it. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  Cancelled.throwIfAborted(signal);
  let stop: (() => void) | undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(new Cancelled());
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    if (stop !== undefined) {
      signal.removeEventListener('abort', stop);
    }
  }
}

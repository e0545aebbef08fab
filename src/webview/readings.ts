import { Cancelled } from '../errors.js';
import type { Reading } from '../inbound/reading.js';
import { failureMessage } from '../ui/failureMessage.js';

/**
 * Remembers the answers of slow questions by key, so that a page can be made at once from what is known; each question is asked
 * once until it is forgotten, and `changed` is called when an answer has come.
 */
export class Readings<T> {
  private readonly known = new Map<string, Reading<T>>();
  private lifetime = new AbortController();

  constructor(
    /** What is asked, for the words of a failure. */
    private readonly title: string,
    private readonly changed: () => void,
  ) {}

  /** What is known of a key; asks where nothing is. */
  get(key: string, ask: (signal: AbortSignal) => Promise<T>): Reading<T> {
    const known = this.known.get(key);
    if (known !== undefined) {
      return known;
    }
    const reading: Reading<T> = { kind: 'reading' };
    this.known.set(key, reading);
    const { signal } = this.lifetime;
    void ask(signal)
      .then(
        (value): Reading<T> => ({ kind: 'known', value }),
        (error: unknown): Reading<T> | undefined =>
          error instanceof Cancelled
            ? undefined
            : { kind: 'failed', reason: failureMessage(error, this.title, undefined).text },
      )
      .then((answer) => {
        if (signal.aborted || this.known.get(key) !== reading) {
          return;
        }
        if (answer === undefined) {
          this.known.delete(key);
        } else {
          this.known.set(key, answer);
        }
        this.changed();
      });
    return reading;
  }

  /** Forgets all answers and drops those under way. */
  forget(): void {
    this.lifetime.abort();
    this.lifetime = new AbortController();
    this.known.clear();
  }
}

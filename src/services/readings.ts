import { Cancelled } from '../errors.js';
import type { Reading } from '../inbound/reading.js';

/**
 * Remembers the answers of slow questions by key, so that a page can be made at once from what is known; each question is asked
 * once until it is forgotten, and `changed` is called when an answer has come.
 */
export class Readings<T> {
  private readonly known = new Map<string, Reading<T>>();
  private readonly pending = new Set<Promise<void>>();
  private lifetime = new AbortController();

  constructor(
    private readonly options: {
      /** What is asked, for the words of a failure. */
      readonly title: string;
      /** A failure in words for people. */
      readonly reasonOf: (error: unknown, title: string) => string;
      readonly changed: () => void;
    },
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
    const asked = this.answerOf(ask, signal)
      .then((answer) => {
        if (signal.aborted || this.known.get(key) !== reading) {
          return;
        }
        if (answer === undefined) {
          this.known.delete(key);
        } else {
          this.known.set(key, answer);
        }
        this.options.changed();
      })
      .finally(() => this.pending.delete(asked));
    this.pending.add(asked);
    return reading;
  }

  /** What is known of a key, asking nothing. */
  peek(key: string): Reading<T> | undefined {
    return this.known.get(key);
  }

  /** Asks anew and gives the answer; what was known stays so until then. Throws `Cancelled` where it is given up. */
  async renew(key: string, ask: (signal: AbortSignal) => Promise<T>, stop: AbortSignal): Promise<Reading<T>> {
    const { signal } = this.lifetime;
    const answer = await this.answerOf(ask, AbortSignal.any([signal, stop]));
    if (signal.aborted || answer === undefined) {
      throw new Cancelled();
    }
    this.known.set(key, answer);
    this.options.changed();
    return answer;
  }

  /** Asks anew, and a failure is the caller's. The answer is kept where nothing was forgotten since, else only given. */
  async replace(key: string, ask: () => Promise<T>): Promise<T> {
    const { signal } = this.lifetime;
    const value = await ask();
    if (!signal.aborted) {
      this.known.set(key, { kind: 'known', value });
      this.options.changed();
    }
    return value;
  }

  /** True where an answer that is known fits. */
  some(fits: (answer: T) => boolean): boolean {
    return [...this.known.values()].some((reading) => reading.kind === 'known' && fits(reading.value));
  }

  /** Resolves when no question is under way; true where one was. */
  async settled(): Promise<boolean> {
    const pending = [...this.pending];
    await Promise.all(pending);
    return pending.length > 0;
  }

  /** Forgets all answers and drops those under way. */
  forget(): void {
    this.lifetime.abort();
    this.lifetime = new AbortController();
    this.known.clear();
  }

  /** Undefined where the question was given up. */
  private async answerOf(
    ask: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
  ): Promise<Reading<T> | undefined> {
    const { title, reasonOf } = this.options;
    try {
      return { kind: 'known', value: await ask(signal) };
    } catch (error) {
      return error instanceof Cancelled ? undefined : { kind: 'failed', reason: reasonOf(error, title) };
    }
  }
}

import { Cancelled } from '../errors.js';
import type { Wait } from '../http/waiting.js';

/** How often the tenant may be asked. */
export interface RateLimit {
  readonly requests: number;
  readonly milliseconds: number;
}

/** Lets no more than the limit's requests start within any window of its length, in the order in which they came. */
export class RateLimiter {
  /** When the latest requests started, oldest first. */
  private readonly starts: number[] = [];
  private queue: Promise<void> = Promise.resolve();

  constructor(
    private readonly limit: RateLimit,
    private readonly clock: () => number,
    private readonly wait: Wait,
  ) {}

  /** Resolves when a request may start; throws `Cancelled` without using up a place. */
  async take(signal: AbortSignal): Promise<void> {
    const turn = this.queue.then(() => this.next(signal));
    // A cancelled turn must not hold up those behind it.
    this.queue = turn.catch(() => undefined);
    await turn;
  }

  private async next(signal: AbortSignal): Promise<void> {
    Cancelled.throwIfAborted(signal);
    const oldest = this.starts[0];
    if (this.starts.length >= this.limit.requests && oldest !== undefined) {
      const remaining = oldest + this.limit.milliseconds - this.clock();
      if (remaining > 0) {
        await this.wait(remaining, signal);
      }
      this.starts.shift();
    }
    this.starts.push(this.clock());
  }
}

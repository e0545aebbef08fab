import { Cancelled } from '../../src/errors.js';
import type { Wait } from '../../src/http/waiting.js';

/** A clock that moves only when told to, and a wait that moves it. */
export class ManualClock {
  now = Date.UTC(2026, 5, 1);
  /** What was waited for, in milliseconds. */
  readonly waits: number[] = [];

  /** Runs when a wait begins. */
  onWait: () => void = () => {};

  readonly clock = (): number => this.now;

  readonly wait: Wait = (milliseconds, signal) => {
    this.onWait();
    if (signal.aborted) {
      return Promise.reject(new Cancelled());
    }
    this.waits.push(milliseconds);
    this.now += milliseconds;
    return Promise.resolve();
  };
}

import { Cancelled } from '../errors.js';

/**
 * Lets callers who want the same thing at the same time share one attempt. Each caller can cancel for itself; the attempt
 * is aborted when the last one has. A failure goes to all who wait, and the next caller tries anew.
 */
export class Coalesced<T> {
  private current: { promise: Promise<T>; callers: number; abortion: AbortController } | undefined;

  constructor(private readonly attempt: (signal: AbortSignal) => Promise<T>) {}

  async get(signal: AbortSignal): Promise<T> {
    Cancelled.throwIfAborted(signal);
    const shared = this.current ?? this.start();
    shared.callers++;
    return await new Promise<T>((resolve, reject) => {
      const leave = (): void => {
        shared.callers--;
        if (shared.callers === 0) {
          this.forget(shared);
          shared.abortion.abort();
        }
        reject(new Cancelled());
      };
      signal.addEventListener('abort', leave, { once: true });
      void shared.promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
    });
  }

  private start(): NonNullable<typeof this.current> {
    const abortion = new AbortController();
    const shared = { promise: this.attempt(abortion.signal), callers: 0, abortion };
    this.current = shared;
    // Handled here as well, because every caller may have left by the time it fails.
    shared.promise.then(
      () => this.forget(shared),
      () => this.forget(shared),
    );
    return shared;
  }

  private forget(shared: typeof this.current): void {
    if (this.current === shared) {
      this.current = undefined;
    }
  }
}

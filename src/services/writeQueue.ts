/** Runs the writes of one tenant one after the other; a failed write does not stop the next. */
export class WriteQueue {
  private readonly tails = new Map<string, Promise<unknown>>();

  /** Starts `work` once every earlier write of the tenant has ended. */
  async run<T>(tenantId: string, work: () => Promise<T>): Promise<T> {
    const previous = this.tails.get(tenantId) ?? Promise.resolve();
    const current = previous.then(work, work);
    const settled = current.catch(() => undefined);
    this.tails.set(tenantId, settled);
    try {
      return await current;
    } finally {
      if (this.tails.get(tenantId) === settled) {
        this.tails.delete(tenantId);
      }
    }
  }
}

/** What a test may know of the requests: no bodies, headers or queries. */
export interface JournalEntry {
  readonly operation: string;
  readonly method: string;
  readonly alias: string | undefined;
}

/** What was received, and what was performed, each in order. */
export class Journal {
  readonly received: JournalEntry[] = [];
  readonly performed: JournalEntry[] = [];

  clear(): void {
    this.received.length = 0;
    this.performed.length = 0;
  }
}

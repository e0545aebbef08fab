import { Cancelled, KeystoreError, type ErrorCode } from '../../errors.js';
import type { ChainCertificate, KeystoreEntry } from '../../tenant/keystoreEntry.js';

/** How reading a chain ended. */
export type ChainReading =
  | { readonly kind: 'read'; readonly certificates: readonly ChainCertificate[] }
  | { readonly kind: 'failed'; readonly code: ErrorCode | undefined; readonly detail: string }
  | { readonly kind: 'cancelled' };

/** Reads an entry's chain from its tenant. */
export type ReadChain = (
  tenantId: string,
  hexalias: string,
  signal: AbortSignal,
) => Promise<readonly ChainCertificate[]>;

/**
 * Reads each entry's chain once per answer of the tenant: a refresh brings new entry objects, and with them new reads. What
 * failed is asked for again the next time. Never rejects.
 */
export class ChainReader {
  private readonly readings = new WeakMap<KeystoreEntry, Promise<ChainReading>>();
  private readonly abort = new AbortController();
  private readonly readChain: ReadChain;

  constructor(readChain: ReadChain) {
    this.readChain = readChain;
  }

  /** The chain of an entry of this tenant. */
  read(tenantId: string, entry: KeystoreEntry): Promise<ChainReading> {
    const known = this.readings.get(entry);
    if (known !== undefined) {
      return known;
    }
    const reading = this.start(tenantId, entry);
    this.readings.set(entry, reading);
    void reading.then(({ kind }) => {
      if (kind !== 'read') {
        this.readings.delete(entry);
      }
    });
    return reading;
  }

  /** Ends all reads under way. */
  dispose(): void {
    this.abort.abort();
  }

  private async start(tenantId: string, entry: KeystoreEntry): Promise<ChainReading> {
    try {
      const certificates = await this.readChain(tenantId, entry.hexalias, this.abort.signal);
      return { kind: 'read', certificates };
    } catch (error) {
      if (error instanceof Cancelled || this.abort.signal.aborted) {
        return { kind: 'cancelled' };
      }
      return {
        kind: 'failed',
        code: KeystoreError.is(error) ? error.code : undefined,
        detail: error instanceof Error ? error.message : String(error),
      };
    }
  }
}

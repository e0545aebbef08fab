import { Cancelled, KeystoreError } from '../errors.js';
import type { Certificate } from '../pki/certificate.js';
import { readCertificates } from '../pki/container.js';
import type { KeystoreEntry } from '../tenant/keystoreEntry.js';
import type { Connection } from './connection.js';
import type { Connections } from './connections.js';
import { inParallel } from './inParallel.js';
import type { Keystores } from './keystores.js';

/** An entry whose public key is one of those asked for. */
export interface KeyOwner {
  readonly connection: Connection;
  readonly entry: KeystoreEntry;
  /** SHA-256 of its `SubjectPublicKeyInfo`, lower-case hex. */
  readonly spkiSha256: string;
}

/** What a search gave, and what it could not look at. */
export interface KeySearch {
  readonly owners: readonly KeyOwner[];
  /** How many entries were compared. */
  readonly compared: number;
  /** Tenants whose entries could not be read, by name. */
  readonly unreadTenants: readonly string[];
  /** Entries whose certificate could not be read. */
  readonly unreadEntries: readonly { readonly connection: Connection; readonly entry: KeystoreEntry }[];
}

/** How a search is told of and ended. */
export interface SearchOptions {
  /** Entries that need not be looked at are left out; undefined looks at all. */
  readonly suits?: (entry: KeystoreEntry) => boolean;
  readonly signal: AbortSignal;
  readonly report?: ((done: number, total: number) => void) | undefined;
}

/** At most this many certificates are asked for at a time; the session of each tenant keeps its rate limit beside. */
const parallelReads = 4;

/** A tenant is given up after so many failures in a row. */
const maxFailures = 3;

/**
 * Finds entries of tenants by public key. A tenant's list has fingerprints of certificates but no public keys, so certificates are
 * read as needed and what was learned is kept by their SHA-256, for as long as the window lives.
 */
export class PublicKeys {
  /** SHA-256 of a certificate to that of its public key; both are facts that never change. */
  private readonly known = new Map<string, string>();

  constructor(
    private readonly connections: Pick<Connections, 'list'>,
    private readonly keystores: Pick<Keystores, 'entriesOrRead' | 'access'>,
  ) {}

  /** Entries of all connected tenants with one of these keys; throws `Cancelled` where the signal is aborted. */
  async find(wanted: ReadonlySet<string>, options: SearchOptions): Promise<KeySearch> {
    const { signal, suits = () => true } = options;
    const unreadTenants: string[] = [];
    const lists: { readonly connection: Connection; readonly entries: readonly KeystoreEntry[] }[] = [];
    for (const connection of this.connections.list()) {
      Cancelled.throwIfAborted(signal);
      try {
        const entries = await this.keystores.entriesOrRead(connection.id, signal);
        lists.push({ connection, entries: entries.filter(suits) });
      } catch (error) {
        rethrowUnlessCoded(error, signal);
        unreadTenants.push(connection.name);
      }
    }
    const total = lists.reduce((sum, { entries }) => sum + entries.length, 0);
    const owners: KeyOwner[] = [];
    const unreadEntries: { connection: Connection; entry: KeystoreEntry }[] = [];
    let done = 0;
    for (const { connection, entries } of lists) {
      let failures = 0;
      await inParallel(entries, parallelReads, async (entry) => {
        Cancelled.throwIfAborted(signal);
        try {
          if (failures >= maxFailures) {
            unreadEntries.push({ connection, entry });
            return;
          }
          const spkiSha256 = await this.keyOf(connection.id, entry, signal);
          failures = 0;
          if (wanted.has(spkiSha256)) {
            owners.push({ connection, entry, spkiSha256 });
          }
        } catch (error) {
          rethrowUnlessCoded(error, signal);
          failures += isOfTenant(error) ? 1 : 0;
          unreadEntries.push({ connection, entry });
        } finally {
          done++;
          options.report?.(done, total);
        }
      });
    }
    return { owners, compared: done - unreadEntries.length, unreadTenants, unreadEntries };
  }

  /** SHA-256 of an entry's public key as far as it was read before, lower-case hex. */
  keyKnown({ fingerprintSha256 }: Pick<KeystoreEntry, 'fingerprintSha256'>): string | undefined {
    return fingerprintSha256 === undefined
      ? undefined
      : this.known.get(fingerprintSha256.replaceAll(':', '').toLowerCase());
  }

  /** Keeps what a certificate tells that was read for something else. */
  learn({ sha256, spkiSha256 }: Pick<Certificate, 'sha256' | 'spkiSha256'>): void {
    this.known.set(sha256, spkiSha256);
  }

  private async keyOf(tenantId: string, entry: KeystoreEntry, signal: AbortSignal): Promise<string> {
    const known = this.keyKnown(entry);
    if (known !== undefined) {
      return known;
    }
    const { client } = await this.keystores.access(tenantId);
    const [certificate] = readCertificates(
      await client.readCertificate(entry.hexalias, 'leaf', signal),
    ).certificates;
    if (certificate === undefined) {
      throw new KeystoreError('bad-answer', 'the entry has no readable certificate');
    }
    this.learn(certificate);
    return certificate.spkiSha256;
  }
}

/** What an entry lacks says nothing of the tenant; that it does not answer does. */
function isOfTenant(error: unknown): boolean {
  return !['not-found', 'malformed', 'bad-answer', 'unsupported', 'budget'].some(
    (code) => error instanceof KeystoreError && error.code === code,
  );
}

function rethrowUnlessCoded(error: unknown, signal: AbortSignal): void {
  Cancelled.throwIfAborted(signal);
  if (!KeystoreError.is(error)) {
    throw error;
  }
}

import { KeystoreError } from '../errors.js';
import type { KeyPairRequest } from '../tenant/keyPairRequest.js';
import type { KeystoreClient } from '../tenant/keystoreClient.js';
import type { KeystoreEntry } from '../tenant/keystoreEntry.js';
import { encodeHexalias } from '../tenant/hexalias.js';
import { importConfirmed, performAndReadBack, type ImportOptions, type ReadBack } from './writeReadBack.js';

/** What a write did, read back from the tenant. */
export interface WriteResult {
  readonly before: KeystoreEntry | undefined;
  readonly after: KeystoreEntry;
  /** True where the tenant's answer was lost and only reading back told what happened. */
  readonly answerLost: boolean;
}

export interface SigningResponseToImport {
  readonly body: Uint8Array;
  readonly contentType: string | undefined;
  /** SHA-256 of the leaf, upper-case pairs with colons. */
  readonly leafFingerprint: string;
}

/** Creates a key pair and reads it back. Throws `already-exists`, and what `performAndReadBack` throws. */
export async function createKeyPair(
  client: KeystoreClient,
  request: KeyPairRequest,
  signal: AbortSignal,
): Promise<WriteResult> {
  const { alias } = request;
  const hexalias = encodeHexalias(alias);
  const before = await client.readEntry(hexalias, signal);
  if (before !== undefined) {
    throw new KeystoreError('already-exists', 'the alias is taken', { details: { alias } });
  }
  return resultOf(
    before,
    await performAndReadBack({
      perform: () => client.createKeyPair(request, signal),
      read: (own) => client.readEntry(hexalias, own),
      isPerformed: (after) => after !== undefined,
      alias,
    }),
  );
}

/**
 * Imports a signing response into a key pair and reads it back. `confirmUntrusted` is asked after a 409; its `false` is
 * `Cancelled`, and nothing has been changed then.
 */
export async function importSigningResponse(
  client: KeystoreClient,
  { hexalias, alias }: KeystoreEntry,
  response: SigningResponseToImport,
  options: ImportOptions,
): Promise<WriteResult> {
  const { signal } = options;
  const before = await client.readEntry(hexalias, signal);
  if (before === undefined) {
    throw new KeystoreError('not-found', 'the entry is gone', { details: { alias } });
  }
  return resultOf(
    before,
    await importConfirmed(response.leafFingerprint, options, (fingerprintVerified) =>
      performAndReadBack({
        perform: () => client.importSigningResponse(hexalias, response, { fingerprintVerified }, signal),
        read: (own) => client.readEntry(hexalias, own),
        isPerformed: (after) => after?.fingerprintSha256 === response.leafFingerprint,
        alias,
      }),
    ),
  );
}

/** The result of a write after which the entry is there. */
export function resultOf(
  before: KeystoreEntry | undefined,
  { state: after, answerLost }: ReadBack<KeystoreEntry | undefined>,
): WriteResult {
  if (after === undefined) {
    throw new KeystoreError('bad-answer', 'the entry cannot be seen');
  }
  return { before, after, answerLost };
}

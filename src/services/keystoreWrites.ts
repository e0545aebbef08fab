import { Cancelled, KeystoreError } from '../errors.js';
import type { KeyPairRequest } from '../tenant/keyPairRequest.js';
import type { KeystoreClient } from '../tenant/keystoreClient.js';
import type { KeystoreEntry } from '../tenant/keystoreEntry.js';
import { encodeHexalias } from '../tenant/hexalias.js';

/** What a write did, read back from the tenant. */
export interface WriteResult {
  readonly before: KeystoreEntry | undefined;
  readonly after: KeystoreEntry;
  /** True where the tenant's answer was lost and only reading back told what happened. */
  readonly answerLost: boolean;
}

/** Facts that a person confirms after the tenant could not build a trust path (409). */
export interface UntrustedChain {
  /** Computed here from what is sent; upper-case pairs with colons. */
  readonly sentFingerprint: string;
  /** What the tenant's answer says of the same certificate, where it says so. */
  readonly tenantFingerprint: string | undefined;
}

export interface SigningResponseToImport {
  readonly body: Uint8Array;
  readonly contentType: string | undefined;
  /** SHA-256 of the leaf, upper-case pairs with colons. */
  readonly leafFingerprint: string;
}

/**
 * Creates a key pair and reads it back.
 *
 * Throws the tenant's refusal; where the answer was lost, reads the state and tells it as it is: the result with
 * `answerLost`, an error that says it was not performed, or `answer-lost` where even reading failed.
 */
export async function createKeyPair(
  client: KeystoreClient,
  request: KeyPairRequest,
  signal: AbortSignal,
): Promise<WriteResult> {
  const hexalias = encodeHexalias(request.alias);
  const before = await client.readEntry(hexalias, signal);
  if (before !== undefined) {
    throw new KeystoreError('already-exists', 'the alias is taken', { details: { alias: request.alias } });
  }
  return await performAndReadBack({
    perform: () => client.createKeyPair(request, signal),
    read: () => client.readEntry(hexalias, new AbortController().signal),
    before,
    isPerformed: (after) => after !== undefined,
    alias: request.alias,
  });
}

/**
 * Imports a signing response into a key pair and reads it back. `confirmUntrusted` is asked after a 409; its `false` is
 * `Cancelled`, and nothing has been changed then.
 */
export async function importSigningResponse(
  client: KeystoreClient,
  entry: KeystoreEntry,
  response: SigningResponseToImport,
  options: { signal: AbortSignal; confirmUntrusted: (chain: UntrustedChain) => Promise<boolean> },
): Promise<WriteResult> {
  const { signal } = options;
  const before = await client.readEntry(entry.hexalias, signal);
  if (before === undefined) {
    throw new KeystoreError('not-found', 'the entry is gone', { details: { alias: entry.alias } });
  }
  const send = (fingerprintVerified: boolean): Promise<WriteResult> =>
    performAndReadBack({
      perform: () => client.importSigningResponse(entry.hexalias, response, { fingerprintVerified }, signal),
      read: () => client.readEntry(entry.hexalias, new AbortController().signal),
      before,
      isPerformed: (after) => after?.fingerprintSha256 === response.leafFingerprint,
      alias: entry.alias,
    });
  try {
    return await send(false);
  } catch (error) {
    if (!KeystoreError.is(error, 'fingerprint-unconfirmed')) {
      throw error;
    }
    const tenantFingerprint = error.details.fingerprintSha256;
    const agreed = await options.confirmUntrusted({
      sentFingerprint: response.leafFingerprint,
      tenantFingerprint: typeof tenantFingerprint === 'string' ? tenantFingerprint : undefined,
    });
    if (!agreed) {
      throw new Cancelled();
    }
    return await send(true);
  }
}

interface Write {
  readonly perform: () => Promise<void>;
  /** Reads with a signal of its own: after a cancelled write the state must be told all the same. */
  readonly read: () => Promise<KeystoreEntry | undefined>;
  readonly before: KeystoreEntry | undefined;
  readonly isPerformed: (after: KeystoreEntry | undefined) => boolean;
  readonly alias: string;
}

async function performAndReadBack(write: Write): Promise<WriteResult> {
  let lost: KeystoreError | undefined;
  try {
    await write.perform();
  } catch (error) {
    if (!KeystoreError.is(error, 'answer-lost')) {
      throw error;
    }
    lost = error;
  }
  const after = await readState(write, lost);
  if (after !== undefined && write.isPerformed(after)) {
    return { before: write.before, after, answerLost: lost !== undefined };
  }
  if (lost?.details.cancelled === true) {
    throw new Cancelled();
  }
  throw new KeystoreError(
    lost === undefined ? 'bad-answer' : 'answer-lost',
    lost === undefined
      ? 'the tenant reports success, but the change cannot be seen'
      : 'the answer was lost and the change is not there',
    { cause: lost, details: { alias: write.alias, found: after !== undefined, performed: 'no' } },
  );
}

async function readState(write: Write, lost: KeystoreError | undefined): Promise<KeystoreEntry | undefined> {
  try {
    return await write.read();
  } catch (error) {
    throw new KeystoreError('answer-lost', 'the state could not be read back', {
      cause: error,
      details: { alias: write.alias, performed: lost === undefined ? 'yes' : 'unknown' },
    });
  }
}

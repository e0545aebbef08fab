import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import { encodeHexalias } from '../tenant/hexalias.js';
import type { KeystoreClient, UpdateOptions } from '../tenant/keystoreClient.js';
import type { KeystoreEntry } from '../tenant/keystoreEntry.js';
import { resultOf, type WriteResult } from './keystoreWrites.js';
import { importConfirmed, performAndReadBack, type ImportOptions } from './writeReadBack.js';

/** A certificate to be stored under an alias. */
export interface CertificateToImport {
  readonly alias: string;
  /** PEM or DER. */
  readonly body: Uint8Array;
  /** SHA-256, upper-case pairs with colons. */
  readonly fingerprint: string;
}

/** A key pair to be stored under an alias. */
export interface KeyPairToImport {
  readonly alias: string;
  readonly pkcs12: Uint8Array;
  readonly password: string;
  /** SHA-256 of the leaf, upper-case pairs with colons. */
  readonly fingerprint: string;
}

/** `replaces` is the entry as the person saw it when agreeing to replace it; without it the alias must be free. */
export interface StoreOptions extends ImportOptions {
  readonly replaces?: KeystoreEntry | undefined;
}

/**
 * Stores a certificate and reads it back. Throws `already-exists`, `refused` where the entry is not what the person agreed to
 * replace, `Cancelled` after a 409 that was not confirmed, and what `performAndReadBack` throws.
 */
export async function importCertificate(
  client: KeystoreClient,
  { alias, body, fingerprint }: CertificateToImport,
  options: StoreOptions,
): Promise<WriteResult> {
  return await store(client, { alias, fingerprint, type: 'Certificate' }, options, (update) =>
    client.importCertificate(encodeHexalias(alias), body, update, options.signal),
  );
}

/** Stores a key pair and reads it back; throws as `importCertificate` does. */
export async function importKeyPair(
  client: KeystoreClient,
  { alias, pkcs12, password, fingerprint }: KeyPairToImport,
  options: StoreOptions,
): Promise<WriteResult> {
  return await store(client, { alias, fingerprint, type: 'Key Pair' }, options, (update) =>
    client.importKeyPair({ alias, pkcs12, password }, update, options.signal),
  );
}

async function store(
  client: KeystoreClient,
  wanted: { readonly alias: string; readonly fingerprint: string; readonly type: string },
  options: StoreOptions,
  send: (update: UpdateOptions) => Promise<void>,
): Promise<WriteResult> {
  const { alias, fingerprint, type } = wanted;
  const hexalias = encodeHexalias(alias);
  const before = await client.readEntry(hexalias, options.signal);
  checkBefore(before, wanted, options.replaces);
  const update = before !== undefined;
  return resultOf(
    before,
    await importConfirmed(fingerprint, options, (fingerprintVerified) =>
      performAndReadBack({
        perform: () => send({ fingerprintVerified, update }),
        read: (own) => client.readEntry(hexalias, own),
        isPerformed: (after) => after?.fingerprintSha256 === fingerprint && after.type === type,
        alias,
      }),
    ),
  );
}

function checkBefore(
  before: KeystoreEntry | undefined,
  {
    alias,
    fingerprint,
    type,
  }: { readonly alias: string; readonly fingerprint: string; readonly type: string },
  replaces: KeystoreEntry | undefined,
): void {
  if (replaces === undefined && before !== undefined) {
    throw new KeystoreError('already-exists', 'the alias is taken', { details: { alias } });
  }
  if (replaces === undefined) {
    return;
  }
  if (before === undefined) {
    throw new KeystoreError('not-found', 'the entry to replace is gone', { details: { alias } });
  }
  if (!isSameEntry(before, replaces) || before.type !== type) {
    throw changedSince(alias);
  }
  if (before.fingerprintSha256 === fingerprint) {
    throw new KeystoreError('refused', 'the entry holds this certificate already', {
      details: {
        alias,
        performed: 'no',
        explanation: l10n.t('"{0}" holds exactly this certificate already. Nothing was changed.', alias),
      },
    });
  }
}

/** True where an entry is still the one that a person saw. */
export function isSameEntry(now: KeystoreEntry, seen: KeystoreEntry): boolean {
  return (
    now.type === seen.type && now.owner === seen.owner && now.fingerprintSha256 === seen.fingerprintSha256
  );
}

/** Somebody else has changed the entry meanwhile. */
export function changedSince(alias: string): KeystoreError {
  return new KeystoreError('refused', 'the entry has changed meanwhile', {
    details: {
      alias,
      performed: 'no',
      explanation: l10n.t(
        '"{0}" has changed in the tenant since it was shown here. Nothing was changed; refresh the view and look at it again.',
        alias,
      ),
    },
  });
}

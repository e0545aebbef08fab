import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../../errors.js';
import type { Certificate } from '../../pki/certificate.js';
import { isSelfIssued, orderChain } from '../../pki/chain.js';
import { nameKey } from '../../pki/distinguishedName.js';
import { spkiSha256Of } from '../../pki/publicKey.js';
import type { FileParts, PublicKeyParts } from './parts.js';

/**
 * The public keys that a file is about (SHA-256 of each `SubjectPublicKeyInfo`): those of its own certificate, request and keys, not of
 * the certificates above. Asks for a password where nothing else tells them; throws `unsupported` for a key that no certificate has.
 */
export async function ownKeys(parts: FileParts | PublicKeyParts): Promise<ReadonlySet<string>> {
  switch (parts.form) {
    case 'publicKey':
      return new Set([publicKeyOf(parts)]);
    case 'pkcs12':
      return new Set(await keysOfPkcs12(parts));
    default: {
      const known = [orderChain(parts.certificates).leaf, parts.request].flatMap((one) =>
        one === undefined ? [] : [one.spkiSha256],
      );
      return new Set(known.length === 0 ? await privateKeys(parts) : known);
    }
  }
}

function publicKeyOf({ name, spki }: PublicKeyParts): string {
  if (spki === undefined) {
    throw new KeystoreError('unsupported', 'a key of a type that no certificate has', {
      details: { explanation: l10n.t('The key in "{0}" is of a type that no certificate has.', name) },
    });
  }
  return spkiSha256Of(spki);
}

/** It may hold several key pairs, and some without their keys; one without any key may be a collection of certificates. */
async function keysOfPkcs12(parts: FileParts): Promise<readonly string[]> {
  const { certificates, unreadableKey } = parts;
  const keys = await privateKeys(parts);
  const { leaf } = orderChain(certificates);
  const own =
    keys.length === 0 || unreadableKey !== undefined
      ? issuersOfNone(certificates)
      : leaf === undefined
        ? []
        : [leaf];
  return [...keys, ...own.map(({ spkiSha256 }) => spkiSha256)];
}

async function privateKeys({ openKeys }: FileParts): Promise<readonly string[]> {
  return (await openKeys?.())?.content.map(({ key }) => key.spkiSha256) ?? [];
}

/** By their names alone. */
function issuersOfNone(certificates: readonly Certificate[]): readonly Certificate[] {
  const issuers = new Set(
    certificates.filter((one) => !isSelfIssued(one)).map(({ issuer }) => nameKey(issuer)),
  );
  return certificates.filter(({ subject }) => !issuers.has(nameKey(subject)));
}

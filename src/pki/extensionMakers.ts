import { createHash } from 'node:crypto';
import { KeystoreError } from '../errors.js';
import * as asn1 from './asn1.js';
import type { Name } from './distinguishedName.js';
import { type KeyUsage, keyUsageNames } from './extensions.js';
import { type GeneralNameInput, encodeGeneralName } from './generalName.js';
import { ExtensionOid } from './oids.js';
import { readPublicKey } from './publicKey.js';

/** An extension ready to be put into a certificate or a request; `der` is what its OCTET STRING is to hold. */
export interface ExtensionTemplate {
  readonly oid: string;
  readonly critical: boolean;
  readonly der: Uint8Array;
}

/** The encoding of an extension (RFC 5280 4.1.2.9). */
export function encodeExtension({ oid, critical, der }: ExtensionTemplate): Uint8Array {
  return asn1.sequence(asn1.oid(oid), critical ? asn1.boolean(true) : undefined, asn1.octetString(der));
}

/** RFC 5280 4.2.1.9, critical. */
export function basicConstraints(options: {
  readonly isCa: boolean;
  readonly pathLength?: number | undefined;
}): ExtensionTemplate {
  const { isCa, pathLength } = options;
  return {
    oid: ExtensionOid.basicConstraints,
    critical: true,
    der: asn1.sequence(
      isCa ? asn1.boolean(true) : undefined,
      isCa && pathLength !== undefined ? asn1.integer(pathLength) : undefined,
    ),
  };
}

/** RFC 5280 4.2.1.3, critical. */
export function keyUsage(usages: readonly KeyUsage[]): ExtensionTemplate {
  return {
    oid: ExtensionOid.keyUsage,
    critical: true,
    der: asn1.namedBitString(usages.map((usage) => keyUsageNames.indexOf(usage))),
  };
}

/** RFC 5280 4.2.1.12; purposes by their numbers. */
export function extendedKeyUsage(purposes: readonly string[]): ExtensionTemplate {
  return {
    oid: ExtensionOid.extendedKeyUsage,
    critical: false,
    der: asn1.sequence(...purposes.map((purpose) => asn1.oid(purpose))),
  };
}

/** RFC 5280 4.2.1.6; critical where the subject is empty, as the RFC demands. */
export function subjectAltName(
  names: readonly GeneralNameInput[],
  options: { readonly subject?: Name } = {},
): ExtensionTemplate {
  if (names.length === 0) {
    throw new KeystoreError('invalid-input', 'At least one alternative name is needed');
  }
  return {
    oid: ExtensionOid.subjectAltName,
    critical: options.subject?.rdns.length === 0,
    der: asn1.sequence(...names.map((name) => encodeGeneralName(name))),
  };
}

/** The key identifier of RFC 5280 4.2.1.2, method 1: SHA-1 over the bits of the public key. */
export function keyIdentifier(spki: Uint8Array): Uint8Array {
  const { key } = readPublicKey(asn1.readAsn1(spki));
  return Uint8Array.from(createHash('sha1').update(key).digest());
}

/** RFC 5280 4.2.1.2. */
export function subjectKeyIdentifier(spki: Uint8Array): ExtensionTemplate {
  return {
    oid: ExtensionOid.subjectKeyIdentifier,
    critical: false,
    der: asn1.octetString(keyIdentifier(spki)),
  };
}

/** RFC 5280 4.2.1.1, from the issuer's public key. */
export function authorityKeyIdentifier(issuerSpki: Uint8Array): ExtensionTemplate {
  return {
    oid: ExtensionOid.authorityKeyIdentifier,
    critical: false,
    der: asn1.sequence(asn1.contextPrimitive(0, keyIdentifier(issuerSpki))),
  };
}

import type { KeyObject } from 'node:crypto';
import { KeystoreError } from '../errors.js';
import * as asn1 from './asn1.js';
import type { Name } from './distinguishedName.js';
import { type ExtensionTemplate, encodeExtension } from './extensionMakers.js';
import { type SignatureHash, signerFor } from './signature.js';

/** What a certificate is to say. */
export interface CertificateTemplate {
  readonly subject: Name;
  readonly issuer: Name;
  /** An unsigned number, most significant octet first; at most 20 octets (RFC 5280 4.1.2.2). */
  readonly serialNumber: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** The `SubjectPublicKeyInfo`. */
  readonly spki: Uint8Array;
  readonly extensions: readonly ExtensionTemplate[];
}

/** Makes and signs an X.509 v3 certificate (v1 without extensions); without a hash the one that fits the key is taken. */
export function buildCertificate(
  template: CertificateTemplate,
  issuerKey: KeyObject,
  hash?: SignatureHash,
): Uint8Array {
  const { serialNumber, extensions } = template;
  if (serialNumber.length === 0 || serialNumber.length > 20 || serialNumber.every((octet) => octet === 0)) {
    throw new KeystoreError('invalid-input', 'A serial number is positive and has at most 20 octets');
  }
  const signer = signerFor(issuerKey, hash);
  const signedPart = asn1.sequence(
    extensions.length > 0 ? asn1.contextConstructed(0, asn1.integer(2)) : undefined,
    asn1.integer(serialNumber),
    signer.algorithmDer,
    template.issuer.der,
    asn1.sequence(asn1.time(template.notBefore), asn1.time(template.notAfter)),
    template.subject.der,
    template.spki,
    extensions.length > 0
      ? asn1.contextConstructed(
          3,
          asn1.sequence(...extensions.map((extension) => encodeExtension(extension))),
        )
      : undefined,
  );
  return asn1.sequence(signedPart, signer.algorithmDer, asn1.bitString(signer.sign(signedPart)));
}

import * as asn1 from './asn1.js';
import { looksLikeCertificate } from './certificate.js';

/** A PKI path (X.509 `PkiPath`, ITU-T X.509 clause 7): a SEQUENCE of certificates, the top CA first. */
export function writePkiPath(leafFirst: readonly Uint8Array[]): Uint8Array {
  return asn1.sequence(...[...leafFirst].reverse());
}

/** True for a non-empty SEQUENCE in which every member has the outline of a certificate. */
export function looksLikePkiPath(node: asn1.Asn1): boolean {
  return (
    asn1.isUniversal(node, asn1.Tag.sequence) &&
    node.children.length > 0 &&
    node.children.every((member) => looksLikeCertificate(member))
  );
}

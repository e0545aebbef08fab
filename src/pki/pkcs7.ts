import { KeystoreError } from '../errors.js';
import * as asn1 from './asn1.js';

const signedDataOid = '1.2.840.113549.1.7.2';
const netscapeSequenceOid = '2.16.840.1.113730.2.5';
const dataOid = '1.2.840.113549.1.7.1';

/** The kinds of content that RFC 5652 and PKCS#7 know, for messages. */
const contentTypes: ReadonlyMap<string, string> = new Map([
  [dataOid, 'data'],
  [signedDataOid, 'signedData'],
  ['1.2.840.113549.1.7.3', 'envelopedData'],
  ['1.2.840.113549.1.7.4', 'signedAndEnvelopedData'],
  ['1.2.840.113549.1.7.5', 'digestedData'],
  ['1.2.840.113549.1.7.6', 'encryptedData'],
  ['1.2.840.113549.1.9.16.1.2', 'authenticatedData'],
  ['1.2.840.113549.1.9.16.1.9', 'compressedData'],
  ['1.2.840.113549.1.9.16.1.23', 'authEnvelopedData'],
]);

/** True for a value that has the outline of a `ContentInfo`. */
export function looksLikePkcs7(node: asn1.Asn1): boolean {
  const [type, content] = node.children;
  return (
    asn1.isUniversal(node, asn1.Tag.sequence) &&
    asn1.isUniversal(type, asn1.Tag.oid) &&
    node.children.length <= 2 &&
    (content === undefined || asn1.isContext(content, 0))
  );
}

/**
 * The certificates of a SignedData (RFC 5652 5.1) or of a Netscape certificate sequence, in the order of the file and byte by byte as they stand in it; throws
 * `unsupported` for another kind of content, with its name in `details.contentType`.
 */
export function readPkcs7Certificates(node: asn1.Asn1): readonly Uint8Array[] {
  const members = asn1.Members.ofSequence(node, 'PKCS#7');
  const type = asn1.readOid(members.next('contentType'), 'PKCS#7 content type');
  if (type === netscapeSequenceOid) {
    const content = asn1.explicitContent(members.optionalContext(0), 'Netscape certificate sequence');
    return asn1.sequenceOf(content, 'Netscape certificate sequence').map((certificate) => certificate.bytes);
  }
  if (type !== signedDataOid) {
    const contentType = contentTypes.get(type) ?? type;
    throw new KeystoreError('unsupported', `A PKCS#7 file of the kind ${contentType} holds no certificates`, {
      details: { contentType },
    });
  }
  const content = asn1.explicitContent(members.optionalContext(0), 'PKCS#7 content');
  members.end();
  const signedData = asn1.Members.ofSequence(content, 'SignedData');
  signedData.next('version');
  asn1.setOf(signedData.next('digestAlgorithms'), 'digestAlgorithms');
  asn1.sequenceOf(signedData.next('encapContentInfo'), 'encapContentInfo');
  const certificates = signedData.optionalContext(0);
  // Attribute certificates and other kinds have tags of their own (RFC 5652 10.2.2).
  return (certificates?.children ?? [])
    .filter((certificate) => asn1.isUniversal(certificate, asn1.Tag.sequence))
    .map((certificate) => certificate.bytes);
}

/** A SignedData without signatures that carries these certificates, in this order (RFC 5652 5.1, "certificates-only"). */
export function writeCertificatesOnly(certificates: readonly Uint8Array[]): Uint8Array {
  return asn1.sequence(
    asn1.oid(signedDataOid),
    asn1.contextConstructed(
      0,
      asn1.sequence(
        asn1.integer(1),
        asn1.set(),
        asn1.sequence(asn1.oid(dataOid)),
        asn1.contextConstructed(0, ...certificates),
        asn1.set(),
      ),
    ),
  );
}

import * as asn1 from './asn1.js';
import { type GeneralName, generalNamesFrom, readGeneralName, readGeneralNames } from './generalName.js';

/** One extension as it stands in a certificate or a request. */
export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  /** What the OCTET STRING holds. */
  readonly value: Uint8Array;
}

/** Reads `Extensions` (RFC 5280 4.1.2.9). */
export function readExtensions(node: asn1.Asn1 | undefined): readonly Extension[] {
  return asn1.sequenceOf(node, 'Extensions').map((extension) => {
    const members = asn1.Members.ofSequence(extension, 'Extension');
    const oid = asn1.readOid(members.next('extnID'), 'Extension');
    const critical = members.optional(asn1.Tag.boolean);
    const value = asn1.readOctetString(members.next('extnValue'), `Extension ${oid}`);
    members.end();
    return { oid, critical: critical !== undefined && asn1.readBoolean(critical, 'critical'), value };
  });
}

/** The first extension of this number. */
export function findExtension(extensions: readonly Extension[], oid: string): Extension | undefined {
  return extensions.find((extension) => extension.oid === oid);
}

/** The bits of the key usage by RFC 5280's names, in the order of their numbers. */
export const keyUsageNames = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;

/** One bit of the key usage. */
export type KeyUsage = (typeof keyUsageNames)[number];

/** RFC 5280 4.2.1.3. */
export function decodeKeyUsage(value: Uint8Array): readonly string[] {
  const node = asn1.readAsn1(value);
  if (!asn1.isUniversal(node, asn1.Tag.bitString)) {
    throw asn1.malformed('Key usage: a BIT STRING is expected');
  }
  return asn1.namedBits(node, keyUsageNames, 'Key usage');
}

/** RFC 5280 4.2.1.12; the purposes by their numbers. */
export function decodeExtendedKeyUsage(value: Uint8Array): readonly string[] {
  return asn1
    .sequenceOf(asn1.readAsn1(value), 'Extended key usage')
    .map((purpose) => asn1.readOid(purpose, 'Extended key usage'));
}

/** RFC 5280 4.2.1.9. */
export interface BasicConstraints {
  readonly isCa: boolean;
  readonly pathLength: number | undefined;
}

/** RFC 5280 4.2.1.9. */
export function decodeBasicConstraints(value: Uint8Array): BasicConstraints {
  const members = asn1.Members.ofSequence(asn1.readAsn1(value), 'Basic constraints');
  const isCa = members.optional(asn1.Tag.boolean);
  const pathLength = members.optional(asn1.Tag.integer);
  members.end();
  const length =
    pathLength === undefined ? undefined : asn1.readSmallInteger(pathLength, 'Path length constraint');
  if (length !== undefined && length < 0) {
    throw asn1.malformed('Basic constraints: a negative path length');
  }
  return { isCa: isCa !== undefined && asn1.readBoolean(isCa, 'cA'), pathLength: length };
}

/** RFC 5280 4.2.1.6 and 4.2.1.7. */
export function decodeAlternativeNames(value: Uint8Array): readonly GeneralName[] {
  const names = readGeneralNames(asn1.readAsn1(value), 'Alternative name');
  if (names.length === 0) {
    throw asn1.malformed('Alternative name: there is no name');
  }
  return names;
}

/** RFC 5280 4.2.1.2. */
export function decodeSubjectKeyIdentifier(value: Uint8Array): Uint8Array {
  return asn1.readOctetString(asn1.readAsn1(value), 'Subject key identifier');
}

/** RFC 5280 4.2.1.1. */
export interface AuthorityKeyIdentifier {
  readonly keyIdentifier: Uint8Array | undefined;
  readonly issuer: readonly GeneralName[] | undefined;
  readonly serialNumber: bigint | undefined;
}

/** RFC 5280 4.2.1.1. */
export function decodeAuthorityKeyIdentifier(value: Uint8Array): AuthorityKeyIdentifier {
  const what = 'Authority key identifier';
  const members = asn1.Members.ofSequence(asn1.readAsn1(value), what);
  const keyIdentifier = members.optionalContext(0);
  const issuer = members.optionalContext(1);
  const serialNumber = members.optionalContext(2);
  members.end();
  return {
    keyIdentifier: keyIdentifier && asn1.joinedOctets(keyIdentifier, what),
    issuer: issuer && generalNamesFrom(issuer.children, what),
    serialNumber: serialNumber && asn1.integerFromContent(serialNumber.content, what),
  };
}

/** One subtree of a name constraint. */
export interface Subtree {
  readonly base: GeneralName;
  /** 0 in every certificate that follows RFC 5280. */
  readonly minimum: number;
  readonly maximum: number | undefined;
}

/** RFC 5280 4.2.1.10. */
export interface NameConstraints {
  readonly permitted: readonly Subtree[];
  readonly excluded: readonly Subtree[];
}

/** RFC 5280 4.2.1.10. */
export function decodeNameConstraints(value: Uint8Array): NameConstraints {
  const members = asn1.Members.ofSequence(asn1.readAsn1(value), 'Name constraints');
  const permitted = members.optionalContext(0);
  const excluded = members.optionalContext(1);
  members.end();
  return { permitted: subtrees(permitted), excluded: subtrees(excluded) };
}

function subtrees(node: asn1.Asn1 | undefined): readonly Subtree[] {
  const what = 'Name constraint';
  return (node?.children ?? []).map((subtree) => {
    const members = asn1.Members.ofSequence(subtree, what);
    const base = readGeneralName(members.next('base'), what);
    if (base.type === 'IP' && base.content.length !== 8 && base.content.length !== 32) {
      throw asn1.malformed(`${what}: an address without its mask`);
    }
    const minimum = members.optionalContext(0);
    const maximum = members.optionalContext(1);
    members.end();
    return {
      base,
      minimum: minimum === undefined ? 0 : Number(asn1.integerFromContent(minimum.content, what)),
      maximum: maximum && Number(asn1.integerFromContent(maximum.content, what)),
    };
  });
}

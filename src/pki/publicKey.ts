import { createHash } from 'node:crypto';
import * as asn1 from './asn1.js';
import { KeyAlgorithmOid, curveNames } from './oids.js';

/** What a public key is, told from its encoding alone. */
export interface PublicKey {
  /** The `SubjectPublicKeyInfo`. */
  readonly spki: Uint8Array;
  readonly algorithm: string;
  /** The parameters of the algorithm as they are encoded. */
  readonly parameters: asn1.Asn1 | undefined;
  /** The content of the BIT STRING. */
  readonly key: Uint8Array;
  /** `RSA:2048`, `DSA:1024`, `EC:prime256v1`, `Ed25519`; the number of an algorithm that is not known. */
  readonly keyType: string;
}

/** Reads a `SubjectPublicKeyInfo` (RFC 5280 4.1.2.7); a key that cannot be understood keeps its algorithm only. */
export function readPublicKey(node: asn1.Asn1): PublicKey {
  const members = asn1.Members.ofSequence(node, 'SubjectPublicKeyInfo');
  const identifier = readAlgorithmIdentifier(members.next('algorithm'), 'Public key algorithm');
  const { bytes: key } = asn1.readBitString(members.next('subjectPublicKey'), 'Public key');
  return { spki: node.bytes, ...identifier, key, keyType: keyType(identifier, key) };
}

/** SHA-256 of a `SubjectPublicKeyInfo`, lower-case hex, by which keys are compared. */
export function spkiSha256Of(spki: Uint8Array): string {
  return createHash('sha256').update(spki).digest('hex');
}

/** An `AlgorithmIdentifier`. */
export interface AlgorithmIdentifier {
  readonly algorithm: string;
  readonly parameters: asn1.Asn1 | undefined;
}

/** Reads an `AlgorithmIdentifier` (RFC 5280 4.1.1.2). */
export function readAlgorithmIdentifier(node: asn1.Asn1, what: string): AlgorithmIdentifier {
  const members = asn1.Members.ofSequence(node, what);
  const algorithm = asn1.readOid(members.next('algorithm'), what);
  return { algorithm, parameters: members.rest()[0] };
}

/** The type of the key in a `SubjectPublicKeyInfo`, as `PublicKey.keyType` has it. */
export function keyTypeOf(spki: Uint8Array): string {
  return readPublicKey(asn1.readAsn1(spki)).keyType;
}

function keyType({ algorithm, parameters }: AlgorithmIdentifier, key: Uint8Array): string {
  switch (algorithm) {
    case KeyAlgorithmOid.rsa:
    case KeyAlgorithmOid.rsaPss:
    case KeyAlgorithmOid.rsaOaep:
      return withSize('RSA', () => bitLength(asn1.sequenceOf(asn1.readAsn1(key), 'RSA key')[0]));
    case KeyAlgorithmOid.dsa:
      return withSize('DSA', () => bitLength(asn1.sequenceOf(parameters, 'DSA parameters')[0]));
    case KeyAlgorithmOid.ec:
      return `EC:${curveName(parameters)}`;
    case KeyAlgorithmOid.dh:
    case KeyAlgorithmOid.pkcs3Dh:
      return withSize('DH', () => bitLength(asn1.sequenceOf(parameters, 'DH parameters')[0]));
    case KeyAlgorithmOid.ed25519:
      return 'Ed25519';
    case KeyAlgorithmOid.ed448:
      return 'Ed448';
    case KeyAlgorithmOid.x25519:
      return 'X25519';
    case KeyAlgorithmOid.x448:
      return 'X448';
    default:
      return algorithm;
  }
}

/** A DSA key may inherit its parameters (RFC 3279 2.3.2), and a broken key must not hide its certificate. */
function withSize(name: string, bits: () => number): string {
  try {
    return `${name}:${bits()}`;
  } catch {
    return name;
  }
}

/** Of the octets as an unsigned number: some writers have left out the zero before a high bit. */
function bitLength(node: asn1.Asn1 | undefined): number {
  if (!asn1.isUniversal(node, asn1.Tag.integer)) {
    throw asn1.malformed('Key: an INTEGER is expected');
  }
  const digits = asn1.toHex(node.content).replace(/^(?:00)+/, '');
  return digits === '' ? 0 : BigInt(`0x${digits}`).toString(2).length;
}

function curveName(parameters: asn1.Asn1 | undefined): string {
  if (!asn1.isUniversal(parameters, asn1.Tag.oid)) {
    return asn1.isUniversal(parameters, asn1.Tag.sequence) ? 'explicit' : 'unknown';
  }
  const oid = asn1.readOid(parameters, 'Curve');
  return curveNames.get(oid) ?? oid;
}

/** The `SubjectPublicKeyInfo` of an `RSAPublicKey` (RFC 8017 A.1.1), which stands in PEM under `RSA PUBLIC KEY`; throws `malformed`. */
export function spkiOfRsaPublicKey(der: Uint8Array): Uint8Array {
  const node = asn1.readAsn1(der);
  const members = asn1.Members.ofSequence(node, 'RSA key');
  asn1.readInteger(members.next('modulus'), 'RSA modulus');
  asn1.readInteger(members.next('publicExponent'), 'RSA exponent');
  members.end();
  return asn1.sequence(
    asn1.sequence(asn1.oid(KeyAlgorithmOid.rsa), asn1.nullValue()),
    asn1.bitString(node.bytes),
  );
}

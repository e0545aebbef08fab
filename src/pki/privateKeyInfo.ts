import crypto from 'node:crypto';
import { KeystoreError } from '../errors.js';
import * as asn1 from './asn1.js';
import { curveNames, KeyAlgorithmOid } from './oids.js';
import { keyTypeOf, readAlgorithmIdentifier, readPublicKey, spkiSha256Of } from './publicKey.js';

/** A private key out of its envelope. */
export interface PrivateKeyInfo {
  /** PKCS#8 (RFC 5958) in DER; holds the secret, so it stays in the call that needs it. */
  readonly pkcs8: Uint8Array;
  /** `RSA:2048`, `EC:prime256v1`, `DSA:1024`, `Ed25519`. */
  readonly type: string;
  /** The `SubjectPublicKeyInfo` that belongs to it. */
  readonly spki: Uint8Array;
  /** Lower-case hex. */
  readonly spkiSha256: string;
}

/**
 * Reads an unencrypted key in one of its forms: PKCS#8, PKCS#1, SEC1 or OpenSSL's DSA. Its parts are checked against each
 * other, and the public key is made from them without the host's help where that is possible, since hosts on BoringSSL
 * refuse many keys. Throws `malformed`, or `unsupported` with `feature`.
 */
export function readPrivateKeyInfo(node: asn1.Asn1): PrivateKeyInfo {
  const form = keyForm(node);
  switch (form) {
    case 'pkcs8':
      return readPkcs8(node);
    case 'rsa':
      return readRsa(rsaAlgorithm(), node);
    case 'ec':
      return readEc(undefined, node);
    case 'dsa':
      return readOpensslDsa(node);
    case undefined:
      throw asn1.malformed('Not a private key');
  }
}

/** Which form a private key has; `undefined` for what is none. */
export function keyForm(node: asn1.Asn1): 'pkcs8' | 'rsa' | 'ec' | 'dsa' | undefined {
  const { children } = node;
  if (!asn1.isUniversal(node, asn1.Tag.sequence) || !asn1.isUniversal(children[0], asn1.Tag.integer)) {
    return undefined;
  }
  if (
    asn1.isUniversal(children[1], asn1.Tag.sequence) &&
    asn1.isUniversal(children[2], asn1.Tag.octetString)
  ) {
    return 'pkcs8';
  }
  if (asn1.isUniversal(children[1], asn1.Tag.octetString)) {
    return 'ec';
  }
  const integers = children.filter((child) => asn1.isUniversal(child, asn1.Tag.integer)).length;
  if (integers >= 9) {
    return 'rsa';
  }
  return integers === 6 && children.length === 6 ? 'dsa' : undefined;
}

function finished(pkcs8: Uint8Array, spki: Uint8Array): PrivateKeyInfo {
  return {
    pkcs8,
    spki,
    type: keyTypeOf(spki),
    spkiSha256: spkiSha256Of(spki),
  };
}

function unsupported(message: string, feature: string, cause?: unknown): KeystoreError {
  return new KeystoreError('unsupported', message, {
    details: { feature },
    ...(cause === undefined ? {} : { cause }),
  });
}

function readPkcs8(node: asn1.Asn1): PrivateKeyInfo {
  const members = asn1.Members.ofSequence(node, 'Private key');
  const version = asn1.readInteger(members.next('version'), 'Version');
  if (version !== 0n && version !== 1n) {
    throw asn1.malformed(`Private key of version ${version}`);
  }
  const algorithmNode = members.next('algorithm');
  const { algorithm, parameters } = readAlgorithmIdentifier(algorithmNode, 'Key algorithm');
  const content = asn1.readOctetString(members.next('privateKey'), 'Private key');
  let given: Uint8Array | undefined;
  for (const member of members.rest()) {
    if (asn1.isContext(member, 1)) {
      given = asn1.bitsFromNode(member, 'Public key').bytes;
    } else if (!asn1.isContext(member, 0)) {
      throw asn1.malformed('Private key: unexpected member');
    }
  }
  switch (algorithm) {
    case KeyAlgorithmOid.rsa:
      return readRsa(rsaAlgorithm(), asn1.readAsn1(content), node.bytes);
    case KeyAlgorithmOid.rsaPss:
      return readRsa(algorithmNode.bytes, asn1.readAsn1(content), node.bytes);
    case KeyAlgorithmOid.ec:
      return readEc(parameters, asn1.readAsn1(content), node.bytes);
    case KeyAlgorithmOid.dsa: {
      const secret = asn1.readInteger(asn1.readAsn1(content), 'DSA key');
      return finished(node.bytes, dsaPublicKey(parameters, secret, undefined));
    }
    case KeyAlgorithmOid.ed25519:
    case KeyAlgorithmOid.ed448:
    case KeyAlgorithmOid.x25519:
    case KeyAlgorithmOid.x448:
      return readEdwards(algorithm, asn1.readAsn1(content), { original: node.bytes, given });
    default:
      throw unsupported(`Keys of the algorithm ${algorithm} are not read`, algorithm);
  }
}

/** PKCS#8 as written here; `algorithm` is an `AlgorithmIdentifier`. */
function pkcs8(algorithm: Uint8Array, key: Uint8Array): Uint8Array {
  return asn1.sequence(asn1.integer(0), algorithm, asn1.octetString(key));
}

// ------------------------------------------------------------------------------------------ RSA (RFC 8017 A.1.2)

/** RFC 3279 2.3.1: the parameters are NULL; a file that leaves them out still belongs to certificates that have them. */
function rsaAlgorithm(): Uint8Array {
  return asn1.sequence(asn1.oid(KeyAlgorithmOid.rsa), asn1.nullValue());
}

function readRsa(algorithm: Uint8Array, node: asn1.Asn1, original?: Uint8Array): PrivateKeyInfo {
  const members = asn1.Members.ofSequence(node, 'RSA key');
  const number = (name: string): bigint => asn1.readInteger(members.next(name), `RSA key: ${name}`);
  const version = number('version');
  if (version !== 0n && version !== 1n) {
    throw asn1.malformed(`RSA key of version ${version}`);
  }
  const modulus = number('modulus');
  const exponent = number('publicExponent');
  const secret = number('privateExponent');
  const [p, q, dp, dq, inverse] = [
    number('prime1'),
    number('prime2'),
    number('exponent1'),
    number('exponent2'),
    number('coefficient'),
  ];
  const isWhole = version === 1n || isRsaKey({ modulus, exponent, secret, p, q, dp, dq, inverse });
  if (modulus < 3n || exponent < 3n || !isWhole) {
    throw asn1.malformed('The numbers of the RSA key do not belong together');
  }
  const spki = asn1.sequence(
    algorithm,
    asn1.bitString(asn1.sequence(asn1.integer(modulus), asn1.integer(exponent))),
  );
  return finished(original ?? pkcs8(algorithm, node.bytes), spki);
}

/** Some writers leave out all but the exponents; then there is nothing to hold against each other. */
function isRsaKey(key: {
  readonly modulus: bigint;
  readonly exponent: bigint;
  readonly secret: bigint;
  readonly p: bigint;
  readonly q: bigint;
  readonly dp: bigint;
  readonly dq: bigint;
  readonly inverse: bigint;
}): boolean {
  const { modulus, exponent, secret, p, q, dp, dq, inverse } = key;
  if (p === 0n && q === 0n) {
    return secret > 1n;
  }
  return (
    p > 2n &&
    q > 2n &&
    p * q === modulus &&
    (exponent * secret - 1n) % (p - 1n) === 0n &&
    (exponent * secret - 1n) % (q - 1n) === 0n &&
    (dp - secret) % (p - 1n) === 0n &&
    (dq - secret) % (q - 1n) === 0n &&
    (inverse * q - 1n) % p === 0n
  );
}

// -------------------------------------------------------------------------------------------------- EC (RFC 5915)

function readEc(
  outerParameters: asn1.Asn1 | undefined,
  node: asn1.Asn1,
  original?: Uint8Array,
): PrivateKeyInfo {
  const members = asn1.Members.ofSequence(node, 'EC key');
  if (asn1.readInteger(members.next('version'), 'Version') !== 1n) {
    throw asn1.malformed('EC key of another version than 1');
  }
  const secret = asn1.readOctetString(members.next('privateKey'), 'EC key');
  const innerNode = members.optionalContext(0);
  const inner = innerNode && asn1.explicitContent(innerNode, 'EC parameters');
  const publicNode = members.optionalContext(1);
  members.end();
  const parameters = outerParameters ?? inner;
  if (parameters === undefined) {
    throw asn1.malformed('EC key without a curve');
  }
  if (parameters.tag === asn1.Tag.sequence) {
    throw unsupported('EC keys with explicit curve parameters are not read', 'explicit-curve');
  }
  const curve = asn1.readOid(parameters, 'Curve');
  if (inner !== undefined && !asn1.bytesEqual(inner.bytes, parameters.bytes)) {
    throw asn1.malformed('EC key that names two curves');
  }
  const given = publicNode && asn1.readBitString(asn1.explicitContent(publicNode, 'EC key'), 'EC key').bytes;
  const point = ecPoint(curveNames.get(curve) ?? curve, secret, given);
  const algorithm = asn1.sequence(asn1.oid(KeyAlgorithmOid.ec), parameters.bytes);
  const spki = asn1.sequence(algorithm, asn1.bitString(point));
  const key = asn1.sequence(
    asn1.integer(1),
    asn1.octetString(secret),
    asn1.contextConstructed(1, asn1.bitString(point)),
  );
  return finished(original ?? pkcs8(algorithm, key), spki);
}

/** The public point: the one given, held against the secret, or the one computed where none is given. */
function ecPoint(curve: string, secret: Uint8Array, given: Uint8Array | undefined): Uint8Array {
  let agreement: crypto.ECDH;
  try {
    agreement = crypto.createECDH(curve);
  } catch (cause) {
    if (given === undefined) {
      throw unsupported(`This host does not know the curve ${curve}`, curve, cause);
    }
    return given;
  }
  try {
    agreement.setPrivateKey(secret);
  } catch (cause) {
    throw asn1.malformed('The EC key is no number of its curve', cause);
  }
  if (given === undefined) {
    return Uint8Array.from(agreement.getPublicKey());
  }
  const formats: Readonly<Record<number, crypto.ECDHKeyFormat>> = {
    2: 'compressed',
    3: 'compressed',
    6: 'hybrid',
    7: 'hybrid',
  };
  const format = formats[given[0] ?? 4] ?? 'uncompressed';
  if (!asn1.bytesEqual(agreement.getPublicKey(null, format), given)) {
    throw asn1.malformed('The public part of the EC key belongs to another key');
  }
  return given;
}

// ----------------------------------------------------------------------------------- Ed25519 and others (RFC 8410)

const edwardsLengths: ReadonlyMap<string, number> = new Map([
  [KeyAlgorithmOid.ed25519, 32],
  [KeyAlgorithmOid.x25519, 32],
  [KeyAlgorithmOid.ed448, 57],
  [KeyAlgorithmOid.x448, 56],
]);

function readEdwards(
  algorithm: string,
  node: asn1.Asn1,
  { original, given }: { readonly original: Uint8Array; readonly given: Uint8Array | undefined },
): PrivateKeyInfo {
  const secret = asn1.readOctetString(node, 'Key');
  if (secret.length !== edwardsLengths.get(algorithm)) {
    throw asn1.malformed(`A key of ${secret.length} bytes for ${algorithm}`);
  }
  const plain = pkcs8(asn1.sequence(asn1.oid(algorithm)), asn1.octetString(secret));
  let spki: Uint8Array;
  try {
    const key = crypto.createPrivateKey({ key: Buffer.from(plain), format: 'der', type: 'pkcs8' });
    spki = Uint8Array.from(crypto.createPublicKey(key).export({ type: 'spki', format: 'der' }));
  } catch (cause) {
    throw unsupported(`This host does not know keys of the algorithm ${algorithm}`, algorithm, cause);
  }
  if (given !== undefined && !asn1.bytesEqual(given, readPublicKey(asn1.readAsn1(spki)).key)) {
    throw asn1.malformed('The public part of the key belongs to another key');
  }
  return finished(original, spki);
}

// ------------------------------------------------------------------------------------------- DSA (RFC 3279 2.3.2)

function readOpensslDsa(node: asn1.Asn1): PrivateKeyInfo {
  const numbers = node.children.map((child) => asn1.readInteger(child, 'DSA key'));
  const [version, p = 0n, q = 0n, g = 0n, publicNumber = 0n, secret = 0n] = numbers;
  if (version !== 0n) {
    throw asn1.malformed('DSA key of another version than 0');
  }
  const parameters = asn1.sequence(asn1.integer(p), asn1.integer(q), asn1.integer(g));
  const algorithm = asn1.sequence(asn1.oid(KeyAlgorithmOid.dsa), parameters);
  return finished(
    pkcs8(algorithm, asn1.integer(secret)),
    dsaPublicKey(asn1.readAsn1(parameters), secret, publicNumber),
  );
}

/** Longer ones than anybody's; the time that the power takes grows with the cube. */
const maxDsaBits = 10_240;

function dsaPublicKey(
  parameters: asn1.Asn1 | undefined,
  secret: bigint,
  given: bigint | undefined,
): Uint8Array {
  if (parameters === undefined) {
    throw asn1.malformed('DSA key without its parameters');
  }
  const members = asn1.Members.ofSequence(parameters, 'DSA parameters');
  const [p, q, g] = ['p', 'q', 'g'].map((name) => asn1.readInteger(members.next(name), name));
  members.end();
  if (p === undefined || q === undefined || g === undefined) {
    throw asn1.malformed('DSA parameters are missing');
  }
  if (p.toString(2).length > maxDsaBits || q.toString(2).length > 512) {
    throw unsupported(`DSA keys of more than ${maxDsaBits} bits are not read`, 'dsa-size');
  }
  if (secret <= 0n || secret >= q || q >= p || g <= 1n || g >= p) {
    throw asn1.malformed('The numbers of the DSA key do not belong together');
  }
  const publicNumber = power(g, secret, p);
  if (given !== undefined && given !== publicNumber) {
    throw asn1.malformed('The public part of the DSA key belongs to another key');
  }
  return asn1.sequence(
    asn1.sequence(asn1.oid(KeyAlgorithmOid.dsa), parameters.bytes),
    asn1.bitString(asn1.integer(publicNumber)),
  );
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (let square = base, rest = exponent; rest > 0n; rest >>= 1n, square = (square * square) % modulus) {
    if ((rest & 1n) === 1n) {
      result = (result * square) % modulus;
    }
  }
  return result;
}

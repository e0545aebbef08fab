import { type KeyObject, constants, createPublicKey, sign, verify } from 'node:crypto';
import { KeystoreError } from '../errors.js';
import * as asn1 from './asn1.js';
import { KeyAlgorithmOid, hashNames, signatureAlgorithms } from './oids.js';
import {
  type AlgorithmIdentifier,
  type PublicKey,
  readAlgorithmIdentifier,
  readPublicKey,
} from './publicKey.js';

/** `unchecked` where this host cannot check such a signature: its algorithm, curve or key is not there. */
export type SignatureVerdict = 'valid' | 'invalid' | 'unchecked';

/** A signature with what it was made over. */
export interface SignedBytes {
  readonly signedPart: Uint8Array;
  readonly signature: Uint8Array;
  readonly signatureAlgorithmDer: Uint8Array;
}

/** A public key ready to check signatures; it may be used for many. */
export interface VerificationKey {
  readonly algorithm: string;
  /** `undefined` where this host cannot load the key. */
  readonly key: KeyObject | undefined;
}

/** Loads a `SubjectPublicKeyInfo`; `dsaParameters` are those of the issuer for a key that inherits them. */
export function verificationKey(spki: Uint8Array, dsaParameters?: Uint8Array): VerificationKey {
  const publicKey = readableKey(spki);
  if (publicKey === undefined) {
    return { algorithm: '?', key: undefined };
  }
  const { algorithm, key, parameters } = publicKey;
  let encoded = spki;
  if (algorithm === KeyAlgorithmOid.dsa && parameters === undefined && dsaParameters !== undefined) {
    encoded = encodePublicKey(algorithm, dsaParameters, key);
  }
  const loaded =
    load(encoded) ??
    // BoringSSL knows no keys of the type RSASSA-PSS; the key itself is one of RSA.
    (algorithm === KeyAlgorithmOid.rsaPss
      ? load(encodePublicKey(KeyAlgorithmOid.rsa, asn1.nullValue(), key))
      : undefined);
  return { algorithm, key: loaded };
}

/** `undefined` for one that is damaged: nothing can be checked with it. */
function readableKey(spki: Uint8Array): PublicKey | undefined {
  try {
    return readPublicKey(asn1.readAsn1(spki));
  } catch (error) {
    if (KeystoreError.is(error, 'malformed')) {
      return undefined;
    }
    throw error;
  }
}

function encodePublicKey(algorithm: string, parameters: Uint8Array, key: Uint8Array): Uint8Array {
  return asn1.sequence(asn1.sequence(asn1.oid(algorithm), parameters), asn1.bitString(key));
}

function load(spki: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

/** Checks a signature; never throws for what the bytes hold. */
export function verifySignature(signed: SignedBytes, { algorithm, key }: VerificationKey): SignatureVerdict {
  if (signed.signature.length === 0) {
    return 'invalid';
  }
  let identifier: AlgorithmIdentifier;
  try {
    identifier = readAlgorithmIdentifier(asn1.readAsn1(signed.signatureAlgorithmDer), 'Signature algorithm');
  } catch {
    return 'invalid';
  }
  const known = signatureAlgorithms.get(identifier.algorithm);
  if (known === undefined) {
    return 'unchecked';
  }
  if (!fits(known.key, algorithm)) {
    return 'invalid';
  }
  if (key === undefined) {
    return 'unchecked';
  }
  try {
    const data = Buffer.from(signed.signedPart);
    const signature = Buffer.from(signed.signature);
    if (known.key === 'rsa-pss') {
      const pss = readPssParameters(identifier.parameters);
      const fitting = pss && pssKey(key, pss, identifier.parameters);
      if (pss === undefined || fitting === undefined) {
        return 'unchecked';
      }
      const isValid = verify(
        pss.hash,
        data,
        { key: fitting, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: pss.saltLength },
        signature,
      );
      return isValid ? 'valid' : 'invalid';
    }
    return verify(known.hash ?? null, data, key, signature) ? 'valid' : 'invalid';
  } catch {
    return 'unchecked';
  }
}

function fits(kind: 'rsa' | 'rsa-pss' | 'ec' | 'dsa' | 'ed25519' | 'ed448', keyAlgorithm: string): boolean {
  switch (kind) {
    case 'rsa':
      return keyAlgorithm === KeyAlgorithmOid.rsa;
    case 'rsa-pss':
      return keyAlgorithm === KeyAlgorithmOid.rsa || keyAlgorithm === KeyAlgorithmOid.rsaPss;
    case 'ec':
      return keyAlgorithm === KeyAlgorithmOid.ec;
    case 'dsa':
      return keyAlgorithm === KeyAlgorithmOid.dsa;
    case 'ed25519':
      return keyAlgorithm === KeyAlgorithmOid.ed25519;
    case 'ed448':
      return keyAlgorithm === KeyAlgorithmOid.ed448;
  }
}

/** The parameters of a signature with RSASSA-PSS (RFC 4055 3.1). */
export interface PssParameters {
  readonly hash: string;
  /** The hash of the mask generation; Java leaves it at SHA-1 where nobody says otherwise. */
  readonly maskHash: string;
  readonly saltLength: number;
}

/**
 * node takes one hash for both the message and the mask. Where they differ, the key is given the parameters of the signature,
 * as a key of the type RSASSA-PSS may have them; `undefined` where the host knows no such keys.
 */
function pssKey(
  key: KeyObject,
  { hash, maskHash }: PssParameters,
  parameters: asn1.Asn1 | undefined,
): KeyObject | undefined {
  if (hash === maskHash || parameters === undefined) {
    return key;
  }
  const spki = readPublicKey(asn1.readAsn1(Uint8Array.from(key.export({ type: 'spki', format: 'der' }))));
  return load(encodePublicKey(KeyAlgorithmOid.rsaPss, parameters.bytes, spki.key));
}

/** `undefined` for hashes that nobody knows. */
export function readPssParameters(parameters: asn1.Asn1 | undefined): PssParameters | undefined {
  if (parameters === undefined) {
    return undefined;
  }
  const members = asn1.Members.ofSequence(parameters, 'RSASSA-PSS parameters');
  const hash = members.optionalContext(0);
  const mask = members.optionalContext(1);
  const salt = members.optionalContext(2);
  const trailer = members.optionalContext(3);
  members.end();
  const hashOf = (node: asn1.Asn1): string | undefined =>
    hashNames.get(readAlgorithmIdentifier(node, 'Hash of RSASSA-PSS').algorithm);
  const hashName = hash === undefined ? 'sha1' : hashOf(asn1.explicitContent(hash, 'Hash'));
  let maskHash: string | undefined = 'sha1';
  if (mask !== undefined) {
    const generation = readAlgorithmIdentifier(asn1.explicitContent(mask, 'Mask'), 'Mask generation');
    maskHash =
      generation.algorithm === '1.2.840.113549.1.1.8' && generation.parameters !== undefined
        ? hashOf(generation.parameters)
        : undefined;
  }
  const saltLength =
    salt === undefined ? 20 : asn1.readSmallInteger(asn1.explicitContent(salt, 'Salt'), 'Salt length');
  const trailerField =
    trailer === undefined ? 1 : asn1.readSmallInteger(asn1.explicitContent(trailer, 'Trailer'), 'Trailer');
  if (hashName === undefined || maskHash === undefined || trailerField !== 1 || saltLength < 0) {
    return undefined;
  }
  return { hash: hashName, maskHash, saltLength };
}

/** The hashes that signatures are made with. */
export type SignatureHash = 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512';

/** How a private key signs. */
export interface Signer {
  readonly algorithmDer: Uint8Array;
  sign(data: Uint8Array): Uint8Array;
}

/**
 * How this private key signs, with this hash or the one that fits the key (SHA-384 for P-384, SHA-512 for P-521, else
 * SHA-256); throws `unsupported` for keys that do not sign.
 */
export function signerFor(key: KeyObject, hash?: SignatureHash): Signer {
  const chosen = hash ?? fittingHash(key);
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return withNode(key, signatureOid('rsa', chosen), chosen, asn1.nullValue());
    case 'ec':
      return withNode(key, signatureOid('ec', chosen), chosen);
    case 'dsa':
      return withNode(key, signatureOid('dsa', chosen), chosen);
    case 'ed25519':
      return withNode(key, KeyAlgorithmOid.ed25519, null);
    case 'ed448':
      return withNode(key, KeyAlgorithmOid.ed448, null);
    case 'rsa-pss':
      return withPss(key, chosen);
    default:
      throw new KeystoreError('unsupported', 'A key of this type does not sign', {
        details: { keyType: key.asymmetricKeyType },
      });
  }
}

function withNode(key: KeyObject, oid: string, hash: string | null, parameters?: Uint8Array): Signer {
  return {
    algorithmDer: asn1.sequence(asn1.oid(oid), parameters),
    sign: (data) => Uint8Array.from(signing(() => sign(hash, Buffer.from(data), key))),
  };
}

function withPss(key: KeyObject, hash: SignatureHash): Signer {
  const sizes = { sha1: 20, sha224: 28, sha256: 32, sha384: 48, sha512: 64 };
  const saltLength = sizes[hash];
  const hashIdentifier = asn1.sequence(asn1.oid(hashOid(hash)), asn1.nullValue());
  return {
    algorithmDer: asn1.sequence(
      asn1.oid(KeyAlgorithmOid.rsaPss),
      asn1.sequence(
        asn1.contextConstructed(0, hashIdentifier),
        asn1.contextConstructed(1, asn1.sequence(asn1.oid('1.2.840.113549.1.1.8'), hashIdentifier)),
        asn1.contextConstructed(2, asn1.integer(saltLength)),
      ),
    ),
    sign: (data) =>
      Uint8Array.from(
        signing(() =>
          sign(hash, Buffer.from(data), { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }),
        ),
      ),
  };
}

function signing(action: () => Buffer): Buffer {
  try {
    return action();
  } catch (cause) {
    throw new KeystoreError('unsupported', 'This host cannot sign with this key', { cause });
  }
}

function fittingHash(key: KeyObject): SignatureHash {
  switch (key.asymmetricKeyDetails?.namedCurve) {
    case 'secp384r1':
    case 'brainpoolP384r1':
      return 'sha384';
    case 'secp521r1':
    case 'brainpoolP512r1':
      return 'sha512';
    default:
      return fittingPssHash(key) ?? 'sha256';
  }
}

/** A key of the type RSASSA-PSS may be bound to one hash. */
function fittingPssHash(key: KeyObject): SignatureHash | undefined {
  const bound = key.asymmetricKeyDetails?.hashAlgorithm;
  return bound === 'sha1' ||
    bound === 'sha224' ||
    bound === 'sha256' ||
    bound === 'sha384' ||
    bound === 'sha512'
    ? bound
    : undefined;
}

function signatureOid(key: 'rsa' | 'ec' | 'dsa', hash: SignatureHash): string {
  for (const [oid, algorithm] of signatureAlgorithms) {
    if (algorithm.key === key && algorithm.hash === hash) {
      return oid;
    }
  }
  throw new KeystoreError('unsupported', `There is no signature with ${hash} for this key`);
}

function hashOid(hash: SignatureHash): string {
  for (const [oid, name] of hashNames) {
    if (name === hash) {
      return oid;
    }
  }
  throw new KeystoreError('unsupported', `The hash ${hash} has no number`);
}

import { randomBytes } from 'node:crypto';
import { KeystoreError } from '../errors.js';
import * as asn1 from './asn1.js';
import type { FileDerivation, KeyDerivationRequest } from './keyDerivation.js';
import type { PasswordForm } from './password.js';
import { readAlgorithmIdentifier } from './publicKey.js';
import {
  aesCbc,
  desCbc,
  encryptSymmetric,
  hostCipher,
  type KeyedCipher,
  rc2Cbc,
  rc4,
  type SymmetricCipher,
  tripleDesCbc,
} from './symmetricCipher.js';

/** How a part of a file is encrypted, before any password is known. */
export interface PasswordEncryption {
  /** For the log: `PBES2 with aes-256-cbc`. */
  readonly name: string;
  /** Derives what `decryptSymmetric` needs. */
  keyed(password: PasswordForm, file: FileDerivation): Promise<KeyedCipher>;
}

/** Reads an `AlgorithmIdentifier` of password-based encryption; throws `unsupported` for one that is not known. */
export function readPasswordEncryption(node: asn1.Asn1): PasswordEncryption {
  const { algorithm, parameters } = readAlgorithmIdentifier(node, 'Encryption algorithm');
  const old = pkcs12Ciphers.get(algorithm);
  if (old !== undefined) {
    return pkcs12Encryption(old, parameters);
  }
  const scheme1 = pbes1Schemes.get(algorithm);
  if (scheme1 !== undefined) {
    return pbes1Encryption(scheme1, parameters);
  }
  if (algorithm === pbes2Oid) {
    return pbes2Encryption(parameters);
  }
  throw unsupported('Encryption', algorithm);
}

function unsupported(what: string, algorithm: string): KeystoreError {
  return new KeystoreError('unsupported', `${what} ${algorithm} is not known`, {
    details: { feature: algorithm },
  });
}

/** Salt and rounds, as all schemes but PBES2 have them. */
function readSaltAndRounds(parameters: asn1.Asn1 | undefined): { salt: Uint8Array; rounds: number } {
  const members = asn1.Members.ofSequence(parameters, 'Encryption parameters');
  const salt = asn1.readOctetString(members.next('salt'), 'Salt');
  const rounds = asn1.readSmallInteger(members.next('iterations'), 'Iterations');
  members.end();
  return { salt, rounds };
}

// ------------------------------------------------------------------------------------- RFC 7292 appendix C

const pkcs12Pbe = '1.2.840.113549.1.12.1';
const pkcs12TripleDes = `${pkcs12Pbe}.3`;

const pkcs12Ciphers: ReadonlyMap<string, SymmetricCipher> = new Map([
  [`${pkcs12Pbe}.1`, rc4(16)],
  [`${pkcs12Pbe}.2`, rc4(5)],
  [pkcs12TripleDes, tripleDesCbc(24)],
  [`${pkcs12Pbe}.4`, tripleDesCbc(16)],
  [`${pkcs12Pbe}.5`, rc2Cbc(16)],
  [`${pkcs12Pbe}.6`, rc2Cbc(5)],
]);

function pkcs12Encryption(cipher: SymmetricCipher, parameters: asn1.Asn1 | undefined): PasswordEncryption {
  const saltAndRounds = readSaltAndRounds(parameters);
  return {
    name: `PKCS#12 encryption with ${cipher.name}`,
    keyed: (password, file) => pkcs12Keyed(cipher, saltAndRounds, password, file),
  };
}

async function pkcs12Keyed(
  cipher: SymmetricCipher,
  { salt, rounds }: { readonly salt: Uint8Array; readonly rounds: number },
  password: PasswordForm,
  file: FileDerivation,
): Promise<KeyedCipher> {
  const common = { kind: 'pkcs12', hash: 'sha1', password: password.wide, salt, rounds } as const;
  const [key, iv] = await Promise.all([
    file.derive({ ...common, purpose: 1, length: cipher.keyLength }),
    cipher.ivLength === 0
      ? new Uint8Array(0)
      : file.derive({ ...common, purpose: 2, length: cipher.ivLength }),
  ]);
  return { cipher, key, iv };
}

// ------------------------------------------------------------------------------------------ RFC 8018, PBES1

const pkcs5 = '1.2.840.113549.1.5';

const pbes1Schemes: ReadonlyMap<string, { readonly hash: string; readonly cipher: SymmetricCipher }> =
  new Map([
    [`${pkcs5}.1`, { hash: 'md2', cipher: desCbc }],
    [`${pkcs5}.3`, { hash: 'md5', cipher: desCbc }],
    [`${pkcs5}.4`, { hash: 'md2', cipher: rc2Cbc(8) }],
    [`${pkcs5}.6`, { hash: 'md5', cipher: rc2Cbc(8) }],
    [`${pkcs5}.10`, { hash: 'sha1', cipher: desCbc }],
    [`${pkcs5}.11`, { hash: 'sha1', cipher: rc2Cbc(8) }],
  ]);

function pbes1Encryption(
  { hash, cipher }: { readonly hash: string; readonly cipher: SymmetricCipher },
  parameters: asn1.Asn1 | undefined,
): PasswordEncryption {
  const { salt, rounds } = readSaltAndRounds(parameters);
  if (hash === 'md2') {
    throw unsupported('Digest', hash);
  }
  return {
    name: `PBES1 with ${hash} and ${cipher.name}`,
    keyed: async ({ octets }, file) => {
      const derived = await file.derive({ kind: 'pbkdf1', hash, password: octets, salt, rounds, length: 16 });
      return { cipher, key: derived.subarray(0, 8), iv: derived.subarray(8) };
    },
  };
}

// ------------------------------------------------------------------------------------------ RFC 8018, PBES2

const pbes2Oid = `${pkcs5}.13`;
const pbkdf2Oid = `${pkcs5}.12`;
const scryptOid = '1.3.6.1.4.1.11591.4.11';
const hmacWithSha256Oid = '1.2.840.113549.2.9';
const aes256CbcOid = '2.16.840.1.101.3.4.1.42';

/** Pseudo-random functions of PBKDF2 with node's names of their digests. */
const prfHashes: ReadonlyMap<string, string> = new Map([
  ['1.3.6.1.5.5.8.1.1', 'md5'],
  ['1.3.6.1.5.5.8.1.2', 'sha1'],
  ['1.2.840.113549.2.6', 'md5'],
  ['1.2.840.113549.2.7', 'sha1'],
  ['1.2.840.113549.2.8', 'sha224'],
  [hmacWithSha256Oid, 'sha256'],
  ['1.2.840.113549.2.10', 'sha384'],
  ['1.2.840.113549.2.11', 'sha512'],
  ['1.2.840.113549.2.12', 'sha512-224'],
  ['1.2.840.113549.2.13', 'sha512-256'],
  ['2.16.840.1.101.3.4.2.13', 'sha3-224'],
  ['2.16.840.1.101.3.4.2.14', 'sha3-256'],
  ['2.16.840.1.101.3.4.2.15', 'sha3-384'],
  ['2.16.840.1.101.3.4.2.16', 'sha3-512'],
  ['1.2.156.10197.1.401.2', 'sm3'],
]);

/** Node's name of the digest of a pseudo-random function; throws `unsupported`. */
export function prfHash(oid: string): string {
  const hash = prfHashes.get(oid);
  if (hash === undefined) {
    throw unsupported('Pseudo-random function', oid);
  }
  return hash;
}

/** Makes the key for PBES2 or PBMAC1; `length` is used where the parameters do not tell one. */
export interface KeyDerivationFunction {
  readonly keyLength: number | undefined;
  request(password: Uint8Array, length: number): KeyDerivationRequest;
}

/** Reads the `keyDerivationFunc` of PBES2 or PBMAC1 (RFC 8018 A.2, RFC 7914 7.1); throws `unsupported`. */
export function readKeyDerivationFunction(node: asn1.Asn1): KeyDerivationFunction {
  const { algorithm, parameters } = readAlgorithmIdentifier(node, 'Key derivation');
  if (algorithm === pbkdf2Oid) {
    return readPbkdf2(parameters);
  }
  if (algorithm === scryptOid) {
    return readScrypt(parameters);
  }
  throw unsupported('Key derivation', algorithm);
}

function readPbkdf2(parameters: asn1.Asn1 | undefined): KeyDerivationFunction {
  const members = asn1.Members.ofSequence(parameters, 'PBKDF2 parameters');
  const saltNode = members.next('salt');
  if (asn1.isUniversal(saltNode, asn1.Tag.sequence)) {
    throw unsupported('Source of the salt', 'otherSource');
  }
  const salt = asn1.readOctetString(saltNode, 'Salt');
  const rounds = asn1.readSmallInteger(members.next('iterationCount'), 'Iterations');
  const lengthNode = members.optional(asn1.Tag.integer);
  const prfNode = members.optional(asn1.Tag.sequence);
  members.end();
  const hash =
    prfNode === undefined
      ? 'sha1'
      : prfHash(readAlgorithmIdentifier(prfNode, 'Pseudo-random function').algorithm);
  return {
    keyLength: lengthNode && readKeyLength(lengthNode),
    request: (password, length) => ({ kind: 'pbkdf2', hash, password, salt, rounds, length }),
  };
}

function readScrypt(parameters: asn1.Asn1 | undefined): KeyDerivationFunction {
  const members = asn1.Members.ofSequence(parameters, 'scrypt parameters');
  const salt = asn1.readOctetString(members.next('salt'), 'Salt');
  const cost = asn1.readSmallInteger(members.next('costParameter'), 'Cost');
  const blockSize = asn1.readSmallInteger(members.next('blockSize'), 'Block size');
  const parallelization = asn1.readSmallInteger(members.next('parallelizationParameter'), 'Parallelization');
  const lengthNode = members.optional(asn1.Tag.integer);
  members.end();
  return {
    keyLength: lengthNode && readKeyLength(lengthNode),
    request: (password, length) => ({
      kind: 'scrypt',
      password,
      salt,
      cost,
      blockSize,
      parallelization,
      length,
    }),
  };
}

function readKeyLength(node: asn1.Asn1): number {
  const length = asn1.readSmallInteger(node, 'Key length');
  if (length < 1 || length > 1024) {
    throw asn1.malformed(`Key length ${length}`);
  }
  return length;
}

function pbes2Encryption(parameters: asn1.Asn1 | undefined): PasswordEncryption {
  const members = asn1.Members.ofSequence(parameters, 'PBES2 parameters');
  const kdf = readKeyDerivationFunction(members.next('keyDerivationFunc'));
  const scheme = readAlgorithmIdentifier(members.next('encryptionScheme'), 'Encryption scheme');
  members.end();
  const { cipher, iv } = readScheme(scheme.algorithm, scheme.parameters, kdf.keyLength);
  if (kdf.keyLength !== undefined && kdf.keyLength !== cipher.keyLength) {
    throw asn1.malformed(`A key of ${kdf.keyLength} bytes for ${cipher.name}`);
  }
  if (iv.length !== cipher.ivLength) {
    throw asn1.malformed(`An initialisation vector of ${iv.length} bytes for ${cipher.name}`);
  }
  return {
    name: `PBES2 with ${cipher.name}`,
    keyed: async ({ octets }, file) => {
      const key = await file.derive(kdf.request(octets, cipher.keyLength));
      return { cipher, key, iv };
    },
  };
}

function readScheme(
  algorithm: string,
  parameters: asn1.Asn1 | undefined,
  keyLength: number | undefined,
): { cipher: SymmetricCipher; iv: Uint8Array } {
  if (algorithm === '1.2.840.113549.3.2') {
    return readRc2(parameters, keyLength);
  }
  if (algorithm === '1.2.840.113549.3.4') {
    return { cipher: rc4(keyLength ?? 16), iv: new Uint8Array(0) };
  }
  const cipher = schemeCiphers.get(algorithm) ?? hostCipher(hostCipherNames.get(algorithm) ?? '');
  if (cipher === undefined) {
    throw unsupported('Cipher', hostCipherNames.get(algorithm) ?? algorithm);
  }
  return { cipher, iv: asn1.readOctetString(parameters, 'Initialisation vector') };
}

const aes = '2.16.840.1.101.3.4.1';

const schemeCiphers: ReadonlyMap<string, SymmetricCipher> = new Map([
  ['1.3.14.3.2.7', desCbc],
  ['1.2.840.113549.3.7', tripleDesCbc(24)],
  [`${aes}.2`, aesCbc(128)],
  [`${aes}.22`, aesCbc(192)],
  [aes256CbcOid, aesCbc(256)],
]);

/** Ciphers that are used where the host has them. */
const hostCipherNames: ReadonlyMap<string, string> = new Map([
  [`${aes}.3`, 'aes-128-ofb'],
  [`${aes}.4`, 'aes-128-cfb'],
  [`${aes}.23`, 'aes-192-ofb'],
  [`${aes}.24`, 'aes-192-cfb'],
  [`${aes}.43`, 'aes-256-ofb'],
  [`${aes}.44`, 'aes-256-cfb'],
  ['1.2.392.200011.61.1.1.1.2', 'camellia-128-cbc'],
  ['1.2.392.200011.61.1.1.1.3', 'camellia-192-cbc'],
  ['1.2.392.200011.61.1.1.1.4', 'camellia-256-cbc'],
  ['1.2.410.200046.1.1.2', 'aria-128-cbc'],
  ['1.2.410.200046.1.1.7', 'aria-192-cbc'],
  ['1.2.410.200046.1.1.12', 'aria-256-cbc'],
  ['1.2.410.200004.1.4', 'seed-cbc'],
  ['1.2.156.10197.1.104.2', 'sm4-cbc'],
  ['1.3.6.1.4.1.3029.1.2', 'bf-cbc'],
]);

/** The `rc2ParameterVersion` of the effective key bits (RFC 8018 B.2.3); from 256 on it is the number itself. */
const rc2Versions: ReadonlyMap<number, number> = new Map([
  [160, 40],
  [120, 64],
  [58, 128],
]);

function readRc2(
  parameters: asn1.Asn1 | undefined,
  keyLength: number | undefined,
): { cipher: SymmetricCipher; iv: Uint8Array } {
  const members = asn1.isUniversal(parameters, asn1.Tag.octetString)
    ? new asn1.Members([parameters], 'RC2 parameters')
    : asn1.Members.ofSequence(parameters, 'RC2 parameters');
  const versionNode = members.optional(asn1.Tag.integer);
  const iv = asn1.readOctetString(members.next('iv'), 'Initialisation vector');
  members.end();
  let effectiveBits = 32;
  if (versionNode !== undefined) {
    const version = asn1.readSmallInteger(versionNode, 'RC2 version');
    const bits = rc2Versions.get(version) ?? (version >= 256 && version <= 1024 ? version : undefined);
    if (bits === undefined) {
      throw unsupported('RC2 version', String(version));
    }
    effectiveBits = bits;
  }
  // Without a length in the parameters the writers mean as many bits as are effective.
  const length = keyLength ?? Math.ceil(effectiveBits / 8);
  if (length > 128) {
    throw asn1.malformed('An RC2 key of more than 128 bytes');
  }
  return { cipher: rc2Cbc(length, effectiveBits), iv };
}

// -------------------------------------------------------------------------------------------------- writing

/** `modern`: PBES2, AES-256, PBKDF2 with HMAC-SHA-256. `compatible`: triple DES and SHA-1, for old ABAP and Windows. */
export type EncryptionProfile = 'modern' | 'compatible';

/** Rounds that are written where the caller names none. */
export const defaultRounds: Readonly<Record<EncryptionProfile, number>> = {
  // What OWASP names for PBKDF2 with HMAC-SHA-256, and Firefox writes.
  modern: 600_000,
  compatible: 50_000,
};

/** Encrypts under a password; `algorithm` is the `AlgorithmIdentifier` that a reader needs. */
export async function encryptWithPassword(
  plain: Uint8Array,
  password: PasswordForm,
  {
    profile,
    rounds,
    file,
  }: { readonly profile: EncryptionProfile; readonly rounds: number; readonly file: FileDerivation },
): Promise<{ readonly algorithm: Uint8Array; readonly encrypted: Uint8Array }> {
  if (profile === 'compatible') {
    const salt = randomBytes(8);
    const keyed = await pkcs12Keyed(tripleDesCbc(24), { salt, rounds }, password, file);
    return {
      algorithm: asn1.sequence(
        asn1.oid(pkcs12TripleDes),
        asn1.sequence(asn1.octetString(salt), asn1.integer(rounds)),
      ),
      encrypted: encryptSymmetric(keyed, plain),
    };
  }
  const cipher = aesCbc(256);
  const salt = randomBytes(16);
  const iv = randomBytes(cipher.ivLength);
  const key = await file.derive({
    kind: 'pbkdf2',
    hash: 'sha256',
    password: password.octets,
    salt,
    rounds,
    length: cipher.keyLength,
  });
  const kdf = asn1.sequence(
    asn1.oid(pbkdf2Oid),
    asn1.sequence(
      asn1.octetString(salt),
      asn1.integer(rounds),
      asn1.sequence(asn1.oid(hmacWithSha256Oid), asn1.nullValue()),
    ),
  );
  const scheme = asn1.sequence(asn1.oid(aes256CbcOid), asn1.octetString(iv));
  return {
    algorithm: asn1.sequence(asn1.oid(pbes2Oid), asn1.sequence(kdf, scheme)),
    encrypted: encryptSymmetric({ cipher, key, iv }, plain),
  };
}

import crypto from 'node:crypto';
import { KeystoreError } from '../errors.js';
import * as asn1 from './asn1.js';
import { FileDerivation } from './keyDerivation.js';
import { passwordForms } from './password.js';
import { readPasswordEncryption } from './passwordEncryption.js';
import { decodeBase64, decodeText, encodePem, type PemBlock, readPemBlocks } from './pem.js';
import { decryptedSequence, type ReadOptions } from './protectedFile.js';
import { keyForm, type PrivateKeyInfo, readPrivateKeyInfo } from './privateKeyInfo.js';
import {
  aesCbc,
  decryptSymmetric,
  desCbc,
  hostCipher,
  rc2Cbc,
  type SymmetricCipher,
  tripleDesCbc,
} from './symmetricCipher.js';

/** A private key as a file held it. */
export interface PrivateKey extends PrivateKeyInfo {
  readonly encrypted: boolean;
}

const maxFileBytes = 1024 * 1024;

/**
 * Reads the first private key of a file: PKCS#8, PKCS#1, SEC1, OpenSSL's DSA, encrypted or not, PEM, DER or base64. Throws
 * `password-needed`, `wrong-password`, `malformed`, or `unsupported` with `format` (`openssh`, `putty`, `ssh.com`, `pkcs12`)
 * for what is a private key in a form that SAP does not take.
 */
export async function readPrivateKey(bytes: Uint8Array, options: ReadOptions): Promise<PrivateKey> {
  const [first] = privateKeysIn(bytes);
  return await first.read(options);
}

/** A private key of a file, not read yet. */
export interface PrivateKeyPiece {
  /** As `readPrivateKey`. */
  readonly read: (options: ReadOptions) => Promise<PrivateKey>;
  /** A file with this key alone. */
  readonly alone: () => Uint8Array;
}

/** The private keys of a file in its order, at least one; throws `malformed` where there is none, and `budget`. */
export function privateKeysIn(bytes: Uint8Array): readonly [PrivateKeyPiece, ...PrivateKeyPiece[]] {
  if (bytes.length > maxFileBytes) {
    throw new KeystoreError('budget', `A private key file of more than ${maxFileBytes} bytes`);
  }
  const alone = (): Uint8Array => bytes;
  if (bytes[0] === 0x30) {
    return [{ read: (options) => readDer(bytes, options), alone }];
  }
  const text = decodeText(bytes);
  const format = foreignFileFormat(text);
  if (format !== undefined) {
    return [{ read: () => Promise.reject(foreignFormat(format)), alone }];
  }
  const blocks = readPemBlocks(text);
  const [first, ...others] = blocks
    .filter(({ label }) => label.endsWith('PRIVATE KEY'))
    .map((block) => ({
      read: (options: ReadOptions) => readBlock(block, options),
      alone: () => new TextEncoder().encode(encodePem(block.label, block.der)),
    }));
  if (first !== undefined) {
    return [first, ...others];
  }
  const der = blocks.length === 0 ? decodeBase64(text) : undefined;
  if (der === undefined) {
    throw asn1.malformed('The file holds no private key');
  }
  return [{ read: (options) => readDer(der, options), alone }];
}

/** The format of private keys that are neither PEM nor DER. */
function foreignFileFormat(text: string): 'putty' | 'ssh.com' | undefined {
  const start = text.slice(0, 4096).trimStart();
  if (start.startsWith('PuTTY-User-Key-File-')) {
    return 'putty';
  }
  return start.startsWith('---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----') ? 'ssh.com' : undefined;
}

function foreignFormat(format: 'openssh' | 'putty' | 'ssh.com' | 'pkcs12'): KeystoreError {
  return new KeystoreError('unsupported', `A private key in the format ${format}`, { details: { format } });
}

async function readBlock(block: PemBlock, options: ReadOptions): Promise<PrivateKey> {
  if (block.label === 'OPENSSH PRIVATE KEY') {
    throw foreignFormat('openssh');
  }
  if (block.label === 'SSH2 ENCRYPTED PRIVATE KEY') {
    throw foreignFormat('ssh.com');
  }
  const isEncrypted = block.headers.get('Proc-Type')?.replace(/\s/g, '') === '4,ENCRYPTED';
  return isEncrypted || block.headers.has('DEK-Info')
    ? readTraditional(block, options)
    : await readDer(block.der, options);
}

async function readDer(der: Uint8Array, options: ReadOptions): Promise<PrivateKey> {
  const node = asn1.readFirstAsn1(der);
  if (keyForm(node) !== undefined) {
    return { ...readPrivateKeyInfo(node), encrypted: false };
  }
  if (isEncryptedPrivateKey(node)) {
    return { ...(await decryptPrivateKeyInfo(node, options)), encrypted: true };
  }
  const [version, content] = node.children;
  if (asn1.isUniversal(version, asn1.Tag.integer) && isDataContent(content)) {
    throw foreignFormat('pkcs12');
  }
  throw asn1.malformed('The file holds no private key');
}

/** True for the encoding of a private key, encrypted or not; never throws. */
export function looksLikePrivateKey(der: Uint8Array): boolean {
  try {
    const node = asn1.readFirstAsn1(der);
    return keyForm(node) !== undefined || isEncryptedPrivateKey(node);
  } catch {
    return false;
  }
}

/** `ContentInfo` with data or signed data, as the second member of a PFX. */
function isDataContent(node: asn1.Asn1 | undefined): boolean {
  const [type] = node?.children ?? [];
  return (
    asn1.isUniversal(type, asn1.Tag.oid) && /^1\.2\.840\.113549\.1\.7\.[12]$/.test(asn1.readOid(type, 'Type'))
  );
}

// ------------------------------------------------------------------------------ EncryptedPrivateKeyInfo (RFC 5958 3)

function isEncryptedPrivateKey(node: asn1.Asn1): boolean {
  const [algorithm, encrypted] = node.children;
  return (
    node.children.length === 2 &&
    asn1.isUniversal(algorithm, asn1.Tag.sequence) &&
    asn1.isUniversal(encrypted, asn1.Tag.octetString)
  );
}

async function decryptPrivateKeyInfo(node: asn1.Asn1, options: ReadOptions): Promise<PrivateKeyInfo> {
  const members = asn1.Members.ofSequence(node, 'Encrypted private key');
  const encryption = readPasswordEncryption(members.next('encryptionAlgorithm'));
  const encrypted = asn1.readOctetString(members.next('encryptedData'), 'Encrypted private key');
  const { password, derivation, ...watching } = options;
  if (password === undefined) {
    throw passwordNeeded();
  }
  const file = new FileDerivation(derivation, watching);
  for (const form of passwordForms(password)) {
    const plain = decryptSymmetric(await encryption.keyed(form, file), encrypted);
    const found = plain && decryptedSequence(plain);
    if (found !== undefined) {
      return readPrivateKeyInfo(found);
    }
  }
  throw wrongPassword();
}

function passwordNeeded(): KeystoreError {
  return new KeystoreError('password-needed', 'The private key is encrypted');
}

function wrongPassword(): KeystoreError {
  return new KeystoreError('wrong-password', 'The password does not decrypt the private key');
}

// -------------------------------------------------------------------------------- traditional PEM (RFC 1421 4.6.1.1)

function readTraditional(block: PemBlock, { password }: ReadOptions): PrivateKey {
  const match = /^([A-Za-z0-9-]{1,40})(?:\s*,\s*([0-9A-Fa-f]*))?$/.exec(block.headers.get('DEK-Info') ?? '');
  const name = match?.[1]?.toUpperCase();
  if (name === undefined) {
    throw asn1.malformed('The key is encrypted, but its DEK-Info does not tell how');
  }
  const cipher = traditionalCipher(name);
  const iv = Uint8Array.from(Buffer.from(match?.[2] ?? '', 'hex'));
  if (iv.length !== cipher.ivLength || (match?.[2] ?? '').length !== 2 * cipher.ivLength) {
    throw asn1.malformed(`DEK-Info with an initialisation vector that ${name} does not have`);
  }
  if (password === undefined) {
    throw passwordNeeded();
  }
  for (const { octets } of passwordForms(password)) {
    const key = opensslKey(octets, iv.subarray(0, 8), cipher.keyLength);
    const plain = decryptSymmetric({ cipher, key, iv }, block.der);
    const found = plain && decryptedSequence(plain);
    if (found !== undefined) {
      return { ...readPrivateKeyInfo(found), encrypted: true };
    }
  }
  throw wrongPassword();
}

function traditionalCipher(name: string): SymmetricCipher {
  switch (name) {
    case 'AES-128-CBC':
      return aesCbc(128);
    case 'AES-192-CBC':
      return aesCbc(192);
    case 'AES-256-CBC':
      return aesCbc(256);
    case 'DES-EDE3-CBC':
      return tripleDesCbc(24);
    case 'DES-CBC':
      return desCbc;
    case 'RC2-CBC':
      return rc2Cbc(16);
    case 'RC2-64-CBC':
      return rc2Cbc(8);
    case 'RC2-40-CBC':
      return rc2Cbc(5);
    default: {
      const cipher = hostCipher(name.toLowerCase());
      if (cipher === undefined) {
        throw new KeystoreError('unsupported', `Cipher ${name} is not known`, { details: { feature: name } });
      }
      return cipher;
    }
  }
}

/** OpenSSL's EVP_BytesToKey with MD5 and one round, which is what traditional PEM means. */
function opensslKey(password: Uint8Array, salt: Uint8Array, length: number): Uint8Array {
  const blocks: Uint8Array[] = [];
  let last: Uint8Array = new Uint8Array(0);
  for (let have = 0; have < length; have += last.length) {
    try {
      last = crypto.createHash('md5').update(last).update(password).update(salt).digest();
    } catch (cause) {
      throw new KeystoreError('unsupported', 'This host has no digest md5', {
        cause,
        details: { feature: 'md5' },
      });
    }
    blocks.push(last);
  }
  return asn1.concatBytes(blocks).subarray(0, length);
}

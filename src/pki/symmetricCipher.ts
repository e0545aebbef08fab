import crypto from 'node:crypto';
import { KeystoreError } from '../errors.js';
import { concatBytes } from './asn1.js';
import { type CipherDirection, forgeBlockCipher, forgeRc2 } from './forgeCiphers.js';

/** A cipher that a file's encryption may name. */
export interface SymmetricCipher {
  /** node's name of it; `des-cbc`, `rc2-cbc` and `rc4` are done here, whatever node has. */
  readonly name: string;
  readonly keyLength: number;
  /** 0 for a cipher without one. */
  readonly ivLength: number;
  /** 0 for a stream cipher, whose text is not padded. */
  readonly blockLength: number;
  /** RC2 only (RFC 2268). */
  readonly effectiveBits?: number;
}

/** The part of node:crypto that is used here; hosts on BoringSSL lack some ciphers, which tests imitate. */
export interface CipherHost {
  createCipheriv(name: string, key: Uint8Array, iv: Uint8Array | null): crypto.Cipher;
  createDecipheriv(name: string, key: Uint8Array, iv: Uint8Array | null): crypto.Decipher;
}

/** AES in CBC mode. */
export function aesCbc(bits: 128 | 192 | 256): SymmetricCipher {
  return { name: `aes-${bits}-cbc`, keyLength: bits / 8, ivLength: 16, blockLength: 16 };
}

/** Triple DES in CBC mode; with a key of 16 bytes its first and third key are the same. */
export function tripleDesCbc(keyLength: 16 | 24): SymmetricCipher {
  return { name: 'des-ede3-cbc', keyLength, ivLength: 8, blockLength: 8 };
}

/** Single DES in CBC mode. */
export const desCbc: SymmetricCipher = { name: 'des-cbc', keyLength: 8, ivLength: 8, blockLength: 8 };

/** RC2 in CBC mode. */
export function rc2Cbc(keyLength: number, effectiveBits = keyLength * 8): SymmetricCipher {
  return { name: 'rc2-cbc', keyLength, ivLength: 8, blockLength: 8, effectiveBits };
}

/** RC4. */
export function rc4(keyLength: number): SymmetricCipher {
  return { name: 'rc4', keyLength, ivLength: 0, blockLength: 0 };
}

/** Any other cipher of node's, by its name; `undefined` where this host does not know it or it authenticates as well. */
export function hostCipher(name: string): SymmetricCipher | undefined {
  const info = crypto.getCipherInfo(name);
  if (info === undefined || !['cbc', 'cfb', 'cfb8', 'cfb1', 'ofb', 'ctr'].includes(info.mode)) {
    return undefined;
  }
  return {
    name,
    keyLength: info.keyLength,
    ivLength: info.ivLength ?? 0,
    blockLength: info.mode === 'cbc' ? (info.blockSize ?? 0) : 0,
  };
}

/** A cipher with the key and vector it runs with. */
export interface KeyedCipher {
  readonly cipher: SymmetricCipher;
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
}

/**
 * The plain text, or `undefined` where its padding is wrong: a wrong key, in all but 1 of 256 cases. Throws `malformed`
 * for a text that is not whole blocks and `unsupported` for a cipher that this host does not have.
 */
export function decryptSymmetric(
  { cipher, key, iv }: KeyedCipher,
  data: Uint8Array,
  host: CipherHost = crypto,
): Uint8Array | undefined {
  checkKey({ cipher, key, iv });
  if (cipher.blockLength === 0) {
    return run({ cipher, key, iv }, 'decrypt', data, host);
  }
  if (data.length === 0 || data.length % cipher.blockLength !== 0) {
    throw new KeystoreError('malformed', 'The encrypted data is not whole blocks');
  }
  const padded = run({ cipher, key, iv }, 'decrypt', data, host);
  const count = padded.at(-1) ?? 0;
  if (count === 0 || count > cipher.blockLength) {
    return undefined;
  }
  return padded.subarray(-count).every((octet) => octet === count)
    ? padded.subarray(0, padded.length - count)
    : undefined;
}

/** The encrypted text, padded as RFC 8018 6.1.1 says. Throws `unsupported` for a cipher that this host does not have. */
export function encryptSymmetric(
  { cipher, key, iv }: KeyedCipher,
  data: Uint8Array,
  host: CipherHost = crypto,
): Uint8Array {
  checkKey({ cipher, key, iv });
  if (cipher.blockLength === 0) {
    return run({ cipher, key, iv }, 'encrypt', data, host);
  }
  const count = cipher.blockLength - (data.length % cipher.blockLength);
  return run({ cipher, key, iv }, 'encrypt', concatBytes([data, new Uint8Array(count).fill(count)]), host);
}

function checkKey({ cipher, key, iv }: KeyedCipher): void {
  if (key.length !== cipher.keyLength || iv.length !== cipher.ivLength) {
    throw new KeystoreError('malformed', `Key or initialisation vector of wrong length for ${cipher.name}`);
  }
}

function run(
  { cipher, key, iv }: KeyedCipher,
  direction: CipherDirection,
  data: Uint8Array,
  host: CipherHost,
): Uint8Array {
  switch (cipher.name) {
    case 'rc2-cbc':
      return forgeRc2(direction, { key, iv, data }, cipher.effectiveBits ?? key.length * 8);
    case 'rc4':
      return rc4Stream(key, data);
    case 'des-cbc':
      // Triple DES with one key three times is single DES, which OpenSSL 3 has in its legacy provider only.
      return runOnHost('des-ede3-cbc', concatBytes([key, key, key]), iv, direction, data, host);
    case 'des-ede3-cbc': {
      const threeKeys = key.length === 16 ? concatBytes([key, key.subarray(0, 8)]) : key;
      return runOnHost('des-ede3-cbc', threeKeys, iv, direction, data, host);
    }
    default:
      return runOnHost(cipher.name, key, iv, direction, data, host);
  }
}

function runOnHost(
  name: string,
  key: Uint8Array,
  iv: Uint8Array,
  direction: CipherDirection,
  data: Uint8Array,
  host: CipherHost,
): Uint8Array {
  try {
    if (direction === 'encrypt') {
      const cipher = host.createCipheriv(name, key, iv);
      cipher.setAutoPadding(false);
      return concatBytes([cipher.update(data), cipher.final()]);
    }
    const decipher = host.createDecipheriv(name, key, iv);
    decipher.setAutoPadding(false);
    return concatBytes([decipher.update(data), decipher.final()]);
  } catch (cause) {
    if (/^aes-\d+-cbc$/.test(name)) {
      return forgeBlockCipher('AES-CBC', direction, { key, iv, data });
    }
    if (name === 'des-ede3-cbc') {
      return forgeBlockCipher('3DES-CBC', direction, { key, iv, data });
    }
    throw new KeystoreError('unsupported', `This host has no cipher ${name}`, {
      cause,
      details: { feature: name },
    });
  }
}

/** RC4 has no padding and one direction; OpenSSL 3 has it in its legacy provider only. */
function rc4Stream(key: Uint8Array, data: Uint8Array): Uint8Array {
  const state = Uint8Array.from({ length: 256 }, (_, index) => index);
  const at = (index: number): number => state[index & 0xff] ?? 0;
  const swap = (a: number, b: number): void => {
    [state[a], state[b]] = [at(b), at(a)];
  };
  for (let i = 0, j = 0; i < 256; i++) {
    j = (j + at(i) + (key[i % key.length] ?? 0)) & 0xff;
    swap(i, j);
  }
  let i = 0;
  let j = 0;
  return data.map((octet) => {
    i = (i + 1) & 0xff;
    j = (j + at(i)) & 0xff;
    swap(i, j);
    return octet ^ at(at(i) + at(j));
  });
}

import crypto from 'node:crypto';
import { KeystoreError } from '../errors.js';

/** The error where the host has no such digest (FIPS hosts lack MD5, for one). */
export function unsupportedHash(hash: string, cause?: unknown): KeystoreError {
  return new KeystoreError('unsupported', `This host has no digest ${hash}`, {
    ...(cause === undefined ? {} : { cause }),
    details: { feature: hash },
  });
}

/** Hashes once: node's one-shot form takes half the time of `createHash`, where the host has it. */
function hashOnce(hash: string, data: Uint8Array): Uint8Array {
  try {
    return typeof crypto.hash === 'function'
      ? crypto.hash(hash, data, 'buffer')
      : crypto.createHash(hash).update(data).digest();
  } catch (cause) {
    throw unsupportedHash(hash, cause);
  }
}

/**
 * Replaces a digest by its own digest, so many times. As a string of bytes node hands a digest out in half the time that a new
 * buffer takes, and a derivation is hundreds of thousands of them.
 */
function hashAgain(hash: string, digest: Uint8Array, rounds: number): Uint8Array {
  const value = Buffer.from(digest);
  try {
    for (let round = 0; round < rounds; round++) {
      value.write(
        typeof crypto.hash === 'function'
          ? crypto.hash(hash, value, 'binary')
          : crypto.createHash(hash).update(value).digest('binary'),
        'binary',
      );
    }
  } catch (cause) {
    throw unsupportedHash(hash, cause);
  }
  return value;
}

/** SHA-384 and SHA-512 with their shortened forms work on 128 bytes at a time, the older ones on 64. */
function blockLength(hash: string): number {
  return /^sha(?:384|512)/.test(hash) ? 128 : 64;
}

/** What a derivation starts from. */
export interface Pkcs12KdfInput {
  readonly hash: string;
  readonly password: Uint8Array;
  readonly salt: Uint8Array;
  readonly rounds: number;
  readonly purpose: 1 | 2 | 3;
  readonly length: number;
}

/** The key derivation of RFC 7292 appendix B.2, advanced by a number of rounds at a time. */
export class Pkcs12Kdf {
  private readonly diversifier: Uint8Array;
  private readonly input: Uint8Array;
  private readonly blocks: Uint8Array[] = [];
  private readonly blockCount: number;
  private current: Uint8Array | undefined;
  private roundsOfCurrent = 0;

  constructor(private readonly request: Pkcs12KdfInput) {
    const { hash, password, salt, purpose, length } = request;
    const width = blockLength(hash);
    this.diversifier = new Uint8Array(width).fill(purpose);
    this.input = Buffer.concat([repeated(salt, width), repeated(password, width)]);
    this.blockCount = Math.ceil(length / hashOnce(hash, new Uint8Array(0)).length);
  }

  /** The finished part, 0 to 1. */
  get fraction(): number {
    const { rounds } = this.request;
    return (this.blocks.length * rounds + this.roundsOfCurrent) / (this.blockCount * rounds);
  }

  /** The key, once `advance` has returned true. */
  get key(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.blocks).subarray(0, this.request.length));
  }

  /** Does up to this many rounds; true when the key is there. */
  advance(rounds: number): boolean {
    const { hash, rounds: roundsOfBlock } = this.request;
    let left = rounds;
    while (this.blocks.length < this.blockCount) {
      let value = this.current;
      if (value === undefined) {
        value = hashOnce(hash, Buffer.concat([this.diversifier, this.input]));
        this.roundsOfCurrent = 1;
        left--;
      }
      const end = Math.min(roundsOfBlock, this.roundsOfCurrent + left);
      left -= end - this.roundsOfCurrent;
      value = hashAgain(hash, value, end - this.roundsOfCurrent);
      this.roundsOfCurrent = end;
      if (this.roundsOfCurrent < roundsOfBlock) {
        this.current = value;
        return false;
      }
      this.finishBlock(value);
      if (left <= 0) {
        break;
      }
    }
    return this.blocks.length >= this.blockCount;
  }

  private finishBlock(value: Uint8Array): void {
    this.blocks.push(value);
    this.current = undefined;
    this.roundsOfCurrent = 0;
    const width = this.diversifier.length;
    const addend = repeated(value, width);
    for (let start = 0; start < this.input.length; start += width) {
      let carry = 1;
      for (let at = width - 1; at >= 0; at--) {
        carry += (this.input[start + at] ?? 0) + (addend[at] ?? 0);
        this.input[start + at] = carry & 0xff;
        carry >>= 8;
      }
    }
  }
}

/** Copies of the bytes, one after the other, up to the next multiple of the width; nothing stays nothing. */
function repeated(bytes: Uint8Array, width: number): Uint8Array {
  const result = new Uint8Array(Math.ceil(bytes.length / width) * width);
  for (let at = 0; at < result.length; at++) {
    result[at] = bytes[at % bytes.length] ?? 0;
  }
  return result;
}

/** PBKDF1 (RFC 8018 5.1), advanced by a number of rounds at a time. */
export class Pbkdf1 {
  private value: Uint8Array;
  private done = 1;

  constructor(
    private readonly request: {
      readonly hash: string;
      readonly password: Uint8Array;
      readonly salt: Uint8Array;
      readonly rounds: number;
      readonly length: number;
    },
  ) {
    this.value = hashOnce(request.hash, Buffer.concat([request.password, request.salt]));
    if (request.length > this.value.length) {
      throw new KeystoreError('malformed', 'PBKDF1 gives no key of this length');
    }
  }

  /** The finished part, 0 to 1. */
  get fraction(): number {
    return this.done / this.request.rounds;
  }

  /** The key, once `advance` has returned true. */
  get key(): Uint8Array {
    return new Uint8Array(this.value.subarray(0, this.request.length));
  }

  /** Does up to this many rounds; true when the key is there. */
  advance(rounds: number): boolean {
    const end = Math.min(this.request.rounds, this.done + rounds);
    this.value = hashAgain(this.request.hash, this.value, end - this.done);
    this.done = end;
    return this.done >= this.request.rounds;
  }
}

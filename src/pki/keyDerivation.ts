import crypto from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { assertNever, Cancelled, KeystoreError } from '../errors.js';
import { forgePbkdf2 } from './forgeCiphers.js';
import { Pbkdf1, Pkcs12Kdf, unsupportedHash } from './hashIteration.js';

/** A key to be made from a password; `hash` is node's name of a digest, `length` counts bytes. */
export type KeyDerivationRequest =
  | {
      /** RFC 7292 appendix B; the password is a BMPString with its two zero octets, or nothing. */
      readonly kind: 'pkcs12';
      readonly hash: string;
      readonly password: Uint8Array;
      readonly salt: Uint8Array;
      readonly rounds: number;
      /** 1 for a key, 2 for an initialisation vector, 3 for a MAC key. */
      readonly purpose: 1 | 2 | 3;
      readonly length: number;
    }
  | {
      /** RFC 8018 5.1. */
      readonly kind: 'pbkdf1';
      readonly hash: string;
      readonly password: Uint8Array;
      readonly salt: Uint8Array;
      readonly rounds: number;
      readonly length: number;
    }
  | {
      /** RFC 8018 5.2. */
      readonly kind: 'pbkdf2';
      readonly hash: string;
      readonly password: Uint8Array;
      readonly salt: Uint8Array;
      readonly rounds: number;
      readonly length: number;
    }
  | {
      /** RFC 7914. */
      readonly kind: 'scrypt';
      readonly password: Uint8Array;
      readonly salt: Uint8Array;
      readonly cost: number;
      readonly blockSize: number;
      readonly parallelization: number;
      readonly length: number;
    };

/** How a derivation is watched and stopped. */
export interface KeyDerivationOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told the finished part, 0 to 1; PBKDF2 and scrypt tell only their end. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

/** Makes keys from passwords. Throws `Cancelled`, `budget` past `maxRounds`, `unsupported` for a digest the host lacks. */
export interface KeyDerivation {
  derive(request: KeyDerivationRequest, options?: KeyDerivationOptions): Promise<Uint8Array>;
}

/** Rounds of one derivation; nobody writes a file with more, and a hostile file could otherwise name billions. */
export const maxRounds = 10_000_000;

/** Rounds of all derivations that one file may ask for: four of the longest. */
const maxRoundsOfFile = 4 * maxRounds;

const maxScryptMemory = 512 * 1024 * 1024;

/** Throws `budget` or `malformed` for what is not derived. */
export function checkDerivation(request: KeyDerivationRequest): void {
  if (request.kind === 'scrypt') {
    const { cost, blockSize, parallelization } = request;
    if (cost < 2 || !Number.isInteger(Math.log2(cost)) || blockSize < 1 || parallelization < 1) {
      throw new KeystoreError('malformed', 'scrypt with impossible parameters');
    }
    if (
      128 * cost * blockSize > maxScryptMemory ||
      128 * blockSize * parallelization > maxScryptMemory ||
      roundsOf(request) > maxRounds
    ) {
      throw new KeystoreError('budget', 'scrypt asks for more memory or time than is given to a file');
    }
    return;
  }
  if (!Number.isSafeInteger(request.rounds) || request.rounds < 1) {
    throw new KeystoreError('malformed', 'Key derivation with fewer than one round');
  }
  if (request.rounds > maxRounds) {
    throw new KeystoreError('budget', `Key derivation with ${request.rounds} rounds; ${maxRounds} are done`, {
      details: { rounds: request.rounds },
    });
  }
}

/** How long a derivation takes, counted in rounds of PBKDF2. */
function roundsOf(request: KeyDerivationRequest): number {
  return request.kind === 'scrypt'
    ? request.cost * request.blockSize * request.parallelization
    : request.rounds;
}

/** Makes the keys of one file: counts the rounds of all its parts, and tells their progress as one. */
export class FileDerivation {
  private rounds = 0;
  private roundsDone = 0;
  private told = 0;

  constructor(
    private readonly derivation: KeyDerivation,
    private readonly options: KeyDerivationOptions,
  ) {}

  /** Throws as `KeyDerivation` does, and `budget` where the file asks for too much in all. */
  async derive(request: KeyDerivationRequest): Promise<Uint8Array> {
    checkDerivation(request);
    const rounds = roundsOf(request);
    this.rounds += rounds;
    if (this.rounds > maxRoundsOfFile) {
      throw new KeystoreError('budget', `The file asks for more than ${maxRoundsOfFile} rounds in all`);
    }
    let roundsTold = 0;
    const { signal, onProgress } = this.options;
    return await this.derivation.derive(request, {
      signal,
      onProgress: (fraction) => {
        this.roundsDone += fraction * rounds - roundsTold;
        roundsTold = fraction * rounds;
        // A part that begins later makes the whole longer; what was told is not taken back.
        this.told = Math.max(this.told, this.roundsDone / this.rounds);
        onProgress?.(this.told);
      },
    });
  }
}

/** Rounds between two looks at the signal: a few milliseconds. */
const roundsInOneTurn = 4000;

/**
 * Derives on the calling thread, a few milliseconds at a time, or on node's thread pool where node can (PBKDF2, scrypt).
 * For short derivations, for tests, and where no worker thread can be started.
 */
export const localKeyDerivation: KeyDerivation = {
  async derive(request, options = {}) {
    checkDerivation(request);
    Cancelled.throwIfAborted(options.signal);
    const key = await settledOrAborted(deriveHere(request, options), options.signal);
    options.onProgress?.(1);
    return key;
  },
};

async function deriveHere(request: KeyDerivationRequest, options: KeyDerivationOptions): Promise<Uint8Array> {
  switch (request.kind) {
    case 'pkcs12':
      return await inTurns(new Pkcs12Kdf(request), options);
    case 'pbkdf1':
      return await inTurns(new Pbkdf1(request), options);
    case 'pbkdf2':
      return await pbkdf2(request);
    case 'scrypt':
      return await scrypt(request);
    default:
      return assertNever(request);
  }
}

async function inTurns(kdf: Pkcs12Kdf | Pbkdf1, options: KeyDerivationOptions): Promise<Uint8Array> {
  while (!kdf.advance(roundsInOneTurn)) {
    options.onProgress?.(kdf.fraction);
    await nextTurn();
    Cancelled.throwIfAborted(options.signal);
  }
  return kdf.key;
}

type Pbkdf2Request = Extract<KeyDerivationRequest, { readonly kind: 'pbkdf2' }>;

async function pbkdf2(request: Pbkdf2Request): Promise<Uint8Array> {
  const { password, salt, rounds, length, hash } = request;
  try {
    return await new Promise<Uint8Array>((resolve, reject) => {
      crypto.pbkdf2(password, salt, rounds, length, hash, (error, key) =>
        error === null ? resolve(key) : reject(error),
      );
    });
  } catch (cause) {
    const key = forgePbkdf2(request);
    if (key === undefined) {
      throw unsupportedHash(hash, cause);
    }
    return key;
  }
}

async function scrypt(request: Extract<KeyDerivationRequest, { kind: 'scrypt' }>): Promise<Uint8Array> {
  const { password, salt, length, cost, blockSize, parallelization } = request;
  const options = { cost, blockSize, parallelization, maxmem: 2 * maxScryptMemory };
  try {
    return await new Promise<Uint8Array>((resolve, reject) => {
      crypto.scrypt(password, salt, length, options, (error, key) =>
        error === null ? resolve(key) : reject(error),
      );
    });
  } catch (cause) {
    throw new KeystoreError('unsupported', 'This host cannot derive a key by scrypt', {
      cause,
      details: { feature: 'scrypt' },
    });
  }
}

/** What is computed on node's thread pool cannot be stopped; its result is dropped. */
async function settledOrAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) {
    return await work;
  }
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(new Cancelled());
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

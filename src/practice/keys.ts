import { generateKeyPair as generate, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { PracticeError } from './practiceError.js';

const generateKeyPair = promisify(generate);

/** A key as it is asked for. */
export interface KeyWish {
  readonly type: string;
  readonly size: number | undefined;
  readonly curve: string | undefined;
}

/** A pair of node:crypto keys. */
export interface Keys {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** Generates a key pair; what this host cannot make is a 400 with that reason. */
export async function makeKeys(wish: KeyWish): Promise<Keys> {
  try {
    switch (wish.type) {
      case 'RSA':
        return await generateKeyPair('rsa', { modulusLength: wish.size ?? 4096 });
      case 'DSA':
        return await generateKeyPair('dsa', {
          modulusLength: wish.size ?? 2048,
          divisorLength: (wish.size ?? 2048) > 1024 ? 256 : 160,
        });
      case 'EC':
        return await generateKeyPair('ec', { namedCurve: opensslCurve(wish) });
      default:
        throw new PracticeError(400, `Key type "${wish.type}" is not supported`);
    }
  } catch (error) {
    if (error instanceof PracticeError) {
      throw error;
    }
    const what = wish.curve ?? `${wish.type} ${wish.size ?? ''}`.trim();
    throw new PracticeError(400, `This host cannot make a key of the kind ${what}`);
  }
}

/** The smallest prime curve that holds this many bits, as the tenant chooses it. */
function curveOfSize(size: number): string {
  return size <= 192
    ? 'P-192'
    : size <= 224
      ? 'P-224'
      : size <= 256
        ? 'P-256'
        : size <= 384
          ? 'P-384'
          : 'P-521';
}

const nistNames: Readonly<Record<string, string>> = {
  'P-192': 'prime192v1',
  'P-224': 'secp224r1',
  'P-256': 'prime256v1',
  'P-384': 'secp384r1',
  'P-521': 'secp521r1',
  'K-163': 'sect163k1',
  'B-163': 'sect163r2',
  'K-233': 'sect233k1',
  'B-233': 'sect233r1',
  'K-283': 'sect283k1',
  'B-283': 'sect283r1',
  'K-409': 'sect409k1',
  'B-409': 'sect409r1',
  'K-571': 'sect571k1',
  'B-571': 'sect571r1',
};

function opensslCurve({ curve, size }: KeyWish): string {
  const plain = (curve ?? curveOfSize(size ?? 256)).replace(/^(?:NIST|X9\.62) /, '');
  switch (plain) {
    case 'secp192r1':
      return 'prime192v1';
    case 'secp256r1':
      return 'prime256v1';
    default:
      return nistNames[plain] ?? plain;
  }
}

/** The hash of a signature algorithm in either spelling (`SHA-256/RSA`, `SHA256/RSA`). */
export function hashOf(signatureAlgorithm: string): 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512' {
  const digits = /^SHA-?(1|224|256|384|512)\//.exec(signatureAlgorithm)?.[1];
  switch (digits) {
    case '1':
      return 'sha1';
    case '224':
      return 'sha224';
    case '256':
      return 'sha256';
    case '384':
      return 'sha384';
    case '512':
      return 'sha512';
    default:
      throw new PracticeError(400, `Signature algorithm "${signatureAlgorithm}" is not supported`);
  }
}

import { KeystoreError } from '../errors.js';
import * as asn1 from './asn1.js';
import type { KeyDerivation, KeyDerivationOptions } from './keyDerivation.js';

/** What reading a file under a password needs beside the file. */
export interface ReadOptions extends KeyDerivationOptions {
  /** `undefined` where none is known. */
  readonly password?: string | undefined;
  readonly derivation: KeyDerivation;
}

/**
 * The SEQUENCE that decrypted bytes are; `undefined` where they are none, which a wrong password shows by where no MAC does: it
 * gives a right padding once in 256 times, but hardly ever a head that fits. Throws `malformed` where head and length fit and
 * what lies inside is broken.
 */
export function decryptedSequence(plain: Uint8Array): asn1.Asn1 | undefined {
  if (hasFittingHead(plain)) {
    return asn1.readAsn1(plain);
  }
  try {
    const node = asn1.readFirstAsn1(plain);
    return asn1.isUniversal(node, asn1.Tag.sequence) ? node : undefined;
  } catch (error) {
    if (KeystoreError.is(error, 'malformed')) {
      return undefined;
    }
    throw error;
  }
}

function hasFittingHead(plain: Uint8Array): boolean {
  const [tag, first = 0] = plain;
  if (tag !== 0x30 || first === 0x80) {
    return false;
  }
  const octets = first < 0x80 ? 0 : first & 0x7f;
  if (octets > 4) {
    return false;
  }
  const length =
    octets === 0 ? first : plain.subarray(2, 2 + octets).reduce((sum, octet) => sum * 256 + octet, 0);
  return 2 + octets + length === plain.length;
}

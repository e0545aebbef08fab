import { KeystoreError } from '../errors.js';

const loneSurrogate = /\p{Surrogate}/u;
const hexadecimalPairs = /^(?:[0-9A-Fa-f]{2})*$/;

/**
 * The alias as the tenant's keys and paths carry it: upper-case hexadecimal digits of its UTF-8 bytes.
 * Throws `invalid-input` for text that UTF-8 cannot hold (half of a surrogate pair).
 */
export function encodeHexalias(alias: string): string {
  if (loneSurrogate.test(alias)) {
    throw new KeystoreError('invalid-input', 'The alias holds half of a surrogate pair', {
      details: { field: 'alias' },
    });
  }
  return Buffer.from(alias, 'utf8').toString('hex').toUpperCase();
}

/** The alias behind hexadecimal digits of either case; throws `malformed` where they are not the UTF-8 of a text. */
export function decodeHexalias(hexalias: string): string {
  if (!hexadecimalPairs.test(hexalias)) {
    throw new KeystoreError('malformed', 'A hexalias consists of pairs of hexadecimal digits');
  }
  try {
    // An alias may begin with U+FEFF, which a decoder drops unless told not to.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(hexalias, 'hex'));
  } catch {
    throw new KeystoreError('malformed', 'The hexalias does not hold UTF-8');
  }
}

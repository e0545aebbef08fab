import { KeystoreError } from '../errors.js';
import * as asn1 from './asn1.js';
import { FileDerivation } from './keyDerivation.js';
import { passwordForms } from './password.js';
import { defaultRounds, encryptWithPassword } from './passwordEncryption.js';
import { encodePem } from './pem.js';
import type { WriteOptions } from './pkcs12Writer.js';
import { readPrivateKey } from './privateKey.js';
import { readPrivateKeyInfo } from './privateKeyInfo.js';

/**
 * Writes a PKCS#8 key encrypted under a password, as PEM (RFC 5958 3), and reads it back before it returns. Throws
 * `invalid-input` for an empty password, with which the encryption would be a show.
 */
export async function writeEncryptedPrivateKey(pkcs8: Uint8Array, options: WriteOptions): Promise<string> {
  if (options.password === '') {
    throw new KeystoreError('invalid-input', 'A private key is not encrypted with an empty password');
  }
  const { pkcs8: plain, spkiSha256 } = readPrivateKeyInfo(asn1.readAsn1(pkcs8));
  const { profile, rounds = defaultRounds[profile], derivation, signal, onProgress } = options;
  const [password] = passwordForms(options.password);
  const { algorithm, encrypted } = await encryptWithPassword(plain, password, {
    profile,
    rounds,
    file: new FileDerivation(derivation, { signal, onProgress: (fraction) => onProgress?.(fraction / 2) }),
  });
  const pem = encodePem('ENCRYPTED PRIVATE KEY', asn1.sequence(algorithm, asn1.octetString(encrypted)));
  const readBack = await readPrivateKey(Buffer.from(pem), {
    ...options,
    onProgress: (fraction) => onProgress?.(0.5 + fraction / 2),
  });
  if (readBack.spkiSha256 !== spkiSha256 || !asn1.bytesEqual(readBack.pkcs8, plain)) {
    throw asn1.malformed('The private key that was written does not read back as what was put in');
  }
  return pem;
}

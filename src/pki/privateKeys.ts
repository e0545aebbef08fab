import { Cancelled, KeystoreError } from '../errors.js';
import { FileDerivation, type KeyDerivation } from './keyDerivation.js';
import { type PrivateKey, type PrivateKeyPiece, privateKeysIn } from './privateKey.js';
import type { ReadOptions } from './protectedFile.js';
import { readSshKeyFile, type SshKeyFile } from './sshPublicKey.js';

/** A private key of a file that is no PKCS#12. */
export type KeyContent =
  | { readonly state: 'open'; readonly key: PrivateKey }
  /** Encrypted, and no password was given, or one that belongs to another key of the file. */
  | { readonly state: 'locked' }
  /** In a form that SAP does not take; `ssh` is its public part, where that stands in clear text. */
  | {
      readonly state: 'foreign';
      readonly format: 'openssh' | 'putty' | 'ssh.com';
      readonly ssh: SshKeyFile | undefined;
    }
  /** Damaged or not supported, beside keys that are not. */
  | { readonly state: 'unreadable'; readonly error: KeystoreError };

/** A file with more is no file of keys; each of them costs time. */
const maxKeys = 1000;

/**
 * Reads every private key of a file, in its order and with one password for all; at least one. Throws as `readPrivateKey` does of
 * the first where none can be read, `wrong-password` where the password opens none of those that are encrypted, and `budget`
 * where all together ask for too much.
 */
export async function readPrivateKeys(
  bytes: Uint8Array,
  options: ReadOptions,
): Promise<readonly KeyContent[]> {
  const pieces = privateKeysIn(bytes);
  if (pieces.length > maxKeys) {
    throw new KeystoreError('budget', `A file of more than ${maxKeys} private keys`);
  }
  const { password, derivation, ...watching } = options;
  const file = new FileDerivation(derivation, watching);
  const shared: KeyDerivation = { derive: (request) => file.derive(request) };
  const keys: KeyContent[] = [];
  let wrongPassword: KeystoreError | undefined;
  for (const piece of pieces) {
    Cancelled.throwIfAborted(options.signal);
    const read = await readOne(piece, { password, derivation: shared });
    if (read instanceof KeystoreError) {
      wrongPassword ??= read;
      keys.push({ state: 'locked' });
    } else {
      keys.push(read);
    }
  }
  if (wrongPassword !== undefined && !keys.some((key) => key.state === 'open' && key.key.encrypted)) {
    throw wrongPassword;
  }
  const [first] = keys;
  if (first?.state === 'unreadable' && keys.every(({ state }) => state === 'unreadable')) {
    throw first.error;
  }
  return keys;
}

/** The error of a wrong password is an answer here: another key may have it. */
async function readOne(piece: PrivateKeyPiece, options: ReadOptions): Promise<KeyContent | KeystoreError> {
  const key = await failureOf(() => piece.read(options));
  if (!(key instanceof KeystoreError)) {
    return { state: 'open', key };
  }
  const { format } = key.details;
  if (key.code === 'unsupported' && (format === 'openssh' || format === 'ssh.com' || format === 'putty')) {
    const ssh = await failureOf(() => readSshKeyFile(piece.alone(), options));
    if (!(ssh instanceof KeystoreError)) {
      return { state: 'foreign', format, ssh };
    }
    // What is not supported of it is a public part that the file keeps encrypted.
    return ssh.code === 'unsupported'
      ? { state: 'foreign', format, ssh: undefined }
      : { state: 'unreadable', error: ssh };
  }
  switch (key.code) {
    case 'password-needed':
      return { state: 'locked' };
    case 'wrong-password':
      return key;
    default:
      return { state: 'unreadable', error: key };
  }
}

/** What is wrong with one key is an answer here; what the whole file must not ask for is thrown. */
async function failureOf<T>(read: () => Promise<T>): Promise<T | KeystoreError> {
  try {
    return await read();
  } catch (error) {
    if (!KeystoreError.is(error) || error.code === 'budget') {
      throw error;
    }
    return error;
  }
}

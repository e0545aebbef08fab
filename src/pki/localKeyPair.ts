import crypto from 'node:crypto';
import { Cancelled, KeystoreError } from '../errors.js';
import * as asn1 from './asn1.js';
import { type PrivateKeyInfo, readPrivateKeyInfo } from './privateKeyInfo.js';

/** Keys that are made on this machine. */
export type LocalKeyType =
  | { readonly kind: 'RSA'; readonly bits: 2048 | 3072 | 4096 }
  | { readonly kind: 'EC'; readonly curve: 'prime256v1' | 'secp384r1' | 'secp521r1' };

/** A new key pair. */
export interface LocalKeyPair extends PrivateKeyInfo {
  /** For signing; holds the secret. */
  readonly privateKey: crypto.KeyObject;
}

/**
 * Makes a key pair on node's thread pool. Throws `Cancelled` at once where the signal is aborted (what is being computed is
 * dropped when it is done), `unsupported` where the host cannot make such keys.
 */
export async function generateLocalKeyPair(
  type: LocalKeyType,
  { signal }: { readonly signal: AbortSignal },
): Promise<LocalKeyPair> {
  Cancelled.throwIfAborted(signal);
  const privateKey = await new Promise<crypto.KeyObject>((resolve, reject) => {
    const onAbort = (): void => reject(new Cancelled());
    const onDone = (error: Error | null, _publicKey: unknown, made: crypto.KeyObject): void => {
      signal.removeEventListener('abort', onAbort);
      if (error === null) {
        resolve(made);
      } else {
        reject(notMade(type, error));
      }
    };
    try {
      if (type.kind === 'RSA') {
        crypto.generateKeyPair('rsa', { modulusLength: type.bits, publicExponent: 0x10001 }, onDone);
      } else {
        crypto.generateKeyPair('ec', { namedCurve: type.curve, paramEncoding: 'named' }, onDone);
      }
      signal.addEventListener('abort', onAbort, { once: true });
    } catch (cause) {
      reject(notMade(type, cause));
    }
  });
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
  return { ...readPrivateKeyInfo(asn1.readAsn1(Uint8Array.from(pkcs8))), privateKey };
}

function notMade(type: LocalKeyType, cause: unknown): KeystoreError {
  const feature = type.kind === 'RSA' ? `RSA:${type.bits}` : `EC:${type.curve}`;
  return new KeystoreError('unsupported', `This host cannot make a key ${feature}`, {
    cause,
    details: { feature },
  });
}

import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';

/** How keys that BoringSSL, the cryptography of a desktop VS Code, does not load name their kind (DER, in hex). */
const unknownKeys: readonly string[] = [
  '06092a864886f70d01010a', // RSASSA-PSS
  '06072a8648ce380401', // DSA
  '06032b6571', // Ed448
  '06032b656f', // X448
  '06092b24030302080101', // the curves of brainpool, whose last octet follows
  '06052b8104000a', // secp256k1
  '06072a8648ce3d0101', // the field of explicit curve parameters
];

function refuseUnknown(input: unknown): void {
  const key: unknown = typeof input === 'object' && input !== null && 'key' in input ? input.key : input;
  if (key instanceof Uint8Array) {
    const hex = Buffer.from(key).toString('hex');
    if (unknownKeys.some((oid) => hex.includes(oid))) {
      throw new Error('UNSUPPORTED_ALGORITHM');
    }
  }
}

/**
 * Takes from `node:crypto`, for the tests of the `describe` it is called in, what BoringSSL lacks or may lack: ciphers, digests,
 * types of keys, curves, and the reading of certificates that are not strictly DER. More than any build lacks, so that every
 * way around is gone.
 */
export function imitateBoringSsl(): void {
  const names = [
    ...(['createCipheriv', 'createDecipheriv', 'getCipherInfo', 'createECDH', 'pbkdf2', 'hash'] as const),
    ...(['createPublicKey', 'createPrivateKey', 'X509Certificate'] as const),
  ];
  const originals = new Map<string, PropertyDescriptor | undefined>();
  before(() => {
    const { createPublicKey, createPrivateKey, createECDH, pbkdf2 } = crypto;
    const without = (): never => {
      throw new Error('unknown cipher');
    };
    const replacements: Readonly<Record<(typeof names)[number], unknown>> = {
      createCipheriv: without,
      createDecipheriv: without,
      getCipherInfo: () => undefined,
      hash: undefined,
      createECDH: (curve: string) => {
        if (!['prime256v1', 'secp384r1', 'secp521r1'].includes(curve)) {
          throw new Error('unknown group');
        }
        return createECDH(curve);
      },
      pbkdf2: (...given: Parameters<typeof pbkdf2>) => {
        const [, , , , digest, done] = given;
        if (digest === 'sha256') {
          pbkdf2(...given);
        } else {
          done(new Error('invalid digest'), Buffer.alloc(0));
        }
      },
      createPublicKey: (input: Parameters<typeof createPublicKey>[0]) => {
        refuseUnknown(input);
        return createPublicKey(input);
      },
      createPrivateKey: (input: Parameters<typeof createPrivateKey>[0]) => {
        refuseUnknown(input);
        return createPrivateKey(input);
      },
      X509Certificate: function refuse(): never {
        throw new Error('NOT_DER');
      },
    };
    for (const name of names) {
      originals.set(name, Object.getOwnPropertyDescriptor(crypto, name));
      Object.defineProperty(crypto, name, { value: replacements[name], configurable: true, writable: true });
    }
    syncBuiltinESMExports();
  });
  after(() => {
    for (const [name, original] of originals) {
      if (original !== undefined) {
        Object.defineProperty(crypto, name, original);
      }
    }
    syncBuiltinESMExports();
  });
}

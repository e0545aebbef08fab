import { KeystoreError } from '../errors.js';
import { readFileContent } from '../pki/fileContent.js';
import type { FileContent } from '../pki/fileKinds.js';
import type { KeyDerivation } from '../pki/keyDerivation.js';
import { orError, orErrorLater } from '../pki/orError.js';
import type { Pkcs12Content } from '../pki/pkcs12Reader.js';
import { type KeyContent, readPrivateKeys } from '../pki/privateKeys.js';
import { spkiSha256Of } from '../pki/publicKey.js';
import { readSigningRequest } from '../pki/signingRequest.js';
import type { SshKeyFile } from '../pki/sshPublicKey.js';
import { spkiOfSshKey } from '../pki/sshSpki.js';

/** What in a file has a public key. */
export type KeyBearer = 'certificate' | 'signingRequest' | 'privateKey' | 'publicKey';

interface Hashed {
  readonly spkiSha256: string;
}

/** What has a public key, and its SHA-256. */
export interface FoundKey extends Hashed {
  readonly bearer: KeyBearer;
}

/** What was found in one file. */
export interface FoundKeys {
  readonly keys: readonly FoundKey[];
  /** Something in it needs a password. */
  readonly isLocked: boolean;
}

/** How what is encrypted is read. */
export interface KeyReading {
  readonly derivation: KeyDerivation;
  readonly signal: AbortSignal;
}

/**
 * The keys in the bytes of a file, asking for no password: what opens without one, or with the empty one, is looked into. `undefined`
 * for what cannot be read. Throws `Cancelled`.
 */
export async function keysInBytes(bytes: Uint8Array, options: KeyReading): Promise<FoundKeys | undefined> {
  const content = await orErrorLater(() => readFileContent(bytes, options));
  if (content instanceof KeystoreError) {
    return await keysBesideDamage(bytes, options);
  }
  const found = orError(() => keysOfContent(content));
  if (found instanceof KeystoreError) {
    return undefined;
  }
  const passesPkcs12Over = content.unread.some(({ error }) => error.details.contentType === 'pkcs12');
  return passesPkcs12Over ? { ...found, isLocked: true } : found;
}

/** What can be read of a file whose certificates cannot. */
async function keysBesideDamage(bytes: Uint8Array, options: KeyReading): Promise<FoundKeys | undefined> {
  const contents = await orErrorLater(() => readPrivateKeys(bytes, options));
  const request = orError(() => readSigningRequest(bytes));
  const { keys, isLocked } = ofContents(contents instanceof KeystoreError ? [] : contents);
  const all = [...keys, ...(request instanceof KeystoreError ? [] : [ofRequest(request)])];
  return all.length === 0 && !isLocked ? undefined : { keys: all, isLocked };
}

function keysOfContent(content: FileContent): FoundKeys {
  switch (content.kind) {
    case 'certificates': {
      const { keys, isLocked } = ofContents(content.keys);
      const { certificates, request } = content;
      const requested = request === undefined ? [] : [ofRequest(request)];
      return { keys: [...certificates.map(ofCertificate), ...keys, ...requested], isLocked };
    }
    case 'signingRequest': {
      const { keys, isLocked } = ofContents(content.keys);
      return { keys: [ofRequest(content.request), ...keys], isLocked };
    }
    case 'privateKey':
      return ofContents(content.keys);
    case 'publicKey':
      return { keys: [{ bearer: 'publicKey', spkiSha256: spkiSha256Of(content.spki) }], isLocked: false };
    case 'sshPublicKey':
      return { keys: ofSsh(content.key), isLocked: false };
    case 'pkcs12':
      return content.state === 'locked'
        ? { keys: content.beside.map(ofCertificate), isLocked: true }
        : { keys: ofPkcs12(content.content), isLocked: false };
    case 'nothing':
      return { keys: [], isLocked: false };
  }
}

function ofContents(contents: readonly KeyContent[]): FoundKeys {
  return {
    keys: contents.flatMap(ofKey),
    isLocked: contents.some(
      (key) => key.state === 'locked' || (key.state === 'foreign' && key.ssh === undefined),
    ),
  };
}

function ofKey(key: KeyContent): readonly FoundKey[] {
  switch (key.state) {
    case 'open':
      return [ofPrivateKey(key.key)];
    case 'foreign':
      return ofSsh(key.ssh);
    case 'locked':
    case 'unreadable':
      return [];
  }
}

function ofPkcs12({ certificates, keys }: Pkcs12Content): readonly FoundKey[] {
  return [
    ...certificates.map(({ certificate }) => ofCertificate(certificate)),
    ...keys.map(({ key }) => ofPrivateKey(key)),
  ];
}

function ofCertificate({ spkiSha256 }: Hashed): FoundKey {
  return { bearer: 'certificate', spkiSha256 };
}

function ofRequest({ spkiSha256 }: Hashed): FoundKey {
  return { bearer: 'signingRequest', spkiSha256 };
}

function ofPrivateKey({ spkiSha256 }: Hashed): FoundKey {
  return { bearer: 'privateKey', spkiSha256 };
}

/** Of a private key its public part. */
function ofSsh(key: SshKeyFile | undefined): readonly FoundKey[] {
  const spki = key === undefined ? undefined : spkiOfSshKey(key);
  return key === undefined || spki === undefined
    ? []
    : [{ bearer: key.kind === 'private' ? 'privateKey' : 'publicKey', spkiSha256: spkiSha256Of(spki) }];
}

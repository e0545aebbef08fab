import { Cancelled, KeystoreError } from '../errors.js';
import { readCertificates } from '../pki/container.js';
import type { KeyDerivation } from '../pki/keyDerivation.js';
import { readPrivateKeys } from '../pki/privateKeys.js';
import { readSigningRequest } from '../pki/signingRequest.js';
import type { CertificateFile } from './issuers.js';

/** What in a file has a public key. */
export type KeyBearer = 'certificate' | 'signingRequest' | 'privateKey';

/** A file in which one of the keys asked for was found. */
export interface FileMatch<File extends CertificateFile> {
  readonly file: File;
  readonly bearers: readonly KeyBearer[];
}

/** What was found in files, and what could not be looked at. */
export interface FileSearch<File extends CertificateFile> {
  readonly matches: readonly FileMatch<File>[];
  readonly compared: number;
  /** Need a password, which is not asked for here. */
  readonly locked: readonly File[];
  /** Too large, or not readable at all. */
  readonly unread: readonly File[];
}

const maxFileSize = 256 * 1024;

/** Looks for public keys in files; no password is asked for, and no private key is kept. */
export async function findKeysInFiles<File extends CertificateFile>(
  files: readonly File[],
  wanted: ReadonlySet<string>,
  options: {
    readonly derivation: KeyDerivation;
    readonly signal: AbortSignal;
    readonly report?: ((done: number, total: number) => void) | undefined;
  },
): Promise<FileSearch<File>> {
  const matches: FileMatch<File>[] = [];
  const locked: File[] = [];
  const unread: File[] = [];
  for (const [index, file] of files.entries()) {
    Cancelled.throwIfAborted(options.signal);
    if (file.size > maxFileSize) {
      unread.push(file);
    } else {
      const found = await keysOf(file, options);
      if (found === undefined) {
        unread.push(file);
      } else {
        if (found.isLocked) {
          locked.push(file);
        }
        const bearers = new Set(
          found.keys.filter(({ spkiSha256 }) => wanted.has(spkiSha256)).map(({ bearer }) => bearer),
        );
        if (bearers.size > 0) {
          matches.push({ file, bearers: [...bearers] });
        }
      }
    }
    options.report?.(index + 1, files.length);
  }
  return { matches, compared: files.length - unread.length, locked, unread };
}

interface FoundKeys {
  readonly keys: readonly { readonly bearer: KeyBearer; readonly spkiSha256: string }[];
  readonly isLocked: boolean;
}

async function keysOf(
  file: CertificateFile,
  { derivation, signal }: { readonly derivation: KeyDerivation; readonly signal: AbortSignal },
): Promise<FoundKeys | undefined> {
  const bytes = await coded(() => file.read());
  if (bytes instanceof KeystoreError) {
    return undefined;
  }
  const keys: { bearer: KeyBearer; spkiSha256: string }[] = [];
  const certificates = await coded(() => readCertificates(bytes).certificates);
  if (!(certificates instanceof KeystoreError)) {
    keys.push(...certificates.map(({ spkiSha256 }) => ({ bearer: 'certificate' as const, spkiSha256 })));
  } else if (certificates.details.contentType === 'pkcs12') {
    return { keys, isLocked: true };
  }
  const found = await coded(() => readPrivateKeys(bytes, { derivation, signal }));
  const contents = found instanceof KeystoreError ? [] : found;
  for (const content of contents) {
    if (content.state === 'open') {
      keys.push({ bearer: 'privateKey', spkiSha256: content.key.spkiSha256 });
    }
  }
  const request = await coded(() => readSigningRequest(bytes));
  if (!(request instanceof KeystoreError)) {
    keys.push({ bearer: 'signingRequest', spkiSha256: request.spkiSha256 });
  }
  return { keys, isLocked: contents.some(({ state }) => state === 'locked') };
}

/** What cannot be read is an answer here; everything else is thrown. */
async function coded<T>(work: () => T | Promise<T>): Promise<T | KeystoreError> {
  try {
    return await work();
  } catch (error) {
    if (KeystoreError.is(error)) {
      return error;
    }
    throw error;
  }
}

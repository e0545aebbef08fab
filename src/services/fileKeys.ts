import { Cancelled, KeystoreError } from '../errors.js';
import type { KeyDerivation } from '../pki/keyDerivation.js';
import { orErrorLater } from '../pki/orError.js';
import type { CertificateFile } from './issuers.js';
import { type KeyBearer, keysInBytes } from './keysInBytes.js';

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

/**
 * Looks for public keys in files. No password is asked for, but what opens without one, or with the empty one, is looked into; no
 * private key is kept.
 */
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
      const bytes = await orErrorLater(() => file.read());
      const found = bytes instanceof KeystoreError ? undefined : await keysInBytes(bytes, options);
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

import { randomBytes } from 'node:crypto';
import { constants, promises as fs } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { Uri } from 'vscode';
import { KeystoreError } from '../errors.js';

/** What speaks against a place for a secret, or must be asked before it is used. */
export type PlaceConcern =
  | { readonly kind: 'exists' }
  /** Inside this folder of the workspace. */
  | { readonly kind: 'workspace'; readonly folder: string }
  /** Inside a git work tree with this root. */
  | { readonly kind: 'gitWorkTree'; readonly folder: string };

/** What the writer has found out about a file it wrote. */
export interface SecretFileResult {
  /**
   * `owner`: mode 0600, read back. `folder`: the file system keeps no modes (Windows, some mounts), so the rights of the folder
   * decide who reads it.
   */
  readonly readableBy: 'owner' | 'folder';
}

/**
 * What to ask before a secret goes to this place. Throws `refused` where the place is not in this machine's own file system,
 * `file-system` where its folder cannot be looked at.
 */
export async function secretPlaceConcerns(
  uri: Uri,
  workspaceFolders: readonly Uri[],
): Promise<readonly PlaceConcern[]> {
  const path = localPath(uri);
  const folder = await realFolder(path);
  const concerns: PlaceConcern[] = [];
  if (await exists(path)) {
    concerns.push({ kind: 'exists' });
  }
  for (const { scheme, fsPath } of workspaceFolders) {
    if (scheme === 'file' && isInside(folder, await fs.realpath(fsPath).catch(() => fsPath))) {
      concerns.push({ kind: 'workspace', folder: basename(fsPath) });
      break;
    }
  }
  const workTree = await gitWorkTree(folder);
  if (workTree !== undefined) {
    concerns.push({ kind: 'gitWorkTree', folder: workTree });
  }
  return concerns;
}

/**
 * Writes a secret whole or not at all, readable by its owner only where the file system keeps modes, and reads it back. With
 * `refuse` a file that stands there is left alone: `file-system` with `exists: true`. Throws `refused` as `secretPlaceConcerns`.
 */
export async function writeSecretFile(
  uri: Uri,
  bytes: Uint8Array,
  { existing }: { readonly existing: 'refuse' | 'replace' },
): Promise<SecretFileResult> {
  const path = localPath(uri);
  const temporary = join(dirname(path), `.keystore-${randomBytes(9).toString('hex')}.tmp`);
  let isReserved = false;
  try {
    const readableBy = await writePrivate(temporary, bytes);
    if (existing === 'refuse') {
      // An empty file of our own holds the name, so that the renaming never takes another's place.
      await (await fs.open(path, 'wx', 0o600)).close();
      isReserved = true;
    }
    await fs.rename(temporary, path);
    isReserved = false;
    if (!Buffer.from(bytes).equals(await fs.readFile(path))) {
      throw new Error('The file does not read back as what was written');
    }
    return { readableBy };
  } catch (cause) {
    await fs.rm(temporary, { force: true }).catch(() => undefined);
    if (isReserved) {
      await fs.rm(path, { force: true }).catch(() => undefined);
    }
    throw notWritten(path, cause);
  }
}

async function writePrivate(path: string, bytes: Uint8Array): Promise<SecretFileResult['readableBy']> {
  const { O_WRONLY, O_CREAT, O_EXCL } = constants;
  const file = await fs.open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600);
  try {
    // Before the secret is in it: the mode of creation is subject to what the file system makes of it.
    await file.chmod(0o600).catch(() => undefined);
    const { mode } = await file.stat();
    await file.writeFile(bytes);
    await file.sync();
    return process.platform !== 'win32' && (mode & 0o777) === 0o600 ? 'owner' : 'folder';
  } finally {
    await file.close();
  }
}

function localPath(uri: Uri): string {
  if (uri.scheme !== 'file') {
    throw new KeystoreError('refused', `no secret is written to the file system "${uri.scheme}"`, {
      details: {
        explanation: l10n.t(
          'Only in a folder of this machine can the file be kept from other readers; "{0}" is a place of another kind. Choose a folder of this machine.',
          uri.scheme,
        ),
      },
    });
  }
  return uri.fsPath;
}

async function realFolder(path: string): Promise<string> {
  try {
    return await fs.realpath(dirname(path));
  } catch (cause) {
    throw notWritten(path, cause);
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await fs.lstat(path);
    return true;
  } catch {
    return false;
  }
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/** The root of the work tree that a folder lies in: there `.git` is a folder, or a file that points to one. */
async function gitWorkTree(folder: string): Promise<string | undefined> {
  for (let current = folder; ; current = dirname(current)) {
    if (await exists(join(current, '.git'))) {
      return current;
    }
    if (dirname(current) === current) {
      return undefined;
    }
  }
}

function notWritten(path: string, cause: unknown): KeystoreError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return new KeystoreError('file-system', `a secret could not be written (${code})`, {
    cause,
    details: { exists: code === 'EEXIST', explanation: explain(path, code) },
  });
}

function explain(path: string, code: string): string {
  switch (code) {
    case 'EEXIST':
      return l10n.t('"{0}" exists; nothing was overwritten. Choose another name.', path);
    case 'ENOENT':
    case 'ENOTDIR':
      return l10n.t('The folder of "{0}" does not exist. Choose another place.', path);
    case 'EISDIR':
      return l10n.t('"{0}" is a folder. Choose another name.', path);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return l10n.t('You may not write to "{0}". Choose another folder.', path);
    case 'ENOSPC':
    case 'EDQUOT':
      return l10n.t('There is no room left for "{0}". Choose another place.', path);
    default:
      return l10n.t('"{0}" cannot be written. Choose another place.', path);
  }
}

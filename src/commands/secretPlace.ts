import * as l10n from '@vscode/l10n';
import type { Uri } from 'vscode';
import { KeystoreError } from '../errors.js';
import { type PlaceConcern, secretPlaceConcerns, writeSecretFile } from '../services/secretFile.js';
import type { Prompts } from '../ui/prompts.js';
import { baseName } from './fileName.js';

/** A place that the person chose for a file with a private key, knowing what it is. */
export interface SecretPlace {
  readonly uri: Uri;
  /** What stands there may be replaced: asked and agreed. */
  readonly existing: 'refuse' | 'replace';
}

/**
 * Asks where a file with a private key goes, and again where the place will not do or the person thinks better of it. Escape in
 * the dialog is `Cancelled`.
 */
export async function askSecretPlace(
  prompts: Prompts,
  options: {
    readonly title: string;
    readonly fileName: string;
    readonly filters: Record<string, string[]>;
    readonly startAt?: 'home' | Uri;
    readonly workspaceFolders: readonly Uri[];
  },
): Promise<SecretPlace> {
  const { title, fileName, filters, startAt = 'home', workspaceFolders } = options;
  for (;;) {
    const uri = await prompts.saveFile({ title, fileName, filters, startAt });
    const concerns = await concernsOrTold(prompts, uri, workspaceFolders);
    if (concerns !== undefined && (await isAgreed(prompts, uri, concerns))) {
      const exists = concerns.some(({ kind }) => kind === 'exists');
      return { uri, existing: exists ? 'replace' : 'refuse' };
    }
  }
}

/** Writes the secret where it was agreed, and tells where others may read it. */
export async function writeToSecretPlace(
  prompts: Prompts,
  { uri, existing }: SecretPlace,
  bytes: Uint8Array,
): Promise<void> {
  const { readableBy } = await writeSecretFile(uri, bytes, { existing });
  if (readableBy === 'folder' && process.platform !== 'win32') {
    void prompts.warn(
      l10n.t(
        'The file system of "{0}" keeps no access rights for single files, so whoever may read the folder may read the file with the private key.',
        uri.fsPath,
      ),
    );
  }
}

async function concernsOrTold(
  prompts: Prompts,
  uri: Uri,
  workspaceFolders: readonly Uri[],
): Promise<readonly PlaceConcern[] | undefined> {
  try {
    return await secretPlaceConcerns(uri, workspaceFolders);
  } catch (error) {
    if (!KeystoreError.is(error)) {
      throw error;
    }
    void prompts.warn(String(error.details.explanation ?? error.message));
    return undefined;
  }
}

async function isAgreed(prompts: Prompts, uri: Uri, concerns: readonly PlaceConcern[]): Promise<boolean> {
  const name = baseName(uri);
  const shared = concerns.filter(({ kind }) => kind !== 'exists');
  if (
    shared.length > 0 &&
    !(await prompts.confirm({
      message: l10n.t('Keep the private key "{0}" in this folder?', name),
      detail: [
        ...shared.map((concern) => explain(concern)),
        l10n.t('A folder of your own, outside of projects, is the better place.'),
      ].join('\n'),
      action: l10n.t('Keep It There'),
    }))
  ) {
    return false;
  }
  return (
    shared.length === concerns.length ||
    (await prompts.confirm({
      message: l10n.t('Replace "{0}"?', name),
      detail: l10n.t(
        'The file exists. If it holds a private key that is stored nowhere else, that key is lost for good.',
      ),
      action: l10n.t('Replace File'),
    }))
  );
}

function explain(concern: PlaceConcern): string {
  switch (concern.kind) {
    case 'exists':
      return '';
    case 'workspace':
      return l10n.t(
        'It lies inside the workspace folder "{0}": whoever gets a copy of the folder gets the key, and other extensions read there.',
        concern.folder,
      );
    case 'gitWorkTree':
      return l10n.t(
        'It lies inside the git work tree "{0}": a commit would take the key along, and a pushed key must be replaced.',
        concern.folder,
      );
  }
}

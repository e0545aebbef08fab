import * as l10n from '@vscode/l10n';
import type { Connection } from '../services/connection.js';
import type { KeystoreEntry } from '../tenant/keystoreEntry.js';
import type { ActionContext, Environment } from './environment.js';

/** The entries of a tenant; where they were never read they are now, with progress and cancel. Throws what kept them from it. */
export async function entriesOf(
  { keystores }: Environment,
  { id, name }: Connection,
  { withProgress }: Pick<ActionContext, 'withProgress'>,
): Promise<readonly KeystoreEntry[]> {
  return await withProgress(l10n.t('Reading the keystore entries of "{0}"', name), ({ signal }) =>
    keystores.entriesOrRead(id, signal),
  );
}

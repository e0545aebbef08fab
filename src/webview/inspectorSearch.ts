import * as vscode from 'vscode';
import { View } from '../contributions.js';
import { findKeysInFiles } from '../services/fileKeys.js';
import { folderLimit } from '../services/folderFiles.js';
import type { KeyBearer } from '../services/keysInBytes.js';
import type { KeyDerivation } from '../pki/keyDerivation.js';
import type { PublicKeys } from '../services/publicKeys.js';
import { visibleText } from '../ui/visibleText.js';
import type { Matches } from './inspectorSource.js';
import type { InspectorOptions, InspectorParts } from './inspectorTools.js';

interface SearchOptions {
  readonly signal: AbortSignal;
  readonly report: (text: string) => void;
}

/** Entries of the connected tenants with one of these keys, except the one that the page is about. */
export async function searchKeystores(
  { connections, revealEntry }: Pick<InspectorOptions, 'connections' | 'revealEntry'>,
  publicKeys: PublicKeys,
  keys: ReadonlySet<string>,
  options: SearchOptions & {
    readonly self?: { readonly tenantId: string; readonly hexalias: string } | undefined;
  },
): Promise<Matches> {
  const { signal, report, self } = options;
  if (connections.list().length === 0) {
    return {
      found: [],
      notes: [
        vscode.l10n.t(
          'No tenant is connected, so no entry was compared. Run "Add Tenant…" or "Open Practice Tenant" first.',
        ),
      ],
    };
  }
  const { owners, compared, unreadEntries, unreadTenants } = await publicKeys.find(keys, {
    signal,
    report: (done, total) => report(vscode.l10n.t('{0} of {1} entries', done, total)),
  });
  const others = owners.filter(
    ({ connection, entry }) => connection.id !== self?.tenantId || entry.hexalias !== self.hexalias,
  );
  return {
    found: others.map(({ connection, entry }) => ({
      title: visibleText(entry.alias),
      detail: `${visibleText(entry.type)} · ${visibleText(connection.name)}`,
      show: () => revealEntry(connection.id, entry.hexalias),
    })),
    notes: [
      others.length === 0
        ? vscode.l10n.t('No other entry has this key. {0} entries were compared.', compared)
        : vscode.l10n.t('{0} entries were compared.', compared),
      ...(unreadEntries.length === 0
        ? []
        : [vscode.l10n.t('{0} entries could not be read.', unreadEntries.length)]),
      ...unreadTenants.map((name) =>
        vscode.l10n.t('The keystore of "{0}" could not be read for it.', visibleText(name)),
      ),
    ],
  };
}

/** Files of the open folder with one of these keys, except the one that the page is about; no password is asked for. */
export async function searchFiles(
  { keyFiles }: Pick<InspectorParts, 'keyFiles'>,
  derivation: KeyDerivation,
  keys: ReadonlySet<string>,
  options: SearchOptions & { readonly self?: vscode.Uri | undefined },
): Promise<Matches> {
  const { signal, report, self } = options;
  const listed = await keyFiles();
  const files = listed.files.filter(({ uri }) => uri.toString() !== self?.toString());
  const { matches, compared, locked, unread } = await findKeysInFiles(files, keys, {
    derivation,
    signal,
    report: (done, total) => report(vscode.l10n.t('{0} of {1} files', done, total)),
  });
  return {
    found: matches.map(({ file, bearers }) => ({
      title: visibleText(vscode.workspace.asRelativePath(file.uri)),
      detail: bearers.map(bearerName).join(', '),
      show: async () => {
        await vscode.commands.executeCommand('vscode.openWith', file.uri, View.inspector);
      },
    })),
    notes: [
      matches.length === 0
        ? vscode.l10n.t('No other file has this key. {0} files were compared.', compared)
        : vscode.l10n.t('{0} files were compared.', compared),
      ...(locked.length === 0
        ? []
        : [
            vscode.l10n.t(
              'Not looked into, since they need a password: {0}.',
              locked.map(({ name }) => visibleText(name)).join(', '),
            ),
          ]),
      ...(unread.length === 0 ? [] : [vscode.l10n.t('{0} files could not be read.', unread.length)]),
      ...folderLimit(listed),
    ],
  };
}

function bearerName(bearer: KeyBearer): string {
  switch (bearer) {
    case 'certificate':
      return vscode.l10n.t('certificate');
    case 'signingRequest':
      return vscode.l10n.t('signing request');
    case 'privateKey':
      return vscode.l10n.t('private key');
    case 'publicKey':
      return vscode.l10n.t('public key');
  }
}

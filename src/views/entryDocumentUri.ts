import * as vscode from 'vscode';
import type { KeystoreEntry } from '../tenant/keystoreEntry.js';
import { writeEntryPath } from './nodes/entryPath.js';

/** The address of an entry's page. The entry is told by its hexalias; the alias in it is for the tab's title only. */
export function entryDocumentUri(tenantId: string, entry: KeystoreEntry): vscode.Uri {
  return vscode.Uri.from({
    scheme: 'ci-keystore',
    path: writeEntryPath({ tenantId, hexalias: entry.hexalias, alias: entry.alias }),
  });
}

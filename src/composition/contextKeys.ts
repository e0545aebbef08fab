import * as vscode from 'vscode';
import { ContextKey } from '../contributions.js';
import type { Connections } from '../services/connections.js';
import { isNeoTenant } from '../tenant/tenantAddress.js';
import type { TreeChoices } from '../views/nodes/treeChoices.js';
import type { Own } from './own.js';

/** Tells VS Code by what it shows and hides commands and welcome texts, now and whenever it changes. */
export function keepContextKeys(connections: Connections, choices: TreeChoices, own: Own): void {
  const set = (key: string, value: boolean): void =>
    void vscode.commands.executeCommand('setContext', key, value);
  const tellTenants = (): void => {
    const tenants = connections.list();
    set(ContextKey.hasTenants, tenants.length > 0);
    set(
      ContextKey.hasNeo,
      tenants.some(({ address }) => isNeoTenant(address)),
    );
  };
  const tellFilter = (): void => set(ContextKey.hasFilter, choices.isFiltered);
  own(connections.onDidChange(tellTenants));
  own(vscode.Disposable.from(choices.onDidChange(tellFilter)));
  tellTenants();
  tellFilter();
}

import { randomUUID } from 'node:crypto';
import type * as vscode from 'vscode';
import { Connections } from '../../src/services/connections.js';
import { SecretVault } from '../../src/services/secretVault.js';
import { memento } from './memento.js';

/** Secrets in memory, as one window has them; what `tellOther` gets is heard as another window's change. */
export class MemorySecrets {
  readonly stored = new Map<string, string>();
  private readonly listeners = new Set<(event: vscode.SecretStorageChangeEvent) => unknown>();

  readonly get = (key: string): Promise<string | undefined> => Promise.resolve(this.stored.get(key));

  readonly store = (key: string, value: string): Promise<void> => {
    this.stored.set(key, value);
    this.tellOther(key);
    return Promise.resolve();
  };

  readonly delete = (key: string): Promise<void> => {
    this.stored.delete(key);
    this.tellOther(key);
    return Promise.resolve();
  };

  readonly onDidChange = (listener: (event: vscode.SecretStorageChangeEvent) => unknown) => {
    this.listeners.add(listener);
    return { dispose: () => void this.listeners.delete(listener) };
  };

  tellOther(key: string): void {
    for (const listener of this.listeners) {
      listener({ key });
    }
  }
}

/** Connections of a window whose state lives in memory. */
export function connectionsOf(
  secrets: ConstructorParameters<typeof SecretVault>[1] = new MemorySecrets(),
  state: vscode.Memento = memento(),
): Connections {
  return new Connections(state, new SecretVault(state, secrets), randomUUID);
}

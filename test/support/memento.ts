import type * as vscode from 'vscode';

/** State that lives in memory. */
export function memento(initial: Readonly<Record<string, unknown>> = {}): vscode.Memento {
  const stored = new Map(Object.entries(initial));
  return {
    keys: () => [...stored.keys()],
    get: <T>(key: string, fallback?: T) => (stored.has(key) ? (stored.get(key) as T) : fallback),
    update: (key: string, value: unknown) => {
      stored.set(key, value);
      return Promise.resolve();
    },
  };
}

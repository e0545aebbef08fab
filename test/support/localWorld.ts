import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Memento, Uri } from 'vscode';
import type { LocalPorts } from '../../src/commands/localKeyPair/ports.js';
import { KeystoreError } from '../../src/errors.js';
import { localKeyDerivation } from '../../src/pki/keyDerivation.js';
import { PendingRequests } from '../../src/services/pendingRequests.js';
import type { IssuerSource } from '../../src/services/issuers.js';
import type { ActionContext } from '../../src/ui/runAction.js';
import { actionContext } from './actionContext.js';

/** Commands about local files with a real folder, and what they did to the rest of VS Code. */
export interface LocalWorld {
  readonly folder: string;
  readonly ports: LocalPorts;
  readonly context: ActionContext;
  /** Texts opened in editors. */
  readonly opened: { readonly text: string; readonly language: string | undefined }[];
  /** Commands run on files. */
  readonly ran: { readonly command: string; readonly path: string }[];
  /** All that was kept in the memento, as JSON. */
  readonly stored: () => string;
  /** Where missing issuers are looked for. */
  issuerSources: readonly IssuerSource[];
  /** What the active editor shows. */
  editor: { text: string; fileName: string } | undefined;
  dispose(): void;
}

/** A URI of a file that also says where it is to a command. */
export function fileUri(path: string, scheme = 'file'): Uri {
  return {
    scheme,
    path,
    fsPath: path,
    with: ({ path: other }: { path?: string }) => fileUri(other ?? path, scheme),
    toString: () => `${scheme}://${path}`,
  } as unknown as Uri;
}

/** Makes a world with an empty folder. */
export function localWorld(): LocalWorld {
  const folder = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'local-world-')));
  const values = new Map<string, unknown>();
  const state: Memento = {
    keys: () => [...values.keys()],
    get: (key: string) => values.get(key),
    update: (key: string, value: unknown) => {
      values.set(key, value);
      return Promise.resolve();
    },
  } as Memento;
  const failing = <T>(work: () => T): Promise<T> => {
    try {
      return Promise.resolve(work());
    } catch (cause) {
      return Promise.reject(new KeystoreError('file-system', 'no such file', { cause }));
    }
  };
  const opened: LocalWorld['opened'] = [];
  const ran: LocalWorld['ran'] = [];
  const world: LocalWorld = {
    folder,
    opened,
    ran,
    editor: undefined,
    issuerSources: [],
    stored: () => JSON.stringify([...values]),
    ports: {
      files: {
        read: (uri) => failing(() => new Uint8Array(fs.readFileSync(uri.fsPath))),
        write: async (uri, bytes) => {
          await failing(() => fs.writeFileSync(uri.fsPath, bytes));
        },
      },
      pending: new PendingRequests(state),
      state,
      derivation: localKeyDerivation,
      openText: (text, language) => {
        opened.push({ text, language });
        return Promise.resolve();
      },
      activeText: () => world.editor,
      isUri: (value): value is Uri => typeof value === 'object' && value !== null && 'fsPath' in value,
      fileUri,
      workspaceFolders: () => [],
      issuerSources: () => world.issuerSources,
      runOnFile: (command, uri) => ran.push({ command, path: uri.fsPath }),
    },
    context: actionContext,
    dispose: () => fs.rmSync(folder, { recursive: true, force: true }),
  };
  return world;
}

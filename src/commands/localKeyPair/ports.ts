import type { Memento, Uri } from 'vscode';
import type { KeyDerivation } from '../../pki/keyDerivation.js';
import type { PendingRequests } from '../../services/pendingRequests.js';
import type { IssuerSource } from '../../services/issuers.js';
import type { Files } from '../files.js';

/** What the commands about local key pairs and files need of VS Code. */
export interface LocalPorts {
  readonly files: Files;
  readonly pending: PendingRequests;
  readonly state: Memento;
  readonly derivation: KeyDerivation;
  /** Opens text in an editor of its own, unsaved. */
  readonly openText: (text: string, language?: string) => Promise<void>;
  readonly activeText: () => { readonly text: string; readonly fileName: string } | undefined;
  readonly isUri: (value: unknown) => value is Uri;
  readonly fileUri: (path: string) => Uri;
  readonly workspaceFolders: () => readonly Uri[];
  /** Where missing issuers are looked for; what could not be looked at is told, in sentences for people. */
  readonly issuerSources: (onGap: (told: string) => void) => readonly IssuerSource[];
  /** Runs a command of this extension on a file. */
  readonly runOnFile: (command: string, uri: Uri) => void;
}

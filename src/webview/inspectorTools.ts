import type * as vscode from 'vscode';
import type { FileMatch } from '../services/fileKeys.js';
import type { FolderFiles } from '../services/folderFiles.js';
import type { CertificateFile } from '../services/issuers.js';
import type { Connections } from '../services/connections.js';
import type { Keystores } from '../services/keystores.js';
import type { PublicKeys } from '../services/publicKeys.js';
import type { KeystoreEntry } from '../tenant/keystoreEntry.js';
import type { Prompts } from '../ui/prompts.js';

/** A file of the open folder. */
export interface FolderFile extends CertificateFile {
  readonly uri: vscode.Uri;
}

/** A file that has the key. */
export type FolderMatch = FileMatch<FolderFile>;

/** What the inspector is made from. */
export interface InspectorOptions {
  readonly extensionUri: vscode.Uri;
  readonly connections: Connections;
  readonly keystores: Keystores;
  readonly now: () => number;
  readonly tellFailure: (error: unknown) => void;
  readonly revealEntry: (tenantId: string, hexalias: string) => Promise<void>;
  /** What other folders lend, loaded with the first page. */
  readonly parts: () => Promise<InspectorParts>;
}

interface Detail {
  readonly label: string;
  readonly value: string;
}

/** Parts of commands and views that pages use. */
export interface InspectorParts {
  readonly prompts: Prompts;
  /** The same as of the commands, so that no certificate is read twice. */
  readonly publicKeys: PublicKeys;
  /** Asks for a password until `read` takes it; throws `Cancelled`. */
  readonly openWithPassphrase: <T>(
    prompts: Prompts,
    names: { readonly title: string; readonly name: string },
    read: (passphrase: string | undefined) => Promise<T>,
  ) => Promise<{ readonly content: T }>;
  /** Files of the open folder that by their names hold certificates, requests or keys. */
  readonly keyFiles: () => Promise<FolderFiles<FolderFile>>;
  readonly entryFacts: (
    entry: KeystoreEntry,
    tenant: { readonly name: string; readonly practice: boolean },
    now: number,
  ) => {
    readonly heading: string;
    readonly origin: string;
    readonly notes: readonly string[];
    readonly details: readonly Detail[];
    readonly certificate: readonly Detail[];
  };
  readonly parseEntryPath: (
    path: string,
  ) => { readonly tenantId: string; readonly hexalias: string } | undefined;
}

import type * as vscode from 'vscode';
import type { InboundClients } from '../services/inboundClients.js';
import type { InboundPlace } from '../services/inboundState.js';
import type { KeyMemory } from '../services/keyMemory.js';
import type { Log } from '../services/log.js';
import type { Practice } from '../services/practice.js';
import type { PublicKeys } from '../services/publicKeys.js';
import type { UserMappings } from '../services/userMappings.js';
import type { KeystoreEntry } from '../tenant/keystoreEntry.js';
import type { Environment } from './environment.js';
import type { MappingPorts } from './mapping/ports.js';
import type { TreeChoicesPort } from './viewCommands.js';

/** What can be copied of an entry. */
export type CopiedFact =
  'alias' | 'hexalias' | 'sha256' | 'subject' | 'serialNumber' | 'validity' | 'markdown';

/** What the commands need; handed over by `extension.ts`. */
export interface CommandParts {
  readonly environment: Omit<Environment, 'run' | 'prompts'>;
  readonly log: Log;
  readonly practice: Practice;
  readonly choices: TreeChoicesPort;
  /** Who may call the tenants, and the view that shows it; both loaded when first needed. */
  readonly inbound: {
    readonly clients: () => Promise<InboundClients>;
    /** What this window has read of service keys. */
    readonly keys: KeyMemory;
    /** Certificate-to-user mappings of tenants of Neo. */
    readonly mappings: () => Promise<UserMappings>;
    readonly reveal: (place: InboundPlace) => Promise<boolean>;
  };
  /** Finds entries by public key; loaded when first asked for. */
  readonly publicKeys: () => Promise<PublicKeys>;
  readonly state: vscode.Memento;
  /** Sender set-ups with their pages, loaded when first asked for. */
  readonly mapping: () => Promise<Pick<MappingPorts, 'setUps' | 'facts' | 'pages'>>;
  /** The folder that holds `dist`. */
  readonly extensionPath: string;
  /** Text of one or several entries for the clipboard. */
  readonly format: (fact: CopiedFact, entries: readonly KeystoreEntry[]) => Promise<string>;
}

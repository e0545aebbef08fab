import type { Uri } from 'vscode';
import type { KeyDerivation } from '../../pki/keyDerivation.js';
import type { CfCliPlace } from '../../platform/cfCliSession.js';
import type { Files } from '../files.js';

/** What the commands about Cloud Foundry need of VS Code and this machine. */
export interface CloudFoundryPorts {
  /** Opens a link in the person's browser; false where they declined. */
  readonly openLink: (url: string) => Promise<boolean>;
  /** Where the `cf` command line tool keeps its session. */
  readonly cli: CfCliPlace;
  /** The API endpoint beside the practice tenant; undefined where another window serves it without. */
  readonly practiceEndpoint: () => Promise<string | undefined>;
  readonly files: Pick<Files, 'read'>;
  readonly isUri: (value: unknown) => value is Uri;
  readonly workspaceFolders: () => readonly Uri[];
  readonly derivation: KeyDerivation;
  /** Days before its end from which a certificate counts as expiring. */
  readonly warningDays: () => number;
  readonly openText: (content: string, language?: string) => Promise<void>;
}

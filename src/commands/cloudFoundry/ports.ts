import type { Uri } from 'vscode';
import type { CfCliPlace } from '../../platform/cfCliSession.js';
import type { PartsPorts } from '../file/parts.js';

/** What the commands about Cloud Foundry need of VS Code and this machine. */
export interface CloudFoundryPorts extends PartsPorts {
  /** Opens a link in the person's browser; false where they declined. */
  readonly openLink: (url: string) => Promise<boolean>;
  /** Where the `cf` command line tool keeps its session. */
  readonly cli: CfCliPlace;
  /** The API endpoint beside the practice tenant; undefined where another window serves it without. */
  readonly practiceEndpoint: () => Promise<string | undefined>;
  readonly workspaceFolders: () => readonly Uri[];
  /** Days before its end from which a certificate counts as expiring. */
  readonly warningDays: () => number;
}

import type { TrustLists } from '../inbound/trustLists.js';
import type { CloudFoundry } from '../services/cloudFoundry.js';
import type { Connection } from '../services/connection.js';
import type { Connections } from '../services/connections.js';
import type { Keystores } from '../services/keystores.js';
import type { Navigator } from '../ui/navigator.js';
import type { Prompts } from '../ui/prompts.js';
import type { Action, ActionContext } from '../ui/runAction.js';

/** What commands work with; handed to each by `extension.ts`. */
export interface Environment {
  readonly connections: Connections;
  readonly keystores: Keystores;
  readonly cloudFoundry: CloudFoundry;
  readonly prompts: Prompts;
  readonly navigator: Navigator;
  /** Runs an action; see `ui/runAction`. */
  readonly run: (action: Action) => Promise<void>;
  /** The lists by which certificates for this tenant are judged; rejects where a file of the setting cannot be used. */
  readonly trust: (connection: Connection | undefined) => Promise<TrustLists>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export type { ActionContext };

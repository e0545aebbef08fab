import type { CommandId } from '../../contributions.js';
import type { SetUpFacts } from '../../services/setUpFacts.js';
import type { SetUps } from '../../services/setUps.js';
import type { PartsPorts } from '../file/parts.js';
import type { Files } from '../files.js';

/** What the commands of set-ups work with besides the environment. */
export interface MappingPorts extends PartsPorts {
  readonly setUps: SetUps;
  readonly facts: Pick<SetUpFacts, 'of' | 'settled' | 'readServiceKeys' | 'readEndpoints' | 'readAdapter'>;
  readonly pages: {
    /** Shows the page of a set-up. */
    readonly showSetUp: (setUpId: string) => void;
    /** The set-up whose page is in front. */
    readonly active: () => string | undefined;
    /** The page as Markdown; undefined where the set-up is gone. */
    readonly report: (setUpId: string) => Promise<string | undefined>;
  };
  readonly files: Files;
  /** Runs another command of this extension. */
  readonly runCommand: (id: CommandId, argument?: unknown) => Promise<void>;
}

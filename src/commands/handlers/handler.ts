import type { CommandParts } from '../commandParts.js';
import type { ActionContext, Environment } from '../environment.js';

/** One command: its title without dots, for messages, and what it does. */
export interface CommandHandler {
  readonly title: string;
  /**
   * `argument` is the tree row, the file's URI, or undefined from the palette; `selection` all selected rows or files. Failures
   * are thrown and told by the one that runs it.
   */
  readonly run: (context: ActionContext, argument: unknown, selection: unknown) => Promise<void>;
}

/** What handlers work with. */
export interface HandlerTools extends Omit<CommandParts, 'environment'> {
  readonly environment: Environment;
}

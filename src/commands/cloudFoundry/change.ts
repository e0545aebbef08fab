import * as l10n from '@vscode/l10n';
import { goesOnText } from '../../platform/cfWrites.js';
import type { CfOrder } from '../../platform/cfTasks.js';
import type { Connection } from '../../services/connection.js';
import type { ActionContext, Environment } from '../environment.js';

/** What a change made; `undefined` where Cloud Foundry goes on with it, which the person has been told. */
export interface Changed {
  /** Of the instance or key; undefined where it is deleted. */
  readonly guid: string | undefined;
}

/**
 * Makes a change with progress. Cancelling ends the watching only, and that is said; the change is then among the unfinished
 * ones. Throws where it was refused or failed.
 */
export async function makeChange(
  { cloudFoundry, prompts }: Pick<Environment, 'cloudFoundry' | 'prompts'>,
  { id }: Pick<Connection, 'id'>,
  order: CfOrder,
  options: { readonly title: string; readonly context: ActionContext },
): Promise<Changed | undefined> {
  const outcome = await options.context.withProgress(options.title, ({ signal, report }) =>
    cloudFoundry.change(id, order, { signal, onLook: (_, milliseconds) => report(lookText(milliseconds)) }),
  );
  if (outcome.kind === 'goesOn') {
    void prompts.inform(goesOnText(outcome.task, outcome.because));
    return undefined;
  }
  if (outcome.answerLost) {
    void prompts.inform(
      l10n.t('An answer of Cloud Foundry was lost on the way. Reading back shows that the change was made.'),
    );
  }
  return { guid: outcome.guid };
}

/** What is shown while Cloud Foundry works. */
export function lookText(milliseconds: number): string {
  return milliseconds < 1_000
    ? l10n.t('Cloud Foundry works on it; cancelling ends the watching only')
    : l10n.t(
        'Cloud Foundry works on it ({0} s); cancelling ends the watching only',
        Math.round(milliseconds / 1_000),
      );
}

import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../../errors.js';
import { goesOnText } from '../../platform/cfWrites.js';
import type { CfTask } from '../../platform/cfTasks.js';
import type { Connection } from '../../services/connection.js';
import type { ActionContext, Environment } from '../environment.js';
import { lookText } from './change.js';

/**
 * "Follow Unfinished Changes": looks at what Cloud Foundry had taken on before a reload or when watching ended, and tells how
 * each came out. Nothing is sent again. Says nothing where there is none and nobody asked.
 */
export async function followUnfinished(
  environment: Environment,
  { isAsked }: { readonly isAsked: boolean },
  context: ActionContext,
): Promise<void> {
  const { cloudFoundry, connections, prompts } = environment;
  const all = connections
    .list()
    // At a start nobody asked, and who signed out knows why nothing is told.
    .filter(({ id }) => isAsked || cloudFoundry.state(id).kind !== 'signedOut')
    .flatMap((connection) => cloudFoundry.unfinished(connection.id).map((task) => ({ connection, task })));
  if (all.length === 0 && isAsked) {
    void prompts.inform(l10n.t('Cloud Foundry works on nothing that was begun here.'));
  }
  for (const { connection, task } of all) {
    await followOne(environment, connection, task, context);
  }
}

async function followOne(
  { cloudFoundry, prompts }: Environment,
  connection: Connection,
  task: CfTask,
  { withProgress }: ActionContext,
): Promise<void> {
  try {
    const outcome = await withProgress(
      l10n.t('Looking after "{0}"', task.name),
      async ({ signal, report }) =>
        await cloudFoundry.follow(connection.id, task, {
          signal,
          onLook: (_, milliseconds) => report(lookText(milliseconds)),
        }),
    );
    void prompts.inform(
      outcome.kind === 'done' ? doneText(task, connection) : goesOnText(outcome.task, outcome.because),
    );
  } catch (error) {
    // One that failed is no reason not to look at the next.
    if (!KeystoreError.is(error)) {
      throw error;
    }
    const { explanation } = error.details;
    void prompts.warn(
      l10n.t(
        '"{0}" of "{1}": {2}',
        task.name,
        connection.name,
        typeof explanation === 'string' ? explanation : error.message,
      ),
    );
  }
}

function doneText({ kind, name }: CfTask, { name: tenant }: Connection): string {
  switch (kind) {
    case 'createInstance':
      return l10n.t('The service instance "{0}" for "{1}" has been created.', name, tenant);
    case 'updateInstance':
      return l10n.t('The service instance "{0}" of "{1}" has been changed.', name, tenant);
    case 'deleteInstance':
      return l10n.t('The service instance "{0}" of "{1}" has been deleted.', name, tenant);
    case 'createKey':
      return l10n.t(
        'The service key "{0}" for "{1}" has been created. "Save Credentials…" writes what it holds to a file.',
        name,
        tenant,
      );
    case 'deleteKey':
      return l10n.t('The service key "{0}" of "{1}" has been deleted.', name, tenant);
  }
}

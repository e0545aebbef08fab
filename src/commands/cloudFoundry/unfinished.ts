import * as l10n from '@vscode/l10n';
import { Cancelled, KeystoreError } from '../../errors.js';
import { goesOnText } from '../../platform/cfWrites.js';
import type { CfTask } from '../../platform/cfTasks.js';
import type { Connection } from '../../services/connection.js';
import type { ActionContext, Environment } from '../environment.js';
import { lookText } from './change.js';
import { lateConnection } from './connectByInstance.js';
import { newTenant } from './newTenant.js';

/**
 * "Follow Unfinished Changes": looks at what Cloud Foundry had taken on before a reload or when watching ended, and tells how
 * each came out. Nothing is sent again; what was to end in a connected tenant goes on where the person wants it. Says nothing
 * where there is none and nobody asked.
 */
export async function followUnfinished(
  environment: Environment,
  { isAsked }: { readonly isAsked: boolean },
  context: ActionContext,
): Promise<void> {
  const { cloudFoundry, connections, prompts } = environment;
  const all = [...connections.list(), newTenant()]
    // At a start nobody asked, and who signed out knows why nothing is told.
    .filter(({ id }) => isAsked || cloudFoundry.state(id).kind !== 'signedOut')
    .flatMap((connection) => cloudFoundry.unfinished(connection.id).map((task) => ({ connection, task })));
  if (all.length === 0 && isAsked) {
    void prompts.inform(l10n.t('Cloud Foundry works on nothing that was begun here.'));
  }
  const connecting: Promise<void>[] = [];
  for (const { connection, task } of all) {
    const connect = await followOne(environment, connection, task, context);
    if (connect !== undefined) {
      // The message stays until it is answered, and the next change is looked at meanwhile.
      connecting.push(offerToConnect(environment, doneText(task, connection), connect));
    }
  }
  await Promise.all(connecting);
}

/** Tells how one came out, except where it leads on to a connected tenant: then the way there. */
async function followOne(
  environment: Environment,
  connection: Connection,
  task: CfTask,
  context: ActionContext,
): Promise<(() => Promise<void>) | undefined> {
  const { cloudFoundry, prompts } = environment;
  try {
    const outcome = await context.withProgress(
      l10n.t('Looking after "{0}"', task.name),
      async ({ signal, report }) =>
        await cloudFoundry.follow(connection.id, task, {
          signal,
          onLook: (_, milliseconds) => report(lookText(milliseconds)),
        }),
    );
    if (outcome.kind === 'goesOn') {
      void prompts.inform(goesOnText(outcome.task, outcome.because));
      return undefined;
    }
    const connect = await wayToConnect(environment, connection, { task, guid: outcome.guid }, context);
    if (connect === undefined) {
      void prompts.inform(doneText(task, connection));
    }
    return connect;
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
    return undefined;
  }
}

async function wayToConnect(
  environment: Environment,
  connection: Connection,
  { task, guid }: { readonly task: CfTask; readonly guid: string | undefined },
  context: ActionContext,
): Promise<(() => Promise<void>) | undefined> {
  if (guid === undefined) {
    return undefined;
  }
  try {
    const access = await environment.cloudFoundry.access(connection.id);
    return await lateConnection(environment, { connection, access }, { task, guid }, context);
  } catch (error) {
    // What was asked for is there all the same.
    if (!KeystoreError.is(error) && !(error instanceof Cancelled)) {
      throw error;
    }
    return undefined;
  }
}

async function offerToConnect(
  { prompts }: Environment,
  text: string,
  connect: () => Promise<void>,
): Promise<void> {
  const button = l10n.t('Connect Tenant');
  if ((await prompts.inform(l10n.t('{0} Its tenant is not connected yet.', text), button)) === button) {
    await connect();
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

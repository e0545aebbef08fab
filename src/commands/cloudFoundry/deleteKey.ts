import * as l10n from '@vscode/l10n';
import { Cancelled, KeystoreError } from '../../errors.js';
import type { KeyContent } from '../../inbound/keyContent.js';
import { deletionConsequences, type DeletionFacts } from '../../inbound/keyDeletion.js';
import type { Connection } from '../../services/connection.js';
import { readKey, type InboundList } from '../../services/inboundReader.js';
import type { ActionContext, Environment } from '../environment.js';
import { typeToDelete } from '../typeToDelete.js';
import { callingSetUps } from './callingSetUps.js';
import { makeChange } from './change.js';
import { chooseKey, type KeyTarget } from './chooseKey.js';
import type { KeyPorts } from './createKey.js';
import { listEverySpace } from './inboundFacts.js';
import { requireWorkplace, type Workplace } from './session.js';
import { chooseCloudFoundryTenant } from './tenant.js';

/** "Delete Service Key…": what stops working is named before. */
export async function deleteServiceKey(
  environment: Environment,
  argument: unknown,
  ports: KeyPorts,
  context: ActionContext,
): Promise<void> {
  const title = l10n.t('Delete Service Key');
  const { prompts, connections } = environment;
  const connection = await chooseCloudFoundryTenant(environment, argument, title);
  const workplace = await requireWorkplace(environment, connection, ports, context);
  const target = await chooseKey(environment, workplace, argument, { title, context });
  const { key, instance } = target;
  const facts = await readFacts(environment, { workplace, target }, ports, context);
  const { content } = facts;
  const own = connections.list().find((one) => isKeyOf(one, content));
  const agreed = await prompts.confirm({
    message: l10n.t('Delete the service key "{0}" of "{1}"?', key.name, instance.name),
    detail: [
      ...deletionConsequences(facts),
      ...(own === undefined
        ? []
        : [l10n.t('By this key this extension is connected to "{0}": it is signed out there.', own.name)]),
      l10n.t('A deleted key cannot be brought back.'),
    ].join('\n'),
    action: l10n.t('Delete Service Key'),
  });
  if (!agreed) {
    throw new Cancelled();
  }
  if (connection.stage === 'PRD') {
    await typeToDelete(prompts, {
      tenant: connection.name,
      wanted: key.name,
      prompt: l10n.t('Type the name of the service key to delete it: {0}', key.name),
    });
  }
  const deleted = await makeChange(
    environment,
    connection,
    { kind: 'deleteKey', key: { guid: key.guid, name: key.name } },
    { title: l10n.t('Deleting the service key "{0}"', key.name), context },
  );
  if (deleted !== undefined) {
    prompts.note(l10n.t('The service key "{0}" has been deleted.', key.name));
  }
}

/** The key itself is read; of the others what this window knows already, so that deleting sends no request for each of them. */
async function readFacts(
  environment: Environment,
  { workplace, target: { key } }: { readonly workplace: Workplace; readonly target: KeyTarget },
  { memory, setUps }: KeyPorts,
  context: ActionContext,
): Promise<DeletionFacts> {
  const { connection, access } = workplace;
  const list = await listOrNothing(workplace, context);
  const { reading, pinning } = await context.withProgress(
    l10n.t('Reading the service key "{0}"', key.name),
    ({ signal }) => readKey(access.api, key, list?.plans.get(key.instanceGuid), signal),
  );
  const known = memory.of(connection.id);
  return {
    guid: key.guid,
    content: reading.kind === 'read' ? reading.content : undefined,
    pinning,
    instances: list?.instances.map((instance) => ({
      ...instance,
      keys: instance.keys.map((one) => ({ ...one, ...known.get(one.guid) })),
    })),
    isEverySpace: list !== undefined && list.isEverySpace && list.isComplete,
    setUps: callingSetUps(environment, setUps(), connection.id),
  };
}

/** A key can be deleted also where the others cannot be listed. */
async function listOrNothing(workplace: Workplace, context: ActionContext): Promise<InboundList | undefined> {
  try {
    return await listEverySpace(workplace, context);
  } catch (error) {
    if (KeystoreError.is(error, 'forbidden') || KeystoreError.is(error, 'not-found')) {
      return undefined;
    }
    throw error;
  }
}

function isKeyOf({ address }: Connection, content: KeyContent | undefined): boolean {
  const { authentication } = address;
  return (
    content?.clientId !== undefined &&
    authentication.kind !== 'basic' &&
    authentication.clientId === content.clientId
  );
}

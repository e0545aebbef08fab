import * as l10n from '@vscode/l10n';
import { Cancelled, KeystoreError } from '../../errors.js';
import { readKeyContent, subjectOf, validUntil, type KeyContent } from '../../inbound/keyContent.js';
import { readServiceKeyCredentials } from '../../platform/cfServiceKeys.js';
import type { Connection } from '../../services/connection.js';
import type { ActionContext, Environment } from '../environment.js';
import { typeToDelete } from '../typeToDelete.js';
import { makeChange } from './change.js';
import { chooseKey, type KeyTarget } from './chooseKey.js';
import type { CloudFoundryPorts } from './ports.js';
import { requireWorkplace, type Workplace } from './session.js';
import { chooseCloudFoundryTenant } from './tenant.js';

/** "Delete Service Key…": what stops working is named before. */
export async function deleteServiceKey(
  environment: Environment,
  argument: unknown,
  ports: CloudFoundryPorts,
  context: ActionContext,
): Promise<void> {
  const title = l10n.t('Delete Service Key');
  const { prompts, connections } = environment;
  const connection = await chooseCloudFoundryTenant(environment, argument, title);
  const workplace = await requireWorkplace(environment, connection, ports, context);
  const target = await chooseKey(environment, workplace, argument, { title, context });
  const { key, instance } = target;
  const content = await readContent(workplace, target, context);
  const own = connections.list().find((one) => isKeyOf(one, content));
  const agreed = await prompts.confirm({
    message: l10n.t('Delete the service key "{0}" of "{1}"?', key.name, instance.name),
    detail: [
      ...consequences(content),
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

/** Public fields only; undefined where the person may not read them. */
async function readContent(
  { access }: Workplace,
  { key }: KeyTarget,
  { withProgress }: ActionContext,
): Promise<KeyContent | undefined> {
  try {
    const credentials = await withProgress(l10n.t('Reading the service key "{0}"', key.name), ({ signal }) =>
      readServiceKeyCredentials(access.api, key, signal),
    );
    return credentials === undefined ? undefined : readKeyContent(credentials);
  } catch (error) {
    if (KeystoreError.is(error, 'forbidden') || KeystoreError.is(error, 'not-found')) {
      return undefined;
    }
    throw error;
  }
}

function consequences(content: KeyContent | undefined): readonly string[] {
  if (content === undefined) {
    return [l10n.t('What it holds cannot be read. Whoever calls with it gets 401 from then on.')];
  }
  const client = content.clientId === undefined ? [] : [l10n.t('Client id: {0}', content.clientId)];
  if (content.type === 'clientSecret') {
    return [
      l10n.t(
        'Whoever gets tokens by its client secret gets none from then on; tokens that are out end by themselves.',
      ),
      ...client,
    ];
  }
  const subject = subjectOf(content);
  const end = validUntil(content);
  return [
    subject === undefined
      ? l10n.t('Calls with its certificate get 401 from then on.')
      : l10n.t('Calls with the certificate of {0} get 401 from then on.', subject),
    ...(end === undefined
      ? []
      : [l10n.t('The certificate is valid until {0}.', end.toISOString().slice(0, 10))]),
    ...client,
  ];
}

function isKeyOf({ address }: Connection, content: KeyContent | undefined): boolean {
  const { authentication } = address;
  return (
    content?.clientId !== undefined &&
    authentication.kind !== 'basic' &&
    authentication.clientId === content.clientId
  );
}

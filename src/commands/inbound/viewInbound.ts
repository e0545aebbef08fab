import * as l10n from '@vscode/l10n';
import type { ActionContext, Environment } from '../environment.js';
import { keyOfRow } from '../inboundTargets.js';
import { tenantIdOf } from '../targetIds.js';
import { chooseSignedInTenant } from './chooseKey.js';
import type { InboundPorts } from './ports.js';

/** From so many requests on the person is asked before. */
const askFrom = 200;

/** "Refresh": the key or tenant of the row, else every tenant that has been opened. */
export async function refreshInbound(
  { connections }: Environment,
  argument: unknown,
  { clients, mappings }: InboundPorts,
): Promise<void> {
  connections.noticeOtherWindows();
  const key = keyOfRow(argument);
  if (key !== undefined) {
    await clients.readKey(key.tenantId, key.keyGuid);
    return;
  }
  const id = tenantIdOf(argument);
  const opened = [...clients.tenants(), ...mappings.tenants()]
    .filter(({ status }) => status.kind !== 'notLoaded')
    .map((tenant) => tenant.id);
  await Promise.all(
    (id === undefined ? opened : [id]).map((tenantId) =>
      mappings.tenant(tenantId) === undefined ? clients.refresh(tenantId) : mappings.refresh(tenantId),
    ),
  );
}

/** "Read Certificates of All Keys": told before how many requests it may take, and cancelled at any time. */
export async function readAllKeys(
  environment: Environment,
  argument: unknown,
  { clients }: InboundPorts,
  context: ActionContext,
): Promise<void> {
  const title = l10n.t('Read Certificates of All Keys');
  const { id, name } = await chooseSignedInTenant(environment, argument, title);
  await context.withProgress(l10n.t('Reading service keys of "{0}"', name), () =>
    clients.ensure(id, context.signal),
  );
  const most = clients.requestsOfReadAll(id);
  if (most === 0) {
    environment.prompts.note(l10n.t('Every key that can be read has been read.'));
    return;
  }
  if (
    most >= askFrom &&
    !(await environment.prompts.confirm({
      message: l10n.t('Read what {0} service keys hold?', most / 2),
      detail: l10n.t(
        'It takes up to {0} requests to Cloud Foundry, at most six at a time. You can cancel at any time; what was read stays.',
        most,
      ),
      action: l10n.t('Read'),
    }))
  ) {
    return;
  }
  const { read, notReadable, requests } = await context.withProgress(title, ({ signal, report }) =>
    clients.readAll(id, {
      signal,
      onProgress: (done, total) => report(l10n.t('{0} of {1} keys', done, total)),
    }),
  );
  environment.prompts.note(
    notReadable === 0
      ? l10n.t('{0} keys were read with {1} requests.', read, requests)
      : l10n.t(
          '{0} keys were read with {1} requests; {2} cannot be read, and the view says why.',
          read,
          requests,
          notReadable,
        ),
  );
}

/** "Look in Every Space" and "Look in the Chosen Space Only". */
export async function lookInSpaces(
  environment: Environment,
  argument: unknown,
  { clients }: InboundPorts,
  isEverySpace: boolean,
): Promise<void> {
  const title = isEverySpace ? l10n.t('Look in Every Space') : l10n.t('Look in the Chosen Space Only');
  const { id } = await chooseSignedInTenant(environment, argument, title);
  await clients.showEverySpace(id, isEverySpace);
}

import * as l10n from '@vscode/l10n';
import { findKey } from '../../services/inboundState.js';
import type { ActionContext, Environment } from '../environment.js';
import { keyOfRow } from '../inboundTargets.js';
import { chooseKey, chooseSignedInTenant, gone } from './chooseKey.js';
import type { InboundPorts } from './ports.js';

/** "Show Service Key in Inbound Clients": selects a key in the view, which looks in every space where the key is in another one. */
export async function showServiceKey(
  environment: Environment,
  argument: unknown,
  ports: Pick<InboundPorts, 'clients' | 'reveal'>,
  context: ActionContext,
): Promise<void> {
  const title = l10n.t('Show Service Key in Inbound Clients');
  const { clients } = ports;
  const target = keyOfRow(argument);
  if (target === undefined) {
    const { connection, instance, key } = await chooseKey(environment, argument, ports, { title }, context);
    await ports.reveal({ tenantId: connection.id, instanceGuid: instance.guid, keyGuid: key.guid });
    return;
  }
  const { id } = await chooseSignedInTenant(environment, argument, title);
  const find = () => findKey(clients.data(id), target.keyGuid);
  await context.withProgress(l10n.t('Reading service keys'), async () => {
    await clients.ensure(id, context.signal);
    if (find() !== undefined) {
      return;
    }
    if (clients.tenant(id)?.isEverySpace === true) {
      await clients.refresh(id);
      return;
    }
    await clients.showEverySpace(id, true);
    if (find() === undefined) {
      await clients.showEverySpace(id, false);
    } else {
      environment.prompts.note(
        l10n.t('Inbound Clients looks in every space now: the service key is not in the chosen one.'),
      );
    }
  });
  const found = find();
  if (found === undefined) {
    throw gone();
  }
  await ports.reveal({ tenantId: id, instanceGuid: found.instance.guid, keyGuid: found.key.guid });
}

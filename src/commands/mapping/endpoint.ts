import * as l10n from '@vscode/l10n';
import { Cancelled } from '../../errors.js';
import type { DeployedEndpoint } from '../../inbound/deployedEndpoints.js';
import type { Reading } from '../../inbound/reading.js';
import type { SenderSetUp } from '../../inbound/senderSetUp.js';
import type { PickItem, Prompts } from '../../ui/prompts.js';
import type { ActionContext } from '../environment.js';
import { plainLabel } from '../targets.js';
import type { MappingPorts } from './ports.js';

/** The endpoint of a set-up: one that the tenant has deployed, with the role that it asks for, or one entered by hand. */
export async function changeEndpoint(
  prompts: Prompts,
  { setUps, facts }: Pick<MappingPorts, 'setUps' | 'facts'>,
  setUp: SenderSetUp,
  { signal, withProgress }: ActionContext,
): Promise<void> {
  const { id, tenantId } = setUp;
  const answer = await prompts.pick<DeployedEndpoint | undefined>({
    title: l10n.t('Endpoint'),
    placeholder: l10n.t('Endpoint that the sender calls'),
    items: facts.readEndpoints(tenantId, signal).then(endpointItems),
  });
  if (answer.kind === 'back') {
    throw new Cancelled();
  }
  const endpoint = answer.value;
  if (endpoint === undefined) {
    const address = await askAddress(prompts, setUp);
    await setUps.change(id, { endpoint: { address, flow: undefined } });
    return;
  }
  const adapter = await withProgress(
    l10n.t('Reading integration flow "{0}"', endpoint.flowName),
    (progress) => facts.readAdapter(tenantId, endpoint, progress.signal),
  );
  const userRole = adapter.kind === 'known' ? adapter.value.userRole : undefined;
  await setUps.change(id, {
    endpoint: { address: endpoint.url, flow: endpoint.flowName },
    ...(userRole === undefined ? {} : { userRole }),
  });
}

/** The endpoints, and last the way by hand, which says why where there are none. */
function endpointItems(
  reading: Reading<readonly DeployedEndpoint[]>,
): readonly PickItem<DeployedEndpoint | undefined>[] {
  const endpoints = reading.kind === 'known' ? reading.value : [];
  const why =
    reading.kind === 'failed'
      ? reading.reason
      : endpoints.length === 0
        ? l10n.t('The tenant has no deployed integration flow with an endpoint.')
        : undefined;
  return [
    ...endpoints.map((endpoint) => ({
      label: plainLabel(endpoint.flowName),
      description: plainLabel(
        [endpoint.protocol, endpoint.status === 'STARTED' ? undefined : endpoint.status]
          .filter((part) => part !== undefined)
          .join(' · '),
      ),
      detail: plainLabel(endpoint.url),
      value: endpoint,
    })),
    {
      ...(endpoints.length === 0 ? {} : { separatorBefore: '' }),
      label: l10n.t('Enter by hand…'),
      ...(why === undefined ? {} : { detail: plainLabel(why) }),
      value: undefined,
    },
  ];
}

async function askAddress(prompts: Prompts, { endpoint }: SenderSetUp): Promise<string> {
  const answer = await prompts.input({
    title: l10n.t('Endpoint'),
    prompt: l10n.t('Address or path that the sender calls'),
    placeholder: '/http/orders',
    value: endpoint?.address ?? '',
    validate: (text) =>
      /^(?:https:\/\/|\/)\S+$/.test(text.trim())
        ? undefined
        : l10n.t('Enter a path that begins with "/", or an address that begins with "https://".'),
  });
  if (answer.kind === 'back') {
    throw new Cancelled();
  }
  return answer.value.trim();
}

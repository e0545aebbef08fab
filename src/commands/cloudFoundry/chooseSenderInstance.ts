import * as l10n from '@vscode/l10n';
import { Cancelled } from '../../errors.js';
import type { InboundInstance } from '../../inbound/inboundClients.js';
import { defaultUserRole } from '../../inbound/senderSetUp.js';
import { clientCredentials, processIntegrationRuntime } from '../../inbound/serviceInstanceParameters.js';
import type { CfServicePlan } from '../../platform/cfServices.js';
import type { InboundList } from '../../services/inboundReader.js';
import type { PickItem } from '../../ui/prompts.js';
import type { ActionContext, Environment } from '../environment.js';
import { inboundTargetOf } from '../inboundTargets.js';
import { plainLabel } from '../targets.js';
import { createServiceInstance } from './createInstance.js';
import { listEverySpace } from './inboundFacts.js';
import { chooseInstance } from './instances.js';
import type { CloudFoundryPorts } from './ports.js';
import type { Workplace } from './session.js';

/** The instance that is to let a sender in, and all that was listed on the way. */
export interface SenderInstance {
  readonly instance: { readonly guid: string; readonly name: string };
  readonly plan: CfServicePlan;
  readonly list: InboundList;
}

/**
 * The instance of a row, else the only one for senders of the chosen space, else the one that the person picks by its roles; a
 * new one can be created on the way.
 */
export async function chooseSenderInstance(
  environment: Environment,
  workplace: Workplace,
  argument: unknown,
  ports: CloudFoundryPorts,
  options: {
    readonly title: string;
    readonly context: ActionContext;
    /** What the sender's channel asks for, where it is known. */
    readonly role: string | undefined;
  },
): Promise<SenderInstance> {
  const { title, context } = options;
  const given = inboundTargetOf(argument)?.instanceGuid;
  const list = await listEverySpace(workplace, context);
  const { space } = workplace.place;
  const found = list.instances
    .filter(({ guid, plan, spaceGuid }) =>
      given === undefined
        ? plan === processIntegrationRuntime.integrationFlowPlan && spaceGuid === space.guid
        : guid === given,
    )
    .sort((a, b) => rank(a, options.role) - rank(b, options.role));
  const [only] = found;
  if (only === undefined && given !== undefined) {
    // Tells that it is gone, or finds one that was made since.
    return { ...(await chooseInstance(environment, workplace, argument, { title, context })), list };
  }
  const chosen = found.length === 1 ? only : await pick(environment, found, { title, space: space.name });
  if (chosen !== undefined) {
    const plan = list.plans.get(chosen.guid);
    return plan === undefined
      ? {
          ...(await chooseInstance(environment, workplace, rowOf(workplace, chosen), { title, context })),
          list,
        }
      : { instance: chosen, plan, list };
  }
  await createServiceInstance(environment, { tenantId: workplace.connection.id }, ports, context);
  return await chooseSenderInstance(environment, workplace, argument, ports, options);
}

/** Undefined for one that is to be created. */
async function pick(
  { prompts }: Environment,
  found: readonly InboundInstance[],
  { title, space }: { readonly title: string; readonly space: string },
): Promise<InboundInstance | undefined> {
  const answer = await prompts.pick<InboundInstance | undefined>({
    title,
    placeholder:
      found.length === 0
        ? l10n.t('The space "{0}" has no service instance for senders yet', space)
        : l10n.t('Service instance in the space "{0}": its roles are what the sender may do', space),
    items: [
      ...found.map((instance): PickItem<InboundInstance | undefined> => ({
        label: plainLabel(instance.name),
        description: plainLabel(grantsText(instance)),
        value: instance,
      })),
      {
        label: l10n.t('Create Service Instance…'),
        ...(found.length === 0 ? {} : { separatorBefore: '' }),
        value: undefined,
      },
    ],
  });
  if (answer.kind === 'back') {
    throw new Cancelled();
  }
  return answer.value;
}

/** Those that grant the role first, those that take no key with a certificate last. */
function rank({ grants }: InboundInstance, role = defaultUserRole): number {
  if (grants.kind === 'notKnown') {
    return 1;
  }
  return !grants.grantTypes.includes(clientCredentials) ? 2 : grants.roles.includes(role) ? 0 : 1;
}

function grantsText({ grants }: InboundInstance): string {
  if (grants.kind === 'notKnown') {
    return l10n.t('roles not known');
  }
  const roles = grants.roles.join(', ');
  return grants.grantTypes.includes(clientCredentials)
    ? roles
    : l10n.t('{0} · takes no key with a certificate: "Mend Grant Types…" first', roles);
}

function rowOf({ connection }: Workplace, { guid }: InboundInstance): unknown {
  return { kind: 'serviceInstance', tenantId: connection.id, instanceGuid: guid };
}

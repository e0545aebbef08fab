import * as l10n from '@vscode/l10n';
import { Cancelled, KeystoreError } from '../../errors.js';
import { processIntegrationRuntime } from '../../inbound/serviceInstanceParameters.js';
import {
  listServiceInstances,
  readServiceInstance,
  type CfServiceInstance,
} from '../../platform/cfServiceInstances.js';
import { listServicePlans, type CfServicePlan } from '../../platform/cfServices.js';
import { inboundTargetOf } from '../inboundTargets.js';
import type { ActionContext, Environment } from '../environment.js';
import { plainLabel } from '../targets.js';
import type { Workplace } from './session.js';

/** A service instance of SAP's runtime with its plan. */
export interface InstanceTarget {
  readonly instance: CfServiceInstance;
  readonly plan: CfServicePlan;
}

/** The plans of SAP's runtime that the person may see in the space; throws `not-found` with what to do where there is none. */
export async function runtimePlans(
  { access, place }: Workplace,
  signal: AbortSignal,
): Promise<readonly CfServicePlan[]> {
  const plans = await listServicePlans(
    access.api,
    { offeringName: processIntegrationRuntime.offering, spaceGuid: place.space.guid },
    signal,
  );
  if (plans.length === 0) {
    throw new KeystoreError('not-found', 'the offering is not in the marketplace', {
      details: {
        where: 'cf',
        explanation: l10n.t(
          'The space "{0}" does not offer "Process Integration Runtime" ({1}). An administrator of the subaccount adds its plans under Entitlements; or choose another space.',
          place.space.name,
          processIntegrationRuntime.offering,
        ),
      },
    });
  }
  return plans;
}

/** The instance of a row, else the only one that suits, else the one that the person picks. */
export async function chooseInstance(
  { prompts }: Pick<Environment, 'prompts'>,
  workplace: Workplace,
  argument: unknown,
  options: {
    readonly title: string;
    readonly context: ActionContext;
    /** Only instances of this plan are offered. */
    readonly plan?: string;
  },
): Promise<InstanceTarget> {
  const { title, context } = options;
  const { access, place } = workplace;
  const guid = inboundTargetOf(argument)?.instanceGuid;
  const found = await context.withProgress(l10n.t('Reading service instances'), async ({ signal }) => {
    if (guid !== undefined) {
      return [await instanceByGuid(workplace, guid, signal)].filter((target) => target !== undefined);
    }
    const plans = (await runtimePlans(workplace, signal)).filter(
      ({ name }) => options.plan === undefined || name === options.plan,
    );
    const { resources } = await listServiceInstances(
      access.api,
      { planGuids: plans.map((plan) => plan.guid), spaceGuids: [place.space.guid] },
      { signal },
    );
    return resources.flatMap((instance): readonly InstanceTarget[] => {
      const plan = plans.find((one) => one.guid === instance.planGuid);
      return plan === undefined ? [] : [{ instance, plan }];
    });
  });
  const [only] = found;
  if (only === undefined) {
    throw noInstance(place.space.name, guid !== undefined);
  }
  if (found.length === 1) {
    return only;
  }
  const answer = await prompts.pick({
    title,
    placeholder: l10n.t('Service instance in the space "{0}"', place.space.name),
    items: found.map((target) => ({
      label: plainLabel(target.instance.name),
      description: target.plan.name,
      value: target,
    })),
  });
  if (answer.kind === 'back') {
    throw new Cancelled();
  }
  return answer.value;
}

/** It may be of another space than the chosen one, so its plan is looked for among all; undefined where it is gone. */
export async function instanceByGuid(
  { access }: Pick<Workplace, 'access'>,
  guid: string,
  signal: AbortSignal,
): Promise<InstanceTarget | undefined> {
  const [instance, plans] = await Promise.all([
    readServiceInstance(access.api, guid, signal),
    listServicePlans(access.api, { offeringName: processIntegrationRuntime.offering }, signal),
  ]);
  const plan = plans.find((one) => one.guid === instance?.planGuid);
  return instance === undefined || plan === undefined ? undefined : { instance, plan };
}

function noInstance(space: string, isGiven: boolean): KeystoreError {
  return new KeystoreError('not-found', 'there is no such service instance', {
    details: {
      where: 'cf',
      explanation: isGiven
        ? l10n.t('The service instance is not there any more. Refresh the view.')
        : l10n.t(
            'The space "{0}" has no service instance for this. Run "Create Service Instance…" first, or choose another space.',
            space,
          ),
    },
  });
}

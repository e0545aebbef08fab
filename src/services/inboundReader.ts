import * as l10n from '@vscode/l10n';
import { Cancelled, KeystoreError } from '../errors.js';
import type { InboundInstance, InboundKey, KeyReading } from '../inbound/inboundClients.js';
import { readKeyContent } from '../inbound/keyContent.js';
import {
  instanceGrants,
  processIntegrationRuntime,
  type InstanceGrants,
} from '../inbound/serviceInstanceParameters.js';
import {
  pinningOf,
  readKeyProperties,
  type KeyProperties,
  type Pinning,
} from '../inbound/serviceKeyParameters.js';
import type { CfApi } from '../platform/cfApi.js';
import { listSpaces } from '../platform/cfOrganizations.js';
import { listServiceInstances, readServiceInstanceParameters } from '../platform/cfServiceInstances.js';
import {
  listServiceKeys,
  readServiceKeyCredentials,
  readServiceKeyParameters,
} from '../platform/cfServiceKeys.js';
import { listServicePlans, type CfServicePlan } from '../platform/cfServices.js';
import { inParallel } from './inParallel.js';

/** Where instances are looked for. */
export type InboundScope =
  | { readonly kind: 'space'; readonly space: { readonly guid: string; readonly name: string } }
  /** Every space that the person may see. */
  | { readonly kind: 'everySpace' };

/** Instances and keys as they were listed; what the keys hold is read on its own. */
export interface InboundList {
  readonly instances: readonly InboundInstance[];
  readonly isEverySpace: boolean;
  /** False where there are more than are ever read at once. */
  readonly isComplete: boolean;
  /** Plans by the guid of the instance. */
  readonly plans: ReadonlyMap<string, CfServicePlan>;
}

/** How far a listing has come. */
export interface InboundProgress {
  readonly instances: number;
  readonly keys: number;
}

/** Requests at a time; Cloud Foundry limits them by the hour and says so. */
export const parallelRequests = 6;

/** Parameters of so many instances are read with the list; those of the others when their row is expanded, or on wish. */
export const grantsWithList = 100;

/** Lists instances of SAP's runtime with their keys: a handful of requests, and one for the roles of each of 100 instances. */
export async function listInbound(
  api: CfApi,
  scope: InboundScope,
  options: { readonly signal: AbortSignal; readonly onProgress: (progress: InboundProgress) => void },
): Promise<InboundList> {
  const { signal, onProgress } = options;
  const isEverySpace = scope.kind === 'everySpace';
  const [plans, spaces] = await Promise.all([
    listServicePlans(api, { offeringName: processIntegrationRuntime.offering }, signal),
    isEverySpace
      ? listSpaces(api, {}, signal).then(({ resources }) => resources)
      : Promise.resolve([scope.space]),
  ]);
  if (plans.length === 0) {
    return { instances: [], isEverySpace, isComplete: true, plans: new Map() };
  }
  const planGuids = plans.map(({ guid }) => guid);
  const found = await listServiceInstances(
    api,
    { planGuids, ...(isEverySpace ? {} : { spaceGuids: [scope.space.guid] }) },
    { signal, onPage: (instances) => onProgress({ instances, keys: 0 }) },
  );
  const known = found.resources;
  const onPage = (keys: number): void => onProgress({ instances: known.length, keys });
  const keys =
    known.length === 0
      ? { resources: [], isComplete: true }
      : await listServiceKeys(
          api,
          isEverySpace ? { planGuids } : { instanceGuids: known.map(({ guid }) => guid) },
          { signal, onPage },
        );
  const planByGuid = new Map(plans.map((plan) => [plan.guid, plan]));
  const spaceByGuid = new Map(
    spaces.map((space): [string, { name: string; organizationGuid?: string }] => [space.guid, space]),
  );
  const keysByInstance = new Map(known.map(({ guid }): [string, InboundKey[]] => [guid, []]));
  for (const key of keys.resources) {
    keysByInstance
      .get(key.instanceGuid)
      ?.push({ ...key, reading: { kind: 'notRead' }, pinning: notReadYet() });
  }
  const planOfInstance = new Map<string, CfServicePlan>();
  const grants = new Map<string, InstanceGrants>();
  for (const { guid, planGuid } of known) {
    const plan = planByGuid.get(planGuid);
    if (plan !== undefined) {
      planOfInstance.set(guid, plan);
    }
  }
  await inParallel(known.slice(0, grantsWithList), parallelRequests, async ({ guid }) => {
    grants.set(guid, await readGrants(api, guid, planOfInstance.get(guid), signal));
  });
  const instances = known.map((instance): InboundInstance => ({
    guid: instance.guid,
    name: instance.name,
    spaceGuid: instance.spaceGuid,
    spaceName: spaceByGuid.get(instance.spaceGuid)?.name,
    organizationGuid: spaceByGuid.get(instance.spaceGuid)?.organizationGuid,
    plan: planOfInstance.get(instance.guid)?.name ?? '',
    grants: grants.get(instance.guid) ?? {
      kind: 'notKnown',
      reason: l10n.t('Roles and grant types have not been read yet; they are when the instance is expanded.'),
    },
    lastOperation: instance.lastOperation,
    keys: (keysByInstance.get(instance.guid) ?? []).sort(byName),
  }));
  return {
    instances: instances.sort(byName),
    isEverySpace,
    isComplete: found.isComplete && keys.isComplete,
    plans: planOfInstance,
  };
}

/** Roles and grant types of an instance; what keeps them from being read is a reason, and throws only where nothing can be read. */
export async function readGrants(
  api: CfApi,
  instanceGuid: string,
  plan: CfServicePlan | undefined,
  signal: AbortSignal,
): Promise<InstanceGrants> {
  if (plan?.offering.instancesRetrievable === false) {
    return instanceGrants({ kind: 'notRetrievable' });
  }
  try {
    return instanceGrants(await readServiceInstanceParameters(api, instanceGuid, signal));
  } catch (error) {
    return { kind: 'notKnown', reason: reasonOf(error, signal) };
  }
}

/**
 * What a key holds: one request, and another for the pinning of an external certificate. Client secret and private key are
 * dropped here, in the same call. Throws where nothing can be read at all.
 */
export async function readKey(
  api: CfApi,
  key: Pick<InboundKey, 'guid' | 'name'>,
  plan: CfServicePlan | undefined,
  signal: AbortSignal,
): Promise<{ readonly reading: KeyReading; readonly pinning: Pinning }> {
  const reading = await readContent(api, key, signal);
  const properties = keyPropertiesOf(plan);
  const isExternal = reading.kind === 'read' && reading.content.type === 'externalCertificate';
  if (!isExternal) {
    return { reading, pinning: notReadYet() };
  }
  if (plan?.offering.bindingsRetrievable === false) {
    return { reading, pinning: pinningOf({ kind: 'notRetrievable' }, properties) };
  }
  try {
    const parameters = await readServiceKeyParameters(api, key.guid, signal);
    return { reading, pinning: pinningOf(parameters, properties) };
  } catch (error) {
    return { reading, pinning: { kind: 'notKnown', reason: reasonOf(error, signal) } };
  }
}

/** What a plan tells of its keys; one that is not known tells nothing. */
export function keyPropertiesOf(plan: CfServicePlan | undefined): KeyProperties {
  return readKeyProperties(plan?.schemas.createKey);
}

async function readContent(
  api: CfApi,
  key: Pick<InboundKey, 'guid' | 'name'>,
  signal: AbortSignal,
): Promise<KeyReading> {
  try {
    const credentials = await readServiceKeyCredentials(api, key, signal);
    return credentials === undefined
      ? { kind: 'notReadable', reason: l10n.t('The key is not there any more. Refresh the view.') }
      : { kind: 'read', content: readKeyContent(credentials) };
  } catch (error) {
    return { kind: 'notReadable', reason: reasonOf(error, signal) };
  }
}

/** Why one thing could not be read; rethrows what concerns all of them. */
function reasonOf(error: unknown, signal: AbortSignal): string {
  Cancelled.throwIfAborted(signal);
  if (!KeystoreError.is(error) || concernsAll.has(error.code)) {
    throw error;
  }
  const { explanation } = error.details;
  return typeof explanation === 'string'
    ? explanation
    : l10n.t('Cloud Foundry did not tell it: {0}', error.code);
}

const concernsAll: ReadonlySet<string> = new Set([
  'signed-out',
  'unauthorized',
  'offline',
  'timeout',
  'untrusted-server',
  'rate-limited',
]);

function notReadYet(): Pinning {
  return { kind: 'notKnown', reason: l10n.t('What the key holds has not been read yet.') };
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

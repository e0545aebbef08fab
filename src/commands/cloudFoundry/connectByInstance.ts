import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../../errors.js';
import { readKeyProperties, serviceKeyParameters } from '../../inbound/serviceKeyParameters.js';
import { processIntegrationRuntime } from '../../inbound/serviceInstanceParameters.js';
import { readServiceKeyCredentials } from '../../platform/cfServiceKeys.js';
import type { CfServicePlan } from '../../platform/cfServices.js';
import type { CfTask } from '../../platform/cfTasks.js';
import { readServiceKey } from '../../tenant/serviceKey.js';
import { proposeNameAndStage } from '../../tenant/tenantProposal.js';
import type { ActionContext, Environment } from '../environment.js';
import { makeChange } from './change.js';
import { halfDone } from './halfDone.js';
import { instanceByGuid } from './instances.js';
import { isNewTenant } from './newTenant.js';
import type { Workplace } from './session.js';

/** Of the key by which a tenant is connected. */
const keyName = 'ci-keystore';

/** What connecting needs of where it works. */
type Place = Pick<Workplace, 'connection' | 'access'>;

interface NewApiInstance {
  readonly guid: string;
  readonly name: string;
  readonly plan: CfServicePlan;
}

/** Makes a key with a client secret at a new instance of plan `api`, and connects its tenant by it. */
export async function connectByApiInstance(
  environment: Environment,
  workplace: Place,
  instance: NewApiInstance,
  context: ActionContext,
): Promise<void> {
  const guid = await makeKey(environment, workplace, instance, context);
  if (guid === undefined) {
    void environment.prompts.inform(
      l10n.t(
        'Once the service key "{0}" is there, "Follow Unfinished Changes" goes on from it and connects the tenant.',
        keyName,
      ),
    );
    return;
  }
  await connectByApiKey(environment, workplace, { instance, guid }, context);
}

/**
 * How a change that Cloud Foundry has made while nobody watched leads on to a connected tenant: a new instance of plan `api`, or the
 * key by which its tenant was to be connected. Undefined for any other change.
 */
export async function lateConnection(
  environment: Environment,
  workplace: Place,
  { task, guid }: { readonly task: CfTask; readonly guid: string },
  context: ActionContext,
): Promise<(() => Promise<void>) | undefined> {
  const isKey = task.kind === 'createKey' && task.name === keyName;
  if (task.kind !== 'createInstance' && !isKey) {
    return undefined;
  }
  const target = await context.withProgress(l10n.t('Reading the service instance'), ({ signal }) =>
    instanceByGuid(workplace, isKey ? task.guid : guid, signal),
  );
  if (target?.plan.name !== processIntegrationRuntime.apiPlan) {
    return undefined;
  }
  const { plan } = target;
  const instance = { guid: target.instance.guid, name: target.instance.name, plan };
  return isKey
    ? () => connectByApiKey(environment, workplace, { instance, guid }, context)
    : () => connectByApiInstance(environment, workplace, instance, context);
}

async function connectByApiKey(
  environment: Environment,
  workplace: Place,
  made: { readonly instance: NewApiInstance; readonly guid: string },
  context: ActionContext,
): Promise<void> {
  try {
    await connectByKey(environment, workplace, made, context);
  } catch (error) {
    throw halfDone(error, (reason) =>
      l10n.t(
        'The service instance "{0}" and its service key "{1}" have been created, but the tenant is not connected yet. {2} "Save Credentials…" writes the key to a file, and "Add Tenant…" connects by it.',
        made.instance.name,
        keyName,
        reason,
      ),
    );
  }
}

/** Undefined where Cloud Foundry goes on with it. */
async function makeKey(
  environment: Environment,
  { connection }: Place,
  { guid: instanceGuid, name, plan }: NewApiInstance,
  context: ActionContext,
): Promise<string | undefined> {
  const { parameters } = serviceKeyParameters(
    { type: 'clientSecret' },
    readKeyProperties(plan.schemas.createKey),
  );
  try {
    const made = await makeChange(
      environment,
      connection,
      { kind: 'createKey', key: { name: keyName, instanceGuid, parameters } },
      { title: l10n.t('Creating the service key "{0}"', keyName), context },
    );
    return made?.guid;
  } catch (error) {
    throw halfDone(error, (reason) =>
      l10n.t(
        'The service instance "{0}" has been created, but has no service key yet, so the tenant is not connected. {1} Create a key for it in the cockpit and connect by it with "Add Tenant…".',
        name,
        reason,
      ),
    );
  }
}

async function connectByKey(
  environment: Environment,
  { connection, access }: Place,
  { instance, guid }: { readonly instance: NewApiInstance; readonly guid: string },
  context: ActionContext,
): Promise<void> {
  const credentials = await context.withProgress(l10n.t('Reading the service key'), ({ signal }) =>
    readServiceKeyCredentials(access.api, { guid, name: keyName }, signal),
  );
  const reading = readServiceKey(JSON.stringify(credentials ?? {}));
  if (reading.kind !== 'api') {
    throw new KeystoreError('bad-answer', 'the new key opens no tenant', {
      details: {
        where: 'cf',
        explanation: l10n.t(
          'The service key "{0}" of "{1}" holds no access to a tenant. Look at it in the cockpit.',
          keyName,
          instance.name,
        ),
      },
    });
  }
  const { address, secret } = reading;
  if (!connection.practice && connection.address.url === address.url) {
    await environment.connections.update({ ...connection, address }, secret);
    environment.prompts.note(l10n.t('"{0}" is connected by the new service key.', connection.name));
    return;
  }
  const added = await environment.connections.add(
    { ...proposeNameAndStage(address.url), practice: false, address },
    secret,
  );
  if (isNewTenant(connection)) {
    await environment.cloudFoundry.moveFromNew(added.id);
  }
  environment.keystores.load(added.id);
  await environment.navigator.revealTenant(added.id);
  environment.prompts.note(l10n.t('The tenant "{0}" is connected by the new service key.', added.name));
}

import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../../errors.js';
import { readKeyProperties, serviceKeyParameters } from '../../inbound/serviceKeyParameters.js';
import { readServiceKeyCredentials } from '../../platform/cfServiceKeys.js';
import type { CfServicePlan } from '../../platform/cfServices.js';
import { readServiceKey } from '../../tenant/serviceKey.js';
import { proposeNameAndStage } from '../../tenant/tenantProposal.js';
import type { ActionContext, Environment } from '../environment.js';
import { makeChange } from './change.js';
import { halfDone } from './halfDone.js';
import { isNewTenant } from './newTenant.js';
import type { Workplace } from './session.js';

const keyName = 'ci-keystore';

interface NewApiInstance {
  readonly guid: string;
  readonly name: string;
  readonly plan: CfServicePlan;
}

/** Makes a key with a client secret at a new instance of plan `api`, and connects its tenant by it. */
export async function connectByApiInstance(
  environment: Environment,
  workplace: Workplace,
  instance: NewApiInstance,
  context: ActionContext,
): Promise<void> {
  const guid = await makeKey(environment, workplace, instance, context);
  if (guid === undefined) {
    return;
  }
  try {
    await connectByKey(environment, workplace, { instance, guid }, context);
  } catch (error) {
    throw halfDone(error, (reason) =>
      l10n.t(
        'The service instance "{0}" and its service key "{1}" have been created, but the tenant is not connected yet. {2} "Save Credentials…" writes the key to a file, and "Add Tenant…" connects by it.',
        instance.name,
        keyName,
        reason,
      ),
    );
  }
}

/** Undefined where Cloud Foundry goes on with it. */
async function makeKey(
  environment: Environment,
  { connection }: Workplace,
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
  { connection, access }: Workplace,
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

import * as l10n from '@vscode/l10n';
import { Cancelled, KeystoreError } from '../../errors.js';
import {
  changedInstanceParameters,
  deprecatedGrantType,
  instanceGrants,
  mendedGrantTypes,
  type InstanceGrants,
} from '../../inbound/serviceInstanceParameters.js';
import type { CfParameters } from '../../platform/cfResources.js';
import { readServiceInstanceParameters } from '../../platform/cfServiceInstances.js';
import type { Prompts } from '../../ui/prompts.js';
import type { ActionContext, Environment } from '../environment.js';
import { makeChange } from './change.js';
import { askRoles } from './grants.js';
import { chooseInstance, type InstanceTarget } from './instances.js';
import type { CloudFoundryPorts } from './ports.js';
import { requireWorkplace, type Workplace } from './session.js';
import { chooseCloudFoundryTenant } from './tenant.js';

interface Known extends InstanceTarget {
  readonly parameters: CfParameters;
  readonly grants: InstanceGrants;
}

/** "Change Roles…": what callers with the keys of an instance may do. */
export async function changeRoles(
  environment: Environment,
  argument: unknown,
  ports: CloudFoundryPorts,
  context: ActionContext,
): Promise<void> {
  const title = l10n.t('Change Roles');
  const { prompts } = environment;
  const { workplace, instance, parameters, grants } = await read(environment, argument, {
    title,
    ports,
    context,
  });
  if (grants.kind === 'known' && grants.grantTypes.includes(deprecatedGrantType)) {
    throw new KeystoreError('refused', 'the instance takes no changes', {
      details: {
        explanation: l10n.t(
          '"{0}" has the deprecated grant type "client_x509" and takes no changes. Run "Mend Grant Types…" first.',
          instance.name,
        ),
      },
    });
  }
  const before = grants.kind === 'known' ? grants.roles : undefined;
  const roles = await rolesOf(prompts, { title, name: instance.name, grants });
  const added = roles.filter((role) => before?.includes(role) !== true);
  const removed = (before ?? []).filter((role) => !roles.includes(role));
  if (before !== undefined && added.length === 0 && removed.length === 0) {
    void prompts.inform(
      l10n.t('"{0}" grants exactly these roles already; nothing was changed.', instance.name),
    );
    return;
  }
  const agreed = await prompts.confirm({
    message: l10n.t('Change the roles of "{0}"?', instance.name),
    detail: [
      ...(before === undefined ? [notKnownNote(grants)] : []),
      ...(added.length > 0 && before !== undefined ? [l10n.t('Added: {0}', added.join(', '))] : []),
      ...(removed.length > 0
        ? [
            l10n.t('Removed: {0}', removed.join(', ')),
            l10n.t('Callers with its keys get 403 where a sender channel asks for a removed role.'),
          ]
        : []),
      l10n.t('It holds for every key of the instance. SAP caches roles: it may take up to an hour to work.'),
    ].join('\n'),
    action: l10n.t('Change Roles'),
  });
  if (agreed) {
    await update(
      environment,
      { workplace, instance, context },
      changedInstanceParameters(parameters, { roles }),
    );
    environment.prompts.note(
      l10n.t('The roles of "{0}" have been changed. It may take up to an hour to work.', instance.name),
    );
  }
}

/** "Mend Grant Types…": puts the grant type that keys need in the place of the deprecated one. */
export async function mendGrantTypes(
  environment: Environment,
  argument: unknown,
  ports: CloudFoundryPorts,
  context: ActionContext,
): Promise<void> {
  const title = l10n.t('Mend Grant Types');
  const { prompts } = environment;
  const { workplace, instance, parameters, grants } = await read(environment, argument, {
    title,
    ports,
    context,
  });
  const before = grants.kind === 'known' ? grants.grantTypes : [];
  const grantTypes = mendedGrantTypes(before);
  if (grants.kind === 'known' && grantTypes.join() === before.join()) {
    void prompts.inform(
      l10n.t('The grant types of "{0}" need no mending: {1}.', instance.name, before.join(', ')),
    );
    return;
  }
  // Without the parameters that are there, a change that names no roles might take them away.
  const roles =
    grants.kind === 'known' ? undefined : await rolesOf(prompts, { title, name: instance.name, grants });
  const agreed = await prompts.confirm({
    message: l10n.t('Mend the grant types of "{0}"?', instance.name),
    detail: [
      ...(grants.kind === 'known'
        ? [l10n.t('Now: {0}', before.length === 0 ? l10n.t('none') : before.join(', '))]
        : [notKnownNote(grants)]),
      l10n.t('Then: {0}', grantTypes.join(', ')),
      l10n.t('Keys that are there stay as they are.'),
    ].join('\n'),
    action: l10n.t('Mend Grant Types'),
  });
  if (agreed) {
    const change = { grantTypes, ...(roles === undefined ? {} : { roles }) };
    await update(
      environment,
      { workplace, instance, context },
      changedInstanceParameters(parameters, change),
    );
    prompts.note(l10n.t('The grant types of "{0}" have been mended.', instance.name));
  }
}

async function read(
  environment: Environment,
  argument: unknown,
  { title, ports, context }: { title: string; ports: CloudFoundryPorts; context: ActionContext },
): Promise<Known & { readonly workplace: Workplace }> {
  const connection = await chooseCloudFoundryTenant(environment, argument, title);
  const workplace = await requireWorkplace(environment, connection, ports, context);
  const target = await chooseInstance(environment, workplace, argument, { title, context });
  const parameters: CfParameters =
    target.plan.offering.instancesRetrievable === false
      ? { kind: 'notRetrievable' }
      : await context.withProgress(
          l10n.t('Reading the parameters of "{0}"', target.instance.name),
          ({ signal }) => readServiceInstanceParameters(workplace.access.api, target.instance.guid, signal),
        );
  return { ...target, workplace, parameters, grants: instanceGrants(parameters) };
}

async function rolesOf(
  prompts: Prompts,
  { title, name, grants }: { readonly title: string; readonly name: string; readonly grants: InstanceGrants },
): Promise<readonly string[]> {
  const answer = await askRoles(
    prompts,
    { title },
    grants.kind === 'known'
      ? { prompt: l10n.t('Roles of "{0}", separated by commas', name), roles: grants.roles }
      : {
          prompt: l10n.t('All roles that "{0}" is to grant, separated by commas. {1}', name, grants.reason),
          roles: [],
        },
  );
  if (answer.kind === 'back') {
    throw new Cancelled();
  }
  return answer.value;
}

function notKnownNote(grants: InstanceGrants): string {
  return grants.kind === 'known'
    ? ''
    : l10n.t(
        'What the instance has now is not known, and what is not named here may be lost. {0}',
        grants.reason,
      );
}

async function update(
  environment: Environment,
  {
    workplace,
    instance,
    context,
  }: { workplace: Workplace; instance: InstanceTarget['instance']; context: ActionContext },
  parameters: ReturnType<typeof changedInstanceParameters>,
): Promise<void> {
  const { guid, name } = instance;
  const changed = await makeChange(
    environment,
    workplace.connection,
    { kind: 'updateInstance', instance: { guid, name }, parameters },
    { title: l10n.t('Changing the service instance "{0}"', name), context },
  );
  if (changed === undefined) {
    throw new Cancelled();
  }
}

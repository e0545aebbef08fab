import * as l10n from '@vscode/l10n';
import { randomUUID } from 'node:crypto';
import { KeystoreError } from '../../errors.js';
import type { RenewalPlan } from '../../inbound/renewalPlan.js';
import { mappingName, mappingValidUntil, type UserMapping } from '../../inbound/userMapping.js';
import type { ActionContext, Environment } from '../environment.js';
import { chooseMapping, readMappings } from '../userMapping/chooseMapping.js';
import { createUserMapping } from '../userMapping/create.js';
import { deleteUserMapping } from '../userMapping/delete.js';
import { chooseNeoTenant } from '../userMapping/neoTenant.js';
import type { RenewalPlace, RenewPorts } from './renewalPlace.js';

/** Begins a plan for a certificate-to-user mapping, or gives the one that was begun. */
export async function userMappingPlan(
  environment: Environment,
  argument: unknown,
  { userMappings, renewals }: RenewPorts,
  context: ActionContext,
): Promise<RenewalPlan> {
  const { connection, mapping } = await chooseMapping(environment, argument, userMappings, {
    title: l10n.t('Renew Client Certificate'),
    context,
    suits: ({ certificate }) => certificate !== undefined,
  });
  if (mapping.certificate === undefined) {
    throw refused(mapping.unreadable ?? '');
  }
  return (
    renewals.forKey(connection.id, mapping.id) ?? {
      id: randomUUID(),
      tenantId: connection.id,
      place: 'neoMapping',
      oldId: mapping.id,
      oldName: mappingName(mapping),
      oldSha256: mapping.certificate.sha256,
      next: undefined,
      saidPinned: undefined,
      confirmedAt: undefined,
      deleteFrom: undefined,
    }
  );
}

/** Renewal at the mappings of Neo: several certificates may belong to one user, so the new one stands beside the old one. */
export function userMappingPlace(
  environment: Environment,
  { userMappings }: RenewPorts,
  context: ActionContext,
): RenewalPlace {
  const known = ({ tenantId }: RenewalPlan): readonly UserMapping[] | undefined =>
    userMappings.mappings.mappings(tenantId);
  const old = (plan: RenewalPlan): UserMapping | undefined =>
    known(plan)?.find(({ id }) => id === plan.oldId);
  const connectionOf = ({ tenantId }: RenewalPlan) => chooseNeoTenant(environment, { tenantId }, '');
  return {
    facts: async (plan) => {
      const all = await readMappings(await connectionOf(plan), userMappings, context);
      const before = old(plan);
      const next = all.find(({ certificate }) => certificate?.sha256 === plan.next?.sha256);
      // Mapped to another user it is not beside the old one yet.
      const isBeside = next !== undefined && (before === undefined || next.user === before.user);
      return {
        oldIsThere: before !== undefined,
        newName: plan.next !== undefined && isBeside ? mappingName(next) : null,
        pinning: 'notKnown',
        oldValidUntil: before === undefined ? undefined : mappingValidUntil(before)?.getTime(),
        now: environment.now(),
      };
    },
    planChanged: ({ tenantId }) => userMappings.mappings.tellRenewals(tenantId),
    oldLeaf: (plan) => old(plan)?.certificate,
    createSecond: async (plan, sender) => {
      const { user, certificate: renewed } = old(plan) ?? {};
      if (user === undefined) {
        throw refused(
          l10n.t(
            'The mapping "{0}" is not there any more, so it does not tell the user. Create the mapping of the new certificate by its own command.',
            plan.oldName,
          ),
        );
      }
      const connection = await connectionOf(plan);
      await createUserMapping(environment, undefined, userMappings, context, {
        connection,
        sender,
        user,
        renewed,
      });
    },
    deleteOld: async (plan) => {
      const row = { tenantId: plan.tenantId, mappingId: plan.oldId };
      await deleteUserMapping(environment, row, userMappings, context);
    },
  };
}

function refused(explanation: string): KeystoreError {
  return new KeystoreError('refused', 'the renewal cannot go on', { details: { explanation } });
}

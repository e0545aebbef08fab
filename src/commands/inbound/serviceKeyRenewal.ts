import * as l10n from '@vscode/l10n';
import { randomUUID } from 'node:crypto';
import { Cancelled, KeystoreError } from '../../errors.js';
import { certificateOf, keysByCertificate, placedKeys } from '../../inbound/inboundClients.js';
import { validUntil } from '../../inbound/keyContent.js';
import type { RenewalFacts, RenewalPlan } from '../../inbound/renewalPlan.js';
import { readServiceKey } from '../../platform/cfServiceKeys.js';
import { findInbound, findKey } from '../../services/inboundState.js';
import { createServiceKey } from '../cloudFoundry/createKey.js';
import { deleteServiceKey } from '../cloudFoundry/deleteKey.js';
import type { ActionContext, Environment } from '../environment.js';
import { chooseKey } from './chooseKey.js';
import type { RenewalPlace, RenewPorts } from './renewalPlace.js';
import { reviewRenewal } from './renewalReview.js';

/** Up to so many requests are sent unasked to find the new key. */
const readUnasked = 200;

/** Begins a plan for a key with an external certificate, or goes on with the one that was begun. */
export async function serviceKeyPlan(
  environment: Environment,
  argument: unknown,
  ports: RenewPorts,
  context: ActionContext,
): Promise<RenewalPlan> {
  const title = l10n.t('Renew Client Certificate');
  const { connection, key } = await chooseKey(
    environment,
    argument,
    ports.inbound,
    {
      title,
      suits: ({ key: { reading } }) =>
        reading.kind === 'notRead' ||
        (reading.kind === 'read' && reading.content.type === 'externalCertificate'),
    },
    context,
  );
  const { reading } = key;
  const sha256 = certificateOf(key);
  if (reading.kind !== 'read' || sha256 === undefined || reading.content.type !== 'externalCertificate') {
    throw refused(notRenewable(key.name, reading));
  }
  const begun = ports.renewals.forKey(connection.id, key.guid);
  return (
    begun ?? {
      id: randomUUID(),
      tenantId: connection.id,
      place: 'serviceKey',
      oldId: key.guid,
      oldName: key.name,
      oldSha256: sha256,
      next: undefined,
      // Remembered, since nothing tells it any more once the old key is deleted.
      saidPinned: key.pinning.kind === 'notKnown' ? undefined : key.pinning.kind === 'pinned',
      confirmedAt: undefined,
      deleteFrom: undefined,
    }
  );
}

/** Renewal at the service keys of Cloud Foundry. */
export function serviceKeyPlace(
  environment: Environment,
  ports: RenewPorts,
  context: ActionContext,
): RenewalPlace {
  const { keys } = ports;
  const { clients } = ports.inbound;
  const placed = ({ tenantId, oldId }: RenewalPlan) => findKey(clients.data(tenantId), oldId);
  return {
    facts: (plan) =>
      context.withProgress(l10n.t('Looking where the renewal of "{0}" stands', plan.oldName), () =>
        readFacts(environment, plan, ports, context),
      ),
    planChanged: ({ tenantId }) => keys.memory.tell(tenantId, ports),
    oldLeaf: (plan) => {
      const reading = placed(plan)?.key.reading;
      return reading?.kind === 'read' ? reading.content.certificates[0] : undefined;
    },
    review: (plan, sender, standing) => reviewRenewal(environment, { plan, sender, standing }, keys, context),
    createSecond: async (plan, sender) => {
      const { tenantId } = plan;
      const instanceGuid = placed(plan)?.instance.guid;
      // Where the old key is gone its instance is not known any more, and the person picks one by its roles.
      const row =
        instanceGuid === undefined ? { tenantId } : { kind: 'serviceInstance', tenantId, instanceGuid };
      await createServiceKey(environment, row, keys, context, sender);
      await clients.refresh(tenantId);
    },
    deleteOld: async (plan) => {
      const { tenantId, oldId } = plan;
      const instanceGuid = placed(plan)?.instance.guid;
      if (instanceGuid !== undefined) {
        const row = { kind: 'serviceKey', tenantId, instanceGuid, keyGuid: oldId };
        await deleteServiceKey(environment, row, keys, context);
        await clients.refresh(tenantId);
      }
    },
  };
}

/** A key that was not listed may be in a space that was not looked at. */
async function isElsewhere(
  { cloudFoundry }: Environment,
  plan: RenewalPlan,
  { signal }: ActionContext,
): Promise<boolean> {
  const { api } = await cloudFoundry.access(plan.tenantId);
  return (await readServiceKey(api, plan.oldId, signal)) !== undefined;
}

async function readFacts(
  environment: Environment,
  plan: RenewalPlan,
  { inbound: { clients } }: RenewPorts,
  context: ActionContext,
): Promise<RenewalFacts> {
  const listed = await clients.ensure(plan.tenantId, context.signal);
  const place = findKey(listed, plan.oldId);
  if (place !== undefined) {
    // The second key stands beside the old one, so what is there is read.
    for (const { guid } of findInbound(listed, place.instance.guid)?.keys ?? []) {
      Cancelled.throwIfAborted(context.signal);
      await clients.readKey(plan.tenantId, guid);
    }
  }
  const old = findKey(clients.data(plan.tenantId), plan.oldId);
  if (old === undefined && (await isElsewhere(environment, plan, context))) {
    throw refused(
      l10n.t(
        '"{0}" is in a space that is not looked at. "Look in Every Space", or choose its space, then continue.',
        plan.oldName,
      ),
    );
  }
  const { next } = plan;
  if (old === undefined && next !== undefined && clients.requestsOfReadAll(plan.tenantId) <= readUnasked) {
    // Nothing tells any more in which instance the new key stands.
    await clients.readAll(plan.tenantId, { signal: context.signal, onProgress: () => undefined });
  }
  const data = clients.data(plan.tenantId);
  const holder =
    next === undefined || data === undefined
      ? undefined
      : keysByCertificate(data.instances)
          .get(next.sha256)
          ?.find(({ key }) => key.guid !== plan.oldId);
  const candidates = old?.instance.keys ?? placedKeys(data?.instances ?? []).map(({ key }) => key);
  const isReadable = candidates.every(({ reading }) => reading.kind === 'read');
  return {
    oldIsThere: data === undefined ? undefined : old !== undefined,
    newName: holder?.key.name ?? (isReadable && data !== undefined ? null : undefined),
    pinning: old?.key.pinning.kind ?? 'notKnown',
    oldValidUntil:
      old?.key.reading.kind === 'read' ? validUntil(old.key.reading.content)?.getTime() : undefined,
    now: environment.now(),
  };
}

function notRenewable(name: string, reading: { readonly kind: string; readonly reason?: string }): string {
  return reading.kind === 'notReadable' && reading.reason !== undefined
    ? reading.reason
    : l10n.t(
        '"{0}" holds no certificate of the sender\'s own. For a certificate made by SAP or a client secret, create a new key with "Create Service Key…", give it to the sender, then delete this one.',
        name,
      );
}

function refused(explanation: string): KeystoreError {
  return new KeystoreError('refused', 'the renewal cannot go on', { details: { explanation } });
}

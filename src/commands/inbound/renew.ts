import * as l10n from '@vscode/l10n';
import { randomUUID } from 'node:crypto';
import { Cancelled, KeystoreError } from '../../errors.js';
import { certificateOf, keysByCertificate } from '../../inbound/inboundClients.js';
import { namePairOf, validUntil } from '../../inbound/keyContent.js';
import {
  proposedDeletion,
  renewalStanding,
  type RenewalFacts,
  type RenewalPlan,
  type RenewalStanding,
  type RenewalStep,
} from '../../inbound/renewalPlan.js';
import type { Certificate } from '../../pki/certificate.js';
import { readCertificates } from '../../pki/container.js';
import { encodePem } from '../../pki/pem.js';
import { readServiceKey } from '../../platform/cfServiceKeys.js';
import { findInbound, findKey } from '../../services/inboundState.js';
import type { Renewals } from '../../services/renewals.js';
import type { PickItem } from '../../ui/prompts.js';
import { createServiceKey, type KeyPorts } from '../cloudFoundry/createKey.js';
import { deleteServiceKey } from '../cloudFoundry/deleteKey.js';
import { certificateOfEntry, certificateOfFile } from '../cloudFoundry/senderCertificate.js';
import type { ActionContext, Environment } from '../environment.js';
import { plainLabel } from '../targets.js';
import { chooseKey } from './chooseKey.js';
import type { InboundPorts } from './ports.js';

/** What renewing needs beside the rest. */
export interface RenewPorts {
  readonly inbound: InboundPorts;
  readonly keys: KeyPorts;
  readonly renewals: Renewals;
}

type Choice =
  | { readonly kind: 'step'; readonly step: RenewalStep }
  | { readonly kind: 'giveUp' }
  | { readonly kind: 'later' };

/** "Renew Client Certificate…": begins a plan for a key with an external certificate, or goes on with the one that was begun. */
export async function renewServiceKey(
  environment: Environment,
  argument: unknown,
  ports: RenewPorts,
  context: ActionContext,
): Promise<void> {
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
  const plan: RenewalPlan = begun ?? {
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
  };
  await walk(environment, { plan, instanceGuid: key.instanceGuid }, ports, context);
}

/** "Continue Renewal…": where each renewal stands, and its next step. */
export async function continueRenewal(
  environment: Environment,
  ports: RenewPorts,
  context: ActionContext,
): Promise<void> {
  const plans = ports.renewals
    .list()
    .filter(
      (plan) => plan.place === 'serviceKey' && environment.connections.get(plan.tenantId) !== undefined,
    );
  const [only] = plans;
  if (only === undefined) {
    throw refused(l10n.t('No renewal was begun. "Renew Client Certificate…" at a service key begins one.'));
  }
  let plan = only;
  if (plans.length > 1) {
    const answer = await environment.prompts.pick({
      title: l10n.t('Continue Renewal'),
      placeholder: l10n.t('Service key that is being replaced'),
      items: plans.map((value) => ({
        label: plainLabel(value.oldName),
        description: plainLabel(environment.connections.get(value.tenantId)?.name ?? ''),
        value,
      })),
    });
    if (answer.kind === 'back') {
      throw new Cancelled();
    }
    plan = answer.value;
  }
  await walk(environment, { plan, instanceGuid: undefined }, ports, context);
}

/** Shows where the renewal stands and does what the person says, step by step, until they leave it or it is finished. */
async function walk(
  environment: Environment,
  start: { readonly plan: RenewalPlan; readonly instanceGuid: string | undefined },
  ports: RenewPorts,
  context: ActionContext,
): Promise<void> {
  let { plan } = start;
  for (;;) {
    const facts = await readFacts(environment, plan, ports, context);
    const standing = renewalStanding(plan, facts);
    if (standing.isFinished) {
      await ports.renewals.forget(plan.id);
      ports.keys.memory.tell(plan.tenantId, ports);
      void environment.prompts.inform(finishedText(plan, standing));
      return;
    }
    const choice = await askNext(environment, plan, standing);
    if (choice.kind === 'later') {
      return;
    }
    if (choice.kind === 'giveUp') {
      if (await askGiveUp(environment, plan)) {
        await ports.renewals.forget(plan.id);
        ports.keys.memory.tell(plan.tenantId, ports);
      }
      return;
    }
    plan = await perform(environment, { plan, facts, standing, step: choice.step }, ports, context);
    await ports.renewals.save(plan);
    ports.keys.memory.tell(plan.tenantId, ports);
  }
}

async function perform(
  environment: Environment,
  at: {
    readonly plan: RenewalPlan;
    readonly facts: RenewalFacts;
    readonly standing: RenewalStanding;
    readonly step: RenewalStep;
  },
  ports: RenewPorts,
  context: ActionContext,
): Promise<RenewalPlan> {
  const { plan, facts, standing, step } = at;
  const { inbound, keys } = ports;
  switch (step.id) {
    case 'chooseCertificate':
      return await chooseNext(environment, plan, ports, context);
    case 'tellPinning':
      return { ...plan, saidPinned: await askPinned(environment, plan) };
    case 'createSecond': {
      const instanceGuid = findKey(inbound.clients.data(plan.tenantId), plan.oldId)?.instance.guid;
      const leaf =
        plan.next?.pem === undefined
          ? undefined
          : readCertificates(Buffer.from(plan.next.pem)).certificates[0];
      if (instanceGuid === undefined || leaf === undefined) {
        throw refused(
          l10n.t(
            '"{0}" is not there any more, so there is nothing to put a second key beside.',
            plan.oldName,
          ),
        );
      }
      await createServiceKey(
        environment,
        { kind: 'serviceInstance', tenantId: plan.tenantId, instanceGuid },
        keys,
        context,
        {
          leaf,
          chain: [leaf],
          others: [],
          option: undefined,
          from: undefined,
          source: l10n.t('Renewal of "{0}"', plan.oldName),
        },
      );
      await inbound.clients.refresh(plan.tenantId);
      return plan;
    }
    case 'senderSwitches':
    case 'confirmCall':
      return await confirmCall(environment, plan, facts, standing);
    case 'deleteOld': {
      const instanceGuid = findKey(inbound.clients.data(plan.tenantId), plan.oldId)?.instance.guid;
      if (instanceGuid !== undefined) {
        const row = { kind: 'serviceKey', tenantId: plan.tenantId, instanceGuid, keyGuid: plan.oldId };
        await deleteServiceKey(environment, row, keys, context);
        await inbound.clients.refresh(plan.tenantId);
      }
      return plan;
    }
  }
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
  await context.withProgress(l10n.t('Looking where the renewal of "{0}" stands', plan.oldName), async () => {
    const data = await clients.ensure(plan.tenantId, context.signal);
    const place = findKey(data, plan.oldId);
    if (place !== undefined) {
      // The second key stands beside the old one, so what is there is read.
      for (const { guid } of findInbound(data, place.instance.guid)?.keys ?? []) {
        Cancelled.throwIfAborted(context.signal);
        await clients.readKey(plan.tenantId, guid);
      }
    }
  });
  const data = clients.data(plan.tenantId);
  const old = findKey(data, plan.oldId);
  if (old === undefined && (await isElsewhere(environment, plan, context))) {
    throw refused(
      l10n.t(
        '"{0}" is in a space that is not looked at. "Look in Every Space", or choose its space, then continue.',
        plan.oldName,
      ),
    );
  }
  const { next } = plan;
  const holder =
    next === undefined || data === undefined
      ? undefined
      : keysByCertificate(data.instances)
          .get(next.sha256)
          ?.find(({ key }) => key.guid !== plan.oldId);
  const isReadable = old === undefined || old.instance.keys.every(({ reading }) => reading.kind === 'read');
  return {
    oldIsThere: data === undefined ? undefined : old !== undefined,
    newName: holder?.key.name ?? (isReadable && data !== undefined ? null : undefined),
    pinning: old?.key.pinning.kind ?? 'notKnown',
    oldValidUntil:
      old?.key.reading.kind === 'read' ? validUntil(old.key.reading.content)?.getTime() : undefined,
    now: environment.now(),
  };
}

/** One step is the next; what is done, what waits and what must be known stand around it. */
async function askNext(
  { prompts }: Environment,
  plan: RenewalPlan,
  { steps, warnings }: RenewalStanding,
): Promise<Choice> {
  const next = steps.find(({ state }) => state === 'next') ?? steps.find(({ state }) => state === 'notKnown');
  const items: PickItem<Choice>[] = steps.map((step) => ({
    label: stepText(step, plan),
    icon: mark(step),
    description: stateText(step.state),
    detail: plainLabel(step.text),
    value: step === next ? { kind: 'step', step } : { kind: 'later' },
  }));
  const first = items.splice(
    steps.findIndex((step) => step === next),
    next === undefined ? 0 : 1,
  );
  const answer = await prompts.pick<Choice>({
    title: l10n.t('Renewal of "{0}"', plan.oldName),
    placeholder:
      warnings.length === 0 ? l10n.t('Where it stands; Enter does the next step') : warnings.join(' '),
    items: [
      ...first,
      ...items.map((item, index) =>
        index === 0 ? { ...item, separatorBefore: l10n.t('The other steps') } : item,
      ),
      {
        label: l10n.t('Continue Later'),
        detail: l10n.t('The plan is kept; "Continue Renewal…" shows where it stands'),
        separatorBefore: l10n.t('Leave'),
        value: { kind: 'later' },
      },
      { label: l10n.t('Give Up This Renewal…'), value: { kind: 'giveUp' } },
    ],
  });
  return answer.kind === 'value' ? answer.value : { kind: 'later' };
}

async function chooseNext(
  environment: Environment,
  plan: RenewalPlan,
  { keys, inbound }: RenewPorts,
  context: ActionContext,
): Promise<RenewalPlan> {
  const title = l10n.t('Renewed Certificate');
  const answer = await environment.prompts.pick<'file' | 'entry'>({
    title,
    placeholder: l10n.t('The certificate that follows that of "{0}"', plan.oldName),
    items: [
      { label: l10n.t('From a file, the clipboard or the editor…'), value: 'file' },
      { label: l10n.t('Of a keystore entry…'), value: 'entry' },
    ],
  });
  if (answer.kind === 'back') {
    return plan;
  }
  const { leaf } =
    answer.value === 'file'
      ? await certificateOfFile(environment, undefined, keys, { title, context })
      : await certificateOfEntry(environment, undefined, { title, context });
  const old = findKey(inbound.clients.data(plan.tenantId), plan.oldId)?.key.reading;
  const oldLeaf = old?.kind === 'read' ? old.content.certificates[0] : undefined;
  return { ...plan, next: compared(leaf, oldLeaf) };
}

function compared(leaf: Certificate, old: Certificate | undefined): NonNullable<RenewalPlan['next']> {
  return {
    sha256: leaf.sha256,
    hasEqualNames: old !== undefined && namePairOf(old) === namePairOf(leaf),
    isNewer: old !== undefined && leaf.notBefore.getTime() > old.notBefore.getTime(),
    pem: encodePem('CERTIFICATE', leaf.der),
  };
}

async function askPinned({ prompts }: Environment, plan: RenewalPlan): Promise<boolean> {
  const answer = await prompts.pick<boolean>({
    title: l10n.t('Renewal of "{0}"', plan.oldName),
    placeholder: l10n.t('Is "Pin Certificate" set at this service key in the cockpit?'),
    items: [
      { label: l10n.t('Pinned'), detail: l10n.t('A second key stands beside it for a while'), value: true },
      {
        label: l10n.t('Not pinned'),
        detail: l10n.t('The key takes a newer certificate of equal names by itself'),
        value: false,
      },
    ],
  });
  if (answer.kind === 'back') {
    throw new Cancelled();
  }
  return answer.value;
}

/** The person says that a call went well; nothing here can see it. For a second key the day of deletion is chosen. */
async function confirmCall(
  { prompts, now }: Environment,
  plan: RenewalPlan,
  { oldValidUntil }: RenewalFacts,
  { way, warnings }: RenewalStanding,
): Promise<RenewalPlan> {
  const agreed = await prompts.confirm({
    message: l10n.t('Did a call with the new certificate go well?'),
    detail: [
      way.kind === 'sameKey'
        ? l10n.t('Every sender that calls by "{0}" must have a new certificate by now.', plan.oldName)
        : l10n.t('Only then is the old key proposed for deletion.'),
      ...warnings,
    ].join('\n'),
    action: l10n.t('It Went Well'),
  });
  if (!agreed) {
    throw new Cancelled();
  }
  const confirmedAt = new Date(now()).toISOString();
  if (way.kind !== 'secondKey') {
    return { ...plan, confirmedAt };
  }
  const answer = await prompts.input({
    title: l10n.t('Renewal of "{0}"', plan.oldName),
    prompt: l10n.t('Day from which "{0}" may be deleted (YYYY-MM-DD)', plan.oldName),
    value: proposedDeletion(now(), oldValidUntil),
    validate: (value) =>
      isDay(value.trim()) ? undefined : l10n.t('A day as year, month and day, such as 2027-01-31.'),
  });
  return answer.kind === 'back' ? plan : { ...plan, confirmedAt, deleteFrom: answer.value.trim() };
}

async function askGiveUp({ prompts }: Environment, plan: RenewalPlan): Promise<boolean> {
  return await prompts.confirm({
    message: l10n.t('Give up the renewal of "{0}"?', plan.oldName),
    detail: l10n.t('Only the plan is forgotten: keys stay as they are.'),
    action: l10n.t('Give Up'),
  });
}

function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return (
    /^\d{4}-\d\d-\d\d$/.test(text) &&
    !Number.isNaN(date.getTime()) &&
    date.toISOString().slice(0, 10) === text
  );
}

function stepText({ id }: RenewalStep, { oldName }: RenewalPlan): string {
  switch (id) {
    case 'chooseCertificate':
      return l10n.t('Choose the Renewed Certificate…');
    case 'tellPinning':
      return l10n.t('Tell Whether "{0}" Is Pinned…', plainLabel(oldName));
    case 'createSecond':
      return l10n.t('Create the Second Key…');
    case 'senderSwitches':
      return l10n.t('The Sender Switches');
    case 'confirmCall':
      return l10n.t('Confirm a Good Call…');
    case 'deleteOld':
      return l10n.t('Delete "{0}"…', plainLabel(oldName));
  }
}

function stateText(state: RenewalStep['state']): string {
  switch (state) {
    case 'done':
      return l10n.t('done');
    case 'next':
      return l10n.t('next');
    case 'elsewhere':
      return l10n.t('outside, by the sender');
    case 'waits':
      return l10n.t('waits');
    case 'notKnown':
      return l10n.t('not known');
  }
}

/** An icon beside the word of the state. */
function mark({ state }: RenewalStep): string {
  switch (state) {
    case 'done':
      return 'pass';
    case 'next':
      return 'arrow-right';
    case 'elsewhere':
      return 'account';
    case 'waits':
      return 'clock';
    case 'notKnown':
      return 'question';
  }
}

function finishedText(plan: RenewalPlan, { way }: RenewalStanding): string {
  return way.kind === 'sameKey'
    ? l10n.t('The renewal of "{0}" is finished: the key stays and takes the new certificate.', plan.oldName)
    : l10n.t('The renewal is finished: "{0}" is deleted, and the new key has taken its place.', plan.oldName);
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

import * as l10n from '@vscode/l10n';
import { Cancelled, KeystoreError } from '../../errors.js';
import {
  proposedDeletion,
  renewalStanding,
  type RenewalFacts,
  type RenewalPlan,
  type RenewalStanding,
  type RenewalStep,
} from '../../inbound/renewalPlan.js';
import type { PickItem } from '../../ui/prompts.js';
import { chooseSenderCertificate, type SenderCertificate } from '../cloudFoundry/senderCertificate.js';
import type { ActionContext, Environment } from '../environment.js';
import { isNeoTenant } from '../../tenant/tenantAddress.js';
import { tenantIdOf } from '../targetIds.js';
import { plainLabel } from '../targets.js';
import { nextCertificate, plannedSender } from './nextCertificate.js';
import type { RenewalPlace, RenewPorts } from './renewalPlace.js';
import { serviceKeyPlace, serviceKeyPlan } from './serviceKeyRenewal.js';
import { userMappingPlace, userMappingPlan } from './userMappingRenewal.js';

type Choice =
  | { readonly kind: 'step'; readonly step: RenewalStep }
  | { readonly kind: 'giveUp' }
  | { readonly kind: 'later' };

/** "Renew Client Certificate…": begins a plan for a service key or a mapping of Neo, or goes on with the one that was begun. */
export async function renewClientCertificate(
  environment: Environment,
  argument: unknown,
  ports: RenewPorts,
  context: ActionContext,
): Promise<void> {
  const plan =
    (await placeOf(environment, argument)) === 'neoMapping'
      ? await userMappingPlan(environment, argument, ports, context)
      : await serviceKeyPlan(environment, argument, ports, context);
  await walkRenewal(environment, plan, ports, context);
}

/** Where the certificate is mapped: told by the row, else by what is connected, else asked. */
async function placeOf(
  { connections, cloudFoundry, prompts }: Environment,
  argument: unknown,
): Promise<RenewalPlan['place']> {
  const id = tenantIdOf(argument);
  const tenants = connections.list();
  const suitable = id === undefined ? tenants : tenants.filter((tenant) => tenant.id === id);
  const hasNeo = suitable.some(({ address }) => isNeoTenant(address));
  const hasKeys = suitable.some((tenant) => cloudFoundry.state(tenant.id).kind === 'signedIn');
  if (!hasNeo || !hasKeys) {
    return hasNeo ? 'neoMapping' : 'serviceKey';
  }
  const answer = await prompts.pick<RenewalPlan['place']>({
    title: l10n.t('Renew Client Certificate'),
    placeholder: l10n.t('Where is the certificate mapped?'),
    items: [
      { label: l10n.t('In a service key of Cloud Foundry'), value: 'serviceKey' },
      { label: l10n.t('In a certificate-to-user mapping of Neo'), value: 'neoMapping' },
    ],
  });
  if (answer.kind === 'back') {
    throw new Cancelled();
  }
  return answer.value;
}

/** "Continue Renewal…": where each renewal stands, and its next step. */
export async function continueRenewal(
  environment: Environment,
  ports: RenewPorts,
  context: ActionContext,
): Promise<void> {
  const plans = ports.renewals
    .list()
    .filter((plan) => environment.connections.get(plan.tenantId) !== undefined);
  const [only] = plans;
  if (only === undefined) {
    throw refused(
      l10n.t('No renewal was begun. "Renew Client Certificate…" at a service key or a mapping begins one.'),
    );
  }
  let plan = only;
  if (plans.length > 1) {
    const answer = await environment.prompts.pick({
      title: l10n.t('Continue Renewal'),
      placeholder: l10n.t('Service key or mapping that is being replaced'),
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
  await walkRenewal(environment, plan, ports, context);
}

/** Shows where the renewal stands and does what the person says, step by step, until they leave it or it is finished. */
async function walkRenewal(
  environment: Environment,
  start: RenewalPlan,
  ports: RenewPorts,
  context: ActionContext,
): Promise<void> {
  let plan = start;
  const place =
    plan.place === 'serviceKey'
      ? serviceKeyPlace(environment, ports, context)
      : userMappingPlace(environment, ports, context);
  for (;;) {
    const facts = await place.facts(plan);
    const standing = renewalStanding(plan, facts);
    if (standing.isFinished) {
      await ports.renewals.forget(plan.id);
      place.planChanged(plan);
      void environment.prompts.inform(finishedText(plan, standing));
      return;
    }
    const choice = await askNext(environment, { plan, facts }, standing);
    if (choice.kind === 'later') {
      return;
    }
    if (choice.kind === 'giveUp') {
      if (await askGiveUp(environment, plan)) {
        await ports.renewals.forget(plan.id);
        place.planChanged(plan);
      }
      return;
    }
    plan = await perform(environment, { place, plan, facts, standing, step: choice.step }, ports, context);
    await ports.renewals.save(plan);
    place.planChanged(plan);
  }
}

async function perform(
  environment: Environment,
  at: {
    readonly place: RenewalPlace;
    readonly plan: RenewalPlan;
    readonly facts: RenewalFacts;
    readonly standing: RenewalStanding;
    readonly step: RenewalStep;
  },
  ports: RenewPorts,
  context: ActionContext,
): Promise<RenewalPlan> {
  const { place, plan, facts, standing, step } = at;
  switch (step.id) {
    case 'chooseCertificate':
      return await chooseNext(environment, { place, plan, facts }, ports, context);
    case 'tellPinning': {
      const told = { ...plan, saidPinned: await askPinned(environment, plan) };
      await review(place, told, facts, plannedSender(told));
      return told;
    }
    case 'createSecond': {
      const sender = plannedSender(plan);
      if (sender === undefined) {
        throw refused(l10n.t('The renewed certificate is not at hand any more. Give up, and begin anew.'));
      }
      await place.createSecond(plan, sender);
      return plan;
    }
    case 'senderSwitches':
    case 'confirmCall':
      return await confirmCall(environment, plan, facts, standing);
    case 'deleteOld':
      await place.deleteOld(plan);
      return plan;
  }
}

/** One step is the next; what is done, what waits and what must be known stand around it. */
async function askNext(
  { prompts }: Environment,
  { plan, facts }: { readonly plan: RenewalPlan; readonly facts: RenewalFacts },
  { steps, warnings }: RenewalStanding,
): Promise<Choice> {
  const next = steps.find(({ state }) => state === 'next') ?? steps.find(({ state }) => state === 'notKnown');
  const items: PickItem<Choice>[] = steps.map((step) => ({
    label: stepText(step, plan, facts),
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
  {
    place,
    plan,
    facts,
  }: { readonly place: RenewalPlace; readonly plan: RenewalPlan; readonly facts: RenewalFacts },
  { keys }: RenewPorts,
  context: ActionContext,
): Promise<RenewalPlan> {
  const sender = await chooseSenderCertificate(environment, keys, {
    title: l10n.t('Renewed Certificate'),
    placeholder: l10n.t('The certificate that follows that of "{0}"', plan.oldName),
    context,
  });
  const chosen = { ...plan, next: nextCertificate(sender, place.oldLeaf(plan)) };
  await review(place, chosen, facts, sender);
  return chosen;
}

/** Once the way is known, and before the plan is kept. */
async function review(
  place: RenewalPlace,
  plan: RenewalPlan,
  facts: RenewalFacts,
  sender: SenderCertificate | undefined,
): Promise<void> {
  const standing = renewalStanding(plan, facts);
  if (sender !== undefined && (standing.way.kind === 'sameKey' || standing.way.kind === 'secondKey')) {
    await place.review?.(plan, sender, standing);
  }
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
        : plan.place === 'serviceKey'
          ? l10n.t('Only then is the old key proposed for deletion.')
          : l10n.t('Only then is the old mapping proposed for deletion.'),
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
    detail: l10n.t('Only the plan is forgotten: keys and mappings stay as they are.'),
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

function stepText(
  { id }: RenewalStep,
  { oldName, place }: RenewalPlan,
  { oldIsThere }: RenewalFacts,
): string {
  switch (id) {
    case 'chooseCertificate':
      return l10n.t('Choose the Renewed Certificate…');
    case 'tellPinning':
      return l10n.t('Tell Whether "{0}" Is Pinned…', plainLabel(oldName));
    case 'createSecond':
      if (place === 'neoMapping') {
        return l10n.t('Map the New Certificate…');
      }
      return oldIsThere === false ? l10n.t('Create the New Key…') : l10n.t('Create the Second Key…');
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
  if (plan.place === 'neoMapping') {
    return l10n.t(
      'The renewal is finished: the mapping "{0}" is deleted, and that of the new certificate has taken its place.',
      plan.oldName,
    );
  }
  return way.kind === 'sameKey'
    ? l10n.t('The renewal of "{0}" is finished: the key stays and takes the new certificate.', plan.oldName)
    : l10n.t('The renewal is finished: "{0}" is deleted, and the new key has taken its place.', plan.oldName);
}

function refused(explanation: string): KeystoreError {
  return new KeystoreError('refused', 'the renewal cannot go on', { details: { explanation } });
}

import * as l10n from '@vscode/l10n';
import { isObject, textMember } from '../http/checked.js';

/** A renewal that a person has begun; what they decided, never what is known from facts. No secrets. */
export interface RenewalPlan {
  readonly id: string;
  readonly tenantId: string;
  /** Where the sender's certificate is mapped: a service key, or a certificate-to-user mapping of Neo. */
  readonly place: 'serviceKey' | 'neoMapping';
  /** Guid of the old key, or id of the old mapping. */
  readonly oldId: string;
  readonly oldName: string;
  /** As `fingerprintKey` writes it. */
  readonly oldSha256: string;
  /** The certificate that follows; undefined until it is chosen. */
  readonly next: NextCertificate | undefined;
  /** What the person said of pinning where no fact tells. */
  readonly saidPinned: boolean | undefined;
  /** ISO date and time at which the person confirmed a good call with the new certificate. */
  readonly confirmedAt: string | undefined;
  /** ISO day from which the old key is to be deleted. */
  readonly deleteFrom: string | undefined;
}

/** The certificate that follows, and how it compares with the old one. */
export interface NextCertificate {
  readonly sha256: string;
  /** True where subject and issuer are those of the old one. */
  readonly hasEqualNames: boolean;
  /** True where it was issued later than the old one. */
  readonly isNewer: boolean;
  /**
   * The certificate, then those of its chain that were at hand, so that the second key can be created after a restart. Plans of
   * before hold the certificate alone, or nothing.
   */
  readonly pem?: string | undefined;
}

/** What is known now. */
export interface RenewalFacts {
  /** Undefined where the keys or mappings could not be read. */
  readonly oldIsThere: boolean | undefined;
  /** Name of the key or mapping that holds the new certificate; null where none does, undefined where it is not known. */
  readonly newName: string | null | undefined;
  /** Pinning of the old key as facts tell it; means nothing for a mapping. */
  readonly pinning: 'pinned' | 'unpinned' | 'notKnown';
  /** Milliseconds since the epoch at which the old certificate ends; undefined where it is not known. */
  readonly oldValidUntil: number | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * How the renewal goes without downtime. `secondKey`: a second key or mapping beside the old one. `sameKey`: the unpinned
 * key takes the newer certificate by its names. `undecided`: a fact is missing on which it depends. `impossible`: told in
 * words.
 */
export type RenewalWay =
  | { readonly kind: 'secondKey' | 'sameKey' }
  | { readonly kind: 'undecided'; readonly missing: 'certificate' | 'pinning' }
  | { readonly kind: 'impossible'; readonly reason: string };

export type RenewalStepId =
  'chooseCertificate' | 'tellPinning' | 'createSecond' | 'senderSwitches' | 'confirmCall' | 'deleteOld';

/** One step, its state read from facts. */
export interface RenewalStep {
  readonly id: RenewalStepId;
  /**
   * `next`: the one to do now; `elsewhere`: it is done outside, and nothing here can tell when; `waits`: for a step before
   * it or for a date; `notKnown`: a fact is missing.
   */
  readonly state: 'done' | 'next' | 'elsewhere' | 'waits' | 'notKnown';
  readonly text: string;
}

/** Where a renewal stands. */
export interface RenewalStanding {
  readonly way: RenewalWay;
  readonly steps: readonly RenewalStep[];
  readonly isFinished: boolean;
  /** What a person must know before the sender switches; empty where nothing. */
  readonly warnings: readonly string[];
}

/** Chooses the way from what is known. */
export function renewalWay(
  plan: RenewalPlan,
  { pinning, oldIsThere }: Pick<RenewalFacts, 'pinning' | 'oldIsThere'>,
): RenewalWay {
  const { next, place } = plan;
  const isGone = oldIsThere === false;
  if (next === undefined) {
    return { kind: 'undecided', missing: 'certificate' };
  }
  if (next.sha256 === plan.oldSha256) {
    return {
      kind: 'impossible',
      reason: isGone
        ? l10n.t('This is the certificate that is to be replaced. Choose the renewed one.')
        : l10n.t('This is the certificate that is mapped already. Choose the renewed one.'),
    };
  }
  // Several certificates may belong to one user on Neo, keys whose names differ never disturb each other, and a key that is gone
  // takes nothing, pinned or not.
  if (place === 'neoMapping' || !next.hasEqualNames || isGone) {
    return { kind: 'secondKey' };
  }
  const pinned = pinning === 'pinned' ? true : pinning === 'unpinned' ? false : plan.saidPinned;
  if (pinned === undefined) {
    return { kind: 'undecided', missing: 'pinning' };
  }
  if (pinned) {
    return { kind: 'secondKey' };
  }
  return next.isNewer
    ? { kind: 'sameKey' }
    : {
        kind: 'impossible',
        reason: l10n.t(
          'The key is not pinned, so SAP takes only certificates that were issued later than the one in use; this one was not. Have a newer one issued.',
        ),
      };
}

/** Where a renewal stands, step by step; the same plan and facts give the same answer after a restart. */
export function renewalStanding(plan: RenewalPlan, facts: RenewalFacts): RenewalStanding {
  const way = renewalWay(plan, facts);
  const steps = stepsOf(plan, facts, way);
  // The first step that is not done is the one to do, unless it waits for a date or a fact.
  let isOpen = true;
  const ordered = steps.map((step): RenewalStep => {
    const isPending = step.state === 'next' || step.state === 'elsewhere';
    const state = isPending && !isOpen ? 'waits' : step.state;
    isOpen &&= state === 'done' || state === 'elsewhere';
    return { ...step, state };
  });
  return {
    way,
    steps: ordered,
    isFinished: ordered.length > 0 && ordered.every(({ state }) => state === 'done'),
    warnings: warningsOf(plan, facts, way),
  };
}

/** The day that is proposed for deleting the old key: a week after the confirmed call, at most the end of its certificate. */
export function proposedDeletion(confirmedAt: number, oldValidUntil: number | undefined): string {
  const inAWeek = confirmedAt + 7 * day;
  const end = oldValidUntil !== undefined && oldValidUntil > confirmedAt ? oldValidUntil : inAWeek;
  return new Date(Math.min(inAWeek, end)).toISOString().slice(0, 10);
}

/** Checks what global state held; `undefined` where it is no plan. */
export function parseRenewalPlan(json: unknown): RenewalPlan | undefined {
  if (!isObject(json)) {
    return undefined;
  }
  const [id, tenantId, oldId, oldName, oldSha256] = ['id', 'tenantId', 'oldId', 'oldName', 'oldSha256'].map(
    (name) => textMember(json, name),
  );
  const place = json['place'];
  if (
    id === undefined ||
    tenantId === undefined ||
    oldId === undefined ||
    oldName === undefined ||
    oldSha256 === undefined ||
    (place !== 'serviceKey' && place !== 'neoMapping')
  ) {
    return undefined;
  }
  const { next, saidPinned } = json;
  const nextSha256 = isObject(next) ? textMember(next, 'sha256') : undefined;
  return {
    id,
    tenantId,
    place,
    oldId,
    oldName,
    oldSha256,
    next:
      isObject(next) && nextSha256 !== undefined
        ? {
            sha256: nextSha256,
            hasEqualNames: next['hasEqualNames'] === true,
            isNewer: next['isNewer'] === true,
            ...(typeof next['pem'] === 'string' ? { pem: next['pem'] } : {}),
          }
        : undefined,
    saidPinned: typeof saidPinned === 'boolean' ? saidPinned : undefined,
    confirmedAt: dateText(json['confirmedAt']),
    deleteFrom: dateText(json['deleteFrom']),
  };
}

const day = 86_400_000;

function stepsOf(plan: RenewalPlan, facts: RenewalFacts, way: RenewalWay): readonly RenewalStep[] {
  const choose = step(
    'chooseCertificate',
    plan.next === undefined || way.kind === 'impossible' ? 'next' : 'done',
    way.kind === 'impossible' ? way.reason : l10n.t('Choose the renewed certificate of the sender.'),
  );
  if (way.kind === 'impossible') {
    return [choose];
  }
  if (way.kind === 'undecided') {
    return way.missing === 'certificate'
      ? [choose]
      : [
          choose,
          step(
            'tellPinning',
            'next',
            l10n.t(
              'Whether "{0}" is pinned is not known, and the way depends on it. Look in the cockpit whether "Pin Certificate" is set, and tell it here.',
              plan.oldName,
            ),
          ),
        ];
  }
  const { confirmedAt } = plan;
  const confirm = step(
    'confirmCall',
    confirmedAt === undefined ? 'next' : 'done',
    confirmedAt === undefined
      ? l10n.t('Confirm that a call with the new certificate went well.')
      : l10n.t('A good call with the new certificate was confirmed on {0}.', confirmedAt.slice(0, 10)),
  );
  // A call that went well shows that the sender has switched; nothing else tells it.
  const switches = step(
    'senderSwitches',
    confirmedAt === undefined ? 'elsewhere' : 'done',
    switchText(plan, facts, way.kind),
  );
  return way.kind === 'sameKey'
    ? [choose, switches, confirm]
    : [choose, createStep(plan, facts), switches, confirm, deleteStep(plan, facts)];
}

function createStep({ place, oldName }: RenewalPlan, { newName, oldIsThere }: RenewalFacts): RenewalStep {
  const isGone = oldIsThere === false;
  if (newName === undefined) {
    return step(
      'createSecond',
      'notKnown',
      l10n.t('Whether the new certificate is mapped already is not known.'),
    );
  }
  if (newName !== null) {
    return step(
      'createSecond',
      'done',
      isGone
        ? l10n.t('The new certificate is in "{0}".', newName)
        : l10n.t('The new certificate is in "{0}", beside "{1}".', newName, oldName),
    );
  }
  if (isGone) {
    return step(
      'createSecond',
      'next',
      place === 'serviceKey'
        ? l10n.t(
            '"{0}" is not there any more, so it takes no certificate. Create a new key with the new one.',
            oldName,
          )
        : l10n.t(
            '"{0}" is not there any more. Map the new certificate to the user that the sender calls as.',
            oldName,
          ),
    );
  }
  return step(
    'createSecond',
    'next',
    place === 'serviceKey'
      ? l10n.t(
          'Create a second key with the new certificate beside "{0}", in the same instance. Both work then.',
          oldName,
        )
      : l10n.t('Map the new certificate to the same user. Both certificates work then.'),
  );
}

function switchText(
  { oldName }: RenewalPlan,
  { oldIsThere }: RenewalFacts,
  way: 'secondKey' | 'sameKey',
): string {
  if (oldIsThere === false) {
    return l10n.t(
      'The sender uses its new certificate from now on. "{0}" is not there any more, so it cannot go back.',
      oldName,
    );
  }
  return way === 'secondKey'
    ? l10n.t(
        'The sender uses its new certificate from now on. It may go back as long as "{0}" is there.',
        oldName,
      )
    : l10n.t(
        'The sender uses its new certificate from now on. "{0}" needs no change for it: it is not pinned, the names are equal, and the certificate is newer.',
        oldName,
      );
}

function deleteStep(plan: RenewalPlan, { oldIsThere, now }: RenewalFacts): RenewalStep {
  const { oldName, deleteFrom } = plan;
  if (oldIsThere === false) {
    return step('deleteOld', 'done', l10n.t('"{0}" is deleted.', oldName));
  }
  if (oldIsThere === undefined) {
    return step('deleteOld', 'notKnown', l10n.t('Whether "{0}" is still there is not known.', oldName));
  }
  const isEarly = deleteFrom !== undefined && now < Date.parse(deleteFrom);
  return step(
    'deleteOld',
    isEarly ? 'waits' : 'next',
    isEarly
      ? l10n.t('Delete "{0}" from {1} on.', oldName, deleteFrom.slice(0, 10))
      : l10n.t('Delete "{0}": the old certificate cannot call any more then.', oldName),
  );
}

function warningsOf(plan: RenewalPlan, facts: RenewalFacts, way: RenewalWay): readonly string[] {
  const found: string[] = [];
  if (way.kind === 'sameKey') {
    found.push(
      l10n.t(
        'Once the new certificate was used, SAP refuses older ones for every sender that calls by "{0}". All of them must have the new one before.',
        plan.oldName,
      ),
    );
  }
  const { oldValidUntil, now, oldIsThere } = facts;
  if (oldIsThere === false && plan.confirmedAt === undefined) {
    found.push(l10n.t('"{0}" was deleted elsewhere: it lets no sender in any more.', plan.oldName));
  }
  if (oldIsThere !== false && oldValidUntil !== undefined && plan.confirmedAt === undefined) {
    if (oldValidUntil <= now) {
      found.push(l10n.t('The old certificate has expired: calls fail until the sender switches.'));
    } else if (oldValidUntil - now < 14 * day) {
      found.push(
        l10n.t('The old certificate ends on {0}.', new Date(oldValidUntil).toISOString().slice(0, 10)),
      );
    }
  }
  return found;
}

function step(id: RenewalStepId, state: RenewalStep['state'], text: string): RenewalStep {
  return { id, state, text };
}

function dateText(value: unknown): string | undefined {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? value : undefined;
}

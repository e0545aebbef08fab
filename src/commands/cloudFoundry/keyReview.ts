import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../../errors.js';
import {
  acceptanceJudgement,
  certificateJudgement,
  judgeAcceptance,
  type Acceptance,
} from '../../inbound/acceptance.js';
import type { Conflict, PlannedKey } from '../../inbound/conflict.js';
import { checkInbound } from '../../inbound/inboundChecks.js';
import type { InboundInstance } from '../../inbound/inboundClients.js';
import { plannedKeyConflicts } from '../../inbound/mappingPlan.js';
import type { KeyParameters } from '../../inbound/serviceKeyParameters.js';
import type { TrustLists } from '../../inbound/trustLists.js';
import type { Certificate } from '../../pki/certificate.js';
import { displayName } from '../../pki/distinguishedName.js';
import type { InboundFacts } from './inboundFacts.js';
import type { SenderCertificate } from './senderCertificate.js';

/** What a key is to be, with all that is known before it is created or takes another certificate. */
export interface KeyReviewRequest {
  readonly planned: PlannedKey;
  readonly sender: SenderCertificate | undefined;
  /** Issuers of the sender's certificate that it lacks and that are at hand. */
  readonly issuers: readonly Certificate[];
  readonly instance: InboundInstance;
  readonly facts: InboundFacts;
  /** Undefined where they cannot be used; `notJudged` says why. */
  readonly lists: TrustLists | undefined;
  readonly notJudged: string | undefined;
  readonly leftOut: KeyParameters['leftOut'];
  /** Of a certificate by SAP. */
  readonly validityDays: number | undefined;
  /** True where the plan demands a validity of an external certificate as well; undefined where that is not asked yet. */
  readonly demandsValidity: boolean | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly warningDays: number;
}

/** All that is to be known of a key before it is created or takes another certificate. */
export interface KeyReview {
  readonly conflicts: readonly Conflict[];
  /** For a question, one thought a line. */
  readonly lines: readonly string[];
  /** True where calls would fail; then creating needs a word of its own. */
  readonly isDoubtful: boolean;
}

const day = 86_400_000;
const sapDays = 365;

/** Puts verdict, conflicts and notes together; throws `refused` where SAP would not take the key at all. */
export function reviewKey(request: KeyReviewRequest): KeyReview {
  const review = judgeKey(request);
  const refused = review.conflicts.filter(({ level }) => level === 'refused');
  if (refused.length > 0) {
    throw new KeystoreError('refused', `the key would be refused (${refused.map(({ id }) => id).join()})`, {
      details: { explanation: refused.map(conflictText).join('\n') },
    });
  }
  return review;
}

/** The same, for a key that is not created yet: what SAP would refuse is one of the problems. */
export function judgeKey(request: KeyReviewRequest): KeyReview {
  const { planned, sender, instance, facts, now, warningDays } = request;
  const acceptance = sender === undefined ? undefined : judged(request, sender);
  const conflicts = plannedKeyConflicts(planned, {
    instance,
    instances: facts.instances,
    isEverySpace: facts.isEverySpace,
    now,
    warningDays,
    acceptance: acceptance === undefined ? undefined : acceptanceJudgement(acceptance),
  });
  const instanceProblems = instanceLines(request);
  const problems = conflicts.filter(isProblem);
  return {
    conflicts,
    isDoubtful: problems.length > 0 || instanceProblems.length > 0,
    lines: [
      // What speaks against it comes first.
      ...problems.map(conflictLine),
      ...instanceProblems,
      ...senderLines(request),
      ...conflicts.filter((one) => !isProblem(one)).map(conflictLine),
      ...verdictLines(acceptance, conflicts),
      ...(request.notJudged === undefined ? [] : [l10n.t('Not judged: {0}', request.notJudged)]),
      ...validityLines(request),
      ...request.leftOut.map(({ text }) => text),
      // Only a certificate of the sender is compared with the others.
      ...(sender !== undefined && conflicts.length === 0 && instanceProblems.length === 0
        ? [l10n.t('No conflict with any of the {0} keys that were compared.', keyCount(facts))]
        : []),
    ],
  };
}

function judged(
  { lists, issuers, now, warningDays }: KeyReviewRequest,
  { chain, others, option }: SenderCertificate,
): Acceptance | undefined {
  return lists === undefined
    ? undefined
    : judgeAcceptance({
        chain,
        extra: [...others, ...issuers],
        purpose: 'integrationFlow',
        lists,
        now,
        warningDays,
        option,
      });
}

function senderLines({ sender, planned }: KeyReviewRequest): readonly string[] {
  if (sender === undefined) {
    return [];
  }
  const { leaf, chain, others } = sender;
  return [
    l10n.t('Certificate of {0}', displayName(leaf.subject)),
    l10n.t('issued by {0}', displayName(leaf.issuer)),
    ...(planned.isThere !== true && chain.length + others.length > 1
      ? [l10n.t('Only this certificate is sent; the rest of the chain is what the sender presents itself.')]
      : []),
  ];
}

/** What the instance itself lacks; that keys in general work is no question of this key alone. */
function instanceLines({ instance, facts, lists, now, warningDays }: KeyReviewRequest): readonly string[] {
  const checks = checkInbound([instance], {
    now,
    warningDays,
    isEverySpace: facts.isEverySpace,
    judge:
      lists === undefined
        ? undefined
        : (chain) =>
            certificateJudgement(
              judgeAcceptance({ chain, extra: [], purpose: 'integrationFlow', lists, now, warningDays }),
            ),
  });
  return (checks.instances.get(instance.guid) ?? []).flatMap((check) =>
    check.answer === 'yes' && check.id === 'noRole' ? [`${levelWord('problem')} ${check.reason}`] : [],
  );
}

function verdictLines(acceptance: Acceptance | undefined, conflicts: readonly Conflict[]): readonly string[] {
  if (acceptance === undefined) {
    return [];
  }
  const isTold = conflicts.some(({ id }) => id === 'notAccepted');
  const reasons = acceptance.reasons.filter(
    ({ kind, text }) => kind !== 'ok' && !acceptance.title.endsWith(text),
  );
  return [
    ...(isTold ? [] : [l10n.t("Will SAP's load balancer accept it? {0}", acceptance.title)]),
    ...reasons.map(({ text }) => text),
    ...acceptance.sources.slice(0, 1).map(({ name, version }) => l10n.t('Source: {0}, {1}', name, version)),
  ];
}

/** SAP states 365 days as the most for certificates that it makes. */
function validityLines(request: KeyReviewRequest): readonly string[] {
  const { sender, now, validityDays, demandsValidity } = request;
  if (validityDays !== undefined) {
    return [
      l10n.t(
        'The certificate by SAP is valid for {0} days ({1} at most), until {2}; it has to be renewed by a new key before.',
        validityDays,
        sapDays,
        isoDay(now + validityDays * day),
      ),
    ];
  }
  if (sender === undefined) {
    return [];
  }
  const end = sender.leaf.notAfter.getTime();
  const days = Math.floor((end - now) / day);
  if (days <= 0) {
    return [];
  }
  if (days > sapDays && demandsValidity === true) {
    return [
      l10n.t(
        'The certificate is valid for {0} days more; the service plan demands a validity of the key, of which 365 days are the most, so that is sent.',
        days,
      ),
    ];
  }
  return [
    days > sapDays && demandsValidity !== undefined
      ? l10n.t(
          'The certificate is valid for {0} days more, until {1}. The limit of 365 days concerns certificates that SAP makes, not this one.',
          days,
          isoDay(end),
        )
      : l10n.t('The certificate is valid for {0} days more, until {1}.', days, isoDay(end)),
  ];
}

function keyCount({ instances }: InboundFacts): number {
  return instances.reduce((sum, { keys }) => sum + keys.length, 0);
}

function isProblem({ level }: Conflict): boolean {
  return level === 'problem' || level === 'refused';
}

function conflictLine(conflict: Conflict): string {
  return `${levelWord(conflict.level)} ${conflictText(conflict)}`;
}

function conflictText({ consequence, advice }: Conflict): string {
  return advice === '' ? consequence : `${consequence} ${advice}`;
}

function levelWord(level: Conflict['level']): string {
  switch (level) {
    case 'refused':
    case 'problem':
      return l10n.t('Problem:');
    case 'warning':
      return l10n.t('Warning:');
    case 'cannotTell':
      return l10n.t('Not known:');
  }
}

function isoDay(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}

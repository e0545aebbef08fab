import * as l10n from '@vscode/l10n';
import type { KeystoreEntry } from '../tenant/keystoreEntry.js';
import { judgeOption } from './entryOption.js';
import type { Way } from './senderSetUp.js';

/** What a call passes, in order. */
export type StageId = 'certificate' | 'loadBalancer' | 'mapping' | 'role' | 'senderAdapter' | 'call';

/** How a stage stands; read from facts, never from ticked boxes. */
export type StageState =
  'ok' | 'missing' | 'waits' | 'problem' | 'notKnown' | 'toBeSet' | 'notTested' | 'notNeeded';

/** One stage with its reason. */
export interface Stage {
  readonly id: StageId;
  readonly title: string;
  readonly state: StageState;
  readonly stateText: string;
  readonly reason: string;
}

export interface StageFacts {
  /** Why the entry is not known although one is chosen; undefined where it is known or none is chosen. */
  readonly unknownBecause: string | undefined;
  readonly entry: KeystoreEntry | undefined;
  readonly way: Way;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly warningDays: number;
}

const day = 86_400_000;

/** The six stages from the sender's certificate to the call, with what is known today. */
export function judgeStages(facts: StageFacts): readonly Stage[] {
  const certificate = judgeCertificate(facts);
  const needsCloudFoundry = l10n.t(
    'Cloud Foundry is not connected: this version does not read service keys.',
  );
  const waiting = certificate.state === 'missing';
  const later = (state: StageState, reason: string): { state: StageState; reason: string } =>
    waiting ? { state: 'waits', reason: l10n.t('Waits for a certificate.') } : { state, reason };
  return [
    stage('certificate', certificate),
    stage(
      'loadBalancer',
      later(
        'notKnown',
        l10n.t(
          "Whether the chain ends in a root that SAP's load balancer supports is not judged by this version. Compare the root with SAP Note 2801396; client authentication must be among the usages.",
        ),
      ),
    ),
    stage(
      'mapping',
      facts.way === 'mapping'
        ? later('notKnown', needsCloudFoundry)
        : {
            state: 'notNeeded',
            reason: l10n.t('Not used on this way: the sender adapter names the certificate.'),
          },
    ),
    stage(
      'role',
      facts.way === 'mapping'
        ? later('notKnown', needsCloudFoundry)
        : {
            state: 'notNeeded',
            reason: l10n.t('Not used on this way: the adapter compares subject and issuer only.'),
          },
    ),
    stage(
      'senderAdapter',
      later(
        'toBeSet',
        l10n.t('The values are below; they are entered in the integration flow and deployed there.'),
      ),
    ),
    stage('call', { state: 'notTested', reason: l10n.t('Test calls come later.') }),
  ];
}

function judgeCertificate({ entry, unknownBecause, now, warningDays }: StageFacts): {
  state: StageState;
  reason: string;
} {
  if (unknownBecause !== undefined) {
    return { state: 'notKnown', reason: unknownBecause };
  }
  if (entry === undefined) {
    return { state: 'missing', reason: l10n.t('No certificate is chosen yet.') };
  }
  const { validNotBefore, validNotAfter } = entry;
  if (validNotAfter === undefined) {
    return { state: 'notKnown', reason: l10n.t('The tenant does not tell until when it is valid.') };
  }
  const until = isoDay(validNotAfter);
  if (validNotAfter.getTime() <= now) {
    return { state: 'problem', reason: l10n.t('It expired on {0}.', until) };
  }
  if (validNotBefore !== undefined && validNotBefore.getTime() > now) {
    return { state: 'problem', reason: l10n.t('It is not valid before {0}.', isoDay(validNotBefore)) };
  }
  if (entry.subjectDn === entry.issuerDn) {
    return {
      state: 'problem',
      reason: selfSigned(entry),
    };
  }
  const days = Math.floor((validNotAfter.getTime() - now) / day);
  const judged = judgeOption(entry);
  const expiry =
    days > warningDays
      ? l10n.t('Valid until {0}.', until)
      : days === 0
        ? l10n.t('It expires within a day, on {0}.', until)
        : days === 1
          ? l10n.t('It expires in 1 day, on {0}.', until)
          : l10n.t('It expires in {0} days, on {1}.', days, until);
  return {
    state: 'ok',
    reason: judged.fitsOutsideSender
      ? expiry
      : `${expiry} ${l10n.t('It cannot be given to an outside sender; the caller is Cloud Integration.')}`,
  };
}

function selfSigned(entry: KeystoreEntry): string {
  return entry.type === 'Key Pair'
    ? l10n.t('It is self-signed: download its signing request, have it signed and import the response.')
    : l10n.t(
        'It is self-signed, such as a root; a sender calls with a certificate that an authority signed.',
      );
}

function stage(id: StageId, { state, reason }: { state: StageState; reason: string }): Stage {
  return { id, title: stageTitle(id), state, stateText: stateText(state), reason };
}

function stageTitle(id: StageId): string {
  switch (id) {
    case 'certificate':
      return l10n.t('Sender certificate');
    case 'loadBalancer':
      return l10n.t('Load balancer accepts it');
    case 'mapping':
      return l10n.t('Mapping finds it');
    case 'role':
      return l10n.t('Role allows it');
    case 'senderAdapter':
      return l10n.t('Sender adapter asks for it');
    case 'call':
      return l10n.t('Call answers');
  }
}

function stateText(state: StageState): string {
  switch (state) {
    case 'ok':
      return l10n.t('OK');
    case 'missing':
      return l10n.t('missing');
    case 'waits':
      return l10n.t('waits');
    case 'problem':
      return l10n.t('problem');
    case 'notKnown':
      return l10n.t('not known');
    case 'toBeSet':
      return l10n.t('to be set');
    case 'notTested':
      return l10n.t('not tested');
    case 'notNeeded':
      return l10n.t('not needed');
  }
}

function isoDay(date: Date): string {
  return date.toISOString().slice(0, 10);
}

import * as l10n from '@vscode/l10n';

/** What a call passes, in order. */
export type StageId = 'certificate' | 'loadBalancer' | 'mapping' | 'role' | 'senderAdapter' | 'call';

/** How a stage stands; read from facts, never from ticked boxes. */
export type StageState =
  'ok' | 'missing' | 'waits' | 'problem' | 'notKnown' | 'toBeSet' | 'notTested' | 'notNeeded';

/** How a stage stands and why, and what could be done about it. */
export interface StageJudgement {
  readonly state: StageState;
  readonly reason: string;
  /** The further facts, a sentence each. */
  readonly details?: readonly string[];
  /** What brings the stage further, where something here does. */
  readonly next?: StageAction | undefined;
  /** That step in words, where the words of the action do not fit. */
  readonly nextText?: string;
  /** What would tell more, though nothing waits for it: the next step only where no other is left. */
  readonly offers?: readonly StageAction[] | undefined;
}

/** What can be done about a stage; each is a command that exists elsewhere too. */
export type StageAction =
  | 'changeCertificate'
  | 'createKeyPair'
  | 'refresh'
  | 'downloadSigningRequest'
  | 'importSigningResponse'
  | 'signInCloudFoundry'
  | 'chooseSpace'
  | 'readServiceKeys'
  | 'showServiceKey'
  | 'createServiceKey'
  | 'createInstance'
  | 'changeRoles'
  | 'mendGrantTypes'
  | 'renewCertificate'
  | 'addNeoMapping'
  | 'changeEndpoint'
  | 'changeRole'
  | 'changeReceiver';

/** One stage with its reason. */
export interface Stage extends StageJudgement {
  readonly id: StageId;
  readonly title: string;
  readonly stateText: string;
}

/** The stage with its words. */
export function stage(id: StageId, judgement: StageJudgement): Stage {
  return { id, title: stageTitle(id), stateText: stateText(judgement.state), ...judgement };
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

import * as l10n from '@vscode/l10n';
import type { Acceptance } from './acceptance.js';
import { adapterStage, type EndpointFact } from './adapterStage.js';
import { certificateStage, type CertificateFact } from './certificateStage.js';
import { loadBalancerStage } from './loadBalancerStage.js';
import { mappingStage, type MappedCertificate, type MappingFact } from './mappingStage.js';
import type { Reading } from './reading.js';
import { roleStage } from './roleStage.js';
import type { Way } from './senderSetUp.js';
import { trialWayOut } from './trialTenant.js';
import { stage, type Stage, type StageJudgement } from './stage.js';

/** All that the stages are judged from. */
export interface StageFacts {
  readonly certificate: CertificateFact;
  readonly acceptance: Reading<Acceptance>;
  /** Why the receiver takes no client certificates at all, where it is known that it does not. */
  readonly trial?: string | undefined;
  readonly mapping: MappingFact;
  /** `namePairOf` the sender's certificate, where it was read. */
  readonly namePair: string | undefined;
  readonly endpoint: EndpointFact;
  readonly way: Way;
  /** The role that the endpoint asks for. */
  readonly userRole: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly warningDays: number;
}

/** The six stages from the sender's certificate to the call, each with what is known now. */
export function judgeStages(facts: StageFacts): readonly Stage[] {
  const { way, userRole, endpoint } = facts;
  const certificate = facts.certificate.kind === 'known' ? facts.certificate.certificate : undefined;
  const mapped: MappedCertificate = {
    fingerprintSha256: certificate?.fingerprintSha256,
    namePair: facts.namePair,
    validNotBefore: certificate?.validNotBefore,
  };
  const later = (judge: () => StageJudgement): StageJudgement => {
    switch (facts.certificate.kind) {
      case 'none':
        return { state: 'waits', reason: l10n.t('Waits for a certificate.') };
      case 'unknown':
        return { state: 'notKnown', reason: l10n.t('The certificate is not at hand.') };
      case 'known':
        return judge();
    }
  };
  return [
    stage('certificate', certificateStage(facts.certificate, facts)),
    stage(
      'loadBalancer',
      facts.trial === undefined
        ? later(() => loadBalancerStage(facts.acceptance))
        : { state: 'problem', reason: facts.trial, details: [trialWayOut()], next: 'changeReceiver' },
    ),
    stage(
      'mapping',
      way === 'mapping'
        ? later(() => mappingStage(facts.mapping, mapped, facts))
        : {
            state: 'notNeeded',
            reason: l10n.t('Not used on this way: the sender adapter names the certificate.'),
          },
    ),
    stage(
      'role',
      way === 'mapping'
        ? later(() => roleStage(facts.mapping, mapped, userRole))
        : {
            state: 'notNeeded',
            reason: l10n.t('Not used on this way: the adapter compares subject and issuer only.'),
          },
    ),
    stage(
      'senderAdapter',
      later(() => adapterStage(endpoint, way, { certificate })),
    ),
    stage('call', { state: 'notTested', reason: l10n.t('Test calls come later.') }),
  ];
}

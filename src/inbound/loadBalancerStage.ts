import * as l10n from '@vscode/l10n';
import type { ChainCertificate } from '../tenant/keystoreEntry.js';
import type { CertificateFinding } from './certificateStage.js';
import { optionOf } from './certificateOption.js';
import { isSelfIssued } from './distinguishedNames.js';
import { factsOf, type SenderCertificate } from './senderCertificate.js';
import type { ChainKnowledge, LoadBalancerVerdict, SetUpFacts } from './setUpFacts.js';
import type { Fact, StageReport, StageState } from './stage.js';

/** Whether the load balancer accepts the certificate: by the verdict where there is one, else what its chain tells so far. */
export function loadBalancerStage(
  certificate: SenderCertificate | undefined,
  finding: CertificateFinding,
  facts: SetUpFacts,
): StageReport {
  if (certificate === undefined || finding === 'unusable') {
    return report('waits', l10n.t('for the certificate'), [
      l10n.t('As soon as the certificate is known, its certificate authority is looked at here.'),
    ]);
  }
  if (facts.loadBalancer !== undefined) {
    return judged(facts.loadBalancer);
  }
  switch (finding) {
    case 'keyPairNotSigned':
      return report('waits', l10n.t('for the signature'), [
        l10n.t(
          'The load balancer knows certificate authorities only. Which one has signed shows after the signing response is imported.',
        ),
      ]);
    case 'selfSigned':
      return report('problem', l10n.t('self-signed'), [
        l10n.t(
          "The load balancer of SAP's domain knows certificate authorities only and refuses a self-signed certificate. Only a custom domain with a trust of its own could take it.",
        ),
      ]);
    case 'expired':
    case 'notYetValid':
      return report('waits', l10n.t('for valid dates'), [
        l10n.t('The load balancer refuses a certificate outside its dates, whoever signed it.'),
      ]);
    default:
      return notJudged(certificate, facts);
  }
}

function judged(verdict: LoadBalancerVerdict): StageReport {
  const states: Readonly<Record<LoadBalancerVerdict['kind'], StageState>> = {
    accepted: 'ok',
    acceptedWithWarnings: 'ok',
    refused: 'problem',
    cannotTell: 'notKnown',
  };
  return {
    id: 'loadBalancer',
    state: states[verdict.kind],
    warning: verdict.kind === 'acceptedWithWarnings',
    summary: verdict.summary,
    reasons: verdict.reasons,
    facts: verdict.facts,
  };
}

function notJudged(certificate: SenderCertificate, { chain, tenant }: SetUpFacts): StageReport {
  const top = topOfChain(certificate, chain);
  const reasons =
    tenant?.practice === true
      ? [
          l10n.t(
            "The practice tenant has no load balancer, and SAP's knows nothing of the practice certificate authority.",
          ),
        ]
      : [
          l10n.t("Certificates are not compared with SAP's list of accepted certificate authorities yet."),
          l10n.t(
            'Look up the root in SAP Note 2801396, and see that client authentication (1.3.6.1.5.5.7.3.2) is among the usages: the load balancer refuses the certificate otherwise.',
          ),
          ...guideSays(certificate),
        ];
  return {
    id: 'loadBalancer',
    state: 'notKnown',
    warning: top.isIncomplete,
    summary: top.summary,
    reasons: [...reasons, ...top.reasons],
    facts: top.facts,
  };
}

/** What SAP's guide states in general; said as that, since nothing here has checked it. */
function guideSays(certificate: SenderCertificate): readonly string[] {
  switch (optionOf(certificate).number) {
    case 1:
      return [
        l10n.t(
          "SAP's guide says of the key pairs it delivers that their root is supported by the load balancer.",
        ),
      ];
    case 2:
      return [
        l10n.t(
          "SAP's guide calls the root of SAP Passports trusted by the load balancer, yet SSO_CA is missing from SAP's published list 3.0.0 and stands on the list for Neo only.",
        ),
      ];
    default:
      return [];
  }
}

interface Top {
  readonly summary: string;
  readonly reasons: readonly string[];
  readonly facts: readonly Fact[];
  /** True where the keystore's chain ends below its root. */
  readonly isIncomplete: boolean;
}

function topOfChain(certificate: SenderCertificate, chain: ChainKnowledge): Top {
  switch (chain.kind) {
    case 'reading':
      return { ...issuerOnly(certificate), reasons: [l10n.t('The chain is being read.')] };
    case 'failed':
      return { ...issuerOnly(certificate), reasons: [l10n.t('The chain could not be read.')] };
    case 'notRead':
      return issuerOnly(certificate);
    case 'read':
      return ofCertificates(certificate, chain.certificates);
  }
}

function ofCertificates(certificate: SenderCertificate, certificates: readonly ChainCertificate[]): Top {
  // Index 0 is the root, the highest index the leaf.
  const [top] = [...certificates].sort((a, b) => a.index - b.index);
  if (top === undefined) {
    return issuerOnly(certificate);
  }
  if (isSelfIssued(top) === true && top.subjectDn !== undefined) {
    return {
      summary: l10n.t('not compared yet'),
      reasons: [],
      facts: [
        { label: l10n.t('Root of the chain'), value: top.subjectDn, technical: true },
        ...(top.fingerprintSha256 === undefined
          ? []
          : [{ label: l10n.t('SHA-256 of the root'), value: top.fingerprintSha256, technical: true }]),
      ],
      isIncomplete: false,
    };
  }
  const issuer = top.issuerDn ?? '';
  return {
    summary: l10n.t('chain ends below its root'),
    reasons: [
      l10n.t(
        'The chain in the keystore ends below its root. The load balancer knows roots only, so the sender has to send every certificate up to one that the root has issued.',
      ),
    ],
    facts: issuer === '' ? [] : [{ label: l10n.t('Missing issuer'), value: issuer, technical: true }],
    isIncomplete: certificates.length < 2,
  };
}

function issuerOnly(certificate: SenderCertificate): Top {
  const issuer = factsOf(certificate).issuerDn;
  return {
    summary: l10n.t('not compared yet'),
    reasons: [],
    facts:
      issuer === undefined || issuer === ''
        ? []
        : [{ label: l10n.t('Issuer'), value: issuer, technical: true }],
    isIncomplete: false,
  };
}

function report(state: StageState, summary: string, reasons: readonly string[]): StageReport {
  return { id: 'loadBalancer', state, warning: false, summary, reasons, facts: [] };
}

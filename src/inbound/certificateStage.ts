import * as l10n from '@vscode/l10n';
import { optionOf } from './certificateOption.js';
import { isSelfIssued } from './distinguishedNames.js';
import { readingFailure } from './readingFailure.js';
import { factsOf, isKeyPair, isSapOwned, type SenderCertificate } from './senderCertificate.js';
import type { CertificateKnowledge, SetUpFacts } from './setUpFacts.js';
import type { Fact, StageReport, StageState } from './stage.js';
import { validityAt, type Validity } from './validity.js';

/** What is found out about the sender's certificate itself, in the order in which it matters. */
export type CertificateFinding =
  | 'notChosen'
  | 'notConnected'
  | 'reading'
  | 'signedOut'
  | 'failed'
  | 'gone'
  | 'unusable'
  | 'keyPairNotSigned'
  | 'selfSigned'
  | 'expired'
  | 'notYetValid'
  | 'datesNotTold'
  | 'expiresSoon'
  | 'fine';

/** The first stage, with the finding that later ones and the next step go by. */
export interface CertificateStage {
  readonly finding: CertificateFinding;
  readonly report: StageReport;
}

/** Judges the sender's certificate by what the keystore tells of it. */
export function certificateStage(knowledge: CertificateKnowledge, facts: SetUpFacts): CertificateStage {
  if (knowledge.kind !== 'known') {
    return notRead(knowledge, facts.tenant?.name ?? '');
  }
  const { certificate, failedSince } = knowledge;
  const stage = judged(certificate, facts);
  if (failedSince === undefined) {
    return stage;
  }
  const reasons = [
    ...stage.report.reasons,
    l10n.t('Shown as last read. Since then: {0}', readingFailure(failedSince, facts.tenant?.name ?? '')),
  ];
  return { ...stage, report: { ...stage.report, reasons } };
}

function notRead(
  knowledge: Exclude<CertificateKnowledge, { readonly kind: 'known' }>,
  tenant: string,
): CertificateStage {
  switch (knowledge.kind) {
    case 'notChosen':
      return stageOf('notChosen', 'missing', l10n.t('none chosen'), [
        l10n.t('No certificate has been chosen for this sender yet.'),
      ]);
    case 'notConnected':
      return stageOf('notConnected', 'notKnown', l10n.t('tenant not connected'), [
        l10n.t('The tenant of this set-up is not connected any more, so its keystore cannot be read.'),
      ]);
    case 'reading':
      return stageOf('reading', 'notKnown', l10n.t('being read'), [
        l10n.t('The keystore of "{0}" is being read.', tenant),
      ]);
    case 'signedOut':
      return stageOf('signedOut', 'notKnown', l10n.t('signed out'), [
        l10n.t('"{0}" is signed out, so its keystore cannot be read.', tenant),
      ]);
    case 'failed':
      return stageOf('failed', 'notKnown', l10n.t('not read'), [readingFailure(knowledge.code, tenant)]);
    case 'gone':
      return stageOf('gone', 'missing', l10n.t('entry is gone'), [
        l10n.t(
          'The keystore of "{0}" has no entry "{1}" any more: it was deleted or renamed.',
          tenant,
          knowledge.alias,
        ),
      ]);
  }
}

function judged(certificate: SenderCertificate, facts: SetUpFacts): CertificateStage {
  const option = optionOf(certificate);
  const own = factsOf(certificate);
  const validity = validityAt(own, facts);
  const known = certificateFacts(certificate, validity, facts.formatDay);
  if (option.caller === 'nobody') {
    return stageOf('unusable', 'problem', l10n.t('not for a sender'), [option.explanation], known);
  }
  if (isSelfIssued(own) === true) {
    return certificate.kind === 'entry' && isKeyPair(certificate.entry) && !isSapOwned(certificate.entry)
      ? stageOf(
          'keyPairNotSigned',
          'problem',
          l10n.t('not signed yet'),
          [
            l10n.t(
              'Self-signed: no certificate authority has signed this key pair yet. Download its signing request, have it signed by one that the load balancer accepts, with client authentication among the usages, and import the signing response.',
            ),
          ],
          known,
        )
      : stageOf(
          'selfSigned',
          'problem',
          l10n.t('self-signed'),
          [
            l10n.t(
              "Subject and issuer are the same: a root or a self-signed certificate. SAP's domain takes only certificates that a certificate authority has signed.",
            ),
          ],
          known,
        );
  }
  return byDates(validity, known, facts);
}

function byDates(validity: Validity, known: readonly Fact[], { formatDay }: SetUpFacts): CertificateStage {
  switch (validity.kind) {
    case 'notTold':
      return stageOf(
        'datesNotTold',
        'notKnown',
        l10n.t('dates not told'),
        [l10n.t('The keystore does not tell until when the certificate is valid.')],
        known,
      );
    case 'notYetValid':
      return stageOf(
        'notYetValid',
        'problem',
        l10n.t('valid from {0}', formatDay(validity.from)),
        [
          l10n.t(
            'The certificate is not valid before {0}; until then calls are refused.',
            formatDay(validity.from),
          ),
        ],
        known,
      );
    case 'expired':
      return stageOf(
        'expired',
        'problem',
        l10n.t('expired {0}', formatDay(validity.until)),
        [l10n.t('The certificate expired on {0}; calls with it are refused.', formatDay(validity.until))],
        known,
      );
    case 'expiresSoon':
      return stageOf(
        'expiresSoon',
        'ok',
        remaining(validity.days),
        [
          l10n.t(
            'Signed by a certificate authority and valid, but only until {0}: renew it in time.',
            formatDay(validity.until),
          ),
        ],
        known,
      );
    case 'valid':
      return stageOf(
        'fine',
        'ok',
        l10n.t('until {0}', formatDay(validity.until)),
        [l10n.t('Signed by a certificate authority, valid until {0}.', formatDay(validity.until))],
        known,
      );
  }
}

function certificateFacts(
  certificate: SenderCertificate,
  validity: Validity,
  formatDay: (date: Date) => string,
): readonly Fact[] {
  const { subjectDn, issuerDn, serialNumber, fingerprintSha256, validNotBefore, validNotAfter, ...key } =
    factsOf(certificate);
  const from = certificate.kind === 'entry' ? certificate.entry.alias : certificate.name;
  return [
    fact(certificate.kind === 'entry' ? l10n.t('Keystore entry') : l10n.t('File'), from, true),
    fact(l10n.t('Subject'), subjectDn, true),
    fact(l10n.t('Issuer'), issuerDn, true),
    fact(
      l10n.t('Valid'),
      validNotBefore === undefined || validNotAfter === undefined
        ? undefined
        : l10n.t('{0} to {1} ({2})', formatDay(validNotBefore), formatDay(validNotAfter), standing(validity)),
    ),
    fact(l10n.t('Key'), keyText(key)),
    fact(l10n.t('Serial number'), serialNumber, true),
    fact('SHA-256', fingerprintSha256, true),
  ].flat();
}

function standing(validity: Validity): string {
  switch (validity.kind) {
    case 'notTold':
      return l10n.t('dates not told');
    case 'notYetValid':
      return l10n.t('not valid yet');
    case 'expired':
      return l10n.t('expired');
    case 'expiresSoon':
    case 'valid':
      return remaining(validity.days);
  }
}

function remaining(days: number): string {
  switch (days) {
    case 0:
      return l10n.t('expires in less than a day');
    case 1:
      return l10n.t('expires in 1 day');
    default:
      return l10n.t('expires in {0} days', days);
  }
}

function keyText({
  keyType,
  keySize,
  ellipticCurve,
}: {
  readonly keyType: string | undefined;
  readonly keySize: number | undefined;
  readonly ellipticCurve: string | undefined;
}): string | undefined {
  const size = keySize === undefined ? undefined : l10n.t('{0} bits', keySize);
  const parts = [keyType, ellipticCurve, size].filter((part) => part !== undefined && part !== '');
  return parts.length === 0 ? undefined : parts.join(', ');
}

function fact(label: string, value: string | undefined, technical = false): readonly Fact[] {
  return value === undefined || value === '' ? [] : [{ label, value, ...(technical ? { technical } : {}) }];
}

function stageOf(
  finding: CertificateFinding,
  state: StageState,
  summary: string,
  reasons: readonly string[],
  facts: readonly Fact[] = [],
): CertificateStage {
  return {
    finding,
    report: { id: 'certificate', state, warning: finding === 'expiresSoon', summary, reasons, facts },
  };
}

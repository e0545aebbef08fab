import * as l10n from '@vscode/l10n';
import { hasSigningRequest } from '../tenant/entryKind.js';
import { isSelfIssuedSender, type SenderCertificate } from './senderCertificate.js';
import type { StageJudgement } from './stage.js';

/** The sender's certificate as far as it is known. */
export type CertificateFact =
  | { readonly kind: 'none' }
  /** One is chosen, but not at hand. */
  | { readonly kind: 'unknown'; readonly reason: string }
  | { readonly kind: 'known'; readonly certificate: SenderCertificate };

const day = 86_400_000;

/** Whether there is a certificate that a sender can call with, today. */
export function certificateStage(
  fact: CertificateFact,
  { now, warningDays }: { readonly now: number; readonly warningDays: number },
): StageJudgement {
  switch (fact.kind) {
    case 'none':
      return {
        state: 'missing',
        reason: l10n.t('No certificate is chosen yet.'),
        next: 'changeCertificate',
      };
    case 'unknown':
      return { state: 'notKnown', reason: fact.reason, next: 'refresh' };
    case 'known':
      return judge(fact.certificate, now, warningDays);
  }
}

function judge(certificate: SenderCertificate, now: number, warningDays: number): StageJudgement {
  const { validNotBefore, validNotAfter, entry, option } = certificate;
  const signHere = entry !== undefined && hasSigningRequest(entry);
  const renew = signHere
    ? {
        next: 'downloadSigningRequest' as const,
        nextText: l10n.t('Renew it: have its signing request signed once more, then import the response.'),
      }
    : {
        next: 'changeCertificate' as const,
        nextText: l10n.t('Ask the owner of the key for the renewed certificate, then choose it here.'),
      };
  if (validNotAfter === undefined) {
    return { state: 'notKnown', reason: l10n.t('The tenant does not tell until when it is valid.') };
  }
  const until = isoDay(validNotAfter);
  if (validNotAfter.getTime() <= now) {
    return { state: 'problem', reason: l10n.t('It expired on {0}.', until), ...renew };
  }
  if (validNotBefore !== undefined && validNotBefore.getTime() > now) {
    return { state: 'problem', reason: l10n.t('It is not valid before {0}.', isoDay(validNotBefore)) };
  }
  if (isSelfIssuedSender(certificate)) {
    return {
      state: 'problem',
      reason: signHere
        ? l10n.t('It is self-signed: download its signing request, have it signed and import the response.')
        : l10n.t(
            'It is self-signed, such as a root; a sender calls with a certificate that an authority signed.',
          ),
      next: renew.next,
    };
  }
  const days = Math.floor((validNotAfter.getTime() - now) / day);
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
    reason: option.fitsOutsideSender
      ? expiry
      : `${expiry} ${l10n.t('It cannot be given to an outside sender; the caller is Cloud Integration.')}`,
    ...(days > warningDays ? {} : renew),
  };
}

function isoDay(date: Date): string {
  return date.toISOString().slice(0, 10);
}

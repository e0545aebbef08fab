import * as l10n from '@vscode/l10n';
import { no, yes, type Check } from './checkAnswers.js';

/** One answer with its reason. */
export interface Judgement {
  readonly answer: 'yes' | 'no' | 'cannotTell';
  readonly text: string;
}

const day = 86_400_000;

/** Whether a certificate that lets somebody call is valid now and for a while. */
export function validityChecks(
  { begin, end }: { readonly begin: Date | undefined; readonly end: Date },
  { now, warningDays }: { readonly now: number; readonly warningDays: number },
): readonly Check<'expired' | 'expiring' | 'notYetValid'>[] {
  const days = Math.floor((end.getTime() - now) / day);
  const isExpired = end.getTime() <= now;
  return [
    isExpired
      ? yes(
          'expired',
          'problem',
          l10n.t('The certificate expired on {0}: calls with it are refused.', isoDay(end)),
        )
      : no('expired'),
    !isExpired && days <= warningDays
      ? yes(
          'expiring',
          'warning',
          days <= 1
            ? l10n.t('The certificate expires on {0}, within two days. Renew it now.', isoDay(end))
            : l10n.t('The certificate expires in {0} days, on {1}. Renew it before.', days, isoDay(end)),
        )
      : no('expiring'),
    begin !== undefined && begin.getTime() > now
      ? yes('notYetValid', 'problem', l10n.t('The certificate is not valid before {0}.', isoDay(begin)))
      : no('notYetValid'),
  ];
}

/** A judgement as the check that asks for its opposite. */
export function judgementCheck<Id extends string>(id: Id, { answer, text }: Judgement): Check<Id> {
  switch (answer) {
    case 'yes':
      return no(id);
    case 'no':
      return yes(id, 'problem', text);
    case 'cannotTell':
      return { id, answer, reason: text };
  }
}

/** A day, as tables write it. */
export function isoDay(date: Date): string {
  return date.toISOString().slice(0, 10);
}

import * as l10n from '@vscode/l10n';
import type { Acceptance, Source } from './acceptance.js';
import type { Reading } from './reading.js';
import type { StageJudgement } from './stage.js';

/** Whether SAP's load balancer will take the certificate, by a list with its name, version and date; a call has not shown it. */
export function loadBalancerStage(acceptance: Reading<Acceptance>): StageJudgement {
  switch (acceptance.kind) {
    case 'reading':
      return { state: 'notKnown', reason: l10n.t('The chain is being read.') };
    case 'failed':
      return { state: 'notKnown', reason: acceptance.reason, next: 'refresh' };
    case 'known': {
      const { verdict, title, reasons, sources } = acceptance.value;
      const known = sources.map(sourceText).join('; ');
      const others = reasons.map(({ text }) => text).filter((text) => !title.endsWith(text));
      return {
        state: verdict === 'no' ? 'problem' : verdict === 'cannotTell' ? 'notKnown' : 'ok',
        reason: title,
        details: [
          ...others,
          ...(known === '' ? [] : [l10n.t('Known from {0}, not yet from a call.', known)]),
        ],
        next: verdict === 'no' ? 'changeCertificate' : undefined,
      };
    }
  }
}

/** A list with version and date, for people. */
export function sourceText({ name, version, date }: Source): string {
  return date === '' ? `${name}, ${version}` : l10n.t('{0}, {1} of {2}', name, version, date);
}

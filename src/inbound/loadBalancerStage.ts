import * as l10n from '@vscode/l10n';
import { commonName, displayName } from '../pki/distinguishedName.js';
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
      const short = verdict === 'yes' ? listedRoot(acceptance.value) : undefined;
      const others = reasons
        .map(({ text }) => text)
        .filter((text) => short !== undefined || !title.endsWith(text));
      return {
        state: verdict === 'no' ? 'problem' : verdict === 'cannotTell' ? 'notKnown' : 'ok',
        reason: short ?? title,
        details: [
          ...others,
          ...(known === '' ? [] : [l10n.t('Known from {0}, not yet from a call.', known)]),
        ],
        next: verdict === 'no' ? 'changeCertificate' : undefined,
      };
    }
  }
}

/** The root and its list in a few words; the whole sentence is among the details. */
function listedRoot({ reasons, sources: [list] }: Acceptance): string | undefined {
  const { certificate } = reasons.find(({ about, kind }) => about === 'root' && kind === 'ok') ?? {};
  if (certificate === undefined || list === undefined) {
    return undefined;
  }
  // A root that is not at hand is told by what it has issued.
  const root = commonName(certificate.issuer) ?? displayName(certificate.issuer);
  return l10n.t('The root "{0}" is on the list ({1}).', root, sourceText(list));
}

/** A list with version and date, for people. */
export function sourceText({ name, version, date }: Source): string {
  return date === '' ? `${name}, ${version}` : l10n.t('{0}, {1} of {2}', name, version, date);
}

import * as l10n from '@vscode/l10n';
import type { CertificateFacts } from '../../tenant/keystoreEntry.js';
import { commonName } from './commonName.js';
import { expiryBand, quietValidityText, validityOf, validityText } from './expiry.js';
import type { ChainCertificateNode, ChainPart } from './model.js';
import { joined, traits, type Presentation, type PresentedIcon, type PresentedNode } from './presentation.js';
import { labelText } from '../../ui/visibleText.js';

/** The row of a chain's certificate: "USERTrust RSA Certification Authority", "root · until 18 Jan 2038". */
export function presentChainCertificate(
  node: ChainCertificateNode,
  presentation: Presentation,
): PresentedNode {
  const { certificate, part } = node;
  const validity = validityOf(certificate, presentation.now);
  const band = expiryBand(certificate, presentation.now, presentation.warningDays);
  const urgent = band === 'expired' || band === 'soon' || validity.kind === 'notYetValid';
  const label = certificateName(certificate);
  return {
    label,
    description: joined(
      partText(part),
      urgent || validity.kind !== 'valid'
        ? validityText(validity)
        : l10n.t('until {0}', presentation.formatDay(validity.until)),
    ),
    icon:
      validity.kind === 'expired'
        ? { id: 'error', color: 'list.errorForeground' }
        : urgent
          ? { id: 'warning', color: 'list.warningForeground' }
          : partIcon(part),
    contextValue: traits('chainCertificate', part, node.practice && 'practice'),
    accessibilityLabel: [
      l10n.t('{0} certificate {1}', partText(part), label),
      urgent ? validityText(validity) : quietValidityText(validity, presentation.formatDay),
    ].join(', '),
    collapsible: 'none',
  };
}

/** A certificate's name for people: its common name, else its whole subject. */
export function certificateName(facts: CertificateFacts): string {
  const subject = facts.subjectDn ?? '';
  return subject === '' ? l10n.t('No subject') : labelText(commonName(subject) ?? subject);
}

/** The part's name. */
export function partText(part: ChainPart): string {
  switch (part) {
    case 'leaf':
      return l10n.t('leaf');
    case 'intermediate':
      return l10n.t('intermediate');
    case 'root':
      return l10n.t('root');
  }
}

function partIcon(part: ChainPart): PresentedIcon {
  switch (part) {
    case 'leaf':
      return { id: 'tag' };
    case 'intermediate':
      return { id: 'link' };
    case 'root':
      return { id: 'shield' };
  }
}

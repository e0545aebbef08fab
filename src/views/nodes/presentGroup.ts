import * as l10n from '@vscode/l10n';
import { assertNever } from '../../errors.js';
import { countExpiring, type ExpiryBand } from './expiry.js';
import type { GroupNode } from './model.js';
import { attentionTexts } from './presentTenant.js';
import { joined, traits, type Presentation, type PresentedIcon, type PresentedNode } from './presentation.js';
import { labelText } from '../../ui/visibleText.js';

/** The row of a group: "Key Pairs", "12 · 1 expires soon". */
export function presentGroup(node: GroupNode, presentation: Presentation): PresentedNode {
  const label = groupLabel(node, presentation);
  const attention =
    node.by === 'expiry'
      ? []
      : attentionTexts(countExpiring(node.entries, presentation.now, presentation.warningDays));
  const count = node.entries.length;
  return {
    label,
    description: joined(String(count), ...attention),
    icon: groupIcon(node),
    contextValue: traits(
      'group',
      `by${node.by.charAt(0).toUpperCase()}${node.by.slice(1)}`,
      groupTrait(node),
    ),
    accessibilityLabel: [
      label,
      count === 1 ? l10n.t('1 entry') : l10n.t('{0} entries', count),
      ...attention,
    ].join(', '),
    collapsible: opensByItself(node) ? 'expanded' : 'collapsed',
  };
}

/** What was searched for, and what is usually worked on, is seen without a further step. */
function opensByItself({ by, value, filtered }: GroupNode): boolean {
  return (
    filtered ||
    (by === 'type' && value === 'keyPair') ||
    (by === 'owner' && value !== 'SAP') ||
    (by === 'expiry' && (value === 'expired' || value === 'soon'))
  );
}

function groupLabel({ by, value }: GroupNode, { warningDays }: Presentation): string {
  switch (by) {
    case 'type':
      switch (value) {
        case 'keyPair':
          return l10n.t('Key Pairs');
        case 'certificate':
          return l10n.t('Certificates');
        case 'sshKey':
          return l10n.t('SSH Keys');
        default:
          return labelText(value.replace(/^other:/, ''));
      }
    case 'owner':
      return labelText(value);
    case 'expiry':
      return bandLabel(value as ExpiryBand, warningDays);
  }
}

function bandLabel(band: ExpiryBand, warningDays: number): string {
  switch (band) {
    case 'expired':
      return l10n.t('Expired');
    case 'soon':
      return warningDays === 1
        ? l10n.t('Expires within 1 day')
        : l10n.t('Expires within {0} days', warningDays);
    case 'within90':
      return l10n.t('Expires within 90 days');
    case 'later':
      return l10n.t('Expires later');
    case 'undated':
      return l10n.t('No expiry date');
    default:
      return assertNever(band);
  }
}

function groupIcon({ by, value }: GroupNode): PresentedIcon {
  switch (`${by}:${value}`) {
    case 'type:keyPair':
      return { id: 'key' };
    case 'type:certificate':
      return { id: 'shield' };
    case 'type:sshKey':
      return { id: 'terminal' };
    case 'owner:SAP':
      return { id: 'lock' };
    case 'owner:Tenant Administrator':
      return { id: 'person' };
    case 'expiry:expired':
      return { id: 'error', color: 'list.errorForeground' };
    case 'expiry:soon':
      return { id: 'warning', color: 'list.warningForeground' };
    default:
      return { id: by === 'expiry' ? 'calendar' : 'question' };
  }
}

/** Known groups can be told apart by menus; what a tenant sent never becomes part of a `when` clause's subject. */
function groupTrait({ by, value }: GroupNode): string | undefined {
  switch (by) {
    case 'type':
      return /^[a-zA-Z]+$/.test(value) ? `${value}Group` : undefined;
    case 'owner':
      return value === 'SAP' ? 'sapGroup' : undefined;
    case 'expiry':
      return `${value}Group`;
  }
}

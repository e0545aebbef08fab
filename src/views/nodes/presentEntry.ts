import * as l10n from '@vscode/l10n';
import type { KeystoreEntry } from '../../tenant/keystoreEntry.js';
import {
  entryKind,
  hasPrivateKey,
  hasSigningRequest,
  isPredeliveredKeyPair,
  isProtected,
  isSapOwned,
  isSelfIssued,
} from '../../tenant/entryKind.js';
import { expiryBand, quietValidityText, validityOf, validityText, type Validity } from './expiry.js';
import type { EntryNode } from './model.js';
import { joined, traits, type Presentation, type PresentedIcon, type PresentedNode } from './presentation.js';
import { labelText, shortened, visibleText } from '../../ui/visibleText.js';

/** The row of an entry: "orders-sender", "expires in 9 days". */
export function presentEntry(node: EntryNode, presentation: Presentation): PresentedNode {
  const { entry } = node;
  const validity = validityOf(entry, presentation.now);
  const urgent = needsAttention(entry, validity, presentation);
  const label = labelText(entry.alias);
  const unsigned = isUnsigned(entry);
  return {
    label,
    description: joined(
      node.namesType && typeText(entry),
      isSapOwned(entry) && 'SAP',
      unsigned && l10n.t('self-signed'),
      urgent ? validityText(validity) : quietValidityText(validity, presentation.formatDay),
    ),
    icon: entryIcon(entry, validity, urgent),
    contextValue: entryTraits(node),
    accessibilityLabel: [
      l10n.t('{0} {1}', typeText(entry), label),
      ...(unsigned ? [l10n.t('self-signed')] : []),
      validityText(validity),
      ...(isSapOwned(entry) ? [l10n.t('owned by SAP')] : []),
    ].join(', '),
    collapsible: hasPrivateKey(entry) ? 'collapsed' : 'none',
  };
}

/** Everything that menus may ask of an entry. What SAP protects has none of the traits of change. */
function entryTraits({ entry, practice }: EntryNode): string {
  const kind = entryKind(entry);
  const own = !isProtected(entry);
  return traits(
    'entry',
    kind === 'sshKey' ? 'sshKey' : kind === 'other' ? 'otherType' : kind,
    hasPrivateKey(entry) && 'hasChain',
    isSapOwned(entry) && 'sapOwned',
    own && 'tenantOwned',
    isPredeliveredKeyPair(entry) && 'predelivered',
    hasSigningRequest(entry) && 'hasSigningRequest',
    own && hasPrivateKey(entry) && 'takesSigningResponse',
    isUnsigned(entry) && 'selfSigned',
    practice && 'practice',
  );
}

/** A key pair of the tenant's own that nobody has signed yet. */
function isUnsigned(entry: KeystoreEntry): boolean {
  return entryKind(entry) === 'keyPair' && !isProtected(entry) && isSelfIssued(entry);
}

function needsAttention(entry: KeystoreEntry, validity: Validity, presentation: Presentation): boolean {
  const band = expiryBand(entry, presentation.now, presentation.warningDays);
  return band === 'expired' || band === 'soon' || validity.kind === 'notYetValid';
}

function entryIcon(entry: KeystoreEntry, validity: Validity, urgent: boolean): PresentedIcon {
  if (validity.kind === 'expired') {
    return { id: 'error', color: 'list.errorForeground' };
  }
  if (urgent) {
    return { id: 'warning', color: 'list.warningForeground' };
  }
  if (isSapOwned(entry)) {
    return { id: 'lock' };
  }
  switch (entryKind(entry)) {
    case 'keyPair':
      return { id: 'key' };
    case 'sshKey':
      return { id: 'terminal' };
    case 'certificate':
      return { id: 'shield' };
    case 'other':
      return { id: 'question' };
  }
}

function typeText(entry: KeystoreEntry): string {
  switch (entryKind(entry)) {
    case 'keyPair':
      return l10n.t('key pair');
    case 'sshKey':
      return l10n.t('SSH key');
    case 'certificate':
      return l10n.t('certificate');
    case 'other':
      return shortened(visibleText(entry.type), 40);
  }
}

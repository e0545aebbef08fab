import * as l10n from '@vscode/l10n';
import { entryKind, isSapOwned } from '../tenant/entryKind.js';
import type { KeystoreEntry } from '../tenant/keystoreEntry.js';
import { visibleText } from '../ui/visibleText.js';
import { certificateDetails, entryNotes, keystoreDetails, type Detail } from './nodes/entryDetails.js';

/** What the keystore says of an entry, for its page. */
export interface EntryFacts {
  readonly heading: string;
  /** What it is, whose it is and where it lies. */
  readonly origin: string;
  readonly notes: readonly string[];
  readonly details: readonly Detail[];
  /** What the tenant's list tells of the certificate, for where it cannot be read itself. */
  readonly certificate: readonly Detail[];
}

/** The facts of an entry beside its certificates; nothing in them hides or steers. */
export function entryFacts(
  entry: KeystoreEntry,
  tenant: { readonly name: string; readonly practice: boolean },
  now: number,
): EntryFacts {
  return {
    heading: visibleText(entry.alias),
    origin: [
      kindText(entry),
      isSapOwned(entry) ? l10n.t('owned by SAP') : l10n.t('owned by the tenant'),
      tenant.practice ? l10n.t('{0} (practice)', visibleText(tenant.name)) : visibleText(tenant.name),
    ].join(' · '),
    notes: entryNotes(entry),
    details: keystoreDetails(entry),
    certificate: certificateDetails(entry, now),
  };
}

function kindText(entry: KeystoreEntry): string {
  switch (entryKind(entry)) {
    case 'keyPair':
      return l10n.t('Key pair');
    case 'sshKey':
      return l10n.t('SSH key');
    case 'certificate':
      return l10n.t('Certificate');
    case 'other':
      return visibleText(entry.type);
  }
}

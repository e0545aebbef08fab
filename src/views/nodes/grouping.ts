import type { KeystoreEntry } from '../../tenant/keystoreEntry.js';
import { entryKind, isSapOwned } from '../../tenant/entryKind.js';
import { expiryBand, expiryBands } from './expiry.js';
import type { GroupBy } from './model.js';

/** Entries with the same value of what they are grouped by, in the order in which they came. */
export interface EntryGroup {
  readonly value: string;
  readonly entries: readonly KeystoreEntry[];
}

/** What grouping depends on besides the entries. */
export interface GroupingOptions {
  readonly by: Exclude<GroupBy, 'none'>;
  readonly now: number;
  readonly warningDays: number;
}

const knownOrder: Readonly<Record<GroupingOptions['by'], readonly string[]>> = {
  type: ['keyPair', 'certificate', 'sshKey'],
  owner: ['Tenant Administrator', 'SAP'],
  expiry: expiryBands,
};

/** The value by which an entry is grouped; a type that is not known is grouped under its own name. */
export function groupValue(entry: KeystoreEntry, options: GroupingOptions): string {
  switch (options.by) {
    case 'type': {
      const kind = entryKind(entry);
      return kind === 'other' ? `other:${entry.type}` : kind;
    }
    case 'owner':
      return isSapOwned(entry) ? 'SAP' : entry.owner;
    case 'expiry':
      return expiryBand(entry, options.now, options.warningDays);
  }
}

/** Puts entries into groups, known groups first; there are no empty ones. */
export function groupEntries(
  entries: readonly KeystoreEntry[],
  options: GroupingOptions,
): readonly EntryGroup[] {
  const groups = new Map<string, KeystoreEntry[]>();
  for (const entry of entries) {
    const value = groupValue(entry, options);
    const group = groups.get(value);
    if (group === undefined) {
      groups.set(value, [entry]);
    } else {
      group.push(entry);
    }
  }
  const order = knownOrder[options.by];
  const rank = (value: string): number => {
    const position = order.indexOf(value);
    return position === -1 ? order.length : position;
  };
  return [...groups]
    .map(([value, members]) => ({ value, entries: members }))
    .sort((a, b) => rank(a.value) - rank(b.value) || (a.value < b.value ? -1 : 1));
}

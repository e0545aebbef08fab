import type { KeystoreEntry } from '../../tenant/keystoreEntry.js';
import { expiryTime } from './expiry.js';
import type { SortBy } from './model.js';
import { matchesNumbers, parseQuery, searchableText } from './search.js';

/**
 * The entries of one answer, ordered and searchable. Orders and search texts are made when first asked for and kept as long
 * as the answer is, so that grouping, sorting and filtering thousands of entries stays within a frame.
 */
export class EntryIndex {
  /** As the tenant sent them, each hexalias once: two rows with one id would break the whole tree. */
  readonly entries: readonly KeystoreEntry[];

  private readonly collator: Intl.Collator;
  private byAlias: readonly number[] | undefined;
  private byExpiry: readonly number[] | undefined;
  private texts: readonly string[] | undefined;

  constructor(entries: readonly KeystoreEntry[], collator: Intl.Collator) {
    this.entries = withoutDuplicates(entries);
    this.collator = collator;
  }

  /** The entries that match the filter, in the wanted order; all of them where the filter is blank. */
  select(filter: string, sortBy: SortBy): readonly KeystoreEntry[] {
    const order = this.order(sortBy);
    const query = parseQuery(filter);
    const selected: KeystoreEntry[] = [];
    if (query === undefined) {
      for (const position of order) {
        const entry = this.entries[position];
        if (entry !== undefined) {
          selected.push(entry);
        }
      }
      return selected;
    }
    const texts = (this.texts ??= this.entries.map(searchableText));
    for (const position of order) {
      const entry = this.entries[position];
      const text = texts[position];
      if (entry === undefined || text === undefined) {
        continue;
      }
      if (query.matchesText(text) || (query.number !== undefined && matchesNumbers(entry, query.number))) {
        selected.push(entry);
      }
    }
    return selected;
  }

  private order(sortBy: SortBy): readonly number[] {
    switch (sortBy) {
      case 'alias':
        return this.aliasOrder();
      case 'expiry':
        return this.expiryOrder();
    }
  }

  private aliasOrder(): readonly number[] {
    if (this.byAlias === undefined) {
      const compare = this.collator.compare;
      const aliases = this.entries.map(({ alias }) => alias);
      this.byAlias = aliases
        .map((_, position) => position)
        .sort((a, b) => compare(aliases[a] ?? '', aliases[b] ?? '') || a - b);
    }
    return this.byAlias;
  }

  /** The soonest first, what has no date last, aliases decide between equal dates. */
  private expiryOrder(): readonly number[] {
    if (this.byExpiry === undefined) {
      this.byExpiry = this.aliasOrder()
        .map((position, rank) => {
          const entry = this.entries[position];
          const time = entry === undefined ? undefined : expiryTime(entry);
          return { position, rank, time: time ?? Number.POSITIVE_INFINITY };
        })
        .sort((a, b) => (a.time === b.time ? a.rank - b.rank : a.time - b.time))
        .map(({ position }) => position);
    }
    return this.byExpiry;
  }
}

function withoutDuplicates(entries: readonly KeystoreEntry[]): readonly KeystoreEntry[] {
  const known = new Map<string, KeystoreEntry>();
  for (const entry of entries) {
    known.set(entry.hexalias, entry);
  }
  return known.size === entries.length ? entries : [...known.values()];
}

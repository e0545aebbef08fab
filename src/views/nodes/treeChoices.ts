import type { GroupBy, SortBy, TreeSettings } from './model.js';

/** Where choices are kept; VS Code's `Memento` is one. */
export interface ChoiceStore {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

/** The ways of grouping, in the order in which they are offered. */
export const groupings: readonly GroupBy[] = ['type', 'owner', 'expiry', 'none'];

/** The ways of sorting, in the order in which they are offered. */
export const sortings: readonly SortBy[] = ['alias', 'expiry'];

const key = 'ciKeystore.entries.choices';
const initial: TreeSettings = { groupBy: 'type', sortBy: 'alias', filter: '' };

/** What the person chose for the view; kept over reloads, told to listeners at once. */
export class TreeChoices {
  private readonly store: ChoiceStore;
  private readonly listeners = new Set<(settings: TreeSettings) => void>();
  private settings: TreeSettings;

  constructor(store: ChoiceStore) {
    this.store = store;
    this.settings = parseSettings(store.get(key));
  }

  /** The choices now. */
  get current(): TreeSettings {
    return this.settings;
  }

  /** True where entries are hidden by a filter. */
  get isFiltered(): boolean {
    return this.settings.filter.trim() !== '';
  }

  /** Applies a change and tells listeners; resolves when it is kept, rejects where it could not be. */
  async change(change: Partial<TreeSettings>): Promise<void> {
    const next = { ...this.settings, ...change };
    if (
      next.groupBy === this.settings.groupBy &&
      next.sortBy === this.settings.sortBy &&
      next.filter === this.settings.filter
    ) {
      return;
    }
    this.settings = next;
    for (const listener of [...this.listeners]) {
      listener(next);
    }
    await this.store.update(key, next);
  }

  /** Calls the listener with each new state until it is disposed. */
  readonly onDidChange = (listener: (settings: TreeSettings) => void): { dispose(): void } => {
    this.listeners.add(listener);
    return { dispose: () => void this.listeners.delete(listener) };
  };
}

/** What was kept may be of another version, or damaged: each field that does not fit starts anew. */
function parseSettings(kept: unknown): TreeSettings {
  if (typeof kept !== 'object' || kept === null) {
    return initial;
  }
  const fields: Readonly<Record<string, unknown>> = { ...kept };
  return {
    groupBy: groupings.find((known) => known === fields['groupBy']) ?? initial.groupBy,
    sortBy: sortings.find((known) => known === fields['sortBy']) ?? initial.sortBy,
    filter: typeof fields['filter'] === 'string' ? fields['filter'] : initial.filter,
  };
}

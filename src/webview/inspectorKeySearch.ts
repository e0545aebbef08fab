import * as l10n from '@vscode/l10n';
import { cancelAction } from './inspectorNotices.js';
import type { InspectorSource, Matches } from './inspectorSource.js';
import type { PageMatches } from './protocolInspector.js';

/** The search for what has the same key: one at a time, on demand only. */
export class KeySearchState {
  private matches: Matches | undefined;
  private searching: AbortController | undefined;

  constructor(
    private readonly source: Pick<InspectorSource, 'search' | 'canSearchFiles'>,
    private readonly listener: { readonly changed: () => void; readonly report: (text: string) => void },
  ) {}

  /** Looks in one place; a search under way ends. Rejects as the search does. */
  async run(where: 'keystores' | 'files', keys: ReadonlySet<string>): Promise<void> {
    const controller = new AbortController();
    this.searching?.abort();
    this.searching = controller;
    this.matches = undefined;
    this.listener.changed();
    try {
      const matches = await this.source.search(where, keys, {
        signal: controller.signal,
        report: (text) => this.listener.report(text),
      });
      if (!controller.signal.aborted) {
        this.matches = matches;
      }
    } finally {
      if (this.searching === controller) {
        this.searching = undefined;
        this.listener.changed();
      }
    }
  }

  /** Ends the search under way; false where there is none. */
  cancel(): boolean {
    this.searching?.abort();
    return this.searching !== undefined;
  }

  /** Forgets what was found, which was for other keys. */
  forget(): void {
    this.searching?.abort();
    this.searching = undefined;
    this.matches = undefined;
  }

  /** Shows one of those found, by its id on the page. */
  async show(id: string): Promise<void> {
    await this.matches?.found[Number(id.slice(1))]?.show();
  }

  /** The part of the page; undefined where there is no key to look for. */
  page(keys: ReadonlySet<string>): PageMatches | undefined {
    if (keys.size === 0) {
      return undefined;
    }
    const heading = l10n.t('What has the same key');
    if (this.searching !== undefined) {
      return { heading, notes: [l10n.t('Searching…')], found: [], actions: [cancelAction()] };
    }
    return {
      heading,
      notes: this.matches?.notes ?? [
        l10n.t(
          'Nothing was searched yet. Entries of the connected tenants are compared by their public keys.',
        ),
      ],
      found: (this.matches?.found ?? []).map(({ title, detail }, index) => ({
        id: `m${index}`,
        title,
        detail,
      })),
      actions: [
        { action: 'searchKeystores', label: l10n.t('Search the Keystores') },
        ...(this.source.canSearchFiles()
          ? [{ action: 'searchFiles' as const, label: l10n.t('Search the Open Folder') }]
          : []),
      ],
    };
  }
}

import * as l10n from '@vscode/l10n';
import { Command } from '../../contributions.js';
import type { CopiedFact } from '../commandParts.js';
import type { CommandHandler, HandlerTools } from './handler.js';

/** What the tree shows, and copies of what stands there. */
export function entryHandlers({ environment, choices, format }: HandlerTools) {
  const views = async () => await import('../viewCommands.js');
  const copy = (title: string, fact: CopiedFact): CommandHandler => ({
    title,
    run: async (context, argument, selection) =>
      (await import('../copyEntries.js')).copyEntries(
        environment,
        argument,
        selection,
        { title, format: (entries) => format(fact, entries) },
        context,
      ),
  });
  return {
    [Command.entriesRefresh]: {
      title: l10n.t('Refresh'),
      run: async (_, argument) => (await views()).refreshEntries(environment, argument),
    },
    [Command.entriesGroupBy]: {
      title: l10n.t('Group By'),
      run: async () => (await views()).chooseGrouping(environment, choices),
    },
    [Command.entriesSortBy]: {
      title: l10n.t('Sort By'),
      run: async () => (await views()).chooseSorting(environment, choices),
    },
    [Command.entriesFilter]: {
      title: l10n.t('Filter Entries'),
      run: async () => (await views()).filterEntries(environment, choices),
    },
    [Command.entriesClearFilter]: {
      title: l10n.t('Clear Filter'),
      run: () => choices.change({ filter: '' }),
    },
    [Command.entryInspect]: {
      title: l10n.t('Inspect'),
      run: async ({ signal }, argument) => {
        const { chooseEntry } = await import('../targets.js');
        const { connection, entry } = await chooseEntry(environment, argument, {
          title: l10n.t('Inspect'),
          signal,
        });
        await environment.navigator.inspectEntry(connection.id, entry.hexalias);
      },
    },
    [Command.entryCopyAlias]: copy(l10n.t('Copy Alias'), 'alias'),
    [Command.entryCopyHexalias]: copy(l10n.t('Copy Hexalias'), 'hexalias'),
    [Command.entryCopyFingerprint]: copy(l10n.t('Copy Fingerprint'), 'sha256'),
    [Command.entryCopySubject]: copy(l10n.t('Copy Subject'), 'subject'),
    [Command.entryCopySerialNumber]: copy(l10n.t('Copy Serial Number'), 'serialNumber'),
    [Command.entryCopyValidity]: copy(l10n.t('Copy Validity'), 'validity'),
    [Command.entryCopyMarkdown]: copy(l10n.t('Copy as Markdown Row'), 'markdown'),
  } satisfies Record<string, CommandHandler>;
}

import * as l10n from '@vscode/l10n';
import type { KeystoreEntry } from '../tenant/keystoreEntry.js';
import type { ActionContext, Environment } from './environment.js';
import { entryIdOf } from './targetIds.js';
import { chooseEntry } from './targets.js';

/** Copies facts of one or several entries; `format` makes the text of them all. */
export async function copyEntries(
  environment: Environment,
  argument: unknown,
  selection: unknown,
  options: {
    readonly title: string;
    readonly format: (entries: readonly KeystoreEntry[]) => Promise<string>;
  },
  { signal }: ActionContext,
): Promise<void> {
  const rows = Array.isArray(selection) && selection.length > 1 ? selection : [argument];
  const ids = rows.flatMap((row: unknown) => entryIdOf(row) ?? []);
  const entries = await Promise.all(
    (ids.length === 0 ? [undefined] : [...new Map(ids.map((id) => [JSON.stringify(id), id])).values()]).map(
      async (id) => (await chooseEntry(environment, id, { title: options.title, signal })).entry,
    ),
  );
  await environment.prompts.writeClipboard(await options.format(entries));
  environment.prompts.note(
    entries.length === 1 && entries[0] !== undefined
      ? l10n.t('Copied from "{0}".', entries[0].alias)
      : l10n.t('Copied from {0} entries.', entries.length),
  );
}

import * as l10n from '@vscode/l10n';
import type { Prompts } from '../ui/prompts.js';
import type { TreeChoices } from './nodes/treeChoices.js';

/** Says that the filter hides an entry which is to be shown, and shows it where the person takes the filter away. */
export async function tellHidden(
  prompts: Pick<Prompts, 'inform'>,
  choices: Pick<TreeChoices, 'change'>,
  reveal: () => Promise<boolean>,
): Promise<void> {
  const clear = l10n.t('Clear Filter');
  if ((await prompts.inform(l10n.t('The filter of the tree hides this entry.'), clear)) === clear) {
    await choices.change({ filter: '' });
    await reveal();
  }
}

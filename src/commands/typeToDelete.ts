import * as l10n from '@vscode/l10n';
import { Cancelled } from '../errors.js';
import type { Prompts } from '../ui/prompts.js';

/** On a productive tenant a click is not enough: the person types a name; going back is `Cancelled`. */
export async function typeToDelete(
  prompts: Prompts,
  { tenant, wanted, prompt }: { readonly tenant: string; readonly wanted: string; readonly prompt: string },
): Promise<void> {
  const answer = await prompts.input({
    title: l10n.t('Delete from the productive tenant "{0}"', tenant),
    prompt,
    validate: (value) => (value === wanted ? undefined : l10n.t('This is not "{0}".', wanted)),
  });
  if (answer.kind === 'back') {
    throw new Cancelled();
  }
}

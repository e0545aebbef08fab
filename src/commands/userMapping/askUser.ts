import * as l10n from '@vscode/l10n';
import { Cancelled } from '../../errors.js';
import type { UserMapping } from '../../inbound/userMapping.js';
import { userProblem } from '../../tenant/certificateUserMappings.js';
import type { PickItem, Prompts } from '../../ui/prompts.js';
import { plainLabel } from '../targets.js';

/** The user as whom the sender is to call: one that has certificates already, or another. */
export async function askUser(
  prompts: Prompts,
  all: readonly UserMapping[],
  options: { readonly title: string; readonly except?: string },
): Promise<string> {
  const { title, except } = options;
  const counts = new Map<string, number>();
  for (const { user } of all) {
    counts.set(user, (counts.get(user) ?? 0) + 1);
  }
  const users = [...counts].filter(([user]) => user !== except);
  if (users.length > 0) {
    const answer = await prompts.pick<string | undefined>({
      title,
      placeholder: l10n.t('User as whom the sender calls'),
      items: [
        {
          label: l10n.t('Another user…'),
          detail: l10n.t('One that has no certificate in this tenant yet'),
          value: undefined,
        },
        ...users.map(([user, count], index): PickItem<string> => ({
          label: plainLabel(user),
          description: count === 1 ? l10n.t('1 certificate') : l10n.t('{0} certificates', count),
          value: user,
          ...(index === 0 ? { separatorBefore: l10n.t('Users with certificates') } : {}),
        })),
      ],
    });
    if (answer.kind === 'back') {
      throw new Cancelled();
    }
    if (answer.value !== undefined) {
      return answer.value;
    }
  }
  const typed = await prompts.input({
    title,
    prompt: l10n.t('User as whom the sender calls, spelled as in the subaccount'),
    placeholder: 'S0012345678',
    validate: (value) =>
      userProblem(value) ??
      (value.trim() === except ? l10n.t('This is the user that it is mapped to already.') : undefined),
    hint: (value) => similarUser(value.trim(), [...counts.keys()]),
  });
  if (typed.kind === 'back') {
    throw new Cancelled();
  }
  return typed.value.trim();
}

/** Whether SAP tells users apart by case is not known, so such a name is pointed at. */
function similarUser(typed: string, users: readonly string[]): string | undefined {
  const similar = users.find(
    (user) => user !== typed && user.toLowerCase() === typed.toLowerCase() && typed !== '',
  );
  return similar === undefined
    ? undefined
    : l10n.t('There is also the user "{0}", which differs in case only.', similar);
}

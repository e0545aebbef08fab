import * as l10n from '@vscode/l10n';
import { take } from '../ui/flow.js';
import type { Environment } from './environment.js';
import { tenantIdOf } from './targetIds.js';

/** The choices of the tree, as the commands change them. */
export interface TreeChoicesPort {
  readonly current: TreeChoiceValues;
  change(change: Partial<TreeChoiceValues>): Promise<void>;
}

interface TreeChoiceValues {
  readonly groupBy: 'type' | 'owner' | 'expiry' | 'none';
  readonly sortBy: 'alias' | 'expiry';
  readonly filter: string;
}

/** "Refresh": the tenant of the row, or every tenant that has been opened. */
export async function refreshEntries(
  { keystores, connections }: Environment,
  argument: unknown,
): Promise<void> {
  const id = tenantIdOf(argument);
  connections.noticeOtherWindows();
  const opened = keystores.tenants().filter((tenant) => tenant.status.kind !== 'notLoaded');
  await Promise.all(
    (id === undefined ? opened.map((tenant) => tenant.id) : [id]).map((tenantId) =>
      keystores.refresh(tenantId),
    ),
  );
}

/** "Group By…". */
export async function chooseGrouping({ prompts }: Environment, choices: TreeChoicesPort): Promise<void> {
  const labels = {
    type: l10n.t('Type'),
    owner: l10n.t('Owner'),
    expiry: l10n.t('Expiry'),
    none: l10n.t('Not at all'),
  };
  take(
    await prompts.pick({
      title: l10n.t('Group Entries By'),
      placeholder: l10n.t('Group entries by'),
      items: (['type', 'owner', 'expiry', 'none'] as const).map((value) => ({
        label: labels[value],
        picked: value === choices.current.groupBy,
        value,
      })),
    }),
    (groupBy) => void choices.change({ groupBy }),
  );
}

/** "Sort By…". */
export async function chooseSorting({ prompts }: Environment, choices: TreeChoicesPort): Promise<void> {
  const labels = { alias: l10n.t('Alias'), expiry: l10n.t('Expiry') };
  take(
    await prompts.pick({
      title: l10n.t('Sort Entries By'),
      placeholder: l10n.t('Sort entries by'),
      items: (['alias', 'expiry'] as const).map((value) => ({
        label: labels[value],
        picked: value === choices.current.sortBy,
        value,
      })),
    }),
    (sortBy) => void choices.change({ sortBy }),
  );
}

/** "Filter Entries…": empty text shows all entries again. */
export async function filterEntries({ prompts }: Environment, choices: TreeChoicesPort): Promise<void> {
  take(
    await prompts.input({
      title: l10n.t('Filter Entries'),
      prompt: l10n.t('Alias, subject, issuer, serial number or fingerprint contains'),
      placeholder: 'acme',
      value: choices.current.filter,
    }),
    (value) => void choices.change({ filter: value.trim() }),
  );
}

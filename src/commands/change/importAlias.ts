import * as l10n from '@vscode/l10n';
import { Cancelled } from '../../errors.js';
import { isProtected } from '../../tenant/entryKind.js';
import { checkNewAlias, maximumAliasLength } from '../../tenant/keyPairRequest.js';
import type { KeystoreEntry } from '../../tenant/keystoreEntry.js';
import { isReservedAlias } from '../../tenant/reservedAlias.js';
import type { Prompts } from '../../ui/prompts.js';
import { aliasClash } from '../createKeyPair.js';

/** The alias of what is imported, and the entry that it takes the place of. */
export interface ImportAlias {
  readonly alias: string;
  readonly replaces: KeystoreEntry | undefined;
}

/** Asks for the alias; one that is taken is accepted only where its entry is of the same type and the tenant's own. */
export async function askImportAlias(
  prompts: Prompts,
  options: {
    readonly title: string;
    readonly prompt: string;
    readonly proposal: string;
    readonly type: 'Certificate' | 'Key Pair';
    readonly entries: readonly KeystoreEntry[];
  },
): Promise<ImportAlias> {
  const { title, prompt, proposal, type, entries } = options;
  const aliases = entries.map(({ alias }) => alias);
  const replaced = (alias: string): KeystoreEntry | undefined =>
    entries.find((entry) => entry.alias === alias && entry.type === type && !isProtected(entry));
  const answer = await prompts.input({
    title,
    prompt,
    placeholder: 'partner-2027',
    value: proposal,
    validate: (value) =>
      checkNewAlias(value) ?? (replaced(value) === undefined ? aliasClash(value, aliases) : undefined),
    hint: (value) =>
      replaced(value) === undefined
        ? undefined
        : l10n.t('This entry exists. It would be replaced; both are shown before.'),
  });
  if (answer.kind === 'back') {
    throw new Cancelled();
  }
  return { alias: answer.value, replaces: replaced(answer.value) };
}

/** An alias made of a name: free, not reserved, and without what no alias may have. */
export function proposeAlias(name: string, entries: readonly KeystoreEntry[]): string {
  const clean = name
    .replace(/[\p{Cc}\p{Cf}\p{Surrogate}]/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();
  const base = (isReservedAlias(clean) ? `own-${clean}` : clean).slice(0, maximumAliasLength - 5);
  const start = base.replace(/\p{Surrogate}$/u, '') || 'certificate';
  const taken = new Set(entries.map(({ alias }) => alias.toLowerCase()));
  let alias = start;
  for (let count = 2; taken.has(alias.toLowerCase()) && count < 1000; count++) {
    alias = `${start}-${count}`;
  }
  return alias;
}

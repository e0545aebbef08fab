import * as l10n from '@vscode/l10n';
import { Cancelled, KeystoreError } from '../../errors.js';
import type { Connection } from '../../services/connection.js';
import { deleteEntries as writeDeletion } from '../../services/keystoreWritesOfEntries.js';
import { hasPrivateKey, isProtected } from '../../tenant/entryKind.js';
import type { KeystoreEntry } from '../../tenant/keystoreEntry.js';
import type { ActionContext, Environment } from '../environment.js';
import { chooseEntry, type EntryTarget } from '../targets.js';
import { typeToDelete } from '../typeToDelete.js';
import { entryArguments } from './entryArguments.js';
import { day } from './facts.js';

/** "Delete…": one or several entries of a tenant; what it means is told before, and on a productive tenant a name is typed. */
export async function deleteEntries(
  environment: Environment,
  { argument, selection }: { readonly argument: unknown; readonly selection: unknown },
  context: ActionContext,
): Promise<void> {
  const { connection, entries } = await chooseEntries(environment, { argument, selection }, context);
  refuseProtected(entries);
  await confirm(environment, connection, entries);
  const { answerLost } = await context.withProgress(
    l10n.t('Deleting {0} entries of "{1}"', entries.length, connection.name),
    ({ signal }) =>
      environment.keystores.write(connection.id, (client) => writeDeletion(client, entries, signal)),
  );
  tell(environment, entries, answerLost);
}

async function chooseEntries(
  environment: Environment,
  { argument, selection }: { readonly argument: unknown; readonly selection: unknown },
  { signal }: ActionContext,
): Promise<{ readonly connection: Connection; readonly entries: readonly KeystoreEntry[] }> {
  const title = l10n.t('Delete Entry');
  const targets: EntryTarget[] = [];
  for (const id of entryArguments(argument, selection)) {
    targets.push(await chooseEntry(environment, id, { title, signal }));
  }
  const [first, ...others] = targets;
  if (first === undefined) {
    const { connection, entry } = await chooseEntry(environment, undefined, {
      title,
      signal,
      suits: (candidate) => !isProtected(candidate),
      nothing: l10n.t('Everything in this keystore belongs to SAP; nothing can be deleted.'),
    });
    return { connection, entries: [entry] };
  }
  if (others.some(({ connection }) => connection.id !== first.connection.id)) {
    throw new KeystoreError('refused', 'entries of several tenants', {
      details: {
        explanation: l10n.t('Entries of several tenants are selected. Delete those of one tenant at a time.'),
      },
    });
  }
  return { connection: first.connection, entries: targets.map(({ entry }) => entry) };
}

function refuseProtected(entries: readonly KeystoreEntry[]): void {
  const foreign = entries.filter(isProtected).map(({ alias }) => `"${alias}"`);
  if (foreign.length > 0) {
    throw new KeystoreError('refused', 'the entry belongs to SAP', {
      details: {
        explanation: l10n.t(
          'SAP owns {0}; a tenant cannot delete it. Nothing was deleted.',
          foreign.join(', '),
        ),
      },
    });
  }
}

const shownEntries = 20;

async function confirm(
  { prompts }: Environment,
  connection: Connection,
  entries: readonly KeystoreEntry[],
): Promise<void> {
  const [first] = entries;
  const single = entries.length === 1 ? first : undefined;
  const pairs = entries.filter(hasPrivateKey).length;
  const agreed = await prompts.confirm({
    message:
      single === undefined
        ? l10n.t('Delete {0} entries of "{1}"?', entries.length, connection.name)
        : l10n.t('Delete "{0}" of "{1}"?', single.alias, connection.name),
    detail: [
      ...entries.slice(0, shownEntries).map(entryLine),
      ...(entries.length > shownEntries ? [l10n.t('… and {0} more', entries.length - shownEntries)] : []),
      '',
      ...(pairs === 0
        ? []
        : [
            pairs === 1
              ? l10n.t(
                  'A private key is gone for good: it cannot be read out of a tenant. Unless its file is kept elsewhere, its certificate is useless then.',
                )
              : l10n.t(
                  '{0} private keys are gone for good: they cannot be read out of a tenant. Unless their files are kept elsewhere, their certificates are useless then.',
                  pairs,
                ),
          ]),
      ...(pairs === entries.length
        ? []
        : [l10n.t('A certificate can be added again only by someone who has its file.')]),
      l10n.t('Integration flows and senders that rely on it fail from their next call on. There is no undo.'),
    ].join('\n'),
    action: single === undefined ? l10n.t('Delete Entries') : l10n.t('Delete Entry'),
  });
  if (!agreed) {
    throw new Cancelled();
  }
  if (connection.stage === 'PRD') {
    const wanted = single?.alias ?? connection.name;
    await typeToDelete(prompts, {
      tenant: connection.name,
      wanted,
      prompt:
        single === undefined
          ? l10n.t('Type the name of the tenant to delete: {0}', wanted)
          : l10n.t('Type the alias to delete it: {0}', wanted),
    });
  }
}

function entryLine(entry: KeystoreEntry): string {
  return l10n.t(
    '{0}: {1}, valid until {2}',
    entry.alias,
    hasPrivateKey(entry) ? l10n.t('key pair') : l10n.t('certificate'),
    day(entry.validNotAfter),
  );
}

function tell({ prompts }: Environment, entries: readonly KeystoreEntry[], answerLost: boolean): void {
  const single = entries.length === 1 ? entries[0] : undefined;
  if (answerLost) {
    void prompts.inform(
      single === undefined
        ? l10n.t('{0} entries were deleted; the answer was lost.', entries.length)
        : l10n.t('"{0}" was deleted; the answer was lost.', single.alias),
    );
    return;
  }
  prompts.note(
    single === undefined
      ? l10n.t('{0} entries deleted.', entries.length)
      : l10n.t('"{0}" deleted.', single.alias),
  );
}

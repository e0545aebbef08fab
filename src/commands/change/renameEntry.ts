import * as l10n from '@vscode/l10n';
import { Cancelled, KeystoreError } from '../../errors.js';
import { renameEntry as writeRenaming } from '../../services/keystoreWritesOfEntries.js';
import { isProtected } from '../../tenant/entryKind.js';
import { checkNewAlias } from '../../tenant/keyPairRequest.js';
import { aliasClash } from '../createKeyPair.js';
import type { ActionContext, Environment } from '../environment.js';
import { chooseEntry, type EntryTarget } from '../targets.js';
import { entryArguments } from './entryArguments.js';

/** "Rename…": asks for a free alias, tells what names the old one, and reveals the renamed entry. */
export async function renameEntry(
  environment: Environment,
  argument: unknown,
  context: ActionContext,
): Promise<void> {
  const title = l10n.t('Rename Entry');
  const [id] = entryArguments(argument, undefined);
  const target = await chooseEntry(environment, id, {
    title,
    signal: context.signal,
    suits: (candidate) => !isProtected(candidate),
    nothing: l10n.t('Everything in this keystore belongs to SAP; nothing can be renamed.'),
  });
  const { connection, entry } = target;
  if (isProtected(entry)) {
    throw new KeystoreError('refused', 'the entry belongs to SAP', {
      details: { explanation: l10n.t('SAP owns "{0}"; a tenant cannot rename it.', entry.alias) },
    });
  }
  const alias = await askAlias(environment, target, title, context.signal);
  if (connection.stage === 'PRD') {
    await confirmProductive(environment, target, alias);
  }
  const result = await context.withProgress(
    l10n.t('Renaming "{0}" to "{1}"', entry.alias, alias),
    ({ signal }) =>
      environment.keystores.write(connection.id, (client) => writeRenaming(client, entry, alias, signal)),
  );
  if (result.answerLost) {
    void environment.prompts.inform(
      l10n.t('"{0}" was renamed to "{1}"; the answer was lost.', entry.alias, alias),
    );
  } else {
    environment.prompts.note(l10n.t('"{0}" is called "{1}" now.', entry.alias, alias));
  }
  await environment.navigator.revealEntry(connection.id, result.after.hexalias);
}

async function askAlias(
  { prompts, keystores }: Environment,
  { connection, entry }: EntryTarget,
  title: string,
  signal: AbortSignal,
): Promise<string> {
  const entries = await keystores.entriesOrRead(connection.id, signal);
  const others = entries.map(({ alias }) => alias).filter((alias) => alias !== entry.alias);
  const answer = await prompts.input({
    title,
    prompt: l10n.t(
      'New alias of "{0}". Integration flows that name the old one fail until they are changed and deployed again.',
      entry.alias,
    ),
    value: entry.alias,
    validate: (value) =>
      value === entry.alias
        ? l10n.t('This is its alias already.')
        : (checkNewAlias(value) ?? aliasClash(value, others)),
  });
  if (answer.kind === 'back') {
    throw new Cancelled();
  }
  return answer.value;
}

async function confirmProductive(
  { prompts }: Environment,
  { connection, entry }: EntryTarget,
  alias: string,
): Promise<void> {
  const agreed = await prompts.confirm({
    message: l10n.t('Rename "{0}" of the productive tenant "{1}"?', entry.alias, connection.name),
    detail: l10n.t(
      'Its new alias is "{0}". Integration flows that name "{1}" fail from their next start on, until they are changed and deployed again.',
      alias,
      entry.alias,
    ),
    action: l10n.t('Rename Entry'),
  });
  if (!agreed) {
    throw new Cancelled();
  }
}

import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import type { Connection } from '../services/connection.js';
import type { KeystoreEntry } from '../tenant/keystoreEntry.js';
import type { PickItem } from '../ui/prompts.js';
import type { Environment } from './environment.js';
import { entryIdOf, tenantIdOf } from './targetIds.js';

/** An entry that a command works on. */
export interface EntryTarget {
  readonly connection: Connection;
  readonly entry: KeystoreEntry;
}

/** The tenant of the row, else the only one, else the one that the person picks. */
export async function chooseTenant(
  environment: Environment,
  argument: unknown,
  title: string,
  suits: (connection: Connection) => boolean = () => true,
): Promise<Connection> {
  const id = tenantIdOf(argument);
  const given = id === undefined ? undefined : environment.connections.get(id);
  if (given !== undefined) {
    return given;
  }
  const candidates = environment.connections.list().filter(suits);
  const [only] = candidates;
  if (only === undefined) {
    throw new KeystoreError('refused', 'no tenant is connected', {
      details: {
        explanation: noTenant(environment.connections.list()),
      },
    });
  }
  if (candidates.length === 1) {
    return only;
  }
  const answer = await environment.prompts.pick({
    title,
    placeholder: l10n.t('Tenant'),
    items: candidates.map((connection) => ({
      label: connection.name,
      description: connection.stage ?? (connection.practice ? l10n.t('practice') : ''),
      value: connection,
    })),
  });
  return answer.kind === 'value' ? answer.value : only;
}

function noTenant(list: readonly Connection[]): string {
  if (list.length === 0) {
    return l10n.t('No tenant is connected yet. Run "Add Tenant…" or "Open Practice Tenant" first.');
  }
  return list.every(({ practice }) => practice)
    ? l10n.t('The practice tenant needs no service key; this is for real tenants. Run "Add Tenant…" first.')
    : l10n.t('This is for the practice tenant only. Run "Open Practice Tenant" first.');
}

/** The entry of the row, else the one that the person picks among those that suit. */
export async function chooseEntry(
  environment: Environment,
  argument: unknown,
  options: {
    readonly title: string;
    readonly signal: AbortSignal;
    readonly suits?: (entry: KeystoreEntry) => boolean;
    readonly suitsTenant?: (connection: Connection) => boolean;
    readonly nothing?: string;
  },
): Promise<EntryTarget> {
  const { title, signal } = options;
  const id = entryIdOf(argument);
  const connection = await chooseTenant(environment, argument, title, options.suitsTenant);
  const entries = environment.keystores.entriesOrRead(connection.id, signal);
  if (id !== undefined) {
    const entry = (await entries).find((candidate) => candidate.hexalias === id.hexalias);
    if (entry === undefined) {
      throw new KeystoreError('not-found', 'the entry is gone');
    }
    return { connection, entry };
  }
  const suitable = entries.then((all) => {
    const found = all.filter(options.suits ?? (() => true));
    if (found.length === 0) {
      throw new KeystoreError('refused', 'no suitable entry', {
        details: { explanation: options.nothing ?? l10n.t('"{0}" has no entry for this.', connection.name) },
      });
    }
    return found.map((entry): PickItem<KeystoreEntry> => entryItem(entry));
  });
  const answer = await environment.prompts.pick({ title, placeholder: l10n.t('Entry'), items: suitable });
  if (answer.kind === 'back') {
    return await chooseEntry(environment, undefined, options);
  }
  return { connection, entry: answer.value };
}

function entryItem(entry: KeystoreEntry): PickItem<KeystoreEntry> {
  return {
    label: plainLabel(entry.alias),
    description: entry.type,
    ...(entry.subjectDn === undefined ? {} : { detail: plainLabel(entry.subjectDn) }),
    value: entry,
  };
}

/** Quick picks render `$(name)` as an icon; a tenant's text must not. */
export function plainLabel(text: string): string {
  return text.replaceAll('$(', '$\u200b(');
}

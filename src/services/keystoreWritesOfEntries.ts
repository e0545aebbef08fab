import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import { isProtected } from '../tenant/entryKind.js';
import { encodeHexalias } from '../tenant/hexalias.js';
import type { KeystoreClient } from '../tenant/keystoreClient.js';
import type { KeystoreEntry } from '../tenant/keystoreEntry.js';
import { isReservedByRule } from '../tenant/reservedAlias.js';
import { resultOf, type WriteResult } from './keystoreWrites.js';
import { changedSince, isSameEntry } from './keystoreWritesOfFiles.js';
import { performAndReadBack } from './writeReadBack.js';

/** What a deletion did. */
export interface DeletionResult {
  readonly deleted: readonly KeystoreEntry[];
  /** True where the tenant's answer was lost and only reading back told what happened. */
  readonly answerLost: boolean;
}

/**
 * Renames an entry and reads both aliases back. `entry` is the one that the person saw. Throws `refused` for what SAP owns and for
 * an entry that changed meanwhile, `not-found`, `already-exists`, and what `performAndReadBack` throws.
 */
export async function renameEntry(
  client: KeystoreClient,
  entry: KeystoreEntry,
  alias: string,
  signal: AbortSignal,
): Promise<WriteResult> {
  const hexalias = encodeHexalias(alias);
  if (isReservedByRule(alias)) {
    throw protectedEntry(alias);
  }
  const before = await readUnchanged(client, entry, signal);
  if ((await client.readEntry(hexalias, signal)) !== undefined) {
    throw new KeystoreError('already-exists', 'the alias is taken', { details: { alias, performed: 'no' } });
  }
  const { state, answerLost } = await performAndReadBack({
    perform: () => client.rename(entry.hexalias, alias, signal),
    read: async (own) => ({
      renamed: await client.readEntry(hexalias, own),
      old: await client.readEntry(entry.hexalias, own),
    }),
    isPerformed: ({ renamed, old }) =>
      renamed !== undefined && old === undefined && isSameEntry(renamed, entry),
    alias: entry.alias,
  });
  return resultOf(before, { state: state.renamed, answerLost });
}

/**
 * Deletes entries of one keystore: one by itself, several in one request. `entries` are those that the person saw. Throws `refused`
 * for what SAP owns and for an entry that changed meanwhile, `not-found` where one is gone already; then nothing is sent. Where the
 * tenant deleted a part only, the error names what is still there.
 */
export async function deleteEntries(
  client: KeystoreClient,
  entries: readonly KeystoreEntry[],
  signal: AbortSignal,
): Promise<DeletionResult> {
  const [first] = entries;
  if (first === undefined) {
    throw new KeystoreError('invalid-input', 'There is nothing to delete', { details: { performed: 'no' } });
  }
  if (entries.length === 1) {
    await readUnchanged(client, first, signal);
    const { answerLost } = await performAndReadBack({
      perform: () => client.deleteEntry(first.hexalias, signal),
      read: (own) => client.readEntry(first.hexalias, own),
      isPerformed: (after) => after === undefined,
      alias: first.alias,
    });
    return { deleted: entries, answerLost };
  }
  const present = byHexalias(await client.readEntries({ signal }));
  for (const entry of entries) {
    demandUnchanged(present.get(entry.hexalias), entry);
  }
  const { state: remaining, answerLost } = await performAndReadBack({
    perform: () =>
      client.deleteEntries(
        entries.map(({ alias }) => alias),
        signal,
      ),
    read: async (own) => {
      const after = byHexalias(await client.readEntries({ signal: own }));
      return entries.filter(({ hexalias }) => after.has(hexalias));
    },
    isPerformed: (left) => left.length < entries.length,
    alias: entries.map(({ alias }) => alias).join('; '),
  });
  if (remaining.length > 0) {
    throw partlyDeleted(entries.length, remaining);
  }
  return { deleted: entries, answerLost };
}

async function readUnchanged(
  client: KeystoreClient,
  entry: KeystoreEntry,
  signal: AbortSignal,
): Promise<KeystoreEntry> {
  return demandUnchanged(await client.readEntry(entry.hexalias, signal), entry);
}

function demandUnchanged(now: KeystoreEntry | undefined, seen: KeystoreEntry): KeystoreEntry {
  if (now === undefined) {
    throw new KeystoreError('not-found', 'the entry is gone', {
      details: {
        alias: seen.alias,
        performed: 'no',
        explanation: l10n.t('"{0}" is not in the keystore any more. Nothing was changed.', seen.alias),
      },
    });
  }
  if (isProtected(now) || isProtected(seen)) {
    throw protectedEntry(seen.alias);
  }
  if (!isSameEntry(now, seen)) {
    throw changedSince(seen.alias);
  }
  return now;
}

function protectedEntry(alias: string): KeystoreError {
  return new KeystoreError('refused', 'the alias belongs to SAP', {
    details: {
      alias,
      performed: 'no',
      explanation: l10n.t('"{0}" belongs to SAP; a tenant cannot rename, replace or delete it.', alias),
    },
  });
}

function partlyDeleted(count: number, remaining: readonly KeystoreEntry[]): KeystoreError {
  const names = remaining.map(({ alias }) => `"${alias}"`);
  const shown = names.slice(0, 10).join(', ');
  return new KeystoreError('rejected', 'the tenant deleted a part of the entries', {
    details: {
      performed: 'partly',
      explanation: l10n.t(
        '{0} of {1} entries were deleted. Still there: {2}.',
        count - remaining.length,
        count,
        names.length > 10 ? `${shown}, …` : shown,
      ),
    },
  });
}

function byHexalias(entries: readonly KeystoreEntry[]): ReadonlyMap<string, KeystoreEntry> {
  return new Map(entries.map((entry) => [entry.hexalias, entry]));
}

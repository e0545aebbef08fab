import { entryIdOf } from '../targetIds.js';

/** An entry of a tenant. */
export interface EntryId {
  readonly tenantId: string;
  readonly hexalias: string;
}

/**
 * The entries that a command about entries is called with, each once: the selected rows, a row, or several entries as an array. Rows
 * of a chain name their entry too, but stand for themselves and are left out.
 */
export function entryArguments(argument: unknown, selection: unknown): readonly EntryId[] {
  const selected = Array.isArray(selection) && selection.length > 1 ? selection : [argument];
  const rows: readonly unknown[] = Array.isArray(argument) ? argument : selected;
  const ids = rows.filter(isEntry).flatMap((row) => entryIdOf(row) ?? []);
  return [...new Map(ids.map((id) => [JSON.stringify([id.tenantId, id.hexalias]), id])).values()];
}

function isEntry(row: unknown): boolean {
  const kind: unknown = typeof row === 'object' && row !== null ? Reflect.get(row, 'kind') : undefined;
  return kind === undefined || kind === 'entry';
}

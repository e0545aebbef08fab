import * as l10n from '@vscode/l10n';
import { shortened, visibleText } from '../../ui/visibleText.js';

/** What the path of an entry's document tells. */
export interface EntryAddress {
  readonly tenantId: string;
  readonly hexalias: string;
}

/** The path's first part; a language can be bound to it, so that addresses in the text do not become links. */
const folder = 'ci-keystore-entry';

/**
 * `/ci-keystore-entry/<tenant>/<hexalias>/Entry <alias>`: the last part is the tab's title. An alias may hold anything, so its
 * slashes are replaced there and nothing is read back from it.
 */
export function writeEntryPath(entry: EntryAddress & { readonly alias: string }): string {
  // Never the alias alone, which may be `..`.
  const title = l10n.t('Entry {0}', shortened(visibleText(entry.alias), 80)).replace(/[/\\]/g, '∕');
  return ['', folder, encodeURIComponent(entry.tenantId), entry.hexalias, title].join('/');
}

/** Reads what `writeEntryPath` wrote; undefined for anything else. */
export function parseEntryPath(path: string): EntryAddress | undefined {
  const match = /^\/ci-keystore-entry\/([^/]+)\/([0-9A-Fa-f]+)\//.exec(path);
  const tenantId = match?.[1];
  const hexalias = match?.[2];
  if (tenantId === undefined || hexalias === undefined) {
    return undefined;
  }
  try {
    return { tenantId: decodeURIComponent(tenantId), hexalias };
  } catch {
    // Not written by us: a percent sign that starts no escape.
    return undefined;
  }
}

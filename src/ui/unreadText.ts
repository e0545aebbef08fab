import * as l10n from '@vscode/l10n';
import type { UnreadPart } from '../pki/unreadPart.js';
import { shortened, visibleText } from './visibleText.js';

/** More of them help nobody. */
const maxNamed = 10;

/** What of a file was not read and why, a sentence each; of very many the first. */
export function unreadTexts(unread: readonly UnreadPart[]): readonly string[] {
  const named = unread.slice(0, maxNamed).map(({ entry, error }) => {
    const reason = visibleText(reasonOf(error));
    return entry === undefined
      ? l10n.t('Something else in the file could not be read: {0}', reason)
      : l10n.t('"{0}" of the archive was not read: {1}', shortened(visibleText(entry), 120), reason);
  });
  const others = unread.length - named.length;
  return others === 0 ? named : [...named, l10n.t('Others that were not read: {0}.', others)];
}

function reasonOf({ message, details: { explanation } }: UnreadPart['error']): string {
  const reason = typeof explanation === 'string' ? explanation : message;
  return /[.!?]$/.test(reason) ? reason : `${reason}.`;
}

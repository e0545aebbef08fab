import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import { failureMessage } from '../ui/failureMessage.js';
import { visibleText } from '../ui/visibleText.js';
import type { PageAction, PageNotice } from './protocolInspector.js';

/** Why a file cannot be shown, with the next step: damaged, not supported, too large and gone are told apart. */
export function fileFailure(error: unknown): PageNotice {
  const code = KeystoreError.is(error) ? error.code : undefined;
  const { title, next, actions } = wordsOf(code);
  return {
    tone: 'problem',
    title,
    text: visibleText([reasonOf(error), next].filter((text) => text !== '').join(' ')),
    actions,
  };
}

/** Why an entry cannot be shown. */
export function entryFailure(error: unknown, tenant: string | undefined): PageNotice {
  return {
    tone: 'problem',
    title: l10n.t('The entry could not be read'),
    text: visibleText(failureMessage(error, l10n.t('Inspect'), tenant).text),
    actions: [retry()],
  };
}

function wordsOf(code: KeystoreError['code'] | undefined): {
  readonly title: string;
  readonly next: string;
  readonly actions: readonly PageAction[];
} {
  switch (code) {
    case 'malformed':
      return {
        title: l10n.t('The file is damaged'),
        next: l10n.t(
          'Ask the one who sent it for the file once more; a transfer as text or a mail program may have changed it.',
        ),
        actions: [retry(), openAsText()],
      };
    case 'unsupported':
      return {
        title: l10n.t('This kind of file is not supported'),
        next: l10n.t(
          'Save it in another form with the program that made it: PEM, DER, PKCS#7 and PKCS#12 with AES or 3DES are read.',
        ),
        actions: [openAsText()],
      };
    case 'budget':
      return {
        title: l10n.t('The file is too large, or asks for too much work'),
        next: l10n.t('Take out the certificate that you need and open that one alone.'),
        actions: [openAsText()],
      };
    case 'wrong-password':
    case 'password-needed':
      return {
        title: l10n.t('The password does not fit'),
        next: l10n.t('Ask the one who made the file for its password.'),
        actions: [unlock()],
      };
    case 'file-system':
    case 'not-found':
      return {
        title: l10n.t('The file could not be read'),
        next: l10n.t('Is it still there? It is shown again as soon as it is.'),
        actions: [retry()],
      };
    default:
      return { title: l10n.t('The file could not be shown'), next: '', actions: [openAsText(), retry()] };
  }
}

function reasonOf(error: unknown): string {
  if (!KeystoreError.is(error)) {
    return l10n.t('Something unexpected happened. The log tells where.');
  }
  const { explanation } = error.details;
  const reason = typeof explanation === 'string' ? explanation : error.message;
  return /[.!?]$/.test(reason) ? reason : `${reason}.`;
}

/** Reads once more. */
export function retry(): PageAction {
  return { action: 'retry', label: l10n.t('Try Again') };
}

/** Asks for the password. */
export function unlock(): PageAction {
  return { action: 'unlock', label: l10n.t('Enter Password…') };
}

/** Shows the bytes in the editor of texts. */
export function openAsText(): PageAction {
  return { action: 'openAsText', label: l10n.t('Open as Text') };
}

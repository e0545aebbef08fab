import * as l10n from '@vscode/l10n';
import type { Inspected } from './inspected.js';
import { openAsText, retry, unlock } from './inspectorFailure.js';
import type { PageAction, PageNotice } from './protocolInspector.js';

/** Something is being read; it can be ended. */
export function reading(): PageNotice {
  return busy(l10n.t('Reading…'));
}

/** The person ended the reading. */
export function stopped(): PageNotice {
  return {
    tone: 'empty',
    title: l10n.t('Reading was cancelled'),
    text: l10n.t('Nothing was read.'),
    actions: [retry()],
  };
}

/** Something takes its time; it can be ended. */
export function busy(title: string): PageNotice {
  return { tone: 'busy', title, text: '', actions: [cancelAction()] };
}

/** Ends what is under way. */
export function cancelAction(): PageAction {
  return { action: 'cancel', label: l10n.t('Cancel') };
}

/** What stands above the content that was read: locked, or nothing in it. */
export function noticeOf({ locked, nothing }: Inspected): PageNotice | undefined {
  if (locked !== undefined) {
    return {
      tone: 'locked',
      title: locked === 'pkcs12' ? l10n.t('This file is locked') : l10n.t('The private key is locked'),
      text:
        locked === 'pkcs12'
          ? l10n.t(
              'Its certificates and keys lie under a password. The password is asked for outside this page and is not kept; closing or reloading locks the file again.',
            )
          : l10n.t(
              'It lies under a password. Everything else is shown. The password is asked for outside this page and is not kept.',
            ),
      actions: [unlock()],
    };
  }
  return nothing === undefined
    ? undefined
    : {
        tone: 'empty',
        title: l10n.t('Nothing to show was found'),
        text:
          nothing.length === 0
            ? l10n.t('The file holds no certificate, signing request or key in a form that is known here.')
            : l10n.t(
                'The file holds no certificate, signing request or key in a form that is known here, but: {0}.',
                nothing.join(', '),
              ),
        actions: [openAsText()],
      };
}

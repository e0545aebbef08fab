import * as l10n from '@vscode/l10n';
import type { UnreadPart } from '../pki/unreadPart.js';
import { unreadTexts } from '../ui/unreadText.js';

/** Why a signing response without any certificate cannot be used, and what in it could not be read. */
export function noCertificateText(unread: readonly UnreadPart[]): string {
  return [
    l10n.t(
      'There is no certificate in it. A signing response is what the certificate authority sent back, such as a .p7b or .cer file.',
    ),
    ...unreadTexts(unread),
  ].join(' ');
}

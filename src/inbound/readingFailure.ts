import * as l10n from '@vscode/l10n';
import type { ErrorCode } from '../errors.js';

/** Why a keystore could not be read, as a sentence about this tenant. */
export function readingFailure(code: ErrorCode | undefined, tenant: string): string {
  switch (code) {
    case 'signed-out':
      return l10n.t('"{0}" is signed out.', tenant);
    case 'unauthorized':
      return l10n.t('"{0}" refuses the credentials.', tenant);
    case 'forbidden':
      return l10n.t('"{0}" does not allow reading: the role MonitoringDataRead is needed.', tenant);
    case 'offline':
      return l10n.t('"{0}" cannot be reached.', tenant);
    case 'timeout':
      return l10n.t('"{0}" did not answer in time.', tenant);
    case 'untrusted-server':
      return l10n.t('The server certificate of "{0}" is not trusted on this machine.', tenant);
    case 'rate-limited':
      return l10n.t('"{0}" asks to wait: too many requests.', tenant);
    default:
      return l10n.t('"{0}" could not be read; the log tells more.', tenant);
  }
}

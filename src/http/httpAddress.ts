import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';

/** True for `localhost` and the addresses that never leave the machine; a name below `localhost` may be resolved anywhere. */
export function isLoopbackHost(hostname: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i.test(hostname);
}

/**
 * Reads an address that may be called: https, or plain http on loopback only; no user or password. Throws `invalid-input`
 * whose message says what is wrong, with `field` and the reason in its details.
 */
export function parseHttpUrl(url: string, field: string): URL {
  const text = url.trim();
  if (text === '') {
    throw invalid(field, 'missing', l10n.t('The address is missing.'));
  }
  let parsed: URL;
  try {
    parsed = new URL(text);
  } catch {
    throw invalid(field, 'malformed', l10n.t('This is no web address. It begins with "https://".'));
  }
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') {
    throw invalid(field, 'scheme', l10n.t('The address begins with "https://".'));
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw invalid(field, 'credentials', l10n.t('User and password do not belong into the address.'));
  }
  if (parsed.protocol === 'http:' && !isLoopbackHost(parsed.hostname)) {
    throw invalid(
      field,
      'insecure',
      l10n.t('The address begins with "https://"; plain "http://" is for this machine only.'),
    );
  }
  return parsed;
}

function invalid(field: string, reason: string, message: string): KeystoreError {
  return new KeystoreError('invalid-input', message, { details: { field, reason } });
}

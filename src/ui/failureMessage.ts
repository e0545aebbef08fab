import * as l10n from '@vscode/l10n';
import { KeystoreError, assertNever, type ErrorDetails } from '../errors.js';

/** A next step that a failure offers as a button. */
export type FailureButton = 'showLog' | 'signIn' | 'signInCloudFoundry' | 'editTenant' | 'retry' | 'reload';

/** What a person reads of a failure, with at most two buttons. */
export interface FailureMessage {
  readonly text: string;
  readonly buttons: readonly FailureButton[];
}

/** Chooses the words by code; `action` is the command's title and `tenant` the name of the tenant it works on. */
export function failureMessage(error: unknown, action: string, tenant: string | undefined): FailureMessage {
  const { reason, buttons } = KeystoreError.is(error)
    ? explain(error, tenant ?? l10n.t('the tenant'))
    : {
        reason: l10n.t('Something unexpected happened. The log tells where.'),
        buttons: ['showLog'] as const,
      };
  return { text: l10n.t('{0}: {1}', action, reason), buttons };
}

/** An explanation that came along is more exact than the words of its code; Cloud Foundry has a sign-in of its own. */
function explain(error: KeystoreError, tenant: string): ReturnType<typeof explainByCode> {
  const byCode = explainByCode(error, tenant);
  return {
    reason: text(error.details, 'explanation') ?? byCode.reason,
    buttons:
      error.details.where === 'cf'
        ? byCode.buttons
            .filter((button) => button !== 'editTenant')
            .map((button) => (button === 'signIn' ? 'signInCloudFoundry' : button))
        : byCode.buttons,
  };
}

function explainByCode(
  error: KeystoreError,
  tenant: string,
): { readonly reason: string; readonly buttons: readonly FailureButton[] } {
  const details = error.details;
  const told = text(details, 'explanation') ?? text(details, 'said');
  switch (error.code) {
    case 'malformed':
    case 'unsupported':
    case 'wrong-password':
    case 'password-needed':
    case 'mismatch':
    case 'budget':
    case 'invalid-input':
    case 'refused':
      return { reason: told ?? sentence(error.message), buttons: [] };
    case 'file-system':
      return {
        reason: told ?? l10n.t('The file could not be read or written.'),
        buttons: ['showLog'],
      };
    case 'signed-out':
      return {
        reason: l10n.t('"{0}" is signed out: its secret is not stored here. Sign in again.', tenant),
        buttons: ['signIn'],
      };
    case 'stale':
      return {
        reason: l10n.t('Another window changed the stored secrets. Reload this window; nothing was stored.'),
        buttons: ['reload'],
      };
    case 'offline':
      return { reason: offline(details, tenant), buttons: ['retry', 'showLog'] };
    case 'timeout':
      return {
        reason: l10n.t('"{0}" did not answer in time{1}.', tenant, inBrackets(text(details, 'host'))),
        buttons: ['retry', 'showLog'],
      };
    case 'untrusted-server':
      return { reason: untrustedServer(details, tenant), buttons: ['showLog'] };
    case 'bad-answer':
      return {
        reason: badAnswer(details, tenant),
        buttons: ['editTenant', 'showLog'],
      };
    case 'unauthorized':
      return {
        reason: l10n.t('"{0}" refuses the credentials. Sign in again with a current service key.', tenant),
        buttons: ['signIn', 'showLog'],
      };
    case 'forbidden':
      return { reason: forbidden(details, tenant, told), buttons: ['showLog'] };
    case 'not-found':
      return { reason: told ?? l10n.t('It is not there any more. Refresh the view.'), buttons: ['showLog'] };
    case 'already-exists':
      return {
        reason: l10n.t(
          'An entry with the alias "{0}" exists already. Choose another alias.',
          text(details, 'alias') ?? '',
        ),
        buttons: [],
      };
    case 'fingerprint-unconfirmed':
      return { reason: l10n.t('The fingerprint was not confirmed; nothing was changed.'), buttons: [] };
    case 'too-large':
      return { reason: told ?? l10n.t('It is larger than the tenant takes.'), buttons: [] };
    case 'rate-limited':
      return {
        reason: rateLimited(details, tenant),
        buttons: ['retry'],
      };
    case 'locked':
      return {
        reason: l10n.t('Somebody else is changing this keystore right now. Nothing was changed; try again.'),
        buttons: ['retry'],
      };
    case 'rejected':
      return {
        reason:
          told === undefined
            ? l10n.t('"{0}" refused the request.', tenant)
            : l10n.t('"{0}" refused the request: {1}', tenant, told),
        buttons: ['showLog'],
      };
    case 'server-error':
      return {
        reason: l10n.t('"{0}" reports an error of its own. Try again later.', tenant),
        buttons: ['retry', 'showLog'],
      };
    case 'answer-lost':
      return { reason: answerLost(details, tenant), buttons: ['showLog'] };
    default:
      return assertNever(error.code);
  }
}

/** Names the host, since a tenant's token endpoint is another one than its API. */
function offline(details: ErrorDetails, tenant: string): string {
  if (details.status === 407) {
    return l10n.t(
      'The proxy on the way to "{0}" asks for a user and password (407). Set them for VS Code\'s proxy (http.proxy, http.proxyAuthorization).',
      tenant,
    );
  }
  const host = text(details, 'host');
  const reason = text(details, 'reason');
  return host === undefined
    ? l10n.t('"{0}" cannot be reached. Check the network, the proxy settings and the address.', tenant)
    : l10n.t(
        '"{0}" cannot be reached: no connection to {1}{2}. Check the network, the proxy settings and the address.',
        tenant,
        host,
        inBrackets(reason),
      );
}

function untrustedServer(details: ErrorDetails, tenant: string): string {
  const host = text(details, 'host') ?? tenant;
  const until = text(details, 'validTo')?.slice(0, 10);
  switch (details.reason) {
    case 'CERT_HAS_EXPIRED':
      return l10n.t(
        'The certificate of {0}{1}, or one of those above it, has expired. Check the clock of this machine; if it is right, whoever runs the server or the proxy must renew it.',
        host,
        until === undefined ? '' : l10n.t(' (valid until {0})', until),
      );
    case 'CERT_NOT_YET_VALID':
      return l10n.t('The certificate of {0} is not valid yet. Check the clock of this machine.', host);
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
    case 'ERR_TLS_CERT_ALTNAME_FORMAT':
    case 'HOSTNAME_MISMATCH':
      return l10n.t(
        'The certificate that {0} shows{1} belongs to another name. Check the address and the proxy settings.',
        host,
        inBrackets(text(details, 'subject')),
      );
    default:
      return unknownAuthority(details, host);
  }
}

function unknownAuthority(details: ErrorDetails, host: string): string {
  const issuer = text(details, 'issuer');
  const top = text(details, 'topIssuer') ?? issuer;
  if (issuer === undefined || top === undefined) {
    return l10n.t(
      'The certificate of {0} is not trusted on this machine{1}.',
      host,
      inBrackets(text(details, 'reason')),
    );
  }
  const chain = top === issuer ? issuer : l10n.t('{0}, under {1}', issuer, top);
  return l10n.t(
    "The certificate of {0} was issued by {1}, which this machine does not trust. If that is your company's proxy, add {2} to the operating system's certificates and keep the setting http.systemCertificates on.",
    host,
    chain,
    top,
  );
}

function badAnswer(details: ErrorDetails, tenant: string): string {
  const elsewhere = text(details, 'redirectHost');
  return elsewhere === undefined
    ? l10n.t('"{0}" gave an answer that is not of its protocol. Is the address right?', tenant)
    : l10n.t(
        '"{0}" sends requests on to {1}, which the keystore\'s address never does. Is it the "url" of a service key of plan "api"?',
        tenant,
        elsewhere,
      );
}

function rateLimited(details: ErrorDetails, tenant: string): string {
  const seconds = details.retryAfterSeconds;
  if (typeof seconds !== 'number' || seconds <= 0) {
    return l10n.t('"{0}" asks to wait: too many requests. Try again in a minute.', tenant);
  }
  return seconds <= 120
    ? l10n.t('"{0}" asks to wait for {1} seconds: too many requests.', tenant, seconds)
    : l10n.t('"{0}" asks to wait for {1} minutes: too many requests.', tenant, Math.ceil(seconds / 60));
}

function forbidden(details: ErrorDetails, tenant: string, told: string | undefined): string {
  const role = text(details, 'role');
  if (role !== undefined) {
    return l10n.t('The role {0} is missing in the service instance behind "{1}".', role, tenant);
  }
  const refusal =
    told === undefined
      ? l10n.t('"{0}" does not allow this.', tenant)
      : l10n.t('"{0}" does not allow this: {1}', tenant, sentence(told));
  const roles = l10n.t(
    'To see entries the role MonitoringDataRead is needed, to change them SecurityMaterialEdit.',
  );
  return details.html === true
    ? `${refusal} ${roles} ${l10n.t('The answer was a web page, so a proxy or firewall may have given it.')}`
    : `${refusal} ${roles}`;
}

/** Something in brackets after a word, where it is known. */
function inBrackets(value: string | undefined): string {
  return value === undefined ? '' : ` (${value})`;
}

function answerLost(details: ErrorDetails, tenant: string): string {
  switch (details.performed) {
    case 'no':
      return l10n.t(
        'The answer of "{0}" was lost. Reading back shows that the change was not made. You can try again.',
        tenant,
      );
    case 'yes':
      return l10n.t('"{0}" confirmed the change, but it could not be read back. Refresh the view.', tenant);
    default:
      return l10n.t(
        'The answer of "{0}" was lost, and reading back failed as well: it is not known whether the change was made. Refresh before you try again.',
        tenant,
      );
  }
}

function text(details: ErrorDetails, key: string): string | undefined {
  const value = details[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function sentence(message: string): string {
  const first = message.slice(0, 1).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}

import * as l10n from '@vscode/l10n';
import { headerOf, type HttpAnswer, type HttpRequest } from '../http/httpMessages.js';
import { parseRetryAfter } from '../http/retryAfter.js';

/** What was being done, for the words of a failure. */
export interface CfOperation {
  readonly kind: HttpRequest['kind'];
  readonly what:
    | 'list'
    | 'readParameters'
    | 'readDetails'
    | 'createInstance'
    | 'updateInstance'
    | 'deleteInstance'
    | 'createKey'
    | 'deleteKey'
    | 'readJob';
  /** Name of the instance or key, where it is known. */
  readonly name?: string | undefined;
}

/** The words for a name that is taken. */
export function nameTakenText(what: 'createInstance' | 'createKey', name: string): string {
  return what === 'createKey'
    ? l10n.t('The service instance has a key with the name "{0}" already. Choose another name.', name)
    : l10n.t(
        'The space has a service instance with the name "{0}" already. Choose another name, or use that one.',
        name,
      );
}

/** The words for what is not there any more. */
export function goneText(name: string | undefined): string {
  return name === undefined
    ? l10n.t('It is not there any more, or your Cloud Foundry roles do not show it. Refresh the view.')
    : l10n.t(
        '"{0}" is not there any more, or your Cloud Foundry roles do not show it. Refresh the view.',
        name,
      );
}

/** The words for an operation that is in the way. */
export function inProgressText({ name }: CfOperation): string {
  return name === undefined
    ? l10n.t(
        'Another operation of this service instance is in progress. Nothing was done; wait for its end, then try again.',
      )
    : l10n.t(
        'Another operation is in progress at the service instance of "{0}". Nothing was done; wait for its end, then try again.',
        name,
      );
}

/** Which role is needed, and who gives it; the roles are those of the API's documentation. */
export function forbiddenText({ what }: CfOperation): string {
  switch (what) {
    case 'createInstance':
    case 'updateInstance':
    case 'deleteInstance':
      return l10n.t(
        'Your Cloud Foundry user may not change service instances of this space: the role Space Developer is needed. A Space Manager of the space or an Org Manager gives it in the cockpit, under Space Members.',
      );
    case 'createKey':
    case 'deleteKey':
      return l10n.t(
        'Your Cloud Foundry user may not change service keys of this space: the role Space Developer is needed. A Space Manager of the space or an Org Manager gives it in the cockpit, under Space Members.',
      );
    case 'readDetails':
      return l10n.t(
        'Your Cloud Foundry user may see that this service key exists, not what it holds: the role Space Developer is needed. Without it, certificate and validity stay unknown here.',
      );
    case 'readParameters':
      return l10n.t(
        'Your Cloud Foundry user may not read with which parameters this was created: the role Space Developer is needed.',
      );
    case 'list':
    case 'readJob':
      return l10n.t(
        'Your Cloud Foundry user may not see this: a role in the space is needed, such as Space Auditor, and Space Developer to change something.',
      );
  }
}

/** The words for a 404. */
export function notFoundText({ what, name }: CfOperation): string {
  return what === 'createInstance' || what === 'createKey'
    ? l10n.t(
        'What it should belong to is not there any more, or your roles do not show it. Refresh the view.',
      )
    : goneText(name);
}

/** How long to wait after a 429; `X-RateLimit-Reset` is in seconds since the epoch. */
export function rateLimitedText(answer: HttpAnswer, now: number): string {
  const reset = Number(headerOf(answer, 'x-ratelimit-reset'));
  const pause =
    parseRetryAfter(headerOf(answer, 'retry-after'), now) ??
    (Number.isFinite(reset) && reset > 0 ? Math.max(0, reset * 1000 - now) : undefined);
  if (pause === undefined) {
    return l10n.t('Cloud Foundry asks to wait: too many requests. Try again in a few minutes.');
  }
  return pause < 120_000
    ? l10n.t('Cloud Foundry asks to wait for {0} seconds: too many requests.', Math.ceil(pause / 1000))
    : l10n.t('Cloud Foundry asks to wait for {0} minutes: too many requests.', Math.ceil(pause / 60_000));
}

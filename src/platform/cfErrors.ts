import * as l10n from '@vscode/l10n';
import { KeystoreError, type ErrorCode, type ErrorDetails } from '../errors.js';
import { isArray, isObject, parseJson, textMember } from '../http/checked.js';
import { isHtml, type HttpAnswer } from '../http/httpMessages.js';
import { outsideText } from '../http/outsideText.js';
import {
  forbiddenText,
  inProgressText,
  nameTakenText,
  notFoundText,
  rateLimitedText,
  type CfOperation,
} from './cfErrorWords.js';

/** One error of an answer or a job, as Cloud Foundry states it. */
export interface CfErrorText {
  readonly code: number | undefined;
  /** Such as `CF-UnprocessableEntity`. */
  readonly title: string;
  /** Masked, bounded, one line; from outside. */
  readonly detail: string | undefined;
}

/** Reads the `errors` of an answer or a job; none where there are none. */
export function parseCfErrors(json: unknown, mask: (text: string) => string): readonly CfErrorText[] {
  const errors = isObject(json) ? json['errors'] : undefined;
  return (isArray(errors) ? errors : []).filter(isObject).map((error) => ({
    code: typeof error['code'] === 'number' ? error['code'] : undefined,
    title: outsideText(textMember(error, 'title'), mask) ?? '',
    detail: outsideText(textMember(error, 'detail'), mask),
  }));
}

/**
 * Turns an answer that is no success into an error with an explanation and a next step. A write's error has
 * `performed: 'no'` where the status proves that nothing was done, and the code `answer-lost` where it does not.
 */
export function cfFailure(
  answer: HttpAnswer,
  operation: CfOperation,
  context: { readonly mask: (text: string) => string; readonly now: number },
): KeystoreError {
  const { status } = answer;
  const [first] = parseCfErrors(parseJson(answer.body.toString('utf8')), context.mask);
  const details: ErrorDetails = {
    where: 'cf',
    status,
    host: new URL(answer.url).host,
    ...(first?.code === undefined ? {} : { cfCode: first.code }),
    ...(first?.title === undefined || first.title === '' ? {} : { cfTitle: first.title }),
    ...(first?.detail === undefined ? {} : { said: first.detail }),
    ...(isHtml(answer) ? { html: true } : {}),
  };
  if (operation.kind === 'write' && !provesNothingDone(status)) {
    return new KeystoreError(
      'answer-lost',
      `Cloud Foundry answered ${status}, which does not tell what it did`,
      {
        details: { ...details, reason: `status-${status}` },
      },
    );
  }
  const { code, explanation } = judge({ answer, first, operation, now: context.now });
  return new KeystoreError(code, `Cloud Foundry answered ${status}`, {
    details: {
      ...details,
      explanation,
      ...(operation.kind === 'write' ? { performed: 'no' } : {}),
    },
  });
}

/** The error of a job that failed, from what it says. */
export function jobFailure(
  errors: readonly CfErrorText[],
  operation: CfOperation,
  remains: string | undefined,
): KeystoreError {
  const [first] = errors;
  const known = first === undefined ? undefined : judgeText(first, operation);
  const explanation =
    known?.explanation ??
    (first?.detail === undefined
      ? l10n.t('Cloud Foundry reports that it failed, without a reason. The cockpit may tell more.')
      : l10n.t('The service reports: {0}', first.detail));
  return new KeystoreError(known?.code ?? 'rejected', 'The job failed', {
    details: {
      where: 'cf',
      ...(first?.code === undefined ? {} : { cfCode: first.code }),
      ...(first?.title === undefined || first.title === '' ? {} : { cfTitle: first.title }),
      ...(first?.detail === undefined ? {} : { said: first.detail }),
      explanation: remains === undefined ? explanation : `${sentence(explanation)} ${remains}`,
    },
  });
}

interface Judged {
  readonly code: ErrorCode;
  readonly explanation: string;
}

function provesNothingDone(status: number): boolean {
  // 408 and 499 come from gateways that gave up waiting.
  return (status >= 400 && status < 500 && status !== 408 && status !== 499) || status === 501;
}

function judge({
  answer,
  first,
  operation,
  now,
}: {
  readonly answer: HttpAnswer;
  readonly first: CfErrorText | undefined;
  readonly operation: CfOperation;
  readonly now: number;
}): Judged {
  const { status } = answer;
  if (status === 401) {
    return {
      code: 'signed-out',
      explanation: l10n.t(
        'Cloud Foundry does not take the session any more. Sign in to Cloud Foundry again.',
      ),
    };
  }
  if (status === 429) {
    return { code: 'rate-limited', explanation: rateLimitedText(answer, now) };
  }
  const byText = first === undefined ? undefined : judgeText(first, operation);
  if (byText !== undefined) {
    return byText;
  }
  if (status === 403) {
    return { code: 'forbidden', explanation: forbiddenText(operation) };
  }
  if (status === 404 && first !== undefined) {
    return { code: 'not-found', explanation: notFoundText(operation) };
  }
  if (status === 409) {
    return { code: 'locked', explanation: inProgressText(operation) };
  }
  if (status >= 500) {
    return {
      code: 'server-error',
      explanation: l10n.t('Cloud Foundry reports an error of its own ({0}). Try again later.', status),
    };
  }
  if (first === undefined || isHtml(answer)) {
    return {
      code: 'bad-answer',
      explanation: l10n.t(
        'Something else than Cloud Foundry answered ({0}). Is a proxy in between, and the API endpoint right?',
        status,
      ),
    };
  }
  return {
    code: 'rejected',
    explanation: l10n.t('Cloud Foundry refused the request: {0}', first.detail ?? first.title),
  };
}

/** What code and words tell whatever the status is; the codes are those of Cloud Foundry's own list of errors. */
function judgeText({ code, title, detail = '' }: CfErrorText, operation: CfOperation): Judged | undefined {
  if (
    code === 60002 ||
    code === 360001 ||
    /name is taken|must be unique|already has a key binding/i.test(detail)
  ) {
    return { code: 'already-exists', explanation: nameTaken(operation, detail) };
  }
  if (
    code === 60016 ||
    code === 90008 ||
    code === 270018 ||
    /OperationInProgress$|ConcurrencyError$/.test(title) ||
    /operation in progress|is in progress/i.test(detail)
  ) {
    return { code: 'locked', explanation: inProgressText(operation) };
  }
  if (code === 60005 || code === 60012 || /exceeded your .*(?:limit|quota)/i.test(detail)) {
    return {
      code: 'rejected',
      explanation: l10n.t(
        'The quota of the organization or space is used up: {0} Delete what is not needed, or have the quota raised by an administrator of the subaccount.',
        sentence(detail),
      ),
    };
  }
  if (
    code === 60007 ||
    code === 60010 ||
    code === 60013 ||
    code === 60018 ||
    /service plan (?:is not available|could not be found)|invalid service plan/i.test(detail)
  ) {
    return {
      code: 'rejected',
      explanation: l10n.t(
        'The service plan cannot be used in this space: {0} An administrator of the subaccount adds it under Entitlements (Process Integration Runtime).',
        sentence(detail),
      ),
    };
  }
  if (code === 330002 || title === 'CF-FeatureDisabled') {
    return {
      code: 'forbidden',
      explanation: l10n.t('An administrator of Cloud Foundry has switched this off: {0}', sentence(detail)),
    };
  }
  if (code === 10007) {
    return {
      code: 'forbidden',
      explanation: l10n.t(
        'The sign-in does not allow this (its scopes do not suffice). Sign in to Cloud Foundry again.',
      ),
    };
  }
  if (code === 390004 || code === 390005) {
    return {
      code: 'refused',
      explanation: l10n.t(
        'The service instance is shared from another space, where alone it can be changed. Choose that space.',
      ),
    };
  }
  if (/client_x509/.test(detail)) {
    return {
      code: 'rejected',
      explanation: l10n.t(
        'The service instance has the deprecated grant type "client_x509", with which it takes no changes and no new keys. Run "Mend Grant Types…" first. The service reports: {0}',
        detail,
      ),
    };
  }
  if (/ApiTimeout$|ApiUnreachable$/.test(title)) {
    return {
      code: 'server-error',
      explanation: l10n.t('The service behind Cloud Foundry did not answer. Try again later.'),
    };
  }
  return undefined;
}

function nameTaken({ what, name = '' }: CfOperation, detail: string): string {
  return /getting deleted|deletion failed/i.test(detail)
    ? l10n.t(
        'A service key with the name "{0}" is being deleted, or its deletion failed. Choose another name, or wait and refresh.',
        name,
      )
    : nameTakenText(what === 'createKey' ? what : 'createInstance', name);
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

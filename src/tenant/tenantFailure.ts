import { KeystoreError, type ErrorCode, type ErrorDetails } from '../errors.js';
import { headerOf, isHtml, mediaTypeOf, type HttpAnswer, type HttpRequest } from '../http/httpMessages.js';
import { parseODataError } from './odataError.js';
import { parseRetryAfter } from '../http/retryAfter.js';

/** Where an answer came from and what it answers. */
export interface AnswerContext {
  readonly kind: HttpRequest['kind'];
  readonly where: 'api' | 'token';
  /** Takes secrets out of what the tenant says. */
  readonly mask: (text: string) => string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Turns an answer that is no success into an error. A write's error has `performed: 'no'` where the status proves that
 * nothing was done, and the code `answer-lost` where it does not. `details.said` is what the tenant says, bounded, masked,
 * and as hostile as any text from outside.
 */
export function failureOf(answer: HttpAnswer, context: AnswerContext): KeystoreError {
  const { status } = answer;
  const said = parseODataError(answer.body.toString('utf8'), context.mask);
  const message = said.message ?? (context.where === 'token' ? said.code : undefined);
  const details: ErrorDetails = {
    status,
    where: context.where,
    host: new URL(answer.url).host,
    ...(message === undefined ? {} : { said: message }),
    ...(isHtml(answer) ? { html: true } : {}),
    ...redirection(answer, context.mask),
    ...retryDetails(answer, context.now),
  };
  if (context.kind === 'write' && !provesNothingDone(answer)) {
    return new KeystoreError(
      'answer-lost',
      `The tenant answered ${status}, which does not tell what it did`,
      {
        details: { ...details, reason: `status-${status}` },
      },
    );
  }
  return new KeystoreError(codeOf(answer, context, message), `The ${context.where} answered ${status}`, {
    details: context.kind === 'write' ? { ...details, performed: 'no' } : details,
  });
}

/** True for the answer of a keystore that someone else is changing, rather than of a gateway that reaches no tenant. */
export function isLock(answer: HttpAnswer): boolean {
  return (
    answer.status === 423 ||
    (answer.status === 503 && !isHtml(answer) && headerOf(answer, 'x-cf-routererror') === undefined)
  );
}

/** True where an answer of 404 comes from a gateway or a proxy: the tenant is absent, not an entry of it. */
export function isForeignNotFound(answer: HttpAnswer): boolean {
  return answer.status === 404 && (isHtml(answer) || headerOf(answer, 'x-cf-routererror') !== undefined);
}

/** True where a write was carried out: a page for a browser with status 200 shows a log-on, not a success. */
export function isWriteSuccess(answer: HttpAnswer): boolean {
  if (answer.status === 204) {
    return true;
  }
  const type = mediaTypeOf(answer);
  return (
    (answer.status === 200 || answer.status === 201) &&
    !isHtml(answer) &&
    (answer.body.length === 0 || type === undefined || /\bjson$|\bxml$/.test(type))
  );
}

function provesNothingDone(answer: HttpAnswer): boolean {
  const { status } = answer;
  // 408 and 499 come from gateways that gave up waiting; 405 and 501 mean that the operation does not exist.
  return (
    (status >= 400 && status < 500 && status !== 408 && status !== 499) || status === 501 || isLock(answer)
  );
}

function codeOf(answer: HttpAnswer, context: AnswerContext, message: string | undefined): ErrorCode {
  const { status } = answer;
  if (context.where === 'token' && (status === 400 || status === 401 || status === 403)) {
    return 'unauthorized';
  }
  if (isLock(answer) && context.where === 'api') {
    return 'locked';
  }
  if (status >= 500) {
    return 'server-error';
  }
  if (status < 400) {
    return 'bad-answer';
  }
  switch (status) {
    case 401:
      return 'unauthorized';
    case 403:
      return 'forbidden';
    case 404:
      return 'not-found';
    case 407:
      return 'offline';
    case 413:
      return 'too-large';
    case 429:
      return 'rate-limited';
    default:
      return message !== undefined && /already exists/i.test(message) ? 'already-exists' : 'rejected';
  }
}

function redirection(answer: HttpAnswer, mask: (text: string) => string): ErrorDetails {
  const location = headerOf(answer, 'location');
  if (answer.status < 300 || answer.status >= 400 || location === undefined) {
    return {};
  }
  try {
    return { reason: 'redirect', redirectHost: mask(new URL(location, answer.url).host) };
  } catch {
    return { reason: 'redirect' };
  }
}

function retryDetails(answer: HttpAnswer, now: number): ErrorDetails {
  const wait = parseRetryAfter(headerOf(answer, 'retry-after'), now);
  return wait === undefined ? {} : { retryAfterSeconds: Math.ceil(wait / 1000) };
}

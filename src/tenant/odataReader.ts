import { KeystoreError, type ErrorDetails } from '../errors.js';
import { parseJson } from '../http/checked.js';
import { isHtml, mediaTypeOf, type HttpAnswer } from '../http/httpMessages.js';
import { parsePage } from './odataPage.js';
import type { TenantSession } from './tenantSession.js';

/** What answers are read with. */
export type ReadingSession = Pick<TenantSession, 'send' | 'failure' | 'mask'>;

const json = 'application/json';
const maximumPages = 10_000;

/** Every row of a collection, all pages; `onPage` hears how many have been read. */
export async function readRows<T>(
  session: ReadingSession,
  path: string,
  parse: (row: unknown) => T,
  {
    signal,
    onPage,
  }: { readonly signal: AbortSignal; readonly onPage?: ((soFar: number) => void) | undefined },
): Promise<T[]> {
  const rows: T[] = [];
  const visited = new Set<string>();
  let next: string | undefined = path;
  while (next !== undefined) {
    if (visited.has(next) || visited.size >= maximumPages) {
      throw badAnswer('The pages of the answer have no end', { reason: 'next-page' });
    }
    visited.add(next);
    const answer = await session.send({ kind: 'read', method: 'GET', path: next, accept: json }, signal);
    const page = parsePage(jsonOf(session, answer), answer.url);
    for (const row of page.rows) {
      rows.push(parse(row));
    }
    onPage?.(rows.length);
    next = page.next;
  }
  return rows;
}

/** The JSON behind a path. */
export async function readJson(session: ReadingSession, path: string, signal: AbortSignal): Promise<unknown> {
  return jsonOf(session, await session.send({ kind: 'read', method: 'GET', path, accept: json }, signal));
}

/** The JSON of an answer; throws for anything but success with JSON. */
export function jsonOf(session: ReadingSession, answer: HttpAnswer): unknown {
  const body = bytesOf(session, answer);
  const mediaType = mediaTypeOf(answer);
  if (mediaType !== undefined && !mediaType.endsWith('json')) {
    const shown = session.mask(mediaType).slice(0, 100);
    throw badAnswer(`The tenant answered ${shown} instead of JSON`, {
      reason: 'media-type',
      mediaType: shown,
      host: new URL(answer.url).host,
    });
  }
  const value = parseJson(body.toString('utf8'));
  if (value === undefined) {
    throw badAnswer('The answer is damaged JSON', { reason: 'json', host: new URL(answer.url).host });
  }
  return value;
}

/** The body of an answer; throws for anything but success, for a web page, and for an empty body. */
export function bytesOf(session: ReadingSession, answer: HttpAnswer): Buffer {
  if (answer.status !== 200) {
    throw session.failure(answer, 'read');
  }
  if (isHtml(answer)) {
    throw badAnswer('The tenant answered with a web page', {
      reason: 'media-type',
      mediaType: 'text/html',
      html: true,
      host: new URL(answer.url).host,
    });
  }
  if (answer.body.length === 0) {
    throw badAnswer('The answer is empty', { reason: 'empty', host: new URL(answer.url).host });
  }
  return answer.body;
}

/** The error for an answer that is not of the protocol. */
export function badAnswer(message: string, details: ErrorDetails): KeystoreError {
  return new KeystoreError('bad-answer', message, { details: { where: 'api', ...details } });
}

import { KeystoreError } from '../errors.js';
import { isArray, isObject, type JsonObject } from '../http/checked.js';

/** One page of an OData V2 collection. */
export interface ODataPage {
  readonly rows: readonly unknown[];
  /** The address of the next page, absolute and of the same origin. */
  readonly next: string | undefined;
}

/** Takes a collection's page out of its wrapper; `pageUrl` is where it came from. */
export function parsePage(json: unknown, pageUrl: string): ODataPage {
  const content = unwrap(json);
  // `{"d":{"results":[…]}}` is OData V2; `{"d":[…]}` is V1, which its libraries still write on request.
  if (isArray(content)) {
    return { rows: content, next: undefined };
  }
  const rows = isObject(content) ? content['results'] : undefined;
  if (!isObject(content) || !isArray(rows)) {
    throw new KeystoreError('bad-answer', 'The answer holds no list of results', {
      details: { reason: 'shape' },
    });
  }
  return { rows, next: nextPage(content['__next'], pageUrl) };
}

/** Takes a single entity out of its wrapper. */
export function parseEntity(json: unknown): JsonObject {
  const content = unwrap(json);
  if (!isObject(content) || isArray(content['results'])) {
    throw new KeystoreError('bad-answer', 'The answer holds no entity', { details: { reason: 'shape' } });
  }
  return content;
}

function unwrap(json: unknown): unknown {
  if (!isObject(json)) {
    throw new KeystoreError('bad-answer', 'The answer is not a JSON object', { details: { reason: 'json' } });
  }
  return json['d'];
}

function nextPage(next: unknown, pageUrl: string): string | undefined {
  if (next === undefined || next === null || next === '') {
    return undefined;
  }
  const here = new URL(pageUrl);
  let there: URL | undefined;
  if (typeof next === 'string') {
    try {
      there = new URL(next, directoryOf(here, next));
    } catch {
      there = undefined;
    }
  }
  // Credentials travel with the request, so another origin never gets one.
  if (there?.origin !== here.origin || there.username !== '' || there.password !== '') {
    throw new KeystoreError('bad-answer', 'The answer names a next page elsewhere', {
      details: { reason: 'next-page', host: there?.host },
    });
  }
  return there.href;
}

/** Relative links are meant from the page's own folder, but one that begins with a key is meant from the service root. */
function directoryOf(here: URL, next: string): URL {
  const root = here.pathname.indexOf('/api/v1/');
  return root !== -1 && /^\w+\('/.test(next)
    ? new URL(`${here.pathname.slice(0, root)}/api/v1/`, here)
    : here;
}

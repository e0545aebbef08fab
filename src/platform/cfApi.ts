import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import { isArray, isObject, parseJson, textMember, type JsonObject } from '../http/checked.js';
import { headerOf, isHtml, type HttpAnswer } from '../http/httpMessages.js';
import type { CfOperation } from './cfErrorWords.js';
import { cfFailure } from './cfErrors.js';
import type { CfRequest, UaaSession } from './uaaSession.js';

/** Every resource of a list that was read. */
export interface CfList<T> {
  readonly resources: readonly T[];
  /** How many there are, as Cloud Foundry counts. */
  readonly total: number;
  /** False where there are more than are ever read at once; the rest is missing. */
  readonly isComplete: boolean;
  /** Resources that came along by `include`, unchecked, by their kind. */
  readonly included: Readonly<Record<string, readonly JsonObject[]>>;
}

/** How a list is read. */
export interface CfListOptions<T> {
  /** A row that gives `undefined` is left out. */
  readonly parse: (row: JsonObject) => T | undefined;
  readonly signal: AbortSignal;
  /** Hears how many have been read, and of how many. */
  readonly onPage?: ((read: number, total: number) => void) | undefined;
}

/** Filters of a list; several values of one filter are alternatives. A filter without values is left out. */
export type CfFilters = Readonly<Record<string, string | readonly string[] | undefined>>;

const perPage = 500;
const maximumPages = 40;

/** Speaks the third version of the Cloud Foundry API for one signed-in person. */
export class CfApi {
  private readonly session: Pick<UaaSession, 'send' | 'mask' | 'clock'>;

  constructor(session: Pick<UaaSession, 'send' | 'mask' | 'clock'>) {
    this.session = session;
  }

  /** One resource; `undefined` where there is none. */
  async read(
    path: string,
    operation: Omit<CfOperation, 'kind'>,
    signal: AbortSignal,
  ): Promise<JsonObject | undefined> {
    const read = { ...operation, kind: 'read' } as const;
    const answer = await this.session.send({ kind: 'read', method: 'GET', path }, signal);
    const json = jsonOf(answer);
    if (answer.status === 404 && isObject(json) && isArray(json['errors'])) {
      return undefined;
    }
    if (answer.status !== 200) {
      throw this.failure(answer, read);
    }
    return checkedObject(answer, json);
  }

  /** A list with all its pages, up to 20,000 rows; what exceeds them is told by `isComplete`. */
  async list<T>(path: string, filters: CfFilters, options: CfListOptions<T>): Promise<CfList<T>> {
    const resources: T[] = [];
    const included: Record<string, JsonObject[]> = {};
    const seen = new Set<string>();
    let next: string | undefined = path + queryOf({ ...filters, per_page: String(perPage) });
    let total = 0;
    let read = 0;
    for (let page = 0; next !== undefined && page < maximumPages && !seen.has(next); page++) {
      seen.add(next);
      const json = await this.page(next, options.signal);
      const rows = rowsOf(json['resources']);
      read += rows.length;
      resources.push(...rows.flatMap((row) => options.parse(row) ?? []));
      for (const [kind, more] of Object.entries(isObject(json['included']) ? json['included'] : {})) {
        (included[kind] ??= []).push(...rowsOf(more));
      }
      const pagination: JsonObject = isObject(json['pagination']) ? json['pagination'] : {};
      total = typeof pagination['total_results'] === 'number' ? pagination['total_results'] : read;
      next = isObject(pagination['next']) ? textMember(pagination['next'], 'href') : undefined;
      options.onPage?.(read, total);
    }
    return { resources, total, isComplete: next === undefined, included };
  }

  /** Sends a write and returns its answer of success; throws its failure. */
  async write(
    request: Omit<CfRequest, 'kind'>,
    operation: Omit<CfOperation, 'kind'>,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    const answer = await this.session.send({ ...request, kind: 'write' }, signal);
    if (answer.status < 200 || answer.status > 299 || isHtml(answer)) {
      throw this.failure(answer, { ...operation, kind: 'write' });
    }
    return answer;
  }

  /** The error for an answer that is no success. */
  failure(answer: HttpAnswer, operation: CfOperation): KeystoreError {
    return cfFailure(answer, operation, {
      mask: (text) => this.session.mask(text),
      now: this.session.clock(),
    });
  }

  /** Takes the session's secrets out of a text from outside. */
  mask(text: string): string {
    return this.session.mask(text);
  }

  private async page(path: string, signal: AbortSignal): Promise<JsonObject> {
    const answer = await this.session.send({ kind: 'read', method: 'GET', path }, signal);
    if (answer.status !== 200) {
      throw this.failure(answer, { kind: 'read', what: 'list' });
    }
    const json = checkedObject(answer, jsonOf(answer));
    if (!isArray(json['resources'])) {
      throw badAnswer(answer);
    }
    return json;
  }
}

/** Where the job of an accepted write is watched; undefined where the answer names none, or one of another host. */
export function jobUrlOf(answer: HttpAnswer): string | undefined {
  const location = headerOf(answer, 'location');
  if (answer.status !== 202 || location === undefined || !URL.canParse(location, answer.url)) {
    return undefined;
  }
  const url = new URL(location, answer.url);
  const isJob = /\/v3\/jobs\/[^/]+$/.test(url.pathname) && url.search === '';
  return isJob && url.origin === new URL(answer.url).origin ? url.href : undefined;
}

/** The guid that a relationship points to. */
export function relatedGuid(row: JsonObject, name: string): string | undefined {
  const relationships = row['relationships'];
  const relationship = isObject(relationships) ? relationships[name] : undefined;
  const data = isObject(relationship) ? relationship['data'] : undefined;
  return isObject(data) ? textMember(data, 'guid') : undefined;
}

/** A timestamp of Cloud Foundry. */
export function dateOf(row: JsonObject, name: string): Date | undefined {
  const text = textMember(row, name);
  const date = text === undefined ? undefined : new Date(text);
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date;
}

/** A guid as part of a path; nothing in it leaves the path's segment. */
export function segment(guid: string): string {
  return encodeURIComponent(guid);
}

/** A comma separates values; Cloud Foundry decodes each value once more, so that one within a value can be told apart. */
function queryOf(filters: CfFilters): string {
  const parts = Object.entries(filters).flatMap(([name, value]) => {
    const values = typeof value === 'string' ? [value] : (value ?? []);
    const encoded = values.map((one) =>
      encodeURIComponent(one.replaceAll('%', '%25').replaceAll(',', '%2C')),
    );
    return encoded.length === 0 ? [] : [`${name}=${encoded.join(',')}`];
  });
  return `?${parts.join('&')}`;
}

function rowsOf(rows: unknown): readonly JsonObject[] {
  return (isArray(rows) ? rows : []).filter(isObject);
}

function jsonOf(answer: HttpAnswer): unknown {
  return isHtml(answer) ? undefined : parseJson(answer.body.toString('utf8'));
}

function checkedObject(answer: HttpAnswer, json: unknown): JsonObject {
  if (!isObject(json)) {
    throw badAnswer(answer);
  }
  return json;
}

function badAnswer(answer: HttpAnswer): KeystoreError {
  const { host } = new URL(answer.url);
  return new KeystoreError('bad-answer', 'Cloud Foundry gave an answer that is not of its protocol', {
    details: {
      where: 'cf',
      status: answer.status,
      host,
      explanation: l10n.t(
        '"{0}" gave an answer that is not of Cloud Foundry\'s protocol. Is the API endpoint right?',
        host,
      ),
      ...(isHtml(answer) ? { html: true } : {}),
    },
  });
}

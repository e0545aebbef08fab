import type http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { isObject, parseJson, type JsonObject } from './cfValues.js';
import { Journal } from '../journal.js';
import type { CfBroker } from './cfBroker.js';
import { offeringGuid, plans } from './cfCatalog.js';
import type { CfContent } from './cfContent.js';
import { badQuery, CfError, notAuthorized, notFound, unprocessable } from './cfError.js';
import { CfFaults, type CfFault } from './cfFaults.js';
import { CfJson } from './cfJson.js';
import { CfWork, has } from './cfWork.js';
import type { PracticeUaa } from './practiceUaa.js';

export interface PracticeCloudFoundryOptions {
  readonly load: () => Promise<CfContent>;
  /** Keeps the content; called after each change, before the answer is sent. */
  readonly save: (content: CfContent) => Promise<void>;
  readonly broker: CfBroker;
  readonly uaa: PracticeUaa;
  readonly clock: () => number;
}

interface Reply {
  readonly status: number;
  readonly json?: unknown;
  readonly html?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Call {
  readonly method: string;
  readonly url: URL;
  readonly authorization: string | undefined;
  readonly body: Buffer;
  readonly operation: string;
  readonly guid: string;
  readonly part: string;
  readonly faults: readonly CfFault[];
}

/** Speaks the third version of the Cloud Foundry API, and UAA, on loopback. */
export class PracticeCloudFoundry {
  readonly faults = new CfFaults();
  readonly journal = new Journal();
  /** Set once the port is known; links begin with it. */
  origin = '';
  private readonly json = new CfJson(
    () => this.origin,
    () => this.faults.parametersRetrievable,
  );
  private loaded: Promise<CfContent> | undefined;
  /** One request after the other, as far as content is concerned. */
  private queue: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: PracticeCloudFoundryOptions) {}

  get uaa(): PracticeUaa {
    return this.options.uaa;
  }

  /** Drops what is held, so that the next request loads anew. */
  reload(): void {
    this.loaded = undefined;
  }

  /** Client secrets of keys of plan `api` open the practice tenant, with the roles of their instance. */
  async rolesOf(clientId: string, clientSecret: string): Promise<readonly string[] | undefined> {
    const content = await this.content();
    const key = content.keys.find(({ credentials }) => {
      const { oauth } = credentials;
      return isObject(oauth) && oauth['clientid'] === clientId && oauth['clientsecret'] === clientSecret;
    });
    const instance = content.instances.find(({ guid }) => guid === key?.instanceGuid);
    const roles = instance?.parameters['roles'];
    return instance?.planGuid === plans[1].guid && Array.isArray(roles) ? roles.map(String) : undefined;
  }

  handle(request: http.IncomingMessage, response: http.ServerResponse): void {
    this.answer(request, response).catch(() => response.destroy());
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    // A page in a browser could reach this port under a name of its own (DNS rebinding).
    if (!/^(?:127\.0\.0\.1|localhost)(?::\d+)?$/.test(request.headers.host ?? '')) {
      response.writeHead(421).end();
      return;
    }
    const url = new URL(request.url ?? '/', this.origin);
    const parts: Buffer[] = [];
    for await (const part of request) {
      parts.push(Buffer.from(part as Uint8Array));
    }
    const method = request.method ?? 'GET';
    const [, version = '', kind = '', guid = '', part = ''] = url.pathname.split('/').map(decodeURIComponent);
    const operation = operationOf(
      method,
      version === 'v3' ? { kind, guid, part } : { kind: url.pathname, guid: '', part: '' },
    );
    const entry = { operation, method, alias: guid === '' ? undefined : guid };
    this.journal.received.push(entry);
    const faults = this.faults.take(operation);
    if (!(await this.pass(faults, request, response))) {
      return;
    }
    const call = {
      method,
      url,
      authorization: request.headers.authorization,
      body: Buffer.concat(parts),
      operation,
      guid,
      part,
      faults,
    };
    const reply = await this.inTurn(() => this.reply(call));
    if (reply.status === 202) {
      this.journal.performed.push(entry);
    }
    if (has(faults, 'dropAfter')) {
      request.socket.destroy();
      return;
    }
    send(response, reply, has(faults, 'truncated'));
  }

  /** Plays the faults that need no answer of the server's own; false where the request is done with. */
  private async pass(
    faults: readonly CfFault[],
    request: http.IncomingMessage,
    response: http.ServerResponse,
  ): Promise<boolean> {
    for (const fault of faults) {
      switch (fault.kind) {
        case 'latency':
          await sleep(fault.ms);
          break;
        case 'hang':
          return false;
        case 'dropBefore':
          request.socket.destroy();
          return false;
        case 'html':
          send(response, { status: fault.status, html: '<h1>502 Bad Gateway</h1>' });
          return false;
        case 'status':
        case 'rateLimited': {
          const status = fault.kind === 'status' ? fault.status : 429;
          const error =
            status === 429
              ? new CfError(429, 10013, 'CF-RateLimitExceeded', 'Rate Limit Exceeded')
              : new CfError(status, 10001, 'UnknownError', 'An unknown error occurred.');
          const headers = fault.retryAfter === undefined ? {} : { 'Retry-After': fault.retryAfter };
          send(response, { status, json: error.json, headers });
          return false;
        }
        case 'expireTokens':
          this.uaa.expireTokens();
          break;
        default:
          break;
      }
    }
    return true;
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.queue.then(work);
    this.queue = turn.catch(() => undefined);
    return await turn;
  }

  private async reply(call: Call): Promise<Reply> {
    try {
      const open = this.openReply(call);
      if (open !== undefined) {
        return open;
      }
      const judged = this.uaa.judge(call.authorization);
      if (judged === 'missing') {
        throw new CfError(401, 10002, 'CF-NotAuthenticated', 'Authentication error');
      }
      if (judged === 'refused') {
        throw new CfError(401, 1000, 'CF-InvalidAuthToken', 'Invalid Auth Token');
      }
      if (has(call.faults, 'notAuthorized')) {
        throw notAuthorized();
      }
      const content = await this.content();
      const work = new CfWork(content, this.options.broker, this.faults, this.options.clock);
      if (call.method === 'GET' || call.operation !== 'readJob') {
        if (await work.settle()) {
          await this.options.save(content);
        }
      }
      return call.method === 'GET' ? this.read(call, content, work) : await this.write(call, content, work);
    } catch (error) {
      const known =
        error instanceof CfError
          ? error
          : new CfError(500, 10001, 'UnknownError', 'An unknown error occurred.');
      return { status: known.status, json: known.json, headers: known.headers };
    }
  }

  /** What needs no sign-in. */
  private openReply({ operation, authorization, body, url }: Call): Reply | undefined {
    const { origin, uaa } = this;
    switch (operation) {
      case 'root':
        return {
          status: 200,
          json: {
            links: {
              self: { href: origin },
              cloud_controller_v3: { href: `${origin}/v3`, meta: { version: '3.180.0' } },
              uaa: { href: origin },
              login: { href: origin },
            },
          },
        };
      case 'login':
        return { status: 200, json: uaa.prompts(origin) };
      case 'passcode':
        return {
          status: 200,
          html: `<!doctype html><meta charset="utf-8"><title>Temporary Authentication Code</title><p>Temporary Authentication Code (practice)</p><p><code>${uaa.passcode()}</code></p>`,
        };
      case 'token':
        return uaa.token(
          authorization,
          new URLSearchParams(body.toString('utf8')),
          url.searchParams.get('login_hint'),
        );
      default:
        return undefined;
    }
  }

  private read(call: Call, content: CfContent, work: CfWork): Reply {
    const { url, guid, operation } = call;
    const instance = content.instances.find((one) => one.guid === guid);
    const key = content.keys.find((one) => one.guid === guid);
    const json = this.json;
    switch (operation) {
      case 'organizations':
        return this.list(
          url,
          content.organizations.map((row) => ({
            json: json.organization(row),
            keys: { names: row.name, guids: row.guid },
          })),
        );
      case 'spaces':
        return this.list(
          url,
          content.spaces.map((row) => ({
            json: json.space(row),
            keys: { names: row.name, guids: row.guid, organization_guids: row.organizationGuid },
          })),
        );
      case 'offerings':
        return this.list(url, [
          { json: json.offering(), keys: { names: 'it-rt', guids: offeringGuid, space_guids: undefined } },
        ]);
      case 'plans':
        return this.list(
          url,
          plans.map((row) => ({
            json: json.plan(row),
            keys: {
              names: row.name,
              guids: row.guid,
              service_offering_names: 'it-rt',
              service_offering_guids: offeringGuid,
              space_guids: undefined,
            },
          })),
          { include: 'service_offering', included: { service_offerings: [json.offering()] } },
        );
      case 'instances':
        return this.list(
          url,
          content.instances.map((row) => ({
            json: json.instance(row),
            keys: {
              names: row.name,
              guids: row.guid,
              type: 'managed',
              space_guids: row.spaceGuid,
              service_plan_guids: row.planGuid,
              service_plan_names: plans.find((plan) => plan.guid === row.planGuid)?.name ?? '',
            },
          })),
        );
      case 'keys':
        return this.list(
          url,
          content.keys.map((row) => {
            const owner = content.instances.find((one) => one.guid === row.instanceGuid);
            return {
              json: json.key(row),
              keys: {
                names: row.name,
                guids: row.guid,
                type: 'key',
                service_instance_guids: row.instanceGuid,
                service_instance_names: owner?.name ?? '',
                service_plan_guids: owner?.planGuid ?? '',
              },
            };
          }),
        );
      case 'readInstance':
        return { status: 200, json: json.instance(present(instance, 'Service instance')) };
      case 'readInstanceParameters':
        this.demandRetrievable('Instance', 400);
        return { status: 200, json: present(instance, 'Service instance').parameters };
      case 'readKey':
        return { status: 200, json: json.key(present(key, 'Service credential binding')) };
      case 'readKeyParameters':
        this.demandRetrievable('Binding', 502);
        return { status: 200, json: present(key, 'Service credential binding').parameters };
      case 'readDetails': {
        const row = present(key, 'Service credential binding');
        const owner = present(
          content.instances.find((one) => one.guid === row.instanceGuid),
          'Service instance',
        );
        if (this.faults.detailsForbidden || work.roleAt(owner) !== 'developer') {
          throw notAuthorized();
        }
        if (row.lastOperation.type === 'create' && row.lastOperation.state !== 'succeeded') {
          throw new CfError(
            404,
            10010,
            'CF-ResourceNotFound',
            `Creation of service credential binding ${row.lastOperation.state}`,
          );
        }
        return { status: 200, json: { credentials: row.credentials } };
      }
      case 'readJob':
        return {
          status: 200,
          json: json.job(
            present(
              content.jobs.find((job) => job.guid === guid),
              'Job',
            ),
            this.options.clock(),
          ),
        };
      default:
        throw new CfError(404, 10000, 'CF-NotFound', 'Unknown request');
    }
  }

  private async write(call: Call, content: CfContent, work: CfWork): Promise<Reply> {
    const { guid, faults } = call;
    const body = bodyOf(call);
    const begin = () => {
      switch (call.operation) {
        case 'createInstance':
          return work.createInstance(body, faults);
        case 'updateInstance':
          return work.updateInstance(guid, body, faults);
        case 'deleteInstance':
          return work.deleteInstance(guid, faults);
        case 'createKey':
          return work.createKey(body, faults);
        case 'deleteKey':
          return work.deleteKey(guid, faults);
        default:
          throw new CfError(404, 10000, 'CF-NotFound', 'Unknown request');
      }
    };
    const job = begin();
    await this.options.save(content);
    return { status: 202, headers: { Location: `${this.origin}/v3/jobs/${job.guid}` } };
  }

  private list(
    url: URL,
    rows: readonly { readonly json: unknown; readonly keys: Readonly<Record<string, string | undefined>> }[],
    more?: { readonly include: string; readonly included: unknown },
  ): Reply {
    const query = new URLSearchParams(url.search);
    const known = [
      'page',
      'per_page',
      'order_by',
      'include',
      ...Object.keys(rows[0]?.keys ?? { names: '', type: '' }),
    ];
    const unknown = [...query.keys()].filter((name) => rows.length > 0 && !known.includes(name));
    if (unknown.length > 0) {
      throw badQuery(
        `Unknown query parameter(s): '${unknown.join("', '")}'. Valid parameters are: '${known.join("', '")}'`,
      );
    }
    const number = (name: string, fallback: number, maximum: number): number => {
      const value = Number(query.get(name) ?? fallback);
      if (!Number.isInteger(value) || value < 1 || value > maximum) {
        throw badQuery(
          name === 'page' ? 'Page must be a positive integer' : 'Per page must be between 1 and 5000',
        );
      }
      return value;
    };
    const page = number('page', 1, Number.MAX_SAFE_INTEGER);
    const perPage = Math.min(number('per_page', 50, 5000), this.faults.pageLimit);
    const isCaseless = url.pathname.endsWith('/service_plans') || url.pathname.endsWith('/service_offerings');
    const plain = (text: string): string => (isCaseless ? text.toLowerCase() : text);
    const matching = rows.filter(({ keys }) =>
      Object.entries(keys).every(([name, value]) => {
        const wanted = query.get(name);
        return (
          wanted === null ||
          value === undefined ||
          wanted
            .split(',')
            .map((one) => plain(decodeURIComponent(one)))
            .includes(plain(value))
        );
      }),
    );
    const pages = Math.max(1, Math.ceil(matching.length / perPage));
    const link = (to: number): { href: string } => {
      const next = new URLSearchParams(query);
      next.set('page', String(to));
      next.set('per_page', String(perPage));
      return { href: `${this.origin}${url.pathname}?${next.toString()}` };
    };
    return {
      status: 200,
      json: {
        pagination: {
          total_results: matching.length,
          total_pages: pages,
          first: link(1),
          last: link(pages),
          next: page < pages ? link(page + 1) : null,
          previous: page > 1 ? link(page - 1) : null,
        },
        resources: matching.slice((page - 1) * perPage, page * perPage).map((row) => row.json),
        ...(more !== undefined && query.get('include') === more.include ? { included: more.included } : {}),
      },
    };
  }

  private demandRetrievable(what: 'Instance' | 'Binding', status: number): void {
    if (!this.faults.parametersRetrievable) {
      throw new CfError(
        status,
        what === 'Instance' ? 120004 : 120005,
        `CF-ServiceFetch${what}ParametersNotSupported`,
        `This service does not support fetching service ${what.toLowerCase()} parameters.`,
      );
    }
  }

  private async content(): Promise<CfContent> {
    this.loaded ??= this.options.load();
    return await this.loaded;
  }
}

function operationOf(
  method: string,
  { kind, guid, part }: { kind: string; guid: string; part: string },
): string {
  const known: Readonly<Record<string, string>> = {
    'GET /': 'root',
    'GET /login': 'login',
    'GET /passcode': 'passcode',
    'POST /oauth/token': 'token',
    'GET organizations': 'organizations',
    'GET spaces': 'spaces',
    'GET service_offerings': 'offerings',
    'GET service_plans': 'plans',
    'GET service_instances': 'instances',
    'POST service_instances': 'createInstance',
    'GET service_instances/*': 'readInstance',
    'PATCH service_instances/*': 'updateInstance',
    'DELETE service_instances/*': 'deleteInstance',
    'GET service_instances/*/parameters': 'readInstanceParameters',
    'GET service_credential_bindings': 'keys',
    'POST service_credential_bindings': 'createKey',
    'GET service_credential_bindings/*': 'readKey',
    'DELETE service_credential_bindings/*': 'deleteKey',
    'GET service_credential_bindings/*/details': 'readDetails',
    'GET service_credential_bindings/*/parameters': 'readKeyParameters',
    'GET jobs/*': 'readJob',
  };
  return known[`${method} ${kind}${guid === '' ? '' : '/*'}${part === '' ? '' : `/${part}`}`] ?? 'unknown';
}

function bodyOf({ method, body }: Call): JsonObject {
  if (method === 'DELETE') {
    return {};
  }
  const json = parseJson(body.toString('utf8'));
  if (!isObject(json)) {
    throw unprocessable('Request body must be a JSON object');
  }
  return json;
}

function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) {
    throw notFound(what);
  }
  return value;
}

function send(response: http.ServerResponse, { status, json, html, headers }: Reply, isCut = false): void {
  const text = html ?? (json === undefined ? '' : JSON.stringify(json));
  const type = html === undefined ? 'application/json; charset=utf-8' : 'text/html; charset=utf-8';
  response.writeHead(status, {
    ...(text === '' ? {} : { 'Content-Type': type }),
    'Cache-Control': 'no-store',
    ...headers,
  });
  response.end(isCut ? text.slice(0, text.length / 2) : text);
}

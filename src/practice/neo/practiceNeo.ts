import { createHash, randomBytes } from 'node:crypto';
import type http from 'node:http';
import { readCertificates } from '../../pki/container.js';
import { Access, type PracticeCredentials } from '../access.js';
import { FaultKnobs } from '../faults.js';
import { Journal } from '../journal.js';
import { errorBody, PracticeError } from '../practiceError.js';

/** A mapping as the practice tenant keeps it; times in milliseconds since the epoch. */
export interface StoredMapping {
  readonly id: string;
  readonly user: string;
  readonly certificate: string;
  readonly created: number;
  readonly modified: number;
  readonly validUntil: number;
}

const root = '/api/v1';
const set = `${root}/CertificateUserMappings`;
const maximumTotal = 2 * 1024 * 1024;

/** A practice tenant of the Neo environment: basic authentication, CSRF, certificate-to-user mappings. */
export class PracticeNeo {
  readonly faults = new FaultKnobs();
  readonly journal = new Journal();
  readonly credentials: PracticeCredentials;
  private readonly access: Access;

  constructor(
    private readonly options: {
      readonly load: () => Promise<readonly StoredMapping[]>;
      readonly save: (mappings: readonly StoredMapping[]) => Promise<void>;
      readonly clock: () => number;
      /** Of the basic authentication; a new one where left out. */
      readonly password?: string | undefined;
    },
  ) {
    const clientSecret = options.password ?? randomBytes(18).toString('base64url');
    this.credentials = { clientId: 'S0000000001', clientSecret };
    this.access = new Access(this.credentials, this.faults, options.clock, () => Promise.resolve(undefined));
  }

  handle(request: http.IncomingMessage, response: http.ServerResponse): void {
    this.answer(request, response).catch(() => response.destroy());
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    if (!/^(?:127\.0\.0\.1|localhost)(?::\d+)?$/.test(request.headers.host ?? '')) {
      response.writeHead(421).end();
      return;
    }
    const parts: Buffer[] = [];
    for await (const part of request) {
      parts.push(Buffer.from(part as Uint8Array));
    }
    const { method = 'GET' } = request;
    const url = new URL(request.url ?? '/', 'http://localhost');
    const path = decodeURIComponent(url.pathname);
    const operation = operationOf(method, path);
    const alias = /\('([^']*)'\)$/.exec(path)?.[1];
    this.journal.received.push({ operation, method, alias });
    const faults = this.faults.take(operation);
    for (const fault of faults) {
      if (fault.kind === 'dropBefore') {
        request.socket.destroy();
        return;
      }
      if (fault.kind === 'status') {
        respond(response, fault.status, errorBody(fault.status, 'Practice fault'));
        return;
      }
    }
    let reply: { status: number; json?: unknown; headers?: Record<string, string> };
    try {
      const { isBearer } = await this.access.authenticate(request);
      if (method !== 'GET') {
        this.access.demandCsrf(request, isBearer);
      }
      const headers = this.access.fetchCsrf(request);
      reply = {
        ...(await this.perform({ operation, id: alias ?? '', url, body: Buffer.concat(parts) })),
        headers,
      };
      if (method !== 'GET') {
        this.journal.performed.push({ operation, method, alias });
      }
    } catch (error) {
      const known = error instanceof PracticeError ? error : new PracticeError(500, 'Internal Server Error');
      reply = {
        status: known.status,
        json: errorBody(known.status, known.message),
        headers: { ...known.headers },
      };
    }
    if (faults.some(({ kind }) => kind === 'dropAfter')) {
      request.socket.destroy();
      return;
    }
    respond(response, reply.status, reply.json, reply.headers);
  }

  private async perform(call: {
    readonly operation: string;
    readonly id: string;
    readonly url: URL;
    readonly body: Buffer;
  }): Promise<{ status: number; json?: unknown }> {
    const mappings = await this.options.load();
    const found = mappings.find(({ id }) => id === call.id);
    const missing = new PracticeError(404, `Requested entity could not be found.`);
    switch (call.operation) {
      case 'serviceDocument':
        return { status: 200, json: { d: { EntitySets: ['CertificateUserMappings'] } } };
      case 'mappings': {
        const user = /^User eq '(.*)'$/.exec(call.url.searchParams.get('$filter') ?? '')?.[1];
        const wanted = mappings.filter(
          (row) => user === undefined || row.user === user.replaceAll("''", "'"),
        );
        const start = Number(call.url.searchParams.get('$skiptoken') ?? 0);
        const end = start + this.faults.pageSize;
        const results = wanted.slice(start, end).map((row) => json(row, true));
        const next = { __next: `CertificateUserMappings?$skiptoken=${end}` };
        return { status: 200, json: { d: { results, ...(end < wanted.length ? next : {}) } } };
      }
      case 'mapping':
        if (found === undefined) {
          throw missing;
        }
        return { status: 200, json: { d: json(found, true) } };
      case 'map': {
        const made = this.made(call.body, mappings);
        await this.options.save([...mappings.filter(({ id }) => id !== made.id), made]);
        return { status: 201, json: { d: json(made, false) } };
      }
      case 'unmap':
        if (found === undefined) {
          throw missing;
        }
        await this.options.save(mappings.filter((row) => row !== found));
        return { status: 204 };
      default:
        throw missing;
    }
  }

  private made(body: Buffer, mappings: readonly StoredMapping[]): StoredMapping {
    let parsed: unknown;
    try {
      parsed = JSON.parse(body.toString('utf8'));
    } catch {
      throw new PracticeError(400, 'The body is not JSON');
    }
    const text = (name: string): string => {
      const value: unknown =
        typeof parsed === 'object' && parsed !== null ? Reflect.get(parsed, name) : undefined;
      return typeof value === 'string' ? value : '';
    };
    const [user, certificate] = [text('User'), text('Certificate')];
    if (user === '' || user.length > 150 || certificate.length > 8192) {
      throw new PracticeError(400, 'User or certificate is missing or too long');
    }
    if (mappings.reduce((sum, row) => sum + row.certificate.length, certificate.length) > maximumTotal) {
      throw new PracticeError(400, 'The limit of 2 MB for certificate-to-user mappings is reached');
    }
    const leaf = leafOf(certificate);
    const id = createHash('md5').update(leaf.der).digest('hex');
    const now = this.options.clock();
    const created = mappings.find((row) => row.id === id)?.created ?? now;
    return { id, user, certificate, created, modified: now, validUntil: leaf.notAfter.getTime() };
  }
}

function leafOf(certificate: string): { readonly der: Uint8Array; readonly notAfter: Date } {
  try {
    const [leaf] = readCertificates(Buffer.from(certificate, 'base64')).certificates;
    if (leaf !== undefined) {
      return leaf;
    }
  } catch {
    // Told below.
  }
  // The tenant answers a certificate that it cannot read with 500.
  throw new PracticeError(
    500,
    'Problem during creating an entity: The certificate is not a X.509 certificate',
  );
}

function json(row: StoredMapping, hasEnd: boolean): unknown {
  return {
    Id: row.id,
    User: row.user,
    Certificate: row.certificate,
    LastModifiedBy: 'practice',
    LastModifiedTime: `/Date(${row.modified})/`,
    CreatedBy: 'practice',
    CreatedTime: `/Date(${row.created})/`,
    ValidUntil: hasEnd ? String(row.validUntil) : null,
  };
}

function operationOf(method: string, path: string): string {
  if (path === `${root}/` || path === root) {
    return 'serviceDocument';
  }
  const one = path.startsWith(`${set}('`);
  switch (method) {
    case 'GET':
      return one ? 'mapping' : path === set ? 'mappings' : 'unknown';
    case 'POST':
      return path === set ? 'map' : 'unknown';
    case 'DELETE':
      return one ? 'unmap' : 'unknown';
    default:
      return 'unknown';
  }
}

function respond(
  response: http.ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...headers,
  });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

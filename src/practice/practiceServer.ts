import type http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Access, type PracticeCredentials } from './access.js';
import type { Fault, FaultKnobs } from './faults.js';
import type { Journal } from './journal.js';
import { readKeyPairImport } from './keyPairImport.js';
import type { PracticeFlows } from './flows/practiceFlows.js';
import type { PracticeMappings } from './neo/practiceMappings.js';
import { mappingOperations, operationOf, type Operation } from './operations.js';
import { errorBody, PracticeError } from './practiceError.js';
import { decodeHexalias, splitAliases, type PracticeKeystore } from './practiceKeystore.js';
import { odataDate } from './odataJson.js';
import { metadata, serviceDocument } from './serviceDescription.js';

/** What an answer consists of. */
interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What a tenant holds. */
export interface PracticeContent {
  readonly keystore: PracticeKeystore;
  readonly mappings: PracticeMappings | undefined;
}

export interface PracticeServerOptions {
  readonly credentials: PracticeCredentials;
  /** What the tenant holds; only a tenant of Neo has certificate-to-user mappings. */
  readonly content: () => Promise<PracticeContent>;
  readonly flows: () => PracticeFlows;
  /** Keeps the content; called after each change, before the answer is sent. */
  readonly save: () => Promise<void>;
  /** Roles of a client of a service key of the Cloud Foundry beside the tenant. */
  readonly otherClient: (id: string, secret: string) => Promise<readonly string[] | undefined>;
  readonly faults: FaultKnobs;
  readonly journal: Journal;
  readonly clock: () => number;
  /** Rows added to the list of entries, prepared beforehand; for tests of size. */
  readonly extraRows: readonly Record<string, unknown>[];
  /** Answers what other windows ask, by a token of this machine. */
  readonly control: (path: string, token: string) => Promise<unknown>;
}

/** The largest body is that of a mass deletion. */
const maxBody = 2_097_152 + 1024;
const serviceRoot = '/api/v1';

/** Speaks the tenant's protocol on loopback. */
export class PracticeServer {
  private readonly access: Access;
  private isLocked = false;

  constructor(private readonly options: PracticeServerOptions) {
    this.access = new Access(options.credentials, options.faults, options.clock, options.otherClient);
  }

  /** Answers one request; `isTrustedClient` tells that the TLS layer has verified a client certificate. */
  handle(request: http.IncomingMessage, response: http.ServerResponse, isTrustedClient: boolean): void {
    this.answer(request, response, isTrustedClient).catch(() => response.destroy());
  }

  private async answer(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    isTrustedClient: boolean,
  ): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    // A page in a browser could reach this port under a name of its own (DNS rebinding).
    if (!/^(?:127\.0\.0\.1|localhost)(?::\d+)?$/.test(request.headers.host ?? '')) {
      send(response, textReply(421, 'Misdirected Request'));
      return;
    }
    const controlToken = request.headers['x-practice-control'];
    if (typeof controlToken === 'string') {
      const result = await this.options.control(url.pathname, controlToken);
      send(response, result === undefined ? textReply(404, 'Not Found') : json(200, result));
      return;
    }
    const operation =
      url.pathname === '/oauth/token'
        ? ({ name: 'token', isWrite: false, role: undefined, hexalias: undefined } as const)
        : operationOf(request.method ?? 'GET', decodeURIComponent(url.pathname).replace(serviceRoot, ''));
    const body = await readBody(request);
    if (body === undefined) {
      send(response, json(413, errorBody(413, 'Payload Too Large')));
      return;
    }
    const name = operation?.name ?? 'unknown';
    this.note('received', request, operation, body);
    const faults = this.options.faults.take(name);
    await this.run(faults, { request, response, url, operation, body, isTrustedClient });
  }

  private async run(
    faults: readonly Fault[],
    call: {
      request: http.IncomingMessage;
      response: http.ServerResponse;
      url: URL;
      operation: Operation | undefined;
      body: Buffer;
      isTrustedClient: boolean;
    },
  ): Promise<void> {
    const { request, response } = call;
    for (const fault of faults) {
      switch (fault.kind) {
        case 'latency':
          await sleep(fault.ms);
          break;
        case 'hang':
          return;
        case 'dropBefore':
          request.socket.destroy();
          return;
        case 'status':
          send(response, {
            ...json(fault.status, errorBody(fault.status, 'Practice fault')),
            headers: {
              'Content-Type': 'application/json',
              ...(fault.retryAfter === undefined ? {} : { 'Retry-After': fault.retryAfter }),
            },
          });
          return;
        case 'html':
          send(response, {
            status: fault.status,
            headers: { 'Content-Type': 'text/html' },
            body: Buffer.from('<html><body><h1>502 Bad Gateway</h1></body></html>'),
          });
          return;
        case 'expireTokens':
          this.access.expireTokens();
          break;
        case 'loseSession':
          this.access.loseSessions();
          break;
        case 'renewCsrf':
          this.access.renewCsrf();
          break;
        case 'dropAfter':
        case 'truncated':
        case 'wrongContentType':
          break;
      }
    }
    const reply = await this.reply(call);
    const has = (kind: Fault['kind']): boolean => faults.some((fault) => fault.kind === kind);
    if (has('dropAfter')) {
      request.socket.destroy();
      return;
    }
    if (has('truncated')) {
      send(response, { ...reply, body: reply.body.subarray(0, Math.floor(reply.body.length / 2)) });
      return;
    }
    send(response, has('wrongContentType') ? { ...reply, headers: { 'Content-Type': 'text/plain' } } : reply);
  }

  private async reply(call: Parameters<PracticeServer['run']>[1]): Promise<Reply> {
    const { request, operation, url } = call;
    try {
      const content = await this.options.content();
      const isMapping = operation !== undefined && mappingOperations.includes(operation.name);
      if (operation === undefined || (isMapping && content.mappings === undefined)) {
        throw new PracticeError(404, 'Could not find an entity set or function import for the request.');
      }
      if (operation.name === 'token') {
        return await this.token(request, call.body, call.isTrustedClient);
      }
      const { roles, isBearer } = await this.access.authenticate(request);
      if (operation.isWrite) {
        this.access.demandCsrf(request, isBearer);
      }
      if (operation.role !== undefined && !roles.includes(operation.role)) {
        throw new PracticeError(403, 'Access is denied');
      }
      const headers = this.access.fetchCsrf(request);
      const reply = operation.isWrite
        ? await this.write(operation, content, call)
        : this.read(operation, content, url);
      return { ...reply, headers: { ...reply.headers, DataServiceVersion: '1.0', ...headers } };
    } catch (error) {
      if (error instanceof PracticeError) {
        return {
          ...json(error.status, error.body ?? errorBody(error.status, error.message)),
          headers: { 'Content-Type': 'application/json', ...error.headers },
        };
      }
      return json(500, errorBody(500, 'Internal error of the practice tenant'));
    }
  }

  private async token(request: http.IncomingMessage, body: Buffer, isTrustedClient: boolean): Promise<Reply> {
    const form = new URLSearchParams(body.toString('utf8'));
    const isOwnCertificate = isTrustedClient && form.get('client_id') === this.options.credentials.clientId;
    const roles = isOwnCertificate
      ? this.options.faults.roles
      : await this.access.rolesOfClient(request.headers.authorization);
    return roles === undefined
      ? json(401, { error: 'unauthorized', error_description: 'Bad credentials' })
      : json(200, this.access.issueToken(roles));
  }

  private read(operation: Operation, { keystore, mappings }: PracticeContent, url: URL): Reply {
    const root = `${url.origin === 'http://localhost' ? '' : url.origin}${serviceRoot}`;
    const name = url.searchParams.get('keystoreName') ?? 'system';
    const isSystem = name === 'system';
    const entry = (): ReturnType<PracticeKeystore['find']> => {
      demandKeystoreName(name);
      if (!isSystem) {
        throw new PracticeError(
          404,
          `Alias '${decodeHexalias(operation.hexalias ?? '')}' not found in the keystore`,
        );
      }
      return keystore.find(operation.hexalias ?? '');
    };
    switch (operation.name) {
      case 'serviceDocument':
        return json(200, serviceDocument(mappings !== undefined));
      case 'metadata':
        return { status: 200, headers: { 'Content-Type': 'application/xml' }, body: Buffer.from(metadata) };
      case 'entries': {
        demandKeystoreName(name);
        const rows = isSystem
          ? [...keystore.list().map((row) => keystore.json(row, root)), ...this.options.extraRows]
          : [];
        return this.page('KeystoreEntries', rows, url);
      }
      case 'runtimeArtifacts':
        return this.page('IntegrationRuntimeArtifacts', this.options.flows().runtimeArtifacts(root), url);
      case 'serviceEndpoints':
        return this.page(
          'ServiceEndpoints',
          this.options.flows().serviceEndpoints(root, url.searchParams.get('$expand')),
          url,
        );
      case 'configurations': {
        const { id, version } = designOf(operation);
        return json(200, { d: { results: this.options.flows().configurations(root, id, version) } });
      }
      case 'design': {
        const { id, version } = designOf(operation);
        return {
          status: 200,
          headers: { 'Content-Type': 'application/zip' },
          body: this.options.flows().archive(id, version),
        };
      }
      case 'chainResourceSet':
        throw new PracticeError(400, 'Read the chain by way of the keystore entry');
      case 'mappings':
        return this.page(
          'CertificateUserMappings',
          mappings?.rows(url.searchParams.get('$filter')) ?? [],
          url,
        );
      case 'mapping':
        return json(200, { d: mappings?.row(operation.hexalias ?? '') });
      case 'history':
        return json(200, { d: { results: [] } });
      case 'historyEntry':
        throw new PracticeError(
          404,
          `Alias '${decodeHexalias(operation.hexalias ?? '')}' not found in the keystore`,
        );
      case 'keystore':
        demandSizeName(operation.hexalias ?? '', ['system', 'backup_admin_system']);
        return json(200, { d: this.summary(operation.hexalias ?? '', { keystore, url, root }) });
      case 'keystoreSize':
        demandSizeName(operation.hexalias ?? '', ['system', 'KeyRenewal']);
        return textReply(200, operation.hexalias === 'system' ? String(keystore.list().length) : '0');
      case 'entry': {
        const extra = this.options.extraRows.find(
          (row) => row['Hexalias'] === operation.hexalias?.toUpperCase(),
        );
        return json(200, { d: extra ?? keystore.json(entry(), root) });
      }
      case 'chain':
        return json(200, { d: { results: keystore.chainJson(entry(), root) } });
      case 'certificate':
        return {
          status: 200,
          headers: { 'Content-Type': 'application/pkix-cert' },
          body: Buffer.from(keystore.certificatePem(entry(), url.searchParams.get('rootCA') === 'true')),
        };
      case 'chainResource':
        return {
          status: 200,
          headers: { 'Content-Type': 'application/pkcs7-mime' },
          body: Buffer.from(keystore.chainResource(entry())),
        };
      case 'signingRequest':
        return {
          status: 200,
          headers: { 'Content-Type': 'application/pkcs10' },
          body: Buffer.from(keystore.signingRequest(entry())),
        };
      default:
        return textReply(200, keystore.sshKey(entry()));
    }
  }

  /** A row of `Keystores`; its entries are a link unless they are asked for. */
  private summary(
    name: string,
    {
      keystore,
      url,
      root,
    }: { readonly keystore: PracticeKeystore; readonly url: URL; readonly root: string },
  ): unknown {
    const entries = name === 'system' ? keystore.list() : [];
    const uri = `${root}/Keystores('${name}')`;
    const isExpanded = url.searchParams.get('$expand')?.split(',').includes('Entries') === true;
    const row = {
      __metadata: { id: uri, uri, type: 'com.sap.hci.api.Keystore' },
      Name: name,
      LastModifiedBy: name === 'system' ? 'practice' : null,
      LastModifiedTime: name === 'system' ? odataDate(keystore.lastModified) : null,
      Size: entries.length,
      Entries: isExpanded
        ? { results: entries.map((entry) => keystore.json(entry, root)) }
        : { __deferred: { uri: `${uri}/Entries` } },
    };
    return selected(row, url);
  }

  private page(set: string, rows: readonly Record<string, unknown>[], url: URL): Reply {
    const start = Number(url.searchParams.get('$skiptoken') ?? 0);
    const { pageSize, nextLink } = this.options.faults;
    const results = rows.slice(start, start + pageSize).map((row) => selected(row, url));
    if (start + pageSize >= rows.length) {
      return json(200, { d: { results } });
    }
    const next = new URLSearchParams(url.searchParams);
    next.set('$skiptoken', String(start + pageSize));
    const path = `${set}?${next.toString()}`;
    return json(200, {
      d: { results, __next: nextLink === 'absolute' ? `${this.origin}${serviceRoot}/${path}` : path },
    });
  }

  /** Set once the port is known; absolute links begin with it. */
  origin = '';

  private async write(
    operation: Operation,
    content: PracticeContent,
    { url, body, request }: Parameters<PracticeServer['run']>[1],
  ): Promise<Reply> {
    if (this.isLocked) {
      throw new PracticeError(503, 'The keystore is locked by another user');
    }
    this.isLocked = true;
    try {
      const reply = await this.perform(operation, content, url, body);
      await this.options.save();
      this.note('performed', request, operation, body);
      if (url.searchParams.get('returnKeystoreEntries') === 'true') {
        const { keystore } = content;
        return json(200, { d: { results: keystore.list().map((row) => keystore.json(row, serviceRoot)) } });
      }
      return reply ?? { status: 204, headers: {}, body: Buffer.alloc(0) };
    } finally {
      this.isLocked = false;
    }
  }

  /** Changes the content; undefined where the answer is empty. */
  private async perform(
    operation: Operation,
    { keystore, mappings }: PracticeContent,
    url: URL,
    body: Buffer,
  ): Promise<Reply | undefined> {
    const hexalias = operation.hexalias ?? '';
    const flag = (name: string): boolean => url.searchParams.get(name) === 'true';
    const options = { fingerprintVerified: flag('fingerprintVerified'), update: flag('update') };
    switch (operation.name) {
      case 'createKeyPair':
        keystore.put(await keystore.makeKeyPair(parseJson(body)));
        return undefined;
      case 'importKeyPair':
        keystore.put(keystore.withKeyPair(await readKeyPairImport(parseJson(body)), options));
        return undefined;
      case 'importSigningResponse':
        keystore.put(keystore.withSigningResponse(hexalias, body, options));
        return undefined;
      case 'importCertificate':
        keystore.put(keystore.withCertificate(hexalias, body, options));
        return undefined;
      case 'rename': {
        const target = url.searchParams.get('renameAlias');
        if (target === null || target === '') {
          throw new PracticeError(400, "The parameter 'renameHexAlias' is missing");
        }
        const renamed = keystore.rename(hexalias, target);
        return flag('returnHexAlias') ? json(200, { d: { results: [renamed] } }) : undefined;
      }
      case 'delete':
        keystore.delete(hexalias);
        return undefined;
      case 'map':
        return json(201, { d: mappings?.map(parseJson(body)) });
      case 'unmap':
        mappings?.unmap(hexalias);
        return undefined;
      default: {
        const parsed = parseJson(body);
        const aliases: unknown =
          typeof parsed === 'object' && parsed !== null ? Reflect.get(parsed, 'Aliases') : undefined;
        if (!flag('deleteEntries') || typeof aliases !== 'string') {
          throw new PracticeError(400, "The property 'Aliases' must not be empty");
        }
        keystore.deleteAll(splitAliases(aliases));
        return undefined;
      }
    }
  }

  private note(
    list: 'received' | 'performed',
    request: http.IncomingMessage,
    operation: Operation | undefined,
    body: Buffer,
  ): void {
    this.options.journal[list].push({
      operation: operation?.name ?? 'unknown',
      method: request.method ?? 'GET',
      alias: aliasOf(operation, body),
    });
  }
}

/** The members that `$select` names; all of them without it. */
function selected(row: Readonly<Record<string, unknown>>, url: URL): Readonly<Record<string, unknown>> {
  const select = url.searchParams.get('$select')?.split(',');
  return select === undefined
    ? row
    : Object.fromEntries(Object.entries(row).filter(([key]) => select.includes(key) || key === '__metadata'));
}

/** Where the body of an operation names what it changes; the others name it in their paths. */
const aliasMembers: Readonly<Record<string, string | undefined>> = {
  createKeyPair: 'Alias',
  importKeyPair: 'Alias',
  massDelete: 'Aliases',
  map: 'User',
};

function aliasOf(operation: Operation | undefined, body: Buffer): string | undefined {
  try {
    const name = aliasMembers[operation?.name ?? ''];
    if (name !== undefined) {
      const parsed: unknown = JSON.parse(body.toString('utf8'));
      const alias: unknown =
        typeof parsed === 'object' && parsed !== null ? Reflect.get(parsed, name) : undefined;
      return typeof alias === 'string' ? alias : undefined;
    }
    if (operation?.hexalias === undefined) {
      return undefined;
    }
    return mappingOperations.includes(operation.name)
      ? operation.hexalias
      : decodeHexalias(operation.hexalias);
  } catch {
    return undefined;
  }
}

function designOf({ design }: Operation): { readonly id: string; readonly version: string } {
  if (design === undefined) {
    throw new PracticeError(400, 'The key of the artifact is missing');
  }
  return design;
}

function demandKeystoreName(name: string): void {
  if (!['system', 'backup_admin_system', 'KeyRenewal', 'KeyHistory'].includes(name)) {
    throw new PracticeError(400, `Keystore name '${name}' is invalid.`);
  }
}

function demandSizeName(name: string, allowed: readonly [string, string]): void {
  if (!allowed.includes(name)) {
    throw new PracticeError(
      400,
      `The value '${name}' is not supported for the property 'Name'. Possible name values are '${allowed[0]}' and '${allowed[1]}'.`,
    );
  }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new PracticeError(400, 'The body is not JSON');
  }
}

/** The body; undefined where it is larger than any operation takes. */
async function readBody(request: http.IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    const bytes = Buffer.from(part as Uint8Array);
    size += bytes.length;
    // The rest is read all the same, so that the answer reaches the client.
    if (size <= maxBody) {
      parts.push(bytes);
    }
  }
  return size <= maxBody ? Buffer.concat(parts) : undefined;
}

function json(status: number, value: unknown): Reply {
  return {
    status,
    headers: { 'Content-Type': 'application/json;charset=utf-8' },
    body: Buffer.from(JSON.stringify(value)),
  };
}

function textReply(status: number, text: string): Reply {
  return { status, headers: { 'Content-Type': 'text/plain;charset=utf-8' }, body: Buffer.from(text) };
}

function send(response: http.ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(status, status === 204 ? headers : { ...headers, 'Content-Length': body.length });
  response.end(body);
}

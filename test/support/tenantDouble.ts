import { randomUUID } from 'node:crypto';
import http, { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import https from 'node:https';
import tls from 'node:tls';

/** What the server received. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query as they came. */
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
  /** Common name of the client certificate, where one arrived. */
  readonly clientCertificate: string | undefined;
}

/** What the server does to the next request of a group instead of, or around, answering it. */
export interface Fault {
  readonly on: 'token' | 'csrf' | 'read' | 'write';
  /** Answers so, without performing anything. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Closes the connection before or after a write is performed, without an answer. */
  readonly drop?: 'before' | 'after';
  /** Never answers; a write is performed first or not. */
  readonly hang?: 'before' | 'after';
  /** Answers success in this way, after a write has been performed. */
  readonly answer?: 'truncatedJson' | 'html' | 'cut';
  /** Answers properly after so many milliseconds. */
  readonly latency?: number;
  /** Runs before the request is handled. */
  readonly act?: () => void;
}

export interface TenantDoubleOptions {
  readonly tls?: { readonly key: string; readonly cert: string; readonly ca?: string };
  /** Whether writes need a CSRF token; `none` gives none either. */
  readonly csrf?: 'required' | 'none';
  readonly expiresIn?: number;
  readonly scope?: string;
}

type Answer = { status: number; headers?: Record<string, string>; body?: string | Buffer };

/** A scripted tenant with token endpoint, CSRF protection and writes that are counted when performed. */
export class TenantDouble {
  readonly received: ReceivedRequest[] = [];
  /** Method and path of each write that was carried out. */
  readonly performed: string[] = [];
  readonly faults: Fault[] = [];
  /** Answers of reads, by path and query; a function makes one from the request. */
  readonly reads = new Map<string, Answer | ((request: ReceivedRequest) => Answer)>();
  readonly clientId = 'sb-7d7e-client!b55|it!b55';
  readonly clientSecret = 'SECRET-canary-7f3c$9+/=';
  tokensIssued = 0;
  port = 0;
  private readonly tokens = new Set<string>();
  private readonly sessions = new Map<string, string>();
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly options: TenantDoubleOptions,
    private readonly server: http.Server,
  ) {}

  static async start(options: TenantDoubleOptions = {}): Promise<TenantDouble> {
    const listener: RequestListener = (request, response) => void double.handle(request, response);
    const server =
      options.tls === undefined
        ? http.createServer(listener)
        : https.createServer(
            { ...options.tls, requestCert: options.tls.ca !== undefined, rejectUnauthorized: false },
            listener,
          );
    const double = new TenantDouble(options, server);
    server.on('connection', (socket: Socket) => {
      double.sockets.add(socket);
      socket.on('close', () => double.sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    double.port = (server.address() as AddressInfo).port;
    return double;
  }

  get url(): string {
    return `${this.options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${this.port}`;
  }

  get tokenUrl(): string {
    return `${this.url}/oauth/token`;
  }

  /** Requests by method and path without query, such as `POST /oauth/token`. */
  count(methodAndPath: string): number {
    return this.received.filter(({ method, path }) => `${method} ${path.split('?')[0]}` === methodAndPath)
      .length;
  }

  expireTokens(): void {
    this.tokens.clear();
  }

  loseSessions(): void {
    this.sessions.clear();
  }

  renewCsrfTokens(): void {
    for (const session of this.sessions.keys()) {
      this.sessions.set(session, newCsrfToken());
    }
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) {
      socket.destroy();
    }
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const { socket } = request;
    const peer = socket instanceof tls.TLSSocket ? socket.getPeerX509Certificate() : undefined;
    const received: ReceivedRequest = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks),
      clientCertificate: peer?.subject,
    };
    this.received.push(received);
    const group = groupOf(received);
    const index = this.faults.findIndex(({ on }) => on === group);
    const fault = index === -1 ? undefined : this.faults.splice(index, 1)[0];
    fault?.act?.();
    if (fault?.status !== undefined) {
      send(response, { status: fault.status, headers: { ...fault.headers }, body: fault.body ?? '' });
      return;
    }
    if (fault?.drop === 'before') {
      socket.destroy();
      return;
    }
    if (fault?.hang === 'before') {
      return;
    }
    if (fault?.latency !== undefined) {
      await new Promise((resolve) => setTimeout(resolve, fault.latency));
    }
    const answer = this.answer(received, group);
    if (fault?.drop === 'after') {
      socket.destroy();
    } else if (fault?.hang !== 'after') {
      send(response, fault?.answer === undefined ? answer : spoilt(answer, fault.answer));
      if (fault?.answer === 'cut') {
        socket.destroySoon();
      }
    }
  }

  private answer(request: ReceivedRequest, group: Fault['on']): Answer {
    if (group === 'token') {
      return this.tokenAnswer(request);
    }
    const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    if (!this.tokens.has(token) && request.headers.authorization !== basic('S0001', 'PASSWORD-canary-11')) {
      return errorAnswer(401, 'Unauthorized', `The token ${token} is not valid`);
    }
    if (group === 'csrf') {
      return this.csrfAnswer(request);
    }
    if (group === 'read') {
      const known = this.reads.get(request.path);
      const missing = errorAnswer(404, 'Not Found', "Alias 'x' not found in the keystore");
      return (typeof known === 'function' ? known(request) : known) ?? missing;
    }
    if (this.options.csrf !== 'none' && !this.hasCsrfToken(request)) {
      return {
        ...errorAnswer(403, 'Forbidden', 'CSRF token validation failed'),
        headers: { 'X-CSRF-Token': 'Required' },
      };
    }
    this.performed.push(`${request.method} ${request.path}`);
    return { status: 204 };
  }

  private tokenAnswer(request: ReceivedRequest): Answer {
    const form = new URLSearchParams(request.body.toString());
    const query = new URLSearchParams(request.path.split('?')[1] ?? '');
    const isSecret =
      query.get('grant_type') === 'client_credentials' &&
      request.headers.authorization === basic(this.clientId, this.clientSecret);
    const isCertificate =
      form.get('grant_type') === 'client_credentials' &&
      form.get('client_id') === this.clientId &&
      request.clientCertificate !== undefined;
    if (!isSecret && !isCertificate) {
      return json(401, { error: 'unauthorized', error_description: 'Bad credentials' });
    }
    const token = `TOKEN-canary-${randomUUID()}`;
    this.tokens.add(token);
    this.tokensIssued++;
    const { expiresIn = 43199, scope } = this.options;
    return json(200, { access_token: token, token_type: 'bearer', expires_in: expiresIn, scope, jti: 'x' });
  }

  private csrfAnswer(request: ReceivedRequest): Answer {
    const document = { d: { EntitySets: ['KeystoreEntries', 'HistoryKeystoreEntries'] } };
    if (this.options.csrf === 'none') {
      return json(200, document);
    }
    const known = sessionOf(request);
    const session = known !== undefined && this.sessions.has(known) ? known : randomUUID();
    const token = this.sessions.get(session) ?? newCsrfToken();
    this.sessions.set(session, token);
    return {
      ...json(200, document),
      headers: {
        'Content-Type': 'application/json;charset=utf-8',
        'X-CSRF-Token': token,
        'Set-Cookie': `JSESSIONID=${session}; Path=/api; HttpOnly`,
      },
    };
  }

  private hasCsrfToken(request: ReceivedRequest): boolean {
    const session = sessionOf(request);
    const token = session === undefined ? undefined : this.sessions.get(session);
    return token !== undefined && request.headers['x-csrf-token'] === token;
  }
}

/** An OData error in the form that the API's description shows. */
export function errorAnswer(status: number, code: string, value: string): Answer {
  return json(status, { error: { code, message: { lang: 'en', value } } });
}

export function json(status: number, body: unknown): Answer {
  return {
    status,
    headers: { 'Content-Type': 'application/json;charset=utf-8' },
    body: JSON.stringify(body),
  };
}

export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

function groupOf({ method, path, headers }: ReceivedRequest): Fault['on'] {
  if (path.startsWith('/oauth/token')) {
    return 'token';
  }
  if (headers['x-csrf-token'] === 'Fetch' || path === '/api/v1/') {
    return 'csrf';
  }
  return method === 'GET' ? 'read' : 'write';
}

function sessionOf(request: ReceivedRequest): string | undefined {
  return /JSESSIONID=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
}

function newCsrfToken(): string {
  return randomUUID().replaceAll('-', '').toUpperCase();
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, headers);
  response.end(body);
}

/** A success that cannot be read. */
function spoilt(answer: Answer, how: NonNullable<Fault['answer']>): Answer {
  const body = answer.body ?? '{"d":{"Alias":"acme"}}';
  const half = body.slice(0, Math.floor(body.length / 2));
  const jsonType = { 'Content-Type': 'application/json' };
  switch (how) {
    case 'truncatedJson':
      return { status: 200, headers: jsonType, body: half };
    case 'cut':
      return { status: 200, headers: { ...jsonType, 'Content-Length': String(body.length) }, body: half };
    case 'html':
      return {
        status: 200,
        headers: { 'Content-Type': 'text/html' },
        body: '<!DOCTYPE html><html>log on</html>',
      };
  }
}

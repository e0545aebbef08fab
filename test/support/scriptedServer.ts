import http, { type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** What the server received. */
export interface ScriptedRequest {
  readonly method: string;
  /** Path and query as they came. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What the server does with one request; without `drop` it answers. */
export interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent as it is, anything else as JSON. */
  readonly body?: unknown;
  /** Closes the connection instead of answering. */
  readonly drop?: true;
  /** Never answers. */
  readonly hang?: true;
}

type Script = ScriptedAnswer | ((request: ScriptedRequest) => ScriptedAnswer);

/** A server on loopback that answers as a test says and keeps what it received; an unexpected request gets 599. */
export class ScriptedServer {
  readonly received: ScriptedRequest[] = [];
  url = '';
  private readonly scripts = new Map<string, Script[]>();
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: http.Server) {}

  static async start(): Promise<ScriptedServer> {
    const server = http.createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const received = {
          method: request.method ?? '',
          path: request.url ?? '',
          headers: request.headers,
          body: Buffer.concat(chunks).toString('utf8'),
        };
        scripted.received.push(received);
        const answer = scripted.next(received);
        if (answer.drop === true) {
          request.socket.destroy();
        } else if (answer.hang !== true) {
          const body = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? '');
          response
            .writeHead(answer.status ?? 200, { 'Content-Type': 'application/json', ...answer.headers })
            .end(answer.body === undefined ? '' : body);
        }
      });
    });
    const scripted = new ScriptedServer(server);
    server.on('connection', (socket) => {
      scripted.sockets.add(socket);
      socket.on('close', () => scripted.sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    scripted.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return scripted;
  }

  /** Answers `METHOD /path?query` so: each script once in turn, the last one for ever. */
  on(request: string, ...scripts: readonly Script[]): void {
    this.scripts.set(request, [...scripts]);
  }

  /** `METHOD /path?query` of what came, in order. */
  get lines(): readonly string[] {
    return this.received.map(({ method, path }) => `${method} ${path}`);
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) {
      socket.destroy();
    }
    await new Promise((resolve) => this.server.close(resolve));
  }

  private next(request: ScriptedRequest): ScriptedAnswer {
    const queue = this.scripts.get(`${request.method} ${request.path}`);
    const script = queue !== undefined && queue.length > 1 ? queue.shift() : queue?.[0];
    if (script === undefined) {
      return { status: 599, body: `unexpected ${request.method} ${request.path}` };
    }
    return typeof script === 'function' ? script(request) : script;
  }
}

import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Duplex } from 'node:stream';
import type { AxiosStatic } from 'axios';
import { Cancelled, KeystoreError } from '../errors.js';
import { isLoopbackHost } from './httpAddress.js';
import type { HttpAnswer, HttpRequest, RequestLine } from './httpMessages.js';
import { readServerCertificate } from './serverCertificate.js';
import { failureCode, transportFailure } from './transportFailure.js';

/** What a transport needs; the last two are for tests. */
export interface HttpTransportOptions {
  /** Milliseconds of silence after which a request is given up; 0 for never. Read anew for each request. */
  readonly timeoutMs: () => number;
  readonly log: (line: RequestLine) => void;
  readonly lookup?: LookupFunction;
  /** PEM of CAs to trust instead of the machine's. */
  readonly certificateAuthorities?: readonly string[];
}

const maximumAnswerBytes = 32 * 1024 * 1024;
const maximumAttempts = 3;
const certificateTimeoutMs = 5_000;

/**
 * Sends requests with axios over a transport of its own, so that certificate, key and CA go as plain request options:
 * VS Code's proxy support drops those that sit in an agent, and an agent of ours would bypass the proxy
 * (https://github.com/microsoft/vscode/issues/124655). No redirect is followed, since credentials travel along. Any
 * status is an answer; a failure is a coded error, with `performed: 'no'` or the code `answer-lost` where it was a write.
 */
export class HttpTransport {
  private readonly options: HttpTransportOptions;

  constructor(options: HttpTransportOptions) {
    this.options = options;
  }

  async request(request: HttpRequest): Promise<HttpAnswer> {
    Cancelled.throwIfAborted(request.signal);
    const { default: axios } = await import('axios');
    for (let count = 1; ; count++) {
      Cancelled.throwIfAborted(request.signal);
      const attempt = new Attempt(request, this.options);
      const started = performance.now();
      try {
        const answer = await attempt.run(axios);
        this.log(request, started, { status: answer.status });
        return answer;
      } catch (error) {
        const failure = transportFailure(error, attempt, request);
        this.log(request, started, { failure: KeystoreError.is(failure) ? failure.code : 'cancelled' });
        // A kept connection that the server closed in the meantime says nothing about the server: a read tries anew.
        if (request.kind === 'read' && attempt.wasStale && count < maximumAttempts) {
          continue;
        }
        throw await this.explained(failure, attempt);
      }
    }
  }

  /** Adds what the server's certificate says to a failed check of it. */
  private async explained(failure: KeystoreError | Cancelled, attempt: Attempt): Promise<Error> {
    if (!KeystoreError.is(failure, 'untrusted-server')) {
      return failure;
    }
    const facts = await readServerCertificate(attempt.connection(), {
      signal: attempt.request.signal,
      timeoutMs: certificateTimeoutMs,
    });
    return facts === undefined
      ? failure
      : new KeystoreError(failure.code, failure.message, {
          cause: failure.cause,
          details: { ...failure.details, ...facts },
        });
  }

  private log(
    request: HttpRequest,
    started: number,
    outcome: { status?: number; failure?: RequestLine['failure'] },
  ): void {
    const { host, pathname } = new URL(request.url);
    this.options.log({
      method: request.method,
      host,
      path: pathname,
      status: outcome.status,
      milliseconds: Math.round(performance.now() - started),
      failure: outcome.failure,
    });
  }
}

/** One attempt at a request, and how far it came. */
class Attempt {
  sent = false;
  answerBegan = false;
  ended: 'cancelled' | 'timeout' | undefined;
  private reused = false;
  private failedWith: string | undefined;
  private response: IncomingMessage | undefined;
  private readonly url: URL;
  private readonly abortion = new AbortController();

  constructor(
    readonly request: HttpRequest,
    private readonly options: HttpTransportOptions,
  ) {
    this.url = new URL(request.url);
  }

  /** True where the connection came from an earlier request and broke before anything was answered. */
  get wasStale(): boolean {
    return (
      this.reused &&
      !this.answerBegan &&
      this.ended === undefined &&
      (this.failedWith === 'ECONNRESET' || this.failedWith === 'EPIPE')
    );
  }

  async run(axios: AxiosStatic): Promise<HttpAnswer> {
    const { signal, method, body } = this.request;
    const timeoutMs = this.options.timeoutMs();
    const timer = timeoutMs > 0 ? setTimeout(() => this.end('timeout'), timeoutMs) : undefined;
    const cancel = (): void => this.end('cancelled');
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const response = await axios.request<unknown>({
        url: this.url.href,
        method,
        ...(body === undefined ? {} : { data: Buffer.from(body.buffer, body.byteOffset, body.byteLength) }),
        responseType: 'arraybuffer',
        transport: {
          request: (_: unknown, onResponse: (response: IncomingMessage) => void) =>
            this.open(onResponse, timer),
        },
        signal: this.abortion.signal,
        proxy: false,
        maxRedirects: 0,
        maxContentLength: maximumAnswerBytes,
        maxBodyLength: Infinity,
        validateStatus: null,
        transformRequest: [(data: unknown) => data],
        transformResponse: [(data: unknown) => data],
      });
      return this.answer(response.data);
    } catch (error) {
      this.failedWith = failureCode(error);
      throw error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
    }
  }

  /** Where and how to connect, without what is to be sent. */
  connection(): https.RequestOptions {
    const { hostname, port, protocol } = this.url;
    const ca = isLoopbackHost(hostname) ? this.request.trustedCa : undefined;
    const { lookup, certificateAuthorities } = this.options;
    return {
      protocol,
      hostname: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? undefined : Number(port),
      // Said outright: NODE_TLS_REJECT_UNAUTHORIZED would change what is left to be the default.
      rejectUnauthorized: true,
      ...(lookup === undefined ? {} : { lookup }),
      ...(ca === undefined
        ? certificateAuthorities === undefined
          ? {}
          : { ca: [...certificateAuthorities] }
        : { ca }),
    };
  }

  private open(
    onResponse: (response: IncomingMessage) => void,
    timer: NodeJS.Timeout | undefined,
  ): ClientRequest {
    const { method, headers, body, clientCertificate } = this.request;
    const options: https.RequestOptions = {
      ...this.connection(),
      method,
      path: this.url.pathname + this.url.search,
      headers: {
        'Accept-Encoding': 'gzip, deflate, br',
        'User-Agent': 'sap-ci-keystore-workbench',
        ...headers,
        ...(method === 'GET' ? {} : { 'Content-Length': String(body?.byteLength ?? 0) }),
      },
      ...(clientCertificate === undefined
        ? {}
        : { cert: clientCertificate.certificate, key: clientCertificate.key }),
    };
    const handle = (response: IncomingMessage): void => {
      this.answerBegan = true;
      this.response = response;
      response.on('data', () => timer?.refresh());
      onResponse(response);
    };
    const isSecure = this.url.protocol === 'https:';
    const clientRequest = isSecure ? https.request(options, handle) : http.request(options, handle);
    clientRequest.on('socket', (socket: Duplex) => {
      this.reused = clientRequest.reusedSocket;
      this.watch(socket, isSecure);
    });
    return clientRequest;
  }

  /** Notes from when on the request may have reached the server: where the socket does not tell, from now. */
  private watch(socket: Duplex, isSecure: boolean): void {
    const pending = isSecure
      ? 'secureConnecting' in socket && socket.secureConnecting === true
      : 'connecting' in socket && socket.connecting === true;
    if (!pending) {
      this.sent = true;
      return;
    }
    socket.prependOnceListener(isSecure ? 'secureConnect' : 'connect', () => {
      this.sent = true;
    });
  }

  private end(reason: 'cancelled' | 'timeout'): void {
    this.ended ??= reason;
    this.abortion.abort();
  }

  private answer(data: unknown): HttpAnswer {
    return {
      status: this.response?.statusCode ?? 0,
      headers: this.response?.headers ?? {},
      body: Buffer.isBuffer(data) ? data : Buffer.alloc(0),
      url: this.request.url,
    };
  }
}

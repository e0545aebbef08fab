import { KeystoreError } from '../errors.js';
import { parseAccessToken, type AccessToken } from '../http/accessToken.js';
import { Coalesced } from '../http/coalesced.js';
import { CookieJar } from './cookieJar.js';
import { headerOf, isHtml, type HttpAnswer, type HttpRequest } from '../http/httpMessages.js';
import type { HttpTransport } from '../http/httpTransport.js';
import { RateLimiter } from './rateLimiter.js';
import { parseRetryAfter } from '../http/retryAfter.js';
import { maskSecrets } from '../http/secretMask.js';
import type { TenantAddress, TenantSecret } from './tenantAddress.js';
import { failureOf } from './tenantFailure.js';
import { wait, type Wait } from '../http/waiting.js';

/** What a session needs; clock and wait come in for tests. */
export interface TenantSessionOptions {
  readonly address: TenantAddress;
  /** Read when a token is needed; `undefined` makes the session signed out. */
  readonly secret: () => Promise<TenantSecret | undefined>;
  readonly transport: Pick<HttpTransport, 'request'>;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
  readonly wait?: Wait;
}

/** A request to the tenant's API, below `/api/v1`. */
export interface ApiRequest {
  readonly kind: HttpRequest['kind'];
  readonly method: HttpRequest['method'];
  /** Path and query from `/api/v1` on, or an absolute address of the tenant (a next page). */
  readonly path: string;
  readonly accept: string;
  readonly contentType?: string | undefined;
  readonly body?: Uint8Array | undefined;
}

/** SAP allows a user ten requests a second for this part of the API. */
const rateLimit = { requests: 10, milliseconds: 1_000 };
const maximumWaits = 4;
const maximumWaitMs = 60_000;
const defaultWaitMs = 1_000;
const renewalMarginMs = 60_000;
const maximumKnownSecrets = 12;

/**
 * One signed-in session with one tenant: token, cookies and CSRF token are fetched when needed, shared by all requests
 * and renewed; the rate limit is kept. A write goes out again only after 401, the 403 of a stale CSRF token, or 429,
 * which prove that it was not performed; its failures say `performed: 'no'` or have the code `answer-lost`.
 */
export class TenantSession {
  readonly address: TenantAddress;
  private readonly transport: Pick<HttpTransport, 'request'>;
  private readonly readSecret: () => Promise<TenantSecret | undefined>;
  private readonly clock: () => number;
  private readonly wait: Wait;
  private readonly limiter: RateLimiter;
  private readonly cookies: CookieJar;
  private readonly tokenRequest = new Coalesced<AccessToken>((signal) => this.fetchToken(signal));
  private readonly csrfRequest = new Coalesced<string | undefined>((signal) => this.fetchCsrfToken(signal));
  private token: AccessToken | undefined;
  /** `fetched` without a token means that the tenant gives none. */
  private csrf: { readonly token: string | undefined } | undefined;
  /** Kept only to take them out of texts that the tenant sends, the latest first. */
  private knownSecrets: readonly string[] = [];

  constructor(options: TenantSessionOptions) {
    this.address = options.address;
    this.transport = options.transport;
    this.readSecret = options.secret;
    this.clock = options.clock ?? Date.now;
    this.wait = options.wait ?? wait;
    this.limiter = new RateLimiter(rateLimit, this.clock, this.wait);
    this.cookies = new CookieJar(this.clock);
  }

  /** The scopes that the token grants, fetching one where needed; `undefined` where nothing tells. */
  async grantedScopes(signal: AbortSignal): Promise<readonly string[] | undefined> {
    return this.address.authentication.kind === 'basic'
      ? undefined
      : (await this.currentToken(signal)).scopes;
  }

  /** Drops token, cookies and CSRF token, so that the next request signs in anew. */
  forget(): void {
    this.token = undefined;
    this.csrf = undefined;
    this.cookies.clear();
  }

  /** Sends a request and returns the last answer, of any status; throws where none came or none could be asked for. */
  async send(request: ApiRequest, signal: AbortSignal): Promise<HttpAnswer> {
    try {
      return request.kind === 'write'
        ? await this.sendWrite(request, signal)
        : await this.sendOnce(request, {}, signal);
    } catch (error) {
      throw request.kind === 'write' ? notPerformed(error) : error;
    }
  }

  /** The error for an answer that is no success; `secrets` are those of the request, taken out of what the tenant says. */
  failure(answer: HttpAnswer, kind: HttpRequest['kind'], secrets: readonly string[] = []): KeystoreError {
    return failureOf(answer, {
      kind,
      where: 'api',
      now: this.clock(),
      mask: (text) => this.mask(text, secrets),
    });
  }

  /** Takes the session's secrets, and those given, out of a text from outside. */
  mask(text: string, secrets: readonly string[] = []): string {
    return maskSecrets(text, [...secrets, ...this.knownSecrets, ...this.cookies.values()]);
  }

  private async sendWrite(request: ApiRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const sent = await this.currentCsrfToken(signal);
    const answer = await this.sendOnce(request, csrfHeader(sent), signal);
    if (answer.status !== 403) {
      return answer;
    }
    // A missing role is a 403 too. SAP marks the CSRF token's with `Required`; where no mark comes, only another token
    // than the one that was sent makes a second try worth while.
    const isMarked = headerOf(answer, 'x-csrf-token')?.toLowerCase() === 'required';
    if (this.csrf?.token === sent) {
      this.csrf = undefined;
    }
    const renewed = await this.currentCsrfToken(signal);
    if (renewed === undefined || (renewed === sent && !isMarked)) {
      return answer;
    }
    return await this.sendOnce(request, csrfHeader(renewed), signal);
  }

  /** Sends with the current token; once more after a 401, and again after each 429 as long as its waits are bearable. */
  private async sendOnce(
    request: ApiRequest,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    let waits = 0;
    let waited = 0;
    let renewed = false;
    for (;;) {
      const token =
        this.address.authentication.kind === 'basic' ? undefined : await this.currentToken(signal);
      const answer = await this.exchange(request, token, headers, signal);
      if (answer.status === 401 && token !== undefined && !renewed) {
        renewed = true;
        this.dropToken(token);
        continue;
      }
      if (answer.status !== 429) {
        return answer;
      }
      const pause = this.pauseAfter(answer, waits);
      if (waits >= maximumWaits || waited + pause > maximumWaitMs) {
        return answer;
      }
      waits++;
      waited += pause;
      await this.wait(pause, signal);
    }
  }

  private pauseAfter(answer: HttpAnswer, waits: number): number {
    return parseRetryAfter(headerOf(answer, 'retry-after'), this.clock()) ?? defaultWaitMs * 2 ** waits;
  }

  private async exchange(
    request: ApiRequest,
    token: AccessToken | undefined,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    const url = new URL(request.path.startsWith('/') ? this.address.url + request.path : request.path);
    const authorization = token === undefined ? await this.basicAuthorization() : `Bearer ${token.value}`;
    await this.limiter.take(signal);
    const cookie = this.cookies.header(url);
    const answer = await this.transport.request({
      kind: request.kind,
      method: request.method,
      url: url.href,
      headers: {
        Accept: request.accept,
        Authorization: authorization,
        ...(cookie === undefined ? {} : { Cookie: cookie }),
        ...(request.contentType === undefined ? {} : { 'Content-Type': request.contentType }),
        ...headers,
      },
      body: request.body,
      trustedCa: this.address.trustedCa,
      signal,
    });
    this.cookies.store(url, answer.headers['set-cookie']);
    return answer;
  }

  private async basicAuthorization(): Promise<string> {
    const { authentication } = this.address;
    const secret = await this.signedIn();
    if (authentication.kind !== 'basic' || secret.kind !== 'basic') {
      throw signedOut();
    }
    return this.basic(authentication.user, secret.password);
  }

  private async currentToken(signal: AbortSignal): Promise<AccessToken> {
    const { token } = this;
    if (token !== undefined && (token.expiresAt === undefined || this.clock() < token.expiresAt)) {
      return token;
    }
    return await this.tokenRequest.get(signal);
  }

  /** Drops a token that was refused, unless another request has renewed it already. */
  private dropToken(refused: AccessToken): void {
    if (this.token === refused) {
      this.token = undefined;
    }
  }

  private async fetchToken(signal: AbortSignal): Promise<AccessToken> {
    for (let waits = 0; ; waits++) {
      const request = await this.tokenCall(signal);
      const answer = await this.transport.request(request);
      const context = {
        kind: 'read',
        where: 'token',
        now: this.clock(),
        mask: (text: string) => this.mask(text),
      } as const;
      if (answer.status === 200) {
        if (isHtml(answer)) {
          throw new KeystoreError('bad-answer', 'The token endpoint answered with a web page', {
            details: { where: 'token', reason: 'media-type', host: new URL(answer.url).host, html: true },
          });
        }
        const token = parseAccessToken(answer.body.toString('utf8'), this.clock());
        this.remember(token.value);
        this.token = this.withMargin(token);
        return this.token;
      }
      const pause = this.pauseAfter(answer, waits);
      if (answer.status !== 429 || waits >= maximumWaits || pause > maximumWaitMs) {
        throw failureOf(answer, context);
      }
      await this.wait(pause, signal);
    }
  }

  /** Renewal comes before the end, by a minute or by a tenth of a short life. */
  private withMargin(token: AccessToken): AccessToken {
    if (token.expiresAt === undefined) {
      return token;
    }
    const margin = Math.min(renewalMarginMs, (token.expiresAt - this.clock()) / 10);
    return { ...token, expiresAt: token.expiresAt - margin };
  }

  private async tokenCall(signal: AbortSignal): Promise<HttpRequest> {
    const { authentication, trustedCa } = this.address;
    const secret = await this.signedIn();
    // Asking twice for a token changes nothing, so its request counts as a read.
    const common = { kind: 'read', method: 'POST', trustedCa, signal } as const;
    if (authentication.kind === 'clientSecret' && secret.kind === 'clientSecret') {
      const url = new URL(authentication.tokenUrl);
      url.searchParams.set('grant_type', 'client_credentials');
      return {
        ...common,
        url: url.href,
        headers: {
          Accept: 'application/json',
          Authorization: this.basic(authentication.clientId, secret.clientSecret),
        },
      };
    }
    if (authentication.kind === 'clientCertificate' && secret.kind === 'clientCertificate') {
      const form = new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: authentication.clientId,
      });
      return {
        ...common,
        url: authentication.tokenUrl,
        headers: { Accept: 'application/json', 'Content-Type': 'application/x-www-form-urlencoded' },
        body: Buffer.from(form.toString()),
        clientCertificate: { certificate: secret.certificate, key: secret.key },
      };
    }
    throw signedOut();
  }

  private async signedIn(): Promise<TenantSecret> {
    const secret = await this.readSecret();
    if (secret === undefined) {
      throw signedOut();
    }
    this.remember(secretText(secret));
    return secret;
  }

  private basic(user: string, password: string): string {
    const credentials = Buffer.from(`${user}:${password}`, 'utf8').toString('base64');
    this.remember(credentials);
    return `Basic ${credentials}`;
  }

  private remember(secret: string): void {
    this.knownSecrets = [secret, ...this.knownSecrets.filter((known) => known !== secret)].slice(
      0,
      maximumKnownSecrets,
    );
  }

  private async currentCsrfToken(signal: AbortSignal): Promise<string | undefined> {
    return this.csrf === undefined ? await this.csrfRequest.get(signal) : this.csrf.token;
  }

  /** Fetches a CSRF token and the session cookie that belongs to it; `undefined` where the tenant gives none. */
  private async fetchCsrfToken(signal: AbortSignal): Promise<string | undefined> {
    const answer = await this.sendOnce(
      { kind: 'read', method: 'GET', path: '/api/v1/', accept: 'application/json' },
      { 'X-CSRF-Token': 'Fetch' },
      signal,
    );
    // A tenant that refuses this address may well take writes without a token; one that cannot be signed in to, that is
    // overloaded or broken will not, and a page for a browser shows that something else answers.
    const { status } = answer;
    const isSuccess = status >= 200 && status < 300;
    const isTokenless = status >= 400 && status < 500 && status !== 401 && status !== 407 && status !== 429;
    if ((isSuccess && isHtml(answer)) || !(isSuccess || isTokenless)) {
      throw this.failure(answer, 'read');
    }
    const sent = headerOf(answer, 'x-csrf-token');
    const token =
      sent === undefined || /^(?:required|fetch)$/i.test(sent) || !/^[\x21-\x7e]+$/.test(sent)
        ? undefined
        : sent;
    if (token !== undefined) {
      this.remember(token);
    }
    this.csrf = { token };
    return token;
  }
}

function csrfHeader(token: string | undefined): Readonly<Record<string, string>> {
  return token === undefined ? {} : { 'X-CSRF-Token': token };
}

function secretText(secret: TenantSecret): string {
  switch (secret.kind) {
    case 'clientSecret':
      return secret.clientSecret;
    case 'clientCertificate':
      return secret.key;
    case 'basic':
      return secret.password;
  }
}

function signedOut(): KeystoreError {
  return new KeystoreError('signed-out', 'No secret is stored for this tenant');
}

/** Whatever failed before a write's own request went out left the write undone. */
function notPerformed(error: unknown): unknown {
  if (!KeystoreError.is(error) || error.code === 'answer-lost' || error.details['performed'] !== undefined) {
    return error;
  }
  return new KeystoreError(error.code, error.message, {
    cause: error.cause,
    details: { ...error.details, performed: 'no' },
  });
}

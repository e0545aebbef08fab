import * as l10n from '@vscode/l10n';
import { Cancelled, KeystoreError } from '../errors.js';
import { Coalesced } from '../http/coalesced.js';
import { headerOf, type HttpAnswer, type HttpRequest } from '../http/httpMessages.js';
import type { HttpTransport } from '../http/httpTransport.js';
import { parseRetryAfter } from '../http/retryAfter.js';
import { maskSecrets } from '../http/secretMask.js';
import { wait, type Wait } from '../http/waiting.js';
import type { CfEndpoint } from './cfEndpoint.js';
import { userOf, type CfTokens, type CfTokenStore, type CfUser } from './cfTokens.js';
import { refreshTokens, requestTokens, signedOut, type SignIn } from './uaaClient.js';

/** What a session needs; clock and wait come in for tests. */
export interface UaaSessionOptions {
  readonly endpoint: CfEndpoint;
  readonly transport: Pick<HttpTransport, 'request'>;
  readonly store: CfTokenStore;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
  readonly wait?: Wait;
}

/** A request to the Cloud Foundry API. */
export interface CfRequest {
  readonly kind: HttpRequest['kind'];
  readonly method: HttpRequest['method'];
  /** Path and query, or an absolute address of the same API (a next page, a job). */
  readonly path: string;
  /** Sent as JSON. */
  readonly json?: unknown;
}

const renewalMarginMs = 60_000;
const maximumWaits = 3;
const maximumWaitMs = 60_000;
const defaultWaitMs = 1_000;

/**
 * A person's session with one Cloud Foundry: tokens come from the store, are renewed shortly before their end and once
 * after a 401, which proves that nothing was done; a 429 proves it as well, and its wait is kept where it is bearable.
 * Requests at the same time share one renewal. Tokens of another window in the store are taken over.
 */
export class UaaSession {
  readonly endpoint: CfEndpoint;
  readonly transport: Pick<HttpTransport, 'request'>;
  private readonly store: CfTokenStore;
  readonly clock: () => number;
  private readonly wait: Wait;
  private readonly renewal = new Coalesced<CfTokens>((signal) => this.renew(signal));
  private tokens: CfTokens | undefined;
  /** Raised by signing in and out, so that a renewal under way cannot bring back what was given up. */
  private generation = 0;
  private refusedToken: string | undefined;

  constructor(options: UaaSessionOptions) {
    this.endpoint = options.endpoint;
    this.transport = options.transport;
    this.store = options.store;
    this.clock = options.clock ?? Date.now;
    this.wait = options.wait ?? wait;
  }

  /** Signs in and stores the tokens. Throws what `requestTokens` does; then the session stays as it was. */
  async signIn(signIn: SignIn, signal: AbortSignal): Promise<CfUser | undefined> {
    const tokens = await requestTokens(this, signIn, signal);
    Cancelled.throwIfAborted(signal);
    return await this.adopt(tokens);
  }

  /** Takes over tokens that another program got, such as those of the `cf` command line, and stores them. */
  async adopt(tokens: CfTokens): Promise<CfUser | undefined> {
    this.reload();
    await this.store.save(tokens);
    this.tokens = tokens;
    return userOf(tokens);
  }

  /** Forgets the tokens, here and in the store. */
  async signOut(): Promise<void> {
    await this.store.forget();
    this.reload();
  }

  /** Drops what is held here, so that the next request reads the store anew. */
  reload(): void {
    this.generation++;
    this.tokens = undefined;
    this.refusedToken = undefined;
  }

  /** Who is signed in; undefined where nobody is. A token that does not tell has the name `?`. */
  async user(): Promise<CfUser | undefined> {
    const tokens = this.tokens ?? (await this.store.load());
    return tokens === undefined ? undefined : (userOf(tokens) ?? { name: '?', origin: undefined });
  }

  /** Sends a request and returns the last answer, of any status; throws where none came or nobody is signed in. */
  async send(request: CfRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const url = this.urlOf(request.path);
    try {
      return await this.exchange(request, url, signal);
    } catch (error) {
      throw request.kind === 'write' ? notPerformed(error) : error;
    }
  }

  /** Takes the session's secrets out of a text from outside. */
  mask(text: string): string {
    const { tokens } = this;
    return maskSecrets(text, [tokens?.accessToken, tokens?.refreshToken, tokens?.client.secret]);
  }

  private async exchange(request: CfRequest, url: string, signal: AbortSignal): Promise<HttpAnswer> {
    let renewed = false;
    let waited = 0;
    for (let waits = 0; ;) {
      const { accessToken } = await this.currentTokens(signal);
      const answer = await this.sendOnce(request, { url, accessToken, signal });
      if (answer.status === 401 && !renewed) {
        renewed = true;
        this.refusedToken = accessToken;
        continue;
      }
      const pause =
        parseRetryAfter(headerOf(answer, 'retry-after'), this.clock()) ?? defaultWaitMs * 2 ** waits;
      if (answer.status !== 429 || waits >= maximumWaits || waited + pause > maximumWaitMs) {
        return answer;
      }
      waits++;
      waited += pause;
      await this.wait(pause, signal);
    }
  }

  private async sendOnce(
    request: CfRequest,
    { url, accessToken, signal }: { url: string; accessToken: string; signal: AbortSignal },
  ): Promise<HttpAnswer> {
    return await this.transport.request({
      kind: request.kind,
      method: request.method,
      url,
      headers: {
        Accept: 'application/json',
        Authorization: `bearer ${accessToken}`,
        ...(request.json === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      body: request.json === undefined ? undefined : Buffer.from(JSON.stringify(request.json), 'utf8'),
      trustedCa: this.endpoint.trustedCa,
      signal,
    });
  }

  /** Tokens go to their own API only, whatever address an answer names. */
  private urlOf(path: string): string {
    const url = new URL(path, `${this.endpoint.apiUrl}/`);
    if (url.origin !== new URL(this.endpoint.apiUrl).origin) {
      throw new KeystoreError('bad-answer', 'Cloud Foundry names an address of another host', {
        details: {
          where: 'cf',
          reason: 'other-host',
          host: url.host,
          explanation: l10n.t(
            'Cloud Foundry refers to an address of another host ("{0}"), which is not followed.',
            url.host,
          ),
        },
      });
    }
    return url.href;
  }

  private async currentTokens(signal: AbortSignal): Promise<CfTokens> {
    const { tokens } = this;
    return tokens !== undefined && this.isUsable(tokens) ? tokens : await this.renewal.get(signal);
  }

  private isUsable({ accessToken, expiresAt }: CfTokens): boolean {
    return (
      accessToken !== this.refusedToken &&
      (expiresAt === undefined || this.clock() < expiresAt - renewalMarginMs)
    );
  }

  private async renew(signal: AbortSignal): Promise<CfTokens> {
    const { generation } = this;
    const stored = await this.store.load();
    this.throwIfReplaced(generation);
    if (stored === undefined) {
      this.tokens = undefined;
      throw signedOut(l10n.t('Nobody is signed in to Cloud Foundry. Sign in to Cloud Foundry first.'));
    }
    if (this.isUsable(stored)) {
      this.tokens = stored;
      return stored;
    }
    const renewed = await refreshTokens(this, stored, signal);
    this.throwIfReplaced(generation);
    this.tokens = renewed;
    this.refusedToken = undefined;
    await this.store.save(renewed);
    return renewed;
  }

  private throwIfReplaced(generation: number): void {
    if (generation !== this.generation) {
      throw signedOut(l10n.t('The Cloud Foundry session was changed in the meantime. Try again.'));
    }
  }
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

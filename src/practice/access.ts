import { randomBytes, timingSafeEqual } from 'node:crypto';
import type http from 'node:http';
import type { FaultKnobs } from './faults.js';
import { PracticeError } from './practiceError.js';

/** The credentials that the practice tenant knows; made at random on this machine. */
export interface PracticeCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

interface Token {
  readonly expires: number;
  readonly roles: readonly string[];
}

/** Tokens, sessions and CSRF tokens. */
export class Access {
  private readonly tokens = new Map<string, Token>();
  private readonly sessions = new Map<string, { csrf: string }>();

  constructor(
    private readonly credentials: PracticeCredentials,
    private readonly faults: FaultKnobs,
    private readonly clock: () => number,
    /** Roles of a client that a service key was made for; undefined for one that is not known. */
    private readonly otherClient: (id: string, secret: string) => Promise<readonly string[] | undefined>,
  ) {}

  /** Gives a token, as XSUAA answers. */
  issueToken(roles: readonly string[] = this.faults.roles): unknown {
    const token = randomBytes(24).toString('hex');
    const { expiresIn } = this.faults;
    this.tokens.set(token, { expires: this.clock() + (expiresIn || 43_199) * 1000, roles });
    return {
      access_token: token,
      token_type: 'bearer',
      expires_in: expiresIn,
      scope: roles.map((role) => `it!b1.${role}`).join(' '),
      jti: randomBytes(8).toString('hex'),
    };
  }

  /** True for the client's own id and secret in a Basic header. */
  isClient(authorization: string | undefined): boolean {
    const encoded = /^Basic (.+)$/i.exec(authorization ?? '')?.[1];
    if (encoded === undefined) {
      return false;
    }
    const given = Buffer.from(encoded, 'base64');
    const expected = Buffer.from(`${this.credentials.clientId}:${this.credentials.clientSecret}`);
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  /** The roles of the client in a Basic header; undefined for one that is not known. */
  async rolesOfClient(authorization: string | undefined): Promise<readonly string[] | undefined> {
    if (this.isClient(authorization)) {
      return this.faults.roles;
    }
    const encoded = /^Basic (.+)$/i.exec(authorization ?? '')?.[1] ?? '';
    const [, id, secret] = /^([^:]+):(.+)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
    return id === undefined || secret === undefined ? undefined : await this.otherClient(id, secret);
  }

  /** The roles of a request; 401 where nobody is signed in. */
  async authenticate(
    request: http.IncomingMessage,
  ): Promise<{ roles: readonly string[]; isBearer: boolean }> {
    const authorization = request.headers.authorization;
    const bearer = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
    const token = bearer === undefined ? undefined : this.tokens.get(bearer);
    if (token !== undefined && token.expires > this.clock()) {
      return { roles: token.roles, isBearer: true };
    }
    const roles = await this.rolesOfClient(authorization);
    if (roles !== undefined) {
      return { roles, isBearer: false };
    }
    throw new PracticeError(401, 'Unauthorized', { 'WWW-Authenticate': 'Bearer' });
  }

  /** Headers that answer `X-CSRF-Token: Fetch`. */
  fetchCsrf(request: http.IncomingMessage): Record<string, string> {
    if (request.headers['x-csrf-token']?.toString().toLowerCase() !== 'fetch' || !this.faults.givesCsrf) {
      return {};
    }
    const known = this.sessionOf(request);
    if (known !== undefined) {
      return { 'X-CSRF-Token': known.csrf };
    }
    const id = randomBytes(16).toString('hex').toUpperCase();
    const csrf = randomBytes(16).toString('hex').toUpperCase();
    this.sessions.set(id, { csrf });
    return { 'X-CSRF-Token': csrf, 'Set-Cookie': `JSESSIONID=${id}; Path=/api; HttpOnly` };
  }

  /** 403 where a write lacks the token of its session. */
  demandCsrf(request: http.IncomingMessage, isBearer: boolean): void {
    if (!this.faults.givesCsrf || (isBearer && !this.faults.csrfForBearer)) {
      return;
    }
    const given = request.headers['x-csrf-token'];
    if (given === undefined || this.sessionOf(request)?.csrf !== given) {
      throw new PracticeError(403, 'CSRF token validation failed', { 'X-CSRF-Token': 'Required' });
    }
  }

  expireTokens(): void {
    this.tokens.clear();
  }

  loseSessions(): void {
    this.sessions.clear();
  }

  renewCsrf(): void {
    for (const session of this.sessions.values()) {
      session.csrf = randomBytes(16).toString('hex').toUpperCase();
    }
  }

  private sessionOf(request: http.IncomingMessage): { csrf: string } | undefined {
    const id = /(?:^|; *)JSESSIONID=([0-9A-F]+)/.exec(request.headers.cookie ?? '')?.[1];
    return id === undefined ? undefined : this.sessions.get(id);
  }
}

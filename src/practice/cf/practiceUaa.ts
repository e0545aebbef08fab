import { createHmac, randomBytes, randomInt } from 'node:crypto';

/** The person whom the practice sign-in service knows. */
export interface PracticePerson {
  readonly user: string;
  readonly password: string;
}

/** An answer of the sign-in service. */
export interface UaaReply {
  readonly status: number;
  readonly json: unknown;
}

/** Knobs of the sign-in; only tests turn them. */
export interface UaaKnobs {
  /** Whether a second factor is asked for, and where its code stands. */
  secondFactor: 'none' | 'appended' | 'field';
  code: string;
  /** Seconds of a token's life. */
  expiresIn: number;
}

/** Issues one-time passcodes and tokens, as UAA does. */
export class PracticeUaa {
  readonly knobs: UaaKnobs = { secondFactor: 'none', code: '123456', expiresIn: 1199 };
  private readonly passcodes = new Map<string, number>();
  private readonly accessTokens = new Map<string, number>();
  private readonly issued = new Set<string>();
  private readonly revoked = new Set<string>();

  constructor(
    readonly person: PracticePerson,
    private readonly clock: () => number,
    /** Signs refresh tokens, so that a session outlives a restart. */
    private readonly secret: string = randomBytes(32).toString('base64url'),
  ) {}

  /** A passcode that works once, within five minutes. */
  passcode(): string {
    const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789-_';
    const code = Array.from({ length: 32 }, () => letters.charAt(randomInt(letters.length))).join('');
    this.passcodes.set(code, this.clock() + 300_000);
    return code;
  }

  /** What `GET /login` tells of the form. */
  prompts(origin: string): unknown {
    return {
      app: { version: '77.0.0' },
      links: { uaa: origin, login: origin, passwd: '/forgot_password' },
      zone_name: 'uaa',
      prompts: {
        username: ['text', 'Email'],
        password: ['password', 'Password'],
        passcode: ['password', `Temporary Authentication Code ( Get one at ${origin}/passcode )`],
        ...(this.knobs.secondFactor === 'field' ? { mfaCode: ['password', 'MFA Code'] } : {}),
      },
    };
  }

  /** Answers `POST /oauth/token`. */
  token(authorization: string | undefined, form: URLSearchParams, loginHint: string | null): UaaReply {
    if (authorization !== `Basic ${Buffer.from('cf:').toString('base64')}`) {
      return refusal('invalid_client', 'Bad credentials');
    }
    if (form.get('grant_type') === 'refresh_token') {
      const token = form.get('refresh_token') ?? '';
      return this.isOwn(token)
        ? this.issue(token)
        : refusal('invalid_token', 'The token expired, was revoked, or the token ID is incorrect');
    }
    if (form.get('grant_type') !== 'password') {
      return {
        status: 400,
        json: { error: 'unsupported_grant_type', error_description: 'Unsupported grant type' },
      };
    }
    const passcode = form.get('passcode');
    if (passcode !== null) {
      const ends = this.passcodes.get(passcode);
      this.passcodes.delete(passcode);
      return ends !== undefined && ends > this.clock()
        ? this.issue()
        : refusal('unauthorized', 'Invalid passcode');
    }
    const { secondFactor, code } = this.knobs;
    const expected = this.person.password + (secondFactor === 'appended' ? code : '');
    const isRight =
      form.get('username') === this.person.user &&
      form.get('password') === expected &&
      (secondFactor !== 'field' || form.get('mfaCode') === code) &&
      (loginHint === null || loginHint === JSON.stringify({ origin: 'sap.ids' }));
    return isRight ? this.issue() : refusal('unauthorized', 'Bad credentials');
  }

  /** Whether the API takes this `Authorization` header. */
  judge(authorization: string | undefined): 'missing' | 'refused' | 'good' {
    const token = /^bearer (.+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) {
      return 'missing';
    }
    return (this.accessTokens.get(token) ?? 0) > this.clock() ? 'good' : 'refused';
  }

  /** Ends every access token; refresh tokens stay. */
  expireTokens(): void {
    this.accessTokens.clear();
  }

  /** Ends the session wholly. */
  revoke(): void {
    this.accessTokens.clear();
    for (const token of this.issued) {
      this.revoked.add(token);
    }
  }

  private isOwn(refreshToken: string): boolean {
    const [text = ''] = refreshToken.split('.');
    return refreshToken === this.signed(text) && !this.revoked.has(refreshToken);
  }

  private signed(text: string): string {
    return `${text}.${createHmac('sha256', this.secret).update(text).digest('base64url')}-r`;
  }

  private issue(refresh?: string): UaaReply {
    const ends = this.clock() + this.knobs.expiresIn * 1000;
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = {
      user_name: this.person.user,
      origin: 'sap.ids',
      client_id: 'cf',
      exp: Math.floor(ends / 1000),
    };
    const token = `${part({ alg: 'HS256' })}.${part(claims)}.${randomBytes(32).toString('base64url')}`;
    const refreshToken = refresh ?? this.signed(randomBytes(24).toString('base64url'));
    this.accessTokens.set(token, ends);
    this.issued.add(refreshToken);
    return {
      status: 200,
      json: {
        access_token: token,
        token_type: 'bearer',
        refresh_token: refreshToken,
        expires_in: this.knobs.expiresIn,
        scope: 'openid cloud_controller.read cloud_controller.write',
        jti: randomBytes(16).toString('hex'),
      },
    };
  }
}

function refusal(error: string, description: string): UaaReply {
  return { status: 401, json: { error, error_description: description } };
}

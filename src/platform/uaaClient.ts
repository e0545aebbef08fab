import * as l10n from '@vscode/l10n';
import { KeystoreError, type ErrorCode } from '../errors.js';
import { isArray, isObject, parseJson, textMember } from '../http/checked.js';
import { headerOf, isHtml, type HttpAnswer } from '../http/httpMessages.js';
import type { HttpTransport } from '../http/httpTransport.js';
import { parseRetryAfter } from '../http/retryAfter.js';
import { maskSecrets } from '../http/secretMask.js';
import type { CfEndpoint } from './cfEndpoint.js';
import { parseTokenAnswer, publicClient, type CfTokens, type OAuthClient } from './cfTokens.js';

/** How a person proves who they are. */
export type SignIn =
  | { readonly kind: 'passcode'; readonly passcode: string }
  | {
      readonly kind: 'password';
      readonly user: string;
      readonly password: string;
      /** The code of a second factor, where one is set up. */
      readonly code?: string | undefined;
      /** Key of the identity provider; without it the platform's default (`sap.ids`) decides. */
      readonly origin?: string | undefined;
    };

/** What is needed to ask UAA; `clock` gives milliseconds since the epoch. */
export interface UaaAccess {
  readonly endpoint: CfEndpoint;
  readonly transport: Pick<HttpTransport, 'request'>;
  readonly clock: () => number;
}

/**
 * Gets tokens for what a person typed. Throws `unauthorized` with an explanation where UAA refuses, `invalid-input` where
 * something is missing; no error holds anything that was typed.
 */
export async function requestTokens(
  access: UaaAccess,
  signIn: SignIn,
  signal: AbortSignal,
): Promise<CfTokens> {
  if (signIn.kind === 'passcode') {
    const passcode = required(signIn.passcode.trim(), l10n.t('The passcode is missing.'));
    return await askForTokens(access, {
      form: { grant_type: 'password', passcode },
      client: publicClient,
      secrets: [passcode],
      refused: () =>
        l10n.t(
          'The passcode was refused. Each passcode works once and only for a few minutes: open the passcode page again and copy the new one.',
        ),
      signal,
    });
  }
  const user = required(signIn.user.trim(), l10n.t('The user is missing.'));
  const password = required(signIn.password, l10n.t('The password is missing.'));
  const code = signIn.code?.trim() ?? '';
  const origin = signIn.origin?.trim() ?? '';
  const asField = code !== '' && (await asksForCode(access, signal));
  return await askForTokens(access, {
    form: {
      grant_type: 'password',
      username: user,
      password: asField ? password : password + code,
      ...(asField ? { mfaCode: code } : {}),
    },
    ...(origin === '' ? {} : { query: { login_hint: JSON.stringify({ origin }) } }),
    client: publicClient,
    secrets: [password, code, password + code],
    refused: () =>
      l10n.t(
        'User, password or code was refused by the identity provider {0}. Users of a provider of their own company need its origin key; with a second factor its current code is needed. Signing in by passcode works with any provider.',
        origin === '' ? 'sap.ids' : `"${origin}"`,
      ),
    signal,
  });
}

/** Gets new tokens for a refresh token; throws `signed-out` where UAA does not take it any more. */
export async function refreshTokens(
  access: UaaAccess,
  tokens: CfTokens,
  signal: AbortSignal,
): Promise<CfTokens> {
  const { refreshToken, client } = tokens;
  if (refreshToken === undefined) {
    throw signedOut(endedText());
  }
  return await askForTokens(access, {
    form: { grant_type: 'refresh_token', refresh_token: refreshToken },
    client,
    refreshToken,
    secrets: [refreshToken, client.secret],
    refused: endedText,
    refusedCode: 'signed-out',
    signal,
  });
}

/** The error of a session that has no tokens (any more). */
export function signedOut(explanation: string): KeystoreError {
  return new KeystoreError('signed-out', 'There is no Cloud Foundry session', {
    details: { where: 'cf', explanation },
  });
}

function endedText(): string {
  return l10n.t('The Cloud Foundry session has ended. Sign in to Cloud Foundry again.');
}

function required(value: string, problem: string): string {
  if (value === '') {
    throw new KeystoreError('invalid-input', problem, { details: { where: 'uaa', explanation: problem } });
  }
  return value;
}

/**
 * Whether the log-in server takes a second factor in a field of its own. SAP's does not: there the code follows the
 * password directly.
 */
async function asksForCode({ endpoint, transport }: UaaAccess, signal: AbortSignal): Promise<boolean> {
  const answer = await transport.request({
    kind: 'read',
    method: 'GET',
    url: `${endpoint.loginUrl}/login`,
    headers: { Accept: 'application/json' },
    trustedCa: endpoint.trustedCa,
    signal,
  });
  const json = answer.status === 200 ? parseJson(answer.body.toString('utf8')) : undefined;
  const prompts = isObject(json) ? json['prompts'] : undefined;
  return isObject(prompts) && isArray(prompts['mfaCode']);
}

interface TokenCall {
  readonly form: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly client: OAuthClient;
  readonly refreshToken?: string;
  readonly secrets: readonly string[];
  /** What to tell a person whom UAA refuses. */
  readonly refused: () => string;
  readonly refusedCode?: ErrorCode;
  readonly signal: AbortSignal;
}

async function askForTokens(access: UaaAccess, call: TokenCall): Promise<CfTokens> {
  const { endpoint, transport, clock } = access;
  const url = new URL(`${endpoint.uaaUrl}/oauth/token`);
  for (const [name, value] of Object.entries(call.query ?? {})) {
    url.searchParams.set(name, value);
  }
  const credentials = Buffer.from(`${call.client.id}:${call.client.secret}`, 'utf8').toString('base64');
  const answer = await transport.request({
    // Asking twice for a token changes nothing that anybody would miss.
    kind: 'read',
    method: 'POST',
    url: url.href,
    headers: {
      Accept: 'application/json',
      Authorization: `Basic ${credentials}`,
      'Content-Type': 'application/x-www-form-urlencoded',
    },
    body: Buffer.from(new URLSearchParams(call.form).toString()),
    trustedCa: endpoint.trustedCa,
    signal: call.signal,
  });
  if (answer.status === 200 && !isHtml(answer)) {
    return parseTokenAnswer(answer.body.toString('utf8'), {
      now: clock(),
      client: call.client,
      refreshToken: call.refreshToken,
    });
  }
  throw failure(answer, call, clock());
}

function failure(answer: HttpAnswer, call: TokenCall, now: number): KeystoreError {
  const { status } = answer;
  const { host } = new URL(answer.url);
  const json = parseJson(answer.body.toString('utf8'));
  const said = isObject(json)
    ? (textMember(json, 'error_description') ?? textMember(json, 'error'))
    : undefined;
  const details = {
    where: 'cf',
    status,
    host,
    ...(said === undefined ? {} : { said: maskSecrets(said, call.secrets).slice(0, 300) }),
    ...(isHtml(answer) ? { html: true } : {}),
  };
  if (status === 400 || status === 401 || status === 403) {
    return new KeystoreError(call.refusedCode ?? 'unauthorized', `The token endpoint answered ${status}`, {
      details: { ...details, explanation: call.refused() },
    });
  }
  if (status === 429) {
    const pause = parseRetryAfter(headerOf(answer, 'retry-after'), now);
    return new KeystoreError('rate-limited', 'The token endpoint answered 429', {
      details: {
        ...details,
        explanation:
          pause === undefined
            ? l10n.t('"{0}" asks to wait: too many sign-ins. Try again in a few minutes.', host)
            : l10n.t('"{0}" asks to wait for {1} seconds: too many sign-ins.', host, Math.ceil(pause / 1000)),
      },
    });
  }
  return status >= 500
    ? new KeystoreError('server-error', `The token endpoint answered ${status}`, {
        details: {
          ...details,
          explanation: l10n.t('"{0}" reports an error of its own ({1}). Try again later.', host, status),
        },
      })
    : new KeystoreError('bad-answer', `The token endpoint answered ${status}`, {
        details: {
          ...details,
          explanation: l10n.t('"{0}" does not answer as a sign-in service does.', host),
        },
      });
}

import { isObject, parseJson, textMember } from '../http/checked.js';
import { jwtClaims, parseAccessToken } from '../http/accessToken.js';

/** The OAuth client that tokens belong to; UAA's own public client has no secret. */
export interface OAuthClient {
  readonly id: string;
  readonly secret: string;
}

/** What a signed-in session holds; all of it is secret and belongs into SecretStorage only. */
export interface CfTokens {
  readonly accessToken: string;
  /** Milliseconds since the epoch; undefined where nothing tells. */
  readonly expiresAt: number | undefined;
  readonly refreshToken: string | undefined;
  readonly client: OAuthClient;
}

/** Where the tokens of one endpoint are kept between sessions. */
export interface CfTokenStore {
  load(): Promise<CfTokens | undefined>;
  save(tokens: CfTokens): Promise<void>;
  forget(): Promise<void>;
}

/** Who is signed in, as the token says of itself. */
export interface CfUser {
  readonly name: string;
  /** The identity provider's key, such as `sap.ids`. */
  readonly origin: string | undefined;
}

/** The client that UAA gives to command line tools (RFC 6749 2.1, a public client). */
export const publicClient: OAuthClient = { id: 'cf', secret: '' };

/** Reads a token endpoint's answer; a refresh that brings no new refresh token keeps the old one (RFC 6749 6). Throws `bad-answer`. */
export function parseTokenAnswer(
  body: string,
  options: { readonly now: number; readonly client: OAuthClient; readonly refreshToken?: string | undefined },
): CfTokens {
  const token = parseAccessToken(body, options.now);
  const json = parseJson(body);
  const refreshToken = isObject(json) ? textMember(json, 'refresh_token') : undefined;
  return {
    accessToken: token.value,
    expiresAt: token.expiresAt ?? claimedEnd(token.value),
    refreshToken: refreshToken ?? options.refreshToken,
    client: options.client,
  };
}

/** Checks what SecretStorage held; `undefined` where it is no set of tokens. */
export function parseCfTokens(json: unknown): CfTokens | undefined {
  const accessToken = isObject(json) ? textMember(json, 'accessToken') : undefined;
  if (!isObject(json) || accessToken === undefined || !isTokenText(accessToken)) {
    return undefined;
  }
  const client = isObject(json['client']) ? json['client'] : {};
  const { expiresAt } = json;
  return {
    accessToken,
    expiresAt: typeof expiresAt === 'number' && Number.isFinite(expiresAt) ? expiresAt : undefined,
    refreshToken: textMember(json, 'refreshToken'),
    client: {
      id: textMember(client, 'id') ?? publicClient.id,
      secret: textMember(client, 'secret') ?? publicClient.secret,
    },
  };
}

/** True for what may stand in a header as a token. */
export function isTokenText(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

/** When the token says that it ends, in milliseconds since the epoch. */
export function claimedEnd(accessToken: string): number | undefined {
  const end = jwtClaims(accessToken)?.['exp'];
  return typeof end === 'number' && Number.isFinite(end) && end > 0 ? end * 1000 : undefined;
}

/** Who is signed in, as far as the token tells. */
export function userOf(tokens: CfTokens): CfUser | undefined {
  const claims = jwtClaims(tokens.accessToken);
  const name =
    claims === undefined
      ? undefined
      : (textMember(claims, 'user_name') ?? textMember(claims, 'email') ?? textMember(claims, 'client_id'));
  return claims === undefined || name === undefined
    ? undefined
    : { name, origin: textMember(claims, 'origin') };
}

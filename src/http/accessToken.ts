import { KeystoreError } from '../errors.js';
import { isArray, isObject, parseJson, textMember, type JsonObject } from './checked.js';

/** A token and what is known of it. */
export interface AccessToken {
  readonly value: string;
  /** Milliseconds since the epoch; unknown where the token endpoint does not say. */
  readonly expiresAt: number | undefined;
  /** `undefined` where neither the answer nor the token tells. */
  readonly scopes: readonly string[] | undefined;
}

/** Reads a token endpoint's answer; throws `bad-answer`, never with anything of the answer in it. */
export function parseAccessToken(body: string, now: number): AccessToken {
  const json = parseJson(body);
  const value = isObject(json) ? textMember(json, 'access_token') : undefined;
  if (!isObject(json) || value === undefined || !/^[\x21-\x7e]+$/.test(value)) {
    throw new KeystoreError('bad-answer', 'The token endpoint answered without a token', {
      details: { where: 'token', reason: 'token' },
    });
  }
  const type = textMember(json, 'token_type');
  if (type !== undefined && type.toLowerCase() !== 'bearer') {
    throw new KeystoreError('bad-answer', 'The token endpoint gave a token of another kind', {
      details: { where: 'token', reason: 'token-type' },
    });
  }
  return {
    value,
    expiresAt: expiry(json['expires_in'], now),
    scopes: scopesOf(json) ?? scopesOf(jwtClaims(value)),
  };
}

/** Zero means that nobody knows (Neo). */
function expiry(expiresIn: unknown, now: number): number | undefined {
  const seconds = typeof expiresIn === 'string' && expiresIn.trim() !== '' ? Number(expiresIn) : expiresIn;
  return typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0
    ? now + seconds * 1000
    : undefined;
}

function scopesOf(json: JsonObject | undefined): readonly string[] | undefined {
  for (const name of ['scope', 'scopes']) {
    const value = json?.[name];
    const scopes = typeof value === 'string' ? value.split(/\s+/) : isArray(value) ? value : [];
    const texts = scopes.filter((scope) => typeof scope === 'string' && scope !== '');
    if (texts.length > 0) {
      return texts.map(String);
    }
  }
  return undefined;
}

/** The claims of a JWT, unverified: they only tell the person what the token says of itself. `undefined` for another token. */
export function jwtClaims(token: string): JsonObject | undefined {
  const [, payload, signature] = token.split('.');
  if (payload === undefined || signature === undefined) {
    return undefined;
  }
  const claims = parseJson(Buffer.from(payload, 'base64url').toString('utf8'));
  return isObject(claims) ? claims : undefined;
}

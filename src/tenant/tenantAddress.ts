import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import { isObject, textMember } from '../http/checked.js';
import { parseHttpUrl } from '../http/httpAddress.js';

/** How the tenant is told who asks; the public part, which settings and state may hold. */
export type TenantAuthentication =
  | { readonly kind: 'clientSecret'; readonly tokenUrl: string; readonly clientId: string }
  | { readonly kind: 'clientCertificate'; readonly tokenUrl: string; readonly clientId: string }
  | { readonly kind: 'basic'; readonly user: string };

/** Where a tenant is and how it is asked; nothing in it is secret. */
export interface TenantAddress {
  /** Base address without `/api/v1`. */
  readonly url: string;
  readonly authentication: TenantAuthentication;
  /** PEM of a CA to trust for the tenant's own host; honoured for loopback hosts only (practice tenant). */
  readonly trustedCa?: string;
}

/** The secret part of a connection, for SecretStorage only. */
export type TenantSecret =
  | { readonly kind: 'clientSecret'; readonly clientSecret: string }
  | { readonly kind: 'clientCertificate'; readonly certificate: string; readonly key: string }
  | { readonly kind: 'basic'; readonly password: string };

/** What a tenant is used for, as far as its name tells. */
export type Stage = 'DEV' | 'QA' | 'PRD';

/** Checks what SecretStorage held; `undefined` where it is no secret of a kind known here. */
export function parseTenantSecret(json: unknown): TenantSecret | undefined {
  if (!isObject(json)) {
    return undefined;
  }
  switch (json['kind']) {
    case 'clientSecret': {
      const clientSecret = textMember(json, 'clientSecret');
      return clientSecret === undefined ? undefined : { kind: 'clientSecret', clientSecret };
    }
    case 'clientCertificate': {
      const certificate = textMember(json, 'certificate');
      const key = textMember(json, 'key');
      return certificate === undefined || key === undefined
        ? undefined
        : { kind: 'clientCertificate', certificate, key };
    }
    case 'basic': {
      const password = textMember(json, 'password');
      return password === undefined ? undefined : { kind: 'basic', password };
    }
    default:
      return undefined;
  }
}

/** Checks what global state held; `undefined` where it is no address that may be called. */
export function parseTenantAddress(json: unknown): TenantAddress | undefined {
  const url = isObject(json) ? textMember(json, 'url') : undefined;
  if (!isObject(json) || url === undefined) {
    return undefined;
  }
  const authentication = parseAuthentication(json['authentication']);
  if (authentication === undefined) {
    return undefined;
  }
  try {
    const trustedCa = textMember(json, 'trustedCa');
    return { url: checkTenantUrl(url), authentication, ...(trustedCa === undefined ? {} : { trustedCa }) };
  } catch {
    return undefined;
  }
}

function parseAuthentication(json: unknown): TenantAuthentication | undefined {
  if (!isObject(json)) {
    return undefined;
  }
  const kind = json['kind'];
  if (kind === 'basic') {
    const user = textMember(json, 'user');
    return user === undefined ? undefined : { kind, user };
  }
  const tokenUrl = textMember(json, 'tokenUrl');
  const clientId = textMember(json, 'clientId');
  if (
    (kind !== 'clientSecret' && kind !== 'clientCertificate') ||
    tokenUrl === undefined ||
    clientId === undefined
  ) {
    return undefined;
  }
  try {
    return { kind, tokenUrl: checkTokenUrl(tokenUrl), clientId };
  } catch {
    return undefined;
  }
}

/**
 * Checks and tidies the address of a tenant: https (plain http on loopback only), no user or password; `/api/v1`,
 * the paths of the web pages, query and fragment are taken off. Throws `invalid-input` whose message says what is wrong and whose
 * details name the reason.
 */
export function checkTenantUrl(url: string): string {
  const parsed = parseHttpUrl(url, 'url');
  if (isRuntimeHost(parsed.hostname)) {
    throw invalid(
      'url',
      'runtime-host',
      l10n.t(
        'This is the address that senders call. The keystore needs the address of a service key of plan "api".',
      ),
    );
  }
  if (/^[^.]+\.integrationsuite(?:-[^.]+|trial[^.]*)?\./.test(parsed.hostname)) {
    throw invalid(
      'url',
      'web-host',
      l10n.t(
        'This is the address of the web pages. The keystore needs the "url" of a service key of plan "api".',
      ),
    );
  }
  const path = parsed.pathname
    .replace(/\/(?:api\/v1|itspaces|shell)(?:\/.*)?$/, '')
    .replace(/(?<!\/)\/+$/, '');
  return parsed.origin + path;
}

/** Checks the address of a token endpoint; a query is kept, a fragment is not. */
export function checkTokenUrl(url: string): string {
  const parsed = parseHttpUrl(url, 'tokenUrl');
  parsed.hash = '';
  return parsed.href;
}

/** True for the host of the runtime that senders call: `…-rt.` on Cloud Foundry, `…iflmap.` on Neo. */
export function isRuntimeHost(hostname: string): boolean {
  return /^[^.]+\.it[^.]*-rt\./.test(hostname) || /^[^.]*iflmap\./.test(hostname);
}

/** The account in a Neo host of the form `<account>-tmn.<ssl host>.<landscape host>`. */
export function neoAccount(hostname: string): { account: string; landscapeHost: string } | undefined {
  const match = /^([^.]+)-tmn\.[^.]+\.(.+)$/.exec(hostname);
  const [, account, landscapeHost] = match ?? [];
  return account === undefined || landscapeHost === undefined ? undefined : { account, landscapeHost };
}

/** True for a tenant of the Neo environment: told by its host, or by a user with a password, which Cloud Foundry does not take. */
export function isNeoTenant({ url, authentication }: TenantAddress): boolean {
  return authentication.kind === 'basic' || neoAccount(new URL(url).hostname) !== undefined;
}

/** True for a trial tenant, told by its host; other hosts tell nothing. */
export function isTrialHost(url: string): boolean {
  return /(?:^[^.]*trial\.|\.it-[^.]*trial[^.]*\.|\.hanatrial\.)/.test(new URL(url).hostname);
}

function invalid(field: string, reason: string, message: string): KeystoreError {
  return new KeystoreError('invalid-input', message, { details: { field, reason } });
}

import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import { isObject, parseJson, textMember, type JsonObject } from '../http/checked.js';
import { isLoopbackHost, parseHttpUrl } from '../http/httpAddress.js';
import { isHtml, type HttpAnswer } from '../http/httpMessages.js';
import type { HttpTransport } from '../http/httpTransport.js';
import data from './cfRegions.json' with { type: 'json' };

/** A Cloud Foundry API endpoint that a person may choose. */
export interface CfEndpointProposal {
  readonly apiUrl: string;
  /** SAP's technical name, such as `eu10`; with the number of an extension landscape, such as `eu10-004`. */
  readonly landscape: string;
  /** Where it is; undefined where SAP's list of regions does not name it. */
  readonly place: string | undefined;
}

/** Where Cloud Foundry is asked and where it signs people in; nothing in it is secret. */
export interface CfEndpoint {
  /** Origin, such as `https://api.cf.eu10.hana.ondemand.com`. */
  readonly apiUrl: string;
  /** Where people sign in; the passcode is had below it. */
  readonly loginUrl: string;
  /** Where tokens are issued. */
  readonly uaaUrl: string;
  /** PEM of a CA to trust for these hosts; honoured for loopback hosts only (practice tenant). */
  readonly trustedCa?: string;
}

/** Every endpoint on SAP's list of regions, by landscape. */
export function listCfEndpoints(): readonly CfEndpointProposal[] {
  return data.regions
    .flatMap(({ name, provider, domains }) =>
      domains.map((domain) => proposal(domain, `${name}, ${provider}`)),
    )
    .sort((a, b) => (a.landscape < b.landscape ? -1 : 1));
}

/**
 * The endpoints that the host of a tenant suggests, the likeliest first: the one that its own domain names, then the others
 * of that region, since a subaccount may have its organization in an extension landscape. None where the host names no
 * Cloud Foundry domain (Neo, loopback, custom domains).
 */
export function proposeCfEndpoints(tenantUrl: string): readonly CfEndpointProposal[] {
  const domain = cfDomain(tenantUrl);
  if (domain === undefined) {
    return [];
  }
  const region = regionOf(domain);
  const listed = listCfEndpoints().filter(
    ({ apiUrl }) => regionOf(new URL(apiUrl).hostname.slice(7)) === region,
  );
  const exact = listed.find(({ apiUrl }) => apiUrl === apiUrlOf(domain)) ?? proposal(domain, undefined);
  return [exact, ...listed.filter(({ apiUrl }) => apiUrl !== exact.apiUrl)];
}

/**
 * Checks and tidies the address of an API endpoint: https (plain http on loopback only), no user or password, nothing
 * behind the host. Throws `invalid-input` whose message says what is wrong.
 */
export function checkCfApiUrl(url: string): string {
  return parseHttpUrl(url, 'apiUrl').origin;
}

/**
 * Asks `GET /` of an API endpoint where people sign in; its answer decides, not the form of the address. Throws
 * `invalid-input` for an address that may not be called, `bad-answer` with an explanation where something else than Cloud
 * Foundry answers, and the transport's errors.
 */
export async function discoverCfEndpoint(
  url: string,
  options: {
    readonly transport: Pick<HttpTransport, 'request'>;
    readonly signal: AbortSignal;
    readonly trustedCa?: string | undefined;
  },
): Promise<CfEndpoint> {
  const apiUrl = checkCfApiUrl(url);
  const { trustedCa } = options;
  const answer = await options.transport.request({
    kind: 'read',
    method: 'GET',
    url: `${apiUrl}/`,
    headers: { Accept: 'application/json' },
    trustedCa,
    signal: options.signal,
  });
  const links = linksOf(answer);
  const v3 = link(links, 'cloud_controller_v3');
  const uaaUrl = safeOrigin(link(links, 'uaa'), apiUrl);
  const loginUrl = safeOrigin(link(links, 'login') ?? link(links, 'uaa'), apiUrl);
  if (v3 === undefined || uaaUrl === undefined || loginUrl === undefined || originOf(v3) !== apiUrl) {
    throw notCloudFoundry(answer, 'links');
  }
  return { apiUrl, loginUrl, uaaUrl, ...(trustedCa === undefined ? {} : { trustedCa }) };
}

/** Checks what global state held; `undefined` where it is no endpoint that may be called. */
export function parseCfEndpoint(json: unknown): CfEndpoint | undefined {
  if (!isObject(json)) {
    return undefined;
  }
  try {
    const [apiUrl, loginUrl, uaaUrl] = ['apiUrl', 'loginUrl', 'uaaUrl'].map((name) =>
      checkCfApiUrl(textMember(json, name) ?? ''),
    );
    const trustedCa = textMember(json, 'trustedCa');
    return apiUrl === undefined || loginUrl === undefined || uaaUrl === undefined
      ? undefined
      : { apiUrl, loginUrl, uaaUrl, ...(trustedCa === undefined ? {} : { trustedCa }) };
  } catch {
    return undefined;
  }
}

/** The page that shows a one-time passcode after signing in by a browser. */
export function passcodeUrl(endpoint: CfEndpoint): string {
  return `${endpoint.loginUrl}/passcode`;
}

function proposal(domain: string, place: string | undefined): CfEndpointProposal {
  return { apiUrl: apiUrlOf(domain), landscape: domain.split('.')[0] ?? domain, place };
}

function apiUrlOf(domain: string): string {
  return `https://api.cf.${domain}`;
}

/** `eu10-004.hana.ondemand.com` of `acme.it-cpi001.cfapps.eu10-004.hana.ondemand.com`. */
function cfDomain(tenantUrl: string): string | undefined {
  try {
    const { hostname } = new URL(tenantUrl);
    return /\.cfapps\.([a-z]{2}\d{2}(?:-\d{3})?\.(?:hana\.ondemand\.com|platform\.sapcloud\.cn))$/.exec(
      hostname,
    )?.[1];
  } catch {
    return undefined;
  }
}

/** Region and domain without the number of an extension landscape. */
function regionOf(domain: string): string {
  return domain.replace(/^([a-z]{2}\d{2})-\d{3}\./, '$1.');
}

function linksOf(answer: HttpAnswer): JsonObject {
  const json = answer.status === 200 ? parseJson(answer.body.toString('utf8')) : undefined;
  const links = isObject(json) ? json['links'] : undefined;
  if (!isObject(links)) {
    throw notCloudFoundry(answer, 'root');
  }
  return links;
}

function link(links: JsonObject, name: string): string | undefined {
  const entry = links[name];
  return isObject(entry) ? textMember(entry, 'href') : undefined;
}

function originOf(url: string): string | undefined {
  try {
    return new URL(url).origin;
  } catch {
    return undefined;
  }
}

/** The place where credentials will be sent: https, or this machine where the API itself is on it. */
function safeOrigin(url: string | undefined, apiUrl: string): string | undefined {
  try {
    const parsed = parseHttpUrl(url ?? '', 'link');
    const isNear = isLoopbackHost(new URL(apiUrl).hostname);
    return isLoopbackHost(parsed.hostname) && !isNear ? undefined : parsed.origin;
  } catch {
    return undefined;
  }
}

function notCloudFoundry(answer: HttpAnswer, reason: string): KeystoreError {
  const { host } = new URL(answer.url);
  const explanation =
    answer.status >= 500
      ? l10n.t('"{0}" reports an error of its own ({1}). Try again later.', host, answer.status)
      : l10n.t(
          '"{0}" does not answer as a Cloud Foundry API. Its address has the form https://api.cf.<region>.hana.ondemand.com; the cockpit shows it on the overview page of the subaccount.',
          host,
        );
  return new KeystoreError(
    answer.status >= 500 ? 'server-error' : 'bad-answer',
    `the root document of a Cloud Foundry API was expected (${answer.status})`,
    {
      details: {
        host,
        status: answer.status,
        reason,
        explanation,
        ...(isHtml(answer) ? { html: true } : {}),
      },
    },
  );
}

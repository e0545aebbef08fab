import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import { HttpTransport } from '../http/httpTransport.js';
import type { Wait } from '../http/waiting.js';
import { CfApi } from '../platform/cfApi.js';
import { discoverCfEndpoint, parseCfEndpoint, type CfEndpoint } from '../platform/cfEndpoint.js';
import type { CfTokenStore } from '../platform/cfTokens.js';
import { UaaSession, type CfRequest } from '../platform/uaaSession.js';
import type { Log } from './log.js';

/** The way to one Cloud Foundry for one signed-in person. */
export interface CloudFoundryAccess {
  readonly endpoint: CfEndpoint;
  /** Reads and writes; writes go only through `CloudFoundry.change`. */
  readonly api: CfApi;
  readonly session: UaaSession;
}

/** What is needed to reach a Cloud Foundry. */
export interface ReachOptions {
  readonly log: Pick<Log, 'info'>;
  readonly timeoutMs: () => number;
}

/** Makes the way to one Cloud Foundry; this module is loaded when it is first asked. */
export function openCloudFoundryAccess(
  kept: CfEndpoint,
  options: ReachOptions & {
    readonly store: CfTokenStore;
    readonly clock?: () => number;
    readonly wait?: Wait;
    /** Hears that Cloud Foundry does not take the session any more. */
    readonly onExpired: () => Promise<void>;
  },
): CloudFoundryAccess {
  const { store, clock, wait } = options;
  const endpoint = parseCfEndpoint(kept);
  if (endpoint === undefined) {
    throw new KeystoreError('signed-out', 'the kept API endpoint may not be called', {
      details: { where: 'cf' },
    });
  }
  const session = new UaaSession({
    endpoint,
    transport: transportOf(options),
    store,
    ...(clock === undefined ? {} : { clock }),
    ...(wait === undefined ? {} : { wait }),
  });
  const send = async (request: CfRequest, signal: AbortSignal) => {
    try {
      const answer = await session.send(request, signal);
      if (answer.status === 401) {
        await options.onExpired();
      }
      return answer;
    } catch (error) {
      if (KeystoreError.is(error, 'signed-out')) {
        await options.onExpired();
      }
      throw error;
    }
  };
  const api = new CfApi({ send, mask: (text) => session.mask(text), clock: session.clock });
  return { endpoint, api, session };
}

/** Asks an API endpoint where people sign in; see `discoverCfEndpoint`. */
export async function discover(
  apiUrl: string,
  options: ReachOptions,
  signal: AbortSignal,
): Promise<CfEndpoint> {
  return await discoverCfEndpoint(apiUrl, { transport: transportOf(options), signal });
}

/** A transport whose failures name the host, since Cloud Foundry is another one than the tenant's. */
function transportOf({ log, timeoutMs }: ReachOptions): Pick<HttpTransport, 'request'> {
  const transport = new HttpTransport({
    timeoutMs,
    log: ({ method, path, status, milliseconds, failure }) =>
      log.info(`${method} ${path} ${status ?? failure ?? 'no answer'} ${Math.round(milliseconds)} ms`),
  });
  return {
    request: async (request) => {
      try {
        return await transport.request(request);
      } catch (error) {
        throw KeystoreError.is(error) && error.details.where === undefined
          ? new KeystoreError(error.code, error.message, {
              cause: error.cause,
              details: { ...error.details, where: 'cf', ...explanation(error, new URL(request.url).host) },
            })
          : error;
      }
    },
  };
}

function explanation({ code }: KeystoreError, host: string): { readonly explanation?: string } {
  switch (code) {
    case 'offline':
      return {
        explanation: l10n.t(
          '"{0}" cannot be reached. Check the network, the proxy settings and the API endpoint.',
          host,
        ),
      };
    case 'timeout':
      return { explanation: l10n.t('"{0}" did not answer in time. Try again.', host) };
    case 'bad-answer':
      return { explanation: l10n.t('"{0}" gave an answer that cannot be read. Try again.', host) };
    default:
      return {};
  }
}

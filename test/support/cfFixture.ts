import { HttpTransport } from '../../src/http/httpTransport.js';
import type { RequestLine } from '../../src/http/httpMessages.js';
import type { CfEndpoint } from '../../src/platform/cfEndpoint.js';
import { publicClient, type CfTokens, type CfTokenStore } from '../../src/platform/cfTokens.js';
import { UaaSession } from '../../src/platform/uaaSession.js';
import { ManualClock } from './manualClock.js';
import { ScriptedServer } from './scriptedServer.js';

/** Tokens in memory in place of SecretStorage. */
export class MemoryTokenStore implements CfTokenStore {
  stored: CfTokens | undefined;
  load(): Promise<CfTokens | undefined> {
    return Promise.resolve(this.stored);
  }
  save(tokens: CfTokens): Promise<void> {
    this.stored = tokens;
    return Promise.resolve();
  }
  forget(): Promise<void> {
    this.stored = undefined;
    return Promise.resolve();
  }
}

/** A scripted Cloud Foundry and a session with it, signed in with a token that holds for an hour. */
export interface CfFixture {
  readonly server: ScriptedServer;
  readonly endpoint: CfEndpoint;
  readonly store: MemoryTokenStore;
  readonly clock: ManualClock;
  readonly session: UaaSession;
  readonly transport: HttpTransport;
  readonly lines: RequestLine[];
}

/** A token as UAA writes it; `exp` in seconds since the epoch. */
export function userToken(claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part(claims)}.signature`;
}

/** Starts a server; the caller stops it. */
export async function startCf(): Promise<CfFixture> {
  const server = await ScriptedServer.start();
  const clock = new ManualClock();
  const store = new MemoryTokenStore();
  const lines: RequestLine[] = [];
  store.stored = {
    accessToken: 'ACCESS-canary-1',
    expiresAt: clock.now + 3_600_000,
    refreshToken: 'REFRESH-canary-1',
    client: publicClient,
  };
  const endpoint = { apiUrl: server.url, loginUrl: server.url, uaaUrl: server.url };
  const transport = new HttpTransport({ timeoutMs: () => 2_000, log: (line) => lines.push(line) });
  const session = new UaaSession({ endpoint, transport, store, clock: clock.clock, wait: clock.wait });
  return { server, endpoint, store, clock, session, transport, lines };
}

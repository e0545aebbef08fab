import { HttpTransport } from '../../src/http/httpTransport.js';
import type { RequestLine } from '../../src/http/httpMessages.js';
import { ODataKeystoreClient } from '../../src/tenant/keystoreClient.js';
import type { TenantAddress, TenantSecret } from '../../src/tenant/tenantAddress.js';
import { TenantSession } from '../../src/tenant/tenantSession.js';
import { ManualClock } from './manualClock.js';
import { TenantDouble, type TenantDoubleOptions } from './tenantDouble.js';

/** A tenant double and a client that talks to it, with a clock that tests move. */
export interface TenantFixture {
  readonly double: TenantDouble;
  readonly clock: ManualClock;
  readonly session: TenantSession;
  readonly client: ODataKeystoreClient;
  readonly lines: RequestLine[];
  /** What the session reads as its secret; tests may change it. */
  secret: TenantSecret | undefined;
  /** Milliseconds after which a request is given up. */
  timeoutMs: number;
}

/** Starts a double and connects to it; the caller stops the double. */
export async function startTenant(
  options: TenantDoubleOptions & { readonly basic?: boolean } = {},
): Promise<TenantFixture> {
  const double = await TenantDouble.start(options);
  const clock = new ManualClock();
  const lines: RequestLine[] = [];
  const address: TenantAddress = {
    url: double.url,
    authentication:
      options.basic === true
        ? { kind: 'basic', user: 'S0001' }
        : { kind: 'clientSecret', tokenUrl: double.tokenUrl, clientId: double.clientId },
  };
  const transport = new HttpTransport({
    timeoutMs: () => fixture.timeoutMs,
    log: (line) => lines.push(line),
  });
  const session = new TenantSession({
    address,
    secret: () => Promise.resolve(fixture.secret),
    transport,
    clock: clock.clock,
    wait: clock.wait,
  });
  const fixture: TenantFixture = {
    double,
    clock,
    session,
    client: new ODataKeystoreClient(session),
    lines,
    secret:
      options.basic === true
        ? { kind: 'basic', password: 'PASSWORD-canary-11' }
        : { kind: 'clientSecret', clientSecret: double.clientSecret },
    timeoutMs: 10_000,
  };
  return fixture;
}

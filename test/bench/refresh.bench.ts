import { HttpTransport } from '../../src/http/httpTransport.js';
import { ODataKeystoreClient } from '../../src/tenant/keystoreClient.js';
import { readServiceKey } from '../../src/tenant/serviceKey.js';
import { TenantSession } from '../../src/tenant/tenantSession.js';
import { compared, sideBySide, type Tell } from './figures.js';
import { entriesOf, keystoreAnswers, serviceKeyFor } from './manyEntries.js';
import { bareGets, servePrepared } from './preparedServer.js';

const count = 6000;
const { signal } = new AbortController();

/** A keystore of 6,000 entries read beside the same GETs with JSON.parse; the server is a process of its own. */
export async function measure(tell: Tell): Promise<void> {
  const server = await servePrepared(keystoreAnswers(entriesOf(count, Date.now())));
  const reading = readServiceKey(serviceKeyFor(server.origin));
  if (reading.kind !== 'api') {
    throw new Error('The service key of the bench is none of plan api.');
  }
  // Each reading begins a second later by this clock, so that the rate limit makes none of them wait.
  let now = Date.now();
  const session = new TenantSession({
    address: reading.address,
    secret: () => Promise.resolve(reading.secret),
    transport: new HttpTransport({ timeoutMs: () => 30_000, log: () => {} }),
    clock: () => now,
  });
  const client = new ODataKeystoreClient(session);
  const read = async (): Promise<void> => {
    now += 1_000;
    const entries = await client.readEntries({ signal });
    if (entries.length !== count) {
      throw new Error(`${String(entries.length)} entries were read instead of ${String(count)}.`);
    }
  };
  try {
    await read();
    const pages = (await server.asked()).filter((path) => path.startsWith('/api/'));
    const found = await sideBySide(31, read, () => bareGets(server.origin, pages));
    tell(
      compared('6,000 entries read', found, {
        beside: `${String(pages.length)} GETs with JSON.parse`,
        atMost: 1.5,
      }),
    );
  } finally {
    await server.stop();
  }
}

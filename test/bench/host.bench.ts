import { join } from 'node:path';
import { delay } from '../../tools/lib/children.mjs';
import { root } from '../../tools/lib/paths.mjs';
import type { ExtensionObjects } from '../../src/extension.js';
import { readServiceKey } from '../../src/tenant/serviceKey.js';
import { Workbench } from '../browser/workbench.js';
import { aimText, median, sideBySide, type Comparison, compared, type Tell } from './figures.js';
import { entriesOf, keystoreAnswers, serviceKeyFor } from './manyEntries.js';
import { servePrepared, type PreparedServer } from './preparedServer.js';

const count = 6000;
/** Windows of each kind. */
const windows = 3;
const refreshes = 9;
/** SAP allows ten requests a second, and the extension keeps to it: a refresh that follows too soon would wait. */
const rateLimitMs = 1_100;

/** What an extension host uses, in megabytes. */
interface Memory {
  readonly heap: number;
  readonly resident: number;
}

interface Hosted {
  readonly once: Memory;
  readonly often: Memory;
  readonly closed: Comparison;
  readonly opened: Comparison;
}

/** A refresh of 6,000 entries in a real extension host: its time, and the memory above a host with an empty extension. */
export async function measure(tell: Tell): Promise<void> {
  const server = await servePrepared(keystoreAnswers(entriesOf(count, Date.now())));
  try {
    const hosts: { readonly own: Hosted; readonly empty: Memory }[] = [];
    for (let index = 0; index < windows; index++) {
      hosts.push({ empty: await emptyHost(), own: await hostWithEntries(server) });
    }
    const above = (part: keyof Memory, when: 'once' | 'often'): number =>
      median(hosts.map(({ own, empty }) => own[when][part] - empty[part]));
    const [first] = hosts;
    if (first === undefined) {
      return;
    }
    const pages = 'GETs with JSON.parse in the same host';
    tell(
      compared('Refresh of 6,000 entries, tenant closed', first.own.closed, { beside: pages, atMost: 1.5 }),
    );
    tell(
      compared('Refresh of 6,000 entries, all of them open in the tree', first.own.opened, { beside: pages }),
    );
    for (const [what, when] of [
      ['after a refresh of 6,000 entries', 'once'],
      [`after ${String(2 * refreshes)} more`, 'often'],
    ] as const) {
      tell({
        what: `Heap of the extension host ${what}`,
        here: megabytes(above('heap', when)),
        beside: `above that with an empty extension: ${megabytes(median(hosts.map(({ empty }) => empty.heap)))}`,
        aim: aimText(above('heap', when), 40, 'MB'),
      });
      tell({
        what: `Resident memory of the extension host ${what}`,
        here: megabytes(above('resident', when)),
        beside: `above that with an empty extension: ${megabytes(median(hosts.map(({ empty }) => empty.resident)))}`,
        aim: aimText(above('resident', when), 40, 'MB'),
      });
    }
  } finally {
    await server.stop();
  }
}

async function emptyHost(): Promise<Memory> {
  const workbench = await Workbench.open({
    extensions: [join(root, 'test/bench/emptyExtension')],
    withoutExtension: true,
  });
  try {
    // Nothing answers to the command; calling it makes the empty extension active.
    await workbench.executeCommand('benchEmpty.activate').catch(() => undefined);
    return await memoryOf(workbench);
  } finally {
    await workbench.close();
  }
}

async function hostWithEntries(server: PreparedServer): Promise<Hosted> {
  const workbench = await Workbench.open();
  try {
    await workbench.openContainer('SAP Keystore');
    const tenantId = await addTenant(workbench, server.origin);
    // Without groups every entry is a row of the tenant.
    await workbench.inHost(async ({ choices }: ExtensionObjects) => {
      await choices.change({ groupBy: 'none' });
    });
    await workbench.inHost(refreshInHost, tenantId);
    await open(workbench, 'Bench', 'acme-');
    const once = await memoryOf(workbench);
    await workbench.collapse('Bench');
    const closed = await refreshed(workbench, server, tenantId);
    await open(workbench, 'Bench', 'acme-');
    const opened = await refreshed(workbench, server, tenantId);
    return { once, closed, opened, often: await memoryOf(workbench) };
  } finally {
    await workbench.close();
  }
}

/** Opens a row until one below it is seen: a click may meet a row that opens by itself just then, and close it. */
async function open(workbench: Workbench, name: string, below: string): Promise<void> {
  const isSeen = (rows: readonly string[]): boolean => rows.some((row) => row.trimStart().startsWith(below));
  for (let attempt = 1; ; attempt++) {
    await workbench.expand(name);
    try {
      // A row counts as closed while what is below it is on its way; clicking meanwhile would close it again.
      await workbench.rowsWhen(`${name} is open`, isSeen, 20_000);
      return;
    } catch (error) {
      if (attempt === 4) {
        throw error;
      }
    }
  }
}

async function addTenant(workbench: Workbench, origin: string): Promise<string> {
  const reading = readServiceKey(serviceKeyFor(origin));
  if (reading.kind !== 'api') {
    throw new Error('The service key of the bench is none of plan api.');
  }
  const { address, secret } = reading;
  const id = await workbench.inHost(
    async ({ connections }: ExtensionObjects, tenant: { address: never; secret: never }) =>
      (
        await connections.add(
          { name: 'Bench', stage: undefined, practice: false, address: tenant.address },
          tenant.secret,
        )
      ).id,
    { address, secret },
  );
  return String(id);
}

/** Refreshes beside the same GETs in the same host; both sides are timed within it. */
async function refreshed(
  workbench: Workbench,
  server: PreparedServer,
  tenantId: string,
): Promise<Comparison> {
  await server.asked();
  const refresh = async (): Promise<void> => {
    await delay(rateLimitMs);
    await workbench.inHost(refreshInHost, tenantId);
  };
  await refresh();
  const urls = (await server.asked()).map((path) => server.origin + path);
  return await sideBySide(
    refreshes,
    async () => {
      await delay(rateLimitMs);
      return Number(await workbench.inHost(refreshInHost, tenantId));
    },
    async () => Number(await workbench.inHost(getInHost, urls)),
  );
}

/** Milliseconds that a refresh takes. */
const refreshInHost = async ({ keystores }: ExtensionObjects, id: string): Promise<number> => {
  const started = performance.now();
  await keystores.refresh(id);
  const took = performance.now() - started;
  if (keystores.entries(id)?.length !== 6000) {
    throw new Error('The entries were not read.');
  }
  return took;
};

/** Milliseconds that the GETs one after the other take, parsed as JSON and no more. */
const getInHost = async (_: ExtensionObjects, urls: readonly string[]): Promise<number> => {
  const http = process.getBuiltinModule('node:http');
  const started = performance.now();
  for (const url of urls) {
    const body = await new Promise<Buffer>((resolve, reject) => {
      http
        .get(url, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => resolve(Buffer.concat(chunks)));
        })
        .on('error', reject);
    });
    JSON.parse(body.toString('utf8'));
  }
  return performance.now() - started;
};

async function memoryOf(workbench: Workbench): Promise<Memory> {
  const samples: Memory[] = [];
  for (let sample = 0; sample < 5; sample++) {
    await delay(500);
    const { heapUsed, external, rss } = await workbench.memory();
    samples.push({ heap: (heapUsed + external) / 1e6, resident: rss / 1e6 });
  }
  return {
    heap: median(samples.map(({ heap }) => heap)),
    resident: median(samples.map(({ resident }) => resident)),
  };
}

function megabytes(value: number): string {
  return `${value.toFixed(1)} MB`;
}

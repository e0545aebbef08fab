import assert from 'node:assert/strict';
import { Cancelled, KeystoreError } from '../../../src/errors.js';
import { Keystores, type TenantAccess } from '../../../src/services/keystores.js';
import type { KeystoreEntry } from '../../../src/tenant/keystoreEntry.js';
import { connectionsOf } from '../../support/connections.js';

const never = new AbortController().signal;
const entry = (alias: string): KeystoreEntry => ({ alias, hexalias: alias }) as KeystoreEntry;

/** Keystores of one tenant whose reads are answered by hand. */
async function world(): Promise<{
  keystores: Keystores;
  id: string;
  reads: ((answer: Error | readonly KeystoreEntry[]) => void)[];
  failures: unknown[];
  connections: ReturnType<typeof connectionsOf>;
}> {
  const connections = connectionsOf();
  const { id } = await connections.add(
    {
      name: 'ACME',
      stage: undefined,
      practice: false,
      address: {
        url: 'https://acme.it-cpi001.cfapps.eu10.hana.ondemand.com',
        authentication: { kind: 'basic', user: 'S0001' },
      },
    },
    { kind: 'basic', password: 'x' },
  );
  const reads: ((answer: Error | readonly KeystoreEntry[]) => void)[] = [];
  const readEntries = (): Promise<readonly KeystoreEntry[]> =>
    new Promise((resolve, reject) => {
      reads.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer)));
    });
  const access = { client: { readEntries }, mayMove: false } as unknown as TenantAccess;
  const failures: unknown[] = [];
  const keystores = new Keystores(connections, () => Promise.resolve(access), {
    now: () => 0,
    onFailure: (name, error) => failures.push([name, error]),
  });
  return { keystores, id, reads, failures, connections };
}

/** Lets what is ready run. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('Keystores', () => {
  it('shows a failure, tells the log of it, and throws it whole where a command needs the entries', async () => {
    const { keystores, id, reads, failures } = await world();
    const offline = new KeystoreError('offline', 'x', {
      details: { host: 'auth.acme.example', reason: 'ENOTFOUND' },
    });
    const reading = keystores.entriesOrRead(id, never);
    await settle();
    reads[0]?.(offline);
    await assert.rejects(reading, (error) => error === offline);
    assert.deepEqual(keystores.tenants()[0]?.status, {
      kind: 'failed',
      code: 'offline',
      detail: 'auth.acme.example (ENOTFOUND)',
    });
    assert.deepEqual(failures, [['ACME', offline]]);
  });

  it('lets go at once of a command that is cancelled, and reads on for the tree', async () => {
    const { keystores, id, reads } = await world();
    const controller = new AbortController();
    const reading = keystores.entriesOrRead(id, controller.signal);
    await settle();
    controller.abort();
    await assert.rejects(reading, Cancelled);
    reads[0]?.([entry('A1')]);
    await settle();
    assert.equal(keystores.tenants()[0]?.status.kind, 'loaded');
  });

  it('is signed out where the secret is lost, which is no failure to be logged', async () => {
    const { keystores, id, reads, failures } = await world();
    const reading = keystores.refresh(id);
    await settle();
    reads[0]?.(new KeystoreError('signed-out', 'x'));
    await reading;
    assert.deepEqual(keystores.tenants()[0]?.status, { kind: 'signedOut' });
    assert.deepEqual(failures, []);
  });

  it('reads once for many that ask at the same time', async () => {
    const { keystores, id, reads } = await world();
    const all = Promise.all([
      keystores.refresh(id),
      keystores.entriesOrRead(id, never),
      keystores.refresh(id),
    ]);
    await settle();
    assert.equal(reads.length, 1);
    reads[0]?.([entry('A1')]);
    await all;
    assert.deepEqual(keystores.entries(id), [entry('A1')]);
  });

  it('keeps what was read before where a later read fails', async () => {
    const { keystores, id, reads } = await world();
    const first = keystores.refresh(id);
    await settle();
    reads[0]?.([entry('A1')]);
    await first;
    const second = keystores.refresh(id);
    await settle();
    reads[1]?.(new KeystoreError('server-error', 'x', { details: { said: 'Out of order' } }));
    await second;
    assert.deepEqual(keystores.tenants()[0]?.status, {
      kind: 'failed',
      code: 'server-error',
      detail: 'Out of order',
      previous: [entry('A1')],
    });
  });

  it('drops the late answer of a tenant that was removed meanwhile', async () => {
    const { keystores, id, reads, connections, failures } = await world();
    const told: (string | undefined)[] = [];
    const reading = keystores.refresh(id);
    await settle();
    await connections.remove(id);
    keystores.onDidChange((changed) => told.push(changed));
    reads[0]?.([entry('A1')]);
    await reading;
    assert.deepEqual(told, []);
    assert.deepEqual(keystores.tenants(), []);
    assert.deepEqual(failures, []);
  });
});

import assert from 'node:assert/strict';
import { Cancelled, KeystoreError } from '../../../src/errors.js';
import { readCertificate } from '../../../src/pki/certificate.js';
import { formatFingerprint } from '../../../src/pki/certificate.js';
import { PublicKeys } from '../../../src/services/publicKeys.js';
import type { Connection } from '../../../src/services/connection.js';
import type { KeystoreEntry } from '../../../src/tenant/keystoreEntry.js';
import { keystoreEntry } from '../../support/keystoreEntries.js';
import { issue, newKey, type Issued } from '../pki/testAuthority.js';

const signal = new AbortController().signal;

/** Tenants with entries and their certificates; counts what is read. */
class Tenants {
  readonly reads: string[] = [];
  readonly failing = new Map<string, KeystoreError>();
  running = 0;
  mostAtOnce = 0;
  onRead: () => void = () => undefined;
  private readonly content = new Map<string, readonly { entry: KeystoreEntry; der: Uint8Array }[]>();

  add(name: string, issued: Readonly<Record<string, Issued>>): void {
    this.content.set(
      name,
      Object.entries(issued).map(([alias, { certificate }]) => ({
        entry: keystoreEntry({ alias, fingerprintSha256: formatFingerprint(certificate.sha256) }),
        der: certificate.der,
      })),
    );
  }

  keys(): PublicKeys {
    const connections = {
      list: () => [...this.content.keys()].map((name) => ({ id: name, name }) as unknown as Connection),
    };
    const keystores = {
      entriesOrRead: (id: string) => {
        const error = this.failing.get(id);
        return error === undefined
          ? Promise.resolve((this.content.get(id) ?? []).map(({ entry }) => entry))
          : Promise.reject(error);
      },
      access: (id: string) =>
        Promise.resolve({
          client: { readCertificate: (hexalias: string) => this.read(id, hexalias) },
        }),
    };
    return new PublicKeys(connections, keystores as never);
  }

  private async read(id: string, hexalias: string): Promise<Uint8Array> {
    const found = this.content.get(id)?.find(({ entry }) => entry.hexalias === hexalias);
    assert.ok(found);
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.running);
    await Promise.resolve();
    this.running--;
    this.reads.push(`${id}/${found.entry.alias}`);
    this.onRead();
    const error = this.failing.get(`${id}/${found.entry.alias}`);
    if (error !== undefined) {
      throw error;
    }
    return found.der;
  }
}

describe('entries by public key', () => {
  const key = newKey();
  const old = issue({ subject: 'CN=orders', key });
  const renewed = issue({ subject: 'CN=orders-new', key });
  const other = issue({ subject: 'CN=other' });
  const wanted = new Set([readCertificate(old.certificate.der).spkiSha256]);
  const aliases = ({ owners }: Awaited<ReturnType<PublicKeys['find']>>): readonly string[] =>
    owners.map(({ connection, entry }) => `${connection.name}/${entry.alias}`).sort();

  it('are found in every tenant, whatever the certificate says', async () => {
    const tenants = new Tenants();
    tenants.add('Dev', { orders: old, other });
    tenants.add('Prod', { renewed });
    const search = await tenants.keys().find(wanted, { signal });
    assert.deepEqual(aliases(search), ['Dev/orders', 'Prod/renewed']);
    assert.equal(search.compared, 3);
  });

  it('are read once for each certificate, and not at all where they do not suit', async () => {
    const tenants = new Tenants();
    tenants.add('Dev', { orders: old, other });
    tenants.add('Prod', { copy: old });
    const keys = tenants.keys();
    await keys.find(wanted, { signal, suits: ({ alias }) => alias !== 'other' });
    assert.deepEqual(tenants.reads, ['Dev/orders']);
    const told: string[] = [];
    const search = await keys.find(wanted, {
      signal,
      report: (done, total) => told.push(`${done}/${total}`),
    });
    assert.deepEqual(tenants.reads, ['Dev/orders', 'Dev/other']);
    assert.deepEqual(aliases(search), ['Dev/orders', 'Prod/copy']);
    assert.deepEqual(told, ['1/3', '2/3', '3/3']);
  });

  it('are read few at a time, and no more once it is cancelled', async () => {
    const tenants = new Tenants();
    tenants.add(
      'Dev',
      Object.fromEntries(
        Array.from({ length: 40 }, (_, index) => [`e${index}`, issue({ subject: `CN=e${index}` })]),
      ),
    );
    const controller = new AbortController();
    tenants.onRead = () => {
      if (tenants.reads.length === 10) {
        controller.abort();
      }
    };
    await assert.rejects(tenants.keys().find(wanted, { signal: controller.signal }), Cancelled);
    assert.ok(tenants.mostAtOnce <= 4, `${tenants.mostAtOnce} at once`);
    assert.ok(tenants.reads.length < 20, `${tenants.reads.length} reads`);
  });

  it('name tenants and entries that could not be read, and give up a tenant that does not answer', async () => {
    const tenants = new Tenants();
    tenants.add('Dev', { orders: old, other });
    tenants.add('Gone', { copy: old });
    const many = Object.fromEntries(
      Array.from({ length: 30 }, (_, index) => [`e${index}`, issue({ subject: `CN=e${index}` })]),
    );
    tenants.add('Down', many);
    tenants.failing.set('Gone', new KeystoreError('offline', 'gone'));
    tenants.failing.set('Dev/other', new KeystoreError('not-found', 'deleted meanwhile'));
    for (const alias of Object.keys(many)) {
      tenants.failing.set(`Down/${alias}`, new KeystoreError('timeout', 'slow'));
    }
    const search = await tenants.keys().find(wanted, { signal });
    assert.deepEqual(aliases(search), ['Dev/orders']);
    assert.deepEqual(search.unreadTenants, ['Gone']);
    assert.equal(search.unreadEntries.length, 31);
    assert.equal(search.compared, 1);
    assert.ok(tenants.reads.filter((read) => read.startsWith('Down/')).length <= 8);
  });
});

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import http from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeystoreError } from '../../../src/errors.js';
import { HttpTransport } from '../../../src/http/httpTransport.js';
import { PracticeAuthority } from '../../../src/practice/authority.js';
import type { Fault } from '../../../src/practice/faults.js';
import { PracticeNeo, type StoredMapping } from '../../../src/practice/neo/practiceNeo.js';
import { PracticeFiles } from '../../../src/practice/practiceFiles.js';
import {
  deleteCertificateUserMapping,
  listCertificateUserMappings,
  mapCertificate,
  mappingId,
  readCertificateUserMapping,
} from '../../../src/tenant/certificateUserMappings.js';
import { TenantSession } from '../../../src/tenant/tenantSession.js';
import { startTenant } from '../../support/tenantFixture.js';

const { signal } = new AbortController();

describe('certificate-to-user mappings', () => {
  let neo: PracticeNeo;
  let server: http.Server;
  let session: TenantSession;
  let stored: readonly StoredMapping[];
  let ders: readonly Uint8Array[];

  before(async () => {
    const directory = await mkdtemp(join(tmpdir(), 'neo-'));
    const { root, intermediate, stranger } = await PracticeAuthority.open(
      new PracticeFiles(directory),
      Date.now,
    );
    ders = [root, intermediate, stranger].map(({ certificate }) => certificate.der);
    await rm(directory, { recursive: true });
  });
  beforeEach(async () => {
    stored = [];
    neo = new PracticeNeo({
      load: () => Promise.resolve(stored),
      save: (mappings) => {
        stored = mappings;
        return Promise.resolve();
      },
      clock: Date.now,
    });
    server = http.createServer((request, response) => neo.handle(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    assert.ok(typeof address === 'object' && address !== null);
    const { clientId, clientSecret } = neo.credentials;
    session = new TenantSession({
      address: { url: `http://127.0.0.1:${address.port}`, authentication: { kind: 'basic', user: clientId } },
      secret: () => Promise.resolve({ kind: 'basic', password: clientSecret }),
      transport: new HttpTransport({ timeoutMs: () => 2_000, log: () => {} }),
    });
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const der = (index = 0): Uint8Array => ders[index] ?? new Uint8Array();
  const fails = async (work: Promise<unknown>, code: string): Promise<KeystoreError> => {
    const error: unknown = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(KeystoreError.is(error), String(error));
    assert.equal(error.code, code);
    return error;
  };
  const fault = (operation: string, one: Fault): void => neo.faults.add({ operation, fault: one, times: 1 });

  it('creates, lists with pages, changes the user only when the old one is named, deletes', async () => {
    assert.deepEqual(
      await mapCertificate(session, { der: der(), user: 'sender', expectedUser: undefined }, signal),
      { before: undefined, answerLost: false },
    );
    const id = createHash('md5').update(der()).digest('hex');
    assert.equal(mappingId(der()), id);
    const refused = await fails(
      mapCertificate(session, { der: der(), user: 'other', expectedUser: undefined }, signal),
      'already-exists',
    );
    assert.equal(refused.details['user'], 'sender');
    assert.equal(stored[0]?.user, 'sender');
    const changed = await mapCertificate(
      session,
      { der: der(), user: 'other', expectedUser: 'sender' },
      signal,
    );
    assert.equal(changed.before?.user, 'sender');
    await mapCertificate(session, { der: der(1), user: 'other', expectedUser: undefined }, signal);
    neo.faults.pageSize = 1;
    const list = await listCertificateUserMappings(session, signal);
    assert.ok(list.kind === 'known');
    assert.deepEqual(
      list.mappings.map(({ user }) => user),
      ['other', 'other'],
    );
    await fails(deleteCertificateUserMapping(session, { id, user: 'sender' }, signal), 'already-exists');
    await deleteCertificateUserMapping(session, { id, user: 'other' }, signal);
    assert.equal(await readCertificateUserMapping(session, id, signal), undefined);
    assert.deepEqual(
      neo.journal.performed.map(({ operation }) => operation),
      ['map', 'map', 'map', 'unmap'],
    );
  });

  it('sends a write once and reads back what a lost answer leaves open', async () => {
    const wish = { der: der(), user: 'sender', expectedUser: undefined };
    fault('map', { kind: 'dropBefore' });
    const lost = await fails(mapCertificate(session, wish, signal), 'answer-lost');
    assert.equal(lost.details.performed, 'no');
    assert.equal(neo.journal.performed.length, 0);
    fault('map', { kind: 'dropAfter' });
    assert.equal((await mapCertificate(session, wish, signal)).answerLost, true);
    fault('unmap', { kind: 'dropAfter' });
    assert.equal(
      (await deleteCertificateUserMapping(session, { id: mappingId(der()), user: 'sender' }, signal))
        .answerLost,
      true,
    );
    assert.deepEqual(
      neo.journal.performed.map(({ operation }) => operation),
      ['map', 'unmap'],
    );
  });

  it('refuses what exceeds the limits before anything is sent', async () => {
    await fails(
      mapCertificate(session, { der: der(), user: 'x'.repeat(151), expectedUser: undefined }, signal),
      'invalid-input',
    );
    await fails(
      mapCertificate(session, { der: new Uint8Array(8_000), user: 'x', expectedUser: undefined }, signal),
      'invalid-input',
    );
    assert.equal(neo.journal.received.length, 0);
  });

  it('tells that a tenant of Cloud Foundry offers none', async () => {
    const { double, session: other } = await startTenant();
    try {
      assert.deepEqual(await listCertificateUserMappings(other, signal), { kind: 'notOffered' });
    } finally {
      await double.stop();
    }
  });
});

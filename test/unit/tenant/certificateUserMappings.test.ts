import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { KeystoreError } from '../../../src/errors.js';
import {
  certificateSizeProblem,
  mappingId,
  sentCertificate,
  userProblem,
  type CertificateUserMapping,
  type UserMappingClient,
} from '../../../src/tenant/certificateUserMappings.js';
import { deleteMapping, mapCertificate } from '../../../src/services/userMappingWrites.js';
import { NeoWorld } from '../../support/neoWorld.js';

const { signal } = new AbortController();

describe('certificate-to-user mappings', () => {
  let world: NeoWorld;
  let client: UserMappingClient;
  let der: Uint8Array;

  before(async () => {
    world = await NeoWorld.open();
    client = (await world.access(world.tenantId)).mappings;
  });
  after(() => world.dispose());
  beforeEach(async () => {
    world.tenant.neo.faults.clear();
    world.tenant.neo.faults.pageSize = 1000;
    der = (await world.senderFile('CN=sender.example')).leaf.der;
    world.tenant.neo.journal.clear();
  });
  const fails = async (work: Promise<unknown>, code: string): Promise<KeystoreError> => {
    const error: unknown = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(KeystoreError.is(error), String(error));
    assert.equal(error.code, code);
    return error;
  };

  it('creates, changes the user only where what is there was seen, and deletes', async () => {
    const id = createHash('md5').update(der).digest('hex');
    assert.equal(mappingId(der), id);
    const created = await mapCertificate(client, { der, user: ' sender ', seen: undefined }, signal);
    assert.deepEqual(
      [created.before, created.after?.user, created.after?.id, created.answerLost],
      [undefined, 'sender', id, false],
    );
    const refused = await fails(
      mapCertificate(client, { der, user: 'other', seen: undefined }, signal),
      'already-exists',
    );
    assert.equal(refused.details['user'], 'sender');
    assert.equal((await world.held()).get(id), 'sender');
    const changed = await mapCertificate(
      client,
      { der, user: 'other', seen: { id, user: 'sender' } },
      signal,
    );
    assert.deepEqual([changed.before?.user, changed.after?.user], ['sender', 'other']);
    await fails(deleteMapping(client, { id, user: 'sender' }, signal), 'already-exists');
    assert.equal((await deleteMapping(client, { id, user: 'other' }, signal)).before?.user, 'other');
    assert.equal((await deleteMapping(client, { id, user: 'other' }, signal)).before, undefined);
    assert.equal(await client.read(id, signal), undefined);
    assert.deepEqual(world.performed(), ['map', 'map', 'unmap']);
  });

  it('reads the list over pages of any size, whichever form their links have', async () => {
    const whole = await client.list(signal);
    world.tenant.neo.faults.pageSize = 3;
    for (const nextLink of ['absolute', 'relative'] as const) {
      world.tenant.neo.faults.nextLink = nextLink;
      assert.deepEqual(await client.list(signal), whole);
    }
    assert.ok(whole.kind === 'known' && whole.mappings.length > 6);
  });

  it('finds a mapping by its certificate where the tenant computes another identifier', async () => {
    const id = 'f'.repeat(32);
    const kept: CertificateUserMapping[] = [];
    const other: UserMappingClient = {
      read: () => Promise.resolve(undefined),
      delete: () => Promise.reject(new Error('not asked for')),
      map: (wish) => {
        const certificate = sentCertificate(wish.der);
        const unknown = { validUntil: undefined, lastModifiedBy: undefined, lastModifiedTime: undefined };
        kept.push({ id, user: wish.user, certificate, ...unknown });
        return Promise.resolve();
      },
      list: () => Promise.resolve({ kind: 'known', mappings: kept }),
    };
    const made = await mapCertificate(other, { der, user: 'odd', seen: undefined }, signal);
    assert.equal(made.after?.id, id);
  });

  it('refuses what exceeds the limits before anything is sent', async () => {
    await fails(
      mapCertificate(client, { der, user: 'x'.repeat(151), seen: undefined }, signal),
      'invalid-input',
    );
    await fails(mapCertificate(client, { der, user: ' ', seen: undefined }, signal), 'invalid-input');
    const large = new Uint8Array(8_000);
    await fails(mapCertificate(client, { der: large, user: 'x', seen: undefined }, signal), 'invalid-input');
    assert.equal(world.tenant.neo.journal.received.length, 0);
    assert.equal(userProblem('x'.repeat(150)), undefined);
    assert.match(userProblem('x'.repeat(151)) ?? '', /between 1 and 150 characters; these are 151/);
    // The largest that is taken, and one byte of base64 groups more.
    const fits = (size: number): boolean => certificateSizeProblem(new Uint8Array(size)) === undefined;
    const most =
      Array.from({ length: 6_000 }, (_, size) => size)
        .filter(fits)
        .at(-1) ?? 0;
    assert.ok(sentCertificate(new Uint8Array(most)).length <= 8_192);
    assert.ok(sentCertificate(new Uint8Array(most + 1)).length > 8_192);
  });

  it('tells that a tenant of Cloud Foundry offers none', async () => {
    const { mappings } = await world.access(world.other.id);
    assert.deepEqual(await mappings.list(signal), { kind: 'notOffered' });
  });
});

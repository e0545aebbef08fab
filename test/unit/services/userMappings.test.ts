import assert from 'node:assert/strict';
import { KeystoreError } from '../../../src/errors.js';
import { UserMappingFacts } from '../../../src/services/userMappingFacts.js';
import { NeoWorld } from '../../support/neoWorld.js';

describe('services/userMappings', function () {
  this.timeout(30_000);
  let world: NeoWorld;
  before(async () => {
    world = await NeoWorld.open();
  });
  beforeEach(() => world.begin());
  after(() => world.dispose());

  const answers = (user: string, check: string): readonly string[] => {
    const tenant = world.mappings.tenant(world.tenantId);
    return (world.mappings.mappings(world.tenantId) ?? [])
      .filter((mapping) => mapping.user === user)
      .flatMap(({ id }) => tenant?.checks.get(id) ?? [])
      .filter(({ id }) => id === check)
      .map(({ answer }) => answer);
  };

  it('judges by the issuers of the tenant’s own keystore, and cannot tell before they were read', async () => {
    await world.mappings.current(world.tenantId);
    assert.deepEqual(answers('edi', 'rootNotListed'), ['cannotTell']);
    await world.mappings.judged(world.tenantId);
    assert.deepEqual(answers('edi', 'rootNotListed'), ['no']);
    assert.deepEqual(answers('portal', 'rootNotListed'), ['cannotTell']);
    assert.deepEqual(answers('P2001234567', 'noClientAuthentication'), ['yes']);
    assert.deepEqual(answers('legacy', 'expired'), ['yes']);
    assert.deepEqual(answers('orders', 'expiring').toSorted(), ['no', 'yes']);
    assert.deepEqual(answers('invoices', 'similarUser'), ['yes']);
  });

  it('reads once for many who ask at the same time', async () => {
    await Promise.all([1, 2, 3].map(() => world.mappings.refresh(world.tenantId)));
    const lists = world.tenant.neo.journal.received.filter(({ operation }) => operation === 'mappings');
    assert.equal(lists.length, 1);
  });

  it('keeps what was read where reading fails, and tells why', async () => {
    const before = await world.mappings.current(world.tenantId);
    world.tenant.neo.faults.add({ operation: 'mappings', fault: { kind: 'status', status: 403 } });
    await assert.rejects(world.mappings.current(world.tenantId), (error) =>
      KeystoreError.is(error, 'forbidden'),
    );
    assert.deepEqual(world.mappings.mappings(world.tenantId), before);
    assert.equal(world.mappings.status(world.tenantId).kind, 'failed');
  });

  it('drops what comes late for a tenant that was changed meanwhile, and is none of Cloud Foundry', async () => {
    assert.equal(world.mappings.tenant(world.other.id), undefined);
    const reading = world.mappings.refresh(world.tenantId);
    await world.connections.update({ ...world.neo, name: 'Renamed' });
    await reading;
    assert.equal(world.mappings.status(world.tenantId).kind, 'notLoaded');
  });

  it('tells the page of a set-up to whom a certificate is mapped, by its identifier', async () => {
    const facts = new UserMappingFacts({
      userMappings: world.mappings,
      reasonOf: (error) => (KeystoreError.is(error) ? error.code : ''),
    });
    const all = await world.mappings.current(world.tenantId);
    const edi = all.find(({ user }) => user === 'edi');
    assert.ok(edi?.certificate !== undefined);
    const known = (value: typeof edi.certificate) => ({ kind: 'known', value }) as const;
    assert.deepEqual(facts.of(world.tenantId, known(edi.certificate)), {
      kind: 'neo',
      user: 'edi',
      id: edi.id,
      count: 10,
    });
    const { leaf } = await world.senderFile('CN=nobody');
    const none = facts.of(world.tenantId, known(leaf));
    assert.ok(none.kind === 'neo' && none.user === undefined);
    assert.equal(facts.of(world.tenantId, { kind: 'reading' }).kind, 'notKnown');
    world.tenant.neo.faults.add({ operation: 'mappings', fault: { kind: 'dropBefore' } });
    world.reload();
    await world.mappings.refresh(world.tenantId);
    const failed = new UserMappingFacts({
      userMappings: world.mappings,
      reasonOf: (error) => (KeystoreError.is(error) ? error.code : ''),
    }).of(world.tenantId, known(leaf));
    assert.deepEqual(failed, { kind: 'notKnown', reason: 'offline', next: 'refresh' });
  });
});

import assert from 'node:assert/strict';
import { createServiceKey } from '../../../src/commands/cloudFoundry/createKey.js';
import type { InboundInstance } from '../../../src/inbound/inboundClients.js';
import { matchingKeys } from '../../../src/inbound/mappingStage.js';
import { readCertificates } from '../../../src/pki/container.js';
import { runOrder } from '../../../src/platform/cfWrites.js';
import { KeyMemory } from '../../../src/services/keyMemory.js';
import { ServiceKeyFacts } from '../../../src/services/serviceKeyFacts.js';
import { CloudFoundryWorld } from '../../support/cloudFoundryWorld.js';
import { ScriptedPrompts } from '../../support/scriptedPrompts.js';

const quiet = { signal: new AbortController().signal, onProgress: () => {} };

describe('services/serviceKeyFacts', function () {
  this.timeout(30_000);
  let world: CloudFoundryWorld;
  let memory: KeyMemory;
  let facts: ServiceKeyFacts;
  beforeEach(async () => {
    world = await CloudFoundryWorld.open();
    await world.choose('dev');
    memory = new KeyMemory(world.cloudFoundry);
    facts = new ServiceKeyFacts({
      cloudFoundry: world.cloudFoundry,
      keys: memory,
      reasonOf: String,
      now: world.clock.clock,
      // As a page does, which is made anew with each change.
      changed: () => queueMicrotask(() => void facts.of(world.tenantId)),
    });
  });
  afterEach(async () => {
    facts.dispose();
    await world.dispose();
  });
  const settled = async () => {
    do {
      facts.of(world.tenantId);
    } while (await facts.settled());
    const fact = facts.of(world.tenantId);
    assert.ok(fact.kind === 'serviceKeys');
    return fact;
  };
  const reads = (): number =>
    world.tenant.cloudFoundry.journal.received.filter(({ operation }) => operation === 'readDetails').length;

  it('knows a key that this window has created, even where it was listed while it was being created', async () => {
    const { uri, leafPem } = await world.senderFile('CN=shop.example,O=Shop,C=DE');
    await settled();
    await createServiceKey(
      world.environment(new ScriptedPrompts(['pi-rt-iflow', { wish: 'keep' }, /^Pinned/, { wish: 'yes' }])),
      uri,
      { ...world.ports, memory, setUps: () => [] },
      world.context,
    );
    const { instances } = await settled();
    const [leaf] = readCertificates(Buffer.from(leafPem)).certificates;
    const [match] = matchingKeys(instances, {
      fingerprintSha256: leaf?.sha256,
      namePair: undefined,
      validNotBefore: undefined,
    });
    assert.equal(match?.placed.key.name, 'shop.example');
  });

  it('lists once for a key that is created, and anew for another space', async () => {
    const { uri } = await world.senderFile('CN=shop.example,O=Shop,C=DE');
    await settled();
    const before = lists();
    await createServiceKey(
      world.environment(new ScriptedPrompts(['pi-rt-iflow', { wish: 'keep' }, /^Pinned/, { wish: 'yes' }])),
      uri,
      { ...world.ports, memory, setUps: () => [] },
      world.context,
    );
    await settled();
    // One by the command itself, one by the page.
    assert.equal(lists() - before, 2);
    await world.choose('prod');
    await settled();
    assert.ok(lists() - before > 2);
  });

  const minutes = (count: number): void => {
    world.clock.now += count * 60_000;
  };
  const lists = (): number =>
    world.tenant.cloudFoundry.journal.received.filter(({ operation }) => operation === 'plans').length;
  const names = (instances: readonly InboundInstance[]): readonly string[] =>
    instances.flatMap(({ keys }) => keys.map(({ name }) => name));
  /** As in the cockpit or in another window: nothing of this window hears of it. */
  const deleteElsewhere = async (name: string): Promise<void> => {
    const { api } = await world.cloudFoundry.access(world.tenantId);
    const key = (await settled()).instances.flatMap(({ keys }) => keys).find((one) => one.name === name);
    assert.ok(key !== undefined, name);
    await runOrder(
      api,
      { kind: 'deleteKey', key },
      { ...quiet, clock: world.clock.clock, wait: world.clock.wait },
    );
  };

  it('follows a refresh of Inbound Clients: a key that was deleted elsewhere is gone', async () => {
    const clients = world.inboundClients(memory);
    assert.ok(names((await settled()).instances).includes('orders-pinned'));
    await deleteElsewhere('orders-pinned');
    assert.ok(names((await settled()).instances).includes('orders-pinned'));
    await clients.refresh(world.tenantId);
    assert.ok(!names((await settled()).instances).includes('orders-pinned'));
    clients.dispose();
  });

  it('keeps what was listed for reading the keys', async () => {
    await settled();
    await deleteElsewhere('orders-pinned');
    await facts.readKeys(world.tenantId, quiet);
    const before = lists();
    assert.ok(!names((await settled()).instances).includes('orders-pinned'));
    assert.equal(lists(), before);
  });

  it('lists anew for a look back at the window after some minutes, and nothing that was not listed before', async () => {
    minutes(60);
    facts.noticeTime();
    await facts.settled();
    assert.equal(lists(), 0);
    await settled();
    minutes(4);
    const before = lists();
    facts.noticeTime();
    await settled();
    assert.equal(lists(), before);
    minutes(2);
    facts.noticeTime();
    await settled();
    assert.equal(lists(), before + 1);
  });

  it('reads each key once, whoever reads it first, and one that was refused again when it is asked for', async () => {
    await settled();
    await facts.readKeys(world.tenantId, quiet);
    const first = reads();
    const { instances } = await settled();
    const payroll = instances.flatMap(({ keys }) => keys).find(({ name }) => name === 'payroll');
    assert.equal(payroll?.reading.kind, 'notReadable');
    assert.ok(memory.of(world.tenantId).size > 10);
    await facts.readKeys(world.tenantId, quiet);
    assert.equal(reads() - first, 1);
  });
});

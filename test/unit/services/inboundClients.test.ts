import assert from 'node:assert/strict';
import { flags } from '../../../src/inbound/checkAnswers.js';
import { practiceTrustList } from '../../../src/practice/practiceTrust.js';
import { singleTrustList } from '../../../src/inbound/trustLists.js';
import { readCertificates } from '../../../src/pki/container.js';
import { InboundClients } from '../../../src/services/inboundClients.js';
import { tenantIssuers } from '../../../src/services/issuers.js';
import { KeyMemory } from '../../../src/services/keyMemory.js';
import { CloudFoundryWorld } from '../../support/cloudFoundryWorld.js';
import { ScriptedPrompts } from '../../support/scriptedPrompts.js';

const { signal } = new AbortController();
const quiet = { signal, onProgress: () => {} };

describe('services/inboundClients', function () {
  this.timeout(20_000);
  let world: CloudFoundryWorld;
  let clients: InboundClients;

  const open = (): void => {
    clients = new InboundClients({
      connections: world.connections,
      cloudFoundry: world.cloudFoundry,
      trust: () =>
        Promise.resolve(
          singleTrustList(
            practiceTrustList(
              readCertificates(Buffer.from(world.tenant.caCertificatePem)).certificates,
              'own',
            ),
          ),
        ),
      issuers: () =>
        tenantIssuers(
          world.connections,
          world.environment(new ScriptedPrompts([])).keystores,
          () => undefined,
        ),
      memory: world.state,
      keys: new KeyMemory(world.cloudFoundry),
      warningDays: () => 30,
      now: world.clock.clock,
    });
  };
  const received = (): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const { operation } of world.tenant.cloudFoundry.journal.received) {
      counts[operation] = (counts[operation] ?? 0) + 1;
    }
    return counts;
  };
  const clear = (): void => world.tenant.cloudFoundry.journal.clear();
  const status = () => clients.tenant(world.tenantId)?.status;
  const instance = (name: string) => {
    const found = clients.data(world.tenantId)?.instances.find((one) => one.name === name);
    assert.ok(found !== undefined, name);
    return found;
  };
  const key = (instanceName: string, name: string) => {
    const found = instance(instanceName).keys.find((one) => one.name === name);
    assert.ok(found !== undefined, name);
    return found;
  };
  const flagsOf = (guid: string): readonly string[] =>
    flags(clients.tenant(world.tenantId)?.checks.keys.get(guid) ?? []).map(({ id }) => id);

  beforeEach(async () => {
    world = await CloudFoundryWorld.open();
    open();
  });
  afterEach(async () => {
    clients.dispose();
    await world.dispose();
  });

  it('is signed out first, then wants a space, and reads nothing before', async () => {
    assert.deepEqual(status(), { kind: 'signedOut', isExpired: false });
    await clients.refresh(world.tenantId);
    await world.signIn();
    assert.deepEqual(status(), { kind: 'noSpace' });
    clear();
    clients.load(world.tenantId);
    await clients.refresh(world.tenantId);
    assert.deepEqual(received(), {});
  });

  it('lists the chosen space in a handful of requests, without asking what keys hold', async () => {
    await world.choose('dev');
    clear();
    clients.load(world.tenantId);
    await Promise.all([clients.refresh(world.tenantId), clients.refresh(world.tenantId)]);
    assert.deepEqual(received(), { plans: 1, instances: 1, keys: 1, readInstanceParameters: 4 });
    assert.deepEqual(
      clients.data(world.tenantId)?.instances.map(({ name, plan, spaceName }) => [name, plan, spaceName]),
      [
        ['pi-rt-2021', 'integration-flow', 'dev'],
        ['pi-rt-browser', 'integration-flow', 'dev'],
        ['pi-rt-custom', 'integration-flow', 'dev'],
        ['pi-rt-iflow', 'integration-flow', 'dev'],
      ],
    );
    assert.equal(key('pi-rt-iflow', 'legacy').reading.kind, 'notRead');
    assert.ok(
      clients
        .tenant(world.tenantId)
        ?.checks.keys.get(key('pi-rt-iflow', 'legacy').guid)
        ?.every(({ answer }) => answer === 'cannotTell'),
    );
  });

  it('reads a key once, with its pinning, however often it is asked for, also over a refresh', async () => {
    await world.choose('dev');
    await clients.refresh(world.tenantId);
    const { guid } = key('pi-rt-iflow', 'orders-pinned');
    clear();
    await Promise.all([clients.readKey(world.tenantId, guid), clients.readKey(world.tenantId, guid)]);
    await clients.readKey(world.tenantId, guid);
    assert.deepEqual(received(), { readDetails: 1, readKeyParameters: 1 });
    await clients.refresh(world.tenantId);
    const { reading, pinning } = key('pi-rt-iflow', 'orders-pinned');
    assert.ok(reading.kind === 'read' && reading.content.certificates.length === 1);
    assert.deepEqual(pinning, { kind: 'pinned' });
    assert.equal(received()['readDetails'], 1);
  });

  it('holds no secret of a key', async () => {
    await world.choose('dev');
    await clients.refresh(world.tenantId);
    await clients.readAll(world.tenantId, quiet);
    const held = JSON.stringify([clients.data(world.tenantId), clients.tenants()]);
    assert.ok(!/"clientsecret"|PRIVATE KEY/.test(held));
    const content = await world.tenant.cloudFoundry['content']();
    const secrets = content.keys.flatMap(({ credentials }) => {
      const oauth = credentials['oauth'] as Record<string, unknown>;
      return [oauth['clientsecret'], oauth['key']].filter((one) => typeof one === 'string');
    });
    assert.ok(secrets.length > 0);
    for (const secret of secrets) {
      assert.ok(!held.includes(JSON.stringify(secret).slice(1, -1)));
    }
  });

  it('finds what was planted, once all keys are read', async () => {
    await world.choose('dev');
    await clients.refresh(world.tenantId);
    const progress: number[] = [];
    const result = await clients.readAll(world.tenantId, {
      signal,
      onProgress: (done) => progress.push(done),
    });
    assert.equal(result.notReadable, 0);
    assert.equal(result.read, 11);
    assert.equal(progress.at(-1), 11);
    const found = (name: string, of = 'pi-rt-iflow') => flagsOf(key(of, name).guid);
    assert.ok(found('legacy').includes('expired'));
    assert.ok(found('customs').includes('expiring'));
    assert.ok(found('warehouse').includes('sameCertificate'));
    assert.ok(found('warehouse-copy', 'pi-rt-custom').includes('sameCertificate'));
    assert.ok(found('orders-pinned').includes('pinnedBesideUnpinned'));
    assert.ok(found('web-server', 'pi-rt-custom').includes('noClientAuthentication'));
    assert.ok(found('reporting-secret').includes('oldSecret'));
    // A key holds the leaf alone; the issuers come from the keystore and from keys that hold a chain.
    assert.deepEqual(found('customs'), ['expiring']);
    assert.deepEqual(found('warehouse'), ['sameCertificate']);
    assert.deepEqual(found('self-signed', 'pi-rt-custom'), ['rootNotListed', 'noClientAuthentication']);
    clear();
    assert.equal((await clients.readAll(world.tenantId, quiet)).read, 0);
    assert.deepEqual(received(), {});
  });

  it('looks in every space on wish, remembers it, and shows nothing of the space before', async () => {
    await world.choose('dev');
    await clients.refresh(world.tenantId);
    await clients.showEverySpace(world.tenantId, true);
    assert.equal(clients.data(world.tenantId)?.isEverySpace, true);
    assert.equal(instance('pi-rt-audit').spaceName, 'audit');
    assert.equal(instance('pi-api').plan, 'api');
    clients.dispose();
    open();
    assert.equal(clients.tenant(world.tenantId)?.isEverySpace, true);
    await clients.showEverySpace(world.tenantId, false);
    assert.equal(clients.data(world.tenantId)?.instances.length, 4);
  });

  it('tells why a key cannot be read, and asks again when it is wished', async () => {
    await world.choose('dev');
    await clients.refresh(world.tenantId);
    const { guid } = key('pi-rt-iflow', 'legacy');
    world.tenant.cloudFoundry.faults.detailsForbidden = true;
    await clients.readKey(world.tenantId, guid);
    const { reading } = key('pi-rt-iflow', 'legacy');
    assert.ok(reading.kind === 'notReadable' && /Space Developer/.test(reading.reason));
    world.tenant.cloudFoundry.faults.detailsForbidden = false;
    await clients.readKey(world.tenantId, guid);
    assert.equal(key('pi-rt-iflow', 'legacy').reading.kind, 'read');
  });

  it('says "not known" of pinning and roles where SAP gives no parameters out', async () => {
    world.tenant.cloudFoundry.faults.parametersRetrievable = false;
    await world.choose('dev');
    await clients.refresh(world.tenantId);
    const { guid } = key('pi-rt-iflow', 'orders-pinned');
    clear();
    await clients.readKey(world.tenantId, guid);
    assert.deepEqual(received(), { readDetails: 1 });
    assert.equal(key('pi-rt-iflow', 'orders-pinned').pinning.kind, 'notKnown');
    assert.equal(instance('pi-rt-iflow').grants.kind, 'notKnown');
  });

  it('keeps what it knows where a refresh fails, and says what failed', async () => {
    await world.choose('dev');
    await clients.refresh(world.tenantId);
    world.tenant.cloudFoundry.faults.add({ operation: 'instances', fault: { kind: 'dropBefore' } });
    await clients.refresh(world.tenantId);
    const now = status();
    assert.ok(now?.kind === 'failed');
    assert.equal(now.previous?.instances.length, 4);
    world.tenant.cloudFoundry.faults.clear();
    await clients.refresh(world.tenantId);
    assert.equal(status()?.kind, 'loaded');
  });

  it('tells a key apart that could not be reached, and does not take it for unreadable', async () => {
    await world.choose('dev');
    await clients.refresh(world.tenantId);
    const { guid } = key('pi-rt-iflow', 'legacy');
    world.tenant.cloudFoundry.faults.add({ operation: 'readDetails', fault: { kind: 'dropBefore' } });
    await clients.readKey(world.tenantId, guid);
    assert.equal(clients.tenant(world.tenantId)?.failedKeys.get(guid)?.code, 'offline');
    assert.equal(key('pi-rt-iflow', 'legacy').reading.kind, 'notRead');
    world.tenant.cloudFoundry.faults.clear();
    await clients.readKey(world.tenantId, guid);
    assert.equal(clients.tenant(world.tenantId)?.failedKeys.size, 0);
  });

  it('ends on cancelling, with what was read so far', async () => {
    await world.choose('dev');
    await clients.refresh(world.tenantId);
    const controller = new AbortController();
    const work = clients.readAll(world.tenantId, {
      signal: controller.signal,
      onProgress: (done) => {
        if (done === 3) {
          controller.abort();
        }
      },
    });
    await assert.rejects(work, { name: 'Cancelled' });
    const read = clients
      .data(world.tenantId)
      ?.instances.flatMap(({ keys }) => keys)
      .filter(({ reading }) => reading.kind === 'read').length;
    assert.ok(read !== undefined && read >= 3 && read < 11);
  });

  it('forgets everything with the sign-in', async () => {
    await world.choose('dev');
    await clients.refresh(world.tenantId);
    await world.cloudFoundry.signOut(world.tenantId);
    assert.equal(status()?.kind, 'signedOut');
    assert.equal(clients.data(world.tenantId), undefined);
    await world.signIn();
    await world.choose('prod');
    assert.deepEqual(status(), { kind: 'notLoaded' });
  });
});

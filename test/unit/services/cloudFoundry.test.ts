import assert from 'node:assert/strict';
import { KeystoreError } from '../../../src/errors.js';
import { listServiceInstances } from '../../../src/platform/cfServiceInstances.js';
import { CloudFoundryWorld } from '../../support/cloudFoundryWorld.js';

const { signal } = new AbortController();

describe('services/cloudFoundry', function () {
  this.timeout(20_000);
  let world: CloudFoundryWorld;
  const state = () => world.cloudFoundry.state(world.tenantId);
  const instance = async (name: string) => {
    const { api } = await world.cloudFoundry.access(world.tenantId);
    const { resources } = await listServiceInstances(api, {}, { signal });
    const found = resources.find((one) => one.name === name);
    assert.ok(found !== undefined);
    return found;
  };
  const rejects = async (work: Promise<unknown>, code: string): Promise<void> => {
    await assert.rejects(work, (error) => KeystoreError.is(error) && error.code === code);
  };
  beforeEach(async () => {
    world = await CloudFoundryWorld.open();
  });
  afterEach(async () => {
    await world.dispose();
  });

  it('is signed out first, then signed in, keeps its space over a reload, and forgets on signing out', async () => {
    assert.deepEqual(state(), { kind: 'signedOut' });
    await rejects(world.cloudFoundry.access(world.tenantId), 'signed-out');
    const told: string[] = [];
    world.cloudFoundry.onDidChange((tenantId) => told.push(tenantId));
    await world.choose('dev');
    assert.deepEqual([...new Set(told)], [world.tenantId]);
    world.reload();
    const now = state();
    assert.ok(now.kind === 'signedIn');
    assert.equal(now.user.name, 'practice@practice.example');
    assert.equal(now.place?.space.name, 'dev');
    assert.ok((await instance('pi-rt-iflow')).guid);
    await world.cloudFoundry.signOut(world.tenantId);
    assert.deepEqual(state(), { kind: 'signedOut' });
    assert.equal(world.cloudFoundry.lastEndpoint(world.tenantId)?.apiUrl, world.tenant.cloudFoundryUrl);
    assert.equal([...world.secrets.stored.keys()].filter((key) => /cloudFoundry/.test(key)).length, 0);
    await rejects(world.cloudFoundry.access(world.tenantId), 'signed-out');
  });

  it('is expired once Cloud Foundry does not take the session, and signed in again after signing in', async () => {
    await world.choose();
    world.tenant.cloudFoundry.uaa.revoke();
    await rejects(instance('pi-rt-iflow'), 'signed-out');
    assert.equal(state().kind, 'expired');
    await world.signIn();
    const now = state();
    assert.ok(now.kind === 'signedIn' && now.place?.space.name === 'dev');
  });

  it('is expired where the tokens are lost', async () => {
    await world.choose();
    world.secrets.stored.clear();
    world.reload();
    await rejects(instance('pi-rt-iflow'), 'signed-out');
    assert.equal(state().kind, 'expired');
  });

  it('renews tokens once for many requests and keeps the new ones', async () => {
    await world.choose();
    const before = world.secrets.stored.get(`ciKeystore.cloudFoundry.${world.tenantId}`);
    world.clock.now += 1_190_000;
    await Promise.all([instance('pi-rt-iflow'), instance('pi-rt-prod')]);
    assert.notEqual(world.secrets.stored.get(`ciKeystore.cloudFoundry.${world.tenantId}`), before);
  });

  it('stores nothing in a stale window: signing in is refused, renewing works without', async () => {
    await world.choose();
    await world.state.update('secretsVersion', 99);
    const key = `ciKeystore.cloudFoundry.${world.tenantId}`;
    const before = world.secrets.stored.get(key);
    await rejects(world.signIn(), 'stale');
    world.clock.now += 1_190_000;
    await instance('pi-rt-iflow');
    assert.equal(world.secrets.stored.get(key), before);
    await rejects(world.cloudFoundry.signOut(world.tenantId), 'stale');
  });

  it('reads the tokens anew where another window of the same machine changed them', async () => {
    await world.choose();
    const told: string[] = [];
    world.cloudFoundry.onDidChange((tenantId) => told.push(tenantId));
    world.secrets.stored.delete(`ciKeystore.cloudFoundry.${world.tenantId}`);
    world.secrets.tellOther(`ciKeystore.cloudFoundry.${world.tenantId}`);
    assert.deepEqual(told, [world.tenantId]);
    await rejects(instance('pi-rt-iflow'), 'signed-out');
  });

  it('forgets the sign-in of a removed tenant', async () => {
    await world.choose();
    const { tenantId } = world;
    await world.connections.remove(tenantId);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(world.cloudFoundry.state(tenantId), { kind: 'signedOut' });
    assert.equal(world.secrets.stored.size, 0);
  });

  it('keeps a change that is not watched to its end, and finds it after a reload', async () => {
    await world.choose();
    const { guid, name, spaceGuid } = await instance('pi-rt-custom');
    assert.ok(spaceGuid);
    const controller = new AbortController();
    const outcome = await world.cloudFoundry.change(
      world.tenantId,
      { kind: 'updateInstance', instance: { guid, name }, parameters: { roles: ['Orders.send', 'More'] } },
      { signal: controller.signal, onLook: () => controller.abort() },
    );
    assert.equal(outcome.kind, 'goesOn');
    world.reload();
    assert.deepEqual(world.cloudFoundry.tenantsWithUnfinished(), [world.tenantId]);
    const [task] = world.cloudFoundry.unfinished(world.tenantId);
    assert.ok(task !== undefined && task.name === 'pi-rt-custom');
    const performed: string[] = [];
    world.cloudFoundry.onDidPerform(({ task: { kind } }) => performed.push(kind));
    const end = await world.cloudFoundry.follow(world.tenantId, task, { signal });
    assert.equal(end.kind, 'done');
    assert.deepEqual(performed, ['updateInstance']);
    assert.deepEqual(world.cloudFoundry.unfinished(world.tenantId), []);
    assert.deepEqual(world.performed(), ['updateInstance']);
  });

  it('drops a change that failed, and keeps one that cannot be looked at', async () => {
    await world.choose();
    const { guid, name } = await instance('pi-rt-custom');
    const order = {
      kind: 'updateInstance',
      instance: { guid, name },
      parameters: { roles: ['Orders.send'] },
    } as const;
    world.faults.add({
      operation: 'updateInstance',
      fault: { kind: 'jobFails', description: 'no' },
      times: 1,
    });
    await rejects(world.cloudFoundry.change(world.tenantId, order, { signal }), 'rejected');
    assert.deepEqual(world.cloudFoundry.unfinished(world.tenantId), []);
    const looked = world.cloudFoundry.change(world.tenantId, order, {
      signal,
      onLook: () => world.tenant.cloudFoundry.uaa.revoke(),
    });
    await rejects(looked, 'signed-out');
    assert.equal(world.cloudFoundry.unfinished(world.tenantId).length, 1);
  });

  it('keeps nothing secret in global state or the log', async () => {
    await world.choose();
    await instance('pi-rt-iflow');
    const tokens = world.secrets.stored.get(`ciKeystore.cloudFoundry.${world.tenantId}`) ?? '';
    const { accessToken, refreshToken } = JSON.parse(tokens) as Record<string, string>;
    assert.ok(accessToken !== undefined && refreshToken !== undefined);
    const public_ = JSON.stringify([world.state.keys().map((key) => world.state.get(key)), world.lines]);
    assert.ok(!public_.includes(accessToken) && !public_.includes(refreshToken));
    assert.ok(world.lines.length > 0);
  });
});

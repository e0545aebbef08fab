import assert from 'node:assert/strict';
import { createServiceInstance } from '../../../../src/commands/cloudFoundry/createInstance.js';
import { followUnfinished } from '../../../../src/commands/cloudFoundry/unfinished.js';
import { CloudFoundryWorld } from '../../../support/cloudFoundryWorld.js';
import { ScriptedPrompts, type ScriptedAnswer } from '../../../support/scriptedPrompts.js';

describe('commands/cloudFoundry/unfinished', function () {
  this.timeout(20_000);
  let world: CloudFoundryWorld;
  const ofTenant = () => ({ tenantId: world.tenantId });
  /** Begins the creation of an instance, and looks away while Cloud Foundry works where that is wanted. */
  const create = async (
    answers: readonly ScriptedAnswer[],
    argument: object | undefined = ofTenant(),
    isToLookAway = () => true,
  ): Promise<readonly string[]> => {
    world.onProgress = (message, controller) => {
      if (/works on it/.test(message) && isToLookAway()) {
        controller.abort();
      }
    };
    const prompts = new ScriptedPrompts([...answers, { wish: 'yes' }]);
    await createServiceInstance(world.environment(prompts), argument, world.ports, world.context);
    world.onProgress = () => {};
    return prompts.messages;
  };
  const begin = async (): Promise<void> => {
    await create(['integration-flow', 'left-alone', 'ESBMessaging.send', 'Continue', { wish: 'keep' }]);
  };
  const follow = async (isAsked: boolean, ...answers: ScriptedAnswer[]): Promise<readonly string[]> => {
    const prompts = new ScriptedPrompts(answers);
    await followUnfinished(world.environment(prompts), { isAsked }, world.context);
    prompts.done();
    return prompts.messages;
  };
  beforeEach(async () => {
    world = await CloudFoundryWorld.open();
    await world.choose('dev');
  });
  afterEach(async () => {
    await world.dispose();
  });

  it('tells after a reload how a change came out that nobody watched to its end, and sends nothing', async () => {
    await begin();
    world.reload();
    assert.deepEqual(await follow(false), [
      'The service instance "left-alone" for "Practice" has been created.',
    ]);
    assert.deepEqual(world.performed(), ['createInstance']);
    assert.deepEqual(await follow(false), []);
    assert.match((await follow(true))[0] ?? '', /works on nothing/);
  });

  it('tells where it failed, where it cannot look, and keeps what it could not look at', async () => {
    world.faults.add({
      operation: 'createInstance',
      fault: { kind: 'jobFails', description: 'quota reached' },
      times: 1,
    });
    await begin();
    world.tenant.cloudFoundry.uaa.revoke();
    world.reload();
    assert.match((await follow(false))[0] ?? '', /session has ended|does not take the session/);
    assert.equal(world.cloudFoundry.unfinished(world.tenantId).length, 1);
    await world.cloudFoundry.signOut(world.tenantId);
    assert.deepEqual(await follow(false), []);
    assert.match((await follow(true))[0] ?? '', /Nobody is signed in/);
    await world.signIn();
    assert.match((await follow(false))[0] ?? '', /"left-alone" of "Practice": .*quota reached.*delete it/);
    assert.deepEqual(world.cloudFoundry.unfinished(world.tenantId), []);
  });

  describe('of plan api', () => {
    const connect = { button: 'Connect Tenant' } as const;
    const isConnected = async (): Promise<void> => {
      const added = world.connections.list().at(-1);
      assert.ok(added !== undefined && added.id !== world.tenantId);
      const { client } = await world.environment(new ScriptedPrompts([])).keystores.access(added.id);
      assert.ok((await client.readEntries({ signal: new AbortController().signal })).length > 0);
    };

    it('connects by an instance that came when nobody looked', async () => {
      const told = await create(['api', 'late', { wish: 'keep' }]);
      assert.match(told.at(-1) ?? '', /"Follow Unfinished Changes".*connects the tenant/);
      world.reload();
      const messages = await follow(false, connect);
      assert.match(messages[0] ?? '', /"late" for "Practice" has been created.*not connected/);
      assert.deepEqual(world.performed(), ['createInstance', 'createKey']);
      await isConnected();
    });

    it('connects by a key that came when nobody looked', async () => {
      const told = await create(['api', 'late', { wish: 'keep' }], ofTenant(), () =>
        world.performed().includes('createKey'),
      );
      assert.match(told.at(-1) ?? '', /"Follow Unfinished Changes".*connects the tenant/);
      world.reload();
      await follow(true, connect);
      assert.deepEqual(world.performed(), ['createInstance', 'createKey']);
      await isConnected();
    });

    it('does nothing further where the person does not want it', async () => {
      await create(['api', 'late', { wish: 'keep' }]);
      await follow(true);
      assert.deepEqual(world.performed(), ['createInstance']);
    });

    it('looks after what was begun for a tenant that is not connected yet', async () => {
      const passcode = world.tenant.cloudFoundry.uaa.passcode();
      await world.connections.remove(world.tenantId);
      const { cloudFoundryUrl = '' } = world.tenant;
      await create(
        [/^One-time/, /^Another/, cloudFoundryUrl, passcode, 'dev', 'api', 'from-nothing', { wish: 'keep' }],
        {},
      );
      assert.deepEqual(world.connections.list(), []);
      world.reload();
      await follow(false, connect);
      await isConnected();
      assert.deepEqual(world.cloudFoundry.tenantsWithUnfinished(), []);
    });
  });
});

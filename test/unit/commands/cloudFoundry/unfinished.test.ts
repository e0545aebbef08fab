import assert from 'node:assert/strict';
import { createServiceInstance } from '../../../../src/commands/cloudFoundry/createInstance.js';
import { followUnfinished } from '../../../../src/commands/cloudFoundry/unfinished.js';
import { CloudFoundryWorld } from '../../../support/cloudFoundryWorld.js';
import { ScriptedPrompts } from '../../../support/scriptedPrompts.js';

describe('commands/cloudFoundry/unfinished', function () {
  this.timeout(20_000);
  let world: CloudFoundryWorld;
  const begin = async (): Promise<void> => {
    world.onProgress = (message, controller) => {
      if (/works on it/.test(message)) {
        controller.abort();
      }
    };
    const answers = [
      'integration-flow',
      'left-alone',
      'ESBMessaging.send',
      'Continue',
      { wish: 'yes' } as const,
    ];
    await createServiceInstance(
      world.environment(new ScriptedPrompts(answers)),
      { tenantId: world.tenantId },
      world.ports,
      world.context,
    );
    world.onProgress = () => {};
  };
  const follow = async (isAsked: boolean): Promise<readonly string[]> => {
    const prompts = new ScriptedPrompts([]);
    await followUnfinished(world.environment(prompts), { isAsked }, world.context);
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
});

import assert from 'node:assert/strict';
import { changeRoles, mendGrantTypes } from '../../../../src/commands/cloudFoundry/changeInstance.js';
import { createServiceInstance } from '../../../../src/commands/cloudFoundry/createInstance.js';
import { KeystoreError } from '../../../../src/errors.js';
import {
  listServiceInstances,
  readServiceInstanceParameters,
} from '../../../../src/platform/cfServiceInstances.js';
import { CloudFoundryWorld } from '../../../support/cloudFoundryWorld.js';
import { ScriptedPrompts, type ScriptedAnswer } from '../../../support/scriptedPrompts.js';

const { signal } = new AbortController();

describe('commands/cloudFoundry: service instances', function () {
  this.timeout(20_000);
  let world: CloudFoundryWorld;
  type Work = typeof createServiceInstance;
  const run = async (
    work: Work,
    argument: unknown,
    ...answers: ScriptedAnswer[]
  ): Promise<ScriptedPrompts> => {
    const prompts = new ScriptedPrompts(answers);
    await work(world.environment(prompts), argument, world.ports, world.context);
    prompts.done();
    return prompts;
  };
  const node = () => ({ tenantId: world.tenantId });
  const instances = async () => {
    const { api } = await world.cloudFoundry.access(world.tenantId);
    return (await listServiceInstances(api, {}, { signal })).resources;
  };
  const parameters = async (name: string): Promise<unknown> => {
    const found = (await instances()).find((one) => one.name === name);
    assert.ok(found !== undefined, name);
    const { api } = await world.cloudFoundry.access(world.tenantId);
    const read = await readServiceInstanceParameters(api, found.guid, signal);
    return read.kind === 'known' ? read.parameters : read.kind;
  };
  const row = async (name: string) => {
    const found = (await instances()).find((one) => one.name === name);
    assert.ok(found !== undefined, name);
    return { kind: 'serviceInstance', tenantId: world.tenantId, instanceGuid: found.guid };
  };
  const explains = (code: string, pattern: RegExp) => (error: unknown) => {
    assert.ok(KeystoreError.is(error), String(error));
    assert.equal(error.code, code);
    assert.match(String(error.details.explanation), pattern);
    return true;
  };
  beforeEach(async () => {
    world = await CloudFoundryWorld.open();
    await world.choose('dev');
  });
  afterEach(async () => {
    await world.dispose();
  });

  it('creates an instance for senders with the proposed role and a custom one', async () => {
    const prompts = await run(
      createServiceInstance,
      node(),
      'integration-flow',
      'acme-inbound',
      'ESBMessaging.send, Orders.send',
      'Continue',
      { wish: 'keep' },
      { wish: 'yes' },
    );
    assert.deepEqual(await parameters('acme-inbound'), {
      'grant-types': ['client_credentials'],
      'redirect-uris': [],
      roles: ['ESBMessaging.send', 'Orders.send'],
    });
    assert.deepEqual(world.performed(), ['createInstance']);
    assert.match(
      prompts.messages[0] ?? '',
      /Plan integration-flow in the space "dev" of "practice-subaccount"/,
    );
    assert.match(prompts.messages[0] ?? '', /Access tokens are valid for as long as SAP sets by default\./);
  });

  it('offers the validity of access tokens by the bounds of the plan, and leaves it to SAP otherwise', async () => {
    const most = ['integration-flow', 'short-lived', { wish: 'keep' }, 'Continue'] as const;
    await assert.rejects(
      run(createServiceInstance, node(), ...most, '60'),
      /whole number from 3600 to 86400/,
    );
    const prompts = await run(createServiceInstance, node(), ...most, '7200', { wish: 'yes' });
    const made = (await parameters('short-lived')) as Record<string, unknown>;
    assert.equal(made['token-validity'], 7200);
    assert.match(prompts.asked.join('\n'), /from 3600 to 86400; empty for SAP's default/);
    assert.match(prompts.messages[0] ?? '', /Access tokens are valid for 7200 seconds\./);
  });

  it('switches grant types on and off', async () => {
    await run(
      createServiceInstance,
      node(),
      'integration-flow',
      'browser-inbound',
      { wish: 'keep' },
      'authorization_code',
      /client_credentials/,
      'Continue',
      { wish: 'keep' },
      { wish: 'yes' },
    );
    const made = (await parameters('browser-inbound')) as Record<string, unknown>;
    assert.deepEqual(made['grant-types'], ['authorization_code']);
  });

  it('refuses a taken name, a bad name and a bad role while they are typed', async () => {
    const typed = (...answers: ScriptedAnswer[]) =>
      run(createServiceInstance, node(), 'integration-flow', ...answers);
    await assert.rejects(typed('pi-rt-iflow'), /has an instance of this name/);
    await assert.rejects(typed('name with spaces'), /SAP allows the letters/);
    await assert.rejects(typed('x'.repeat(33)), /SAP allows 32/);
    await assert.rejects(typed('fine', 'Orders-send'), /no name of a role/);
    await assert.rejects(typed('fine', ' , '), /At least one role/);
    assert.deepEqual(world.performed(), []);
  });

  it('creates nothing where the person declines or goes back out of the flow', async () => {
    const most: ScriptedAnswer[] = [
      'integration-flow',
      'acme-inbound',
      { wish: 'keep' },
      'Continue',
      { wish: 'keep' },
    ];
    await run(createServiceInstance, node(), ...most, { wish: 'no' });
    await assert.rejects(run(createServiceInstance, node(), 'integration-flow', { wish: 'escape' }), {
      name: 'Cancelled',
    });
    assert.deepEqual(world.performed(), []);
  });

  it('ends in a connected tenant with an instance of plan api, whose key is stored nowhere else', async () => {
    await run(createServiceInstance, node(), 'api', 'keystore-api', { wish: 'keep' }, { wish: 'yes' });
    assert.deepEqual(world.performed(), ['createInstance', 'createKey']);
    assert.deepEqual(await parameters('keystore-api'), {
      'grant-types': ['client_credentials'],
      roles: ['MonitoringDataRead', 'SecurityMaterialEdit'],
    });
    const added = world.connections.list().at(-1);
    assert.ok(added !== undefined && added.id !== world.tenantId);
    const secret = await world.connections.secret(added.id);
    assert.ok(secret?.kind === 'clientSecret');
    const { client } = await world.environment(new ScriptedPrompts([])).keystores.access(added.id);
    assert.ok((await client.readEntries({ signal })).length > 0);
    assert.ok(!world.public().includes(secret.clientSecret));
    assert.ok(world.revealed.includes(added.id));
  });

  it('connects a tenant that was not connected before; the sign-in moves to it', async () => {
    const passcode = world.tenant.cloudFoundry.uaa.passcode();
    await world.connections.remove(world.tenantId);
    await run(
      createServiceInstance,
      undefined,
      /^One-time/,
      /^Another/,
      world.tenant.cloudFoundryUrl ?? '',
      passcode,
      'dev',
      'api',
      'from-nothing',
      { wish: 'keep' },
      { wish: 'yes' },
    );
    const [added, ...more] = world.connections.list();
    assert.ok(added !== undefined && more.length === 0);
    assert.equal(world.cloudFoundry.state(added.id).kind, 'signedIn');
    assert.equal(world.cloudFoundry.state('new').kind, 'signedOut');
    world.reload();
    const { api } = await world.cloudFoundry.access(added.id);
    assert.ok((await listServiceInstances(api, {}, { signal })).resources.length > 0);
  });

  it('changes roles, tells what is added and removed and that it may take an hour', async () => {
    const prompts = await run(changeRoles, await row('pi-rt-custom'), 'Invoices.send', { wish: 'yes' });
    assert.match(
      prompts.messages[0] ?? '',
      /Added: Invoices\.send\nRemoved: Orders\.send\n.*403.*\n.*up to an hour/,
    );
    assert.match(prompts.messages.at(-1) ?? '', /up to an hour/);
    assert.deepEqual(await parameters('pi-rt-custom'), {
      'grant-types': ['client_credentials'],
      'redirect-uris': [],
      roles: ['Invoices.send'],
    });
    assert.deepEqual(world.performed(), ['updateInstance']);
  });

  it('asks for the instance from the palette, and changes nothing where nothing would change', async () => {
    const prompts = await run(changeRoles, undefined, 'pi-rt-custom', { wish: 'keep' });
    assert.match(prompts.messages[0] ?? '', /exactly these roles already/);
    await run(changeRoles, undefined, 'pi-rt-custom', 'More', { wish: 'no' });
    assert.deepEqual(world.performed(), []);
  });

  it('asks for all roles where the parameters cannot be read, and says what may be lost', async () => {
    world.faults.parametersRetrievable = false;
    const prompts = await run(changeRoles, await row('pi-rt-custom'), 'Orders.send, More.send', {
      wish: 'yes',
    });
    assert.match(prompts.messages[0] ?? '', /what is not named here may be lost/);
    assert.deepEqual(world.performed(), ['updateInstance']);
  });

  it('refuses to change roles of an instance with the deprecated grant type before sending, and mends it', async () => {
    await assert.rejects(run(changeRoles, await row('pi-rt-2021')), explains('refused', /Mend Grant Types/));
    assert.deepEqual(world.performed(), []);
    const prompts = await run(mendGrantTypes, await row('pi-rt-2021'), { wish: 'yes' });
    assert.match(prompts.messages[0] ?? '', /Now: client_x509\nThen: client_credentials/);
    const mended = (await parameters('pi-rt-2021')) as Record<string, unknown>;
    assert.deepEqual(mended['grant-types'], ['client_credentials']);
    assert.deepEqual(mended['roles'], ['ESBMessaging.send']);
  });

  it('adds the missing grant type, and tells where nothing needs mending', async () => {
    await run(mendGrantTypes, await row('pi-rt-browser'), { wish: 'yes' });
    const mended = (await parameters('pi-rt-browser')) as Record<string, unknown>;
    assert.deepEqual(mended['grant-types'], ['client_credentials', 'authorization_code']);
    const prompts = await run(mendGrantTypes, await row('pi-rt-browser'));
    assert.match(prompts.messages[0] ?? '', /need no mending/);
  });

  it('asks for the roles before it mends what it cannot read', async () => {
    world.faults.parametersRetrievable = false;
    await run(mendGrantTypes, await row('pi-rt-browser'), 'ESBMessaging.send', { wish: 'yes' });
    world.faults.parametersRetrievable = true;
    const mended = (await parameters('pi-rt-browser')) as Record<string, unknown>;
    assert.deepEqual(
      [mended['roles'], mended['grant-types']],
      [['ESBMessaging.send'], ['client_credentials']],
    );
  });

  it('tells that an instance is gone, and that a space has none', async () => {
    const gone = { kind: 'serviceInstance', tenantId: world.tenantId, instanceGuid: 'nothing' };
    await assert.rejects(run(changeRoles, gone), explains('not-found', /not there any more/));
    await world.choose('playground');
    await assert.rejects(run(changeRoles, node()), explains('not-found', /Create Service Instance/));
  });

  it('goes on without watching where the person cancels, and says so', async () => {
    world.onProgress = (message, controller) => {
      if (/works on it/.test(message)) {
        controller.abort();
      }
    };
    const prompts = new ScriptedPrompts(['More.send', { wish: 'yes' }]);
    await assert.rejects(
      changeRoles(world.environment(prompts), await row('pi-rt-custom'), world.ports, world.context),
      { name: 'Cancelled' },
    );
    assert.match(prompts.messages.at(-1) ?? '', /Cloud Foundry goes on with "pi-rt-custom"/);
    assert.equal(world.cloudFoundry.unfinished(world.tenantId).length, 1);
    assert.deepEqual(world.performed(), ['updateInstance']);
  });
});

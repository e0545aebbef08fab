import assert from 'node:assert/strict';
import type { InboundPorts } from '../../../src/commands/inbound/ports.js';
import { showServiceKey } from '../../../src/commands/inbound/showServiceKey.js';
import { KeystoreError } from '../../../src/errors.js';
import type { InboundClients } from '../../../src/services/inboundClients.js';
import type { InboundPlace } from '../../../src/services/inboundState.js';
import { CloudFoundryWorld } from '../../support/cloudFoundryWorld.js';
import { ScriptedPrompts, type ScriptedAnswer } from '../../support/scriptedPrompts.js';

describe('commands/inbound/showServiceKey', function () {
  this.timeout(30_000);
  let world: CloudFoundryWorld;
  let clients: InboundClients;
  let shown: InboundPlace[];
  beforeEach(async () => {
    world = await CloudFoundryWorld.open();
    await world.choose('dev');
    shown = [];
    clients = world.inboundClients();
  });
  afterEach(async () => {
    clients.dispose();
    await world.dispose();
  });
  const show = async (argument: unknown, ...answers: ScriptedAnswer[]): Promise<ScriptedPrompts> => {
    const prompts = new ScriptedPrompts(answers);
    const ports: Pick<InboundPorts, 'clients' | 'reveal'> = {
      clients,
      reveal: (place) => {
        shown.push(place);
        return Promise.resolve(true);
      },
    };
    await showServiceKey(world.environment(prompts), argument, ports, world.context);
    prompts.done();
    return prompts;
  };
  const row = async (spaceName: string) => {
    await clients.showEverySpace(world.tenantId, true);
    const instance = clients
      .data(world.tenantId)
      ?.instances.find((one) => one.spaceName === spaceName && one.keys.length > 0);
    const [key] = instance?.keys ?? [];
    await clients.showEverySpace(world.tenantId, false);
    assert.ok(instance !== undefined && key !== undefined);
    const { tenantId } = world;
    return { tenantId, instanceGuid: instance.guid, keyGuid: key.guid };
  };
  const isEverySpace = (): unknown => clients.tenant(world.tenantId)?.isEverySpace;

  it('shows the key of a row in the view', async () => {
    const place = await row('dev');
    const { messages } = await show({ kind: 'serviceKey', ...place });
    assert.deepEqual(shown, [place]);
    assert.deepEqual([isEverySpace(), messages], [false, []]);
  });

  it('looks in every space for a key of another one, and says so', async () => {
    const place = await row('audit');
    const { messages } = await show({ kind: 'serviceKey', ...place });
    assert.deepEqual(shown, [place]);
    assert.equal(isEverySpace(), true);
    assert.match(messages[0] ?? '', /every space/);
  });

  it('says that a key is gone, and leaves the view as it was', async () => {
    const place = { ...(await row('dev')), keyGuid: 'gone' };
    await assert.rejects(show({ kind: 'serviceKey', ...place }), (error) =>
      KeystoreError.is(error, 'not-found'),
    );
    assert.deepEqual([shown, isEverySpace()], [[], false]);
  });

  it('asks for the key where none is given', async () => {
    const { asked } = await show(undefined, 'warehouse');
    assert.equal(asked.length, 1);
    assert.equal(shown.length, 1);
  });
});

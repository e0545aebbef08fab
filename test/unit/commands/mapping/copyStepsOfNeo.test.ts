import assert from 'node:assert/strict';
import type { Environment } from '../../../../src/commands/environment.js';
import { copySteps } from '../../../../src/commands/mapping/copySteps.js';
import type { MappingPorts } from '../../../../src/commands/mapping/ports.js';
import { readCertificates } from '../../../../src/pki/container.js';
import { localWorld } from '../../../support/localWorld.js';
import { OpensslPki } from '../../../support/opensslPki.js';
import { ScriptedPrompts } from '../../../support/scriptedPrompts.js';

describe('steps to copy for a set-up of Neo', function () {
  this.timeout(30_000);
  const pki = new OpensslPki();
  const world = localWorld();
  after(() => {
    pki.dispose();
    world.dispose();
  });

  it('names for a user of Neo the role that the endpoint asks for, not the one that was stored', async () => {
    const { certificate } = pki.issue(pki.ca('/CN=Root'), '/CN=orders');
    const [leaf] = readCertificates(Buffer.from(certificate)).certificates;
    const receiver = {
      id: 't1',
      name: 'Neo',
      address: { url: 'https://acme-tmn.hci.eu1.hana.ondemand.com', authentication: { kind: 'basic' } },
    };
    const setUp = { id: 's1', name: 'Orders', tenantId: 't1', userRole: 'ESBMessaging.send' };
    const known = {
      setUp,
      receiver,
      leaf,
      mapping: { kind: 'neo', user: 'edi' },
      endpoint: { kind: 'known', adapter: { userRole: 'Orders.send' } },
    };
    const prompts = new ScriptedPrompts([]);
    await copySteps(
      {
        prompts,
        connections: { get: () => receiver, list: () => [receiver] },
        cloudFoundry: { state: () => ({ kind: 'signedOut' }) },
      } as unknown as Environment,
      { setUpId: 's1', form: 'cockpit' },
      {
        setUps: { get: () => setUp, list: () => [setUp] },
        facts: { settled: () => Promise.resolve(known) },
      } as unknown as MappingPorts,
      world.context,
    );
    assert.match(prompts.clipboard, /Orders\.send/);
    assert.doesNotMatch(prompts.clipboard, /ESBMessaging\.send/);
  });
});

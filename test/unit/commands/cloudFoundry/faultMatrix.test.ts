import assert from 'node:assert/strict';
import { join } from 'node:path';
import { changeRoles } from '../../../../src/commands/cloudFoundry/changeInstance.js';
import { createServiceInstance } from '../../../../src/commands/cloudFoundry/createInstance.js';
import { createServiceKey, type KeyPorts } from '../../../../src/commands/cloudFoundry/createKey.js';
import { deleteServiceKey } from '../../../../src/commands/cloudFoundry/deleteKey.js';
import { Cancelled, KeystoreError } from '../../../../src/errors.js';
import {
  listServiceInstances,
  readServiceInstanceParameters,
} from '../../../../src/platform/cfServiceInstances.js';
import { listServiceKeys } from '../../../../src/platform/cfServiceKeys.js';
import type { CfFault } from '../../../../src/practice/cf/cfFaults.js';
import { failureMessage } from '../../../../src/ui/failureMessage.js';
import { CloudFoundryWorld } from '../../../support/cloudFoundryWorld.js';
import { fileUri } from '../../../support/localWorld.js';
import { ScriptedPrompts, type ScriptedAnswer } from '../../../support/scriptedPrompts.js';

const { signal } = new AbortController();
const yes = { wish: 'yes' } as const;
const keep = { wish: 'keep' } as const;

/** A command that writes, how to answer it, and whether its change is there. */
interface Write {
  readonly operation: string;
  readonly run: (world: CloudFoundryWorld, prompts: ScriptedPrompts, ports: KeyPorts) => Promise<void>;
  readonly answers: (world: CloudFoundryWorld) => readonly ScriptedAnswer[];
  readonly isDone: (world: CloudFoundryWorld) => Promise<boolean>;
}

const instances = async (world: CloudFoundryWorld) => {
  const { api } = await world.cloudFoundry.access(world.tenantId);
  return { api, resources: (await listServiceInstances(api, {}, { signal })).resources };
};
const keyNames = async (world: CloudFoundryWorld): Promise<readonly string[]> => {
  const { api, resources } = await instances(world);
  const keys = await listServiceKeys(api, { instanceGuids: resources.map(({ guid }) => guid) }, { signal });
  // One whose creation failed stays in the list, and is no key.
  return keys.resources
    .filter(({ lastOperation }) => lastOperation?.type !== 'create' || lastOperation.state !== 'failed')
    .map(({ name }) => name);
};

const writes: readonly Write[] = [
  {
    operation: 'createInstance',
    run: (world, prompts, ports) =>
      createServiceInstance(world.environment(prompts), { tenantId: world.tenantId }, ports, world.context),
    answers: () => ['integration-flow', 'matrix', keep, 'Continue', yes],
    isDone: async (world) =>
      (await instances(world)).resources.some(
        ({ name, lastOperation }) => name === 'matrix' && lastOperation?.state !== 'failed',
      ),
  },
  {
    operation: 'updateInstance',
    run: (world, prompts, ports) => changeRoles(world.environment(prompts), undefined, ports, world.context),
    answers: () => ['pi-rt-custom', 'Matrix.send', yes],
    isDone: async (world) => {
      const { api, resources } = await instances(world);
      const found = resources.find(({ name }) => name === 'pi-rt-custom');
      const read = await readServiceInstanceParameters(api, found?.guid ?? '', signal);
      return read.kind === 'known' && JSON.stringify(read.parameters['roles']) === '["Matrix.send"]';
    },
  },
  {
    operation: 'createKey',
    run: (world, prompts, ports) =>
      createServiceKey(world.environment(prompts), { tenantId: world.tenantId }, ports, world.context),
    answers: (world) => [
      /^Certificate made by SAP/,
      'pi-rt-iflow',
      'matrix',
      keep,
      /^2048/,
      { uri: fileUri(join(world.directory, 'matrix.pem')) },
      yes,
    ],
    isDone: async (world) => (await keyNames(world)).includes('matrix'),
  },
  {
    operation: 'deleteKey',
    run: (world, prompts, ports) =>
      deleteServiceKey(world.environment(prompts), undefined, ports, world.context),
    answers: () => ['pi-rt-iflow', 'reporting-secret', yes],
    isDone: async (world) => !(await keyNames(world)).includes('reporting-secret'),
  },
];

/** What a fault at a write must come to. */
type Expected =
  /** The change is there, and nothing went wrong for the person. */
  | 'done'
  /** An error says that nothing was changed, which is so. */
  | 'undone'
  /** Cloud Foundry works on, which is said. */
  | 'goesOn';

const faults: readonly { readonly fault: CfFault; readonly times?: number; readonly expected: Expected }[] = [
  { fault: { kind: 'latency', ms: 50 }, expected: 'done' },
  { fault: { kind: 'status', status: 429 }, times: 1, expected: 'done' },
  { fault: { kind: 'status', status: 500 }, times: 1, expected: 'undone' },
  { fault: { kind: 'status', status: 502 }, times: 1, expected: 'undone' },
  { fault: { kind: 'status', status: 400 }, times: 1, expected: 'undone' },
  { fault: { kind: 'html', status: 502 }, times: 1, expected: 'undone' },
  { fault: { kind: 'dropBefore' }, times: 1, expected: 'undone' },
  { fault: { kind: 'dropAfter' }, times: 1, expected: 'done' },
  { fault: { kind: 'truncated' }, times: 1, expected: 'done' },
  { fault: { kind: 'hang' }, times: 1, expected: 'undone' },
  { fault: { kind: 'expireTokens' }, times: 1, expected: 'done' },
  { fault: { kind: 'nameTaken' }, times: 1, expected: 'undone' },
  { fault: { kind: 'operationInProgress' }, times: 1, expected: 'undone' },
  { fault: { kind: 'notAuthorized' }, times: 1, expected: 'undone' },
  { fault: { kind: 'rateLimited', retryAfter: '2' }, times: 2, expected: 'done' },
  { fault: { kind: 'rateLimited', retryAfter: '600' }, expected: 'undone' },
  { fault: { kind: 'jobFails', description: 'broker says no' }, times: 1, expected: 'undone' },
  { fault: { kind: 'jobHangs' }, times: 1, expected: 'goesOn' },
];

describe('commands/cloudFoundry: fault matrix', function () {
  this.timeout(60_000);
  let world: CloudFoundryWorld;
  beforeEach(async () => {
    world = await CloudFoundryWorld.open();
    await world.choose('dev');
  });
  afterEach(async () => {
    await world.dispose();
  });

  for (const write of writes) {
    for (const { fault, times, expected } of faults) {
      // Only what is created takes a name, and only what is there can be busy.
      const isForOthers =
        (fault.kind === 'nameTaken' && !write.operation.startsWith('create')) ||
        (fault.kind === 'operationInProgress' && write.operation === 'createInstance');
      if (isForOthers) {
        continue;
      }
      const words = Object.values(fault).join(' ');
      it(`${write.operation} with ${words}: ${expected}, performed at most once`, async () => {
        const prompts = new ScriptedPrompts([...write.answers(world)]);
        world.faults.add({
          operation: write.operation,
          fault,
          ...(times === undefined ? {} : { times }),
        });
        let failure: unknown;
        try {
          await write.run(world, prompts, { ...world.ports, known: new Map(), setUps: () => [] });
        } catch (error) {
          failure = error;
        }
        prompts.done();
        world.faults.clear();
        const performed = world.performed();
        assert.ok(performed.length <= 1, `performed ${performed.join()}`);
        const told = prompts.messages.join('\n');
        switch (expected) {
          case 'done':
            assert.equal(failure, undefined, String(failure));
            assert.deepEqual(performed, [write.operation]);
            assert.equal(await write.isDone(world), true);
            break;
          case 'undone': {
            assert.ok(KeystoreError.is(failure), String(failure));
            assert.equal(await write.isDone(world), false);
            const { text } = failureMessage(failure, 'X', 'Practice');
            assert.ok(String(failure.details.explanation ?? '').length > 20, `${failure.code}: ${text}`);
            break;
          }
          case 'goesOn':
            assert.ok(failure === undefined || failure instanceof Cancelled, String(failure));
            assert.match(told, /goes on with it/);
            assert.equal(world.cloudFoundry.unfinished(world.tenantId).length, 1);
            break;
        }
        if (expected !== 'goesOn') {
          assert.deepEqual(world.cloudFoundry.unfinished(world.tenantId), []);
        }
      });
    }
  }

  it('reads where lists come in small pages and every read is slow or fails once', async () => {
    world.faults.pageLimit = 1;
    for (const operation of ['instances', 'keys', 'plans', 'spaces']) {
      world.faults.add({ operation, fault: { kind: 'rateLimited', retryAfter: '1' }, times: 1 });
    }
    const create = writes[2];
    assert.ok(create !== undefined);
    const prompts = new ScriptedPrompts([...create.answers(world)]);
    await create.run(world, prompts, { ...world.ports, known: new Map(), setUps: () => [] });
    prompts.done();
    assert.deepEqual(world.performed(), ['createKey']);
  });

  it('says "not known" where neither details nor parameters may be read, and creates all the same', async () => {
    world.faults.detailsForbidden = true;
    world.faults.parametersRetrievable = false;
    const { uri } = await world.senderFile('CN=shop.example,O=Shop,C=DE');
    const prompts = new ScriptedPrompts(['pi-rt-iflow', keep, /^Pinned/, yes]);
    await createServiceKey(
      world.environment(prompts),
      uri,
      { ...world.ports, known: new Map(), setUps: () => [] },
      world.context,
    );
    assert.match(prompts.messages[0] ?? '', /Not known: .* holds is not known/);
    assert.match(prompts.messages[0] ?? '', /SAP does not give out with which parameters/);
    assert.deepEqual(world.performed(), ['createKey']);
  });

  it('loses no private key where the file cannot be written: the key is there to be saved again', async () => {
    const create = writes[2];
    assert.ok(create !== undefined);
    world.faults.add({ operation: 'readDetails', fault: { kind: 'status', status: 500 } });
    const prompts = new ScriptedPrompts([...create.answers(world)]);
    await assert.rejects(
      create.run(world, prompts, { ...world.ports, known: new Map(), setUps: () => [] }),
      (error) =>
        KeystoreError.is(error) && /created.*Save Credentials/.test(String(error.details.explanation)),
    );
    world.faults.clear();
    assert.equal(await create.isDone(world), true);
    assert.deepEqual(world.performed(), ['createKey']);
  });
});

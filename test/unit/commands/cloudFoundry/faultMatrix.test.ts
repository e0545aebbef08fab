import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeChange } from '../../../../src/commands/cloudFoundry/change.js';
import { changeRoles } from '../../../../src/commands/cloudFoundry/changeInstance.js';
import { createServiceInstance } from '../../../../src/commands/cloudFoundry/createInstance.js';
import { createServiceKey, type KeyPorts } from '../../../../src/commands/cloudFoundry/createKey.js';
import { deleteServiceKey } from '../../../../src/commands/cloudFoundry/deleteKey.js';
import { followUnfinished } from '../../../../src/commands/cloudFoundry/unfinished.js';
import { Cancelled, KeystoreError } from '../../../../src/errors.js';
import {
  parseCfContent,
  type CfContent,
  type PracticeInstance,
  type PracticeKey,
} from '../../../../src/practice/cf/cfContent.js';
import type { CfFault } from '../../../../src/practice/cf/cfFaults.js';
import { PracticeFiles } from '../../../../src/practice/practiceFiles.js';
import { KeyMemory } from '../../../../src/services/keyMemory.js';
import { failureMessage } from '../../../../src/ui/failureMessage.js';
import { CloudFoundryWorld } from '../../../support/cloudFoundryWorld.js';
import { fileUri } from '../../../support/localWorld.js';
import { ScriptedPrompts, type ScriptedAnswer } from '../../../support/scriptedPrompts.js';

const yes = { wish: 'yes' } as const;
const keep = { wish: 'keep' } as const;

/** A write of the product, as a person starts it. */
interface Write {
  readonly operation: string;
  readonly run: (world: CloudFoundryWorld, prompts: ScriptedPrompts, ports: KeyPorts) => Promise<void>;
  readonly answers: (world: CloudFoundryWorld) => readonly ScriptedAnswer[];
  /** What it creates, changes or deletes. */
  readonly isAffected: (row: PracticeInstance | PracticeKey) => boolean;
  /** Whether the server holds its change. */
  readonly isDone: (affected: PracticeInstance | PracticeKey | undefined) => boolean;
  /** What is said at the end. */
  readonly told: RegExp;
  /** What is said of it after a reload. */
  readonly toldLater: RegExp;
}

const succeeded = (row: PracticeInstance | PracticeKey | undefined): boolean =>
  row?.lastOperation.state === 'succeeded';

const writes: readonly Write[] = [
  {
    operation: 'createInstance',
    run: (world, prompts, ports) =>
      createServiceInstance(world.environment(prompts), { tenantId: world.tenantId }, ports, world.context),
    answers: () => ['integration-flow', 'matrix', keep, 'Continue', keep, yes],
    isAffected: ({ name }) => name === 'matrix',
    isDone: succeeded,
    told: /^The service instance "matrix" has been created\.$/,
    toldLater: /^The service instance "matrix" for "Practice" has been created\.$/,
  },
  {
    operation: 'updateInstance',
    run: (world, prompts, ports) => changeRoles(world.environment(prompts), undefined, ports, world.context),
    answers: () => ['pi-rt-custom', 'Matrix.send', yes],
    isAffected: ({ name }) => name === 'pi-rt-custom',
    isDone: (row) => JSON.stringify(row?.parameters['roles']) === '["Matrix.send"]',
    told: /^The roles of "pi-rt-custom" have been changed\. It may take up to an hour to work\.$/,
    toldLater: /^The service instance "pi-rt-custom" of "Practice" has been changed\.$/,
  },
  {
    // No command deletes an instance; this is what one would call.
    operation: 'deleteInstance',
    run: async (world, prompts) => {
      const [instance] = (await contentOf(world)).instances.filter(({ name }) => name === 'pi-rt-browser');
      assert.ok(instance);
      const deleted = await makeChange(
        world.environment(prompts),
        world.connection,
        { kind: 'deleteInstance', instance },
        { title: 'Deleting', context: world.context },
      );
      if (deleted !== undefined) {
        prompts.note('deleted');
      }
    },
    answers: () => [],
    isAffected: ({ name }) => name === 'pi-rt-browser',
    isDone: (row) => row === undefined,
    told: /^deleted$/,
    toldLater: /^The service instance "pi-rt-browser" of "Practice" has been deleted\.$/,
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
    isAffected: ({ name }) => name === 'matrix',
    isDone: succeeded,
    told: /^The service key "matrix" was created\. Private key and certificate are in "/,
    toldLater: /^The service key "matrix" for "Practice" has been created\. "Save Credentials…"/,
  },
  {
    operation: 'deleteKey',
    run: (world, prompts, ports) =>
      deleteServiceKey(world.environment(prompts), undefined, ports, world.context),
    answers: () => ['pi-rt-iflow', 'reporting-secret', yes],
    isAffected: ({ name }) => name === 'reporting-secret',
    isDone: (row) => row === undefined,
    told: /^The service key "reporting-secret" has been deleted\.$/,
    toldLater: /^The service key "reporting-secret" of "Practice" has been deleted\.$/,
  },
];

/** A fault and the requests that it hits: those of the write itself where nothing else is said. */
interface Hit {
  readonly fault: CfFault;
  readonly on?: string;
  /** All further ones where left out. */
  readonly times?: number;
  /** Only requests after the write has arrived. */
  readonly after?: true;
}

/** What a fault comes to, seen from the server and from the person. */
interface Case {
  readonly hits: readonly Hit[];
  /**
   * `done`: the change is there, and nothing went wrong for the person. `lost`: it is there, and the person hears that an
   * answer was lost. `goesOn`: the person hears that Cloud Foundry works on, and later how it came out. Else the words of the
   * error: nothing is there, or where `performed` is 1, what is there is told.
   */
  readonly outcome: 'done' | 'lost' | 'goesOn' | RegExp;
  readonly performed: 0 | 1;
  /** How often the write itself arrived. */
  readonly received: number;
  /** Operations that it does not concern. */
  readonly notFor?: readonly string[];
  /** How long a request may take, where something is to take too long. */
  readonly timeoutMs?: number;
}

const once = (fault: CfFault, more: Omit<Hit, 'fault'> = {}): readonly Hit[] => [
  { fault, times: 1, ...more },
];
const status = (code: number): CfFault => ({ kind: 'status', status: code });
/** Every read of what a write concerns, from the arrival of the write on. */
const noReadsAfter: readonly Hit[] = ['instances', 'keys', 'readInstance', 'readKey', 'readJob'].map(
  (on) => ({ fault: { kind: 'dropBefore' }, on, after: true }),
);

const notMade = /answer of Cloud Foundry was lost\. Reading back shows that nothing was done with "/;
const notKnown =
  /reading back failed as well: it is not known what was done with ".*"\. Refresh the view before/;
const refusedRight = /role Space Developer is needed/;
const changes = ['updateInstance', 'deleteInstance', 'deleteKey'];

const cases: Readonly<Record<string, Case>> = {
  'no fault': { hits: [], outcome: 'done', performed: 1, received: 1 },
  latency: { hits: [{ fault: { kind: 'latency', ms: 30 } }], outcome: 'done', performed: 1, received: 1 },
  '400': {
    hits: once(status(400)),
    outcome: /refused the request: An unknown error/,
    performed: 0,
    received: 1,
  },
  '401 once': { hits: once(status(401)), outcome: 'done', performed: 1, received: 2 },
  '401 for ever': {
    hits: [{ fault: status(401) }],
    outcome: /Sign in to Cloud Foundry again/,
    performed: 0,
    received: 2,
  },
  '404': {
    hits: once(status(404)),
    outcome: /not there any more, or your .*roles do not show it/,
    performed: 0,
    received: 1,
    // What was to be deleted is gone then.
    notFor: ['deleteInstance', 'deleteKey'],
  },
  '409': {
    hits: once(status(409)),
    outcome: /operation .*is in progress.*Nothing was done/,
    performed: 0,
    received: 1,
  },
  '422': {
    hits: once(status(422)),
    outcome: /refused the request: An unknown error/,
    performed: 0,
    received: 1,
  },
  '429 once': { hits: once(status(429)), outcome: 'done', performed: 1, received: 2 },
  'a rate limit of seconds, twice': {
    hits: [{ fault: { kind: 'rateLimited', retryAfter: '2' }, times: 2 }],
    outcome: 'done',
    performed: 1,
    received: 3,
  },
  'a rate limit of minutes': {
    hits: [{ fault: { kind: 'rateLimited', retryAfter: '600' } }],
    outcome: /asks to wait for 10 minutes/,
    performed: 0,
    received: 1,
  },
  '500': { hits: once(status(500)), outcome: notMade, performed: 0, received: 1 },
  '502': { hits: once(status(502)), outcome: notMade, performed: 0, received: 1 },
  '503': { hits: once(status(503)), outcome: notMade, performed: 0, received: 1 },
  '502 with a web page': {
    hits: once({ kind: 'html', status: 502 }),
    outcome: notMade,
    performed: 0,
    received: 1,
  },
  'a connection dropped before': {
    hits: once({ kind: 'dropBefore' }),
    outcome: notMade,
    performed: 0,
    received: 1,
  },
  'a connection dropped after': {
    hits: once({ kind: 'dropAfter' }),
    outcome: 'lost',
    performed: 1,
    received: 1,
  },
  'a connection dropped before, reading too': {
    hits: [...once({ kind: 'dropBefore' }), ...noReadsAfter],
    outcome: notKnown,
    performed: 0,
    received: 1,
  },
  'a connection dropped after, reading too': {
    hits: [...once({ kind: 'dropAfter' }), ...noReadsAfter],
    outcome: notKnown,
    performed: 1,
    received: 1,
  },
  'a hang': { hits: once({ kind: 'hang' }), outcome: notMade, performed: 0, received: 1, timeoutMs: 2_000 },
  'a token that has expired': {
    hits: once({ kind: 'expireTokens' }),
    outcome: 'done',
    performed: 1,
    received: 2,
  },
  'a token that expires while it is watched': {
    hits: once({ kind: 'expireTokens' }, { on: 'readJob' }),
    outcome: 'done',
    performed: 1,
    received: 1,
  },
  'a name that was taken in the meantime': {
    hits: once({ kind: 'nameTaken' }),
    outcome: /with the name "matrix" already\. Choose another name/,
    performed: 0,
    received: 1,
    notFor: changes,
  },
  'an operation in progress': {
    hits: once({ kind: 'operationInProgress' }),
    outcome: /operation is in progress at the service instance of ".*"\. Nothing was done/,
    performed: 0,
    received: 1,
    notFor: ['createInstance'],
  },
  'a missing role': {
    hits: once({ kind: 'notAuthorized' }),
    outcome: refusedRight,
    performed: 0,
    received: 1,
  },
  'a job that fails': {
    hits: once({ kind: 'jobFails', description: 'broker says no' }),
    outcome: /The service reports: .*broker says no\. .*"(?:matrix|pi-rt-\w+|reporting-secret)"/,
    performed: 1,
    received: 1,
  },
  'a job that hangs': { hits: once({ kind: 'jobHangs' }), outcome: 'goesOn', performed: 1, received: 1 },
  'a job that cannot be looked at any more': {
    hits: [{ fault: status(503), on: 'readJob' }],
    outcome: 'goesOn',
    performed: 1,
    received: 1,
  },
  'looks at the job that fail for a while': {
    hits: [
      ...once({ kind: 'dropBefore' }, { on: 'readJob' }),
      ...once({ kind: 'truncated' }, { on: 'readJob' }),
      ...once({ kind: 'rateLimited', retryAfter: '1' }, { on: 'readJob' }),
    ],
    outcome: 'done',
    performed: 1,
    received: 1,
  },
  'a job that is cleared away': {
    hits: [{ fault: status(404), on: 'readJob' }],
    outcome: 'done',
    performed: 1,
    received: 1,
  },
  'a truncated list before it': {
    hits: [
      { fault: { kind: 'truncated' }, on: 'instances' },
      { fault: { kind: 'truncated' }, on: 'readInstance' },
      { fault: { kind: 'truncated' }, on: 'keys' },
    ],
    outcome: /not of Cloud Foundry's protocol/,
    performed: 0,
    received: 0,
  },
  'reads that fail before it': {
    hits: [
      { fault: status(500), on: 'instances' },
      { fault: status(500), on: 'readInstance' },
      { fault: status(500), on: 'keys' },
    ],
    outcome: /an error of its own \(500\)/,
    performed: 0,
    received: 0,
  },
};

const contentFile = 'practice-cloud-foundry.json';

/** What the server holds, as its own file tells. */
async function contentOf(world: CloudFoundryWorld): Promise<CfContent> {
  const content = parseCfContent(await new PracticeFiles(world.directory).read(contentFile));
  assert.ok(content);
  return content;
}

describe('commands/cloudFoundry: fault matrix', function () {
  this.timeout(60_000);
  let world: CloudFoundryWorld;
  let seed: CfContent;
  before(async () => {
    world = await CloudFoundryWorld.open();
    await world.choose('dev');
    seed = await contentOf(world);
  });
  beforeEach(async () => {
    await restore(seed);
    await rm(join(world.directory, 'matrix.pem'), { force: true });
    if (world.cloudFoundry.state(world.tenantId).kind !== 'signedIn') {
      await world.choose('dev');
    }
  });
  afterEach(() => {
    const { faults } = world;
    faults.clear();
    faults.detailsForbidden = false;
    faults.parametersRetrievable = true;
    faults.pageLimit = 5_000;
  });
  after(async () => {
    await world.dispose();
  });

  async function restore(content: CfContent): Promise<void> {
    await new PracticeFiles(world.directory).write(contentFile, content);
    world.tenant.cloudFoundry.reload();
    world.tenant.cloudFoundry.journal.clear();
  }

  const ports = (): KeyPorts => ({
    ...world.ports,
    memory: new KeyMemory(world.cloudFoundry),
    setUps: () => [],
  });

  /** Runs a write; gives all that was said, its failure last. */
  async function perform(write: Write, answers: readonly ScriptedAnswer[]): Promise<readonly string[]> {
    const prompts = new ScriptedPrompts([...answers]);
    const told: string[] = [];
    try {
      await write.run(world, prompts, ports());
    } catch (error) {
      if (!KeystoreError.is(error) && !(error instanceof Cancelled)) {
        throw error;
      }
      if (KeystoreError.is(error)) {
        told.push(failureMessage(error, 'Write', 'Practice').text);
      }
    }
    return [...prompts.messages.filter((message) => !message.includes('\n')), ...told];
  }

  /** Lets a fault hit only what comes after the write. */
  function addAfter(operation: string, hits: readonly Hit[]): () => void {
    const { received } = world.tenant.cloudFoundry.journal;
    const { push } = received;
    received.push = (...entries) => {
      if (entries.some((entry) => entry.operation === operation)) {
        hits.forEach(add);
      }
      return push.apply(received, entries);
    };
    return () => {
      received.push = push;
    };
    function add({ on = operation, fault, times }: Hit): void {
      world.faults.add({ operation: on, fault, ...(times === undefined ? {} : { times }) });
    }
  }

  async function check(write: Write, expected: Case): Promise<void> {
    const { operation, isAffected, isDone } = write;
    const before = await contentOf(world);
    for (const { fault, on = operation, times } of expected.hits.filter(({ after }) => after !== true)) {
      world.faults.add({ operation: on, fault, ...(times === undefined ? {} : { times }) });
    }
    const restorePush = addAfter(
      operation,
      expected.hits.filter(({ after }) => after === true),
    );
    const { timeoutMs } = world;
    world.timeoutMs = expected.timeoutMs ?? timeoutMs;
    const told = await perform(write, write.answers(world));
    world.timeoutMs = timeoutMs;
    restorePush();
    world.faults.clear();

    const { received } = world.tenant.cloudFoundry.journal;
    const last = told.at(-1) ?? '';
    const performed = expected.performed === 1 ? [operation] : [];
    assert.deepEqual(world.performed(), performed, `performed; ${told.join(' / ')}`);
    assert.equal(
      received.filter((entry) => entry.operation === operation).length,
      expected.received,
      `received; ${told.join(' / ')}`,
    );
    const [affected, others] = split(await contentOf(world), isAffected);
    const [affectedBefore, othersBefore] = split(before, isAffected);
    assert.deepEqual(others, othersBefore, 'nothing else has changed');

    switch (expected.outcome) {
      case 'lost':
        assert.ok(told.some((one) => /An answer .* was lost .*Reading back shows .* was made/.test(one)));
        assert.match(last, write.told);
        assert.ok(isDone(affected));
        break;
      case 'done':
        assert.deepEqual(told.length, 1, told.join(' / '));
        assert.match(last, write.told);
        assert.ok(isDone(affected));
        break;
      case 'goesOn':
        assert.ok(
          told.some((one) => /goes on with it/.test(one)),
          told.join(' / '),
        );
        await followLater(write);
        break;
      default:
        assert.match(last, expected.outcome);
        assert.ok(!isDone(affected));
        if (expected.performed === 0) {
          assert.deepEqual(affected, affectedBefore, 'nothing has changed');
        }
        break;
    }
    assert.deepEqual(world.cloudFoundry.unfinished(world.tenantId), []);
  }

  /** What goes on comes to its end, and is found again after a reload; nothing is sent for it. */
  async function followLater({ operation, isAffected, isDone, toldLater }: Write): Promise<void> {
    assert.equal(world.cloudFoundry.unfinished(world.tenantId).length, 1);
    const content = await contentOf(world);
    await restore({ ...content, jobs: content.jobs.map((job) => ({ ...job, due: world.clock.now })) });
    world.reload();
    const prompts = new ScriptedPrompts([]);
    await followUnfinished(world.environment(prompts), { isAsked: false }, world.context);
    assert.equal(prompts.messages.length, 1);
    assert.match(prompts.messages[0] ?? '', toldLater);
    assert.deepEqual(world.performed(), [], `${operation} was sent again`);
    const [affected] = split(await contentOf(world), isAffected);
    assert.ok(isDone(affected));
  }

  for (const write of writes) {
    describe(write.operation, () => {
      for (const [name, expected] of Object.entries(cases)) {
        if (expected.notFor?.includes(write.operation) !== true) {
          it(`meets ${name}: performed ${expected.performed}, sent ${expected.received}`, async () => {
            await check(write, expected);
          });
        }
      }
    });
  }

  const writeOf = (operation: string): Write => {
    const write = writes.find((one) => one.operation === operation);
    assert.ok(write);
    return write;
  };

  it('reads where lists come in small pages and every read fails once', async () => {
    world.faults.pageLimit = 1;
    for (const on of ['instances', 'keys', 'plans', 'spaces']) {
      world.faults.add({ operation: on, fault: { kind: 'rateLimited', retryAfter: '1' }, times: 1 });
    }
    await check(writeOf('createKey'), { hits: [], outcome: 'done', performed: 1, received: 1 });
  });

  it('says "not known" where neither details nor parameters may be read, and creates all the same', async () => {
    world.faults.detailsForbidden = true;
    world.faults.parametersRetrievable = false;
    const { uri } = await world.senderFile('CN=shop.example,O=Shop,C=DE');
    const prompts = new ScriptedPrompts(['pi-rt-iflow', keep, /^Pinned/, yes]);
    await createServiceKey(world.environment(prompts), uri, ports(), world.context);
    assert.match(prompts.messages[0] ?? '', /Not known: .* holds is not known/);
    assert.match(prompts.messages[0] ?? '', /SAP does not give out with which parameters/);
    assert.deepEqual(world.performed(), ['createKey']);
  });

  it('tells before a deletion that what the key holds cannot be read', async () => {
    world.faults.detailsForbidden = true;
    const prompts = new ScriptedPrompts(['pi-rt-iflow', 'reporting-secret', yes]);
    await deleteServiceKey(world.environment(prompts), undefined, ports(), world.context);
    assert.match(
      prompts.messages[0] ?? '',
      /What it holds cannot be read, so nothing tells whose calls get 401 from then on/,
    );
    assert.deepEqual(world.performed(), ['deleteKey']);
  });

  it('asks for all roles where those of the instance are not given out, and tells what may be lost', async () => {
    world.faults.parametersRetrievable = false;
    const prompts = new ScriptedPrompts(['pi-rt-custom', 'Matrix.send', yes]);
    await changeRoles(world.environment(prompts), undefined, ports(), world.context);
    assert.match(prompts.asked[1] ?? '', /^All roles that "pi-rt-custom" is to grant/);
    assert.match(prompts.messages[0] ?? '', /what is not named here may be lost/);
    assert.deepEqual(world.performed(), ['updateInstance']);
  });

  it('loses no private key where it cannot be read at once: the key is there to be saved again', async () => {
    const create = writeOf('createKey');
    world.faults.add({ operation: 'readDetails', fault: { kind: 'status', status: 500 } });
    const told = await perform(create, create.answers(world));
    assert.match(told.at(-1) ?? '', /"matrix" has been created, but its private key .*"Save Credentials…"/);
    const [affected] = split(await contentOf(world), create.isAffected);
    assert.ok(create.isDone(affected));
    assert.deepEqual(world.performed(), ['createKey']);
  });

  describe('creates an instance for this extension in two writes', () => {
    const failing: Readonly<Record<string, Hit & { readonly told: RegExp }>> = {
      'its key is refused': {
        fault: status(422),
        told: /has no service key yet.* An unknown error.*"Add Tenant…"/,
      },
      'the answer is lost': { fault: { kind: 'dropBefore' }, told: notMade },
      'the job of its key fails': {
        fault: { kind: 'jobFails', description: 'broker says no' },
        told: /broker says no/,
      },
      'its key cannot be read': {
        fault: status(500),
        on: 'readDetails',
        told: /and its service key "ci-keystore" have been created.*an error of its own.*"Save Credentials…"/,
      },
      'it is not there yet': {
        fault: { kind: 'jobHangs' },
        on: 'createInstance',
        told: /goes on with it.*\nOnce the service instance "matrix-api" is there, "Follow Unfinished Changes" goes on/,
      },
    };
    for (const [name, { fault, on = 'createKey', told }] of Object.entries(failing)) {
      it(`and tells what is there where ${name}`, async () => {
        world.faults.add({ operation: on, fault, times: 1 });
        const create: Write = {
          ...writeOf('createInstance'),
          isAffected: (row) => row.name === 'matrix-api',
        };
        const words = await perform(create, ['api', 'matrix-api', keep, yes]);
        assert.match(words.join('\n'), told);
        assert.match(
          words.join('\n'),
          /he service instance "matrix-api" (?:has been created|is there|and its)/,
        );
        const { instances } = await contentOf(world);
        assert.equal(instances.filter(create.isAffected).length, 1);
        assert.equal(world.connections.list().length, 1);
        await world.state.update('cloudFoundry', undefined);
      });
    }
  });

  it('knows every knob', () => {
    const met = new Set(Object.values(cases).flatMap(({ hits }) => hits.map(({ fault }) => fault.kind)));
    const all: Readonly<Record<CfFault['kind'], true>> = {
      latency: true,
      status: true,
      html: true,
      dropBefore: true,
      dropAfter: true,
      truncated: true,
      hang: true,
      expireTokens: true,
      nameTaken: true,
      operationInProgress: true,
      notAuthorized: true,
      jobHangs: true,
      rateLimited: true,
      jobFails: true,
    };
    assert.deepEqual([...met].sort(), Object.keys(all).sort());
  });
});

/** The instance or key that a write is about, and everything else. */
function split(
  { instances, keys }: CfContent,
  isAffected: Write['isAffected'],
): readonly [PracticeInstance | PracticeKey | undefined, readonly (PracticeInstance | PracticeKey)[]] {
  const rows = [...instances, ...keys];
  return [rows.find(isAffected), rows.filter((row) => !isAffected(row))];
}

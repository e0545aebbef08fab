import assert from 'node:assert/strict';
import { changeMappedUser } from '../../../../src/commands/userMapping/changeUser.js';
import { createUserMapping } from '../../../../src/commands/userMapping/create.js';
import { deleteUserMapping } from '../../../../src/commands/userMapping/delete.js';
import { Cancelled } from '../../../../src/errors.js';
import { failureMessage } from '../../../../src/ui/failureMessage.js';
import { NeoWorld } from '../../../support/neoWorld.js';
import { ScriptedPrompts, type ScriptedAnswer } from '../../../support/scriptedPrompts.js';
import { status, writeFaultCases, type WriteFaultCase } from '../../../support/writeFaultCases.js';

const yes: ScriptedAnswer = { wish: 'yes' };

/** A write of the product, as a person starts it. */
interface Subject {
  /** The operation of the practice tenant that performs it. */
  readonly operation: 'map' | 'unmap';
  readonly prepare: (world: NeoWorld, user: string) => Promise<Prepared>;
}

interface Prepared {
  readonly id: string;
  readonly run: (prompts: ScriptedPrompts) => Promise<void>;
  readonly answers: readonly ScriptedAnswer[];
  /** The user that the mapping has when the write was performed; undefined where it is gone then. */
  readonly after: string | undefined;
  readonly done: RegExp;
  readonly lost: RegExp;
}

/** A mapping that is there before the write. */
async function mapped(world: NeoWorld, user: string): Promise<{ readonly id: string }> {
  const { leaf } = await world.senderFile(`CN=${user}.example`);
  const { after } = await world.mappings.map(
    world.tenantId,
    { der: leaf.der, user, seen: undefined },
    new AbortController().signal,
  );
  assert.ok(after !== undefined);
  return after;
}

const subjects: Readonly<Record<string, Subject>> = {
  'Create Certificate-to-User Mapping': {
    operation: 'map',
    prepare: async (world, user) => {
      const { uri, leaf } = await world.senderFile(`CN=${user}.example`);
      const { mappingId } = await import('../../../../src/tenant/certificateUserMappings.js');
      return {
        id: mappingId(leaf.der),
        run: (prompts) => createUserMapping(world.environment(prompts), uri, world.ports, world.context),
        answers: ['Another user…', user, yes],
        after: user,
        done: /^The certificate of .* is mapped to the user ".*"\. Next, the user needs the role ESBMessaging\.send/,
        lost: /^The certificate of .* is mapped to the user ".*"; the answer was lost\./,
      };
    },
  },
  'Change User': {
    operation: 'map',
    prepare: async (world, user) => {
      const { id } = await mapped(world, user);
      const row = { tenantId: world.tenantId, mappingId: id };
      return {
        id,
        run: (prompts) => changeMappedUser(world.environment(prompts), row, world.ports, world.context),
        answers: ['Another user…', `${user}-new`, yes],
        after: `${user}-new`,
        done: /^The certificate of .* is mapped to the user ".*-new"\./,
        lost: /^The certificate of .* is mapped to the user ".*-new"; the answer was lost\./,
      };
    },
  },
  'Delete Certificate-to-User Mapping': {
    operation: 'unmap',
    prepare: async (world, user) => {
      const { id } = await mapped(world, user);
      const row = { tenantId: world.tenantId, mappingId: id };
      return {
        id,
        run: (prompts) => deleteUserMapping(world.environment(prompts), row, world.ports, world.context),
        answers: [yes],
        after: undefined,
        done: /^The mapping of ".*" has been deleted\.$/,
        lost: /^The mapping of ".*" was deleted; the answer was lost\.$/,
      };
    },
  },
};

/** A password stays the same after a 401, there is no token that could expire, and an answer with a body is no success under a wrong type. */
const cases = (operation: Subject['operation']): Readonly<Record<string, WriteFaultCase>> => ({
  ...writeFaultCases,
  '401 once': { faults: [status(401)], outcome: /refuses the credentials/, performed: 0, received: 1 },
  '401 for ever': {
    faults: [status(401)],
    times: 9,
    outcome: /refuses the credentials/,
    performed: 0,
    received: 1,
  },
  'an expired token': { faults: [{ kind: 'expireTokens' }], outcome: 'done', performed: 1, received: 1 },
  'a wrong content type': {
    faults: [{ kind: 'wrongContentType' }],
    outcome: operation === 'map' ? 'lost' : 'done',
    performed: 1,
    received: 1,
  },
  '409': { faults: [status(409)], outcome: /refused the request/, performed: 0, received: 1 },
  'no CSRF token': { faults: [], outcome: 'done', performed: 1, received: 1 },
});

describe('commands/userMapping: fault matrix', function () {
  this.timeout(30_000);
  let world: NeoWorld;
  let count = 0;

  before(async () => {
    world = await NeoWorld.open();
  });
  after(() => world.dispose());
  afterEach(() => {
    world.tenant.neo.faults.clear();
    world.tenant.neo.faults.givesCsrf = true;
    world.timeoutMs = 5_000;
  });

  /** From the first such write on, no mapping can be read any more. */
  function spoilReadsAfter(operation: string): () => void {
    const { faults, journal } = world.tenant.neo;
    const { received } = journal;
    const { push } = received;
    received.push = (...entries) => {
      if (entries.some((entry) => entry.operation === operation)) {
        for (const read of ['mapping', 'mappings']) {
          faults.add({ operation: read, fault: { kind: 'dropBefore' } });
        }
      }
      return push.apply(received, entries);
    };
    return () => {
      received.push = push;
    };
  }

  for (const [title, subject] of Object.entries(subjects)) {
    for (const [name, expected] of Object.entries(cases(subject.operation))) {
      it(`${title} meets ${name}: performed ${expected.performed}, sent ${expected.received}`, async () => {
        const { neo } = world.tenant;
        count += 1;
        const prepared = await subject.prepare(world, `matrix-${count}`);
        const before = new Map(await world.held());
        neo.faults.givesCsrf = name !== 'no CSRF token';
        world.timeoutMs = expected.timeoutMs ?? world.timeoutMs;
        for (const fault of expected.faults) {
          neo.faults.add({ operation: subject.operation, fault, times: expected.times ?? 1 });
        }
        neo.journal.clear();
        const restore =
          expected.readBackFails === true ? spoilReadsAfter(subject.operation) : () => undefined;
        const prompts = new ScriptedPrompts([...prepared.answers]);
        let told: string | undefined;
        try {
          await prepared.run(prompts);
          told = prompts.messages.at(-1);
        } catch (error) {
          assert.ok(!(error instanceof Cancelled));
          told = failureMessage(error, title, world.neo.name).text;
        } finally {
          restore();
        }
        prompts.done();
        neo.faults.clear();
        world.timeoutMs = 5_000;
        const received = neo.journal.received.filter(({ operation }) => operation === subject.operation);
        assert.equal(received.length, expected.received, 'received');
        assert.deepEqual(world.performed(), expected.performed === 1 ? [subject.operation] : [], 'performed');
        const after = new Map(await world.held());
        const user = before.get(prepared.id);
        assert.equal(after.get(prepared.id), expected.performed === 1 ? prepared.after : user, 'the mapping');
        before.delete(prepared.id);
        after.delete(prepared.id);
        assert.deepEqual(after, before, 'nothing else has changed');
        const outcome = expected.outcome instanceof RegExp ? expected.outcome : prepared[expected.outcome];
        assert.match(told ?? '', outcome);
        if (expected.readBackFails !== true) {
          assert.equal(
            world.mappings.mappings(world.tenantId)?.find(({ id }) => id === prepared.id)?.user,
            (await world.held()).get(prepared.id),
            'the view shows what the tenant holds',
          );
        }
      });
    }
  }
});

import assert from 'node:assert/strict';
import { Cancelled, KeystoreError } from '../../../src/errors.js';
import { CfApi } from '../../../src/platform/cfApi.js';
import { parseCfTask, type CfOrder, type CfTask } from '../../../src/platform/cfTasks.js';
import {
  followTask,
  goesOnText,
  runOrder,
  type CfOutcome,
  type OrderOptions,
} from '../../../src/platform/cfWrites.js';
import { startCf, type CfFixture } from '../../support/cfFixture.js';
import type { ScriptedAnswer, ScriptedRequest } from '../../support/scriptedServer.js';

const never = new AbortController().signal;
const job = '/v3/jobs/af5c57f6-8769-41fa-a499-2c84ed896788';
const keys = '/v3/service_credential_bindings';
const instances = '/v3/service_instances';
const keyLookUp = `GET ${keys}?type=key&names=k&service_instance_guids=i1&per_page=500`;
const instanceLookUp = `GET ${instances}?names=n&space_guids=s1&per_page=500`;

type Operation = { type: string; state: string; description?: string; updated_at?: string } | null;
const list = (...resources: object[]): ScriptedAnswer => ({
  body: { pagination: { next: null }, resources },
});
const keyRow = (last_operation: Operation = null): object => ({
  guid: 'k1',
  type: 'key',
  name: 'k',
  last_operation,
  relationships: { service_instance: { data: { guid: 'i1' } } },
});
const instanceRow = (last_operation: Operation): object => ({
  guid: 'i1',
  type: 'managed',
  name: 'n',
  last_operation,
  relationships: { space: { data: { guid: 's1' } }, service_plan: { data: { guid: 'p1' } } },
});
const gone: ScriptedAnswer = {
  status: 404,
  body: { errors: [{ code: 10010, title: 'CF-ResourceNotFound', detail: 'x' }] },
};
const state = (name: string, over: object = {}): ScriptedAnswer => ({
  body: { guid: 'j', operation: 'service_keys.create', state: name, links: { self: {} }, ...over },
});

const createKey: CfOrder = {
  kind: 'createKey',
  key: { name: 'k', instanceGuid: 'i1', parameters: { 'key-type': 'certificate', validity: 365 } },
};
const createInstance: CfOrder = {
  kind: 'createInstance',
  instance: { name: 'n', spaceGuid: 's1', planGuid: 'p1', parameters: { roles: ['ESBMessaging.send'] } },
};
const updateInstance: CfOrder = {
  kind: 'updateInstance',
  instance: { guid: 'i1', name: 'n' },
  parameters: { roles: ['a'] },
};
const deleteInstance: CfOrder = { kind: 'deleteInstance', instance: { guid: 'i1', name: 'n' } };
const deleteKey: CfOrder = { kind: 'deleteKey', key: { guid: 'k1', name: 'k' } };

describe('Cloud Foundry writes', () => {
  let cf: CfFixture;
  let api: CfApi;
  let accepted: ScriptedAnswer;
  beforeEach(async () => {
    cf = await startCf();
    api = new CfApi(cf.session);
    accepted = { status: 202, headers: { Location: `${cf.server.url}${job}` } };
  });
  afterEach(() => cf.server.stop());

  const run = (order: CfOrder, over: Partial<OrderOptions> = {}): Promise<CfOutcome> =>
    runOrder(api, order, { signal: never, wait: cf.clock.wait, clock: cf.clock.clock, ...over });
  const failure = async (promise: Promise<unknown>): Promise<KeystoreError> => {
    try {
      await promise;
    } catch (error) {
      assert.ok(KeystoreError.is(error), String(error));
      return error;
    }
    assert.fail('it succeeded');
  };
  const writes = (): readonly ScriptedRequest[] =>
    cf.server.received.filter(({ method }) => method !== 'GET');

  describe('send what the documentation says', () => {
    const requests: readonly (readonly [CfOrder, string, object | undefined])[] = [
      [
        createInstance,
        `POST ${instances}`,
        {
          type: 'managed',
          name: 'n',
          parameters: { roles: ['ESBMessaging.send'] },
          relationships: { space: { data: { guid: 's1' } }, service_plan: { data: { guid: 'p1' } } },
        },
      ],
      [updateInstance, `PATCH ${instances}/i1`, { parameters: { roles: ['a'] } }],
      [deleteInstance, `DELETE ${instances}/i1`, undefined],
      [
        createKey,
        `POST ${keys}`,
        {
          type: 'key',
          name: 'k',
          relationships: { service_instance: { data: { guid: 'i1' } } },
          parameters: { 'key-type': 'certificate', validity: 365 },
        },
      ],
      [deleteKey, `DELETE ${keys}/k1`, undefined],
    ];
    for (const [order, line, body] of requests) {
      it(`to ${order.kind}`, async () => {
        const updated = instanceRow({
          type: 'update',
          state: 'succeeded',
          updated_at: '2026-06-01T00:00:09Z',
        });
        const before = instanceRow({
          type: 'create',
          state: 'succeeded',
          updated_at: '2026-01-01T00:00:00Z',
        });
        cf.server.on(line, accepted);
        cf.server.on(`GET ${job}`, state('PROCESSING'), state('POLLING'), state('COMPLETE'));
        cf.server.on(keyLookUp, list(), list(keyRow()));
        cf.server.on(instanceLookUp, list(), list(updated));
        cf.server.on(
          `GET ${instances}/i1`,
          { body: before },
          order === updateInstance ? { body: updated } : gone,
        );
        cf.server.on(`GET ${keys}/k1`, { body: keyRow() }, gone);
        const outcome = await run(order);
        assert.equal(outcome.kind, 'done');
        assert.equal(
          outcome.guid,
          order.kind.startsWith('delete') ? undefined : order.kind === 'createKey' ? 'k1' : 'i1',
        );
        assert.equal(outcome.answerLost, false);
        assert.deepEqual(
          writes().map(({ method, path }) => `${method} ${path}`),
          [line],
        );
        const [sent] = writes();
        assert.deepEqual(sent?.body === '' ? undefined : JSON.parse(sent?.body ?? ''), body);
        assert.equal(sent?.headers['content-type'], body === undefined ? undefined : 'application/json');
        assert.equal(cf.server.lines.filter((one) => one === `GET ${job}`).length, 3);
        assert.deepEqual(cf.clock.waits, [1000, 2000]);
      });
    }
  });

  it('hand out the task before they watch it, as data that can be kept', async () => {
    let kept: CfTask | undefined;
    cf.server.on(keyLookUp, list(), list(keyRow()));
    cf.server.on(`POST ${keys}`, accepted);
    cf.server.on(`GET ${job}`, () => {
      assert.ok(kept !== undefined);
      return state('COMPLETE');
    });
    await run(createKey, { onStarted: (task) => void (kept = task) });
    assert.deepEqual(kept, {
      kind: 'createKey',
      name: 'k',
      guid: 'i1',
      jobUrl: `${cf.server.url}${job}`,
      startedAt: kept?.startedAt,
      before: 'none',
      answerLost: false,
    });
    assert.deepEqual(parseCfTask(JSON.parse(JSON.stringify(kept))), kept);
    for (const json of [
      undefined,
      {},
      { kind: 'x', name: 'a', guid: 'b' },
      { kind: 'createKey', name: 'a' },
    ]) {
      assert.equal(parseCfTask(json), undefined);
    }
  });

  it('find unfinished work again, by its job or without it', async () => {
    const task: CfTask = {
      kind: 'createKey',
      name: 'k',
      guid: 'i1',
      jobUrl: `${cf.server.url}${job}`,
      startedAt: 0,
      before: 'none',
      answerLost: false,
    };
    const options = { signal: never, wait: cf.clock.wait };
    cf.server.on(`GET ${job}`, state('POLLING'), gone);
    cf.server.on(
      keyLookUp,
      list(keyRow({ type: 'create', state: 'in progress' })),
      list(keyRow({ type: 'create', state: 'succeeded' })),
    );
    assert.deepEqual(await followTask(api, task, options), { kind: 'done', guid: 'k1', answerLost: false });
    cf.server.on(keyLookUp, list(keyRow({ type: 'create', state: 'succeeded' })));
    assert.equal((await followTask(api, { ...task, jobUrl: undefined }, options)).kind, 'done');
    assert.deepEqual(writes(), []);
  });

  describe('look before they leap', () => {
    it('and create no second key or instance of a name', async () => {
      cf.server.on(keyLookUp, list(keyRow()));
      cf.server.on(instanceLookUp, list(instanceRow(null)));
      for (const order of [createKey, createInstance]) {
        const error = await failure(run(order));
        assert.equal(error.code, 'already-exists');
        assert.equal(error.details.performed, 'no');
      }
      assert.deepEqual(writes(), []);
    });

    it('and update nothing that is gone, and take a deletion of it for done', async () => {
      cf.server.on(`GET ${instances}/i1`, gone);
      cf.server.on(`GET ${keys}/k1`, gone);
      assert.equal((await failure(run(updateInstance))).code, 'not-found');
      assert.equal((await run(deleteInstance)).kind, 'done');
      assert.equal((await run(deleteKey)).kind, 'done');
      assert.deepEqual(writes(), []);
    });

    it('and take a deletion that another did in the meantime for done', async () => {
      cf.server.on(`GET ${keys}/k1`, { body: keyRow() }, gone);
      cf.server.on(`DELETE ${keys}/k1`, gone);
      assert.deepEqual(await run(deleteKey), { kind: 'done', guid: undefined, answerLost: false });
    });
  });

  describe('when the answer is lost', () => {
    const faults: readonly (readonly [string, ScriptedAnswer])[] = [
      ['a dropped connection', { drop: true }],
      ['502', { status: 502, body: '' }],
      ['504 with a web page', { status: 504, body: '<html>', headers: { 'Content-Type': 'text/html' } }],
    ];
    for (const [name, fault] of faults) {
      for (const performed of [true, false]) {
        it(`by ${name}: a key that was ${performed ? '' : 'not '}created is told as it is, and sent once`, async () => {
          let there = false;
          cf.server.on(keyLookUp, () =>
            list(...(there ? [keyRow({ type: 'create', state: 'succeeded' })] : [])),
          );
          cf.server.on(`POST ${keys}`, () => {
            there = performed;
            return fault;
          });
          if (performed) {
            assert.deepEqual(await run(createKey), { kind: 'done', guid: 'k1', answerLost: true });
          } else {
            const error = await failure(run(createKey));
            assert.equal(error.code, 'answer-lost');
            assert.equal(error.details.performed, 'no');
            assert.match(String(error.details.explanation), /nothing was done/);
          }
          assert.equal(writes().length, 1);
        });
      }
    }

    it('waits for a request that is still on its way', async () => {
      cf.server.on(
        keyLookUp,
        list(),
        list(),
        list(keyRow({ type: 'create', state: 'initial' })),
        list(keyRow({ type: 'create', state: 'succeeded' })),
      );
      cf.server.on(`POST ${keys}`, { drop: true });
      assert.deepEqual(await run(createKey), { kind: 'done', guid: 'k1', answerLost: true });
      assert.equal(writes().length, 1);
    });

    it('and reading fails as well, says that nobody knows', async () => {
      cf.server.on(keyLookUp, list(), { drop: true });
      cf.server.on(`POST ${keys}`, { drop: true });
      const error = await failure(run(createKey));
      assert.equal(error.code, 'answer-lost');
      assert.equal(error.details.performed, 'unknown');
      assert.equal(writes().length, 1);
    });

    const old = { type: 'update', state: 'succeeded', updated_at: '2026-01-01T00:00:00Z' };
    for (const [name, after, done] of [
      ['an update', { type: 'update', state: 'succeeded', updated_at: '2026-06-01T00:00:01Z' }, true],
      ['no newer update', old, false],
    ] as const) {
      it(`finds ${name} by the last operation`, async () => {
        cf.server.on(`GET ${instances}/i1`, { body: instanceRow(old) }, { body: instanceRow(after) });
        cf.server.on(`PATCH ${instances}/i1`, { drop: true });
        if (done) {
          assert.deepEqual(await run(updateInstance), { kind: 'done', guid: 'i1', answerLost: true });
        } else {
          assert.equal((await failure(run(updateInstance))).details.performed, 'no');
        }
        assert.equal(writes().length, 1);
      });
    }

    it('finds a deletion by absence, and an older failed one is none', async () => {
      const failed = { type: 'delete', state: 'failed', updated_at: '2026-01-01T00:00:00Z' };
      cf.server.on(`GET ${keys}/k1`, { body: keyRow(failed) }, gone);
      cf.server.on(`DELETE ${keys}/k1`, { drop: true });
      assert.deepEqual(await run(deleteKey), { kind: 'done', guid: undefined, answerLost: true });
      cf.server.on(`GET ${keys}/k1`, { body: keyRow(failed) });
      assert.equal((await failure(run(deleteKey))).details.performed, 'no');
    });

    it('by cancelling, is silent where nothing was done', async () => {
      const abortion = new AbortController();
      cf.server.on(keyLookUp, list());
      cf.server.on(`POST ${keys}`, () => {
        abortion.abort();
        return { hang: true };
      });
      await assert.rejects(run(createKey, { signal: abortion.signal }), Cancelled);
      assert.equal(writes().length, 1);
    });
  });

  describe('jobs', () => {
    beforeEach(() => {
      cf.server.on(keyLookUp, list(), list(keyRow({ type: 'create', state: 'failed', description: 'x' })));
      cf.server.on(`POST ${keys}`, accepted);
    });

    it('that fail tell what the service says and what is left', async () => {
      const errors = [
        {
          code: 10009,
          title: 'CF-UnableToPerform',
          detail: 'bind could not be completed: certificate is\nnot valid',
        },
      ];
      cf.server.on(`GET ${job}`, state('FAILED', { errors }));
      const error = await failure(run(createKey));
      assert.equal(error.code, 'rejected');
      assert.equal(
        error.details.explanation,
        'The service reports: bind could not be completed: certificate is not valid. A key "k" that cannot be used is left; delete it before you use the name again.',
      );
      assert.equal(error.details.cfCode, 10009);
    });

    it('that fail for a known reason have its code at once', async () => {
      const errors = [{ code: 10001, title: 'CF-HttpClientTimeout', detail: 'x' }, {}];
      cf.server.on(
        `GET ${job}`,
        state('FAILED', {
          errors: [{ code: 1, title: 'CF-ServiceBrokerApiTimeout', detail: 'x' }, ...errors],
        }),
      );
      assert.equal((await failure(run(createKey))).code, 'server-error');
      assert.equal(cf.server.lines.filter((line) => line === `GET ${job}`).length, 1);
    });

    it('that fail without a reason say so', async () => {
      cf.server.on(keyLookUp, list());
      cf.server.on(`GET ${job}`, state('FAILED'));
      assert.match(String((await failure(run(createKey))).details.explanation), /without a reason/);
    });

    it('that end without a trace are not taken for success', async () => {
      cf.server.on(keyLookUp, list());
      cf.server.on(`GET ${job}`, state('COMPLETE'));
      assert.equal((await failure(run(createKey))).code, 'rejected');
    });

    it('are watched through passing failures', async () => {
      cf.server.on(keyLookUp, list(), list(keyRow()));
      cf.server.on(
        `GET ${job}`,
        { drop: true },
        { status: 503, body: '' },
        { status: 502, body: '<html>' },
        state('COMPLETE'),
      );
      assert.equal((await run(createKey)).kind, 'done');
    });

    it('go on where Cloud Foundry cannot be reached any more', async () => {
      cf.server.on(`GET ${job}`, state('POLLING'), { status: 503, body: '' });
      const outcome = await run(createKey);
      assert.equal(outcome.kind === 'goesOn' ? outcome.because : '', 'notReachable');
    });

    it('go on when cancelled, and that is said', async () => {
      const abortion = new AbortController();
      cf.server.on(`GET ${job}`, state('POLLING'));
      cf.clock.onWait = () => abortion.abort();
      const outcome = await run(createKey, { signal: abortion.signal });
      assert.ok(outcome.kind === 'goesOn');
      assert.equal(outcome.because, 'cancelled');
      assert.equal(outcome.task.jobUrl, `${cf.server.url}${job}`);
      assert.match(goesOnText(outcome.task, outcome.because), /goes on with "k"/);
    });

    it('go on after the limit, looked at every five seconds at most', async () => {
      cf.server.on(`GET ${job}`, state('POLLING'));
      const looks: string[] = [];
      const outcome = await run(createKey, {
        limitMs: 60_000,
        onLook: (name, after) => looks.push(`${name} ${after}`),
      });
      assert.equal(outcome.kind === 'goesOn' ? outcome.because : '', 'timeLimit');
      assert.deepEqual(looks.slice(0, 4), ['POLLING 0', 'POLLING 1000', 'POLLING 3000', 'POLLING 6000']);
      assert.ok(cf.clock.waits.every((pause) => pause <= 5_000));
    });

    it('are not watched at another host', async () => {
      cf.server.on(`POST ${keys}`, { status: 202, headers: { Location: `https://evil.example${job}` } });
      cf.server.on(keyLookUp, list(), list(keyRow()));
      assert.equal((await run(createKey)).kind, 'done');
      assert.ok(cf.server.lines.every((line) => !line.includes('jobs')));
    });

    it('end with the session, not silently', async () => {
      cf.server.on(`GET ${job}`, { status: 401, body: '' });
      cf.server.on('POST /oauth/token', { status: 401, body: { error: 'invalid_token' } });
      assert.equal((await failure(run(createKey))).code, 'signed-out');
    });
  });
});

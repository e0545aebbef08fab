import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { Cancelled, KeystoreError, type ErrorCode } from '../../../src/errors.js';
import type { HttpAnswer } from '../../../src/http/httpMessages.js';
import { parseCfTokens, publicClient, userOf, type CfTokens } from '../../../src/platform/cfTokens.js';
import type { SignIn } from '../../../src/platform/uaaClient.js';
import { startCf, userToken, type CfFixture } from '../../support/cfFixture.js';

const never = new AbortController().signal;
const tokenPath = 'POST /oauth/token';

describe('UaaSession', () => {
  let cf: CfFixture;
  beforeEach(async () => {
    cf = await startCf();
    cf.server.on('GET /v3/x', { body: {} });
    cf.server.on('POST /v3/y', { status: 202 });
  });
  afterEach(() => cf.server.stop());

  const read = (signal = never): Promise<HttpAnswer> =>
    cf.session.send({ kind: 'read', method: 'GET', path: '/v3/x' }, signal);
  const write = (): Promise<HttpAnswer> =>
    cf.session.send({ kind: 'write', method: 'POST', path: '/v3/y', json: { a: 1 } }, never);
  const failure = async (promise: Promise<unknown>): Promise<KeystoreError> => {
    try {
      await promise;
    } catch (error) {
      assert.ok(KeystoreError.is(error), String(error));
      const text = inspect(error, { depth: 9, showHidden: true, maxStringLength: null });
      assert.doesNotMatch(text, /canary/);
      return error;
    }
    assert.fail('it succeeded');
  };
  const tokens = (number: number, over: object = {}): object => ({
    access_token: `ACCESS-canary-${number}`,
    token_type: 'bearer',
    refresh_token: `REFRESH-canary-${number}`,
    expires_in: 599,
    scope: 'cloud_controller.read cloud_controller.write openid',
    jti: 'x',
    ...over,
  });

  describe('signing in', () => {
    const signIns: readonly (readonly [string, SignIn, string, string])[] = [
      [
        'by passcode',
        { kind: 'passcode', passcode: ' PASSCODE-canary ' },
        '/oauth/token',
        'grant_type=password&passcode=PASSCODE-canary',
      ],
      [
        'by password',
        { kind: 'password', user: 'u@acme.example', password: 'p+canary &' },
        '/oauth/token',
        'grant_type=password&username=u%40acme.example&password=p%2Bcanary+%26',
      ],
      [
        'by password and origin',
        { kind: 'password', user: 'u', password: 'canary', origin: 'acme-platform' },
        '/oauth/token?login_hint=%7B%22origin%22%3A%22acme-platform%22%7D',
        'grant_type=password&username=u&password=canary',
      ],
    ];
    for (const [name, signIn, path, body] of signIns) {
      it(`${name} asks as UAA documents it, and stores the tokens`, async () => {
        cf.store.stored = undefined;
        cf.server.on(`POST ${path}`, { body: tokens(7) });
        await cf.session.signIn(signIn, never);
        assert.equal(cf.server.received.length, 1);
        const [request] = cf.server.received;
        assert.equal(request?.path, path);
        assert.equal(request.body, body);
        assert.equal(request.headers.authorization, 'Basic Y2Y6');
        assert.equal(request.headers['content-type'], 'application/x-www-form-urlencoded');
        assert.deepEqual(cf.store.stored, {
          accessToken: 'ACCESS-canary-7',
          expiresAt: cf.clock.now + 599_000,
          refreshToken: 'REFRESH-canary-7',
          client: { id: 'cf', secret: '' },
        });
        await read();
        assert.equal(cf.server.received[1]?.headers.authorization, 'bearer ACCESS-canary-7');
      });
    }

    const code: SignIn = { kind: 'password', user: 'u', password: 'Abcd', code: '1234' };
    it('puts the code of a second factor behind the password, as SAP documents it', async () => {
      const prompts = {
        username: ['text', 'E-Mail'],
        password: ['password', 'Password'],
        passcode: ['password', 'x'],
      };
      cf.server.on('GET /login', { body: { prompts } });
      cf.server.on(tokenPath, { body: tokens(7) });
      await cf.session.signIn(code, never);
      assert.equal(cf.server.received[0]?.headers.accept, 'application/json');
      assert.equal(cf.server.received[0].headers.authorization, undefined);
      assert.equal(cf.server.received[1]?.body, 'grant_type=password&username=u&password=Abcd1234');
    });

    it('sends the code in its own field where the log-in server asks for one', async () => {
      cf.server.on('GET /login', { body: { prompts: { mfaCode: ['password', 'MFA Code'] } } });
      cf.server.on(tokenPath, { body: tokens(7) });
      await cf.session.signIn(code, never);
      assert.equal(cf.server.received[1]?.body, 'grant_type=password&username=u&password=Abcd&mfaCode=1234');
    });

    const passcode: SignIn = { kind: 'passcode', passcode: 'PASSCODE-canary' };
    const refusals: readonly (readonly [string, object, ErrorCode])[] = [
      [
        'refuses',
        { status: 401, body: { error: 'unauthorized', error_description: 'Bad PASSCODE-canary' } },
        'unauthorized',
      ],
      ['finds the request wrong', { status: 400, body: { error: 'invalid_grant' } }, 'unauthorized'],
      ['is busy', { status: 429, headers: { 'Retry-After': '30' } }, 'rate-limited'],
      ['is broken', { status: 502, body: '<html>' }, 'server-error'],
      ['redirects', { status: 302, headers: { Location: 'https://x.example' } }, 'bad-answer'],
      ['is a web page', { body: '<html>', headers: { 'Content-Type': 'text/html' } }, 'bad-answer'],
      ['gives no token', { body: { token_type: 'bearer' } }, 'bad-answer'],
      ['drops the connection', { drop: true }, 'offline'],
    ];
    for (const [name, answer, expected] of refusals) {
      it(`is ${expected} where UAA ${name}, and leaves the session as it was`, async () => {
        cf.server.on(tokenPath, answer);
        const error = await failure(cf.session.signIn(passcode, never));
        assert.equal(error.code, expected);
        assert.equal(cf.store.stored?.accessToken, 'ACCESS-canary-1');
        assert.equal((await read()).status, 200);
      });
    }

    it('asks for what is missing without a request', async () => {
      assert.equal(
        (await failure(cf.session.signIn({ kind: 'passcode', passcode: ' ' }, never))).code,
        'invalid-input',
      );
      assert.equal(
        (await failure(cf.session.signIn({ kind: 'password', user: 'u', password: '' }, never))).code,
        'invalid-input',
      );
      assert.deepEqual(cf.server.lines, []);
    });

    it('tells who signed in', async () => {
      const claims = { user_name: 'jo@acme.example', origin: 'sap.ids', exp: 2_000_000_000 };
      cf.server.on(tokenPath, {
        body: tokens(7, { access_token: userToken(claims), expires_in: undefined }),
      });
      const expected = { name: 'jo@acme.example', origin: 'sap.ids' };
      assert.deepEqual(await cf.session.signIn(passcode, never), expected);
      assert.deepEqual(await cf.session.user(), expected);
      assert.equal(cf.store.stored?.expiresAt, 2_000_000_000_000);
    });

    it('stores nothing when cancelled', async () => {
      const abortion = new AbortController();
      cf.server.on(tokenPath, () => {
        abortion.abort();
        return { hang: true };
      });
      await assert.rejects(cf.session.signIn(passcode, abortion.signal), Cancelled);
      assert.equal(cf.store.stored?.accessToken, 'ACCESS-canary-1');
    });
  });

  describe('requests', () => {
    it('go out with the stored token, as JSON', async () => {
      await write();
      const [request] = cf.server.received;
      assert.equal(request?.headers.authorization, 'bearer ACCESS-canary-1');
      assert.equal(request.headers['content-type'], 'application/json');
      assert.equal(request.body, '{"a":1}');
    });

    it('renew the token shortly before its end, once for all', async () => {
      cf.server.on(tokenPath, { body: tokens(2) });
      cf.clock.now += 3_541_000;
      await Promise.all([read(), read(), read()]);
      assert.equal(cf.server.lines.filter((line) => line === tokenPath).length, 1);
      const [renewal] = cf.server.received;
      assert.equal(renewal?.body, 'grant_type=refresh_token&refresh_token=REFRESH-canary-1');
      assert.equal(renewal.headers.authorization, 'Basic Y2Y6');
      assert.equal(cf.store.stored?.accessToken, 'ACCESS-canary-2');
      assert.equal(cf.store.stored.refreshToken, 'REFRESH-canary-2');
    });

    it('keep the refresh token where none comes back', async () => {
      cf.server.on(tokenPath, { body: tokens(2, { refresh_token: undefined }) });
      cf.clock.now += 3_600_000;
      await read();
      assert.equal(cf.store.stored?.refreshToken, 'REFRESH-canary-1');
    });

    for (const [name, request] of [
      ['a read', read],
      ['a write', write],
    ] as const) {
      it(`send ${name} once more after a 401 with a new token`, async () => {
        const answers = [{ status: 401, body: {} }, { status: 202 }];
        cf.server.on('GET /v3/x', ...answers);
        cf.server.on('POST /v3/y', ...answers);
        cf.server.on(tokenPath, { body: tokens(2) });
        assert.equal((await request()).status, 202);
        assert.deepEqual(
          cf.server.received.map(({ headers }) => headers.authorization),
          ['bearer ACCESS-canary-1', 'Basic Y2Y6', 'bearer ACCESS-canary-2'],
        );
      });
    }

    it('stop after a second 401', async () => {
      cf.server.on('GET /v3/x', { status: 401 });
      cf.server.on(tokenPath, { body: tokens(2) });
      assert.equal((await read()).status, 401);
      assert.deepEqual(cf.server.lines, ['GET /v3/x', tokenPath, 'GET /v3/x']);
    });

    it('take over what another window stored instead of renewing', async () => {
      await read();
      cf.server.on('GET /v3/x', { status: 401 }, { body: {} });
      cf.store.stored = { ...(cf.store.stored as CfTokens), accessToken: 'ACCESS-canary-9' };
      assert.equal((await read()).status, 200);
      assert.equal(cf.server.received.at(-1)?.headers.authorization, 'bearer ACCESS-canary-9');
      assert.ok(!cf.server.lines.includes(tokenPath));
    });

    it('are signed-out where the refresh token is refused, and a write says that nothing was done', async () => {
      cf.server.on(tokenPath, {
        status: 401,
        body: { error: 'invalid_token', error_description: 'REFRESH-canary-1' },
      });
      cf.clock.now += 3_600_000;
      const error = await failure(write());
      assert.equal(error.code, 'signed-out');
      assert.equal(error.details.performed, 'no');
      assert.equal(error.details.where, 'cf');
      assert.deepEqual(cf.server.lines, [tokenPath]);
    });

    it('are signed-out where nobody is signed in or no refresh token was given', async () => {
      cf.store.stored = { ...(cf.store.stored as CfTokens), refreshToken: undefined, expiresAt: 0 };
      assert.equal((await failure(read())).code, 'signed-out');
      cf.store.stored = undefined;
      assert.equal((await failure(read())).code, 'signed-out');
      assert.deepEqual(cf.server.lines, []);
    });

    it('wait as asked after a 429, and give up where it takes too long', async () => {
      cf.server.on('POST /v3/y', { status: 429, headers: { 'Retry-After': '5' } }, { status: 202 });
      assert.equal((await write()).status, 202);
      assert.deepEqual(cf.clock.waits, [5000]);
      cf.server.on('POST /v3/y', { status: 429, headers: { 'Retry-After': '3600' } });
      assert.equal((await write()).status, 429);
      assert.deepEqual(cf.clock.waits, [5000]);
    });

    it('of a write that is not answered are answer-lost and sent once', async () => {
      cf.server.on('POST /v3/y', { drop: true });
      assert.equal((await failure(write())).code, 'answer-lost');
      assert.deepEqual(cf.server.lines, ['POST /v3/y']);
    });

    it('never leave the API for another host', async () => {
      const error = await failure(
        cf.session.send({ kind: 'read', method: 'GET', path: 'https://evil.example/v3/x' }, never),
      );
      assert.equal(error.code, 'bad-answer');
      assert.equal(error.details.host, 'evil.example');
      for (const path of ['//evil.example/v3', 'http://127.0.0.1:1/v3']) {
        await failure(cf.session.send({ kind: 'read', method: 'GET', path }, never));
      }
      assert.deepEqual(cf.server.lines, []);
    });
  });

  describe('signing out', () => {
    it('forgets the tokens here and in the store', async () => {
      await read();
      await cf.session.signOut();
      assert.equal(cf.store.stored, undefined);
      assert.equal(await cf.session.user(), undefined);
      assert.equal((await failure(read())).code, 'signed-out');
    });

    it('wins over a renewal under way', async () => {
      let signedOut: Promise<void> | undefined;
      cf.server.on(tokenPath, () => {
        signedOut = cf.session.signOut();
        return { body: tokens(2) };
      });
      cf.clock.now += 3_600_000;
      assert.equal((await failure(read())).code, 'signed-out');
      await signedOut;
      assert.equal(cf.store.stored, undefined);
    });
  });

  it('masks its secrets in texts from outside', async () => {
    await read();
    assert.equal(cf.session.mask('a ACCESS-canary-1 b REFRESH-canary-1'), 'a ••• b •••');
  });
});

describe('parseCfTokens', () => {
  const whole: CfTokens = {
    accessToken: 'a',
    expiresAt: 5,
    refreshToken: 'r',
    client: { id: 'x', secret: 's' },
  };
  it('reads back what was stored', () => {
    assert.deepEqual(parseCfTokens(JSON.parse(JSON.stringify({ version: 1, ...whole }))), whole);
    assert.deepEqual(parseCfTokens({ accessToken: 'a' }), {
      accessToken: 'a',
      expiresAt: undefined,
      refreshToken: undefined,
      client: publicClient,
    });
  });
  for (const json of [
    undefined,
    null,
    5,
    [],
    {},
    { accessToken: '' },
    { accessToken: 'a b' },
    { accessToken: 5 },
  ]) {
    it(`refuses ${JSON.stringify(json)}`, () => {
      assert.equal(parseCfTokens(json), undefined);
    });
  }
  it('tells no user where the token does not', () => {
    assert.equal(userOf({ ...whole, accessToken: 'opaque' }), undefined);
  });
});

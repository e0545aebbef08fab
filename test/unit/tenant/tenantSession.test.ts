import assert from 'node:assert/strict';
import { Cancelled, KeystoreError } from '../../../src/errors.js';
import type { HttpAnswer } from '../../../src/http/httpMessages.js';
import { basic, json, type Fault, type TenantDoubleOptions } from '../../support/tenantDouble.js';
import { startTenant, type TenantFixture } from '../../support/tenantFixture.js';

const never = new AbortController().signal;

describe('TenantSession', () => {
  let tenant: TenantFixture | undefined;
  afterEach(async () => {
    await tenant?.double.stop();
    tenant = undefined;
  });

  async function start(options: TenantDoubleOptions & { basic?: boolean } = {}): Promise<TenantFixture> {
    tenant = await startTenant(options);
    tenant.double.reads.set('/api/v1/x', json(200, {}));
    return tenant;
  }
  const read = ({ session }: TenantFixture, signal = never): Promise<HttpAnswer> =>
    session.send({ kind: 'read', method: 'GET', path: '/api/v1/x', accept: 'application/json' }, signal);
  const write = ({ session }: TenantFixture, signal = never): Promise<HttpAnswer> =>
    session.send(
      {
        kind: 'write',
        method: 'PUT',
        path: '/api/v1/y',
        accept: 'application/json',
        body: Buffer.from('{}'),
      },
      signal,
    );
  const failure = async (promise: Promise<unknown>): Promise<KeystoreError> => {
    try {
      await promise;
    } catch (error) {
      assert.ok(KeystoreError.is(error), String(error));
      return error;
    }
    assert.fail('it succeeded');
  };

  describe('token', () => {
    it('is fetched as SAP documents it, and once for many requests', async () => {
      const fixture = await start();
      const { double } = fixture;
      await Promise.all([read(fixture), read(fixture), read(fixture)]);
      assert.equal(double.tokensIssued, 1);
      const [token] = double.received;
      assert.equal(token?.method, 'POST');
      assert.equal(token.path, '/oauth/token?grant_type=client_credentials');
      assert.equal(token.headers.authorization, basic(double.clientId, double.clientSecret));
      assert.equal(token.body.length, 0);
    });

    it('is renewed before it expires', async () => {
      const fixture = await start({ expiresIn: 3600 });
      await read(fixture);
      fixture.clock.now += 3539_000;
      await read(fixture);
      assert.equal(fixture.double.tokensIssued, 1);
      fixture.clock.now += 1_000;
      await read(fixture);
      assert.equal(fixture.double.tokensIssued, 2);
    });

    it('is kept until a 401 where its end is unknown', async () => {
      const fixture = await start({ expiresIn: 0 });
      await read(fixture);
      fixture.clock.now += 30 * 86_400_000;
      await read(fixture);
      assert.equal(fixture.double.tokensIssued, 1);
      fixture.double.expireTokens();
      assert.equal((await read(fixture)).status, 200);
      assert.equal(fixture.double.tokensIssued, 2);
    });

    it('is renewed once for many requests that find it expired', async () => {
      const fixture = await start();
      await read(fixture);
      fixture.double.expireTokens();
      const answers = await Promise.all([read(fixture), read(fixture), read(fixture)]);
      assert.deepEqual(
        answers.map(({ status }) => status),
        [200, 200, 200],
      );
      assert.equal(fixture.double.tokensIssued, 2);
    });

    it('is asked for once more after a 401 and not for ever', async () => {
      const fixture = await start();
      fixture.double.reads.set('/api/v1/x', json(401, {}));
      assert.equal((await read(fixture)).status, 401);
      assert.equal(fixture.double.tokensIssued, 2);
      assert.equal(fixture.double.count('GET /api/v1/x'), 2);
    });

    it('tells a refused client by code and what the endpoint says', async () => {
      const fixture = await start();
      fixture.secret = { kind: 'clientSecret', clientSecret: 'wrong' };
      const error = await failure(read(fixture));
      assert.equal(error.code, 'unauthorized');
      assert.deepEqual(error.details, {
        status: 401,
        where: 'token',
        host: new URL(fixture.double.url).host,
        said: 'Bad credentials',
      });
      assert.equal(fixture.double.count('POST /oauth/token'), 1);
    });

    const faults: readonly (readonly [string, Omit<Fault, 'on'>, string])[] = [
      [
        'a web page',
        { status: 200, headers: { 'Content-Type': 'text/html' }, body: '<html>log on</html>' },
        'bad-answer',
      ],
      ['truncated JSON', { status: 200, body: '{"access_token":"TOKEN-canary' }, 'bad-answer'],
      ['502 with a web page', { status: 502, body: '<html>Bad Gateway</html>' }, 'server-error'],
      ['503', { status: 503 }, 'server-error'],
      ['404', { status: 404 }, 'not-found'],
      ['a redirect', { status: 302, headers: { Location: 'https://login.example/?x=1' } }, 'bad-answer'],
      ['nothing', { drop: 'before' }, 'offline'],
    ];
    for (const [name, fault, code] of faults) {
      it(`is ${code} where the endpoint answers ${name}`, async () => {
        const fixture = await start();
        fixture.double.faults.push({ on: 'token', ...fault });
        const error = await failure(read(fixture));
        assert.equal(error.code, code);
        assert.ok(!JSON.stringify([error.message, error.details]).includes('canary'));
      });
    }

    it('waits for a busy endpoint', async () => {
      const fixture = await start();
      fixture.double.faults.push({ on: 'token', status: 429, headers: { 'Retry-After': '3' } });
      assert.equal((await read(fixture)).status, 200);
      assert.deepEqual(fixture.clock.waits, [3000]);
    });

    it('tells its scopes, and signs in anew when asked to forget', async () => {
      const fixture = await start({ scope: 'it!b55.MonitoringDataRead it!b55.SecurityMaterialEdit' });
      const scopes = ['it!b55.MonitoringDataRead', 'it!b55.SecurityMaterialEdit'];
      assert.deepEqual(await fixture.session.grantedScopes(never), scopes);
      assert.deepEqual(await fixture.session.grantedScopes(never), scopes);
      assert.equal(fixture.double.tokensIssued, 1);
      fixture.session.forget();
      await fixture.session.grantedScopes(never);
      assert.equal(fixture.double.tokensIssued, 2);
    });

    it('is signed-out where no secret, or one of another kind, is stored', async () => {
      const fixture = await start();
      fixture.secret = undefined;
      assert.equal((await failure(read(fixture))).code, 'signed-out');
      fixture.secret = { kind: 'basic', password: 'x' };
      const error = await failure(write(fixture));
      assert.deepEqual([error.code, error.details['performed']], ['signed-out', 'no']);
      assert.equal(fixture.double.received.length, 0);
    });

    it('can be waited for by one caller when another cancels', async () => {
      const fixture = await start();
      const abortion = new AbortController();
      fixture.double.faults.push({ on: 'token', act: () => abortion.abort(), latency: 20 });
      const [first, second] = await Promise.allSettled([read(fixture, abortion.signal), read(fixture)]);
      assert.ok(first.status === 'rejected' && first.reason instanceof Cancelled);
      assert.ok(second.status === 'fulfilled' && second.value.status === 200);
      assert.equal(fixture.double.tokensIssued, 1);
    });
  });

  describe('basic authentication', () => {
    it('sends user and password, asks for no token, and knows no scopes', async () => {
      const fixture = await start({ basic: true });
      assert.equal((await read(fixture)).status, 200);
      assert.equal((await write(fixture)).status, 204);
      assert.equal(fixture.double.count('POST /oauth/token'), 0);
      assert.equal(await fixture.session.grantedScopes(never), undefined);
    });

    it('does not try a refused password twice', async () => {
      const fixture = await start({ basic: true });
      fixture.secret = { kind: 'basic', password: 'wrong' };
      assert.equal((await read(fixture)).status, 401);
      assert.equal(fixture.double.received.length, 1);
    });
  });

  describe('CSRF token', () => {
    it('is fetched with its cookie and sent with every write', async () => {
      const fixture = await start();
      await write(fixture);
      await write(fixture);
      assert.equal(fixture.double.performed.length, 2);
      assert.equal(fixture.double.count('GET /api/v1/'), 1);
    });

    it('is fetched once for writes at the same time', async () => {
      const fixture = await start();
      await Promise.all([write(fixture), write(fixture)]);
      assert.equal(fixture.double.count('GET /api/v1/'), 1);
      assert.equal(fixture.double.performed.length, 2);
    });

    it('is not fetched for reads', async () => {
      const fixture = await start();
      await read(fixture);
      assert.equal(fixture.double.count('GET /api/v1/'), 0);
    });

    it('is done without where the tenant gives none', async () => {
      const fixture = await start({ csrf: 'none' });
      assert.equal((await write(fixture)).status, 204);
      await write(fixture);
      assert.equal(fixture.double.count('GET /api/v1/'), 1);
      assert.equal(fixture.double.received.at(-1)?.headers['x-csrf-token'], undefined);
    });

    for (const status of [403, 404, 405]) {
      it(`is done without where the tenant answers ${status} to the fetch`, async () => {
        const fixture = await start({ csrf: 'none' });
        fixture.double.faults.push({ on: 'csrf', status });
        assert.equal((await write(fixture)).status, 204);
      });
    }

    for (const [name, act] of [
      ['renewed by the tenant', (fixture: TenantFixture) => fixture.double.renewCsrfTokens()],
      ['lost with its session', (fixture: TenantFixture) => fixture.double.loseSessions()],
    ] as const) {
      it(`is fetched again after its 403 where it was ${name}, and the write is performed once`, async () => {
        const fixture = await start();
        await write(fixture);
        act(fixture);
        assert.equal((await write(fixture)).status, 204);
        assert.equal(fixture.double.performed.length, 2);
        assert.equal(fixture.double.count('PUT /api/v1/y'), 3);
        assert.equal(fixture.double.count('GET /api/v1/'), 2);
      });
    }

    it('is fetched again after a 403 without SAP’s mark, and the write is sent again only with another token', async () => {
      const fixture = await start();
      await write(fixture);
      fixture.double.faults.push({
        on: 'write',
        status: 403,
        body: 'CSRF',
        act: () => fixture.double.renewCsrfTokens(),
      });
      assert.equal((await write(fixture)).status, 204);
      assert.equal(fixture.double.performed.length, 2);
    });

    it('is told from a missing role, whose 403 is final', async () => {
      const fixture = await start();
      fixture.double.faults.push({ on: 'write', status: 403 }, { on: 'write', status: 403 });
      assert.equal((await write(fixture)).status, 403);
      assert.equal(fixture.double.count('PUT /api/v1/y'), 1);
      assert.equal(fixture.double.performed.length, 0);
    });

    it('is renewed once for a write and not for ever', async () => {
      const fixture = await start();
      const required: Fault = { on: 'write', status: 403, headers: { 'X-CSRF-Token': 'Required' } };
      fixture.double.faults.push(required, required, required);
      assert.equal((await write(fixture)).status, 403);
      assert.equal(fixture.double.count('PUT /api/v1/y'), 2);
    });

    for (const [name, fault, code] of [
      ['500', { status: 500 }, 'server-error'],
      ['502 with a web page', { status: 502, body: '<html></html>' }, 'server-error'],
      ['503', { status: 503 }, 'locked'],
      [
        'a log-on page',
        { status: 200, headers: { 'Content-Type': 'text/html' }, body: '<html></html>' },
        'bad-answer',
      ],
      ['a redirect', { status: 302, headers: { Location: '/logon' } }, 'bad-answer'],
      ['nothing', { drop: 'before' }, 'offline'],
    ] as const) {
      it(`keeps the write from being sent where the fetch is answered with ${name}`, async () => {
        const fixture = await start();
        // A read on a kept connection that breaks is tried anew, so that one broken connection is not enough.
        fixture.double.faults.push(...[1, 2, 3].map(() => ({ on: 'csrf', ...fault }) as const));
        const error = await failure(write(fixture));
        assert.deepEqual([error.code, error.details['performed']], [code, 'no']);
        assert.equal(fixture.double.count('PUT /api/v1/y'), 0);
      });
    }
  });

  describe('pace', () => {
    it('waits as long as a busy tenant asks, in seconds or until a date', async () => {
      const fixture = await start();
      const date = new Date(fixture.clock.now + 5_000).toUTCString();
      fixture.double.faults.push(
        { on: 'read', status: 429, headers: { 'Retry-After': '2' } },
        { on: 'read', status: 429, headers: { 'Retry-After': date } },
      );
      assert.equal((await read(fixture)).status, 200);
      assert.deepEqual(fixture.clock.waits, [2000, 3000]);
    });

    it('waits longer each time where the tenant names no time, and gives up in the end', async () => {
      const fixture = await start();
      fixture.double.reads.set('/api/v1/x', { status: 429 });
      assert.equal((await read(fixture)).status, 429);
      assert.deepEqual(fixture.clock.waits, [1000, 2000, 4000, 8000]);
      assert.equal(fixture.double.count('GET /api/v1/x'), 5);
    });

    it('does not wait for more than a minute', async () => {
      const fixture = await start();
      fixture.double.faults.push({ on: 'read', status: 429, headers: { 'Retry-After': '61' } });
      assert.equal((await read(fixture)).status, 429);
      assert.deepEqual(fixture.clock.waits, []);
    });

    it('stops waiting when cancelled, and a write is then not performed', async () => {
      const fixture = await start();
      const abortion = new AbortController();
      fixture.clock.onWait = () => abortion.abort();
      fixture.double.faults.push({ on: 'write', status: 429 });
      await assert.rejects(write(fixture, abortion.signal), Cancelled);
      assert.equal(fixture.double.count('PUT /api/v1/y'), 1);
      assert.equal(fixture.double.performed.length, 0);
    });

    it('asks no more than ten times a second', async () => {
      const fixture = await start();
      for (let count = 0; count < 25; count++) {
        await read(fixture);
      }
      assert.equal(fixture.double.count('GET /api/v1/x'), 25);
      assert.deepEqual(fixture.clock.waits, [1000, 1000]);
    });
  });
});

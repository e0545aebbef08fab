import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Cancelled, KeystoreError } from '../../../src/errors.js';
import { parseAccessToken } from '../../../src/tenant/accessToken.js';
import { Coalesced } from '../../../src/tenant/coalesced.js';
import { CookieJar } from '../../../src/tenant/cookieJar.js';
import { RateLimiter } from '../../../src/tenant/rateLimiter.js';
import { parseRetryAfter } from '../../../src/tenant/retryAfter.js';
import { maskSecrets } from '../../../src/tenant/secretMask.js';
import { judgeRoles } from '../../../src/tenant/tenantRoles.js';
import { wait } from '../../../src/tenant/waiting.js';
import { ManualClock } from '../../support/manualClock.js';

const never = new AbortController().signal;

describe('parseRetryAfter', () => {
  const now = Date.parse('2026-06-01T00:00:00Z');
  const cases: readonly (readonly [string | undefined, number | undefined])[] = [
    [undefined, undefined],
    ['', undefined],
    ['0', 0],
    ['7', 7000],
    [' 7 ', 7000],
    ['-7', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['Mon, 01 Jun 2026 00:00:30 GMT', 30_000],
    ['Sun, 31 May 2026 00:00:30 GMT', 0],
    ['99999999999999', undefined],
  ];
  for (const [header, expected] of cases) {
    it(`reads ${header ?? 'no header'} as ${expected ?? 'nothing'}`, () => {
      assert.equal(parseRetryAfter(header, now), expected);
    });
  }
});

describe('RateLimiter', () => {
  it('lets ten requests start at once and the eleventh a second after the first', async () => {
    const manual = new ManualClock();
    const limiter = new RateLimiter({ requests: 10, milliseconds: 1000 }, manual.clock, manual.wait);
    for (let count = 0; count < 10; count++) {
      await limiter.take(never);
    }
    assert.deepEqual(manual.waits, []);
    manual.now += 300;
    await limiter.take(never);
    assert.deepEqual(manual.waits, [700]);
  });

  it('never lets more than ten start within any second', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(400), { minLength: 1, maxLength: 60 }), async (gaps) => {
        const manual = new ManualClock();
        const limiter = new RateLimiter({ requests: 10, milliseconds: 1000 }, manual.clock, manual.wait);
        const starts: number[] = [];
        for (const gap of gaps) {
          manual.now += gap;
          await limiter.take(never);
          starts.push(manual.now);
        }
        for (const [index, start] of starts.entries()) {
          const tenth = starts[index + 10];
          assert.ok(tenth === undefined || tenth - start >= 1000);
        }
      }),
    );
  });

  it('keeps order, and a cancelled request holds up nobody', async () => {
    const manual = new ManualClock();
    const limiter = new RateLimiter({ requests: 1, milliseconds: 1000 }, manual.clock, manual.wait);
    const abortion = new AbortController();
    const order: string[] = [];
    const turns = [
      limiter.take(never).then(() => order.push('a')),
      assert.rejects(limiter.take(abortion.signal), Cancelled),
      limiter.take(never).then(() => order.push('c')),
    ];
    abortion.abort();
    await Promise.all(turns);
    assert.deepEqual(order, ['a', 'c']);
    assert.deepEqual(manual.waits, [1000]);
  });
});

describe('wait', () => {
  it('resolves after its time and rejects when cancelled', async () => {
    await wait(1, never);
    const abortion = new AbortController();
    const waiting = wait(60_000, abortion.signal);
    abortion.abort();
    await assert.rejects(waiting, Cancelled);
    await assert.rejects(wait(1, AbortSignal.abort()), Cancelled);
  });
});

describe('Coalesced', () => {
  it('makes one attempt for all who ask at the same time, and a new one later', async () => {
    let attempts = 0;
    const coalesced = new Coalesced(() => Promise.resolve(++attempts));
    assert.deepEqual(await Promise.all([coalesced.get(never), coalesced.get(never)]), [1, 1]);
    assert.equal(await coalesced.get(never), 2);
  });

  it('lets one caller cancel without the others', async () => {
    let open: (value: string) => void = () => {};
    const gate = new Promise<string>((resolve) => (open = resolve));
    let aborted = false;
    const coalesced = new Coalesced((signal) => {
      signal.addEventListener('abort', () => (aborted = true));
      return gate;
    });
    const abortion = new AbortController();
    const first = coalesced.get(abortion.signal);
    const second = coalesced.get(never);
    abortion.abort();
    await assert.rejects(first, Cancelled);
    assert.equal(aborted, false);
    open('x');
    assert.equal(await second, 'x');
  });

  it('aborts the attempt when the last caller has cancelled, and starts anew for the next', async () => {
    const signals: AbortSignal[] = [];
    const coalesced = new Coalesced((signal) => {
      signals.push(signal);
      return signals.length === 1 ? new Promise<string>(() => {}) : Promise.resolve('new');
    });
    const abortion = new AbortController();
    const asked = coalesced.get(abortion.signal);
    abortion.abort();
    await assert.rejects(asked, Cancelled);
    assert.equal(signals[0]?.aborted, true);
    assert.equal(await coalesced.get(never), 'new');
  });

  it('gives a failure to all and tries anew for the next', async () => {
    let attempts = 0;
    const coalesced = new Coalesced(() =>
      ++attempts === 1 ? Promise.reject(new KeystoreError('offline', 'x')) : Promise.resolve('ok'),
    );
    const both = await Promise.allSettled([coalesced.get(never), coalesced.get(never)]);
    assert.deepEqual(
      both.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    assert.equal(await coalesced.get(never), 'ok');
  });
});

describe('CookieJar', () => {
  const manual = new ManualClock();
  const api = new URL('https://acct-tmn.hci.eu1.hana.ondemand.com/api/v1/');
  const headerAfter = (cookies: readonly string[], url = api): string | undefined => {
    const jar = new CookieJar(manual.clock);
    jar.store(api, cookies);
    return jar.header(url);
  };

  it('sends back what SAP’s example sets', () => {
    assert.equal(
      headerAfter([
        'JSESSIONID=ABC; Path=/api; Secure; HttpOnly',
        'JTENANTSESSIONID_x=DEF%3D; Domain=.hana.ondemand.com; Path=/; Secure',
      ]),
      'JSESSIONID=ABC; JTENANTSESSIONID_x=DEF%3D',
    );
  });

  const cases: readonly (readonly [string, readonly string[], string | undefined])[] = [
    ['replaces a cookie of the same name and path', ['a=1; Path=/', 'a=2; Path=/'], 'a=2'],
    ['keeps equals signs in a value', ['a=b=c; Path=/'], 'a=b=c'],
    ['leaves out another path', ['a=1; Path=/other'], undefined],
    ['leaves out a path that only begins alike', ['a=1; Path=/ap'], undefined],
    ['takes the request’s folder where no path is named', ['a=1'], 'a=1'],
    ['leaves out another domain', ['a=1; Domain=evil.example; Path=/'], undefined],
    ['drops a cookie that ends at once', ['a=1; Path=/', 'a=; Path=/; Max-Age=0'], undefined],
    ['drops a cookie that has expired', ['a=1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT'], undefined],
    ['ignores what is no cookie', ['nonsense', '=x', 'a\u0000b=1; Path=/'], undefined],
    ['puts longer paths first', ['a=1; Path=/', 'b=2; Path=/api/v1'], 'b=2; a=1'],
  ];
  for (const [name, cookies, expected] of cases) {
    it(name, () => {
      assert.equal(headerAfter(cookies), expected);
    });
  }

  it('sends no secure cookie over plain http', () => {
    const plain = new URL('http://acct-tmn.hci.eu1.hana.ondemand.com/api/v1/');
    assert.equal(headerAfter(['a=1; Path=/; Secure', 'b=2; Path=/'], plain), 'b=2');
  });

  it('sends a cookie without domain to its own host only', () => {
    const other = new URL('https://x.acct-tmn.hci.eu1.hana.ondemand.com/api/v1/');
    assert.equal(headerAfter(['a=1; Path=/'], other), undefined);
  });

  it('drops a cookie when its time has come', () => {
    const jar = new CookieJar(manual.clock);
    jar.store(api, ['a=1; Path=/; Max-Age=10']);
    assert.equal(jar.header(api), 'a=1');
    manual.now += 10_000;
    assert.equal(jar.header(api), undefined);
  });
});

describe('parseAccessToken', () => {
  const jwt = (claims: object): string =>
    `eyJhbGciOiJub25lIn0.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.sig`;
  const parse = (over: object): ReturnType<typeof parseAccessToken> =>
    parseAccessToken(
      JSON.stringify({ access_token: 'abc', token_type: 'bearer', expires_in: 43199, ...over }),
      1000,
    );

  it('reads the documented answer', () => {
    assert.deepEqual(parse({ scope: 'it!b55.MonitoringDataRead uaa.resource', jti: 'x' }), {
      value: 'abc',
      expiresAt: 43_200_000,
      scopes: ['it!b55.MonitoringDataRead', 'uaa.resource'],
    });
  });

  it('reads Neo’s answer, where nothing is known of end and scopes', () => {
    assert.deepEqual(parse({ token_type: 'Bearer', expires_in: 0, scopes: [] }), {
      value: 'abc',
      expiresAt: undefined,
      scopes: undefined,
    });
  });

  it('finds scopes within the token', () => {
    assert.deepEqual(parse({ access_token: jwt({ scope: ['a.b', 'c'] }) }).scopes, ['a.b', 'c']);
    assert.equal(parse({ access_token: jwt({ sub: 'x' }) }).scopes, undefined);
    assert.equal(parse({ access_token: 'a.!!.c' }).scopes, undefined);
  });

  it('takes an end that is sent as text, and none for one that is nonsense', () => {
    assert.equal(parse({ expires_in: '60' }).expiresAt, 61_000);
    for (const expires_in of ['x', '', -5, null, {}, undefined]) {
      assert.equal(parse({ expires_in }).expiresAt, undefined);
    }
  });

  for (const body of [
    '',
    '<html>',
    '{}',
    '[]',
    '{"access_token":5}',
    '{"access_token":"a b"}',
    '{"access_token":"a\\r\\nX: y"}',
    '{"access_token":"SECRET-canary"',
  ]) {
    it(`refuses ${body === '' ? 'nothing' : body}`, () => {
      assert.throws(
        () => parseAccessToken(body, 0),
        (error) => KeystoreError.is(error, 'bad-answer') && !JSON.stringify(error).includes('canary'),
      );
    });
  }

  it('refuses a token of another kind', () => {
    assert.throws(
      () => parse({ token_type: 'mac' }),
      (error) => KeystoreError.is(error, 'bad-answer'),
    );
  });
});

describe('judgeRoles', () => {
  const standings = (scopes: readonly string[] | undefined): readonly string[] =>
    judgeRoles(scopes).map(({ standing }) => standing);
  const cases: readonly (readonly [string, readonly string[] | undefined, readonly string[]])[] = [
    ['no scopes', undefined, ['not-known', 'not-known']],
    ['scopes that tell nothing', ['uaa.resource', 'openid'], ['not-known', 'not-known']],
    ['both', ['it!b55.MonitoringDataRead', 'it!b55.SecurityMaterialEdit'], ['granted', 'granted']],
    ['reading only', ['it!b55.MonitoringDataRead'], ['granted', 'missing']],
    ['another role of the tenant only', ['it!b55.CredentialsEdit'], ['missing', 'missing']],
    ['bare names', ['SecurityMaterialEdit'], ['missing', 'granted']],
    ['names that only end alike', ['x.NoMonitoringDataRead', 'it.CredentialsRead'], ['missing', 'missing']],
    [
      'a bundle that may hold more',
      ['it.AuthGroup_Administrator', 'it.MonitoringDataRead'],
      ['granted', 'not-known'],
    ],
    [
      'Neo’s authorizations',
      ['IntegrationOperationServer.read', 'NodeManager.read', 'NodeManager.deploysecuritycontent'],
      ['granted', 'granted'],
    ],
    [
      'Neo’s authorizations for reading',
      ['IntegrationOperationServer.read', 'NodeManager.read'],
      ['granted', 'missing'],
    ],
  ];
  for (const [name, scopes, expected] of cases) {
    it(`judges ${name}`, () => {
      assert.deepEqual(standings(scopes), expected);
    });
  }
});

describe('maskSecrets', () => {
  it('takes out secrets as they are and as addresses hold them, longest first', () => {
    assert.equal(
      maskSecrets('a abcd$e= b abcd%24e%3D c abcd', ['abcd', 'abcd$e=', undefined, '']),
      'a ••• b ••• c •••',
    );
  });

  it('takes out secrets as JSON holds them, private keys and long base64', () => {
    assert.equal(maskSecrets(JSON.stringify('pw"d\\'), ['pw"d\\']), '"•••"');
    assert.equal(
      maskSecrets('x -----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- y', []),
      'x ••• y',
    );
    assert.equal(maskSecrets(`x ${'aB3/'.repeat(30)}== y`, []), 'x ••• y');
    assert.equal(maskSecrets('alias "acme" already exists', []), 'alias "acme" already exists');
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Cancelled } from '../../../src/errors.js';
import { CookieJar } from '../../../src/tenant/cookieJar.js';
import { RateLimiter } from '../../../src/tenant/rateLimiter.js';
import { judgeRoles } from '../../../src/tenant/tenantRoles.js';
import { ManualClock } from '../../support/manualClock.js';

const never = new AbortController().signal;

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

describe('judgeRoles', () => {
  const standings = (scopes: readonly string[] | undefined): readonly string[] =>
    judgeRoles(scopes).map(({ standing }) => standing);
  const cases: readonly (readonly [string, readonly string[] | undefined, readonly string[]])[] = [
    ['no scopes', undefined, ['not-known', 'not-known', 'not-known']],
    ['scopes that tell nothing', ['uaa.resource', 'openid'], ['not-known', 'not-known', 'not-known']],
    [
      'those of the keystore',
      ['it!b55.MonitoringDataRead', 'it!b55.SecurityMaterialEdit'],
      ['granted', 'granted', 'missing'],
    ],
    [
      'reading only',
      ['it!b55.MonitoringDataRead', 'it!b55.WorkspacePackagesRead'],
      ['granted', 'missing', 'granted'],
    ],
    ['another role of the tenant only', ['it!b55.CredentialsEdit'], ['missing', 'missing', 'missing']],
    ['bare names', ['SecurityMaterialEdit'], ['missing', 'granted', 'missing']],
    [
      'names that only end alike',
      ['x.NoMonitoringDataRead', 'it.CredentialsRead'],
      ['missing', 'missing', 'missing'],
    ],
    [
      'a bundle that may hold more',
      ['it.AuthGroup_Administrator', 'it.MonitoringDataRead'],
      ['granted', 'not-known', 'not-known'],
    ],
    [
      'Neo’s authorizations',
      ['IntegrationOperationServer.read', 'NodeManager.read', 'NodeManager.deploysecuritycontent'],
      ['granted', 'granted', 'missing'],
    ],
    [
      'Neo’s authorizations for reading',
      ['IntegrationOperationServer.read', 'NodeManager.read', 'WebToolingWorkspace.Read'],
      ['granted', 'missing', 'granted'],
    ],
  ];
  for (const [name, scopes, expected] of cases) {
    it(`judges ${name}`, () => {
      assert.deepEqual(standings(scopes), expected);
    });
  }
});

import assert from 'node:assert/strict';
import { Cancelled, KeystoreError } from '../../../src/errors.js';
import { parseAccessToken } from '../../../src/http/accessToken.js';
import { Coalesced } from '../../../src/http/coalesced.js';
import { isLoopbackHost } from '../../../src/http/httpAddress.js';
import { parseRetryAfter } from '../../../src/http/retryAfter.js';
import { maskSecrets } from '../../../src/http/secretMask.js';
import { wait } from '../../../src/http/waiting.js';

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

describe('isLoopbackHost', () => {
  it('knows the addresses that never leave the machine', () => {
    const hosts = [
      'localhost',
      'LOCALHOST',
      '127.0.0.1',
      '127.9.9.9',
      '::1',
      '[::1]',
      'x.localhost',
      '128.0.0.1',
      '::2',
    ];
    assert.deepEqual(hosts.filter(isLoopbackHost), [
      'localhost',
      'LOCALHOST',
      '127.0.0.1',
      '127.9.9.9',
      '::1',
      '[::1]',
    ]);
  });
});

import assert from 'node:assert/strict';
import { KeystoreError } from '../../../src/errors.js';
import type { HttpAnswer, HttpRequest } from '../../../src/http/httpMessages.js';
import { HttpTransport } from '../../../src/http/httpTransport.js';
import {
  checkCfApiUrl,
  discoverCfEndpoint,
  listCfEndpoints,
  parseCfEndpoint,
  passcodeUrl,
  proposeCfEndpoints,
  type CfEndpoint,
} from '../../../src/platform/cfEndpoint.js';
import { ScriptedServer, type ScriptedAnswer } from '../../support/scriptedServer.js';

const never = new AbortController().signal;

describe('proposeCfEndpoints', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['https://acme.it-cpi001.cfapps.jp10.hana.ondemand.com', ['https://api.cf.jp10.hana.ondemand.com']],
    [
      'https://acme.it-cpi001.cfapps.eu20-001.hana.ondemand.com/api/v1',
      [
        'https://api.cf.eu20-001.hana.ondemand.com',
        'https://api.cf.eu20.hana.ondemand.com',
        'https://api.cf.eu20-002.hana.ondemand.com',
      ],
    ],
    [
      'https://acme.it-cpi001-rt.cfapps.cn40.platform.sapcloud.cn',
      ['https://api.cf.cn40.platform.sapcloud.cn'],
    ],
    // a region that is newer than the list
    ['https://acme.it-cpi001.cfapps.xx10.hana.ondemand.com', ['https://api.cf.xx10.hana.ondemand.com']],
    [
      'https://acme.it-cpi001.cfapps.us10-009.hana.ondemand.com',
      [
        'https://api.cf.us10-009.hana.ondemand.com',
        'https://api.cf.us10.hana.ondemand.com',
        'https://api.cf.us10-001.hana.ondemand.com',
        'https://api.cf.us10-002.hana.ondemand.com',
      ],
    ],
    ['https://acme-tmn.hci.eu1.hana.ondemand.com', []],
    ['https://acme.it-cpi001.cfapps.eu10.hana.ondemand.com.evil.example', []],
    ['https://cfapps.eu10.evil.example', []],
    ['http://127.0.0.1:4711', []],
    ['no address', []],
  ];
  for (const [tenant, expected] of cases) {
    it(`proposes ${expected.length} for ${tenant}`, () => {
      assert.deepEqual(
        proposeCfEndpoints(tenant).map(({ apiUrl }) => apiUrl),
        expected,
      );
    });
  }

  it('names the place where the list of regions does', () => {
    const [first] = proposeCfEndpoints('https://acme.it-cpi001.cfapps.eu20.hana.ondemand.com');
    assert.deepEqual(first, {
      apiUrl: 'https://api.cf.eu20.hana.ondemand.com',
      landscape: 'eu20',
      place: 'Europe (Netherlands), Microsoft Azure',
    });
    assert.equal(proposeCfEndpoints('https://a.it-b.cfapps.xx10.hana.ondemand.com')[0]?.place, undefined);
  });

  it('lists each endpoint once', () => {
    const urls = listCfEndpoints().map(({ apiUrl }) => apiUrl);
    assert.equal(new Set(urls).size, urls.length);
    assert.equal(urls.length, 49);
    assert.deepEqual(urls, urls.map(checkCfApiUrl));
  });
});

describe('checkCfApiUrl', () => {
  it('keeps the origin alone', () => {
    assert.equal(
      checkCfApiUrl(' https://api.cf.eu10.hana.ondemand.com/v3/apps?x=1#y '),
      'https://api.cf.eu10.hana.ondemand.com',
    );
    assert.equal(checkCfApiUrl('http://localhost:8080'), 'http://localhost:8080');
  });
  for (const url of [
    '',
    'api.cf.eu10',
    'http://api.cf.eu10.hana.ondemand.com',
    'ftp://x',
    'https://u:p@x.example',
  ]) {
    it(`refuses "${url}"`, () => {
      assert.throws(
        () => checkCfApiUrl(url),
        (error) => KeystoreError.is(error, 'invalid-input') && !error.message.includes('u:p'),
      );
    });
  }
});

describe('discoverCfEndpoint', () => {
  let server: ScriptedServer;
  const transport = new HttpTransport({ timeoutMs: () => 5_000, log: () => {} });
  beforeEach(async () => {
    server = await ScriptedServer.start();
  });
  afterEach(() => server.stop());

  const root = (over: object = {}): ScriptedAnswer => ({
    body: {
      links: {
        self: { href: server.url },
        bits_service: null,
        cloud_controller_v2: { href: `${server.url}/v2`, meta: { version: '2.155.0' } },
        cloud_controller_v3: { href: `${server.url}/v3`, meta: { version: '3.90.0' } },
        login: { href: 'https://login.example.org' },
        uaa: { href: 'https://uaa.example.org' },
        ...over,
      },
    },
  });
  const discover = (): Promise<CfEndpoint> => discoverCfEndpoint(server.url, { transport, signal: never });

  it('reads where people sign in from the documented root', async () => {
    server.on('GET /', root());
    const endpoint = await discover();
    assert.deepEqual(endpoint, {
      apiUrl: server.url,
      loginUrl: 'https://login.example.org',
      uaaUrl: 'https://uaa.example.org',
    });
    assert.equal(passcodeUrl(endpoint), 'https://login.example.org/passcode');
    assert.deepEqual(server.lines, ['GET /']);
    assert.equal(server.received[0]?.headers.authorization, undefined);
    assert.deepEqual(parseCfEndpoint(JSON.parse(JSON.stringify(endpoint))), endpoint);
  });

  it('signs in at the UAA where no log-in server is named', async () => {
    server.on('GET /', root({ login: null }));
    assert.equal((await discover()).loginUrl, 'https://uaa.example.org');
  });

  const refused: readonly (readonly [string, () => ScriptedAnswer, string])[] = [
    ['no third version', () => root({ cloud_controller_v3: null }), 'bad-answer'],
    ['no UAA', () => root({ uaa: null, login: null }), 'bad-answer'],
    ['plain http', () => root({ uaa: { href: 'http://uaa.example.org' } }), 'bad-answer'],
    [
      'an API elsewhere',
      () => root({ cloud_controller_v3: { href: 'https://api.example/v3' } }),
      'bad-answer',
    ],
    ['a web page', () => ({ body: '<html>', headers: { 'Content-Type': 'text/html' } }), 'bad-answer'],
    ['nothing', () => ({}), 'bad-answer'],
    ['a redirect', () => ({ status: 302, headers: { Location: 'https://login.example/?x' } }), 'bad-answer'],
    ['404', () => ({ status: 404 }), 'bad-answer'],
    ['503', () => ({ status: 503 }), 'server-error'],
    ['a dropped connection', () => ({ drop: true }), 'offline'],
  ];
  for (const [name, answer, code] of refused) {
    it(`is ${code} for ${name}`, async () => {
      server.on('GET /', answer());
      await assert.rejects(discover(), (error) => KeystoreError.is(error, code as 'bad-answer'));
    });
  }

  it('never sends credentials from the network to this machine', async () => {
    const answer = root({
      cloud_controller_v3: { href: 'https://api.example/v3' },
      uaa: { href: 'https://127.0.0.1:8443' },
    });
    const far = {
      request: ({ url }: HttpRequest): Promise<HttpAnswer> =>
        Promise.resolve({ status: 200, headers: {}, body: Buffer.from(JSON.stringify(answer.body)), url }),
    };
    await assert.rejects(
      discoverCfEndpoint('https://api.example', { transport: far, signal: never }),
      (error) => KeystoreError.is(error, 'bad-answer') && error.details.reason === 'links',
    );
  });

  it('takes nothing else from what was stored', () => {
    const stored = {
      apiUrl: 'https://api.example',
      loginUrl: 'http://login.example',
      uaaUrl: 'https://uaa.example',
    };
    assert.equal(parseCfEndpoint(stored), undefined);
    assert.equal(parseCfEndpoint(undefined), undefined);
    assert.equal(parseCfEndpoint({ apiUrl: 5 }), undefined);
  });
});

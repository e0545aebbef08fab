import assert from 'node:assert/strict';
import { KeystoreError } from '../../../src/errors.js';
import {
  checkTenantUrl,
  checkTokenUrl,
  parseTenantAddress,
  parseTenantSecret,
} from '../../../src/tenant/tenantAddress.js';
import { proposeNameAndStage, proposeTokenUrl } from '../../../src/tenant/tenantProposal.js';

const api = 'https://acme-dev.it-cpi001.cfapps.eu10.hana.ondemand.com';

describe('checkTenantUrl', () => {
  const taken: readonly (readonly [string, string])[] = [
    [api, api],
    [` ${api}/ `, api],
    [`${api}/api/v1`, api],
    [`${api}/api/v1/`, api],
    [`${api}/api/v1/KeystoreEntries?$top=1#x`, api],
    [`${api}/itspaces/shell/monitoring`, api],
    ['https://edge.acme.example/location/loc1/api/v1/', 'https://edge.acme.example/location/loc1'],
    ['https://acct-tmn.hci.eu1.hana.ondemand.com/itspaces', 'https://acct-tmn.hci.eu1.hana.ondemand.com'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['http://127.0.0.1:1/', 'http://127.0.0.1:1'],
    ['http://[::1]:99/api/v1', 'http://[::1]:99'],
    ['HTTPS://ACME.example', 'https://acme.example'],
  ];
  for (const [url, expected] of taken) {
    it(`takes ${url}`, () => {
      assert.equal(checkTenantUrl(url), expected);
    });
  }

  const refused: readonly (readonly [string, string])[] = [
    ['', 'missing'],
    ['acme', 'malformed'],
    ['ftp://acme.example', 'scheme'],
    ['javascript:alert(1)', 'scheme'],
    ['http://acme.example', 'insecure'],
    ['http://localhost.acme.example', 'insecure'],
    ['http://acme.localhost', 'insecure'],
    ['http://127.0.0.1.acme.example', 'insecure'],
    ['https://user:secret@acme.example', 'credentials'],
    ['https://acme.it-cpi001-rt.cfapps.eu10.hana.ondemand.com', 'runtime-host'],
    ['https://acct-iflmap.hcisbt.eu1.hana.ondemand.com', 'runtime-host'],
    ['https://acme.integrationsuite.cfapps.eu10.hana.ondemand.com/shell/home', 'web-host'],
  ];
  for (const [url, reason] of refused) {
    it(`refuses ${url === '' ? 'nothing' : url}`, () => {
      assert.throws(
        () => checkTenantUrl(url),
        (error) => {
          assert.ok(KeystoreError.is(error, 'invalid-input'));
          assert.deepEqual(error.details, { field: 'url', reason });
          assert.ok(!error.message.includes('secret'));
          return true;
        },
      );
    });
  }
});

describe('checkTokenUrl', () => {
  it('takes an https address and keeps its query', () => {
    assert.equal(checkTokenUrl('https://a.example/oauth/token?x=1#y'), 'https://a.example/oauth/token?x=1');
  });

  it('refuses plain http but on loopback', () => {
    assert.equal(checkTokenUrl('http://localhost:1/oauth/token'), 'http://localhost:1/oauth/token');
    assert.throws(
      () => checkTokenUrl('http://a.example/oauth/token'),
      (error) => KeystoreError.is(error, 'invalid-input') && error.details['field'] === 'tokenUrl',
    );
  });
});

describe('proposeNameAndStage', () => {
  const cf = (name: string, id = 'it-cpi001'): string =>
    `https://${name}.${id}.cfapps.eu10.hana.ondemand.com`;
  const cases: readonly (readonly [string, string, string | undefined])[] = [
    [cf('acme-dev'), 'acme-dev', 'DEV'],
    [cf('acme-test-1'), 'acme-test-1', 'QA'],
    [cf('acme-qas'), 'acme-qas', 'QA'],
    [cf('acmeprod'), 'acmeprod', 'PRD'],
    [cf('acme-prd-eu'), 'acme-prd-eu', 'PRD'],
    [cf('acme-p'), 'acme-p', 'PRD'],
    [cf('contest'), 'contest', undefined],
    [cf('acme'), 'acme', undefined],
    [cf('dev-prod'), 'dev-prod', undefined],
    [cf('4711abtrial', 'it-cpitrial05'), '4711abtrial', 'DEV'],
    [cf('x', 'it-cpitrial05'), 'x', 'DEV'],
    ['https://l4711-tmn.hci.eu1.hana.ondemand.com', 'l4711', undefined],
    ['http://localhost:8080', 'localhost', undefined],
    ['http://127.0.0.1:8080', '127.0.0.1', undefined],
  ];
  for (const [url, name, stage] of cases) {
    it(`proposes ${name} and ${stage ?? 'no stage'} for ${url}`, () => {
      assert.deepEqual(proposeNameAndStage(url), { name, stage });
    });
  }
});

describe('proposeTokenUrl', () => {
  it('follows the host forms of Cloud Foundry and Neo', () => {
    assert.equal(proposeTokenUrl(api), 'https://acme-dev.authentication.eu10.hana.ondemand.com/oauth/token');
    assert.equal(
      proposeTokenUrl('https://acct-tmn.hci.eu1.hana.ondemand.com'),
      'https://oauthasservices-acct.eu1.hana.ondemand.com/oauth2/api/v1/token',
    );
    assert.equal(proposeTokenUrl('https://acme.example'), undefined);
  });
});

describe('stored connections', () => {
  it('takes back each kind of secret and no other', () => {
    const secrets = [
      { kind: 'clientSecret', clientSecret: 'x' },
      { kind: 'clientCertificate', certificate: 'c', key: 'k' },
      { kind: 'basic', password: 'p' },
    ];
    assert.deepEqual(
      secrets.map((secret) => parseTenantSecret({ ...secret, more: 1 })),
      secrets,
    );
    for (const wrong of [
      undefined,
      null,
      'x',
      [],
      {},
      { kind: 'other' },
      { kind: 'basic' },
      { kind: 'basic', password: 5 },
      { kind: 'clientCertificate', key: 'k' },
    ]) {
      assert.equal(parseTenantSecret(wrong), undefined);
    }
  });

  it('takes back an address only where it may be called', () => {
    const authentication = { kind: 'clientSecret', tokenUrl: 'https://a.example/oauth/token', clientId: 'c' };
    const address = { url: api, authentication };
    assert.deepEqual(parseTenantAddress(address), address);
    assert.deepEqual(parseTenantAddress({ ...address, trustedCa: 'pem' }), { ...address, trustedCa: 'pem' });
    assert.deepEqual(parseTenantAddress({ url: api, authentication: { kind: 'basic', user: 'u' } }), {
      url: api,
      authentication: { kind: 'basic', user: 'u' },
    });
    for (const wrong of [
      undefined,
      { url: api },
      { ...address, url: 'http://acme.example' },
      { url: api, authentication: { ...authentication, tokenUrl: 'http://a.example' } },
      { url: api, authentication: { kind: 'basic' } },
      { url: api, authentication: { ...authentication, kind: 'other' } },
    ]) {
      assert.equal(parseTenantAddress(wrong), undefined);
    }
  });
});

import assert from 'node:assert/strict';
import { KeystoreError } from '../../../src/errors.js';
import { acceptedCurves, recommendedCurves } from '../../../src/tenant/ellipticCurves.js';
import {
  checkKeyPairRequest,
  checkNewAlias,
  checkCountryExists,
  countryName,
  keyPairRequestBody,
  keySizes,
  signatureAlgorithms,
  type KeyPairRequest,
} from '../../../src/tenant/keyPairRequest.js';

const request: KeyPairRequest = {
  alias: 'cust_alias',
  key: { type: 'RSA', size: 2048 },
  signatureAlgorithm: 'SHA-256/RSA',
  subject: { commonName: 'cpi.acme.example', country: 'DE' },
};

function fields(over: Partial<KeyPairRequest>): readonly string[] {
  return checkKeyPairRequest({ ...request, ...over }).map(({ field }) => field);
}

describe('keyPairRequestBody', () => {
  it('writes an RSA request as SAP documents it', () => {
    const body = keyPairRequestBody({
      ...request,
      subject: {
        commonName: 'cpi.acme.example',
        organizationUnit: 'IT',
        organization: 'ACME, Inc.',
        locality: 'Köln',
        state: 'NRW',
        country: 'de',
        email: 'pki@acme.example',
      },
      validNotBefore: new Date(1469685029780),
      validNotAfter: new Date(1469775029780),
    });
    assert.deepEqual(JSON.parse(body), {
      Hexalias: '00',
      Alias: 'cust_alias',
      KeyType: 'RSA',
      SignatureAlgorithm: 'SHA-256/RSA',
      KeySize: 2048,
      CommonName: 'cpi.acme.example',
      OrganizationUnit: 'IT',
      Organization: 'ACME, Inc.',
      Locality: 'Köln',
      State: 'NRW',
      Country: 'DE',
      Email: 'pki@acme.example',
      ValidNotBefore: '/Date(1469685029780)/',
      ValidNotAfter: '/Date(1469775029780)/',
    });
  });

  it('writes a curve instead of a size, and leaves empty members out', () => {
    const body = keyPairRequestBody({
      ...request,
      key: { type: 'EC', curve: 'secp256r1' },
      signatureAlgorithm: 'SHA-256/ECDSA',
      subject: { commonName: 'x', country: 'DE', organization: ' ', state: '' },
    });
    assert.deepEqual(JSON.parse(body), {
      Hexalias: '00',
      Alias: 'cust_alias',
      KeyType: 'EC',
      SignatureAlgorithm: 'SHA-256/ECDSA',
      KeySize: null,
      KeyAlgorithmParameter: 'secp256r1',
      CommonName: 'x',
      Country: 'DE',
    });
  });

  it('throws the first problem', () => {
    assert.throws(
      () => keyPairRequestBody({ ...request, alias: '' }),
      (error) => KeystoreError.is(error, 'invalid-input') && error.details['field'] === 'alias',
    );
  });
});

describe('checkKeyPairRequest', () => {
  it('finds nothing wrong with any type, size, curve and algorithm on offer', () => {
    for (const type of ['RSA', 'DSA'] as const) {
      for (const size of keySizes[type]) {
        for (const signatureAlgorithm of signatureAlgorithms[type]) {
          assert.deepEqual(fields({ key: { type, size }, signatureAlgorithm }), []);
        }
      }
    }
    for (const curve of acceptedCurves) {
      for (const signatureAlgorithm of signatureAlgorithms.EC) {
        assert.deepEqual(fields({ key: { type: 'EC', curve }, signatureAlgorithm }), []);
      }
    }
  });

  it('names every member that is wrong', () => {
    assert.deepEqual(
      fields({
        alias: 'sap_x',
        key: { type: 'RSA', size: 1000 },
        signatureAlgorithm: 'SHA-256/ECDSA',
        subject: { commonName: ' ', country: 'DEU', state: 'x'.repeat(501), organization: 'a\nb' },
        validNotBefore: new Date(2),
        validNotAfter: new Date(1),
      }),
      ['alias', 'key', 'signatureAlgorithm', 'commonName', 'organization', 'state', 'country', 'validity'],
    );
    assert.deepEqual(fields({ key: { type: 'EC', curve: 'secp256' }, signatureAlgorithm: 'SHA-256/ECDSA' }), [
      'key',
    ]);
    assert.deepEqual(fields({ validNotAfter: new Date(Number.NaN) }), ['validity']);
  });

  it('takes an alias of 250 characters and no more', () => {
    assert.equal(checkNewAlias('é'.repeat(250)), undefined);
    assert.ok(checkNewAlias('é'.repeat(251)) !== undefined);
    assert.equal(checkNewAlias('a/b\\c;d e.f 🔑'), undefined);
    assert.ok(checkNewAlias('a\tb') !== undefined);
    assert.ok(checkNewAlias('\uD83D') !== undefined);
  });
});

describe('countries and curves', () => {
  it('names a country and none where there is none', () => {
    assert.equal(countryName('de'), 'Germany');
    assert.equal(countryName('XQ'), undefined);
    assert.equal(countryName('DEU'), undefined);
  });

  it('tells the code of a country for which another is only reserved', () => {
    assert.equal(checkCountryExists('uk'), 'The code of United Kingdom is GB, not UK.');
    assert.equal(checkCountryExists('XQ'), 'No country has the code "XQ".');
    for (const code of ['gb', 'DE', 'EU']) {
      assert.equal(checkCountryExists(code), undefined);
    }
  });

  it('lists every curve once, the recommended ones first', () => {
    assert.equal(new Set(acceptedCurves).size, acceptedCurves.length);
    assert.equal(acceptedCurves.length, 55);
    assert.deepEqual(acceptedCurves.slice(0, recommendedCurves.length), recommendedCurves);
    assert.equal(recommendedCurves.length, 20);
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { KeystoreError } from '../../../src/errors.js';
import { parseChainCertificate, parseEntry, parseHistoryEntry } from '../../../src/tenant/entryParser.js';

const documented = {
  Hexalias: '313233',
  Alias: '123',
  KeyType: 'RSA',
  KeySize: 2048,
  ValidNotBefore: '/Date(1496732924000)/',
  ValidNotAfter: '/Date(1559804924000)/',
  SerialNumber: '0x11F11',
  SignatureAlgorithm: 'SHA256withRSA',
  EllipticCurve: null,
  Validity: null,
  SubjectDN: 'CN=sandbox.api.sap.com, OU=Hana Cloud Integration, O=SAP, C=DE',
  IssuerDN: 'CN=sandbox.api.sap.com, O=SAP, L=Walldorf, C=DE',
  Version: 3,
  FingerprintSha1: '0D:56',
  FingerprintSha256: '84:2D',
  FingerprintSha512: '97:0E',
  Type: 'Key Pair',
  Owner: 'Tenant Administrator',
  LastModifiedBy: 'Tester',
  LastModifiedTime: '/Date(1552296324222)/',
  CreatedBy: 'Tester',
  CreatedTime: '/Date(1552296324222)/',
  Status: 'unchanged',
};

function refused(row: unknown): string {
  try {
    parseEntry(row);
  } catch (error) {
    assert.ok(KeystoreError.is(error, 'bad-answer'), String(error));
    return String(error.details['property'] ?? error.details['reason']);
  }
  assert.fail('the row was taken');
}

describe('parseEntry', () => {
  it('reads the entry that SAP documents', () => {
    assert.deepEqual(parseEntry(documented), {
      hexalias: '313233',
      alias: '123',
      type: 'Key Pair',
      owner: 'Tenant Administrator',
      keyType: 'RSA',
      keySize: 2048,
      ellipticCurve: undefined,
      validNotBefore: new Date(1496732924000),
      validNotAfter: new Date(1559804924000),
      serialNumber: '0x11F11',
      signatureAlgorithm: 'SHA256withRSA',
      subjectDn: 'CN=sandbox.api.sap.com, OU=Hana Cloud Integration, O=SAP, C=DE',
      issuerDn: 'CN=sandbox.api.sap.com, O=SAP, L=Walldorf, C=DE',
      version: 3,
      fingerprintSha1: '0D:56',
      fingerprintSha256: '84:2D',
      fingerprintSha512: '97:0E',
      validity: undefined,
      lastModifiedBy: 'Tester',
      lastModifiedTime: new Date(1552296324222),
      createdBy: 'Tester',
      createdTime: new Date(1552296324222),
      status: 'unchanged',
    });
  });

  it('ignores what real answers carry besides', () => {
    const entry = parseEntry({
      ...documented,
      __metadata: { id: 'x', type: 'com.sap.hci.api.KeystoreEntry' },
      ChainCertificates: { __deferred: { uri: 'x' } },
    });
    assert.equal(entry.alias, '123');
  });

  it('reads offsets, numbers sent as text, and lower-case digits', () => {
    const entry = parseEntry({
      Hexalias: '5b325d5f7361705f74657374',
      Alias: '[2]_sap_test',
      KeySize: '4096',
      ValidNotAfter: '/Date(1559804924000+0000)/',
    });
    assert.equal(entry.hexalias, '5B325D5F7361705F74657374');
    assert.equal(entry.keySize, 4096);
    assert.deepEqual(entry.validNotAfter, new Date(1559804924000));
    assert.equal(entry.type, '');
  });

  it('fills in the one of alias and hexalias that is missing', () => {
    assert.equal(parseEntry({ Alias: 'Ü' }).hexalias, 'C39C');
    assert.equal(parseEntry({ Hexalias: 'c39c' }).alias, 'Ü');
  });

  const wrong: readonly (readonly [string, unknown, string])[] = [
    ['no object', 'x', 'row'],
    ['no name at all', {}, 'Hexalias'],
    ['an alias that is a number', { ...documented, Alias: 5 }, 'Alias'],
    ['digits that are no text', { Hexalias: 'FF' }, 'Hexalias'],
    ['a date in words', { ...documented, ValidNotAfter: 'tomorrow' }, 'ValidNotAfter'],
    ['a date that is a number', { ...documented, CreatedTime: 5 }, 'CreatedTime'],
    ['a size with a fraction', { ...documented, KeySize: 1.5 }, 'KeySize'],
    ['a subject that is an object', { ...documented, SubjectDN: {} }, 'SubjectDN'],
    ['a fingerprint that is a list', { ...documented, FingerprintSha256: [] }, 'FingerprintSha256'],
  ];
  for (const [name, row, property] of wrong) {
    it(`names the property of ${name}`, () => {
      assert.equal(refused(row), property);
    });
  }

  it('either reads a row or refuses it with a code', () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.boolean(), fc.double());
    fc.assert(
      fc.property(
        fc.record(Object.fromEntries(Object.keys(documented).map((name) => [name, value]))),
        (row) => {
          try {
            parseEntry(row);
          } catch (error) {
            assert.ok(KeystoreError.is(error, 'bad-answer'), String(error));
          }
        },
      ),
    );
  });
});

describe('parseHistoryEntry', () => {
  it('reads what a replaced key pair has besides', () => {
    const entry = parseHistoryEntry({
      ...documented,
      Alias: '[2]_sap_test',
      ActivationSequenceNumber: 2,
      OriginalAlias: 'sap_test',
      ActiveFrom: '/Date(1496732924000)/',
    });
    assert.equal(entry.activationSequenceNumber, 2);
    assert.equal(entry.originalAlias, 'sap_test');
    assert.deepEqual(entry.activeFrom, new Date(1496732924000));
    assert.equal(entry.activatedBy, undefined);
  });
});

describe('parseChainCertificate', () => {
  it('reads its place in the chain', () => {
    const certificate = parseChainCertificate({ ...documented, Index: 2 });
    assert.equal(certificate.index, 2);
    assert.equal(certificate.serialNumber, '0x11F11');
  });

  for (const Index of [undefined, null, -1, 'x']) {
    it(`refuses the index ${String(Index)}`, () => {
      assert.throws(
        () => parseChainCertificate({ ...documented, Index }),
        (error) => KeystoreError.is(error, 'bad-answer') && error.details['property'] === 'Index',
      );
    });
  }
});

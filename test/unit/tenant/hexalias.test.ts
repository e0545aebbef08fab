import assert from 'node:assert/strict';
import fc from 'fast-check';
import { KeystoreError } from '../../../src/errors.js';
import { decodeHexalias, encodeHexalias } from '../../../src/tenant/hexalias.js';

describe('hexalias', () => {
  const documented: readonly (readonly [string, string])[] = [
    ['my alias', '6D7920616C696173'],
    ['smtp.mail.yahoo.com', '736D74702E6D61696C2E7961686F6F2E636F6D'],
    ['mycertificate', '6D796365727469666963617465'],
    ['mykeypair', '6D796B657970616972'],
    ['id_rsa', '69645F727361'],
    ['123', '313233'],
    ['[2]_sap_test', '5B325D5F7361705F74657374'],
  ];
  for (const [alias, hexalias] of documented) {
    it(`encodes "${alias}" as SAP documents it`, () => {
      assert.equal(encodeHexalias(alias), hexalias);
      assert.equal(decodeHexalias(hexalias), alias);
      assert.equal(decodeHexalias(hexalias.toLowerCase()), alias);
    });
  }

  for (const alias of [
    'a/b',
    'a\\b',
    'a;b',
    'Straße',
    '日本',
    '🔑🗝',
    '\uFEFFx',
    ' ',
    "o'neil",
    '%2F',
    'é'.repeat(250),
  ]) {
    it(`gives back ${JSON.stringify(alias.slice(0, 10))}`, () => {
      assert.equal(decodeHexalias(encodeHexalias(alias)), alias);
    });
  }

  it('gives back any alias', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 250 }), (alias) => {
        const hexalias = encodeHexalias(alias);
        assert.match(hexalias, /^(?:[0-9A-F]{2})*$/);
        assert.equal(decodeHexalias(hexalias), alias);
      }),
    );
  });

  it('gives different aliases different digits', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        assert.equal(encodeHexalias(a) === encodeHexalias(b), a === b);
      }),
    );
  });

  it('refuses half of a surrogate pair, which UTF-8 cannot hold', () => {
    assert.throws(
      () => encodeHexalias('a\uD83D'),
      (error) => KeystoreError.is(error, 'invalid-input'),
    );
  });

  for (const text of ['6', 'zz', '61 62', 'FF', 'C328', "61')"]) {
    it(`refuses "${text}"`, () => {
      assert.throws(
        () => decodeHexalias(text),
        (error) => KeystoreError.is(error, 'malformed'),
      );
    });
  }
});

import assert from 'node:assert/strict';
import { commonName } from '../../../../src/views/nodes/commonName.js';

describe('commonName', () => {
  const names: readonly (readonly [string, string | undefined])[] = [
    ['CN=orders.acme.example, O=ACME, C=DE', 'orders.acme.example'],
    ['CN=a,O=b', 'a'],
    ['C=DE, O=ACME, CN=last', 'last'],
    ['CN=most specific, CN=less, O=x', 'most specific'],
    ['OU=x+CN=in a set, O=y', 'in a set'],
    ['cn=lower', 'lower'],
    ['2.5.4.3=by number', 'by number'],
    ['OID.2.5.4.3=by number', 'by number'],
    ['CN="VeriSign, Inc.", O="a=b", C=US', 'VeriSign, Inc.'],
    ['CN="say \\"hi\\"", C=US', 'say "hi"'],
    ['CN=a\\, b\\+c, O=x', 'a, b+c'],
    ['CN=M\\C3\\BCller, O=x', 'Müller'],
    ['CN=trailing\\ , O=x', 'trailing '],
    ['CN=trailing   , O=x', 'trailing'],
    ['O="CN=not this", CN=this', 'this'],
    ['O=CN\\, CN=not this either', undefined],
    ['CN=, O=x', undefined],
    ['O=ACME, C=DE', undefined],
    ['', undefined],
    ['no attributes at all', undefined],
    ['CN="never closed', 'never closed'],
    ['CN=ends with backslash\\', 'ends with backslash\\'],
  ];
  for (const [name, expected] of names) {
    it(`reads ${JSON.stringify(expected)} from ${name === '' ? 'an empty name' : name}`, () => {
      assert.equal(commonName(name), expected);
    });
  }
});

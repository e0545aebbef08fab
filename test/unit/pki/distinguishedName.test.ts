import assert from 'node:assert/strict';
import fc from 'fast-check';
import { KeystoreError } from '../../../src/errors.js';
import { readAsn1, toHex } from '../../../src/pki/asn1.js';
import {
  commonName,
  displayName,
  formatName,
  makeName,
  namesEqual,
  parseName,
  readName,
} from '../../../src/pki/distinguishedName.js';
import { encodeGeneralName } from '../../../src/pki/generalName.js';
import { openssl } from './opensslTool.js';
import { issue } from './testAuthority.js';

function values(text: string): string[][] {
  return parseName(text).rdns.map((rdn) => rdn.map(({ oid, value }) => `${oid}=${value}`));
}

describe('parsing a distinguished name', () => {
  const cases: readonly (readonly [string, string[][]])[] = [
    ['', []],
    ['CN=a', [['2.5.4.3=a']]],
    // The examples of RFC 4514, section 4.
    [
      'UID=jsmith,DC=example,DC=net',
      [
        ['0.9.2342.19200300.100.1.25=net'],
        ['0.9.2342.19200300.100.1.25=example'],
        ['0.9.2342.19200300.100.1.1=jsmith'],
      ],
    ],
    [
      'OU=Sales+CN=J.  Smith,DC=example',
      [['0.9.2342.19200300.100.1.25=example'], ['2.5.4.11=Sales', '2.5.4.3=J.  Smith']],
    ],
    ['CN=James \\"Jim\\" Smith\\, III', [['2.5.4.3=James "Jim" Smith, III']]],
    ['CN=Before\\0dAfter', [['2.5.4.3=Before\rAfter']]],
    ['1.3.6.1.4.1.1466.0=#04024869', [['1.3.6.1.4.1.1466.0=#04024869']]],
    ['CN=Lu\\C4\\8Di\\C4\\87', [['2.5.4.3=Lučić']]],
    // A hex string that is an encoded text.
    ['CN=#0C0161', [['2.5.4.3=a']]],
    ['CN=\\ a\\ ', [['2.5.4.3= a ']]],
    ['CN=a\\\\', [['2.5.4.3=a\\']]],
    ['CN=a=b', [['2.5.4.3=a=b']]],
    ['ST=', [['2.5.4.8=']]],
    ['C=', [['2.5.4.6=']]],
    // As SAP, Java, Windows and people write.
    ['CN=x, O="VeriSign, Inc.", C=US', [['2.5.4.6=US'], ['2.5.4.10=VeriSign, Inc.'], ['2.5.4.3=x']]],
    ['CN="a \\"b\\" +c" ; O=d', [['2.5.4.10=d'], ['2.5.4.3=a "b" +c']]],
    [
      'EMAILADDRESS=a@b.example, S=BW, SP=X',
      [['2.5.4.8=X'], ['2.5.4.8=BW'], ['1.2.840.113549.1.9.1=a@b.example']],
    ],
    ['E=a@b.example', [['1.2.840.113549.1.9.1=a@b.example']]],
    ['OID.2.5.4.3=x', [['2.5.4.3=x']]],
    ['  cn =  a b  ,  o=c ', [['2.5.4.10=c'], ['2.5.4.3=a b']]],
  ];
  for (const [text, expected] of cases) {
    it(`reads ${JSON.stringify(text)}`, () => {
      assert.deepEqual(values(text), expected);
    });
  }

  for (const text of [
    ',CN=a',
    'CN=a,',
    'CN=a,,O=b',
    'CN',
    '=a',
    'FOOBAR=a',
    'CN=a+',
    'CN=a"b',
    'CN="a',
    'CN="a"b',
    'CN=a<b',
    'CN=a\\',
    'CN=a\\x',
    'CN=\\C4x',
    'CN=#1',
    'CN=#zz',
    'CN=#',
    'CN=\ud800',
    `CN=${'a'.repeat(40_000)}`,
  ]) {
    it(`refuses ${JSON.stringify(text).slice(0, 40)}`, () => {
      assert.throws(
        () => parseName(text),
        (error) => KeystoreError.is(error, 'invalid-input'),
      );
    });
  }

  it('says where the fault is', () => {
    assert.throws(
      () => parseName('CN=ok,O=a"b'),
      (error) => KeystoreError.is(error) && error.details['position'] === 9,
    );
  });
});

describe('formatting a distinguished name', () => {
  it('takes no blanks for white space but those that people type', () => {
    const name = parseName('CN=\u2000,O= \u00a0a\u3000 ,C=DE');
    assert.deepEqual(
      name.rdns.map(([attribute]) => attribute?.value),
      ['DE', '\u00a0a\u3000', '\u2000'],
    );
  });

  it('gives every text back', () => {
    const attribute = fc.oneof(
      fc.record({
        oid: fc.constantFrom('2.5.4.3', '2.5.4.10', '1.2.3.4'),
        value: fc.oneof(
          fc.string({ unit: 'grapheme', maxLength: 20 }),
          fc.string({
            unit: fc.constantFrom(...Array.from(' #=,+"\\<>;\u0000\n\u202eäß😀')),
            maxLength: 12,
          }),
        ),
      }),
      fc.record({
        oid: fc.constantFrom('2.5.4.6', '2.5.4.5'),
        value: fc.string({ unit: fc.constantFrom(...Array.from(" aZ0'()+,-./:=?")), maxLength: 12 }),
      }),
      fc.record({
        oid: fc.constant('1.2.840.113549.1.9.1'),
        value: fc.string({ unit: 'binary-ascii', maxLength: 12 }),
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.array(attribute, { minLength: 1, maxLength: 2 }), { maxLength: 4 }), (rdns) => {
        const name = makeName(rdns);
        for (const text of [formatName(name), displayName(name)]) {
          const again = parseName(text);
          assert.equal(toHex(again.der), toHex(name.der));
        }
        assert.equal(formatName(readName(readAsn1(name.der))).length, formatName(name).length);
      }),
    );
  });

  it('shows what a screen would obey or hide', () => {
    const name = makeName([[{ oid: '2.5.4.3', value: 'a\u202e\u2066b\u200b\u00a0\u0085\u001b[31m' }]]);
    assert.equal(displayName(name), 'CN=a\\E2\\80\\AE\\E2\\81\\A6b\\E2\\80\\8B\\C2\\A0\\C2\\85\\1B[31m');
  });

  it('writes values that are no text by their bytes, like openssl', () => {
    assert.equal(
      formatName(parseName('2.5.4.45=#0302 0101'.replace(' ', ''))),
      'x500UniqueIdentifier=#03020101',
    );
  });

  it('finds the most specific common name', () => {
    assert.equal(commonName(parseName('CN=a,O=x,CN=b')), 'a');
    assert.equal(commonName(parseName('O=x')), undefined);
  });
});

describe('making a distinguished name', () => {
  for (const [oid, value, type] of [
    ['2.5.4.6', 'Ü1', 'C'],
    ['2.5.4.6', 'D_', 'C'],
    ['2.5.4.5', 'a@b', 'serialNumber'],
    ['2.5.4.46', 'ß', 'dnQualifier'],
    ['1.3.6.1.4.1.311.60.2.1.3', 'Ü', 'jurisdictionC'],
    ['1.2.840.113549.1.9.1', 'ä@b.example', 'emailAddress'],
    ['0.9.2342.19200300.100.1.3', 'ä@b.example', 'mail'],
    ['0.9.2342.19200300.100.1.25', 'bücher', 'DC'],
  ] as const) {
    it(`refuses ${type} "${value}", for which RFC 5280 permits no string type, and names the attribute`, () => {
      const isRefused = (error: unknown): boolean =>
        KeystoreError.is(error, 'invalid-input') &&
        error.details.attribute === type &&
        String(error.details.explanation).includes(`"${type}"`) &&
        String(error.details.explanation).includes(`"${value}"`);
      assert.throws(() => makeName([[{ oid: '2.5.4.3', value: 'a' }], [{ oid, value }]]), isRefused);
      assert.throws(() => encodeGeneralName({ type: 'DirName', value: `${type}=${value}` }), isRefused);
    });
  }

  it('takes every text for the types that may be UTF-8, and reads what others wrote against the rule', () => {
    assert.equal(formatName(makeName([[{ oid: '2.5.4.10', value: 'Ü_@' }]])), 'O=Ü_@');
    assert.equal(formatName(parseName('C=Ü1,emailAddress=ä@b.example')), 'C=Ü1,emailAddress=ä@b.example');
    assert.equal(formatName(makeName([[{ oid: '2.5.4.6', value: '' }]])), 'C=');
  });
});

describe('a distinguished name in a certificate', () => {
  for (const text of [
    'CN=SAP \\"Test\\"\\, Ümläut\\+Co\\; \\<x\\>,OU=R&D = α,O=\\ outer\\ ,C=DE',
    'emailAddress=a@b.example,serialNumber=12,title=Dr,GN=Ada,SN=L,street=Weg 1,postalCode=69190,DC=a,UID=u',
    'x500UniqueIdentifier=#03020780,1.3.6.1.4.1.1466.0=#1303616263,CN=a',
  ]) {
    it(`is written by openssl as ${text}`, () => {
      const { certificate } = issue({ subject: text });
      const printed = openssl(
        ['x509', '-inform', 'DER', '-noout', '-subject', '-nameopt', 'RFC2253,-esc_msb'],
        certificate.der,
      );
      assert.equal(printed.toString(), `subject=${text}\n`);
      assert.equal(formatName(certificate.subject), text);
    });
  }
});

describe('comparing distinguished names (RFC 5280 7.1)', () => {
  const same: readonly (readonly [string, string])[] = [
    ['CN=Example,O=B', 'cn=EXAMPLE,o=b'],
    ['CN=a  b', 'CN=A B'],
    ['CN=\\ a\\ ', 'CN=a'],
    ['OU=a+CN=b', 'CN=b+OU=a'],
    ['CN=#13014a', 'CN=#0c016a'],
    ['CN=#1e02004a', 'CN=j'],
    ['CN=Straße', 'CN=STRASSE'],
    ['CN=\uff21', 'CN=a'],
  ];
  for (const [a, b] of same) {
    it(`takes ${a} and ${b} for one`, () => {
      assert.ok(namesEqual(parseName(a), parseName(b)));
    });
  }
  const different: readonly (readonly [string, string])[] = [
    ['CN=a,O=b', 'O=b,CN=a'],
    ['CN=a', 'CN=a,O=b'],
    ['CN=a', 'OU=a'],
    ['CN=ab', 'CN=a b'],
    ['OU=a+CN=b', 'OU=a,CN=b'],
    ['CN=#03020101', 'CN=#03020100'],
  ];
  for (const [a, b] of different) {
    it(`keeps ${a} and ${b} apart`, () => {
      assert.ok(!namesEqual(parseName(a), parseName(b)));
    });
  }
});

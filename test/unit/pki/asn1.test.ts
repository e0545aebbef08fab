import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import * as asn1 from '../../../src/pki/asn1.js';
import { KeystoreError } from '../../../src/errors.js';

function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
}

function code(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof KeystoreError, String(error));
    return error.code;
  }
  return 'no error';
}

describe('reading ASN.1', () => {
  it('keeps the original bytes of every value, also of long and non-minimal lengths', () => {
    const bytes = hex('30 82 0007 0201 05 0481 01 aa');
    const root = asn1.readAsn1(bytes);
    assert.deepEqual(
      root.children.map((child) => asn1.toHex(child.bytes)),
      ['020105', '048101aa'],
    );
    assert.equal(asn1.toHex(root.bytes), asn1.toHex(bytes));
    assert.equal(root.children[1]?.bytes.buffer, bytes.buffer);
  });

  it('reads the indefinite lengths of BER, nested ones and cut octet strings too', () => {
    const root = asn1.readAsn1(hex('3080 2480 0402 0102 0401 03 0000 020107 0000'));
    assert.equal(asn1.toHex(asn1.readOctetString(root.children[0], 'x')), '010203');
    assert.equal(asn1.readInteger(root.children[1], 'x'), 7n);
    assert.equal(asn1.toHex(root.content), '24800402010204010300000201 07'.replace(' ', ''));
  });

  it('reads tag numbers above 30', () => {
    const root = asn1.readAsn1(hex('3007 5f812a 01aa 0500'));
    assert.deepEqual(
      root.children.map(({ tagClass, tag, content }) => [tagClass, tag, content.length]),
      [
        ['application', 170, 1],
        ['universal', 5, 0],
      ],
    );
  });

  it('refuses what follows the value unless only the first is asked for', () => {
    assert.equal(
      code(() => asn1.readAsn1(hex('0500 0500'))),
      'malformed',
    );
    assert.equal(asn1.readFirstAsn1(hex('0500 0500')).bytes.length, 2);
  });

  for (const [what, input] of [
    ['nothing', ''],
    ['a lone tag', '30'],
    ['a length beyond the end', '3005 0500'],
    ['a length of 127 octets', `30ff${'00'.repeat(130)}`],
    ['a child that runs over its parent', '3003 0203 010101'],
    ['a primitive value of indefinite length', '0480 0000'],
    ['an indefinite length without its end', '3080 0500'],
    ['a tag number without end', '3f808080808001 00'],
    ['a value with a high tag number that runs over its parent', '3004 1f2a0201 00 0500'],
    ['a value with a high tag number that runs over the end', '1f812a01'],
  ] as const) {
    it(`refuses ${what} as malformed`, () => {
      assert.equal(
        code(() => asn1.readAsn1(hex(input))),
        'malformed',
      );
    });
  }

  it('reads what stands beside a BMPString of odd length', () => {
    const node = asn1.readAsn1(hex('3006 1e01 41 0201 01'));
    assert.deepEqual(
      node.children.map(({ tag, content }) => [tag, asn1.toHex(content)]),
      [
        [asn1.Tag.bmpString, '41'],
        [asn1.Tag.integer, '01'],
      ],
    );
  });

  it('refuses a length of 127 octets although the value it begins is only the first', () => {
    assert.equal(
      code(() => asn1.readFirstAsn1(hex(`30ff${'00'.repeat(200)}`))),
      'malformed',
    );
  });

  it('ends a deep nesting, a huge count and a huge size with budget', () => {
    assert.equal(
      code(() => asn1.readAsn1(hex('3080'.repeat(20_000)))),
      'budget',
    );
    const many = asn1.sequence(new Uint8Array(2 * 250_001).map((_, index) => (index % 2 === 0 ? 5 : 0)));
    assert.equal(
      code(() => asn1.readAsn1(many)),
      'budget',
    );
    assert.equal(
      code(() => asn1.readAsn1(new Uint8Array(11), { maxBytes: 10 })),
      'budget',
    );
  });

  it('does not take the content of a BIT STRING for ASN.1', () => {
    assert.equal(asn1.readAsn1(hex('0303 00 0500')).children.length, 0);
  });

  it('answers any bytes with a tree or a coded error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const answer = code(() => asn1.readFirstAsn1(bytes));
        assert.ok(['no error', 'malformed', 'budget'].includes(answer));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('typed ASN.1 values', () => {
  it('gives integers back as they were written', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(1n << 200n), max: 1n << 200n }), (value) => {
        assert.equal(asn1.readInteger(asn1.readAsn1(asn1.integer(value)), 'x'), value);
      }),
    );
  });

  it('gives object identifiers back, with arcs of 128 bits', () => {
    for (const oid of [
      '0.0',
      '1.2.840.113549.1.1.11',
      '2.5.4.3',
      '2.999.3',
      `2.25.${(1n << 127n).toString()}`,
    ]) {
      assert.equal(asn1.readOid(asn1.readAsn1(asn1.oid(oid)), 'x'), oid);
    }
    assert.equal(asn1.toHex(asn1.oid('2.999.3')), '0603883703');
  });

  for (const text of ['', '1', '3.1', '1.40', '1.2.', '1.02', 'a.b']) {
    it(`refuses ${JSON.stringify(text)} as an object identifier`, () => {
      assert.equal(
        code(() => asn1.oid(text)),
        'invalid-input',
      );
    });
  }

  it('refuses object identifiers with padding or without an end', () => {
    assert.equal(
      code(() => asn1.readOid(asn1.readAsn1(hex('0603 2a8001')), 'x')),
      'malformed',
    );
    assert.equal(
      code(() => asn1.readOid(asn1.readAsn1(hex('0602 2a80')), 'x')),
      'malformed',
    );
  });

  it('gives times back to the second and changes the type at 2050 and 1950', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1900-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
        (date) => {
          const whole = new Date(Math.floor(date.getTime() / 1000) * 1000);
          assert.equal(asn1.readTime(asn1.readAsn1(asn1.time(whole)), 'x').getTime(), whole.getTime());
        },
      ),
    );
    assert.equal(asn1.time(new Date('2049-12-31T23:59:59Z'))[0], 0x17);
    assert.equal(asn1.time(new Date('2050-01-01T00:00:00Z'))[0], 0x18);
  });

  it('reads times with offsets and without seconds, and refuses days that do not exist', () => {
    const read = (kind: 'utcTime' | 'generalizedTime', text: string) =>
      asn1.timeFromContent(new TextEncoder().encode(text), kind, 'x').toISOString();
    assert.equal(read('utcTime', '9912312359Z'), '1999-12-31T23:59:00.000Z');
    assert.equal(read('utcTime', '260101000000+0130'), '2025-12-31T22:30:00.000Z');
    assert.equal(read('generalizedTime', '20260101000000.5Z'), '2026-01-01T00:00:00.500Z');
    assert.equal(
      code(() => read('utcTime', '260230000000Z')),
      'malformed',
    );
    assert.equal(
      code(() => read('utcTime', '261301000060Z')),
      'malformed',
    );
    assert.equal(
      code(() => read('utcTime', 'yesterday')),
      'malformed',
    );
  });

  it('names the bits of a named bit list and writes them without zero bits at the end', () => {
    assert.equal(asn1.toHex(asn1.namedBitString([0, 2])), '030205a0');
    assert.equal(asn1.toHex(asn1.namedBitString([8])), '0303070080');
    assert.equal(asn1.toHex(asn1.namedBitString([])), '030100');
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];
    assert.deepEqual(asn1.namedBits(asn1.readAsn1(asn1.namedBitString([0, 8])), names, 'x'), ['a', 'i']);
  });

  it('writes what openssl reads the same', () => {
    const der = asn1.sequence(
      asn1.integer(-129),
      asn1.oid('1.2.840.113549.1.1.11'),
      asn1.set(asn1.utf8String('ü'), asn1.printableString('b'), asn1.printableString('a')),
      asn1.bmpString('Aß'),
      asn1.boolean(true),
      asn1.octetString(new Uint8Array(200)),
    );
    const dump = execFileSync('openssl', ['asn1parse', '-inform', 'DER'], { input: der }).toString();
    assert.match(dump, /INTEGER\s+:-81\n/);
    assert.match(dump, /:sha256WithRSAEncryption\n/);
    assert.match(dump, /UTF8STRING\s+:ü[\s\S]*PRINTABLESTRING\s+:a[\s\S]*PRINTABLESTRING\s+:b\n/);
    assert.match(dump, /BOOLEAN\s+:(?:255|1)\n/);
    const tree = asn1.readAsn1(der);
    assert.equal(asn1.readString(tree.children[3], 'x'), 'Aß');
    assert.deepEqual(
      tree.children[2]?.children.map((child) => asn1.readString(child, 'x')),
      ['ü', 'a', 'b'],
    );
  });
});

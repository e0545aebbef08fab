import assert from 'node:assert/strict';
import fc from 'fast-check';
import { KeystoreError, type ErrorCode } from '../../../src/errors.js';
import { parseODataDate, formatODataDate } from '../../../src/tenant/odataDate.js';
import { parseODataError } from '../../../src/tenant/odataError.js';
import { parseEntity, parsePage } from '../../../src/tenant/odataPage.js';

function fails(code: ErrorCode, reason: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(KeystoreError.is(error, code), String(error));
    assert.equal(error.details['reason'], reason);
    return true;
  };
}

describe('parseODataDate', () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['/Date(1496732924000)/', '2017-06-06T07:08:44.000Z'],
    ['/Date(1496732924000+0000)/', '2017-06-06T07:08:44.000Z'],
    ['/Date(1496732924000+0060)/', '2017-06-06T06:08:44.000Z'],
    ['/Date(1496732924000-0060)/', '2017-06-06T08:08:44.000Z'],
    ['/Date(1496732924000+60)/', '2017-06-06T06:08:44.000Z'],
    ['/Date(-86400000)/', '1969-12-31T00:00:00.000Z'],
    ['2019-10-04T00:00:00Z', '2019-10-04T00:00:00.000Z'],
    ['2021-02-23T08:57:25.021', '2021-02-23T08:57:25.021Z'],
    ['2019-10-04T02:00:00+02:00', '2019-10-04T00:00:00.000Z'],
    ['/Date(1496732924000+1440)/', undefined],
    ['/Date(1496732924000+00000)/', undefined],
    ['/Date(9999999999999999)/', undefined],
    ['/Date()/', undefined],
    ['/Date(1e3)/', undefined],
    ['/Date(12)/x', undefined],
    ['2019-13-04T00:00:00Z', undefined],
    ['1496732924000', undefined],
    ['', undefined],
  ];
  for (const [text, expected] of cases) {
    it(`reads "${text}" as ${expected ?? 'no date'}`, () => {
      assert.equal(parseODataDate(text)?.toISOString(), expected);
    });
  }

  it('reads back every date that requests write', () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true }), (date) => {
        assert.deepEqual(parseODataDate(formatODataDate(date)), date);
      }),
    );
  });
});

describe('parseODataError', () => {
  const cases: readonly (readonly [string, string, { code?: string; message?: string }])[] = [
    [
      'SAP’s form',
      '{"error":{"code":"Bad Request","message":{"lang":"en","value":"Keystore entry with alias \\"a\\" already exists"}}}',
      { code: 'Bad Request', message: 'Keystore entry with alias "a" already exists' },
    ],
    [
      'the form without its outer member',
      '{"code":"Forbidden","message":{"lang":"en","value":null}}',
      { code: 'Forbidden' },
    ],
    ['a message that is a text', '{"error":{"code":"X","message":"no"}}', { code: 'X', message: 'no' }],
    [
      'the token endpoint’s form',
      '{"error":"unauthorized","error_description":"Bad credentials"}',
      { code: 'unauthorized', message: 'Bad credentials' },
    ],
    [
      'the XML form',
      '<?xml version="1.0"?><error xmlns="x"><code>Not Found</code><message xml:lang="en">a &lt;b&gt; &amp;amp;</message></error>',
      { code: 'Not Found', message: 'a <b> &amp;' },
    ],
    ['a page of HTML', '<html><head><title>502</title></head><body><message>x</message></body></html>', {}],
    ['a document type in front of a page', '\n<!DOCTYPE html><html></html>', {}],
    ['truncated JSON', '{"error":{"code":"Bad', {}],
    ['nothing', '', {}],
    ['JSON of another kind', '[1]', {}],
    ['members of other types', '{"error":{"code":5,"message":{"value":7}}}', {}],
    [
      'line breaks and control characters',
      '{"error":{"message":"a\\r\\n\\u001b[31mb\\u2028c"}}',
      { message: 'a [31mb c' },
    ],
  ];
  for (const [name, body, { code, message }] of cases) {
    it(`reads ${name}`, () => {
      assert.deepEqual(parseODataError(body), { code, message });
    });
  }

  it('bounds a long message', () => {
    const { message } = parseODataError(JSON.stringify({ error: { message: 'x'.repeat(100_000) } }));
    assert.equal(message?.length, 501);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseODataError(text)));
  });
});

describe('parsePage', () => {
  const page = 'https://t.example/api/v1/KeystoreEntries?keystoreName=system';
  const next = (link: unknown, from = page) => parsePage({ d: { results: [], __next: link } }, from).next;

  it('takes the rows out of the wrapper', () => {
    assert.deepEqual(parsePage({ d: { results: [1, 2] } }, page), { rows: [1, 2], next: undefined });
    assert.deepEqual(parsePage({ d: [1] }, page), { rows: [1], next: undefined });
  });

  it('follows absolute and relative links within the origin', () => {
    const expected = 'https://t.example/api/v1/KeystoreEntries?$skiptoken=1000';
    assert.equal(next(expected), expected);
    assert.equal(next('KeystoreEntries?$skiptoken=1000'), expected);
    assert.equal(next('/api/v1/KeystoreEntries?$skiptoken=1000'), expected);
    assert.equal(next('?$skiptoken=1000'), expected);
    assert.equal(
      next(
        "KeystoreEntries('61')/ChainCertificates?$skiptoken=1",
        "https://t.example/x/api/v1/KeystoreEntries('61')/ChainCertificates",
      ),
      "https://t.example/x/api/v1/KeystoreEntries('61')/ChainCertificates?$skiptoken=1",
    );
    assert.equal(next(null), undefined);
    assert.equal(next(''), undefined);
  });

  for (const link of [
    'https://evil.example/api/v1/KeystoreEntries',
    '//evil.example/x',
    'http://t.example/api/v1/KeystoreEntries',
    'https://t.example:444/api/v1/KeystoreEntries',
    'https://user:pass@t.example/api/v1/KeystoreEntries',
    'javascript:alert(1)',
    'https://[',
    42,
    {},
  ]) {
    it(`refuses the next page ${JSON.stringify(link)}`, () => {
      assert.throws(() => next(link), fails('bad-answer', 'next-page'));
    });
  }

  for (const value of [undefined, null, 'x', [], {}, { d: null }, { d: {} }, { d: { results: {} } }]) {
    it(`refuses ${JSON.stringify(value)} as a page`, () => {
      assert.throws(
        () => parsePage(value, page),
        (error) => KeystoreError.is(error, 'bad-answer'),
      );
    });
  }

  it('tells an entity from a collection', () => {
    assert.deepEqual(parseEntity({ d: { Alias: 'a' } }), { Alias: 'a' });
    assert.throws(() => parseEntity({ d: { results: [] } }), fails('bad-answer', 'shape'));
  });
});

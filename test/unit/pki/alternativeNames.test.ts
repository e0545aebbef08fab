import assert from 'node:assert/strict';
import { KeystoreError } from '../../../src/errors.js';
import { formatAlternativeNames, parseAlternativeNames } from '../../../src/pki/alternativeNames.js';
import { encodeGeneralName } from '../../../src/pki/generalName.js';

describe('alternative names as people write them', () => {
  const cases: Readonly<Record<string, string>> = {
    'orders.acme.example': 'DNS:orders.acme.example',
    '*.acme.example': 'DNS:*.acme.example',
    'bücher.example': 'DNS:xn--bcher-kva.example',
    localhost: 'DNS:localhost',
    '192.0.2.1': 'IP:192.0.2.1',
    '2001:db8::1': 'IP:2001:db8::1',
    '::1': 'IP:::1',
    'first.last+tag@acme.example': 'email:first.last+tag@acme.example',
    'https://acme.example/a?b=c': 'URI:https://acme.example/a?b=c',
    'urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6': 'URI:urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
    'mailto:a@b.example': 'URI:mailto:a@b.example',
    'dns:a.example': 'DNS:a.example',
    'DNS:a.example, ip:192.0.2.1; Email:a@b.example\n URI:x:y':
      'DNS:a.example, IP:192.0.2.1, email:a@b.example, URI:x:y',
    'a.example,, a.example ': 'DNS:a.example',
    'https://acme.example/a,b;c?d=e,f': 'URI:https://acme.example/a,b;c?d=e,f',
    'https://acme.example/a,b, c.example;': 'URI:https://acme.example/a,b, DNS:c.example',
    'https://acme.example/a,,b,;': 'URI:https://acme.example/a,,b',
    'URI:urn:x:a,b.example c.example': 'URI:urn:x:a,b.example, DNS:c.example',
    // As openssl takes them.
    'URI:https://acme.example/a,DNS:b.example,IP:192.0.2.1':
      'URI:https://acme.example/a, DNS:b.example, IP:192.0.2.1',
    'https://acme.example/a;https://acme.example/b': 'URI:https://acme.example/a, URI:https://acme.example/b',
    // A host has no comma.
    'https://acme.example,b.example': 'URI:https://acme.example, DNS:b.example',
    'a.example,b.example;192.0.2.1,a@b.example':
      'DNS:a.example, DNS:b.example, IP:192.0.2.1, email:a@b.example',
    '': '',
    '  ': '',
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(`reads ${JSON.stringify(text)}, there and back, and encodes it`, () => {
      const names = parseAlternativeNames(text);
      assert.equal(formatAlternativeNames(names), expected);
      assert.deepEqual(parseAlternativeNames(formatAlternativeNames(names)), names);
      for (const name of names) {
        assert.ok(encodeGeneralName(name).length > 2);
      }
    });
  }

  const refused = [
    '1.2.3',
    '1.2.3.256',
    'a..example',
    '-a.example',
    'a_b.example',
    '*',
    '*.example.*',
    'a.*.example',
    'IP:a.example',
    'fe80::1%eth0',
    'acme.example:8080',
    'localhost:8080',
    '@acme.example',
    'a@',
    'a@b@c.example',
    'email:a@b@c.example',
    'ä@acme.example',
    'https://',
    'https://ü.example/',
    'DNS:',
    `${'a'.repeat(64)}.example`,
    Array.from({ length: 101 }, (_, index) => `a${index}.example`).join(','),
  ];
  for (const text of refused) {
    it(`refuses ${text.slice(0, 40)} and says why`, () => {
      assert.throws(
        () => parseAlternativeNames(text),
        (error) => KeystoreError.is(error, 'invalid-input') && typeof error.details.explanation === 'string',
      );
    });
  }
});

import assert from 'node:assert/strict';
import { KeystoreError } from '../../../src/errors.js';
import type { JsonObject } from '../../../src/http/checked.js';
import {
  pinningOf,
  readKeyProperties,
  serviceKeyParameters,
  type KeyParameters,
  type KeyWish,
} from '../../../src/inbound/serviceKeyParameters.js';

const leafPem = '-----BEGIN CERTIFICATE-----\nMIIB\nAAAA\n-----END CERTIFICATE-----\n';
const external: KeyWish = { type: 'externalCertificate', leafPem, pin: undefined };

/** Schemas in the forms that brokers publish; none of them is known to be SAP's. */
const flat = (pin: JsonObject): JsonObject => ({
  $schema: 'http://json-schema.org/draft-04/schema#',
  type: 'object',
  additionalProperties: false,
  properties: {
    'key-type': { type: 'string', enum: ['client_secret', 'certificate', 'certificate_external'] },
    'X.509': { type: 'string' },
    validity: { type: 'integer', minimum: 1, maximum: 90, default: 30 },
    'key-length': { type: 'integer', enum: [4096, 2048] },
    ...pin,
  },
});

describe('serviceKeyParameters', () => {
  const make = (wish: KeyWish, schema?: JsonObject): KeyParameters =>
    serviceKeyParameters(wish, readKeyProperties(schema));

  it('sends what SAP documents where the plan publishes nothing', () => {
    assert.deepEqual(make(external), {
      parameters: { 'key-type': 'certificate_external', 'X.509': leafPem.trim() },
      leftOut: [],
    });
    assert.deepEqual(make({ type: 'certificateBySap', validityDays: 365, keyLength: 2048 }), {
      parameters: { 'key-type': 'certificate', validity: 365, 'key-length': 2048 },
      leftOut: [],
    });
  });

  describe('pinning', () => {
    const told: readonly (readonly [string, JsonObject, JsonObject])[] = [
      [
        'a flag',
        flat({ 'pin-certificate': { type: 'boolean', default: true } }),
        { 'pin-certificate': false },
      ],
      [
        'a flag in camel case',
        flat({ certificatePinning: { type: 'boolean' } }),
        { certificatePinning: false },
      ],
      [
        'a flag with a dot',
        flat({ 'x509.certificate-pinning': { type: 'boolean' } }),
        { 'x509.certificate-pinning': false },
      ],
      ['a text', flat({ pinned: { type: 'string', enum: ['true', 'false'] } }), { pinned: 'false' }],
      [
        'a flag in a nested object',
        flat({ x509: { type: 'object', properties: { 'certificate-pinning': { type: 'boolean' } } } }),
        { x509: { 'certificate-pinning': false } },
      ],
      [
        'a flag in two alternatives',
        {
          oneOf: [
            { properties: { 'key-type': { const: 'certificate' }, pinning: { type: 'boolean' } } },
            { $ref: '#/definitions/external' },
          ],
          definitions: {
            external: {
              properties: { 'key-type': { const: 'certificate_external' }, pinning: { type: 'boolean' } },
            },
          },
        },
        { pinning: false },
      ],
    ];
    for (const [name, schema, expected] of told) {
      it(`is sent where the schema tells ${name}`, () => {
        const { parameters, leftOut } = make({ ...external, pin: false }, schema);
        assert.deepEqual(parameters, {
          'key-type': 'certificate_external',
          'X.509': leafPem.trim(),
          ...expected,
        });
        assert.deepEqual(leftOut, []);
        const pinned = JSON.stringify(make({ ...external, pin: true }, schema).parameters);
        assert.equal(pinned, JSON.stringify(parameters).replace(/false/, 'true'));
      });
    }

    const untold: readonly (readonly [string, JsonObject | undefined, RegExp])[] = [
      ['nothing', undefined, /publishes no description/],
      ['nothing of it', flat({}), /does not tell/],
      [
        'two of it',
        flat({ pinning: { type: 'boolean' }, 'pin-certificate': { type: 'boolean' } }),
        /does not tell/,
      ],
      ['the opposite', flat({ 'disable-pinning': { type: 'boolean' } }), /does not tell/],
      ['the opposite in one word', flat({ unpinned: { type: 'boolean' } }), /does not tell/],
      ['a text without values', flat({ pin: { type: 'string' } }), /does not tell/],
      ['something that only sounds like it', flat({ shoppingCart: { type: 'boolean' } }), /does not tell/],
    ];
    for (const [name, schema, reason] of untold) {
      it(`is left out where the schema tells ${name}, with what SAP does then`, () => {
        const { parameters, leftOut } = make({ ...external, pin: false }, schema);
        assert.deepEqual(Object.keys(parameters), ['key-type', 'X.509']);
        assert.equal(leftOut.length, 1);
        assert.match(leftOut[0]?.text ?? '', reason);
        assert.match(leftOut[0]?.text ?? '', /no renewed one.*cockpit/);
        assert.match(make({ ...external, pin: true }, schema).leftOut[0]?.text ?? '', /what you chose/);
        assert.deepEqual(make(external, schema).leftOut, []);
      });
    }

    const known = (parameters: JsonObject): { kind: 'known'; parameters: JsonObject } => ({
      kind: 'known',
      parameters,
    });
    const pinSchema = flat({ pinning: { type: 'boolean' } });
    const off = flat({ pinning: { type: 'boolean', default: false } });
    const readings: readonly (readonly [JsonObject, JsonObject | undefined, string])[] = [
      [{ pinning: true }, pinSchema, 'pinned'],
      [{ pinning: 'false' }, pinSchema, 'unpinned'],
      [{}, pinSchema, 'pinned'],
      [{}, off, 'unpinned'],
      [{ pinning: 'perhaps' }, pinSchema, 'notKnown'],
      [{ 'certificate-pinning': false }, undefined, 'unpinned'],
      [{ 'key-type': 'certificate_external' }, undefined, 'notKnown'],
      [{ pin: true, pinned: false }, undefined, 'notKnown'],
    ];
    for (const [parameters, schema, kind] of readings) {
      it(`of a key with ${JSON.stringify(parameters)} is ${kind}`, () => {
        assert.equal(pinningOf(known(parameters), readKeyProperties(schema)).kind, kind);
      });
    }

    it('is not known, with the reason, where the parameters cannot be read', () => {
      for (const kind of ['notRetrievable', 'forbidden', 'gone'] as const) {
        const pinning = pinningOf({ kind }, readKeyProperties(pinSchema));
        assert.ok(pinning.kind === 'notKnown' && pinning.reason !== '');
      }
    });
  });

  it('tells that the key type of a client secret is left out where the plan does not tell it', () => {
    const wish: KeyWish = { type: 'clientSecret' };
    assert.deepEqual(make(wish, flat({})), { parameters: { 'key-type': 'client_secret' }, leftOut: [] });
    for (const schema of [undefined, { type: 'object', properties: {} }]) {
      const { parameters, leftOut } = make(wish, schema);
      assert.deepEqual(parameters, {});
      assert.deepEqual(
        leftOut.map(({ what }) => what),
        ['keyType'],
      );
      assert.match(leftOut[0]?.text ?? '', /left out\. SAP makes .* client secret by default/);
    }
  });

  it('keeps to what the schema allows, and to what is documented otherwise', () => {
    const { validityDays, keyLengths } = readKeyProperties(flat({}));
    assert.deepEqual(validityDays, { minimum: 1, maximum: 90, proposed: 30 });
    assert.deepEqual(keyLengths, [2048, 4096]);
    assert.deepEqual(readKeyProperties(undefined).validityDays, { minimum: 1, maximum: 365, proposed: 365 });
  });

  const refused: readonly (readonly [string, KeyWish, JsonObject | undefined])[] = [
    ['366 days', { type: 'certificateBySap', validityDays: 366, keyLength: 2048 }, undefined],
    ['no days', { type: 'certificateBySap', validityDays: 0, keyLength: 2048 }, undefined],
    ['half a day', { type: 'certificateBySap', validityDays: 1.5, keyLength: 2048 }, undefined],
    [
      '91 days where 90 are allowed',
      { type: 'certificateBySap', validityDays: 91, keyLength: 2048 },
      flat({}),
    ],
    ['a key of 1024 bits', { type: 'certificateBySap', validityDays: 1, keyLength: 1024 }, undefined],
    ['a chain', { ...external, leafPem: leafPem + leafPem }, undefined],
    ['no certificate', { ...external, leafPem: 'x' }, undefined],
    ['a private key', { ...external, leafPem: leafPem.replaceAll('CERTIFICATE', 'PRIVATE KEY') }, undefined],
  ];
  for (const [name, wish, schema] of refused) {
    it(`refuses ${name}`, () => {
      assert.throws(
        () => make(wish, schema),
        (error) => KeystoreError.is(error, 'invalid-input') && typeof error.details.explanation === 'string',
      );
    });
  }

  it('sends what the plan demands of every key', () => {
    const schema = { ...flat({}), required: ['key-type', 'validity', 'key-length'] };
    assert.deepEqual(make(external, schema).parameters, {
      'key-type': 'certificate_external',
      'X.509': leafPem.trim(),
      validity: 30,
      'key-length': 2048,
    });
  });

  it('reads hostile schemas without harm', () => {
    const loop: Record<string, unknown> = {
      $ref: '#/definitions/a',
      definitions: { a: { $ref: '#/definitions/a' } },
    };
    const deep: Record<string, unknown> = { properties: {} };
    (deep['properties'] as Record<string, unknown>)['self'] = deep;
    const wide = {
      properties: Object.fromEntries(
        Array.from({ length: 5_000 }, (_, n) => [`p${n}`, { properties: { q: 1 } }]),
      ),
    };
    for (const schema of [
      loop,
      deep,
      wide,
      { properties: { pin: null, oneOf: 5 } },
      { oneOf: [null, 5, []] },
    ]) {
      assert.equal(readKeyProperties(schema).pin, undefined);
    }
  });
});

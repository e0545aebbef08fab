import assert from 'node:assert/strict';
import { type KeyObject, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { KeystoreError } from '../../../src/errors.js';
import { readAsn1, toHex } from '../../../src/pki/asn1.js';
import { readCertificate } from '../../../src/pki/certificate.js';
import { buildCertificate } from '../../../src/pki/certificateBuilder.js';
import { type Name, formatName, makeName, parseName } from '../../../src/pki/distinguishedName.js';
import * as make from '../../../src/pki/extensionMakers.js';
import { keyUsageNames } from '../../../src/pki/extensions.js';
import { type GeneralNameInput, addressOctets } from '../../../src/pki/generalName.js';
import { localKeyDerivation as derivation } from '../../../src/pki/keyDerivation.js';
import { KeyPurpose, attributeNames } from '../../../src/pki/oids.js';
import { readPkcs12 } from '../../../src/pki/pkcs12Reader.js';
import { writePkcs12 } from '../../../src/pki/pkcs12Writer.js';
import { readPrivateKey } from '../../../src/pki/privateKey.js';
import { readPrivateKeyInfo } from '../../../src/pki/privateKeyInfo.js';
import { writeEncryptedPrivateKey } from '../../../src/pki/privateKeyWriter.js';
import { readSigningRequest, writeSigningRequest } from '../../../src/pki/signingRequest.js';
import { verificationKey, verifySignature } from '../../../src/pki/signature.js';

interface Pair {
  readonly privateKey: KeyObject;
  readonly pkcs8: Uint8Array;
  readonly spki: Uint8Array;
}

function pairOf({ privateKey, publicKey }: { privateKey: KeyObject; publicKey: KeyObject }): Pair {
  return {
    privateKey,
    pkcs8: Uint8Array.from(privateKey.export({ type: 'pkcs8', format: 'der' })),
    spki: Uint8Array.from(publicKey.export({ type: 'spki', format: 'der' })),
  };
}

const pairs: readonly Pair[] = [
  pairOf(generateKeyPairSync('ec', { namedCurve: 'P-256' })),
  pairOf(generateKeyPairSync('ec', { namedCurve: 'P-521' })),
  pairOf(generateKeyPairSync('rsa', { modulusLength: 1024 })),
  pairOf(generateKeyPairSync('ed25519')),
];

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: fc.constantFrom(...Array.from(' #=,+"\\<>;\n\u202eäß€😀')), maxLength: 12 }),
);
const printableOnly = ['2.5.4.5', '2.5.4.6', '2.5.4.46', '1.3.6.1.4.1.311.60.2.1.3'];
const ia5Only = ['0.9.2342.19200300.100.1.3', '0.9.2342.19200300.100.1.25', '1.2.840.113549.1.9.1'];
const ofAnyText = [...attributeNames.keys(), '1.2.3.4'].filter(
  (oid) => !printableOnly.includes(oid) && !ia5Only.includes(oid),
);
const attribute = fc.oneof(
  { weight: 4, arbitrary: fc.record({ oid: fc.constantFrom(...ofAnyText), value: text }) },
  fc.record({
    oid: fc.constantFrom(...printableOnly),
    value: fc.string({ unit: fc.constantFrom(...Array.from(" aZ0'()+,-./:=?")), maxLength: 12 }),
  }),
  fc.record({
    oid: fc.constantFrom(...ia5Only),
    value: fc.string({ unit: 'binary-ascii', maxLength: 12 }),
  }),
);
const name: fc.Arbitrary<Name> = fc
  .array(fc.array(attribute, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 4 })
  .map((rdns) => makeName(rdns));
const alternativeName: fc.Arbitrary<GeneralNameInput> = fc.oneof(
  fc.record({ type: fc.constant('DNS' as const), value: fc.domain() }),
  fc.record({ type: fc.constant('IP' as const), value: fc.oneof(fc.ipV4(), fc.ipV6()) }),
  fc.record({ type: fc.constant('email' as const), value: fc.emailAddress() }),
  fc.record({ type: fc.constant('URI' as const), value: fc.webUrl() }),
  fc.record({ type: fc.constant('DirName' as const), value: name.map(formatName) }),
  fc.record({ type: fc.constant('RID' as const), value: fc.constantFrom('1.2.3.4', '2.999.1234567890123') }),
);
const alternativeNames = fc.array(alternativeName, { minLength: 1, maxLength: 4 });
const keyUsage = fc.subarray([...keyUsageNames], { minLength: 1 });
const purposes = fc.subarray([...Object.values(KeyPurpose), '1.2.3.4.5'], { minLength: 1 });
const pair = fc.constantFrom(...pairs);
const password = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1 }),
  fc.string({ unit: 'binary', minLength: 1 }),
);
const profile = fc.constantFrom('modern' as const, 'compatible' as const);

/** An address has many spellings, and the octets are what is written. */
function comparable({ type, value }: { readonly type: string; readonly value: string }): string {
  switch (type) {
    case 'IP':
      return `IP ${toHex(addressOctets(value))}`;
    case 'DirName':
      return `DirName ${toHex(parseName(value).der)}`;
    default:
      return `${type} ${value}`;
  }
}

describe('what is written is read back equal', () => {
  it('certificates', () => {
    const seconds = fc.integer({ min: Date.UTC(1950, 0, 1) / 1000, max: Date.UTC(9999, 11, 31) / 1000 });
    const wanted = fc.record({
      subject: name,
      issuer: name,
      serialNumber: fc
        .uint8Array({ minLength: 1, maxLength: 20 })
        .filter((octets) => octets.some((octet) => octet !== 0)),
      notBefore: seconds,
      notAfter: seconds,
      key: pair,
      issuerKey: pair,
      isCa: fc.boolean(),
      pathLength: fc.option(fc.nat({ max: 100 }), { nil: undefined }),
      usages: keyUsage,
      extendedKeyUsage: purposes,
      names: alternativeNames,
    });
    fc.assert(
      fc.property(wanted, ({ key, issuerKey, isCa, pathLength, usages, names, ...one }) => {
        const read = readCertificate(
          buildCertificate(
            {
              ...one,
              notBefore: new Date(one.notBefore * 1000),
              notAfter: new Date(one.notAfter * 1000),
              spki: key.spki,
              extensions: [
                make.basicConstraints({ isCa, pathLength }),
                make.keyUsage(usages),
                make.extendedKeyUsage(one.extendedKeyUsage),
                make.subjectAltName(names, { subject: one.subject }),
                make.subjectKeyIdentifier(key.spki),
                make.authorityKeyIdentifier(issuerKey.spki),
              ],
            },
            issuerKey.privateKey,
          ),
        );
        assert.deepEqual(read.problems, []);
        assert.equal(toHex(read.subject.der), toHex(one.subject.der));
        assert.equal(toHex(read.issuer.der), toHex(one.issuer.der));
        assert.equal(formatName(read.subject), formatName(one.subject));
        assert.equal(BigInt(`0x${read.serialNumber}`), BigInt(`0x${toHex(one.serialNumber)}`));
        assert.equal(read.notBefore.getTime(), one.notBefore * 1000);
        assert.equal(read.notAfter.getTime(), one.notAfter * 1000);
        assert.equal(toHex(read.spki), toHex(key.spki));
        assert.deepEqual([read.isCa, read.pathLength], [isCa, isCa ? pathLength : undefined]);
        assert.deepEqual(read.keyUsage, usages);
        assert.deepEqual(read.extendedKeyUsage, one.extendedKeyUsage);
        assert.deepEqual(read.subjectAltNames.map(comparable), names.map(comparable));
        assert.equal(read.subjectKeyIdentifier, toHex(make.keyIdentifier(key.spki)));
        assert.equal(read.authorityKeyIdentifier, toHex(make.keyIdentifier(issuerKey.spki)));
        assert.equal(verifySignature(read, verificationKey(issuerKey.spki)), 'valid');
      }),
      { numRuns: 300 },
    );
  });

  it('signing requests', () => {
    const wanted = fc.record({
      subject: name,
      key: pair,
      subjectAltNames: alternativeNames,
      keyUsage,
      extendedKeyUsage: purposes,
    });
    fc.assert(
      fc.property(wanted, ({ key, ...one }) => {
        const read = readSigningRequest(writeSigningRequest({ ...one, privateKey: key.privateKey }));
        assert.deepEqual(read.problems, []);
        assert.equal(toHex(read.subject.der), toHex(one.subject.der));
        assert.equal(toHex(read.spki), toHex(key.spki));
        assert.deepEqual(read.keyUsage, one.keyUsage);
        assert.deepEqual(read.extendedKeyUsage, one.extendedKeyUsage);
        assert.deepEqual(read.subjectAltNames.map(comparable), one.subjectAltNames.map(comparable));
        assert.ok(read.signatureValid);
      }),
      { numRuns: 300 },
    );
  });

  it('private keys under a password, which another password does not open', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({ key: pair, password, other: password, profile, rounds: fc.integer({ min: 1, max: 3 }) }),
        async ({ key, other, ...options }) => {
          const pem = Buffer.from(await writeEncryptedPrivateKey(key.pkcs8, { ...options, derivation }));
          const read = await readPrivateKey(pem, { password: options.password, derivation });
          assert.equal(toHex(read.pkcs8), toHex(key.pkcs8));
          assert.equal(toHex(read.spki), toHex(readPrivateKeyInfo(readAsn1(key.pkcs8)).spki));
          fc.pre(other !== options.password);
          await assert.rejects(readPrivateKey(pem, { password: other, derivation }), (error) =>
            KeystoreError.is(error, 'wrong-password'),
          );
        },
      ),
      { numRuns: 150 },
    );
  });

  it('PKCS#12 files, which another password does not open', async () => {
    const date = new Date('2030-01-01T00:00:00Z');
    const certificateOf = (subject: Name, { spki, privateKey }: Pair): Uint8Array =>
      buildCertificate(
        {
          ...{ subject, issuer: subject, spki, extensions: [] },
          ...{ serialNumber: Uint8Array.of(1), notBefore: date, notAfter: date },
        },
        privateKey,
      );
    const wanted = fc.record({
      key: pair,
      others: fc.array(fc.tuple(name, pair), { maxLength: 3 }),
      // A zero at the end is what other programs end a text with, and no part of the name.
      friendlyName: fc.option(
        text.filter((value) => !value.endsWith('\0')),
        { nil: undefined },
      ),
      password,
      other: password,
      profile,
      rounds: fc.integer({ min: 1, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(wanted, async ({ key, others, friendlyName, other, ...options }) => {
        const leaf = certificateOf(makeName([[{ oid: '2.5.4.3', value: 'leaf' }]]), key);
        const certificates = [leaf, ...others.map(([subject, other]) => certificateOf(subject, other))];
        const entry = { privateKey: key.pkcs8, certificates, friendlyName };
        const written = await writePkcs12(entry, { ...options, derivation });
        const read = await readPkcs12(written, { password: options.password, derivation });
        assert.ok(read.macVerified);
        assert.deepEqual(
          read.keys.map((one) => [toHex(one.key.pkcs8), one.friendlyName]),
          [[toHex(key.pkcs8), friendlyName]],
        );
        assert.deepEqual(
          read.certificates.map(({ certificate }) => toHex(certificate.der)),
          certificates.map(toHex),
        );
        fc.pre(other !== options.password);
        await assert.rejects(readPkcs12(written, { password: other, derivation }), (error) =>
          KeystoreError.is(error, 'wrong-password'),
        );
      }),
      { numRuns: 150 },
    );
  });
});

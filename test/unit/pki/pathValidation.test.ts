import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import * as asn1 from '../../../src/pki/asn1.js';
import { readCertificate } from '../../../src/pki/certificate.js';
import * as make from '../../../src/pki/extensionMakers.js';
import { type ExtensionTemplate } from '../../../src/pki/extensionMakers.js';
import { KeyPurpose } from '../../../src/pki/oids.js';
import { temporaryFolder } from './opensslTool.js';
import { type Case, ca, caWith, judge, opensslAgrees, root, told } from './pathCases.js';
import { type Issued, type TestKey, issue } from './testAuthority.js';

const noCa = issue({ subject: 'CN=ca', onlyExtensions: [make.keyUsage(['keyCertSign'])] }, root);
const noSigner = issue(
  {
    subject: 'CN=ca',
    onlyExtensions: [make.basicConstraints({ isCa: true }), make.keyUsage(['digitalSignature'])],
  },
  root,
);

describe('judging a path', () => {
  const folder = temporaryFolder();
  const clientOnly = [make.extendedKeyUsage([KeyPurpose.clientAuth])];
  const serverOnly = [make.extendedKeyUsage([KeyPurpose.serverAuth])];
  const unknown = { oid: '1.2.3.4.5', critical: true, der: asn1.nullValue() };
  const limited = issue({ subject: 'CN=limited', isCa: true, pathLength: 0 }, root);
  const below = issue({ subject: 'CN=below', isCa: true }, limited);
  const sameName = issue({ subject: 'CN=limited', isCa: true }, limited);
  const limitedRoot = issue({ subject: 'CN=limited root', isCa: true, pathLength: 0 });
  const belowLimitedRoot = issue({ subject: 'CN=below root', isCa: true }, limitedRoot);
  const forger = issue({ subject: 'CN=ca', isCa: true });
  /** It names the key of the CA, and another key has signed it. */
  const forged = issue(
    { subject: 'CN=leaf', onlyExtensions: [make.authorityKeyIdentifier(ca.key.spki)] },
    forger,
  );
  const serverCa = caWith(serverOnly);
  const anyCa = caWith([make.extendedKeyUsage([KeyPurpose.any])]);
  const leafOf = (issuer: Issued, extensions: readonly ExtensionTemplate[] = []): Issued =>
    issue({ subject: 'CN=leaf', extensions }, issuer);

  const cases: readonly (readonly [string, Case, string])[] = [
    ['a whole chain', { leaf: leafOf(ca), untrusted: [ca], trusted: [root] }, 'valid 3'],
    ['an intermediate that is trusted itself', { leaf: leafOf(ca), trusted: [ca] }, 'valid 2'],
    ['a leaf that is trusted itself', ((leaf) => ({ leaf, trusted: [leaf] }))(leafOf(ca)), 'valid 1'],
    ['a missing intermediate', { leaf: leafOf(ca), trusted: [root] }, 'no-path leaf'],
    ['an untrusted root', { leaf: leafOf(ca), untrusted: [ca, root], trusted: [forger] }, 'no-path root'],
    [
      'an issuer with another key',
      { leaf: leafOf(forger), untrusted: [ca], trusted: [root] },
      'no-path leaf',
    ],
    ['a forged signature', { leaf: forged, untrusted: [ca], trusted: [root] }, 'bad-signature leaf'],
    ['an issuer that is no CA', { leaf: leafOf(noCa), untrusted: [noCa], trusted: [root] }, 'not-a-ca ca'],
    [
      'an issuer that may not sign certificates',
      { leaf: leafOf(noSigner), untrusted: [noSigner], trusted: [root] },
      'key-usage ca',
    ],
    [
      'too many CAs below one',
      { leaf: leafOf(below), untrusted: [below, limited], trusted: [root] },
      'path-length below',
    ],
    [
      'a self-issued CA, which does not count',
      { leaf: leafOf(sameName), untrusted: [sameName, limited], trusted: [root] },
      'valid 4',
    ],
    [
      'too many CAs below a limited root',
      { leaf: leafOf(belowLimitedRoot), untrusted: [belowLimitedRoot], trusted: [limitedRoot] },
      'path-length below root',
    ],
    [
      'a critical extension that nobody knows',
      { leaf: leafOf(ca, [unknown]), untrusted: [ca], trusted: [root] },
      'unknown-critical-extension leaf',
    ],
    [
      'one that is not critical',
      { leaf: leafOf(ca, [{ ...unknown, critical: false }]), untrusted: [ca], trusted: [root] },
      'valid 3',
    ],
    [
      'client authentication asked and given',
      { leaf: leafOf(ca, clientOnly), untrusted: [ca], trusted: [root], usage: 'clientAuth' },
      'valid 3',
    ],
    [
      'client authentication asked and not given',
      { leaf: leafOf(ca, serverOnly), untrusted: [ca], trusted: [root], usage: 'clientAuth' },
      'extended-key-usage leaf',
    ],
    [
      'client authentication asked and nothing said',
      { leaf: leafOf(ca), untrusted: [ca], trusted: [root], usage: 'clientAuth' },
      'valid 3',
    ],
    [
      'a CA for servers only',
      { leaf: leafOf(serverCa, clientOnly), untrusted: [serverCa], trusted: [root], usage: 'clientAuth' },
      'extended-key-usage ca',
    ],
    [
      'a CA for servers only, and nothing asked',
      { leaf: leafOf(serverCa), untrusted: [serverCa], trusted: [root] },
      'valid 3',
    ],
    [
      'an hour before the time',
      { leaf: leafOf(ca), untrusted: [ca], trusted: [root], at: new Date('2019-12-31T23:00:00Z') },
      'not-yet-valid root',
    ],
    [
      'the first second',
      { leaf: leafOf(ca), untrusted: [ca], trusted: [root], at: new Date('2020-01-01T00:00:00Z') },
      'valid 3',
    ],
    [
      'an hour after the time',
      { leaf: leafOf(ca), untrusted: [ca], trusted: [root], at: new Date('2040-01-01T01:00:00Z') },
      'expired root',
    ],
  ];
  for (const [what, given, expected] of cases) {
    it(`tells ${what} as ${expected}, and openssl agrees`, () => {
      assert.equal(told(judge(given)), expected);
      assert.ok(opensslAgrees(folder, given));
    });
  }

  it('takes any purpose for server authentication (RFC 5280 4.2.1.12), which openssl does not', () => {
    const leaf = leafOf(anyCa, serverOnly);
    const given: Case = { leaf, untrusted: [anyCa], trusted: [root], usage: 'serverAuth' };
    assert.equal(told(judge(given)), 'valid 3');
    assert.equal(opensslAgrees(folder, given), false);
    assert.ok(opensslAgrees(folder, { ...given, usage: 'any' }));
  });

  it('refuses key usages that do not fit the purpose', () => {
    const leaf = issue({ subject: 'CN=leaf', onlyExtensions: [make.keyUsage(['dataEncipherment'])] }, ca);
    const given: Case = { leaf, untrusted: [ca], trusted: [root], usage: 'clientAuth' };
    assert.equal(told(judge(given)), 'key-usage leaf');
    assert.ok(opensslAgrees(folder, given));
    assert.equal(told(judge({ ...given, usage: 'any' })), 'valid 3');
  });

  for (const oid of ['2.5.29.14', '2.5.29.35', '1.3.6.1.5.5.7.1.1']) {
    it(`refuses the extension ${oid} where it is critical`, () => {
      const leaf = issue(
        { subject: 'CN=leaf', onlyExtensions: [{ oid, critical: true, der: asn1.sequence() }] },
        ca,
      );
      assert.match(
        told(judge({ leaf, untrusted: [ca], trusted: [root] })),
        /^(unknown-critical-extension|malformed) leaf$/,
      );
    });
  }

  const broken: readonly (readonly [string, readonly ExtensionTemplate[]])[] = [
    ['an extension twice', [make.keyUsage(['digitalSignature']), make.keyUsage(['digitalSignature'])]],
    ['a key usage that is no BIT STRING', [{ oid: '2.5.29.15', critical: true, der: asn1.nullValue() }]],
    ['an empty alternative name', [{ oid: '2.5.29.17', critical: false, der: asn1.sequence() }]],
    [
      'a negative path length',
      [{ oid: '2.5.29.19', critical: true, der: asn1.sequence(asn1.boolean(true), asn1.integer(-1)) }],
    ],
    ['an empty extended key usage', [{ oid: '2.5.29.37', critical: false, der: asn1.sequence() }]],
  ];
  for (const [what, onlyExtensions] of broken) {
    it(`refuses ${what}`, () => {
      const leaf = issue({ subject: 'CN=leaf', onlyExtensions }, ca);
      assert.match(
        told(judge({ leaf, untrusted: [ca], trusted: [root] })),
        /^(malformed|extended-key-usage) leaf$/,
      );
    });
  }

  it('refuses a certificate whose signature was changed, and names it', () => {
    const leaf = leafOf(ca);
    const der = Uint8Array.from(leaf.certificate.der);
    der[der.length - 5] = (der.at(-5) ?? 0) ^ 1;
    const changed = { certificate: readCertificate(der), key: leaf.key };
    assert.equal(told(judge({ leaf: changed, untrusted: [ca], trusted: [root] })), 'bad-signature leaf');
  });

  it('refuses short keys and old hashes, and warns of those that are merely old', () => {
    const rsa = (bits: number): TestKey => {
      const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: bits });
      return { privateKey, spki: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })) };
    };
    const short = issue({ subject: 'CN=short', key: rsa(768) }, ca);
    assert.equal(told(judge({ leaf: short, untrusted: [ca], trusted: [root] })), 'weak short');
    const old = issue({ subject: 'CN=old', key: rsa(1024) }, ca);
    const verdict = judge({ leaf: old, untrusted: [ca], trusted: [root] });
    assert.ok(verdict.isValid);
    assert.deepEqual(
      verdict.warnings.map(({ finding }) => finding),
      [{ weakness: 'rsa-size', level: 'weak', what: 'RSA:1024' }],
    );
  });

  it('refuses a key whose curve is given by numbers of its own choice, and a broken issuer as such', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', {
      namedCurve: 'P-256',
      paramEncoding: 'explicit',
    });
    const key = { privateKey, spki: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })) };
    const explicit = issue({ subject: 'CN=explicit', key, isCa: true }, root);
    assert.equal(
      told(judge({ leaf: leafOf(explicit), untrusted: [explicit], trusted: [root] })),
      'weak explicit',
    );
    const broken = caWith([make.keyUsage(['keyCertSign'])]);
    assert.equal(told(judge({ leaf: leafOf(broken), untrusted: [broken], trusted: [root] })), 'malformed ca');
  });

  it('checks a DSA key that inherits the parameters of its issuer', () => {
    const dsa = (inherit: boolean): TestKey => {
      const { privateKey, publicKey } = generateKeyPairSync('dsa', {
        modulusLength: 1024,
        divisorLength: 160,
      });
      const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
      const [, bits] = asn1.readAsn1(spki).children;
      return {
        privateKey,
        spki: inherit
          ? asn1.sequence(asn1.sequence(asn1.oid('1.2.840.10040.4.1')), bits?.bytes ?? new Uint8Array())
          : spki,
      };
    };
    // Another key's parameters do not fit, so the signature below it must be refused and nothing else.
    const upper = issue({ subject: 'CN=upper', isCa: true, key: dsa(false) }, root);
    const lower = issue({ subject: 'CN=lower', isCa: true, key: dsa(true) }, upper);
    const leaf = leafOf(lower);
    assert.equal(told(judge({ leaf, untrusted: [upper, lower], trusted: [root] })), 'bad-signature leaf');
  });
});

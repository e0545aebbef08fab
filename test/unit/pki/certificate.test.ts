import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { KeystoreError } from '../../../src/errors.js';
import * as asn1 from '../../../src/pki/asn1.js';
import { formatFingerprint, readCertificate } from '../../../src/pki/certificate.js';
import { formatName } from '../../../src/pki/distinguishedName.js';
import { readPemBlocks } from '../../../src/pki/pem.js';
import { signatureBy } from '../../../src/pki/chain.js';
import { openssl, temporaryFolder } from './opensslTool.js';
import { issue, issueChain } from './testAuthority.js';

/** What openssl prints of a certificate, one field a line. */
function printed(der: Uint8Array): Map<string, string> {
  const text = openssl(
    [
      ...['x509', '-inform', 'DER', '-noout', '-serial', '-subject', '-issuer', '-dates', '-fingerprint'],
      ...['-sha256', '-nameopt', 'RFC2253,-esc_msb', '-dateopt', 'iso_8601'],
    ],
    der,
  ).toString();
  return new Map(
    text
      .trim()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

describe('reading a certificate made by openssl', () => {
  const folder = temporaryFolder();
  const kinds: readonly {
    name: string;
    key: readonly string[];
    sign?: readonly string[];
    keyType: string;
    algorithm: string;
  }[] = [
    {
      name: 'RSA',
      key: ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
      keyType: 'RSA:2048',
      algorithm: 'sha256WithRSAEncryption',
    },
    {
      name: 'RSASSA-PSS with an RSA key',
      key: ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
      sign: ['-sigopt', 'rsa_padding_mode:pss', '-sha384'],
      keyType: 'RSA:2048',
      algorithm: 'rsassaPss',
    },
    {
      name: 'RSASSA-PSS with a key of its own type',
      key: ['-algorithm', 'RSA-PSS', '-pkeyopt', 'rsa_keygen_bits:2048'],
      keyType: 'RSA:2048',
      algorithm: 'rsassaPss',
    },
    {
      name: 'P-256',
      key: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'],
      keyType: 'EC:prime256v1',
      algorithm: 'ecdsa-with-SHA256',
    },
    {
      name: 'brainpool',
      key: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:brainpoolP384r1'],
      sign: ['-sha512'],
      keyType: 'EC:brainpoolP384r1',
      algorithm: 'ecdsa-with-SHA512',
    },
    {
      name: 'explicit curve parameters',
      key: [
        ...['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'],
        ...['-pkeyopt', 'ec_param_enc:explicit'],
      ],
      keyType: 'EC:explicit',
      algorithm: 'ecdsa-with-SHA256',
    },
    { name: 'Ed25519', key: ['-algorithm', 'ED25519'], keyType: 'Ed25519', algorithm: 'ED25519' },
    { name: 'Ed448', key: ['-algorithm', 'ED448'], keyType: 'Ed448', algorithm: 'ED448' },
  ];
  for (const { name, key, sign = [], keyType, algorithm } of kinds) {
    it(`tells every field of one with ${name}`, () => {
      const keyFile = folder.path('key.pem');
      openssl(['genpkey', ...key, '-out', keyFile]);
      const config = folder.write(
        'ca.cnf',
        [
          '[req]\ndistinguished_name=dn\nprompt=no\nx509_extensions=ext\nstring_mask=utf8only\nutf8=yes',
          '[dn]\nC=DE\nO=Übung & Co\nCN=a, b',
          '[ext]\nbasicConstraints=critical,CA:TRUE,pathlen:3\nkeyUsage=critical,keyCertSign,digitalSignature,decipherOnly',
          'extendedKeyUsage=clientAuth,1.2.3.4\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid:always',
          'subjectAltName=DNS:*.example.org,IP:10.0.0.1,IP:fe80::1,email:a@b.example,URI:https://x.example/,RID:1.2.3,dirName:dir,otherName:1.3.6.1.4.1.311.20.2.3;UTF8:me@x',
          '[dir]\nCN=directory\n',
        ].join('\n'),
      );
      const der = openssl([
        ...['req', '-new', '-x509', '-key', keyFile, '-config', config, '-outform', 'DER'],
        ...['-days', '30', ...sign],
      ]);
      const spki = openssl(['pkey', '-in', keyFile, '-pubout', '-outform', 'DER']);
      const fields = printed(der);

      const certificate = readCertificate(new Uint8Array(der));

      assert.deepEqual(certificate.problems, []);
      assert.equal(certificate.version, 3);
      assert.equal(certificate.serialNumber.toUpperCase(), fields.get('serial'));
      assert.equal(formatName(certificate.subject), fields.get('subject'));
      assert.equal(formatName(certificate.issuer), fields.get('issuer'));
      assert.equal(
        certificate.notAfter.toISOString(),
        fields.get('notAfter')?.replace(' ', 'T').replace('Z', '.000Z'),
      );
      assert.equal(formatFingerprint(certificate.sha256), fields.get('sha256 Fingerprint'));
      assert.equal(certificate.spkiSha256, createHash('sha256').update(spki).digest('hex'));
      assert.equal(certificate.keyType, keyType);
      assert.equal(certificate.signatureAlgorithm, algorithm);
      assert.equal(certificate.isCa, true);
      assert.equal(certificate.pathLength, 3);
      assert.deepEqual(certificate.keyUsage, ['digitalSignature', 'keyCertSign', 'decipherOnly']);
      assert.deepEqual(certificate.extendedKeyUsage, ['1.3.6.1.5.5.7.3.2', '1.2.3.4']);
      assert.deepEqual(
        certificate.subjectAltNames.map(({ type, value }) => `${type}:${value}`),
        [
          'DNS:*.example.org',
          'IP:10.0.0.1',
          'IP:fe80::1',
          'email:a@b.example',
          'URI:https://x.example/',
          'RID:1.2.3',
          'DirName:CN=directory',
          'otherName:1.3.6.1.4.1.311.20.2.3:me@x',
        ],
      );
      assert.equal(certificate.subjectKeyIdentifier, certificate.authorityKeyIdentifier);
      assert.equal(certificate.subjectKeyIdentifier?.length, 40);
      assert.equal(signatureBy(certificate, certificate), 'valid');
    });
  }

  it('reads a DSA certificate of version 1', () => {
    const parameters = folder.path('dsa.param');
    openssl([
      'genpkey',
      '-genparam',
      '-algorithm',
      'DSA',
      '-pkeyopt',
      'dsa_paramgen_bits:1024',
      '-out',
      parameters,
    ]);
    const keyFile = folder.path('dsa.pem');
    openssl(['genpkey', '-paramfile', parameters, '-out', keyFile]);
    const request = folder.path('dsa.csr');
    openssl(['req', '-new', '-key', keyFile, '-subj', '/CN=dsa', '-out', request]);
    const der = openssl(['x509', '-req', '-in', request, '-signkey', keyFile, '-outform', 'DER', '-sha256']);
    const certificate = readCertificate(new Uint8Array(der));
    assert.equal(certificate.keyType, 'DSA:1024');
    assert.equal(certificate.signatureAlgorithm, 'dsa_with_SHA256');
    assert.equal(certificate.version, 1);
    assert.equal(signatureBy(certificate, certificate), 'valid');
  });
});

/** Replaces bytes of the same length in a certificate. */
function altered(der: Uint8Array, from: Uint8Array, to: Uint8Array): Uint8Array {
  const buffer = Buffer.from(der);
  const at = buffer.indexOf(from);
  assert.notEqual(at, -1);
  buffer.set(to, at);
  return new Uint8Array(buffer);
}

describe('reading a certificate that others refuse', () => {
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);

  it('shows the bytes of a name that is not UTF-8, and the rest', () => {
    const { certificate } = issue({ subject: 'CN=Ärger,O=Example' });
    const broken = altered(certificate.der, text('CÄ'.slice(1)), Uint8Array.of(0xff, 0xff));
    const read = readCertificate(broken);
    // The issuer comes first in the bytes; the subject is left as it was.
    assert.match(formatName(read.issuer), /^CN=#0C06FFFF7267/);
    assert.match(formatName(read.issuer), /,O=Example$/);
    assert.equal(formatName(read.subject), 'CN=Ärger,O=Example');
    assert.equal(read.isCa, false);
  });

  it('shows the bytes of a name that is a BMPString of odd length, and the rest', () => {
    const { certificate } = issue({ subject: 'CN=abc,O=Example' });
    const broken = altered(certificate.der, Uint8Array.of(0x0c, 3, 0x61), Uint8Array.of(0x1e, 3, 0x61));
    const read = readCertificate(broken);
    assert.equal(formatName(read.issuer), 'CN=#1E03616263,O=Example');
    assert.equal(formatName(read.subject), 'CN=abc,O=Example');
  });

  it('counts times that cannot be read as not valid', () => {
    const { certificate } = issue({ subject: 'CN=a' });
    const read = readCertificate(altered(certificate.der, text('400101000000Z'), text('401341000000Z')));
    assert.ok(read.notAfter.getTime() < 0);
    assert.equal(read.problems.length, 1);
    assert.match(read.problems[0] ?? '', /notAfter/);
  });

  it('names an extension that is broken', () => {
    const { certificate } = issue({
      subject: 'CN=a',
      onlyExtensions: [{ oid: '2.5.29.17', critical: false, der: Uint8Array.of(0x30, 2, 0x89, 0) }],
    });
    assert.deepEqual(certificate.subjectAltNames, []);
    assert.match(certificate.problems.join(), /Subject alternative name/);
    assert.equal(certificate.extensions.length, 1);
  });

  it('shows an address of a length that no address has beside its neighbours, as openssl does', () => {
    const host = Buffer.from('a.example');
    const { certificate } = issue({
      subject: 'CN=a',
      onlyExtensions: [
        {
          oid: '2.5.29.17',
          critical: false,
          der: asn1.sequence(
            asn1.contextPrimitive(7, Uint8Array.of(10, 0, 0, 1, 7)),
            asn1.contextPrimitive(2, host),
          ),
        },
      ],
    });
    assert.deepEqual(
      certificate.subjectAltNames.map(({ type, value }) => `${type}:${value}`),
      ['IP:#0a00000107', 'DNS:a.example'],
    );
    assert.deepEqual(certificate.problems, []);
    const shown = openssl(
      ['x509', '-inform', 'DER', '-noout', '-ext', 'subjectAltName'],
      certificate.der,
    ).toString();
    assert.match(shown, /IP Address:<invalid[^>]*>, DNS:a\.example/);
  });

  it('names an extension that is there twice', () => {
    const usage = { oid: '2.5.29.15', critical: true, der: Uint8Array.of(3, 2, 7, 0x80) };
    const { certificate } = issue({ subject: 'CN=a', onlyExtensions: [usage, usage] });
    assert.deepEqual(certificate.keyUsage, ['digitalSignature']);
    assert.match(certificate.problems.join(), /2\.5\.29\.15/);
  });

  it('keeps a key that nobody knows', () => {
    const { certificate } = issue({ subject: 'CN=a' });
    const ec = asn1.oid('1.2.840.10045.2.1');
    const read = readCertificate(altered(certificate.der, ec, asn1.oid('1.2.840.10045.2.9')));
    assert.equal(read.keyType, '1.2.840.10045.2.9');
    assert.equal(signatureBy(read, read), 'invalid');
  });

  for (const [what, der] of [
    ['an empty sequence', Uint8Array.of(0x30, 0)],
    ['a number', Uint8Array.of(2, 1, 0)],
    ['nothing', new Uint8Array()],
  ] as const) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => readCertificate(der),
        (error) => KeystoreError.is(error, 'malformed'),
      );
    });
  }

  it('refuses bytes after the certificate', () => {
    const { certificate } = issueChain().leaf;
    assert.throws(
      () => readCertificate(asn1.concatBytes([certificate.der, Uint8Array.of(0)])),
      (error) => KeystoreError.is(error, 'malformed'),
    );
  });
});

describe('a certificate in PEM', () => {
  it('is written as openssl writes it', () => {
    const { certificate } = issueChain().leaf;
    const pem = openssl(['x509', '-inform', 'DER'], certificate.der).toString();
    const [block] = readPemBlocks(pem);
    assert.ok(block);
    assert.equal(block.label, 'CERTIFICATE');
    assert.equal(asn1.toHex(block.der), asn1.toHex(certificate.der));
  });
});

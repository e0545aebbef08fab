import assert from 'node:assert/strict';
import { type KeyObject, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { KeystoreError } from '../../../src/errors.js';
import { buildCertificate } from '../../../src/pki/certificateBuilder.js';
import { parseName } from '../../../src/pki/distinguishedName.js';
import * as make from '../../../src/pki/extensionMakers.js';
import { encodePem } from '../../../src/pki/pem.js';
import { readSigningRequest, writeSigningRequest } from '../../../src/pki/signingRequest.js';
import { execFileSync } from 'node:child_process';
import { openssl, temporaryFolder } from './opensslTool.js';
import { issueChain } from './testAuthority.js';

const keys: Readonly<Record<string, () => KeyObject>> = {
  'RSA 2048': () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  'RSASSA-PSS': () =>
    generateKeyPairSync('rsa-pss', {
      modulusLength: 2048,
      hashAlgorithm: 'sha384',
      mgf1HashAlgorithm: 'sha384',
    }).privateKey,
  'P-256': () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  'P-384': () => generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey,
  'P-521': () => generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey,
  DSA: () => generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 }).privateKey,
  Ed25519: () => generateKeyPairSync('ed25519').privateKey,
  Ed448: () => generateKeyPairSync('ed448').privateKey,
};

function spkiOf(key: KeyObject): Uint8Array {
  return new Uint8Array(createPublicKey(key).export({ type: 'spki', format: 'der' }));
}

describe('making certificates', () => {
  const folder = temporaryFolder();
  for (const [name, makeKey] of Object.entries(keys)) {
    it(`signs with ${name} as openssl verifies strictly`, () => {
      const caKey = makeKey();
      const subject = parseName('CN="Root, Ü",O=Example,C=DE');
      const validity = { notBefore: new Date('2020-01-01'), notAfter: new Date('2060-01-01') };
      const root = buildCertificate(
        {
          ...validity,
          subject,
          issuer: subject,
          serialNumber: Uint8Array.of(0xff, 1),
          spki: spkiOf(caKey),
          extensions: [
            make.basicConstraints({ isCa: true, pathLength: 0 }),
            make.keyUsage(['keyCertSign', 'cRLSign']),
            make.subjectKeyIdentifier(spkiOf(caKey)),
          ],
        },
        caKey,
      );
      const leafSpki = spkiOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
      const leaf = buildCertificate(
        {
          ...validity,
          subject: parseName('CN=leaf'),
          issuer: subject,
          serialNumber: Uint8Array.of(0, 0, 1),
          spki: leafSpki,
          extensions: [
            make.basicConstraints({ isCa: false }),
            make.keyUsage(['digitalSignature', 'decipherOnly']),
            make.extendedKeyUsage(['1.3.6.1.5.5.7.3.2']),
            make.subjectAltName([
              { type: 'DNS', value: '*.example.org' },
              { type: 'IP', value: '192.0.2.1' },
              { type: 'IP', value: '2001:db8::192.0.2.1' },
              { type: 'email', value: 'a@b.example' },
              { type: 'URI', value: 'https://x.example/' },
              { type: 'DirName', value: 'CN=y' },
              { type: 'RID', value: '1.2.3' },
            ]),
            make.subjectKeyIdentifier(leafSpki),
            make.authorityKeyIdentifier(spkiOf(caKey)),
          ],
        },
        caKey,
      );
      const rootFile = folder.write('root.pem', encodePem('CERTIFICATE', root));
      const leafFile = folder.write('leaf.pem', encodePem('CERTIFICATE', leaf));
      const verdict = openssl([
        ...[
          'verify',
          '-x509_strict',
          '-check_ss_sig',
          '-purpose',
          'sslclient',
          '-CAfile',
          rootFile,
          leafFile,
        ],
      ]).toString();
      assert.match(verdict, /leaf\.pem: OK/);
      const text = openssl(['x509', '-in', leafFile, '-noout', '-text']).toString();
      assert.match(
        text,
        /DNS:\*\.example\.org, IP Address:192\.0\.2\.1, IP Address:2001:DB8:0:0:0:0:C000:201, email:a@b\.example, URI:https:\/\/x\.example\/, DirName:\/?CN ?= ?y, Registered ID:1\.2\.3/,
      );
      assert.match(text, /Digital Signature, Decipher Only/);
      assert.match(text, /Serial Number: 1 \(0x1\)/);
    });
  }

  for (const serialNumber of [new Uint8Array(), new Uint8Array(3), new Uint8Array(21).fill(1)]) {
    it(`refuses a serial number of ${serialNumber.length} octets, the first ${serialNumber[0] ?? 'missing'}`, () => {
      const key = keys['P-256']?.();
      assert.ok(key);
      const name = parseName('CN=a');
      assert.throws(
        () =>
          buildCertificate(
            {
              ...{ subject: name, issuer: name, serialNumber, spki: spkiOf(key), extensions: [] },
              ...{ notBefore: new Date(), notAfter: new Date() },
            },
            key,
          ),
        (error) => KeystoreError.is(error, 'invalid-input'),
      );
    });
  }

  for (const [type, value] of [
    ['IP', '1.2.3'],
    ['IP', '1.2.3.256'],
    ['IP', '::1::'],
    ['IP', '1:2:3:4:5:6:7:8:9'],
    ['IP', ''],
    ['DNS', 'ü.example'],
    ['email', 'ä@b'],
    ['RID', 'x'],
    ['DirName', 'x'],
  ] as const) {
    it(`refuses the alternative name ${type}:${value}`, () => {
      assert.throws(
        () => make.subjectAltName([{ type, value }]),
        (error) => KeystoreError.is(error, 'invalid-input'),
      );
    });
  }
});

describe('making signing requests', () => {
  const folder = temporaryFolder();
  const hostile = 'CN=SAP \\"Test\\"\\, Ümläut\\+Co\\; \\#1 \\<x\\>,OU=R&D = α,O=\\ outer\\ ,C=DE';
  for (const [name, makeKey] of Object.entries(keys)) {
    it(`makes one with ${name} that openssl verifies`, () => {
      const privateKey = makeKey();
      const der = writeSigningRequest({
        subject: parseName(hostile),
        privateKey,
        subjectAltNames: [
          { type: 'DNS', value: 'a.example' },
          { type: 'IP', value: '::1' },
        ],
        keyUsage: ['digitalSignature', 'keyEncipherment'],
      });
      const file = folder.write('r.csr', encodePem('CERTIFICATE REQUEST', der));
      const printed = openssl([
        ...['req', '-in', file, '-verify', '-noout', '-subject', '-nameopt', 'RFC2253,-esc_msb'],
      ]).toString();
      assert.equal(printed.trim(), `subject=${hostile.replace('\\#', '#')}`);
      const text = openssl(['req', '-in', file, '-noout', '-text']).toString();
      assert.match(text, /Digital Signature, Key Encipherment/);
      assert.match(text, /TLS Web Client Authentication/);
      assert.match(text, /DNS:a\.example, IP Address:0:0:0:0:0:0:0:1/);

      const request = readSigningRequest(der);
      assert.equal(request.signatureValid, true);
      assert.deepEqual(request.keyUsage, ['digitalSignature', 'keyEncipherment']);
      assert.deepEqual(request.extendedKeyUsage, ['1.3.6.1.5.5.7.3.2']);
      assert.deepEqual(
        request.subjectAltNames.map(({ type, value }) => `${type}:${value}`),
        ['DNS:a.example', 'IP:::1'],
      );
      assert.deepEqual(Buffer.from(request.spki), Buffer.from(spkiOf(privateKey)));
    });
  }

  it('makes one that keytool reads', () => {
    const key = keys['RSA 2048']?.();
    assert.ok(key);
    const der = writeSigningRequest({ subject: parseName('CN=a, O="b, c"'), privateKey: key });
    const file = folder.write('k.csr', encodePem('NEW CERTIFICATE REQUEST', der));
    const printed = execFileSync('keytool', [
      '-printcertreq',
      '-file',
      file,
      '-J-Duser.language=en',
    ]).toString();
    assert.match(printed, /Subject: CN=a, O="b, c"/);
    assert.match(printed, /clientAuth/);
  });

  it('asks for nothing but the name where nothing is wanted', () => {
    const key = keys['P-256']?.();
    assert.ok(key);
    const request = readSigningRequest(
      writeSigningRequest({ subject: parseName(''), privateKey: key, extendedKeyUsage: [] }),
    );
    assert.deepEqual(request.extensions, []);
    assert.equal(request.signatureValid, true);
  });
});

describe('reading signing requests', () => {
  const folder = temporaryFolder();
  const config = folder.write(
    'r.cnf',
    '[req]\ndistinguished_name=dn\nprompt=no\nattributes=at\nreq_extensions=ext\n[dn]\nCN=x\n[at]\nchallengePassword=secret1\nunstructuredName=some\n[ext]\nsubjectAltName=DNS:x.example\nkeyUsage=digitalSignature\n',
  );
  const pem = openssl([
    ...['req', '-new', '-newkey', 'rsa:2048', '-nodes', '-config', config, '-keyout', folder.path('r.key')],
  ]).toString();
  const der = openssl(['req', '-outform', 'DER'], pem);
  const base64 = der.toString('base64');
  const forms: Readonly<Record<string, Uint8Array | string>> = {
    PEM: pem,
    'PEM with the label of old': pem.replaceAll(' CERTIFICATE REQUEST', ' NEW CERTIFICATE REQUEST'),
    'PEM with a wrong label': pem.replaceAll(' CERTIFICATE REQUEST', ' CERTIFICATE'),
    'PEM with literal line breaks': JSON.stringify(pem),
    'PEM in UTF-16': Buffer.from(`\ufeff${pem}`, 'utf16le'),
    DER: der,
    base64,
    'base64 of PEM': Buffer.from(pem).toString('base64'),
  };
  for (const [form, content] of Object.entries(forms)) {
    it(`reads ${form}`, () => {
      const request = readSigningRequest(typeof content === 'string' ? Buffer.from(content) : content);
      assert.equal(request.signatureValid, true);
      assert.equal(request.challengePassword, 'secret1');
      assert.equal(request.keyType, 'RSA:2048');
      assert.equal(request.signatureAlgorithm, 'sha256WithRSAEncryption');
      assert.deepEqual(request.keyUsage, ['digitalSignature']);
      assert.equal(request.extendedKeyUsage, undefined);
      assert.deepEqual(request.problems, []);
    });
  }

  it('tells a request that was changed after it was signed', () => {
    const changed = Uint8Array.from(der);
    const at = Buffer.from(changed).indexOf('x.example');
    changed[at] = 0x79;
    assert.equal(readSigningRequest(changed).signatureValid, false);
  });

  const { leaf } = issueChain();
  const others: Readonly<Record<string, Uint8Array>> = {
    'a certificate': leaf.certificate.der,
    'a certificate in PEM': Buffer.from(encodePem('CERTIFICATE', leaf.certificate.der)),
    'a private key': Buffer.from(leaf.key.privateKey.export({ type: 'pkcs8', format: 'pem' })),
    text: Buffer.from('Hello, world'),
    nothing: new Uint8Array(),
    'a request cut off': der.subarray(0, 200),
  };
  for (const [what, content] of Object.entries(others)) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => readSigningRequest(content),
        (error) => KeystoreError.is(error, 'malformed'),
      );
    });
  }
});

import assert from 'node:assert/strict';
import { KeystoreError } from '../../../src/errors.js';
import { readCertificate } from '../../../src/pki/certificate.js';
import { isSelfIssued, signatureBy } from '../../../src/pki/chain.js';
import { describeCertificate } from '../../../src/pki/descriptionOfCertificate.js';
import { parseName } from '../../../src/pki/distinguishedName.js';
import { localKeyDerivation } from '../../../src/pki/keyDerivation.js';
import { findPath } from '../../../src/pki/pathBuilder.js';
import { readPkcs12 } from '../../../src/pki/pkcs12Reader.js';
import { writePkcs12 } from '../../../src/pki/pkcs12Writer.js';
import { type PrivateKey, readPrivateKey } from '../../../src/pki/privateKey.js';
import { readSigningRequest, writeSigningRequest } from '../../../src/pki/signingRequest.js';
import { imitateBoringSsl } from '../../support/boringSsl.js';
import { openssl, temporaryFolder } from './opensslTool.js';
import { issueChain } from './testAuthority.js';

const password = 'gehe1m-ß';

describe('on a host with BoringSSL', () => {
  imitateBoringSsl();
  const folder = temporaryFolder();
  const { leaf, intermediate, root } = issueChain();
  const chain = [leaf, intermediate, root].map(({ certificate }) => certificate);
  const pkcs8 = Uint8Array.from(leaf.key.privateKey.export({ type: 'pkcs8', format: 'der' }));
  const options = { password, derivation: localKeyDerivation };

  /** The key of `openssl genpkey`, and a certificate signed with it. */
  function made(...algorithm: readonly string[]): { key: string; certificate: Uint8Array } {
    const key = folder.path('key.pem');
    openssl(['genpkey', '-out', key, '-algorithm', ...algorithm]);
    const certificate = openssl([
      'req',
      '-x509',
      '-key',
      key,
      '-subj',
      '/CN=a',
      '-outform',
      'DER',
      '-days',
      '9',
    ]);
    return { key, certificate: new Uint8Array(certificate) };
  }

  const brainpool = ['EC', '-pkeyopt', 'ec_paramgen_curve:brainpoolP256r1'];

  for (const [name, algorithm, verdict] of [
    ['brainpool', brainpool, 'unchecked'],
    [
      'explicit parameters',
      ['EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-pkeyopt', 'ec_param_enc:explicit'],
      'unchecked',
    ],
    ['Ed448', ['ED448'], 'unchecked'],
    ['RSASSA-PSS', ['RSA-PSS', '-pkeyopt', 'rsa_keygen_bits:1024'], 'valid'],
    ['RSA', ['RSA', '-pkeyopt', 'rsa_keygen_bits:1024'], 'valid'],
  ] as const) {
    it(`shows every field of a certificate with ${name}, and tells its signature as ${verdict}`, () => {
      const certificate = readCertificate(made(...algorithm).certificate);
      assert.equal(isSelfIssued(certificate), true);
      assert.equal(certificate.subjectKeyIdentifier?.length, 40);
      assert.equal(signatureBy(certificate, certificate), verdict);
      const description = JSON.stringify(describeCertificate(certificate, { now: new Date() }));
      assert.match(description, /cryptographic library of this program refuses the certificate/);
      assert.match(description, /subjectPublicKey|Public key/);
    });
  }

  it('says of a path that its signatures cannot be checked, and not that they are wrong', () => {
    const { key, certificate } = made(...brainpool);
    const request = openssl(['req', '-new', '-key', key, '-subj', '/CN=b']);
    const signed = openssl(
      [
        'x509',
        '-req',
        '-CA',
        folder.write('ca.pem', openssl(['x509', '-inform', 'DER'], certificate)),
        '-CAkey',
        key,
        '-outform',
        'DER',
        '-days',
        '9',
      ],
      request,
    );
    const verdict = findPath({
      ...{
        leaf: readCertificate(new Uint8Array(signed)),
        untrusted: [],
        trusted: [readCertificate(certificate)],
      },
      ...{ at: new Date(Date.now() + 60_000), usage: 'any' },
    });
    assert.equal(verdict.isValid ? 'valid' : verdict.reason, 'unchecked-signature');
  });

  for (const encryption of [
    ['-legacy', '-certpbe', 'PBE-SHA1-RC2-40'],
    ['-certpbe', 'PBE-SHA1-3DES', '-keypbe', 'AES-192-CBC'],
    ['-certpbe', 'AES-256-CBC', '-keypbe', 'AES-128-CBC', '-macalg', 'sha512'],
  ]) {
    it(`opens PKCS#12 of openssl: ${encryption.join(' ')}`, async () => {
      const key = folder.write('k.pem', openssl(['pkey', '-inform', 'DER'], pkcs8));
      const certificate = folder.write('c.pem', openssl(['x509', '-inform', 'DER'], leaf.certificate.der));
      const file = openssl([
        ...['pkcs12', '-export', '-inkey', key, '-in', certificate, '-iter', '3'],
        ...['-passout', `pass:${password}`, ...encryption],
      ]);
      const { keys, macVerified } = await readPkcs12(new Uint8Array(file), options);
      assert.deepEqual([macVerified, keys[0]?.key.spkiSha256], [true, leaf.certificate.spkiSha256]);
      await assert.rejects(readPkcs12(new Uint8Array(file), { ...options, password: 'x' }), {
        code: 'wrong-password',
      });
    });
  }

  for (const profile of ['modern', 'compatible'] as const) {
    it(`writes PKCS#12 that openssl opens: ${profile}`, async () => {
      const written = await writePkcs12(
        { privateKey: pkcs8, certificates: chain.map(({ der }) => der), friendlyName: 'a' },
        { ...options, profile, rounds: 3 },
      );
      const legacy = profile === 'compatible' ? ['-legacy'] : [];
      const shown = openssl(
        ['pkcs12', '-nodes', '-passin', `pass:${password}`, ...legacy],
        written,
      ).toString();
      assert.equal(shown.match(/BEGIN CERTIFICATE/g)?.length, 3);
    });
  }

  it('signs requests and checks them', () => {
    const request = writeSigningRequest({ subject: parseName('CN=a'), privateKey: leaf.key.privateKey });
    assert.equal(readSigningRequest(request).signatureVerdict, 'valid');
    const foreign = openssl([
      'req',
      '-new',
      '-key',
      made(...brainpool).key,
      '-subj',
      '/CN=b',
      '-outform',
      'DER',
    ]);
    assert.equal(readSigningRequest(new Uint8Array(foreign)).signatureVerdict, 'unchecked');
  });

  const keys: readonly (readonly [string, () => Buffer, string])[] = [
    [
      'triple DES',
      () =>
        openssl(
          [
            'pkcs8',
            '-topk8',
            '-v1',
            'PBE-SHA1-3DES',
            '-iter',
            '3',
            '-inform',
            'DER',
            '-passout',
            `pass:${password}`,
          ],
          pkcs8,
        ),
      'EC:prime256v1',
    ],
    [
      'AES-192 with SHA-512',
      () =>
        openssl(
          [
            'pkcs8',
            '-topk8',
            '-v2',
            'aes-192-cbc',
            '-v2prf',
            'hmacWithSHA512',
            '-iter',
            '3',
            '-inform',
            'DER',
            '-passout',
            `pass:${password}`,
          ],
          pkcs8,
        ),
      'EC:prime256v1',
    ],
    [
      'traditional PEM',
      () => openssl(['ec', '-des3', '-inform', 'DER', '-passout', `pass:${password}`], pkcs8),
      'EC:prime256v1',
    ],
    ['DSA', () => openssl(['dsaparam', '-genkey', '-noout', '1024']), 'DSA:1024'],
    ['brainpool', () => openssl(['genpkey', '-algorithm', ...brainpool]), 'EC:brainpoolP256r1'],
    ['Ed448', () => openssl(['genpkey', '-algorithm', 'ED448']), 'unsupported'],
  ];
  for (const [what, make, expected] of keys) {
    it(`answers a private key, ${what}, with ${expected}`, async () => {
      const told = await readPrivateKey(new Uint8Array(make()), options).then(
        (key: PrivateKey) => key.type,
        (error: unknown) => (KeystoreError.is(error) ? error.code : String(error)),
      );
      assert.equal(told, expected);
    });
  }
});

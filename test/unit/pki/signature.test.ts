import assert from 'node:assert/strict';
import { readCertificate } from '../../../src/pki/certificate.js';
import { signatureBy } from '../../../src/pki/chain.js';
import { openssl, temporaryFolder } from './opensslTool.js';

describe('checking signatures with RSASSA-PSS', () => {
  const folder = temporaryFolder();
  const key = folder.path('key.pem');
  before(() => {
    openssl(['genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048', '-out', key]);
  });

  for (const [hash, mask, salt] of [
    ['sha256', 'sha256', '32'],
    ['sha384', 'sha384', '0'],
    // Java's own parameters where a program names a hash and leaves the mask alone.
    ['sha256', 'sha1', '20'],
    ['sha256', 'sha512', '32'],
    ['sha512', 'sha256', '64'],
  ] as const) {
    it(`takes ${hash} with a mask by ${mask} and a salt of ${salt}, and refuses a changed one`, () => {
      const der = openssl([
        ...['req', '-x509', '-new', '-key', key, '-subj', '/CN=a', '-outform', 'DER', `-${hash}`],
        ...['-sigopt', 'rsa_padding_mode:pss', '-sigopt', `rsa_pss_saltlen:${salt}`],
        ...['-sigopt', `rsa_mgf1_md:${mask}`],
      ]);
      const certificate = readCertificate(new Uint8Array(der));
      assert.equal(signatureBy(certificate, certificate), 'valid');
      der[der.length - 1] = (der.at(-1) ?? 0) ^ 1;
      assert.equal(signatureBy(readCertificate(new Uint8Array(der)), certificate), 'invalid');
    });
  }
});

import assert from 'node:assert/strict';
import { KeystoreError } from '../../../src/errors.js';
import { writeCertificateFile } from '../../../src/pki/certificateFile.js';
import { openssl, temporaryFolder } from './opensslTool.js';
import { issueChain } from './testAuthority.js';

describe('writing files of certificates', () => {
  const folder = temporaryFolder();
  const { root, intermediate, leaf } = issueChain('File');
  const chain = [leaf, intermediate, root].map(({ certificate }) => certificate);
  const subjects = ['File client', 'File Issuing CA', 'File Root'];
  const namesIn = (printed: string): readonly string[] =>
    [...printed.matchAll(/subject=.*CN = (.*)/g)].map(([, name]) => name ?? '');

  it('writes PEM, DER and PKCS#7 as openssl reads them', () => {
    const pem = folder.write('a.pem', writeCertificateFile(chain, 'pem'));
    const bundle = openssl(['crl2pkcs7', '-nocrl', '-certfile', pem]);
    assert.deepEqual(namesIn(openssl(['pkcs7', '-print_certs'], bundle).toString()), subjects);
    const der = writeCertificateFile(chain.slice(0, 1), 'der');
    assert.match(openssl(['x509', '-inform', 'DER', '-noout', '-subject'], der).toString(), /File client/);
    for (const [form, inform] of [
      ['pkcs7-pem', 'PEM'],
      ['pkcs7-der', 'DER'],
    ] as const) {
      const printed = openssl(
        ['pkcs7', '-inform', inform, '-print_certs'],
        writeCertificateFile(chain, form),
      ).toString();
      assert.deepEqual(namesIn(printed), subjects);
    }
  });

  it('writes a PKI path: the certificates one after the other in a SEQUENCE, the top first', () => {
    const written = writeCertificateFile(chain, 'pkipath');
    const content = Buffer.concat([...chain].reverse().map(({ der }) => der));
    assert.deepEqual(Buffer.from(written.subarray(-content.length)), content);
    const outline = openssl(['asn1parse', '-inform', 'DER', '-i'], written).toString();
    assert.match(outline, new RegExp(`^ *0:d=0 +hl=4 l= *${content.length} cons: SEQUENCE`));
    assert.equal(outline.match(/d=1 .*SEQUENCE/g)?.length, 3);
    assert.equal(written.length, content.length + 4);
  });

  it('refuses several certificates for DER, and none for any form', () => {
    assert.throws(
      () => writeCertificateFile(chain, 'der'),
      (error) => KeystoreError.is(error, 'invalid-input'),
    );
    for (const form of ['pem', 'der', 'pkcs7-pem', 'pkcs7-der', 'pkipath'] as const) {
      assert.throws(
        () => writeCertificateFile([], form),
        (error) => KeystoreError.is(error, 'invalid-input'),
      );
    }
  });
});

import assert from 'node:assert/strict';
import * as asn1 from '../../../src/pki/asn1.js';
import { readCertificate } from '../../../src/pki/certificate.js';
import { readCertificates, readCertificatesToShow } from '../../../src/pki/container.js';
import { describeCertificate } from '../../../src/pki/descriptionOfCertificate.js';
import { encodePem } from '../../../src/pki/pem.js';
import { verificationKey, verifySignature } from '../../../src/pki/signature.js';
import { issueChain } from './testAuthority.js';

const { leaf, intermediate } = issueChain();

/** The certificate with another value as one of its signed fields: serial number 1, issuer 3, validity 4, subject 5, key 6. */
function withField(index: number, value: Uint8Array): Uint8Array {
  const outer = asn1.readAsn1(leaf.certificate.der).children.map(({ bytes }) => bytes);
  const fields = asn1.readAsn1(leaf.certificate.signedPart).children.map(({ bytes }) => bytes);
  fields[index] = value;
  return asn1.sequence(asn1.sequence(...fields), ...outer.slice(1));
}

describe('a certificate with a field that cannot be read', () => {
  const cases: readonly (readonly [string, Uint8Array, string])[] = [
    ['an empty serial number', withField(1, Uint8Array.of(2, 0)), 'general'],
    ['a part of the issuer that is no SET', withField(3, asn1.sequence(asn1.sequence())), 'issuer'],
    ['an empty validity', withField(4, asn1.sequence()), 'validity'],
    ['a part of the subject that is no SET', withField(5, asn1.sequence(asn1.sequence())), 'subject'],
    ['an empty public key', withField(6, asn1.sequence()), 'publicKey'],
  ];
  for (const [what, der] of cases) {
    it(`is shown with ${what}, and no path leads through it`, () => {
      const certificate = readCertificate(der);
      assert.equal(certificate.isWellFormed, false);
      assert.equal(certificate.problems.length, 1);
      assert.ok(describeCertificate(certificate, { now: new Date() }).groups.length >= 7);
    });
  }

  it('is not said to be refused for want of PEM', () => {
    const der = withField(8, asn1.sequence());
    const { notes } = describeCertificate(readCertificate(der));
    assert.match(notes.join('\n'), /refuses the certificate as a whole\. It is shown/);
    assert.doesNotMatch(notes.join('\n'), /PEM/);
  });

  it('proves no signature with a key that cannot be read', () => {
    const issuer = readCertificate(withField(6, asn1.sequence()));
    assert.notEqual(verifySignature(leaf.certificate, verificationKey(issuer.spki)), 'valid');
  });

  it('does not hide others of its file where they are shown only', () => {
    const broken = asn1.sequence(asn1.sequence(asn1.integer(1)), asn1.sequence(), Uint8Array.of(3, 1, 0));
    const file = [leaf.certificate.der, intermediate.certificate.der, broken]
      .map((der) => encodePem('CERTIFICATE', der))
      .join('');
    const bytes = new TextEncoder().encode(file);
    assert.throws(() => readCertificates(bytes));
    const { certificates, unread } = readCertificatesToShow(bytes);
    assert.equal(certificates.length, 2);
    assert.match(unread[0]?.error.message ?? '', /3/);
  });
});

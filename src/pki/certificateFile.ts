import { assertNever, KeystoreError } from '../errors.js';
import * as asn1 from './asn1.js';
import type { Certificate } from './certificate.js';
import { readCertificates } from './container.js';
import { encodePem } from './pem.js';
import { writeCertificatesOnly } from './pkcs7.js';
import { writePkiPath } from './pkiPath.js';

/** Forms in which files hold certificates and nothing else. */
export type CertificateFileForm = 'pem' | 'der' | 'pkcs7-pem' | 'pkcs7-der' | 'pkipath';

/**
 * Writes certificates in this order, for a PKI path (ITU-T X.509 clause 7) in the other direction, and reads them back before it
 * returns. DER holds one certificate only: throws `invalid-input` for another number of them, and for none at all.
 */
export function writeCertificateFile(
  certificates: readonly Certificate[],
  form: CertificateFileForm,
): Uint8Array {
  if (certificates.length === 0 || (form === 'der' && certificates.length > 1)) {
    throw new KeystoreError('invalid-input', `${certificates.length} certificates do not fit into ${form}`);
  }
  const written = encode(
    certificates.map(({ der }) => der),
    form,
  );
  const back = readCertificates(written).certificates;
  const expected = form === 'pkipath' ? [...certificates].reverse() : certificates;
  const isSame =
    back.length === expected.length &&
    back.every(({ der }, index) => asn1.bytesEqual(der, expected[index]?.der ?? new Uint8Array(0)));
  if (!isSame) {
    throw asn1.malformed('The certificates that were written do not read back as what was put in');
  }
  return written;
}

function encode(certificates: readonly Uint8Array[], form: CertificateFileForm): Uint8Array {
  switch (form) {
    case 'pem':
      return text(certificates.map((der) => encodePem('CERTIFICATE', der)).join(''));
    case 'der':
      return Uint8Array.from(certificates[0] ?? []);
    case 'pkcs7-pem':
      return text(encodePem('PKCS7', writeCertificatesOnly(certificates)));
    case 'pkcs7-der':
      return writeCertificatesOnly(certificates);
    case 'pkipath':
      return writePkiPath(certificates);
    default:
      return assertNever(form);
  }
}

function text(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}

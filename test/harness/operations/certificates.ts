import { type Certificate } from '../../../src/pki/certificate.js';
import { readCertificates } from '../../../src/pki/container.js';
import { formatName } from '../../../src/pki/distinguishedName.js';
import { type Operation } from '../operation.js';

/** `certificates`: every certificate of a file, whatever its form. */
export const certificates: Operation = (request) => {
  const { form, certificates: found } = readCertificates(request.bytes());
  return { form, certs: found.map(answerOf) };
};

function answerOf(certificate: Certificate): object {
  return {
    sha256: certificate.sha256,
    sha1: certificate.sha1,
    version: certificate.version,
    serial: certificate.serialNumber,
    subject: formatName(certificate.subject),
    issuer: formatName(certificate.issuer),
    notBefore: timeText(certificate.notBefore),
    notAfter: timeText(certificate.notAfter),
    spkiSha256: certificate.spkiSha256,
    keyType: certificate.keyType,
    signatureAlgorithm: certificate.signatureAlgorithm,
    isCa: certificate.isCa,
    pathLength: certificate.pathLength ?? null,
    keyUsage: certificate.keyUsage ?? [],
    extendedKeyUsage: certificate.extendedKeyUsage ?? [],
    subjectAltNames: certificate.subjectAltNames.map(({ type, value }) => ({ type, value })),
    subjectKeyIdentifier: certificate.subjectKeyIdentifier ?? null,
    authorityKeyIdentifier: certificate.authorityKeyIdentifier ?? null,
    problems: certificate.problems,
  };
}

/** ISO 8601; null for a time that the certificate does not tell readably. */
function timeText(time: Date): string | null {
  return Math.abs(time.getTime()) === 8.64e15 ? null : time.toISOString().replace('.000Z', 'Z');
}

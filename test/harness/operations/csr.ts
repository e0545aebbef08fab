import { formatName } from '../../../src/pki/distinguishedName.js';
import { readSigningRequest } from '../../../src/pki/signingRequest.js';
import { type Operation } from '../operation.js';

/** `csr`: what a signing request asks for. */
export const csr: Operation = (request) => {
  const read = readSigningRequest(request.bytes());
  return {
    subject: formatName(read.subject),
    spkiSha256: read.spkiSha256,
    keyType: read.keyType,
    signatureAlgorithm: read.signatureAlgorithm,
    signatureValid: read.signatureValid,
    subjectAltNames: read.subjectAltNames.map(({ type, value }) => ({ type, value })),
    extendedKeyUsage: read.extendedKeyUsage ?? [],
    keyUsage: read.keyUsage ?? [],
    challengePassword: read.challengePassword ?? null,
    problems: read.problems,
  };
};

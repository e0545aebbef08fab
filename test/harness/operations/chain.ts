import { type Certificate } from '../../../src/pki/certificate.js';
import { readCertificates } from '../../../src/pki/container.js';
import { findPath } from '../../../src/pki/pathBuilder.js';
import { type PathFailureReason, type PathUsage } from '../../../src/pki/pathValidation.js';
import { type Operation, type OperationRequest, badRequest } from '../operation.js';

/** `chain`: whether a path leads from the leaf to a trusted certificate. */
export const chain: Operation = (request) => {
  const [leaf] = readCertificates(request.bytesOf('leaf')).certificates;
  if (leaf === undefined) {
    throw badRequest('the leaf is no certificate');
  }
  const verdict = findPath({
    leaf,
    untrusted: certificatesOf(request.listOfBytes('untrusted')),
    trusted: certificatesOf(request.listOfBytes('trusted')),
    at: timeOf(request),
    usage: usageOf(request),
  });
  const path = verdict.path.map(({ sha256 }) => sha256);
  if (verdict.isValid) {
    return {
      valid: true,
      path,
      warnings: verdict.warnings.map(({ certificate, finding }) => ({
        certificate: certificate.sha256,
        ...finding,
      })),
    };
  }
  return {
    valid: false,
    reason: reasonText(verdict.reason),
    certificate: verdict.certificate.sha256,
    detail: verdict.detail ?? null,
    path,
    exhausted: verdict.isExhausted,
  };
};

/** A file among many that is no certificate must not hide the others. */
function certificatesOf(files: readonly Uint8Array[]): readonly Certificate[] {
  return files.flatMap((bytes) => {
    try {
      return readCertificates(bytes).certificates;
    } catch {
      return [];
    }
  });
}

function timeOf(request: OperationRequest): Date {
  const text = request.optionalText('at');
  const at = text === undefined ? new Date() : new Date(text);
  if (Number.isNaN(at.getTime())) {
    throw badRequest('"at" is no time');
  }
  return at;
}

function usageOf(request: OperationRequest): PathUsage {
  const usage = request.optionalText('usage') ?? 'any';
  switch (usage) {
    case 'clientAuth':
    case 'serverAuth':
    case 'any':
      return usage;
    default:
      throw badRequest(`no usage ${usage}`);
  }
}

/** The contract has no word of its own for a signature that the host cannot check. */
function reasonText(reason: PathFailureReason): string {
  return reason === 'unchecked-signature' ? 'bad-signature' : reason;
}

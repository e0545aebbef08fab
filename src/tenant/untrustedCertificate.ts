import type { ErrorDetails } from '../errors.js';
import { isArray, isObject, parseJson, textMember } from '../http/checked.js';

const maximumDepth = 8;
const fingerprintForm = /^[0-9A-Fa-f]{2}(?::?[0-9A-Fa-f]{2}){31}$/;

/**
 * Finds the certificate in the body of a 409, whose nesting SAP does not document: anywhere in the JSON, or as JSON within
 * a text (the error's message). Returns its fingerprint as upper-case pairs with colons, and its names; empty where there
 * is none.
 */
export function untrustedCertificate(body: string): ErrorDetails {
  return search(parseJson(body), 0) ?? {};
}

function search(value: unknown, depth: number): ErrorDetails | undefined {
  if (depth > maximumDepth) {
    return undefined;
  }
  if (typeof value === 'string') {
    return /FingerprintSha256/.test(value) ? search(parseJson(value), depth + 1) : undefined;
  }
  if (isArray(value)) {
    return first(value, depth);
  }
  if (!isObject(value)) {
    return undefined;
  }
  const fingerprint = textMember(value, 'FingerprintSha256');
  if (fingerprint !== undefined && fingerprintForm.test(fingerprint)) {
    return {
      fingerprintSha256: (fingerprint.replaceAll(':', '').toUpperCase().match(/../g) ?? []).join(':'),
      subjectDn: textMember(value, 'SubjectDN')?.slice(0, 1000),
      issuerDn: textMember(value, 'IssuerDN')?.slice(0, 1000),
    };
  }
  return first(Object.values(value), depth);
}

function first(values: readonly unknown[], depth: number): ErrorDetails | undefined {
  for (const value of values) {
    const found = search(value, depth + 1);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

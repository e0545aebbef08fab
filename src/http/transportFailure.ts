import { Cancelled, KeystoreError, type ErrorDetails } from '../errors.js';
import { isObject } from './checked.js';
import type { HttpRequest } from './httpMessages.js';

/** How far an attempt came before it failed. */
export interface AttemptState {
  /** From here on the server may have received the request. */
  readonly sent: boolean;
  readonly answerBegan: boolean;
  /** Why the attempt was given up here. */
  readonly ended: 'cancelled' | 'timeout' | undefined;
}

const untrustedCodes: ReadonlySet<string> = new Set([
  'CA_KEY_TOO_SMALL',
  'CA_MD_TOO_WEAK',
  'CERT_CHAIN_TOO_LONG',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'EE_KEY_TOO_SMALL',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'ERR_TLS_CERT_ALTNAME_FORMAT',
  'ERROR_IN_CERT_NOT_AFTER_FIELD',
  'ERROR_IN_CERT_NOT_BEFORE_FIELD',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
  'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** Alerts by which a server refuses the client's certificate. */
const refusedCertificate =
  /ALERT_(?:BAD_CERTIFICATE|CERTIFICATE_|UNSUPPORTED_CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED|HANDSHAKE_FAILURE)/;

/** The code that Node or axios gave the failure. */
export function failureCode(error: unknown): string {
  const code = isObject(error) ? error['code'] : undefined;
  return typeof code === 'string' ? code : 'UNKNOWN';
}

/** True where the server's certificate did not pass the check. */
export function isUntrusted(code: string): boolean {
  return untrustedCodes.has(code);
}

/** Turns what ended an attempt into an error of ours; nothing of the request or the answer goes along. */
export function transportFailure(
  error: unknown,
  state: AttemptState,
  request: HttpRequest,
): KeystoreError | Cancelled {
  const isWrite = request.kind === 'write';
  const host = new URL(request.url).host;
  const reason = state.ended ?? failureCode(error);
  const options = (details: ErrorDetails): { cause: Error; details: ErrorDetails } => ({
    cause: bareCause(error),
    details: { host, reason, ...details },
  });
  if (isWrite && state.sent) {
    return new KeystoreError(
      'answer-lost',
      `The request went out and no answer came (${reason})`,
      options(state.ended === 'cancelled' ? { cancelled: true } : {}),
    );
  }
  if (state.ended === 'cancelled') {
    return new Cancelled();
  }
  const notPerformed: ErrorDetails = isWrite ? { performed: 'no' } : {};
  if (state.ended === 'timeout') {
    return new KeystoreError('timeout', `${host} did not answer in time`, options(notPerformed));
  }
  if (isUntrusted(reason)) {
    return new KeystoreError(
      'untrusted-server',
      `The certificate of ${host} did not pass`,
      options(notPerformed),
    );
  }
  if (request.clientCertificate !== undefined && refusedCertificate.test(reason)) {
    return new KeystoreError(
      'unauthorized',
      `${host} refused the client certificate`,
      options({ ...notPerformed, certificateRefused: true }),
    );
  }
  if (request.clientCertificate !== undefined && !state.sent && reason.startsWith('ERR_OSSL')) {
    return new KeystoreError(
      'invalid-input',
      'The client certificate or its key cannot be used',
      options({ ...notPerformed, field: 'certificate' }),
    );
  }
  if (/^(?:HPE_|Z_|ERR_BAD_RESPONSE$)/.test(reason) && !isDisconnect(error)) {
    return new KeystoreError('bad-answer', `The answer of ${host} cannot be read`, options(notPerformed));
  }
  return new KeystoreError('offline', `${host} cannot be reached (${reason})`, options(notPerformed));
}

/** axios files a connection that broke within the body under bad responses. */
function isDisconnect(error: unknown): boolean {
  return error instanceof Error && /aborted/.test(error.message);
}

/** The failure's own words without what axios and Node attach: configuration, headers, bodies, sockets, packets. */
function bareCause(error: unknown): Error {
  const bare = new Error(error instanceof Error ? error.message.slice(0, 300) : 'unknown failure');
  bare.name = failureCode(error);
  return bare;
}

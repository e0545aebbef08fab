import type { ErrorCode, ErrorDetails } from '../errors.js';
import type { KeyDerivationRequest } from './keyDerivation.js';

/** The derivations that are loops over a hash, for which node has no call of its own. */
export type IteratedRequest = Extract<KeyDerivationRequest, { readonly kind: 'pkcs12' | 'pbkdf1' }>;

/** What the worker thread tells the thread that started it. */
export type DerivationAnswer =
  | { readonly kind: 'progress'; readonly fraction: number }
  | { readonly kind: 'key'; readonly key: Uint8Array }
  | {
      readonly kind: 'failure';
      readonly code: ErrorCode;
      readonly message: string;
      readonly details: ErrorDetails;
    };

/** Checks what the worker thread was started with. */
export function isIteratedRequest(value: unknown): value is IteratedRequest {
  if (typeof value !== 'object' || value === null || !('kind' in value)) {
    return false;
  }
  return (
    (value.kind === 'pbkdf1' ||
      (value.kind === 'pkcs12' && 'purpose' in value && isPurpose(value.purpose))) &&
    'hash' in value &&
    typeof value.hash === 'string' &&
    'password' in value &&
    value.password instanceof Uint8Array &&
    'salt' in value &&
    value.salt instanceof Uint8Array &&
    'rounds' in value &&
    typeof value.rounds === 'number' &&
    'length' in value &&
    typeof value.length === 'number'
  );
}

function isPurpose(value: unknown): boolean {
  return value === 1 || value === 2 || value === 3;
}

/** Checks what the worker thread has sent. */
export function isDerivationAnswer(value: unknown): value is DerivationAnswer {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    ((value.kind === 'progress' && 'fraction' in value && typeof value.fraction === 'number') ||
      (value.kind === 'key' && 'key' in value && value.key instanceof Uint8Array) ||
      (value.kind === 'failure' &&
        'code' in value &&
        typeof value.code === 'string' &&
        'message' in value &&
        typeof value.message === 'string'))
  );
}

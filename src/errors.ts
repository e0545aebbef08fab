/**
 * What went wrong, as a closed list; the words a person reads are chosen by this code in `ui/runAction`.
 *
 * - files and cryptography: `malformed`, `unsupported`, `wrong-password`, `password-needed`, `mismatch`, `budget`
 * - input and local state: `invalid-input`, `refused`, `signed-out`, `stale`, `file-system`
 * - the way to a tenant: `offline`, `timeout`, `untrusted-server`, `bad-answer`
 * - the tenant's answer: `unauthorized`, `forbidden`, `not-found`, `already-exists`, `fingerprint-unconfirmed`,
 *   `too-large`, `rate-limited`, `locked`, `rejected` (another 4xx), `server-error` (another 5xx)
 * - writes: `answer-lost` (the request may have been performed; nobody knows yet)
 */
export type ErrorCode =
  | 'malformed'
  | 'unsupported'
  | 'wrong-password'
  | 'password-needed'
  | 'mismatch'
  | 'budget'
  | 'invalid-input'
  | 'refused'
  | 'signed-out'
  | 'stale'
  | 'file-system'
  | 'offline'
  | 'timeout'
  | 'untrusted-server'
  | 'bad-answer'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'already-exists'
  | 'fingerprint-unconfirmed'
  | 'too-large'
  | 'rate-limited'
  | 'locked'
  | 'rejected'
  | 'server-error'
  | 'answer-lost';

/** Facts about a failure that a message may name; never a secret, a query, a header or a body. */
export type ErrorDetails = Readonly<
  Record<string, string | number | boolean | readonly string[] | undefined>
>;

/** The one error family: a code for the program, a technical English message for the log, and facts for the person. */
export class KeystoreError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; details?: ErrorDetails } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'KeystoreError';
    this.code = code;
    this.details = options.details ?? {};
  }

  /** True for a `KeystoreError`, with this code where one is given. */
  static is(error: unknown, code?: ErrorCode): error is KeystoreError {
    return error instanceof KeystoreError && (code === undefined || error.code === code);
  }
}

/** The person cancelled; shown to nobody. */
export class Cancelled extends Error {
  constructor() {
    super('Cancelled');
    this.name = 'Cancelled';
  }

  /** Throws `Cancelled` where the signal has been aborted. */
  static throwIfAborted(signal: AbortSignal | undefined): void {
    if (signal?.aborted === true) {
      throw new Cancelled();
    }
  }
}

/** Ends an exhaustive `switch`; reached only where a union and its switch disagree at run time. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value of kind ${typeof value}`);
}

import { Cancelled, type ErrorCode, KeystoreError } from '../../src/errors.js';

/** The codes that the harness answers with. */
export type AnswerCode =
  'wrong-password' | 'password-needed' | 'malformed' | 'unsupported' | 'mismatch' | 'budget';

/** What is written for one request, without its `id`. */
export type Answer =
  | ({ readonly ok: true } & Readonly<Record<string, unknown>>)
  | {
      readonly ok: false;
      readonly code: AnswerCode;
      readonly message: string;
      /** Facts of the error, such as the format that is not supported. */
      readonly details?: object;
      /** There where the program failed and not its input. */
      readonly internal?: true;
    };

/** The refusal that an exception means; every exception means one. */
export function refusal(error: unknown): Answer {
  if (error instanceof KeystoreError) {
    return {
      ok: false,
      code: answerCode(error.code),
      message: error.message,
      ...(Object.keys(error.details).length === 0 ? {} : { details: error.details }),
    };
  }
  if (error instanceof Cancelled) {
    return { ok: false, code: 'budget', message: 'Cancelled' };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { ok: false, code: 'malformed', message: `Internal failure: ${message}`, internal: true };
}

function answerCode(code: ErrorCode): AnswerCode {
  switch (code) {
    case 'wrong-password':
    case 'password-needed':
    case 'unsupported':
    case 'mismatch':
    case 'budget':
      return code;
    case 'refused':
      return 'unsupported';
    case 'too-large':
    case 'timeout':
      return 'budget';
    default:
      return 'malformed';
  }
}

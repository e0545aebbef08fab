import type { ErrorCode } from '../../errors.js';
import type { StateName } from './model.js';

/** The row that stands for a failure of this kind. */
export function failureState(code: ErrorCode | undefined): StateName {
  switch (code) {
    case 'offline':
      return 'offline';
    case 'signed-out':
      return 'signedOut';
    case 'unauthorized':
      return 'unauthorized';
    case 'forbidden':
      return 'forbidden';
    case 'untrusted-server':
      return 'untrusted';
    case 'not-found':
      return 'notFound';
    case 'stale':
      return 'stale';
    case 'timeout':
    case 'rate-limited':
    case 'locked':
    case 'server-error':
      return 'busy';
    case 'malformed':
    case 'unsupported':
    case 'wrong-password':
    case 'password-needed':
    case 'mismatch':
    case 'budget':
    case 'invalid-input':
    case 'refused':
    case 'file-system':
    case 'bad-answer':
    case 'already-exists':
    case 'fingerprint-unconfirmed':
    case 'too-large':
    case 'rejected':
    case 'answer-lost':
    case undefined:
      return 'error';
  }
}

/** Commands that a state offers as the next step; the one list of what this view asks of `contributions.ts`. */
export const nextStepCommands = [
  'ciKeystore.tenant.signIn',
  'ciKeystore.tenant.test',
  'ciKeystore.tenant.edit',
  'ciKeystore.entries.refresh',
  'ciKeystore.entries.clearFilter',
  'ciKeystore.keyPair.create',
  'ciKeystore.log.show',
  'ciKeystore.window.reload',
] as const;

/** One of the commands of `nextStepCommands`. */
export type NextStepCommand = (typeof nextStepCommands)[number];

/** The command that helps in a state; none while it is simply waited for. */
export function nextStepCommand(state: StateName): NextStepCommand | undefined {
  switch (state) {
    case 'loading':
      return undefined;
    case 'empty':
      return 'ciKeystore.keyPair.create';
    case 'noMatch':
      return 'ciKeystore.entries.clearFilter';
    case 'signedOut':
    case 'unauthorized':
      return 'ciKeystore.tenant.signIn';
    case 'offline':
    case 'busy':
    case 'gone':
      return 'ciKeystore.entries.refresh';
    case 'forbidden':
    case 'untrusted':
      return 'ciKeystore.tenant.test';
    case 'notFound':
      return 'ciKeystore.tenant.edit';
    case 'stale':
      return 'ciKeystore.window.reload';
    case 'error':
      return 'ciKeystore.log.show';
  }
}

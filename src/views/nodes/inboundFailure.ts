import type { ErrorCode } from '../../errors.js';
import type { InboundStateName } from './inboundModel.js';

/** The row that stands for a failure of this kind; `signedOut` is the one where nobody is signed in any more. */
export function inboundFailureState(code: ErrorCode, signedOut: InboundStateName): InboundStateName {
  switch (code) {
    case 'offline':
      return 'offline';
    case 'signed-out':
    case 'unauthorized':
      return signedOut;
    case 'forbidden':
      return 'forbidden';
    case 'untrusted-server':
      return 'untrusted';
    case 'timeout':
    case 'rate-limited':
    case 'locked':
    case 'server-error':
      return 'busy';
    default:
      return 'error';
  }
}

import { FaultRules, type Fault } from '../faults.js';

/** What goes wrong on purpose; the first kinds are those of every practice server. */
export type CfFault =
  | Extract<
      Fault,
      {
        kind:
          'latency' | 'status' | 'html' | 'dropBefore' | 'dropAfter' | 'truncated' | 'hang' | 'expireTokens';
      }
    >
  | { readonly kind: 'nameTaken' | 'operationInProgress' | 'notAuthorized' | 'jobHangs' }
  | { readonly kind: 'rateLimited'; readonly retryAfter?: string }
  /** The service takes the work on and gives up later. */
  | { readonly kind: 'jobFails'; readonly description: string };

/** The knobs that tests turn; in the product all stand at rest. */
export class CfFaults extends FaultRules<CfFault> {
  /** Milliseconds that the service needs for a change. */
  jobMilliseconds = 1_500;
  /** Rows on a page at most, whatever is asked for. */
  pageLimit = 5_000;
  detailsForbidden = false;
  parametersRetrievable = true;
}

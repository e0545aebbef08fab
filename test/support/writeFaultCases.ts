import type { FaultRule } from '../../src/practice/faults.js';

type Fault = FaultRule['fault'];

/** What a person is told, and what the server did, for every knob of the practice tenant. */
export interface WriteFaultCase {
  readonly faults: readonly Fault[];
  /** How many requests the faults hit; 1 where nothing is said. */
  readonly times?: number;
  readonly outcome: 'done' | 'lost' | RegExp;
  readonly performed: 0 | 1;
  /** How often the request itself arrived. */
  readonly received: number;
  readonly csrfForBearer?: boolean;
  readonly timeoutMs?: number;
  /** Reading back fails as well. */
  readonly readBackFails?: boolean;
}

/** An answer with a status and nothing else. */
export const status = (code: number, retryAfter?: string): Fault => ({
  kind: 'status',
  status: code,
  ...(retryAfter === undefined ? {} : { retryAfter }),
});
const notMade = /answer of ".*" was lost\. Reading back shows that the change was not made/;
const notKnown = /was lost, and reading back failed as well: it is not known whether the change was made/;
const locked = /Somebody else is changing this keystore right now\. Nothing was changed/;

/** Every knob of a practice tenant, and what a write must come to with it. */
export const writeFaultCases: Readonly<Record<string, WriteFaultCase>> = {
  'no fault': { faults: [], outcome: 'done', performed: 1, received: 1 },
  latency: { faults: [{ kind: 'latency', ms: 30 }], outcome: 'done', performed: 1, received: 1 },
  '401 once': { faults: [status(401)], outcome: 'done', performed: 1, received: 2 },
  '401 for ever': {
    faults: [status(401)],
    times: 9,
    outcome: /refuses the credentials/,
    performed: 0,
    received: 2,
  },
  '403': { faults: [status(403)], outcome: /does not allow this/, performed: 0, received: 1 },
  '404': {
    faults: [status(404)],
    outcome: /not there any more|Practice fault/,
    performed: 0,
    received: 1,
  },
  '423': { faults: [status(423)], outcome: locked, performed: 0, received: 1 },
  '429 once': { faults: [status(429, '1')], outcome: 'done', performed: 1, received: 2 },
  '429 for ever': { faults: [status(429)], times: 9, outcome: /asks to wait/, performed: 0, received: 5 },
  '500': { faults: [status(500)], outcome: notMade, performed: 0, received: 1 },
  '502 with a web page': {
    faults: [{ kind: 'html', status: 502 }],
    outcome: notMade,
    performed: 0,
    received: 1,
  },
  '503 of a lock': { faults: [status(503)], outcome: locked, performed: 0, received: 1 },
  'a connection dropped before': {
    faults: [{ kind: 'dropBefore' }],
    outcome: notMade,
    performed: 0,
    received: 1,
  },
  'a connection dropped after': {
    faults: [{ kind: 'dropAfter' }],
    outcome: 'lost',
    performed: 1,
    received: 1,
  },
  'a connection dropped before, reading too': {
    faults: [{ kind: 'dropBefore' }],
    outcome: notKnown,
    performed: 0,
    received: 1,
    readBackFails: true,
  },
  'a connection dropped after, reading too': {
    faults: [{ kind: 'dropAfter' }],
    outcome: notKnown,
    performed: 1,
    received: 1,
    readBackFails: true,
  },
  'a success that cannot be read back': {
    faults: [],
    outcome: /confirmed the change, but it could not be read back/,
    performed: 1,
    received: 1,
    readBackFails: true,
  },
  'a truncated answer': { faults: [{ kind: 'truncated' }], outcome: 'done', performed: 1, received: 1 },
  'a wrong content type': {
    faults: [{ kind: 'wrongContentType' }],
    outcome: 'done',
    performed: 1,
    received: 1,
  },
  'a hang': { faults: [{ kind: 'hang' }], outcome: notMade, performed: 0, received: 1, timeoutMs: 1500 },
  'an expired token': { faults: [{ kind: 'expireTokens' }], outcome: 'done', performed: 1, received: 2 },
  'a lost session': {
    faults: [{ kind: 'loseSession' }],
    outcome: 'done',
    performed: 1,
    received: 2,
    csrfForBearer: true,
  },
  'a renewed CSRF token': {
    faults: [{ kind: 'renewCsrf' }],
    outcome: 'done',
    performed: 1,
    received: 2,
    csrfForBearer: true,
  },
};

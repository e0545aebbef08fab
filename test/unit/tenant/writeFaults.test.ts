import assert from 'node:assert/strict';
import http from 'node:http';
import { Cancelled, KeystoreError, type ErrorCode } from '../../../src/errors.js';
import type { ODataKeystoreClient } from '../../../src/tenant/keystoreClient.js';
import { errorAnswer, type Fault } from '../../support/tenantDouble.js';
import { startTenant, type TenantFixture } from '../../support/tenantFixture.js';

type Write = (client: ODataKeystoreClient, signal: AbortSignal) => Promise<void>;

const bytes = Buffer.from('bytes');
const unverified = { fingerprintVerified: false, update: false };
const writes: Readonly<Record<string, Write>> = {
  createKeyPair: (client, signal) =>
    client.createKeyPair(
      {
        alias: 'acme',
        key: { type: 'EC', curve: 'secp256r1' },
        signatureAlgorithm: 'SHA-256/ECDSA',
        subject: { commonName: 'acme', country: 'DE' },
      },
      signal,
    ),
  importSigningResponse: (client, signal) =>
    client.importSigningResponse(
      '61',
      { body: bytes, contentType: 'application/pkcs7-mime' },
      unverified,
      signal,
    ),
  importCertificate: (client, signal) => client.importCertificate('61', bytes, unverified, signal),
  importKeyPair: (client, signal) =>
    client.importKeyPair({ alias: 'a', pkcs12: bytes, password: 'passphrase' }, unverified, signal),
  rename: (client, signal) => client.rename('61', 'b', signal),
  deleteEntry: (client, signal) => client.deleteEntry('61', signal),
  deleteEntries: (client, signal) => client.deleteEntries(['a', 'b'], signal),
};

interface Case {
  readonly faults: readonly Omit<Fault, 'on'>[];
  /** Error code, or `done` where the write succeeds, or `cancelled`. */
  readonly outcome: ErrorCode | 'done';
  readonly performed: 0 | 1;
  /** How often the write itself arrived. */
  readonly received: number;
  readonly before?: (fixture: TenantFixture) => void;
  readonly timeoutMs?: number;
}

const html = { headers: { 'Content-Type': 'text/html' }, body: '<html><title>Bad Gateway</title></html>' };
const odata = {
  headers: { 'Content-Type': 'application/json' },
  body: String(errorAnswer(400, 'x', 'y').body),
};
const lost = { outcome: 'answer-lost', received: 1 } as const;

const cases: Readonly<Record<string, Case>> = {
  'no fault': { faults: [], outcome: 'done', performed: 1, received: 1 },
  latency: { faults: [{ latency: 30 }], outcome: 'done', performed: 1, received: 1 },
  '400': { faults: [{ status: 400, ...odata }], outcome: 'rejected', performed: 0, received: 1 },
  '401 once': { faults: [{ status: 401 }], outcome: 'done', performed: 1, received: 2 },
  '401 for ever': {
    faults: [{ status: 401 }, { status: 401 }],
    outcome: 'unauthorized',
    performed: 0,
    received: 2,
  },
  'an expired token': {
    faults: [],
    outcome: 'done',
    performed: 1,
    received: 2,
    before: ({ double }) => double.expireTokens(),
  },
  'a lost session': {
    faults: [],
    outcome: 'done',
    performed: 1,
    received: 2,
    before: ({ double }) => double.loseSessions(),
  },
  'a renewed CSRF token': {
    faults: [],
    outcome: 'done',
    performed: 1,
    received: 2,
    before: ({ double }) => double.renewCsrfTokens(),
  },
  'an expired token and a lost session': {
    faults: [],
    outcome: 'done',
    performed: 1,
    received: 3,
    before: ({ double }) => {
      double.expireTokens();
      double.loseSessions();
    },
  },
  '403': { faults: [{ status: 403, ...odata }], outcome: 'forbidden', performed: 0, received: 1 },
  '404': { faults: [{ status: 404, ...odata }], outcome: 'not-found', performed: 0, received: 1 },
  '413': { faults: [{ status: 413 }], outcome: 'too-large', performed: 0, received: 1 },
  '415': { faults: [{ status: 415 }], outcome: 'rejected', performed: 0, received: 1 },
  '423': { faults: [{ status: 423 }], outcome: 'locked', performed: 0, received: 1 },
  '429 once': {
    faults: [{ status: 429, headers: { 'Retry-After': '1' } }],
    outcome: 'done',
    performed: 1,
    received: 2,
  },
  '429 for ever': {
    faults: Array.from({ length: 9 }, () => ({ status: 429 })),
    outcome: 'rate-limited',
    performed: 0,
    received: 5,
  },
  '429 for an hour': {
    faults: [{ status: 429, headers: { 'Retry-After': '3600' } }],
    outcome: 'rate-limited',
    performed: 0,
    received: 1,
  },
  '503 of a lock': { faults: [{ status: 503, ...odata }], outcome: 'locked', performed: 0, received: 1 },
  '503 without a body': { faults: [{ status: 503 }], outcome: 'locked', performed: 0, received: 1 },
  '503 of a gateway': { faults: [{ status: 503, ...html }], performed: 0, ...lost },
  '503 of the router': {
    faults: [{ status: 503, headers: { 'X-Cf-Routererror': 'endpoint_failure' } }],
    performed: 0,
    ...lost,
  },
  '500': { faults: [{ status: 500, ...odata }], performed: 0, ...lost },
  '502 with a web page': { faults: [{ status: 502, ...html }], performed: 0, ...lost },
  '504': { faults: [{ status: 504 }], performed: 0, ...lost },
  '408': { faults: [{ status: 408 }], performed: 0, ...lost },
  'a redirect': { faults: [{ status: 302, headers: { Location: '/logon' } }], performed: 0, ...lost },
  'a log-on page with status 200': { faults: [{ status: 200, ...html }], performed: 0, ...lost },
  'a connection dropped before': { faults: [{ drop: 'before' }], performed: 0, ...lost },
  'a connection dropped after': { faults: [{ drop: 'after' }], performed: 1, ...lost },
  'a hang before': { faults: [{ hang: 'before' }], performed: 0, timeoutMs: 400, ...lost },
  'a hang after': { faults: [{ hang: 'after' }], performed: 1, timeoutMs: 400, ...lost },
  'an answer cut off': { faults: [{ answer: 'cut' }], performed: 1, ...lost },
  'a web page after': { faults: [{ answer: 'html' }], performed: 1, ...lost },
  'truncated JSON with status 200': {
    faults: [{ answer: 'truncatedJson' }],
    outcome: 'done',
    performed: 1,
    received: 1,
  },
};

describe('every write against every fault', () => {
  for (const [operation, write] of Object.entries(writes)) {
    describe(operation, () => {
      let fixture: TenantFixture;
      beforeEach(async () => {
        fixture = await startTenant();
        // Signed in, with a CSRF token, as after an earlier write.
        await fixture.client.deleteEntries(['earlier'], new AbortController().signal);
        fixture.double.performed.length = 0;
        fixture.double.received.length = 0;
      });
      afterEach(() => fixture.double.stop());

      const received = (): number =>
        fixture.double.received.filter(({ method, path }) => method !== 'GET' && path.startsWith('/api/'))
          .length;

      for (const [name, expected] of Object.entries(cases)) {
        it(`meets ${name}: ${expected.outcome}, performed ${expected.performed}, sent ${expected.received}`, async () => {
          fixture.double.faults.push(...expected.faults.map((fault) => ({ on: 'write', ...fault }) as const));
          fixture.timeoutMs = expected.timeoutMs ?? fixture.timeoutMs;
          expected.before?.(fixture);
          let outcome: ErrorCode | 'done' = 'done';
          try {
            await write(fixture.client, new AbortController().signal);
          } catch (error) {
            assert.ok(KeystoreError.is(error), String(error));
            outcome = error.code;
            assert.equal(
              error.details['performed'],
              outcome === 'answer-lost' ? undefined : 'no',
              'every failed write says whether it was performed',
            );
          }
          assert.equal(outcome, expected.outcome);
          assert.equal(fixture.double.performed.length, expected.performed);
          assert.equal(received(), expected.received);
        });
      }

      it('meets 409', async () => {
        fixture.double.faults.push({ on: 'write', status: 409, ...odata });
        await assert.rejects(write(fixture.client, new AbortController().signal), (error) => {
          const code = operation.startsWith('import') ? 'fingerprint-unconfirmed' : 'rejected';
          return KeystoreError.is(error, code) && error.details['performed'] === 'no';
        });
        assert.equal(fixture.double.performed.length, 0);
        assert.equal(received(), 1);
      });

      it('cancelled before it is sent is Cancelled, and never arrives', async () => {
        await assert.rejects(write(fixture.client, AbortSignal.abort()), Cancelled);
        assert.equal(received(), 0);
      });

      for (const hang of ['before', 'after'] as const) {
        it(`cancelled on its way is answer-lost, whether or not it was performed (${hang})`, async () => {
          const abortion = new AbortController();
          fixture.double.faults.push({ on: 'write', hang, act: () => setImmediate(() => abortion.abort()) });
          await assert.rejects(
            write(fixture.client, abortion.signal),
            (error) => KeystoreError.is(error, 'answer-lost') && error.details['cancelled'] === true,
          );
          assert.equal(fixture.double.performed.length, hang === 'after' ? 1 : 0);
          assert.equal(received(), 1);
        });
      }

      it('met by no server at all is offline and not performed', async () => {
        await fixture.double.stop();
        // Without this a kept connection could still take the request before its end is noticed.
        http.globalAgent.destroy();
        await assert.rejects(
          write(fixture.client, new AbortController().signal),
          (error) => KeystoreError.is(error, 'offline') && error.details['performed'] === 'no',
        );
      });
    });
  }
});

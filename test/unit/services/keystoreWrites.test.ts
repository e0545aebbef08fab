import assert from 'node:assert/strict';
import { Cancelled, KeystoreError } from '../../../src/errors.js';
import { createKeyPair, importSigningResponse } from '../../../src/services/keystoreWrites.js';
import type { KeystoreClient } from '../../../src/tenant/keystoreClient.js';
import { encodeHexalias } from '../../../src/tenant/hexalias.js';
import type { KeyPairRequest } from '../../../src/tenant/keyPairRequest.js';
import { keystoreEntry } from '../../support/keystoreEntries.js';

const request: KeyPairRequest = {
  alias: 'acme',
  key: { type: 'RSA', size: 2048 },
  signatureAlgorithm: 'SHA-256/RSA',
  subject: { commonName: 'acme', country: 'DE' },
};
const entry = keystoreEntry({ alias: 'acme', fingerprintSha256: 'AA:AA' });
const signed = keystoreEntry({ alias: 'acme', fingerprintSha256: 'BB:BB' });
const response = { body: new Uint8Array([1]), contentType: undefined, leafFingerprint: 'BB:BB' };
const signal = new AbortController().signal;

type Read = Awaited<ReturnType<KeystoreClient['readEntry']>>;

/** A client of which only what a write uses is there; reads are answered in turn. */
function client(reads: (Read | Error)[], writes: Partial<KeystoreClient>): KeystoreClient {
  const partial: Partial<KeystoreClient> = {
    readEntry: () => {
      const next = reads.shift();
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
    },
    ...writes,
  };
  return partial as KeystoreClient;
}

const lost = (details = {}): KeystoreError => new KeystoreError('answer-lost', 'reset', { details });

describe('createKeyPair', () => {
  it('sends nothing where the alias is taken', async () => {
    let sent = 0;
    const taken = client([entry], { createKeyPair: () => Promise.resolve(void (sent += 1)) });
    await assert.rejects(createKeyPair(taken, request, signal), (error) =>
      KeystoreError.is(error, 'already-exists'),
    );
    assert.equal(sent, 0);
  });

  it('reads the new entry back', async () => {
    const fake = client([undefined, entry], { createKeyPair: () => Promise.resolve() });
    assert.deepEqual(await createKeyPair(fake, request, signal), {
      before: undefined,
      after: entry,
      answerLost: false,
    });
  });

  it('tells that the pair was created where only the answer was lost, without sending again', async () => {
    let sent = 0;
    const fake = client([undefined, entry], {
      createKeyPair: () => {
        sent += 1;
        return Promise.reject(lost());
      },
    });
    const result = await createKeyPair(fake, request, signal);
    assert.equal(result.answerLost, true);
    assert.equal(sent, 1);
  });

  it('tells that nothing was done where the answer was lost before', async () => {
    const fake = client([undefined, undefined], { createKeyPair: () => Promise.reject(lost()) });
    await assert.rejects(
      createKeyPair(fake, request, signal),
      (error) => KeystoreError.is(error, 'answer-lost') && error.details['performed'] === 'no',
    );
  });

  it('tells that it is not known where reading back fails as well', async () => {
    const fake = client([undefined, new KeystoreError('offline', 'gone')], {
      createKeyPair: () => Promise.reject(lost()),
    });
    await assert.rejects(
      createKeyPair(fake, request, signal),
      (error) => KeystoreError.is(error, 'answer-lost') && error.details['performed'] === 'unknown',
    );
  });

  it('is Cancelled only where reading back shows that nothing was done', async () => {
    const cancelled = (): Promise<void> => Promise.reject(lost({ cancelled: true }));
    await assert.rejects(
      createKeyPair(client([undefined, undefined], { createKeyPair: cancelled }), request, signal),
      Cancelled,
    );
    const done = await createKeyPair(
      client([undefined, entry], { createKeyPair: cancelled }),
      request,
      signal,
    );
    assert.equal(done.answerLost, true);
  });

  it('refuses to report success that cannot be seen', async () => {
    const fake = client([undefined, undefined], { createKeyPair: () => Promise.resolve() });
    await assert.rejects(createKeyPair(fake, request, signal), (error) =>
      KeystoreError.is(error, 'bad-answer'),
    );
  });
});

describe('importSigningResponse', () => {
  const never = (): Promise<boolean> => Promise.reject(new Error('asked without need'));

  it('asks with both fingerprints after a 409 and sends the confirmation', async () => {
    const sent: boolean[] = [];
    const fake = client([entry, signed], {
      importSigningResponse: (_hexalias, _response, { fingerprintVerified }) => {
        sent.push(fingerprintVerified);
        return fingerprintVerified
          ? Promise.resolve()
          : Promise.reject(
              new KeystoreError('fingerprint-unconfirmed', '409', {
                details: { fingerprintSha256: 'CC:CC' },
              }),
            );
      },
    });
    const asked: unknown[] = [];
    const result = await importSigningResponse(fake, entry, response, {
      signal,
      confirmUntrusted: (chain) => {
        asked.push(chain);
        return Promise.resolve(true);
      },
    });
    assert.deepEqual(sent, [false, true]);
    assert.deepEqual(asked, [{ sentFingerprint: 'BB:BB', tenantFingerprint: 'CC:CC' }]);
    assert.equal(result.after, signed);
  });

  it('is Cancelled where the fingerprint is not confirmed', async () => {
    const fake = client([entry], {
      importSigningResponse: () => Promise.reject(new KeystoreError('fingerprint-unconfirmed', '409')),
    });
    await assert.rejects(
      importSigningResponse(fake, entry, response, {
        signal,
        confirmUntrusted: () => Promise.resolve(false),
      }),
      Cancelled,
    );
  });

  it('takes an entry that kept its old certificate for not changed', async () => {
    const fake = client([entry, entry], { importSigningResponse: () => Promise.reject(lost()) });
    await assert.rejects(
      importSigningResponse(fake, entry, response, { signal, confirmUntrusted: never }),
      (error) => KeystoreError.is(error, 'answer-lost') && error.details['performed'] === 'no',
    );
  });

  it('says so where the entry is gone, and sends nothing', async () => {
    const fake = client([undefined], {});
    await assert.rejects(
      importSigningResponse(fake, entry, response, { signal, confirmUntrusted: never }),
      (error) => KeystoreError.is(error, 'not-found'),
    );
  });

  it('works on the entry of exactly this alias', () => {
    assert.equal(entry.hexalias, encodeHexalias('acme'));
  });
});

import assert from 'node:assert/strict';
import { Cancelled, KeystoreError } from '../../src/errors.js';

describe('KeystoreError', () => {
  it('is told by its code', () => {
    const error: unknown = new KeystoreError('not-found', 'no entry', { details: { alias: 'acme' } });
    assert.ok(KeystoreError.is(error));
    assert.ok(KeystoreError.is(error, 'not-found'));
    assert.equal(KeystoreError.is(error, 'forbidden'), false);
    assert.equal(KeystoreError.is(new Error('x')), false);
  });

  it('turns an aborted signal into Cancelled', () => {
    assert.throws(() => Cancelled.throwIfAborted(AbortSignal.abort()), Cancelled);
    Cancelled.throwIfAborted(undefined);
  });
});

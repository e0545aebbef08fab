import assert from 'node:assert/strict';
import type { Memento } from 'vscode';
import { PendingRequests, type PendingRequest } from '../../../src/services/pendingRequests.js';

function memento(values: Map<string, unknown> = new Map()): Memento {
  return {
    keys: () => [...values.keys()],
    get: (key: string) => values.get(key),
    update: (key: string, value: unknown) => {
      values.set(key, value);
      return Promise.resolve();
    },
  } as Memento;
}

function request(spkiSha256: string, createdAt: number): PendingRequest {
  return {
    ...{ spkiSha256, createdAt, subject: 'CN=a', keyType: 'RSA:4096' },
    ...{ keyPath: '/home/a/a.key', keyForm: 'pkcs8', request: 'MAA=' },
  };
}

describe('pending requests', () => {
  it('are kept, found by their key, and forgotten', async () => {
    const state = memento();
    const pending = new PendingRequests(state);
    assert.deepEqual(pending.list(), []);
    await pending.add(request('a', 1));
    await pending.add(request('b', 2));
    await pending.add(request('a', 3));

    const later = new PendingRequests(state);
    assert.deepEqual(
      later.list().map(({ spkiSha256, createdAt }) => [spkiSha256, createdAt]),
      [
        ['a', 3],
        ['b', 2],
      ],
    );
    assert.equal(later.find(new Set(['x', 'b']))?.spkiSha256, 'b');
    assert.equal(later.find(new Set(['x'])), undefined);
    await later.remove('a');
    await later.remove('b');
    assert.deepEqual(later.list(), []);
    assert.equal(state.get('pendingSigningRequests'), undefined);
  });

  it('leave out what is not as this version writes it', () => {
    const good = request('a', 1);
    const stored = [null, 7, {}, { ...good, keyPath: 5 }, { ...good, keyForm: 'jks' }, good];
    const state = memento(new Map<string, unknown>([['pendingSigningRequests', stored]]));
    assert.deepEqual(new PendingRequests(state).list(), [good]);
    assert.deepEqual(
      new PendingRequests(memento(new Map<string, unknown>([['pendingSigningRequests', 'x']]))).list(),
      [],
    );
  });
});

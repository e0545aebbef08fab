import assert from 'node:assert/strict';
import { SetUps } from '../../src/services/setUps.js';
import { memento } from '../support/memento.js';
import { keystoreEntry } from '../support/keystoreEntries.js';

describe('set-ups', () => {
  const before = keystoreEntry({ alias: 'orders', hexalias: 'AA', fingerprintSha256: 'F1' });

  it('follow an entry that was renamed elsewhere, by its certificate', async () => {
    const setUps = new SetUps(memento(), () => 's1');
    const { id } = await setUps.forEntry('t1', 'AA', 'orders');
    await setUps.follow(id, [before]);
    await setUps.follow(id, [{ ...before, alias: 'orders2', hexalias: 'BB' }]);
    assert.equal(entryOf(setUps, id)?.hexalias, 'BB');
  });

  it('keep their entry where its certificate was renewed under the same alias', async () => {
    const setUps = new SetUps(memento(), () => 's1');
    const { id } = await setUps.forEntry('t1', 'AA', 'orders');
    await setUps.follow(id, [before]);
    const other = keystoreEntry({ alias: 'copy', hexalias: 'CC', fingerprintSha256: 'F1' });
    await setUps.follow(id, [{ ...before, fingerprintSha256: 'F2' }, other]);
    assert.deepEqual([entryOf(setUps, id)?.hexalias, entryOf(setUps, id)?.fingerprintSha256], ['AA', 'F2']);
  });

  it('lose nothing that a later version stored', async () => {
    const later = { id: 's9', of: 'a later version' };
    const state = memento({ senderSetUps: [later] });
    await new SetUps(state, () => 's1').forEntry('t1', 'AA', 'orders');
    assert.ok(state.get<readonly unknown[]>('senderSetUps')?.includes(later));
  });
});

function entryOf(setUps: SetUps, id: string) {
  const certificate = setUps.get(id)?.certificate;
  return certificate?.kind === 'entry' ? certificate : undefined;
}

import assert from 'node:assert/strict';
import type { TreeSettings } from '../../../../src/views/nodes/model.js';
import { TreeChoices } from '../../../../src/views/nodes/treeChoices.js';

function storeOf(kept?: unknown): {
  values: Map<string, unknown>;
  get: (key: string) => unknown;
  update: (key: string, value: unknown) => Promise<void>;
} {
  const values = new Map<string, unknown>(kept === undefined ? [] : [['ciKeystore.entries.choices', kept]]);
  return {
    values,
    get: (key) => values.get(key),
    update: (key, value) => {
      values.set(key, JSON.parse(JSON.stringify(value)));
      return Promise.resolve();
    },
  };
}

describe('the choices of the view', () => {
  it('start with groups by type, sorted by alias, unfiltered', () => {
    assert.deepEqual(new TreeChoices(storeOf()).current, { groupBy: 'type', sortBy: 'alias', filter: '' });
  });

  it('survive a reload', async () => {
    const store = storeOf();
    const choices = new TreeChoices(store);
    await choices.change({ groupBy: 'expiry' });
    await choices.change({ filter: 'acme', sortBy: 'expiry' });
    assert.deepEqual(new TreeChoices(store).current, { groupBy: 'expiry', sortBy: 'expiry', filter: 'acme' });
  });

  it('start anew, field by field, where something else was kept', () => {
    for (const kept of [
      'x',
      7,
      [],
      { groupBy: 'colour', sortBy: 1, filter: { a: 1 } },
      { groupBy: '__proto__' },
    ]) {
      assert.deepEqual(new TreeChoices(storeOf(kept)).current, {
        groupBy: 'type',
        sortBy: 'alias',
        filter: '',
      });
    }
    assert.deepEqual(new TreeChoices(storeOf({ sortBy: 'expiry', groupBy: 'gone' })).current, {
      groupBy: 'type',
      sortBy: 'expiry',
      filter: '',
    });
  });

  it('are told at once, and only when they change', async () => {
    const choices = new TreeChoices(storeOf());
    const told: TreeSettings[] = [];
    const subscription = choices.onDidChange((settings) => told.push(settings));
    const changing = choices.change({ filter: 'a' });
    assert.equal(told.length, 1);
    assert.equal(choices.isFiltered, true);
    await changing;
    await choices.change({ filter: 'a' });
    assert.equal(told.length, 1);
    subscription.dispose();
    await choices.change({ filter: '' });
    assert.equal(told.length, 1);
    assert.equal(choices.isFiltered, false);
  });

  it('take effect also where they cannot be kept, which is told', async () => {
    const choices = new TreeChoices({
      get: () => undefined,
      update: () => Promise.reject(new Error('disk full')),
    });
    await assert.rejects(choices.change({ groupBy: 'none' }), /disk full/);
    assert.equal(choices.current.groupBy, 'none');
  });
});

import assert from 'node:assert/strict';
import { DrawnDay } from '../../../../src/views/nodes/drawnDay.js';

describe('the day on which a tree was drawn', () => {
  it('is over once, on the next day', () => {
    let now = Date.parse('2026-03-01T22:00:00Z');
    const drawn = new DrawnDay(() => now);
    assert.equal(drawn.isOver(), false);
    now = Date.parse('2026-03-01T23:59:59Z');
    assert.equal(drawn.isOver(), false);
    now = Date.parse('2026-03-02T00:00:00Z');
    assert.equal(drawn.isOver(), true);
    assert.equal(drawn.isOver(), false);
  });
});

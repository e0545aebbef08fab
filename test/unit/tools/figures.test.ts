import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { figureTable, withFigures } from '../../../tools/lib/figures.mjs';
import { compared, sideBySide, spreadText } from '../../bench/figures.js';

describe('the figures of npm run bench', () => {
  it('replace those of the same name in the page, and nothing else', () => {
    const page = 'a\n<!-- figures: one -->\nold\n<!-- end -->\nb\n<!-- figures: two -->\n<!-- end -->\n';
    const table = figureTable([{ what: 'w', here: '1 ms' }], '2 cores.');
    const once = withFigures(page, 'one', table);
    assert.equal(
      once,
      'a\n<!-- figures: one -->\n\n| What | Here | Beside it | Ratio | Aim |\n| --- | --- | --- | --- | --- |\n' +
        '| w | 1 ms |  |  |  |\n\n2 cores.\n\n<!-- end -->\nb\n<!-- figures: two -->\n<!-- end -->\n',
    );
    assert.equal(withFigures(once, 'one', table), once);
    assert.throws(() => withFigures(page, 'three', table), /no place for the figures of three/);
  });

  it('have their place in docs/performance.md, each bench its own', () => {
    const page = readFileSync('docs/performance.md', 'utf8');
    const benches = readdirSync('test/bench')
      .filter((name) => name.endsWith('.bench.ts'))
      .map((name) => name.replace(/\.bench\.ts$/, ''));
    const places = [...page.matchAll(/^<!-- figures: (\w+) -->$/gm)].map(([, name]) => name);
    assert.deepEqual([...places].sort(), ['size', ...benches].sort());
  });

  it('compare pairs of runs, each side first as often as second, without the first pair', async () => {
    const order: string[] = [];
    const times = { a: [1000, 10, 40, 10], b: [1, 10, 20, 5] };
    const found = await sideBySide(
      3,
      () => (order.push('a'), times.a.shift()),
      () => (order.push('b'), times.b.shift()),
    );
    assert.equal(order.join(''), 'baabbaab');
    assert.equal(found.ours, 10);
    assert.equal(found.theirs, 10);
    assert.equal(spreadText(found.ratio), '2.00 (2.00 to 2.00)');
    assert.deepEqual(compared('w', found, { beside: 'x', atMost: 1.5 }), {
      what: 'w',
      here: '10.0 ms',
      beside: 'x: 10.0 ms',
      ratio: '2.00 (2.00 to 2.00)',
      aim: 'at most 1.5 times: **missed**',
    });
  });
});

import assert from 'node:assert/strict';
import {
  expiryBand,
  quietValidityText,
  validityOf,
  validityText,
} from '../../../../src/views/nodes/expiry.js';
import { dayFormatter } from '../../../../src/views/nodes/presentation.js';
import { entryOf, now } from './builders.js';

const hour = 3_600_000;
const ending = (hours: number): ReturnType<typeof entryOf> =>
  entryOf('a', { validNotAfter: new Date(now + hours * hour) });

describe('validity as words', () => {
  const cases: readonly (readonly [number, string, string])[] = [
    [-24 * 3, 'expired 3 days ago', 'expired 3 days ago'],
    [-47, 'expired 1 day ago', 'expired 1 day ago'],
    [-1, 'expired less than a day ago', 'expired less than a day ago'],
    [0, 'expires in less than a day', 'expires in less than a day'],
    [23, 'expires in less than a day', 'expires in less than a day'],
    [24, 'expires in 1 day', 'expires in 1 day'],
    [24 * 9 + 5, 'expires in 9 days', '9 days'],
    [24 * 730, 'expires in 730 days', '730 days'],
    [24 * 731, 'expires in 731 days', 'until 23 Nov 2028'],
  ];
  for (const [hours, loud, quiet] of cases) {
    it(`says "${loud}" and "${quiet}" ${hours} hours before the end`, () => {
      const validity = validityOf(ending(hours), now);
      assert.equal(validityText(validity), loud);
      assert.equal(quietValidityText(validity, dayFormatter('en')), quiet);
    });
  }

  it('tells what is not valid yet', () => {
    const text = (hours: number): string =>
      validityText(validityOf(entryOf('a', { validNotBefore: new Date(now + hours * hour) }), now));
    assert.equal(text(5), 'not valid yet, starts in less than a day');
    assert.equal(text(25), 'not valid yet, starts in 1 day');
    assert.equal(text(72), 'not valid yet, starts in 3 days');
  });

  it('takes a date that is none for no date', () => {
    const entry = entryOf('a', { validNotAfter: new Date(Number.NaN) });
    assert.equal(validityText(validityOf(entry, now)), 'no expiry date');
    assert.equal(expiryBand(entry, now, 30), 'undated');
  });
});

describe('expiry bands', () => {
  it('have the set days as their border, to the moment', () => {
    const band = (hours: number, warningDays = 30): string => expiryBand(ending(hours), now, warningDays);
    assert.equal(band(-0.01), 'expired');
    assert.equal(band(0), 'soon');
    assert.equal(band(24 * 30), 'soon');
    assert.equal(band(24 * 30 + 1), 'within90');
    assert.equal(band(24 * 90), 'within90');
    assert.equal(band(24 * 90 + 1), 'later');
    assert.equal(band(24 * 100, 120), 'soon');
    assert.equal(band(24 * 30, 0), 'within90');
  });
});

describe('dayFormatter', () => {
  it('writes days in the language, and in UTC', () => {
    const date = new Date(Date.UTC(2026, 11, 2, 23, 30));
    assert.equal(dayFormatter('en')(date), '2 Dec 2026');
    assert.equal(dayFormatter(undefined)(date), '2 Dec 2026');
    assert.equal(dayFormatter('de')(date), '2. Dez. 2026');
    assert.equal(dayFormatter('not a language')(date), '2 Dec 2026');
  });
});

import assert from 'node:assert/strict';
import { evaluateWhen } from '../../support/whenClause.js';

describe('a when clause as the tests read it', () => {
  const values = { a: true, b: false, scheme: 'file', extension: '.CER' };
  const cases: readonly (readonly [string, boolean])[] = [
    ['a', true],
    ['!a', false],
    ['b || a', true],
    ['a && b || a', true],
    ['a && (b || c:d)', false],
    ['scheme == file && scheme != ci-x', true],
    ["scheme == 'ci-x'", false],
    ['other != file', true],
    ['extension =~ /^\\.(cer|p\\/)$/i && a', true],
    ['extension =~ /^\\.cer$/', false],
    ['!(other =~ /^x\\./)', true],
  ];
  for (const [when, expected] of cases) {
    it(`is ${expected}: ${when}`, () => {
      assert.equal(evaluateWhen(when, values), expected);
    });
  }

  for (const when of ['', 'a &&', 'a b', '(a', 'a in b', 'a > 1', 'a == /x/', 'a =~ b']) {
    it(`is not guessed at: ${when}`, () => {
      assert.throws(() => evaluateWhen(when, values), /Not understood/);
    });
  }
});

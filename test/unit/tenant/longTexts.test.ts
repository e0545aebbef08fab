import assert from 'node:assert/strict';
import { asFileName } from '../../../src/commands/fileName.js';
import { pathOf } from '../../../src/inbound/deployedEndpoints.js';
import { proposeKeyName } from '../../../src/inbound/keyNames.js';
import { quoteForPowerShell } from '../../../src/inbound/shellQuote.js';
import { parseODataError } from '../../../src/tenant/odataError.js';
import { findPemBlocks } from '../../../src/tenant/pemText.js';
import { checkTenantUrl } from '../../../src/tenant/tenantAddress.js';
import { processorClock } from '../../support/processorClock.js';

/** In milliseconds of processor time: a bound against hanging, many times what is needed. */
const budgetMs = 2000;
const length = 80_000;

const readers: readonly [string, (run: number) => unknown][] = [
  ['slashes in the address of a tenant', (n) => checkTenantUrl(`https://a.example/${'/'.repeat(n)}x`)],
  ['slashes in the address of an endpoint', (n) => pathOf(`/a${'/'.repeat(n)}x`)],
  ['slashes and stars in the address of an endpoint', (n) => pathOf(`/a${'/*'.repeat(n)}x`)],
  ['beginnings of an element in an error', (n) => parseODataError(`<error>${'<message'.repeat(n)}`)],
  ['beginnings of PEM', (n) => findPemBlocks('-----BEGIN A-----'.repeat(n))],
  [
    'beginnings of PEM, each with a label of its own',
    (n) => findPemBlocks(Array.from({ length: n }, (_, index) => `-----BEGIN ${index}-----`).join('')),
  ],
  ['dashes in the name of a key', (n) => proposeKeyName(`a${'-'.repeat(n)}x`, { keys: [] })],
  ['backslashes of an argument', (n) => quoteForPowerShell(`"${'\\'.repeat(n)} x`)],
  ['dots in the name of a file', (n) => asFileName(`${'. '.repeat(n)}x`, '')],
];

describe('long texts from outside', function () {
  this.timeout(120_000);
  for (const [name, read] of readers) {
    it(`do not hold up what reads them: ${name}`, () => {
      const took = processorClock();
      read(length);
      const ms = took();
      assert.ok(ms < budgetMs, `${Math.round(ms)} ms`);
    });
  }

  it('are read as short ones are', () => {
    assert.equal(checkTenantUrl('https://a.example/b//'), 'https://a.example/b');
    assert.deepEqual(['/a//', '/a/*', '/a/*/*/', '/a*/', '/*', '/a/*b'].map(pathOf), [
      ...['/a', '/a', '/a', '/a*', '/', '/a/*b'],
    ]);
    assert.equal(proposeKeyName('--a.-b-.', { keys: [] }), 'a.-b');
    assert.equal(quoteForPowerShell('a\\\\"b \\'), "'a\\\\\\\\\\\"b \\\\'");
    assert.equal(asFileName('a. b. .', ''), 'a. b_');
    assert.deepEqual(
      findPemBlocks(
        '-----BEGIN A----------BEGIN B-----QUJD-----END B-----x-----BEGIN B-----RA==\\n-----END B-----',
      ),
      [
        { label: 'B', body: 'QUJD' },
        { label: 'B', body: 'RA==' },
      ],
    );
  });
});

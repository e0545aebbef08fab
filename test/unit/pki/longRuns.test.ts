import assert from 'node:assert/strict';
import { KeystoreError } from '../../../src/errors.js';
import { readFileContent } from '../../../src/pki/fileContent.js';
import { withoutMargins } from '../../../src/pki/pem.js';
import { localKeyDerivation } from '../../../src/pki/keyDerivation.js';
import { readSshKeyFile } from '../../../src/pki/sshPublicKey.js';
import { processorClock } from '../../support/processorClock.js';

/** What processor time one file may cost, in milliseconds: a bound against hanging, many times what it takes. */
const budgetMs = 2000;
/** Each length before the next, so that what takes time by the square is told before it takes hours. */
const lengths = [5_000, 50_000, 1_000_000];

/** What stands at the edges of lines. */
const margins = [
  ' ',
  '\t',
  '\v',
  '\f',
  '\u00a0',
  '\u2003',
  '\u2028',
  '\u3000',
  '\ufeff',
  '\u200b',
  '\u2060',
  '>',
  '|',
];
const pieces = [
  ...margins,
  ...[
    '\n',
    '\r\n',
    '\r',
    '=',
    '-',
    '.',
    '"',
    "'",
    '<',
    '&',
    '&nbsp;',
    '\\',
    '\\n',
    '0',
    'A',
    'a ',
    ',\n',
    ':\n',
    'A: \n',
    '= ',
  ],
  ...[
    '-----BEGIN ',
    '-----BEGIN A-----',
    '---- BEGIN SSH2 PUBLIC KEY ----\n',
    ' AAAA',
    'ssh-rsa AAAAB ',
    `${'A'.repeat(199)}.`,
  ],
];

/** A run of a piece, in the places where patterns of the reader begin. */
const places: readonly [string, (run: string) => string][] = [
  ['in a line of text', (run) => `x${run}x\u2028x`],
  [
    'in the body of a PEM block',
    (run) => `-----BEGIN CERTIFICATE-----\nx${run}x\n-----END CERTIFICATE-----\n`,
  ],
  ['in a header of a PEM block', (run) => `-----BEGIN A-----\nB: ${run}x\u2028x\n\nAAAA\n-----END A-----\n`],
  ['after the name of a PEM header', (run) => `-----BEGIN A-----\nB:,\n${run}\n\nAAAA\n-----END A-----\n`],
  ['in the comment of an SSH key', (run) => `ssh-rsa AAAAB3NzaC1yc2E= x${run}x\u2028x`],
  ['in an SSH key file', (run) => `---- BEGIN SSH2 PUBLIC KEY ----\nComment: ${run}x\u2028x`],
  [
    'in a PuTTY file',
    (run) => `PuTTY-User-Key-File-3: ssh-rsa\nPublic-Lines: ${run}x\u2028x\nEncryption:${run}x`,
  ],
];

async function assertEnds(name: string, read: () => Promise<unknown>): Promise<void> {
  const took = processorClock();
  try {
    await read();
  } catch (error) {
    assert.ok(KeystoreError.is(error), error instanceof Error ? error.stack : String(error));
  }
  const ms = took();
  assert.ok(ms < budgetMs, `${name}: ${Math.round(ms)} ms`);
}

describe('long runs of one piece of text', function () {
  this.timeout(120_000);
  for (const [place, textWith] of places) {
    it(`do not hold up the reader ${place}`, async () => {
      for (const piece of pieces) {
        for (const length of lengths) {
          const text = textWith(piece.repeat(length / piece.length));
          const name = `${JSON.stringify(piece.slice(0, 40))}, ${length} characters`;
          const bytes = new TextEncoder().encode(text);
          await assertEnds(name, () => readFileContent(bytes));
          if (place.includes('SSH') || place.includes('PuTTY')) {
            // The limit of such files is 1 MiB.
            const part = bytes.subarray(0, 1024 * 1024);
            await assertEnds(name, () => readSshKeyFile(part, { derivation: localKeyDerivation }));
          }
        }
      }
    });
  }

  it('are taken off at the edges of a line, and stay in its middle', () => {
    for (const margin of margins) {
      const isQuote = margin === '>' || margin === '|';
      assert.equal(
        withoutMargins(`${margin.repeat(3)}a${margin}b${isQuote ? '' : margin.repeat(3)}`),
        `a${margin}b`,
      );
      // Marks of quoted mails stand at the beginning only.
      assert.equal(withoutMargins(`a${margin}`), isQuote ? `a${margin}` : 'a');
      assert.equal(withoutMargins(margin.repeat(5)), '');
    }
    assert.equal(withoutMargins(''), '');
    assert.equal(withoutMargins(' > | a > \u200b'), 'a >');
  });
});

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verdictLines } from '../../../src/commands/verdict.js';
import { KeystoreError } from '../../../src/errors.js';
import { trustListsFor } from '../../../src/services/trust.js';
import { issue } from '../pki/testAuthority.js';

const extensionPath = process.cwd();

describe('the setting for trust lists', () => {
  it('is refused where it names no absolute paths', async () => {
    for (const listFiles of [['lists/neo.json'], 'neo.json', [7], null]) {
      await assert.rejects(trustListsFor(undefined, { extensionPath, listFiles }), (error) =>
        KeystoreError.is(error, 'invalid-input'),
      );
    }
  });

  it('replaces a list by a file, and a file that is no list leaves everything unjudged and says why', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'trust-'));
    const path = join(folder, 'neo.json');
    const { certificate } = issue({ subject: 'CN=Own Root', isCa: true });
    const judge = (): Promise<readonly string[]> =>
      verdictLines(
        {
          now: () => Date.UTC(2026, 0, 2),
          trust: (connection) => trustListsFor(connection, { extensionPath, listFiles: [path] }),
        },
        undefined,
        { chain: [certificate], extra: [], purpose: 'neo' },
      );
    try {
      writeFileSync(
        path,
        JSON.stringify({
          format: 1,
          purpose: 'neo',
          name: 'Own list',
          version: '2',
          date: '2026-01-01',
          source: 'own',
          roots: [{ subject: 'CN=Own Root', sha256: certificate.sha256 }],
        }),
      );
      assert.ok((await judge()).includes('Source: Own list, 2 of 2026-01-01'));
      writeFileSync(path, 'not a list');
      const lines = await judge();
      assert.equal(lines.length, 1);
      assert.match(
        lines[0] ?? '',
        /^Not judged: The trust list ".*neo\.json" cannot be used: it is not JSON/,
      );
      // So large that it cannot be held in memory.
      truncateSync(path, 8 * 1024 ** 3);
      assert.match((await judge()).join(), /it has more than 4194304 bytes/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

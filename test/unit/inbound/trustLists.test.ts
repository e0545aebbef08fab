import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { KeystoreError } from '../../../src/errors.js';
import { nameKey, parseName } from '../../../src/pki/distinguishedName.js';
import { listedPurposes, loadTrustLists, type ReadFile } from '../../../src/inbound/trustLists.js';

const builtIn = 'media/trust';

/** Reads the files that come along, and texts under other paths. */
function reader(files: Readonly<Record<string, string>>): ReadFile {
  return async (path) => {
    const text = files[path];
    return text === undefined ? await readFile(path) : new TextEncoder().encode(text);
  };
}

function listFile(changes: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    format: 1,
    purpose: 'neo',
    name: 'Own list',
    version: '7',
    date: '2026-01-02',
    source: 'own',
    roots: [{ subject: 'CN=Own Root,O=Own', sha256: 'AB:'.repeat(31) + 'AB' }],
    ...changes,
  });
}

describe('trust lists', () => {
  it('come along with source, version, date and rules, one for each purpose', async () => {
    const lists = await loadTrustLists(builtIn, [], reader({}));
    for (const purpose of listedPurposes) {
      assert.match(lists[purpose].source, /^https:\/\/github\.com\//);
      assert.match(lists[purpose].date, /^2026-/);
      assert.notEqual(lists[purpose].version, '');
    }
    assert.equal(lists.integrationFlow.version, '3.0.0');
    assert.equal(lists.integrationFlow.roots.length, 57);
    assert.equal(lists.integrationFlow.removed.length, 13);
    assert.equal(lists.tokenByCertificate.roots.length, 5);
    assert.equal(lists.neo.roots.length, 31);
  });

  it('name SSO_CA on the list of Neo alone, and no root both as listed and as removed', async () => {
    const { integrationFlow, tokenByCertificate, neo } = await loadTrustLists(builtIn, [], reader({}));
    const passport = nameKey(parseName('CN=SSO_CA,O=SAP-AG,C=DE'));
    assert.deepEqual(
      [integrationFlow, tokenByCertificate, neo].map(({ roots }) =>
        roots.some(({ subjectKey }) => subjectKey === passport),
      ),
      [false, false, true],
    );
    const listed = new Set(integrationFlow.roots.map(({ sha256 }) => sha256));
    assert.ok(integrationFlow.removed.every(({ sha256 }) => !listed.has(sha256)));
    assert.ok(integrationFlow.removed.every(({ removedOn }) => removedOn === '2026-06-03'));
  });

  it('give way to the file of a setting, which states its purpose', async () => {
    const lists = await loadTrustLists(builtIn, ['/own.json'], reader({ '/own.json': listFile() }));
    assert.equal(lists.neo.name, 'Own list');
    assert.equal(lists.neo.roots[0]?.sha256, 'ab'.repeat(32));
    assert.equal(lists.integrationFlow.version, '3.0.0');
  });

  const bad: readonly (readonly [string, string, RegExp])[] = [
    ['is no JSON', '{', /not JSON/],
    ['has another format', listFile({ format: 2 }), /"format" must be 1/],
    ['has an unknown purpose', listFile({ purpose: 'all' }), /"purpose" must be/],
    ['lacks its date', listFile({ date: '3 June' }), /"date" must be: a date/],
    ['has a day that no month has', listFile({ date: '2026-02-31' }), /"date" must be: a date/],
    [
      'has a name that would end a line',
      listFile({ name: 'Own\nlist' }),
      /"name" must be: .*control character/,
    ],
    ['has an empty list', listFile({ roots: [] }), /"roots" must be: a list of 1 to/],
    ['is too large', ' '.repeat(4 * 1024 * 1024 + 1), /more than 4194304 bytes/],
    [
      'has a short fingerprint',
      listFile({ roots: [{ subject: 'CN=A', sha256: 'ab' }] }),
      /"roots\[0\]\.sha256"/,
    ],
    ['has a name that is none', listFile({ roots: [{ subject: 'Own Root' }] }), /"roots\[0\]\.subject"/],
    ['has no roots', listFile({ roots: undefined }), /"roots" must be/],
    ['has an unknown rule', listFile({ rules: { removedRoot: 'yes' } }), /"rules\.removedRoot"/],
  ];
  for (const [what, text, expected] of bad) {
    it(`are refused where a file ${what}, and the built-in list is not taken for it`, async () => {
      await assert.rejects(
        loadTrustLists(builtIn, ['/own.json'], reader({ '/own.json': text })),
        (error) =>
          KeystoreError.is(error, 'malformed') &&
          expected.test(String(error.details['explanation'])) &&
          String(error.details['explanation']).includes('/own.json'),
      );
    });
  }

  it('are refused where a file is missing, or two are for one purpose', async () => {
    await assert.rejects(loadTrustLists(builtIn, ['/none.json'], reader({})), (error) =>
      KeystoreError.is(error, 'file-system'),
    );
    const two = { '/a.json': listFile(), '/b.json': listFile() };
    await assert.rejects(loadTrustLists(builtIn, Object.keys(two), reader(two)), (error) =>
      KeystoreError.is(error, 'malformed'),
    );
  });
});

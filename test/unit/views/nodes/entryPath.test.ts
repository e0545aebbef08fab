import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseEntryPath, writeEntryPath } from '../../../../src/views/nodes/entryPath.js';

describe('the path of an entry’s document', () => {
  it('ends in a title for the tab', () => {
    assert.equal(
      writeEntryPath({ tenantId: 'abc', hexalias: '61', alias: 'orders' }),
      '/ci-keystore-entry/abc/61/Entry orders',
    );
  });

  it('has four parts whatever the alias is', () => {
    for (const alias of ['..', '/', 'a/../b', 'a\\b', '', 'a\u202Eb\n', '😀'.repeat(60), '%2F', '?#']) {
      const path = writeEntryPath({ tenantId: 'abc', hexalias: '61', alias });
      assert.equal(path.split('/').length, 5, path);
      assert.deepEqual(parseEntryPath(path), { tenantId: 'abc', hexalias: '61' });
    }
  });

  it('leads back to the entry', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, unit: 'grapheme' }),
        fc.stringMatching(/^(?:[0-9A-F]{2})+$/),
        fc.string({ unit: 'binary' }),
        (tenantId, hexalias, alias) => {
          assert.deepEqual(parseEntryPath(writeEntryPath({ tenantId, hexalias, alias })), {
            tenantId,
            hexalias,
          });
        },
      ),
    );
  });

  it('is not read from what was written otherwise', () => {
    for (const path of [
      '',
      '/',
      '/a/b/c',
      '/ci-keystore-entry/t/xyz/e',
      '/ci-keystore-entry/%E0/61/e',
      '/ci-keystore-entry//61/e',
    ]) {
      assert.equal(parseEntryPath(path), undefined);
    }
  });
});

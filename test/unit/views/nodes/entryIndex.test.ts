import assert from 'node:assert/strict';
import { EntryIndex } from '../../../../src/views/nodes/entryIndex.js';
import type { KeystoreEntry } from '../../../../src/tenant/keystoreEntry.js';
import { entryOf } from './builders.js';

const collator = new Intl.Collator('en', { numeric: true });

function found(entries: readonly KeystoreEntry[], filter: string): readonly string[] {
  return new EntryIndex(entries, collator).select(filter, 'alias').map(({ alias }) => alias);
}

describe('sorting by alias', () => {
  it('is natural, ignores case first and knows umlauts', () => {
    const aliases = ['b', 'item10', 'Item2', 'ä', 'a', 'item1', 'z', 'B', 'A'];
    assert.deepEqual(
      found(
        aliases.map((alias) => entryOf(alias)),
        '',
      ),
      ['a', 'A', 'ä', 'b', 'B', 'item1', 'Item2', 'item10', 'z'],
    );
  });

  it('keeps the last of two entries with one hexalias', () => {
    const index = new EntryIndex(
      [entryOf('a', { status: 'old' }), entryOf('b'), entryOf('a', { status: 'new' })],
      collator,
    );
    assert.deepEqual(
      index.select('', 'alias').map(({ alias, status }) => [alias, status]),
      [
        ['a', 'new'],
        ['b', 'unchanged'],
      ],
    );
  });
});

describe('filtering', () => {
  const entries = [
    entryOf('Orders Müller', {
      subjectDn: 'CN=orders.acme.example, O=ACME',
      issuerDn: 'CN=Sectigo Public Server',
      serialNumber: '0x11F11',
      fingerprintSha256: 'CB:3C:CB:B7:60:31:E5:E0:13:8F:8D:D3:9A:23:F9:DE',
      fingerprintSha1: '00:AB:CD:EF:12:34',
    }),
    entryOf('facade', {
      subjectDn: 'CN=x',
      issuerDn: 'CN=y',
      serialNumber: '0x00AB12',
      fingerprintSha512: '99:88:77:66:55:44',
    }),
    entryOf('1', { subjectDn: undefined, issuerDn: undefined, serialNumber: '0x0' }),
  ];
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['', ['1', 'facade', 'Orders Müller']],
    ['   ', ['1', 'facade', 'Orders Müller']],
    ['ORDERS', ['Orders Müller']],
    ['mu\u0308ller', ['Orders Müller']],
    ['müller orders', ['Orders Müller']],
    ['acme sectigo', ['Orders Müller']],
    ['acme nothing', []],
    ['o=acme', ['Orders Müller']],
    ['sectigo public', ['Orders Müller']],
    // serial numbers
    ['0x11F11', ['Orders Müller']],
    ['11f11', ['Orders Müller']],
    ['00:01:1F:11', ['Orders Müller']],
    ['01 1f 11', ['Orders Müller']],
    ['0x00011f11', ['Orders Müller']],
    ['0X11f', ['Orders Müller']],
    ['11F1', ['Orders Müller']],
    ['1F11', []],
    ['ab12', ['facade']],
    ['0', ['1']],
    ['0xab', ['facade']],
    // fingerprints
    ['CB:3C:CB:B7', ['Orders Müller']],
    ['cb3ccbb7', ['Orders Müller']],
    ['CB 3C CB B7 60', ['Orders Müller']],
    ['60:31', ['Orders Müller']],
    ['cb3c', ['Orders Müller']],
    ['3ccb', []],
    ['3ccbb7', ['Orders Müller']],
    ['00ABCDEF', ['Orders Müller']],
    ['00:AB', ['facade', 'Orders Müller']],
    ['998877', ['facade']],
    ['0x998877', []],
    // words that are digits as well
    ['facade', ['facade']],
    ['ac', ['facade', 'Orders Müller']],
    // across fields
    ['server 0x', []],
    ['exampleo', []],
  ];
  for (const [filter, expected] of cases) {
    it(`finds ${JSON.stringify(expected)} for ${JSON.stringify(filter)}`, () => {
      assert.deepEqual(found(entries, filter), expected);
    });
  }
});

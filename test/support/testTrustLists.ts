import { singleTrustList, type TrustLists } from '../../src/inbound/trustLists.js';

/** One list for every purpose, with the rules of the built-in ones. */
export function testTrustLists(
  roots: Parameters<typeof singleTrustList>[0]['roots'],
  name = 'Test list',
): TrustLists {
  return singleTrustList({
    name,
    version: '9',
    date: '2026-02-03',
    source: 'test',
    note: '',
    rules: { clientAuthentication: 'named', removedRoot: 'no' },
    roots,
  });
}

import assert from 'node:assert/strict';
import { deletionConsequences, type DeletionFacts } from '../../../src/inbound/keyDeletion.js';
import type { InboundKey } from '../../../src/inbound/inboundClients.js';
import { namePairOf, readKeyContent } from '../../../src/inbound/keyContent.js';
import { external, inboundInstance, inboundKey, InboundWorld } from '../../support/inboundWorld.js';

describe('deletionConsequences', () => {
  let world: InboundWorld;
  before(() => {
    world = new InboundWorld();
  });
  after(() => world.dispose());

  const told = (others: readonly InboundKey[], over: Partial<DeletionFacts> = {}): string => {
    const content = external(world.current);
    return deletionConsequences({
      guid: 'own',
      content,
      pinning: { kind: 'pinned' },
      instances: [inboundInstance([inboundKey('own', content), ...others])],
      isEverySpace: true,
      setUps: [],
      ...over,
    }).join('\n');
  };

  it('claims 401 for a certificate that no other key lets in', () => {
    const text = told([inboundKey('other', external(world.other))]);
    assert.match(text, /Calls with the certificate of .*orders.* get 401 from then on\./);
    assert.doesNotMatch(text, /not certain|not pinned/);
  });

  it('claims nothing about keys that were not read or listed', () => {
    const unread = told([inboundKey('other', { kind: 'notRead' })]);
    assert.match(unread, /not certain: what "other" of "orders-inbound" holds is not known/);
    assert.match(told([], { isEverySpace: false }), /not certain: only a part of the keys was listed/);
    assert.match(told([], { instances: undefined }), /not certain: the other keys could not be listed/);
    assert.match(told([], { content: undefined }), /cannot be read, so nothing tells/);
  });

  it('tells that deleting one of two keys with the certificate mends its calls, and one of three does not', () => {
    const [twin, third] = ['twin', 'third'].map((guid) => inboundKey(guid, external(world.current)));
    assert.ok(twin !== undefined && third !== undefined);
    const two = told([twin]);
    assert.match(two, /is in "twin" of "orders-inbound" as well.*Without this one it is in one key only/);
    assert.doesNotMatch(two, /from then on/);
    const unread = inboundKey('other', { kind: 'notRead' });
    assert.match(told([twin, unread]), /Whether it is in one key only without this one is not certain/);
    assert.match(told([twin, third]), /more than one key holds it, so also without this one/);
  });

  it('names newer certificates that an unpinned key lets in', () => {
    assert.match(told([], { pinning: { kind: 'unpinned' } }), /It is not pinned: senders with a newer/);
    assert.match(
      told([], { pinning: { kind: 'notKnown', reason: 'No right.' } }),
      /Whether it is pinned is not known: No right\. If it is not/,
    );
  });

  it('names an unpinned key that takes the certificate by its names', () => {
    const [held] = external(world.expired).certificates;
    const content = external(world.current);
    const [leaf] = content.certificates;
    assert.ok(held !== undefined && leaf !== undefined);
    const older = { ...leaf, sha256: 'older', notBefore: new Date(leaf.notBefore.getTime() - 1_000) };
    const key = inboundKey('older', { ...content, certificates: [older] }, { pinning: { kind: 'unpinned' } });
    const text = told([key]);
    assert.match(text, /of the older one in "older" of "orders-inbound", which is not pinned/);
    assert.doesNotMatch(text, /401/);
  });

  it('names the set-ups that call by the key, by names where it is not pinned', () => {
    const [leaf] = external(world.current).certificates;
    assert.ok(leaf !== undefined);
    const exact = { fingerprintSha256: leaf.sha256, namePair: undefined, validNotBefore: undefined };
    const renewed = {
      fingerprintSha256: 'ff',
      namePair: namePairOf(leaf),
      validNotBefore: new Date(leaf.notBefore.getTime() + 1_000),
    };
    const setUps = [
      { name: 'Exact', certificate: exact },
      { name: 'Renewed', certificate: renewed },
      { name: 'Other', certificate: { ...exact, fingerprintSha256: 'ee' } },
    ];
    assert.match(told([], { setUps }), /Sender set-ups that call by it: "Exact"$/m);
    assert.match(told([], { setUps, pinning: { kind: 'unpinned' } }), /by it: "Exact", "Renewed"$/m);
  });

  it('speaks of tokens where the key holds a client secret', () => {
    const content = readKeyContent({ oauth: { clientid: 'c', clientsecret: 's' } });
    assert.match(told([], { content }), /gets none from then on.*\nClient id: c$/);
  });
});

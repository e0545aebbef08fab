import assert from 'node:assert/strict';
import { type Certificate } from '../../../src/pki/certificate.js';
import { findPath } from '../../../src/pki/pathBuilder.js';
import { processorClock } from '../../support/processorClock.js';
import { at, ca, judge, root, told } from './pathCases.js';
import { issue, newKey } from './testAuthority.js';

describe('finding a path', () => {
  it('goes around an expired intermediate and an expired root', () => {
    const expired = issue(
      { subject: 'CN=ca', isCa: true, key: ca.key, notAfter: '2025-01-01T00:00:00Z' },
      root,
    );
    const leaf = issue({ subject: 'CN=leaf' }, ca);
    for (const untrusted of [
      [expired, ca],
      [ca, expired],
    ]) {
      assert.equal(told(judge({ leaf, untrusted, trusted: [root] })), 'valid 3');
    }
    assert.equal(told(judge({ leaf, untrusted: [expired], trusted: [root] })), 'expired ca');
  });

  it('takes the cross certificate where only the other root is trusted', () => {
    const otherRoot = issue({ subject: 'CN=other root', isCa: true });
    const cross = issue({ subject: 'CN=root', isCa: true, key: root.key }, otherRoot);
    const leaf = issue({ subject: 'CN=leaf' }, ca);
    assert.equal(told(judge({ leaf, untrusted: [ca, root, cross], trusted: [otherRoot] })), 'valid 4');
  });

  it('comes out of a circle', () => {
    const keyA = newKey();
    const keyB = newKey();
    const selfA = issue({ subject: 'CN=A', key: keyA, isCa: true });
    const selfB = issue({ subject: 'CN=B', key: keyB, isCa: true });
    const a = issue({ subject: 'CN=A', key: keyA, isCa: true }, selfB);
    const b = issue({ subject: 'CN=B', key: keyB, isCa: true }, selfA);
    const leaf = issue({ subject: 'CN=leaf' }, a);
    assert.equal(told(judge({ leaf, untrusted: [a, b], trusted: [root] })), 'no-path B');
    const way = issue({ subject: 'CN=B', key: keyB, isCa: true }, root);
    assert.equal(told(judge({ leaf, untrusted: [a, b, way], trusted: [root] })), 'valid 4');
  });

  it('goes another way where one is too long', () => {
    let last = issue({ subject: 'CN=far root', isCa: true });
    const long = Array.from({ length: 25 }, (_, index) => {
      last = issue({ subject: `CN=long ${index}`, isCa: true }, last);
      return last;
    });
    const key = newKey();
    // Both are the leaf's issuer by name and key; whichever is tried first.
    const far = issue({ subject: 'CN=issuer', key, isCa: true }, last);
    const near = issue({ subject: 'CN=issuer', key, isCa: true }, root);
    const leaf = issue({ subject: 'CN=leaf' }, near);
    for (const untrusted of [
      [far, near, ...long],
      [near, far, ...long],
    ]) {
      assert.equal(told(judge({ leaf, untrusted, trusted: [root] })), 'valid 3');
    }
  });

  it('finds the right one among 300 intermediates of one name, in time', () => {
    const lookAlikes = Array.from({ length: 300 }, (_, index) =>
      issue({ subject: 'CN=ca', isCa: true, serialNumber: index + 1 }, root),
    );
    const leaf = issue({ subject: 'CN=leaf' }, ca);
    const took = processorClock();
    assert.equal(told(judge({ leaf, untrusted: [...lookAlikes, ca], trusted: [root] })), 'valid 3');
    assert.ok(took() < 2000);
  });

  it('ends in time where every certificate seems to have issued every other', () => {
    const keys = Array.from({ length: 12 }, () => newKey());
    const selves = keys.map((key, index) => issue({ subject: `CN=${index % 3}`, key, isCa: true }));
    const mesh: Certificate[] = selves.flatMap((issuer) =>
      keys.map((key, index) => issue({ subject: `CN=${index % 3}`, key, isCa: true }, issuer).certificate),
    );
    const [first] = selves;
    assert.ok(first);
    const leaf = issue({ subject: 'CN=leaf' }, first);
    const took = processorClock();
    const verdict = findPath({
      leaf: leaf.certificate,
      untrusted: mesh,
      trusted: [root.certificate],
      at,
      usage: 'any',
    });
    assert.equal(verdict.isValid, false);
    assert.ok(took() < 2000);
  });
});

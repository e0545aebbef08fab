import assert from 'node:assert/strict';
import type { Certificate } from '../../../src/pki/certificate.js';
import { repairChain, type RepairedChain } from '../../../src/pki/chainRepair.js';
import { readCertificates } from '../../../src/pki/container.js';
import { processorClock } from '../../support/processorClock.js';
import { type Issued, issue, newKey } from './testAuthority.js';
import { OpensslPki, type Credential } from '../../support/opensslPki.js';

describe('repair of a chain', function () {
  this.timeout(30_000);
  const pki = new OpensslPki();
  let [leaf, issuing, root, stranger, renewed]: Certificate[] = [];
  before(() => {
    const rootCredential = pki.ca('/CN=Repair Root');
    const issuingCredential = pki.issue(rootCredential, '/CN=Repair Issuing', { ca: true });
    const leafCredential = pki.issue(issuingCredential, '/CN=orders');
    const read = ({ certificate }: Credential): Certificate | undefined =>
      readCertificates(new TextEncoder().encode(certificate)).certificates[0];
    root = read(rootCredential);
    issuing = read(issuingCredential);
    leaf = read(leafCredential);
    stranger = read(pki.ca('/CN=Stranger'));
    renewed = read(pki.issue(issuingCredential, '/CN=other'));
  });
  after(() => pki.dispose());

  const all = (...certificates: readonly (Certificate | undefined)[]): readonly Certificate[] =>
    certificates.map((certificate) => {
      assert.ok(certificate);
      return certificate;
    });
  const kinds = ({ changes }: RepairedChain): readonly string[] => changes.map(({ kind }) => kind);
  const hashes = (certificates: readonly Certificate[]): readonly string[] =>
    certificates.map(({ sha256 }) => sha256);

  it('takes the newer of two certificates of one key, wherever it stands, and names the other', () => {
    const key = newKey();
    const above = issue({ subject: 'CN=Above', isCa: true });
    const [old, recent] = ['2031-01-01T00:00:00Z', '2032-01-01T00:00:00Z'].map(
      (notAfter) => issue({ subject: 'CN=sender', key, notAfter }, above).certificate,
    );
    for (const given of [all(old, recent, above.certificate), all(recent, old, above.certificate)]) {
      const repaired = repairChain(given, { pool: [], root: 'keep', leafSpkiSha256: old?.spkiSha256 });
      assert.deepEqual(hashes(repaired.chain), hashes(all(recent, above.certificate)));
      assert.match(
        repaired.changes.map(({ text }) => text).join(),
        /older certificate of the same key: sender, until 2031-01-01/,
      );
    }
  });

  describe('where an authority has a root of its own and a cross certificate of another one', () => {
    const other = issue({ subject: 'CN=Other Root', isCa: true });
    const own = issue({ subject: 'CN=Own Root', isCa: true });
    const cross = issue({ subject: 'CN=Own Root', key: own.key, isCa: true }, other);
    const below = issue({ subject: 'CN=Below', isCa: true }, own);
    const sender = issue({ subject: 'CN=sender' }, below);
    const given = [sender, below, cross].map(({ certificate }) => certificate);

    it('keeps the cross certificate that was given, though the pool has the root', () => {
      for (const root of ['keep', 'add', 'leaveOut'] as const) {
        const repaired = repairChain(given, { pool: [own.certificate], root });
        assert.deepEqual(hashes(repaired.chain), hashes(given));
        assert.deepEqual(repaired.changes, []);
      }
      const repaired = repairChain(given, { pool: [own.certificate, other.certificate], root: 'add' });
      assert.deepEqual(hashes(repaired.chain), hashes([...given, other.certificate]));
    });

    it('takes of both that were given the one that leads to a listed authority', () => {
      const both = [...given, own.certificate];
      const repaired = repairChain(both, {
        pool: [],
        root: 'keep',
        isListed: (one) => one === cross.certificate,
      });
      assert.deepEqual(hashes(repaired.chain), hashes(given));
      assert.deepEqual(
        repaired.changes.map(({ text }) => text),
        ['Left out, another certificate of an authority of the chain: Own Root.'],
      );
      for (const isListed of [undefined, (one: Certificate) => one !== sender.certificate]) {
        assert.deepEqual(
          hashes(repairChain(both, { pool: [], root: 'keep', isListed }).chain),
          hashes(all(sender.certificate, below.certificate, own.certificate)),
        );
      }
    });
  });

  describe('where two authorities have certified one issuer, and the root of one is absent', () => {
    const absent = issue({ subject: 'CN=Root 1', isCa: true });
    const second = issue({ subject: 'CN=Root 2', isCa: true });
    const key = newKey();
    const below = (root: Issued, notAfter: string): Issued =>
      issue({ subject: 'CN=XI', key, isCa: true, notAfter }, root);
    const byAbsent = below(absent, '2039-01-01T00:00:00Z');
    const bySecond = below(second, '2035-01-01T00:00:00Z');
    const sender = issue({ subject: 'CN=sender' }, bySecond);
    const chosen = (given: readonly Issued[], pool: readonly Issued[], listed?: Issued): readonly string[] =>
      hashes(
        repairChain(
          given.map(({ certificate }) => certificate),
          {
            pool: pool.map(({ certificate }) => certificate),
            root: 'add',
            isListed: (one) => one === listed?.certificate,
          },
        ).chain,
      );
    const complete = hashes(all(sender.certificate, bySecond.certificate, second.certificate));

    it('takes the chain that is complete, of what was given and of what was found', () => {
      for (const given of [
        [sender, byAbsent, bySecond, second],
        [second, bySecond, byAbsent, sender],
      ]) {
        assert.deepEqual(chosen(given, []), complete);
      }
      assert.deepEqual(chosen([sender, byAbsent], [bySecond, second]), complete);
    });

    it('prefers a chain that leads to a listed authority, complete or not', () => {
      const given = [sender, byAbsent, bySecond, second];
      assert.deepEqual(chosen(given, [], byAbsent), hashes(all(sender.certificate, byAbsent.certificate)));
      assert.deepEqual(chosen(given, [absent], second), complete);
    });

    it('keeps what was given where both are complete', () => {
      assert.deepEqual(
        chosen([sender, byAbsent], [absent, bySecond, second]),
        hashes(all(sender.certificate, byAbsent.certificate, absent.certificate)),
      );
    });

    it('ends soon among authorities that have all certified each other', () => {
      const keys = Array.from({ length: 12 }, newKey);
      const web = keys.flatMap((own, at) =>
        keys.flatMap((other, by) =>
          at === by
            ? []
            : issue(
                { subject: `CN=${at}`, key: own, isCa: true },
                issue({ subject: `CN=${by}`, key: other }),
              ),
        ),
      );
      const [first] = web;
      assert.ok(first);
      const took = processorClock();
      assert.ok(chosen([issue({ subject: 'CN=end' }, first), ...web], []).length > 1);
      assert.ok(took() < 2000);
    });
  });

  it('changes nothing of a chain in order', () => {
    const repaired = repairChain(all(leaf, issuing, root), { pool: [], root: 'keep' });
    assert.deepEqual(hashes(repaired.chain), hashes(all(leaf, issuing, root)));
    assert.deepEqual(repaired.changes, []);
    assert.equal(repaired.missingIssuer, undefined);
  });

  it('turns a reversed response, sets a stranger aside and drops what is there twice', () => {
    const repaired = repairChain(all(root, stranger, issuing, issuing, leaf), { pool: [], root: 'keep' });
    assert.deepEqual(hashes(repaired.chain), hashes(all(leaf, issuing, root)));
    assert.deepEqual(kinds(repaired), ['reordered', 'duplicate', 'stranger']);
    assert.match(repaired.changes[2]?.text ?? '', /Stranger/);
  });

  it('takes a missing issuer from the pool and says from where; the root only where it is wanted', () => {
    const pool = all(root, issuing, stranger);
    const from = (): string => 'ACME Dev';
    const kept = repairChain(all(leaf), { pool, root: 'keep', from });
    assert.deepEqual(hashes(kept.chain), hashes(all(leaf, issuing)));
    assert.deepEqual(
      kept.changes.map(({ text }) => text),
      ['Added from "ACME Dev": Repair Issuing.'],
    );
    assert.equal(kept.missingIssuer, undefined);
    assert.deepEqual(kinds(repairChain(all(leaf), { pool, root: 'add' })), ['added', 'added']);
  });

  it('leaves a root out and says so', () => {
    const repaired = repairChain(all(leaf, issuing, root), { pool: [], root: 'leaveOut' });
    assert.deepEqual(hashes(repaired.chain), hashes(all(leaf, issuing)));
    assert.deepEqual(kinds(repaired), ['rootLeftOut']);
  });

  it('names the issuer that is nowhere', () => {
    const repaired = repairChain(all(leaf), { pool: all(stranger), root: 'add' });
    assert.equal(repaired.missingIssuer, 'CN=Repair Issuing');
    assert.deepEqual(repaired.changes, []);
  });

  it('takes the certificate of the key for the leaf, wherever it stands', () => {
    const repaired = repairChain(all(renewed, issuing, leaf), {
      leafSpkiSha256: leaf?.spkiSha256,
      pool: all(root),
      root: 'add',
    });
    assert.equal(repaired.leaf, leaf);
    assert.deepEqual(kinds(repaired), ['reordered', 'stranger', 'added']);
  });
});

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  acceptanceJudgement,
  certificateJudgement,
  judgeAcceptance,
  type Acceptance,
  type AcceptanceRequest,
} from '../../../src/inbound/acceptance.js';
import { loadTrustLists, singleTrustList, type TrustLists } from '../../../src/inbound/trustLists.js';
import { readCertificate, type Certificate } from '../../../src/pki/certificate.js';
import { formatName } from '../../../src/pki/distinguishedName.js';
import { readCertificates } from '../../../src/pki/container.js';
import { SignatureMemory } from '../../../src/pki/pathBuilder.js';
import { PracticeAuthority, nameOf, spkiOf } from '../../../src/practice/authority.js';
import { makeKeys } from '../../../src/practice/keys.js';
import { PracticeFiles } from '../../../src/practice/practiceFiles.js';
import { practiceTrustList } from '../../../src/practice/practiceTrust.js';
import { testTrustLists } from '../../support/testTrustLists.js';
import { OpensslPki, type Credential } from '../../support/opensslPki.js';

const clientUsage = { usages: 'clientAuth' };

describe('verdict whether SAP accepts a certificate', function () {
  this.timeout(30_000);
  const pki = new OpensslPki();
  const now = Date.now() + 3_600_000;
  let real: TrustLists;
  let root: Credential;
  let issuing: Credential;
  let sender: Credential;

  before(async () => {
    real = await loadTrustLists('media/trust', [], (path) => readFile(path));
    root = pki.ca('/C=DE/O=Authority/CN=Listed Root');
    issuing = pki.issue(root, '/C=DE/O=Authority/CN=Issuing', { ca: true });
    sender = pki.issue(issuing, '/C=DE/O=Sender/CN=orders', clientUsage);
  });
  after(() => pki.dispose());

  const read = ({ certificate }: Credential): Certificate => {
    const [first] = readCertificates(new TextEncoder().encode(certificate)).certificates;
    assert.ok(first);
    return first;
  };
  const chainOf = (...credentials: readonly Credential[]): readonly Certificate[] => credentials.map(read);

  /** Every purpose with a list of this root, as the built-in ones are made. */
  function listOf(
    authority: Certificate,
    changes: { readonly without?: 'sha256'; readonly removed?: boolean; readonly sha256?: string } = {},
  ): TrustLists {
    const entry = {
      subject: formatName(authority.subject),
      sha256: changes.without === 'sha256' ? undefined : (changes.sha256 ?? authority.sha256),
      sha1: authority.sha1,
      keyIdentifier: authority.subjectKeyIdentifier,
      notAfter: authority.notAfter.toISOString().slice(0, 10),
    };
    const lists = testTrustLists([entry]);
    const [listed] = lists.neo.roots;
    assert.ok(listed);
    const list = {
      ...lists.neo,
      ...(changes.removed === true
        ? { roots: [], removed: [{ ...listed, removedIn: '8', removedOn: '2026-01-01' }] }
        : {}),
    };
    return { integrationFlow: list, tokenByCertificate: list, neo: list };
  }

  function judge(changes: Partial<AcceptanceRequest> & Pick<AcceptanceRequest, 'chain'>): Acceptance {
    return judgeAcceptance({
      extra: [],
      purpose: 'integrationFlow',
      lists: listOf(read(root)),
      now,
      ...changes,
    });
  }

  const kinds = ({ reasons }: Acceptance, about: string): readonly string[] =>
    reasons.filter((reason) => reason.about === about).map(({ kind }) => kind);
  const told = ({ reasons }: Acceptance): string => reasons.map(({ text }) => text).join('\n');

  it('is yes for a whole chain, and names list, version, date and the SHA-256 of the root', () => {
    const acceptance = judge({ chain: chainOf(sender, issuing, root) });
    assert.equal(acceptance.verdict, 'yes', told(acceptance));
    const fingerprint = pki.fingerprint(root.certificate).replaceAll(':', '').toLowerCase();
    assert.match(told(acceptance), new RegExp(`${fingerprint}\\) is on "Test list" 9 of 2026-02-03`));
    assert.deepEqual(acceptance.sources, [{ name: 'Test list', version: '9', date: '2026-02-03' }]);
  });

  it('is yes by issuer name and key identifier where the root is not at hand, and says so', () => {
    const acceptance = judge({ chain: chainOf(sender, issuing) });
    assert.equal(acceptance.verdict, 'yes', told(acceptance));
    assert.match(
      told(acceptance),
      /not at hand; it was told by the name of the issuer and the key identifier/,
    );
  });

  it('is yes through a cross certificate of a listed root, by name and key', () => {
    const old = pki.ca('/CN=Old Root');
    const cross = pki.crossSign(old, root);
    const acceptance = judge({ chain: chainOf(sender, issuing, cross, old) });
    assert.equal(acceptance.verdict, 'yes', told(acceptance));
    assert.match(told(acceptance), /Name and key are those of the root/);
  });

  it('is no for another root of the same name', () => {
    const twin = pki.ca('/C=DE/O=Authority/CN=Listed Root');
    const leaf = pki.issue(twin, '/CN=orders', clientUsage);
    const acceptance = judge({ chain: chainOf(leaf, twin) });
    assert.equal(acceptance.verdict, 'no', told(acceptance));
    assert.equal(judge({ chain: chainOf(leaf) }).verdict, 'cannotTell');
  });

  it('is no for a root that is not listed, and for a self-signed certificate', () => {
    const stranger = pki.ca('/CN=Unlisted Root');
    const leaf = pki.issue(stranger, '/CN=orders', clientUsage);
    const acceptance = judge({ chain: chainOf(leaf, stranger) });
    assert.equal(acceptance.verdict, 'no');
    assert.match(told(acceptance), /"CN=Unlisted Root" \(SHA-256 [0-9a-f]{64}\) is not on "Test list" 9/);
    assert.equal(judge({ chain: chainOf(stranger) }).verdict, 'no');
  });

  it('tells a removed root with version and day, the root at hand or not', () => {
    for (const chain of [chainOf(sender, issuing, root), chainOf(sender, issuing)]) {
      const acceptance = judge({ chain, lists: listOf(read(root), { removed: true }) });
      assert.equal(acceptance.verdict, 'no', told(acceptance));
      assert.match(told(acceptance), /removed from "Test list" with version 8 on 2026-01-01/);
    }
  });

  it('cannot tell where an intermediate is missing, and names it', () => {
    const acceptance = judge({ chain: chainOf(sender) });
    assert.equal(acceptance.verdict, 'cannotTell');
    assert.match(told(acceptance), /CN=Issuing.*is missing/);
  });

  it('warns of an intermediate that only the keystore has, of disorder and of strangers', () => {
    const missing = judge({ chain: chainOf(sender), extra: chainOf(issuing, root) });
    assert.equal(missing.verdict, 'warnings');
    assert.match(told(missing), /must present "CN=Issuing"/);
    const disordered = judge({ chain: chainOf(sender, root, issuing) });
    assert.equal(disordered.verdict, 'warnings');
    assert.match(told(disordered), /not in order/);
    const stranger = judge({ chain: chainOf(sender, issuing, root, pki.ca('/CN=Stranger')) });
    assert.match(told(stranger), /"CN=Stranger" does not belong/);
  });

  it('demands client authentication by name for a flow, and by rule for the rest', () => {
    const server = pki.issue(issuing, '/CN=server', { usages: 'serverAuth' });
    const open = pki.issue(issuing, '/CN=open');
    const lists = listOf(read(root));
    const loose: TrustLists = {
      ...lists,
      neo: { ...lists.neo, rules: { clientAuthentication: 'notExcluded', removedRoot: 'no' } },
    };
    for (const leaf of [server, open]) {
      const acceptance = judge({ chain: chainOf(leaf, issuing, root) });
      assert.equal(acceptance.verdict, 'no');
      assert.deepEqual(kinds(acceptance, 'usage'), ['problem']);
      assert.deepEqual(kinds(acceptance, 'root'), ['ok']);
    }
    assert.equal(judge({ chain: chainOf(open, issuing, root), lists: loose, purpose: 'neo' }).verdict, 'yes');
    assert.equal(
      judge({ chain: chainOf(server, issuing, root), lists: loose, purpose: 'neo' }).verdict,
      'no',
    );
  });

  it('looks at the dates of the leaf and of those above it', () => {
    const chain = chainOf(sender, issuing, root);
    const at = (days: number): Acceptance => judge({ chain, now: now + days * 86_400_000 });
    assert.match(at(340).title, /^Yes, with a warning: It expires in 2\d days/);
    assert.match(at(400).title, /^No: It expired on|^No: "CN=Issuing/);
    assert.match(at(-2).title, /^No: /);
  });

  it('refuses the certificate of an authority, and does not take one of the same name for the issuer', () => {
    assert.deepEqual(kinds(judge({ chain: chainOf(issuing, root) }), 'leaf'), ['problem']);
    const other = pki.issue(root, '/C=DE/O=Authority/CN=Issuing', { ca: true });
    // One of the same name with another key has not signed it; which one has is not at hand.
    const acceptance = judge({ chain: chainOf(sender, other, root) });
    assert.equal(acceptance.verdict, 'cannotTell', told(acceptance));
    assert.match(told(acceptance), /chain is not complete: "CN=Issuing/);
  });

  it('comes to the same with a memory of signatures that many verdicts share', () => {
    const memory = new SignatureMemory();
    const twin = pki.issue(root, '/C=DE/O=Authority/CN=Issuing', { ca: true });
    const second = pki.issue(issuing, '/CN=second', clientUsage);
    for (const chain of [
      chainOf(sender, issuing, root),
      chainOf(sender, twin, root),
      chainOf(second, issuing, root),
      chainOf(second, twin, root),
    ]) {
      assert.deepEqual(judge({ chain, memory }), judge({ chain }));
    }
    assert.ok(memory.verdicts.size >= 5);
  });

  it('warns of SHA-1 and of short keys', () => {
    const weak = pki.issue(issuing, '/CN=weak', { ...clientUsage, bits: 1024 });
    const acceptance = judge({ chain: chainOf(weak, issuing, root) });
    assert.equal(acceptance.verdict, 'warnings');
    assert.match(told(acceptance), /RSA:1024, which is weak/);
    const old = judge({
      chain: chainOf(pki.issue(issuing, '/CN=old', { ...clientUsage, hash: 'sha1' }), issuing, root),
    });
    assert.equal(old.verdict, 'warnings');
    assert.match(told(old), /sha1WithRSAEncryption, which is weak/);
  });

  it('knows that a tenant cannot give its key to an outside sender', () => {
    const chain = chainOf(sender, issuing, root);
    for (const option of [1, 3] as const) {
      assert.equal(judge({ chain, option, caller: 'outside' }).verdict, 'no');
      assert.equal(judge({ chain, option, caller: 'cloudIntegration' }).verdict, 'yes');
      assert.equal(judge({ chain, option }).verdict, 'warnings');
    }
    for (const option of [2, 4] as const) {
      assert.equal(judge({ chain, option, caller: 'outside' }).verdict, 'yes');
      assert.deepEqual(kinds(judge({ chain, option, purpose: 'outbound' }), 'option'), ['warning']);
    }
  });

  it('leaves outbound calls to the receiver', () => {
    const acceptance = judge({ chain: chainOf(sender, issuing, root), purpose: 'outbound' });
    assert.equal(acceptance.verdict, 'cannotTell');
    assert.match(acceptance.title, /the receiver decides/);
    assert.deepEqual(acceptance.sources, []);
  });

  it('cannot tell of an SAP Passport, with both sources named, but judges it on the list of Neo', () => {
    const authority = pki.ca('/C=DE/O=SAP-AG/CN=SSO_CA');
    const passport = pki.issue(authority, '/C=DE/O=SAP-AG/CN=S0012345678', clientUsage);
    for (const chain of [chainOf(passport, authority), chainOf(passport)]) {
      for (const purpose of ['integrationFlow', 'tokenByCertificate'] as const) {
        const acceptance = judge({ chain, purpose, lists: real });
        assert.equal(acceptance.verdict, 'cannotTell', told(acceptance));
        assert.deepEqual(
          acceptance.sources.map(({ name }) => name),
          [
            real[purpose].name,
            real.neo.name,
            'SAP Help: Setting Up the Key Pairs and Certificates, option 2',
          ],
        );
      }
    }
    assert.equal(judge({ chain: chainOf(passport, authority), purpose: 'neo', lists: real }).verdict, 'no');
    const genuine = {
      ...real,
      neo: { ...real.neo, roots: listOf(read(authority), { without: 'sha256' }).neo.roots },
    };
    assert.equal(
      judge({ chain: chainOf(passport, authority), purpose: 'neo', lists: genuine }).verdict,
      'yes',
    );
  });

  it('accepts a certificate of the practice CA by its own list, and by no real one', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'practice-trust-'));
    try {
      const authority = await PracticeAuthority.open(new PracticeFiles(directory), () => now);
      const keys = await makeKeys({ type: 'RSA', size: 2048, curve: undefined });
      const leaf = readCertificate(
        authority.issue({
          subject: nameOf('CN=practice-sender'),
          spki: spkiOf(keys),
          notBefore: new Date(now - 86_400_000),
          notAfter: new Date(now + 90 * 86_400_000),
        }),
      );
      const intermediate = authority.intermediate.certificate;
      const own = singleTrustList(practiceTrustList(authority.trusted, 'The practice tenant’s own list'));
      for (const chain of [
        [leaf, intermediate, authority.root.certificate],
        [leaf, intermediate],
      ]) {
        const accepted = judge({ chain, lists: own });
        assert.equal(accepted.verdict, 'yes', told(accepted));
        assert.match(accepted.title, /practice tenant’s own list/);
      }
      for (const purpose of ['integrationFlow', 'tokenByCertificate', 'neo'] as const) {
        for (const chain of [
          [leaf, intermediate, authority.root.certificate],
          [leaf, intermediate],
          [leaf],
        ]) {
          assert.equal(judge({ chain, lists: real, purpose }).verdict, 'no', purpose);
        }
      }
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });

  it('answers what the checks of service keys and the plan of a new key ask', () => {
    const listed = judge({ chain: chainOf(sender, issuing, root) });
    assert.equal(certificateJudgement(listed).rootListed.answer, 'yes');
    assert.equal(certificateJudgement(listed).clientAuthentication.answer, 'yes');
    assert.equal(acceptanceJudgement(listed).answer, 'yes');
    const server = judge({ chain: chainOf(pki.issue(issuing, '/CN=s', { usages: 'serverAuth' }), issuing) });
    assert.equal(certificateJudgement(server).clientAuthentication.answer, 'no');
    assert.equal(certificateJudgement(server).rootListed.answer, 'yes');
    assert.equal(acceptanceJudgement(server).answer, 'no');
    assert.equal(certificateJudgement(judge({ chain: chainOf(sender) })).rootListed.answer, 'cannotTell');
  });
});

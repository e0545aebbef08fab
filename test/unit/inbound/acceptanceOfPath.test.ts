import assert from 'node:assert/strict';
import { judgeAcceptance, type Acceptance, type AcceptanceRequest } from '../../../src/inbound/acceptance.js';
import type { TrustLists } from '../../../src/inbound/trustLists.js';
import { readCertificate, type Certificate } from '../../../src/pki/certificate.js';
import { formatName } from '../../../src/pki/distinguishedName.js';
import * as make from '../../../src/pki/extensionMakers.js';
import { testTrustLists } from '../../support/testTrustLists.js';
import { openssl } from '../pki/opensslTool.js';
import { issue, newKey, type Issued, type TestCertificate } from '../pki/testAuthority.js';

const clientAuthentication = make.extendedKeyUsage(['1.3.6.1.5.5.7.3.2']);
const serverAuthentication = make.extendedKeyUsage(['1.3.6.1.5.5.7.3.1']);
const now = Date.parse('2030-06-01T00:00:00Z');

describe('the path of a verdict', () => {
  const root = issue({ subject: 'CN=Listed Root,O=Authority,C=DE', isCa: true });
  const issuing = issue({ subject: 'CN=Issuing,O=Authority,C=DE', isCa: true }, root);
  const leafOf = (issuer: Issued, more: Partial<TestCertificate> = {}): Issued =>
    issue({ subject: 'CN=orders', extensions: [clientAuthentication], ...more }, issuer);
  const listOf = (
    { certificate }: Issued,
    changes: { readonly subject?: string; readonly notAfter?: string } = {},
  ): TrustLists =>
    testTrustLists([
      {
        subject: formatName(certificate.subject),
        sha256: certificate.sha256,
        sha1: certificate.sha1,
        keyIdentifier: certificate.subjectKeyIdentifier,
        notAfter: undefined,
        ...changes,
      },
    ]);
  const judge = (chain: readonly Issued[], changes: Partial<AcceptanceRequest> = {}): Acceptance =>
    judgeAcceptance({
      chain: chain.map(({ certificate }) => certificate),
      extra: [],
      purpose: 'integrationFlow',
      lists: listOf(root),
      now,
      ...changes,
    });
  const told = ({ verdict, reasons }: Acceptance): string =>
    [verdict, ...reasons.filter(({ kind }) => kind !== 'ok').map(({ text }) => text)].join('\n');
  const again = ({ certificate }: Issued): Certificate => readCertificate(certificate.der);
  /** A certificate that claims an issuer and was signed by another key. */
  const forged = (wanted: TestCertificate, claimed: Issued): Issued =>
    issue(
      {
        ...wanted,
        onlyExtensions: [
          make.basicConstraints({ isCa: wanted.isCa ?? false }),
          make.keyUsage(wanted.isCa === true ? ['keyCertSign'] : ['digitalSignature']),
          make.authorityKeyIdentifier(claimed.key.spki),
          ...(wanted.extensions ?? []),
        ],
      },
      { certificate: claimed.certificate, key: newKey() },
    );

  describe('whose listed root is at hand', () => {
    it('is refused where its key did not sign what claims it', () => {
      const middle = forged({ subject: 'CN=Forged', isCa: true }, root);
      assert.match(told(judge([leafOf(middle), middle, root])), /^no\n.*signature of "CN=Forged/);
      const leaf = forged({ subject: 'CN=forged', extensions: [clientAuthentication] }, root);
      assert.match(told(judge([leaf, root])), /^no\n.*signature of "CN=forged/);
    });

    it('is refused where the root allows no authority below the next', () => {
      const short = issue({ subject: 'CN=Short Root', isCa: true, pathLength: 0 });
      const first = issue({ subject: 'CN=First', isCa: true }, short);
      const second = issue({ subject: 'CN=Second', isCa: true }, first);
      const acceptance = judge([leafOf(second), second, first, short], { lists: listOf(short) });
      assert.match(told(acceptance), /^no\n.*deeper in the chain/);
    });

    it('is refused where the root has expired, whatever the list tells', () => {
      const old = issue({ subject: 'CN=Old Root', isCa: true, notAfter: '2030-01-01T00:00:00Z' });
      const middle = issue({ subject: 'CN=Middle', isCa: true }, old);
      assert.match(
        told(judge([leafOf(middle), middle, old], { lists: listOf(old) })),
        /^no\n.*expired on 2030/,
      );
    });
  });

  describe('whatever of its root is at hand', () => {
    const withAndWithout = (middle: Issued, expected: RegExp): void => {
      const leaf = leafOf(middle);
      assert.match(told(judge([leaf, middle, root])), expected);
      assert.match(told(judge([leaf, middle])), expected);
    };

    it('is refused where an authority is for servers only', () => {
      const middle = issue({ subject: 'CN=Servers', isCa: true, extensions: [serverAuthentication] }, root);
      withAndWithout(middle, /^no\n.*extended key usage of "CN=Servers" excludes client authentication/);
    });

    it('is refused where one that does not say so has issued', () => {
      const key = newKey();
      const onlyExtensions = [
        make.keyUsage(['keyCertSign']),
        make.subjectKeyIdentifier(key.spki),
        make.authorityKeyIdentifier(root.key.spki),
      ];
      withAndWithout(
        issue({ subject: 'CN=No CA', key, onlyExtensions }, root),
        /^no\n.*without being an auth/,
      );
    });

    it('warns of an authority that ends before the certificate and soon', () => {
      const middle = issue({ subject: 'CN=Ending', isCa: true, notAfter: '2030-06-04T00:00:00Z' }, root);
      withAndWithout(middle, /^warnings\n"CN=Ending" expires on 2030-06-04, before the certificate itself/);
    });
  });

  it('lacks an issuer where only one of its name with another key is at hand', () => {
    const renewed = issue({ subject: 'CN=Issuing,O=Authority,C=DE', isCa: true }, root);
    for (const changes of [{ extra: [] }, { extra: [again(root)] }]) {
      assert.match(told(judge([leafOf(renewed), issuing], changes)), /^cannotTell\n.*chain is not complete/);
    }
  });

  it('is the same with certificates that were read twice', () => {
    const leaf = leafOf(issuing);
    const other = issue({ subject: 'CN=Other Root', isCa: true });
    const copies = [again(leaf), again(issuing), again(root)];
    assert.equal(judge([leaf, issuing], { extra: copies }).verdict, 'yes');
    assert.equal(judge([leaf, issuing, { ...issuing, certificate: again(issuing) }, root]).verdict, 'yes');
    assert.match(told(judge([leaf, issuing, root], { extra: copies, lists: listOf(other) })), /^no\n/);
  });

  it('ends at a root whose fingerprint is listed, however the list writes its name', () => {
    const lists = listOf(root, { subject: 'C=DE,O=Authority,CN=Listed Root' });
    assert.equal(judge([leafOf(issuing), issuing, root], { lists }).verdict, 'yes');
  });

  it('warns of a weak hash in the parameters of RSASSA-PSS', () => {
    const made = (hash: string): Certificate =>
      readCertificate(
        openssl([
          ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', '/dev/null', '-subj', '/CN=a'],
          ...[`-${hash}`, '-sigopt', 'rsa_padding_mode:pss', '-outform', 'DER'],
        ]),
      );
    const strength = (certificate: Certificate): string | undefined =>
      judge([{ certificate, key: newKey() }]).reasons.find(({ about }) => about === 'strength')?.text;
    assert.match(strength(made('sha1')) ?? '', /rsassaPss \(sha1\), which is weak/);
    assert.match(strength(made('sha256')) ?? '', /strong enough/);
  });

  it('is not sought for ever among hundreds of look-alikes', () => {
    const name = 'CN=Listed Root,O=Authority,C=DE';
    const alike = Array.from({ length: 60 }, () => issue({ subject: name, isCa: true }));
    const claiming = Array.from({ length: 60 }, (_, index) =>
      forged({ subject: `CN=${String(index)}`, isCa: true }, root),
    );
    const extra = [...alike, ...claiming].map(({ certificate }) => certificate);
    assert.match(told(judge([leafOf(issuing), issuing], { extra })), /^(?:yes|warnings|cannotTell)/);
  });
});

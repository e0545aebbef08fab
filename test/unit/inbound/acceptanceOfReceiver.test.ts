import assert from 'node:assert/strict';
import { judgeAcceptance, type Acceptance } from '../../../src/inbound/acceptance.js';
import { formatName } from '../../../src/pki/distinguishedName.js';
import * as make from '../../../src/pki/extensionMakers.js';
import { practiceOrganization } from '../../../src/pki/practiceMarker.js';
import { testTrustLists } from '../../support/testTrustLists.js';
import { issue, newKey, type Issued } from '../pki/testAuthority.js';

const clientAuthentication = make.extendedKeyUsage(['1.3.6.1.5.5.7.3.2']);
const now = Date.parse('2030-06-01T00:00:00Z');

describe('the verdict on a certificate with which Cloud Integration calls a receiver', () => {
  const root = issue({ subject: 'CN=Any Root,C=DE', isCa: true });
  const issuing = issue({ subject: 'CN=Issuing,C=DE', isCa: true }, root);
  const leafOf = (issuer: Issued): Issued =>
    issue({ subject: 'CN=outbound', extensions: [clientAuthentication] }, issuer);
  const judge = (chain: readonly Issued[], listed: readonly Issued[] = []): Acceptance =>
    judgeAcceptance({
      chain: chain.map(({ certificate }) => certificate),
      extra: [],
      purpose: 'outbound',
      lists: testTrustLists(
        listed.map(({ certificate: { subject, sha256, sha1, subjectKeyIdentifier } }) => ({
          subject: formatName(subject),
          sha256,
          sha1,
          keyIdentifier: subjectKeyIdentifier,
          notAfter: undefined,
        })),
      ),
      now,
    });
  const told = ({ verdict, reasons }: Acceptance): string =>
    [verdict, ...reasons.filter(({ kind }) => kind !== 'ok').map(({ text }) => text)].join('\n');

  it('is left to the receiver where the chain holds up to its root', () => {
    assert.match(
      told(judge([leafOf(issuing), issuing, root])),
      /^cannotTell\nFor outbound calls the receiver decides[^\n]*"CN=Any Root"\.$/,
    );
  });

  it('names what the chain ends without', () => {
    assert.match(
      told(judge([leafOf(issuing), issuing])),
      /^cannotTell\n.*\nThe chain ends with "CN=Issuing"; its issuer "CN=Any Root, C=DE" is not at hand/,
    );
    assert.match(
      told(judge([leafOf(issuing)])),
      /\nThe chain ends with "CN=outbound"; its issuer "CN=Issuing/,
    );
  });

  it('is no where an authority of the chain has expired, or is none', () => {
    const expired = issue({ subject: 'CN=Old', isCa: true, notAfter: '2030-01-01T00:00:00Z' }, root);
    const key = newKey();
    const none = issue(
      {
        subject: 'CN=No CA',
        key,
        onlyExtensions: [
          make.keyUsage(['keyCertSign']),
          make.subjectKeyIdentifier(key.spki),
          make.authorityKeyIdentifier(root.key.spki),
        ],
      },
      root,
    );
    for (const [middle, words] of [
      [expired, '"CN=Old" expired on 2030-01-01'],
      [none, '"CN=No CA" has issued a certificate without being'],
    ] as const) {
      for (const chain of [
        [leafOf(middle), middle],
        [leafOf(middle), middle, root],
      ]) {
        const text = told(judge(chain));
        assert.match(text, /^no\n/);
        assert.ok(text.includes(words), text);
      }
    }
  });

  it('is no for what a practice CA has signed, except among the lists of the practice tenant', () => {
    const practice = issue({
      subject: `CN=Practice Root,O=${practiceOrganization.replace(',', '\\,')}`,
      isCa: true,
    });
    const chain = [leafOf(practice), practice];
    assert.match(told(judge(chain)), /^no\nIt was signed by the practice CA; no real receiver trusts it/);
    assert.match(told(judge(chain, [practice])), /^cannotTell\nFor outbound calls the receiver decides/);
  });

  it('finds nothing missing in a certificate that signed itself', () => {
    const alone = issue({ subject: 'CN=alone', extensions: [clientAuthentication] });
    assert.match(told(judge([alone])), /^cannotTell\n[^\n]*$/);
  });
});

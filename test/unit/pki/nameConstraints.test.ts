import assert from 'node:assert/strict';
import * as asn1 from '../../../src/pki/asn1.js';
import * as make from '../../../src/pki/extensionMakers.js';
import { type ExtensionTemplate } from '../../../src/pki/extensionMakers.js';
import { type GeneralNameInput, addressOctets, encodeGeneralName } from '../../../src/pki/generalName.js';
import { processorClock } from '../../support/processorClock.js';
import { temporaryFolder } from './opensslTool.js';
import { type Case, caWith, judge, opensslAgrees, root, told } from './pathCases.js';
import { issue } from './testAuthority.js';

describe('constraints on names', () => {
  const folder = temporaryFolder();
  const subtrees = (tag: number, bases: readonly Uint8Array[]): Uint8Array | undefined =>
    bases.length === 0
      ? undefined
      : asn1.contextConstructed(tag, ...bases.map((base) => asn1.sequence(base)));
  const constraints = (
    permitted: readonly Uint8Array[],
    excluded: readonly Uint8Array[] = [],
  ): ExtensionTemplate => ({
    oid: '2.5.29.30',
    critical: true,
    der: asn1.sequence(subtrees(0, permitted), subtrees(1, excluded)),
  });
  const base = (type: GeneralNameInput['type'], value: string): Uint8Array =>
    encodeGeneralName({ type, value });
  const network = (address: string, mask: string): Uint8Array =>
    asn1.contextPrimitive(7, asn1.concatBytes([addressOctets(address), addressOctets(mask)]));
  const judged = (
    constraint: ExtensionTemplate,
    names: readonly GeneralNameInput[],
    subject = 'CN=leaf',
  ): readonly [boolean, boolean] => {
    const limited = caWith([constraint]);
    const leaf = issue(
      { subject, extensions: names.length === 0 ? [] : [make.subjectAltName(names)] },
      limited,
    );
    const given: Case = { leaf, untrusted: [limited], trusted: [root] };
    const verdict = judge(given);
    if (!verdict.isValid) {
      assert.match(told(verdict), /^name-constraints/);
    }
    return [verdict.isValid, opensslAgrees(folder, given)];
  };

  it('are not met by an address of a length that no address has, which other names stand beside', () => {
    const names: ExtensionTemplate = {
      oid: '2.5.29.17',
      critical: false,
      der: asn1.sequence(
        base('DNS', 'a.example.org'),
        asn1.contextPrimitive(7, Uint8Array.of(10, 0, 0, 1, 7)),
      ),
    };
    const judgedIn = (constraint: readonly ExtensionTemplate[]): readonly [boolean, boolean] => {
      const ca = caWith([...constraint]);
      const leaf = issue({ subject: 'CN=leaf', extensions: [names] }, ca);
      const given: Case = { leaf, untrusted: [ca], trusted: [root] };
      return [judge(given).isValid, opensslAgrees(folder, given)];
    };
    const network10 = network('10.0.0.0', '255.0.0.0');
    assert.deepEqual(judgedIn([]), [true, true]);
    assert.deepEqual(judgedIn([constraints([base('DNS', 'example.org')])]), [true, true]);
    assert.deepEqual(judgedIn([constraints([base('DNS', 'example.net')])]), [false, true]);
    assert.deepEqual(judgedIn([constraints([network10])]), [false, true]);
    assert.deepEqual(judgedIn([constraints([], [network10])]), [false, true]);
  });

  type Row = readonly [string, ExtensionTemplate, readonly GeneralNameInput[], boolean, string?];
  const dns = (value: string): readonly GeneralNameInput[] => [{ type: 'DNS', value }];
  const email = (value: string): readonly GeneralNameInput[] => [{ type: 'email', value }];
  const uri = (value: string): readonly GeneralNameInput[] => [{ type: 'URI', value }];
  const ip = (value: string): readonly GeneralNameInput[] => [{ type: 'IP', value }];
  const inExample = constraints([base('DNS', 'example.org')]);
  const notExample = constraints([], [base('DNS', 'example.org')]);
  const rows: readonly Row[] = [
    ['a host that is the base', inExample, dns('example.org'), true],
    ['a host below the base, in other case', inExample, dns('A.EXAMPLE.org'), true],
    ['a host that only ends alike', inExample, dns('badexample.org'), false],
    ['one host inside and one outside', inExample, [...dns('a.example.org'), ...dns('b.net')], false],
    ['names of another type', inExample, email('a@b.net'), true],
    ['an excluded host', notExample, dns('a.example.org'), false],
    ['a host beside the excluded ones', notExample, dns('example.net'), true],
    ['a wildcard inside', inExample, dns('*.example.org'), true],
    ['a base with a dot', constraints([base('DNS', '.example.org')]), dns('a.example.org'), true],
    ['the base of a base with a dot', constraints([base('DNS', '.example.org')]), dns('example.org'), false],
    ['an empty base', constraints([base('DNS', '')]), dns('a.b'), true],
    ['a mailbox', constraints([base('email', 'a@example.org')]), email('a@EXAMPLE.org'), true],
    ['another mailbox', constraints([base('email', 'a@example.org')]), email('b@example.org'), false],
    ['a mailbox of a host', constraints([base('email', 'example.org')]), email('b@example.org'), true],
    [
      'a mailbox of a host below',
      constraints([base('email', 'example.org')]),
      email('b@x.example.org'),
      false,
    ],
    ['a mailbox of a domain', constraints([base('email', '.example.org')]), email('b@x.example.org'), true],
    ['a URI of a host', constraints([base('URI', 'example.org')]), uri('https://example.org:8/x'), true],
    [
      'a URI of a host below',
      constraints([base('URI', 'example.org')]),
      uri('https://x.example.org/'),
      false,
    ],
    ['a URI of a domain', constraints([base('URI', '.example.org')]), uri('https://x.example.org/'), true],
    ['a URI without a host', constraints([base('URI', 'example.org')]), uri('urn:x'), false],
    [
      'a URI of another host than the excluded',
      constraints([], [base('URI', 'a.org')]),
      uri('https://b.org/'),
      true,
    ],
    ['an address in the network', constraints([network('10.0.0.0', '255.0.0.0')]), ip('10.1.2.3'), true],
    ['an address outside', constraints([network('10.0.0.0', '255.0.0.0')]), ip('11.1.2.3'), false],
    [
      'an address of the other version',
      constraints([network('10.0.0.0', '255.0.0.0')]),
      ip('fe80::1'),
      false,
    ],
    ['an address in the network, version 6', constraints([network('fe80::', 'ffff::')]), ip('fe80::1'), true],
    ['a directory name below the base', constraints([base('DirName', 'O=x')]), [], true, 'CN=leaf,O=X'],
    ['a directory name elsewhere', constraints([base('DirName', 'O=x')]), [], false, 'CN=leaf,O=y'],
    ['an excluded directory name', constraints([], [base('DirName', 'O=x')]), [], false, 'CN=leaf,O=x'],
    [
      'a mail address in the subject',
      constraints([base('email', 'example.org')]),
      [],
      false,
      'emailAddress=a@b.net',
    ],
  ];
  for (const [what, constraint, names, expected, subject] of rows) {
    it(`${expected ? 'allow' : 'refuse'} ${what}, and openssl agrees`, () => {
      assert.deepEqual(judged(constraint, names, subject), [expected, true]);
    });
  }

  it('refuse a URI without a host name wherever URIs are constrained (RFC 5280 4.2.1.10)', () => {
    const limited = caWith([constraints([], [base('URI', 'example.org')])]);
    for (const value of ['urn:x', 'https://192.0.2.1/', 'https://[fe80::1]/']) {
      const leaf = issue({ subject: 'CN=leaf', extensions: [make.subjectAltName(uri(value))] }, limited);
      assert.match(told(judge({ leaf, untrusted: [limited], trusted: [root] })), /^name-constraints/);
    }
  });

  it('look at the host of a URI (RFC 3986 3.2), where openssl takes the user for a part of it', () => {
    const ofHost = constraints([base('URI', 'example.org')]);
    assert.deepEqual(judged(ofHost, uri('https://user@example.org/')), [true, false]);
    assert.deepEqual(judged(ofHost, uri('https://example.org@other.net/')), [false, true]);
  });

  it('refuse a wildcard that stands for an excluded host', () => {
    assert.equal(judged(constraints([], [base('DNS', 'a.example.org')]), dns('*.example.org'))[0], false);
    assert.equal(judged(constraints([], [base('DNS', 'a.b.example.org')]), dns('*.example.org'))[0], true);
  });

  it('refuse a base with a distance, which nobody processes', () => {
    const distant: ExtensionTemplate = {
      oid: '2.5.29.30',
      critical: true,
      der: asn1.sequence(
        asn1.contextConstructed(
          1,
          asn1.sequence(base('DNS', 'x.net'), asn1.contextPrimitive(0, Uint8Array.of(2))),
        ),
      ),
    };
    assert.equal(judged(distant, dns('a.example.org'))[0], false);
  });

  it('refuse a mask that is no prefix and a constraint without any subtree', () => {
    for (const constraint of [constraints([network('10.0.0.0', '255.0.255.0')]), constraints([])]) {
      const limited = caWith([constraint]);
      const leaf = issue({ subject: 'CN=leaf' }, limited);
      assert.equal(told(judge({ leaf, untrusted: [limited], trusted: [root] })), 'malformed ca');
    }
  });

  it('end in time where thousands of names meet thousands of constraints', () => {
    const many = (prefix: string): Uint8Array[] =>
      Array.from({ length: 2000 }, (_, index) => base('DNS', `${prefix}${index}.example.org`));
    const took = processorClock();
    const [isValid] = judged(
      constraints([], many('x')),
      Array.from({ length: 2000 }, (_, index) => ({ type: 'DNS', value: `y${index}.example.org` })),
    );
    assert.equal(isValid, false);
    assert.ok(took() < 2000);
  });
});

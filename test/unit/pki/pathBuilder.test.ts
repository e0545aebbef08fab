import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import * as asn1 from '../../../src/pki/asn1.js';
import { type Certificate, readCertificate } from '../../../src/pki/certificate.js';
import * as make from '../../../src/pki/extensionMakers.js';
import { type ExtensionTemplate } from '../../../src/pki/extensionMakers.js';
import { type GeneralNameInput, addressOctets, encodeGeneralName } from '../../../src/pki/generalName.js';
import { KeyPurpose } from '../../../src/pki/oids.js';
import { type PathVerdict, findPath } from '../../../src/pki/pathBuilder.js';
import { type PathUsage } from '../../../src/pki/pathValidation.js';
import { encodePem } from '../../../src/pki/pem.js';
import { openssl, temporaryFolder } from './opensslTool.js';
import { type Issued, type TestKey, issue, newKey } from './testAuthority.js';

const at = new Date('2030-06-01T00:00:00Z');

interface Case {
  readonly leaf: Issued;
  readonly untrusted?: readonly Issued[];
  readonly trusted: readonly Issued[];
  readonly usage?: PathUsage;
  readonly at?: Date;
}

function judge(given: Case): PathVerdict {
  return findPath({
    leaf: given.leaf.certificate,
    untrusted: (given.untrusted ?? []).map(({ certificate }) => certificate),
    trusted: given.trusted.map(({ certificate }) => certificate),
    at: given.at ?? at,
    usage: given.usage ?? 'any',
  });
}

/** `valid`, or the reason and the subject of the certificate that it is about. */
function told(verdict: PathVerdict): string {
  return verdict.isValid
    ? `valid ${verdict.path.length}`
    : `${verdict.reason} ${verdict.certificate.subject.rdns.map(([first]) => first?.value).join()}`;
}

/** What openssl says about the same certificates. */
function opensslAgrees(folder: ReturnType<typeof temporaryFolder>, given: Case): boolean {
  const pem = (all: readonly Issued[]): string =>
    all.map(({ certificate }) => encodePem('CERTIFICATE', certificate.der)).join('');
  const leaf = folder.write('leaf.pem', pem([given.leaf]));
  const trusted = folder.write('trusted.pem', pem(given.trusted));
  const untrusted = folder.write('untrusted.pem', pem(given.untrusted ?? []));
  const usage = given.usage ?? 'any';
  const purpose = usage === 'any' ? [] : ['-purpose', usage === 'clientAuth' ? 'sslclient' : 'sslserver'];
  try {
    openssl([
      ...['verify', '-partial_chain', '-attime', String((given.at ?? at).getTime() / 1000), ...purpose],
      ...['-CAfile', trusted, ...((given.untrusted ?? []).length > 0 ? ['-untrusted', untrusted] : []), leaf],
    ]);
    return judge(given).isValid;
  } catch {
    return !judge(given).isValid;
  }
}

const root = issue({ subject: 'CN=root', isCa: true });
const ca = issue({ subject: 'CN=ca', isCa: true }, root);

/** A CA below the root with these extensions instead of the usual ones. */
function caWith(extensions: readonly ExtensionTemplate[], key: TestKey = newKey()): Issued {
  return issue(
    {
      subject: 'CN=ca',
      key,
      onlyExtensions: [
        make.basicConstraints({ isCa: true }),
        make.keyUsage(['keyCertSign']),
        make.subjectKeyIdentifier(key.spki),
        ...extensions,
      ],
    },
    root,
  );
}

const noCa = issue({ subject: 'CN=ca', onlyExtensions: [make.keyUsage(['keyCertSign'])] }, root);
const noSigner = issue(
  {
    subject: 'CN=ca',
    onlyExtensions: [make.basicConstraints({ isCa: true }), make.keyUsage(['digitalSignature'])],
  },
  root,
);

describe('judging a path', () => {
  const folder = temporaryFolder();
  const clientOnly = [make.extendedKeyUsage([KeyPurpose.clientAuth])];
  const serverOnly = [make.extendedKeyUsage([KeyPurpose.serverAuth])];
  const unknown = { oid: '1.2.3.4.5', critical: true, der: asn1.nullValue() };
  const limited = issue({ subject: 'CN=limited', isCa: true, pathLength: 0 }, root);
  const below = issue({ subject: 'CN=below', isCa: true }, limited);
  const sameName = issue({ subject: 'CN=limited', isCa: true }, limited);
  const limitedRoot = issue({ subject: 'CN=limited root', isCa: true, pathLength: 0 });
  const belowLimitedRoot = issue({ subject: 'CN=below root', isCa: true }, limitedRoot);
  const forger = issue({ subject: 'CN=ca', isCa: true });
  const serverCa = caWith(serverOnly);
  const anyCa = caWith([make.extendedKeyUsage([KeyPurpose.any])]);
  const leafOf = (issuer: Issued, extensions: readonly ExtensionTemplate[] = []): Issued =>
    issue({ subject: 'CN=leaf', extensions }, issuer);

  const cases: readonly (readonly [string, Case, string])[] = [
    ['a whole chain', { leaf: leafOf(ca), untrusted: [ca], trusted: [root] }, 'valid 3'],
    ['an intermediate that is trusted itself', { leaf: leafOf(ca), trusted: [ca] }, 'valid 2'],
    ['a leaf that is trusted itself', ((leaf) => ({ leaf, trusted: [leaf] }))(leafOf(ca)), 'valid 1'],
    ['a missing intermediate', { leaf: leafOf(ca), trusted: [root] }, 'no-path leaf'],
    ['an untrusted root', { leaf: leafOf(ca), untrusted: [ca, root], trusted: [forger] }, 'no-path root'],
    ['a forged issuer', { leaf: leafOf(forger), untrusted: [ca], trusted: [root] }, 'bad-signature leaf'],
    ['an issuer that is no CA', { leaf: leafOf(noCa), untrusted: [noCa], trusted: [root] }, 'not-a-ca ca'],
    [
      'an issuer that may not sign certificates',
      { leaf: leafOf(noSigner), untrusted: [noSigner], trusted: [root] },
      'key-usage ca',
    ],
    [
      'too many CAs below one',
      { leaf: leafOf(below), untrusted: [below, limited], trusted: [root] },
      'path-length below',
    ],
    [
      'a self-issued CA, which does not count',
      { leaf: leafOf(sameName), untrusted: [sameName, limited], trusted: [root] },
      'valid 4',
    ],
    [
      'too many CAs below a limited root',
      { leaf: leafOf(belowLimitedRoot), untrusted: [belowLimitedRoot], trusted: [limitedRoot] },
      'path-length below root',
    ],
    [
      'a critical extension that nobody knows',
      { leaf: leafOf(ca, [unknown]), untrusted: [ca], trusted: [root] },
      'unknown-critical-extension leaf',
    ],
    [
      'one that is not critical',
      { leaf: leafOf(ca, [{ ...unknown, critical: false }]), untrusted: [ca], trusted: [root] },
      'valid 3',
    ],
    [
      'client authentication asked and given',
      { leaf: leafOf(ca, clientOnly), untrusted: [ca], trusted: [root], usage: 'clientAuth' },
      'valid 3',
    ],
    [
      'client authentication asked and not given',
      { leaf: leafOf(ca, serverOnly), untrusted: [ca], trusted: [root], usage: 'clientAuth' },
      'extended-key-usage leaf',
    ],
    [
      'client authentication asked and nothing said',
      { leaf: leafOf(ca), untrusted: [ca], trusted: [root], usage: 'clientAuth' },
      'valid 3',
    ],
    [
      'a CA for servers only',
      { leaf: leafOf(serverCa, clientOnly), untrusted: [serverCa], trusted: [root], usage: 'clientAuth' },
      'extended-key-usage ca',
    ],
    [
      'a CA for servers only, and nothing asked',
      { leaf: leafOf(serverCa), untrusted: [serverCa], trusted: [root] },
      'valid 3',
    ],
    [
      'server authentication with any purpose in the CA',
      { leaf: leafOf(anyCa, serverOnly), untrusted: [anyCa], trusted: [root], usage: 'serverAuth' },
      'valid 3',
    ],
    [
      'an hour before the time',
      { leaf: leafOf(ca), untrusted: [ca], trusted: [root], at: new Date('2019-12-31T23:00:00Z') },
      'not-yet-valid root',
    ],
    [
      'the first second',
      { leaf: leafOf(ca), untrusted: [ca], trusted: [root], at: new Date('2020-01-01T00:00:00Z') },
      'valid 3',
    ],
    [
      'an hour after the time',
      { leaf: leafOf(ca), untrusted: [ca], trusted: [root], at: new Date('2040-01-01T01:00:00Z') },
      'expired root',
    ],
  ];
  for (const [what, given, expected] of cases) {
    it(`tells ${what} as ${expected}, and openssl agrees`, () => {
      assert.equal(told(judge(given)), expected);
      assert.ok(opensslAgrees(folder, given));
    });
  }

  it('refuses key usages that do not fit the purpose', () => {
    const leaf = issue({ subject: 'CN=leaf', onlyExtensions: [make.keyUsage(['dataEncipherment'])] }, ca);
    const given: Case = { leaf, untrusted: [ca], trusted: [root], usage: 'clientAuth' };
    assert.equal(told(judge(given)), 'key-usage leaf');
    assert.ok(opensslAgrees(folder, given));
    assert.equal(told(judge({ ...given, usage: 'any' })), 'valid 3');
  });

  for (const oid of ['2.5.29.14', '2.5.29.35', '1.3.6.1.5.5.7.1.1']) {
    it(`refuses the extension ${oid} where it is critical`, () => {
      const leaf = issue(
        { subject: 'CN=leaf', onlyExtensions: [{ oid, critical: true, der: asn1.sequence() }] },
        ca,
      );
      assert.match(
        told(judge({ leaf, untrusted: [ca], trusted: [root] })),
        /^(unknown-critical-extension|malformed) leaf$/,
      );
    });
  }

  const broken: readonly (readonly [string, readonly ExtensionTemplate[]])[] = [
    ['an extension twice', [make.keyUsage(['digitalSignature']), make.keyUsage(['digitalSignature'])]],
    ['a key usage that is no BIT STRING', [{ oid: '2.5.29.15', critical: true, der: asn1.nullValue() }]],
    ['an empty alternative name', [{ oid: '2.5.29.17', critical: false, der: asn1.sequence() }]],
    [
      'an address of five bytes',
      [
        {
          oid: '2.5.29.17',
          critical: false,
          der: asn1.sequence(asn1.contextPrimitive(7, new Uint8Array(5))),
        },
      ],
    ],
    [
      'a negative path length',
      [{ oid: '2.5.29.19', critical: true, der: asn1.sequence(asn1.boolean(true), asn1.integer(-1)) }],
    ],
    ['an empty extended key usage', [{ oid: '2.5.29.37', critical: false, der: asn1.sequence() }]],
  ];
  for (const [what, onlyExtensions] of broken) {
    it(`refuses ${what}`, () => {
      const leaf = issue({ subject: 'CN=leaf', onlyExtensions }, ca);
      assert.match(
        told(judge({ leaf, untrusted: [ca], trusted: [root] })),
        /^(malformed|extended-key-usage) leaf$/,
      );
    });
  }

  it('refuses a certificate whose signature was changed, and names it', () => {
    const leaf = leafOf(ca);
    const der = Uint8Array.from(leaf.certificate.der);
    der[der.length - 5] = (der.at(-5) ?? 0) ^ 1;
    const changed = { certificate: readCertificate(der), key: leaf.key };
    assert.equal(told(judge({ leaf: changed, untrusted: [ca], trusted: [root] })), 'bad-signature leaf');
  });

  it('refuses short keys and old hashes, and warns of those that are merely old', () => {
    const rsa = (bits: number): TestKey => {
      const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: bits });
      return { privateKey, spki: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })) };
    };
    const short = issue({ subject: 'CN=short', key: rsa(768) }, ca);
    assert.equal(told(judge({ leaf: short, untrusted: [ca], trusted: [root] })), 'weak short');
    const old = issue({ subject: 'CN=old', key: rsa(1024) }, ca);
    const verdict = judge({ leaf: old, untrusted: [ca], trusted: [root] });
    assert.ok(verdict.isValid);
    assert.deepEqual(
      verdict.warnings.map(({ finding }) => finding),
      [{ weakness: 'rsa-size', level: 'weak', what: 'RSA:1024' }],
    );
  });

  it('checks a DSA key that inherits the parameters of its issuer', () => {
    const dsa = (inherit: boolean): TestKey => {
      const { privateKey, publicKey } = generateKeyPairSync('dsa', {
        modulusLength: 1024,
        divisorLength: 160,
      });
      const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
      const [, bits] = asn1.readAsn1(spki).children;
      return {
        privateKey,
        spki: inherit
          ? asn1.sequence(asn1.sequence(asn1.oid('1.2.840.10040.4.1')), bits?.bytes ?? new Uint8Array())
          : spki,
      };
    };
    // Another key's parameters do not fit, so the signature below it must be refused and nothing else.
    const upper = issue({ subject: 'CN=upper', isCa: true, key: dsa(false) }, root);
    const lower = issue({ subject: 'CN=lower', isCa: true, key: dsa(true) }, upper);
    const leaf = leafOf(lower);
    assert.equal(told(judge({ leaf, untrusted: [upper, lower], trusted: [root] })), 'bad-signature leaf');
  });
});

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
    ['a URI of a host', constraints([base('URI', 'example.org')]), uri('https://u@example.org:8/x'), true],
    [
      'a URI of a host below',
      constraints([base('URI', 'example.org')]),
      uri('https://x.example.org/'),
      false,
    ],
    ['a URI of a domain', constraints([base('URI', '.example.org')]), uri('https://x.example.org/'), true],
    ['a URI without a host', constraints([base('URI', 'example.org')]), uri('urn:x'), false],
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
    const started = performance.now();
    const [isValid] = judged(
      constraints([], many('x')),
      Array.from({ length: 2000 }, (_, index) => ({ type: 'DNS', value: `y${index}.example.org` })),
    );
    assert.equal(isValid, false);
    assert.ok(performance.now() - started < 2000);
  });
});

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

  it('finds the right one among 300 intermediates of one name, in time', () => {
    const lookAlikes = Array.from({ length: 300 }, (_, index) =>
      issue({ subject: 'CN=ca', isCa: true, serialNumber: index + 1 }, root),
    );
    const leaf = issue({ subject: 'CN=leaf' }, ca);
    const started = performance.now();
    assert.equal(told(judge({ leaf, untrusted: [...lookAlikes, ca], trusted: [root] })), 'valid 3');
    assert.ok(performance.now() - started < 2000);
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
    const started = performance.now();
    const verdict = findPath({
      leaf: leaf.certificate,
      untrusted: mesh,
      trusted: [root.certificate],
      at,
      usage: 'any',
    });
    assert.equal(verdict.isValid, false);
    assert.ok(performance.now() - started < 2000);
  });
});

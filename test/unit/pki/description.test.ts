import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { readCertificate } from '../../../src/pki/certificate.js';
import { type Description, type DescriptionField, shownText } from '../../../src/pki/description.js';
import { describeCertificate } from '../../../src/pki/descriptionOfCertificate.js';
import { describeKey } from '../../../src/pki/descriptionOfKey.js';
import { describeSigningRequest } from '../../../src/pki/descriptionOfRequest.js';
import { readSigningRequest } from '../../../src/pki/signingRequest.js';
import { openssl, temporaryFolder } from './opensslTool.js';
import { issue } from './testAuthority.js';

const configuration = `
[req]
distinguished_name = name
prompt = no
string_mask = utf8only
[name]
C = DE
O = Müller & Söhne
CN = orders.example
[plain]
basicConstraints = critical,CA:TRUE,pathlen:2
keyUsage = critical,keyCertSign,cRLSign,digitalSignature
extendedKeyUsage = clientAuth,serverAuth,1.2.3.4
subjectKeyIdentifier = hash
subjectAltName = DNS:orders.example,IP:10.1.2.3,IP:2001:db8::1,email:a@orders.example,URI:https://orders.example/x,RID:1.2.3,dirName:other
issuerAltName = DNS:issuer.example
crlDistributionPoints = point
authorityInfoAccess = OCSP;URI:http://ocsp.example,caIssuers;URI:http://ca.example/ca.cer
certificatePolicies = 2.23.140.1.2.2,@policy
policyConstraints = requireExplicitPolicy:3,inhibitPolicyMapping:1
inhibitAnyPolicy = 2
nameConstraints = permitted;DNS:.example,excluded;IP:10.0.0.0/255.0.0.0
tlsfeature = status_request
nsComment = made by hand
nsCertType = client,sslCA
1.3.6.1.4.1.311.20.2 = ASN1:BMPSTRING:WebServer
1.3.6.1.4.1.311.21.1 = ASN1:INTEGER:131074
1.2.3.4.5 = ASN1:UTF8String:something
1.2.3.4.6 = DER:0102ff
[other]
CN = Someone Else
[point]
fullname = URI:http://crl.example/list.crl
reasons = keyCompromise,superseded
[policy]
policyIdentifier = 1.3.5.8
CPS.1 = http://cps.example
userNotice.1 = @notice
[notice]
explicitText = UTF8:Read me
`;

const keyArguments: readonly (readonly [name: string, args: readonly string[]])[] = [
  ['rsa', ['-newkey', 'rsa:2048']],
  ['ec', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384']],
  ['ed25519', ['-newkey', 'ed25519']],
  ['ed448', ['-newkey', 'ed448']],
  [
    'pss',
    ['-newkey', 'rsa:2048', '-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:32', '-sha256'],
  ],
];

function groupOf({ groups }: Description, id: string): readonly DescriptionField[] {
  return groups.find((group) => group.id === id)?.fields ?? [];
}

function byOid(fields: readonly DescriptionField[], oid: string): DescriptionField {
  const found = fields.find((candidate) => candidate.oid === oid);
  assert.ok(found, `a field with the number ${oid}`);
  return found;
}

function flat(fields: readonly DescriptionField[]): readonly DescriptionField[] {
  return fields.flatMap((field) => [field, ...flat(field.children ?? [])]);
}

function values(description: Description): readonly string[] {
  return description.groups.flatMap(({ fields }) => flat(fields)).map(({ value }) => value);
}

function problems(description: Description): readonly string[] {
  return description.groups
    .flatMap(({ fields }) => flat(fields))
    .flatMap(({ problem }) => (problem === undefined ? [] : [problem]));
}

describe('description', () => {
  const folder = temporaryFolder();
  const config = folder.write('openssl.cnf', configuration);

  const make = (name: string, args: readonly string[]): { der: Uint8Array; text: string } => {
    const certificate = folder.path(`${name}.der`);
    openssl([
      ...['req', '-x509', '-utf8', '-nodes', '-days', '10', '-config', config, '-extensions', 'plain'],
      ...['-keyout', folder.path(`${name}.key`), '-outform', 'DER', '-out', certificate, ...args],
    ]);
    const text = openssl([
      'x509',
      '-inform',
      'DER',
      '-in',
      certificate,
      '-noout',
      '-text',
      '-nameopt',
      'utf8',
    ]);
    return { der: folder.read(`${name}.der`), text: text.toString('utf8') };
  };

  for (const [name, args] of keyArguments) {
    it(`says of a certificate with ${name} what openssl says`, () => {
      const { der, text } = make(name, args);
      const description = describeCertificate(readCertificate(der));
      assert.deepEqual(problems(description), []);
      const isCheckable = name !== 'ed448' || hasEd448();
      assert.equal(description.notes.length > 0, !isCheckable);
      assert.equal(description.title, 'orders.example');
      const hexOf = (pattern: RegExp): string =>
        (pattern.exec(text)?.[1] ?? 'missing').replace(/[\s:]/g, '').toUpperCase().replace(/^0+/, '');
      const has = (hex: string): boolean =>
        values(description).some((value) => value.replaceAll(':', '').replace(/^0+/, '') === hex);
      // Serial number, key and signature byte by byte.
      const serial = /Serial Number:\s*([0-9a-f:]+)\n/;
      assert.ok(has(hexOf(serial)), 'serial number');
      assert.ok(has(hexOf(/(?:Modulus|pub):\s*((?:[0-9a-f]{2}:?\s*)+)\n/)), 'key');
      assert.ok(has(hexOf(/((?:[0-9a-f]{2}:\s*)*[0-9a-f]{2})\s*$/)), 'signature');
      const signature = byLabel(groupOf(description, 'signature'), 'Made with its own key');
      assert.equal(signature.value, isCheckable ? 'Yes, checked' : 'Cannot be checked here');
      const date = (pattern: RegExp): string =>
        new Date(pattern.exec(text)?.[1] ?? '').toISOString().replace('T', ' ').replace('.000Z', ' UTC');
      const [notBefore, notAfter] = groupOf(description, 'validity');
      assert.equal(notBefore?.value, date(/Not Before: (.*)/));
      assert.equal(notAfter?.value, date(/Not After : (.*)/));
      const fingerprint = openssl(['x509', '-inform', 'DER', '-noout', '-fingerprint', '-sha256'], der);
      assert.equal(
        groupOf(description, 'fingerprints')[0]?.value,
        fingerprint.toString().trim().replace(/^.*=/, ''),
      );
    });
  }

  it('takes every extension apart', () => {
    const { der } = make('extensions', ['-newkey', 'rsa:2048']);
    const description = describeCertificate(readCertificate(der));
    const extensions = groupOf(description, 'extensions');
    const of = (oid: string): readonly string[] =>
      flat(byOid(extensions, oid).children ?? []).flatMap(({ label, value }) => [`${label}: ${value}`]);
    assert.deepEqual(of('2.5.29.19'), [
      'Certification authority: Yes',
      'Certification authorities below it at most: 2',
    ]);
    assert.equal(byOid(extensions, '2.5.29.19').critical, true);
    assert.equal(byOid(extensions, '2.5.29.17').critical, false);
    assert.deepEqual(
      of('2.5.29.17').filter((line) => !line.startsWith('CN')),
      [
        'DNS name: orders.example',
        'IP address: 10.1.2.3',
        'IP address: 2001:db8::1',
        'Email address: a@orders.example',
        'URI: https://orders.example/x',
        'Registered ID: 1.2.3',
        'Directory name: CN=Someone Else',
      ],
    );
    assert.deepEqual(of('2.5.29.15'), ['Usage: digitalSignature', 'Usage: keyCertSign', 'Usage: cRLSign']);
    assert.equal(of('2.5.29.37').length, 3);
    assert.ok(of('2.5.29.37').includes('Purpose: 1.2.3.4'));
    assert.deepEqual(of('2.5.29.31').slice(1), [
      'URI: http://crl.example/list.crl',
      'Reasons: keyCompromise, superseded',
    ]);
    assert.deepEqual(of('1.3.6.1.5.5.7.1.1'), [
      'Method: OCSP',
      'URI: http://ocsp.example',
      'Method: caIssuers',
      'URI: http://ca.example/ca.cer',
    ]);
    assert.ok(of('2.5.29.32').includes('Policy: CA/Browser Forum: organization validated'));
    assert.ok(of('2.5.29.32').includes('Practice statement (CPS): http://cps.example'));
    assert.ok(of('2.5.29.32').includes('Text: Read me'));
    assert.deepEqual(
      of('2.5.29.36').map((line) => line.replace(/^.*: /, '')),
      ['3', '1'],
    );
    assert.ok(of('2.5.29.30').some((line) => line.startsWith('DNS name: ')));
    assert.deepEqual(of('1.3.6.1.5.5.7.1.24'), ['Feature: status_request']);
    assert.deepEqual(of('2.16.840.1.113730.1.13'), ['Text: made by hand']);
    assert.deepEqual(of('2.16.840.1.113730.1.1'), ['Type: SSL Client', 'Type: SSL CA']);
    assert.deepEqual(of('1.3.6.1.4.1.311.20.2'), ['Template: WebServer']);
    assert.equal(of('1.3.6.1.4.1.311.21.1')[0], 'Version: V2.2');
    assert.equal(of('1.2.3.4.5')[0], 'Text: something');
    assert.deepEqual(of('1.2.3.4.6'), ['Value: 01:02:FF']);
  });

  it('makes hidden characters visible and keeps the value as it is', () => {
    const { certificate } = issue({ subject: 'CN=pay\u202Eslirp\u200B.example' });
    const description = describeCertificate(certificate);
    assert.equal(description.title, 'pay<U+202E>slirp<U+200B>.example');
    const common = byOid(groupOf(description, 'subject'), '2.5.4.3');
    assert.equal(common.value, 'pay\u202Eslirp\u200B.example');
    assert.equal(common.shown, 'pay<U+202E>slirp<U+200B>.example');
    for (const { label, value, shown } of description.groups.flatMap(({ fields }) => flat(fields))) {
      assert.doesNotMatch(label + (shown ?? value), /[\u202E\u200B\p{Cc}]/u);
    }
  });

  it('shows a certificate that the library refuses, and says so', () => {
    const { certificate } = issue({ subject: 'CN=refused.example' });
    // A key of a kind that nobody has: the whole is still ASN.1.
    const der = Uint8Array.from(certificate.der);
    const oid = Buffer.from('2a8648ce3d0201', 'hex');
    const at = Buffer.from(der).indexOf(oid);
    assert.ok(at > 0);
    der[at + 6] = 0x7f;
    const description = describeCertificate(readCertificate(der));
    assert.equal(description.title, 'refused.example');
    assert.ok(description.notes.some((note) => note.includes('cannot be checked here')));
    assert.ok(groupOf(description, 'publicKey').length > 1);
  });

  it('says of a signing request what openssl says', () => {
    const path = folder.path('request.der');
    const request = folder.write(
      'request.cnf',
      `[req]\ndistinguished_name=n\nattributes=a\nreq_extensions=x\nprompt=no\n[n]\nCN=partner\n[a]\nchallengePassword=sesame\n[x]\nsubjectAltName=DNS:partner.example\nextendedKeyUsage=clientAuth\n`,
    );
    openssl([
      ...['req', '-new', '-newkey', 'ed25519', '-nodes', '-config', request],
      ...['-keyout', folder.path('request.key'), '-outform', 'DER', '-out', path],
    ]);
    const der = folder.read('request.der');
    const description = describeSigningRequest(readSigningRequest(der));
    assert.equal(description.title, 'partner');
    assert.deepEqual(description.notes, []);
    assert.deepEqual(problems(description), []);
    assert.equal(byOid(groupOf(description, 'attributes'), '1.2.840.113549.1.9.7').value, 'sesame');
    const alternative = byOid(groupOf(description, 'extensions'), '2.5.29.17');
    assert.equal(alternative.children?.[0]?.value, 'partner.example');
    const changed = Uint8Array.from(der);
    const name = Buffer.from(der).indexOf('partner');
    changed[name] = 0x71;
    const broken = describeSigningRequest(readSigningRequest(changed));
    assert.match(broken.notes.join(), /does not fit/);
  });

  it('describes a key by its public part alone', () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
    const description = describeKey({ spki, isPrivate: true, encrypted: true });
    assert.equal(description.title, 'Private key: RSA, 2048 bits');
    const { d, n } = privateKey.export({ format: 'jwk' });
    const text = JSON.stringify(description).replaceAll(':', '').toLowerCase();
    assert.ok(text.includes(Buffer.from(n ?? '', 'base64url').toString('hex')));
    assert.ok(!text.includes(Buffer.from(d ?? '', 'base64url').toString('hex')));
  });

  it('cuts what is too long to show, and says so', () => {
    const shown = shownText('a'.repeat(100_000));
    assert.ok(shown.length < 5000);
    assert.match(shown, /100000|100,000/);
  });
});

/** Desktop hosts are built on a library without this curve. */
function hasEd448(): boolean {
  try {
    generateKeyPairSync('ed448');
    return true;
  } catch {
    return false;
  }
}

function byLabel(fields: readonly DescriptionField[], label: string): DescriptionField {
  const found = fields.find((field) => field.label === label);
  assert.ok(found, label);
  return found;
}

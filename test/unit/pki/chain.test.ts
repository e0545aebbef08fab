import assert from 'node:assert/strict';
import fc from 'fast-check';
import { KeystoreError } from '../../../src/errors.js';
import { type Certificate } from '../../../src/pki/certificate.js';
import { isIssuedBy, isSelfSigned, orderChain } from '../../../src/pki/chain.js';
import { encodePem } from '../../../src/pki/pem.js';
import { writeCertificatesOnly } from '../../../src/pki/pkcs7.js';
import { writePkiPath } from '../../../src/pki/pkiPath.js';
import { readSigningResponse } from '../../../src/pki/signingResponse.js';
import { processorClock } from '../../support/processorClock.js';
import { openssl } from './opensslTool.js';
import { type Issued, issue, issueChain, newKey } from './testAuthority.js';
import { zip } from './testZip.js';

const { root, intermediate, leaf } = issueChain();
const stranger = issueChain('Other');
const certificates = (...issued: readonly Issued[]): Certificate[] =>
  issued.map(({ certificate }) => certificate);
const names = (list: readonly Certificate[]): string[] => list.map(({ sha256 }) => sha256);

describe('ordering a chain', () => {
  const right = certificates(leaf, intermediate, root);

  it('finds the order from every other', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2], { minLength: 3 }), (order) => {
        const given = order.flatMap((index) => right[index] ?? []);
        const found = orderChain(given);
        assert.deepEqual(names(found.chain), names(right));
        assert.deepEqual(found.strangers, []);
        assert.equal(found.missingIssuer, undefined);
      }),
    );
  });

  it('names the issuer that is missing at the end and in the middle', () => {
    assert.equal(orderChain(certificates(intermediate, leaf)).missingIssuer, 'CN=Test Root,O=Example,C=DE');
    const gap = orderChain(certificates(root, leaf));
    assert.equal(gap.missingIssuer, 'CN=Test Issuing CA,O=Example,C=DE');
    assert.deepEqual(names(gap.chain), names(certificates(leaf)));
    assert.deepEqual(names(gap.strangers), names(certificates(root)));
  });

  it('sets strangers aside and counts duplicates', () => {
    const found = orderChain(
      certificates(stranger.root, root, leaf, leaf, intermediate, root, stranger.intermediate),
    );
    assert.deepEqual(names(found.chain), names(right));
    assert.deepEqual(names(found.strangers), names(certificates(stranger.root, stranger.intermediate)));
    assert.equal(found.duplicates, 2);
  });

  it('takes the certificate with the wanted key for the leaf', () => {
    const found = orderChain(certificates(leaf, stranger.leaf, root, intermediate), {
      leafSpkiSha256: stranger.leaf.certificate.spkiSha256,
    });
    assert.equal(found.leaf, stranger.leaf.certificate);
    assert.equal(found.missingIssuer, 'CN=Other Issuing CA,O=Example,C=DE');
  });

  it('prefers the signed certificate to the self-signed one with the same key', () => {
    const own = issue({ subject: 'CN=own', key: leaf.key });
    assert.equal(
      orderChain(certificates(own, leaf), { leafSpkiSha256: own.certificate.spkiSha256 }).leaf,
      leaf.certificate,
    );
  });

  it('knows issuers of one name apart by their keys', () => {
    const twin = issue({ subject: 'CN=Test Issuing CA,O=Example,C=DE', isCa: true }, root);
    const found = orderChain(certificates(twin, root, intermediate, leaf));
    assert.deepEqual(names(found.chain), names(right));
    assert.deepEqual(names(found.strangers), names(certificates(twin)));
  });

  it('ends in the root where a cross certificate of it lies beside it', () => {
    const cross = issue({ subject: 'CN=Test Root,O=Example,C=DE', key: root.key, isCa: true }, stranger.root);
    for (const given of [
      certificates(cross, root, intermediate, leaf),
      certificates(root, cross, leaf, intermediate),
    ]) {
      assert.deepEqual(names(orderChain(given).chain), names(right));
    }
  });

  it('comes out of a circle of issuers', () => {
    const keyA = newKey();
    const keyB = newKey();
    const selfA = issue({ subject: 'CN=A', key: keyA, isCa: true });
    const selfB = issue({ subject: 'CN=B', key: keyB, isCa: true });
    const a = issue({ subject: 'CN=A', key: keyA, isCa: true }, selfB);
    const b = issue({ subject: 'CN=B', key: keyB, isCa: true }, selfA);
    const end = issue({ subject: 'CN=end' }, a);
    const found = orderChain(certificates(b, end, a));
    assert.deepEqual(names(found.chain), names(certificates(end, a, b)));
    assert.equal(found.missingIssuer, 'CN=A');
    assert.equal(orderChain(certificates(b, a)).chain.length, 2);
  });

  it('gives up with budget where hundreds look like the issuer', () => {
    const one = issue({ subject: 'CN=CA', isCa: true });
    const child = issue({ subject: 'CN=child' }, one);
    const lookAlikes = Array.from({ length: 250 }, (_, index) => {
      const { certificate } = issue({
        subject: 'CN=CA',
        isCa: true,
        serialNumber: index,
        onlyExtensions: [],
      });
      return certificate;
    });
    assert.throws(
      () => orderChain([child.certificate, ...lookAlikes]),
      (error) => KeystoreError.is(error, 'budget'),
    );
  });

  it('sorts or refuses thousands of few names in little time', () => {
    const [a, b] = ['CN=A', 'CN=B'].map((subject) => issue({ subject, isCa: true }));
    assert.ok(a !== undefined && b !== undefined);
    const copies = (one: Issued): Certificate[] =>
      Array.from({ length: 2500 }, (_, index) => ({
        ...one.certificate,
        sha256: `${one.certificate.sha256}${index}`,
      }));
    const inTurn = [
      ...copies(issue({ subject: 'CN=A', isCa: true }, b)),
      ...copies(issue({ subject: 'CN=B', isCa: true }, a)),
    ];
    const leaves = [...copies(issue({ subject: 'CN=leaf' }, a)), ...copies(a)];
    for (const many of [inTurn, leaves]) {
      const took = processorClock();
      try {
        orderChain(many);
      } catch (error) {
        assert.ok(KeystoreError.is(error, 'budget'), String(error));
      }
      const ms = took();
      assert.ok(ms < 5000, `${Math.round(ms)} ms`);
    }
  });

  it('has nothing to order in nothing', () => {
    assert.deepEqual(orderChain([]), {
      ...{ leaf: undefined, chain: [], strangers: [], duplicates: 0, missingIssuer: undefined },
    });
  });

  it('tells who issued whom by the signature, not by the name', () => {
    const twin = issue({ subject: 'CN=Test Root,O=Example,C=DE', isCa: true });
    assert.ok(isSelfSigned(root.certificate));
    assert.ok(!isSelfSigned(leaf.certificate));
    assert.ok(isIssuedBy(intermediate.certificate, root.certificate));
    assert.ok(!isIssuedBy(intermediate.certificate, twin.certificate));
    assert.ok(!isIssuedBy(leaf.certificate, root.certificate));
  });
});

describe('a signing response', () => {
  const ders = certificates(leaf, intermediate, root).map(({ der }) => der);
  const pem = ders.map((der) => encodePem('CERTIFICATE', der)).join('');
  const pkcs7 = writeCertificatesOnly(ders);
  const text = (value: string, encoding: BufferEncoding = 'utf8'): Uint8Array =>
    new Uint8Array(Buffer.from(value, encoding));

  const asIs: readonly (readonly [string, Uint8Array, string | undefined, string | undefined])[] = [
    ['PKCS#7 DER', pkcs7, 'a.p7b', 'application/pkcs7-mime'],
    ['PKCS#7 without a name', pkcs7, undefined, 'application/pkcs7-mime'],
    ['SPC', pkcs7, 'a.SPC', 'application/x-pkcs7-certificates'],
    ['PKCS#7 PEM', text(encodePem('PKCS7', pkcs7)), 'a.p7c', 'application/pkcs7-mime'],
    [
      'PKCS#7 PEM with CRLF',
      text(encodePem('PKCS7', pkcs7).replaceAll('\n', '\r\n')),
      'a.p7c',
      'application/pkcs7-mime',
    ],
    ['PKCS#7 base64', text(Buffer.from(pkcs7).toString('base64')), 'a.p7c', 'application/pkcs7-mime'],
    ['a PKI path', writePkiPath(ders), 'a.pkipath', 'application/pkix-pkipath'],
    ['PEM', text(pem), 'a.pem', undefined],
    ['DER', new Uint8Array(Buffer.concat(ders)), 'a.cer', undefined],
  ];
  for (const [form, bytes, fileName, contentType] of asIs) {
    it(`is sent as it is in the form ${form}`, () => {
      const response = readSigningResponse(bytes, fileName, leaf.certificate.spkiSha256);
      assert.equal(response.body, bytes);
      assert.equal(response.contentType, contentType);
      assert.deepEqual(response.notes, []);
      assert.equal(response.isInOrder, true);
      assert.equal(response.leaf?.sha256, leaf.certificate.sha256);
      assert.equal(response.missingIssuer, undefined);
    });
  }

  const remade: readonly (readonly [string, Uint8Array, string | undefined])[] = [
    ['PEM in UTF-16', text(`\ufeff${pem}`, 'utf16le'), undefined],
    ['PEM with a byte order mark', text(`\ufeff${pem}`), undefined],
    ['PEM among text', text(`Hello\n${pem}`), undefined],
    ['PEM indented', text(pem.replaceAll(/^/gm, '  ')), undefined],
    ['PEM with another label', text(pem.replaceAll(' CERTIFICATE-', ' X509 CERTIFICATE-')), undefined],
    ['base64 of certificates', text(Buffer.concat(ders).toString('base64')), 'application/pkcs7-mime'],
    ['PKCS#7 with a wrong label', text(encodePem('CERTIFICATE', pkcs7)), 'application/pkcs7-mime'],
    [
      'PKCS#7 base64 in UTF-16',
      text(`\ufeff${Buffer.from(pkcs7).toString('base64')}`, 'utf16le'),
      'application/pkcs7-mime',
    ],
    ['ZIP', zip(ders.map((bytes, index) => ({ name: `${index}.cer`, bytes }))), 'application/pkcs7-mime'],
  ];
  for (const [form, bytes, contentType] of remade) {
    it(`is made anew from ${form}, and says so`, () => {
      const response = readSigningResponse(bytes, 'a.txt');
      assert.equal(response.contentType, contentType);
      assert.equal(response.notes.length, 1);
      const again = readSigningResponse(response.body, undefined);
      assert.deepEqual(names(again.certificates), names(certificates(leaf, intermediate, root)));
      assert.deepEqual(again.notes, []);
    });
  }

  it('tells that the order is another, for a PKI path as well', () => {
    assert.equal(readSigningResponse(writeCertificatesOnly([...ders].reverse()), undefined).isInOrder, false);
    assert.equal(readSigningResponse(writePkiPath([...ders].reverse()), undefined).isInOrder, false);
  });

  it('is not in order with a stranger in it', () => {
    const response = readSigningResponse(
      writeCertificatesOnly([...ders, stranger.root.certificate.der]),
      undefined,
    );
    assert.equal(response.isInOrder, false);
    assert.deepEqual(names(response.strangers), names(certificates(stranger.root)));
  });

  it('is written so that openssl lists its certificates', () => {
    const printed = openssl(['pkcs7', '-inform', 'DER', '-print_certs', '-noout'], pkcs7).toString();
    assert.deepEqual(
      [...printed.matchAll(/subject=.*CN ?= ?(.*)/g)].map((match) => match[1]),
      ['Test client', 'Test Issuing CA', 'Test Root'],
    );
  });
});

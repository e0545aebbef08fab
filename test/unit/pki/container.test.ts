import assert from 'node:assert/strict';
import { deflateRawSync } from 'node:zlib';
import { KeystoreError } from '../../../src/errors.js';
import { concatBytes, readAsn1, sequence } from '../../../src/pki/asn1.js';
import type { Certificate } from '../../../src/pki/certificate.js';
import { type ContainerForm, readCertificates } from '../../../src/pki/container.js';
import { readFileContent } from '../../../src/pki/fileContent.js';
import { encodePem } from '../../../src/pki/pem.js';
import { writeCertificatesOnly } from '../../../src/pki/pkcs7.js';
import { writePkiPath } from '../../../src/pki/pkiPath.js';
import { openssl, temporaryFolder } from './opensslTool.js';
import { issueChain } from './testAuthority.js';
import { zip } from './testZip.js';

const { root, intermediate, leaf } = issueChain();
const chain = [leaf, intermediate, root].map(({ certificate }) => certificate);
const ders = chain.map(({ der }) => der);
const pem = ders.map((der) => encodePem('CERTIFICATE', der)).join('');
const pkcs7 = writeCertificatesOnly(ders);
const leafFirst = chain.map(({ sha256 }) => sha256);

function bytes(text: string, encoding: BufferEncoding = 'utf8'): Uint8Array {
  return new Uint8Array(Buffer.from(text, encoding));
}

function base64(der: Uint8Array): string {
  return Buffer.from(der).toString('base64');
}

/** With zero octets at its end, so that its base64 ends in padding. */
function padded(der: Uint8Array): Uint8Array {
  return concatBytes([der, new Uint8Array(der.length % 3 === 0 ? 1 : 0)]);
}

/** With signed fields up to the validity only. */
function withoutKey({ der, signedPart }: Certificate): Uint8Array {
  const [, ...rest] = readAsn1(der).children.map((child) => child.bytes);
  const fields = readAsn1(signedPart).children.map((child) => child.bytes);
  return sequence(sequence(...fields.slice(0, 5)), ...rest);
}

function lines(text: string): string {
  return (text.match(/.{1,76}/g) ?? []).join('\r\n');
}

function utf16be(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'utf16le').swap16());
}

/** The same SignedData with every length of the outer values left open, as some tools write it (BER). */
function indefinite(): Uint8Array {
  const certificates = concatBytes([Uint8Array.of(0xa0, 0x80), ...ders, new Uint8Array(2)]);
  const open = (tag: number, ...parts: Uint8Array[]): Uint8Array =>
    concatBytes([Uint8Array.of(tag, 0x80), ...parts, new Uint8Array(2)]);
  const oid = (last: number): Uint8Array =>
    Uint8Array.of(6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, last);
  return open(
    0x30,
    oid(2),
    open(
      0xa0,
      open(
        0x30,
        Uint8Array.of(2, 1, 1),
        Uint8Array.of(0x31, 0),
        open(0x30, oid(1)),
        certificates,
        Uint8Array.of(0x31, 0),
      ),
    ),
  );
}

describe('reading certificates from a file', () => {
  const mail = `> Hello,\n>\n> here it is:\n>\n${pem
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n')}\n> Regards\n`;
  const forms: readonly (readonly [string, Uint8Array, ContainerForm])[] = [
    ['PEM', bytes(pem), 'pem'],
    ['PEM with CRLF', bytes(pem.replaceAll('\n', '\r\n')), 'pem'],
    ['PEM with CR alone', bytes(pem.replaceAll('\n', '\r')), 'pem'],
    ['PEM with a byte order mark', bytes(`\ufeff${pem}`), 'pem'],
    ['PEM in UTF-16 little endian', bytes(`\ufeff${pem}`, 'utf16le'), 'pem'],
    ['PEM in UTF-16 big endian', utf16be(`\ufeff${pem}`), 'pem'],
    ['PEM in UTF-16 without a mark', bytes(pem, 'utf16le'), 'pem'],
    ['PEM in big endian UTF-16 without a mark', utf16be(pem), 'pem'],
    ['PEM indented', bytes(pem.replaceAll(/^/gm, '\t   ')), 'pem'],
    ['PEM with blank lines and blanks at the ends', bytes(pem.replaceAll('\n', '  \n\n')), 'pem'],
    ['PEM with literal line breaks, as in a service key', bytes(JSON.stringify({ certificate: pem })), 'pem'],
    ['PEM with literal CRLF', bytes(JSON.stringify(pem.replaceAll('\n', '\r\n'))), 'pem'],
    ['PEM in one line', bytes(pem.replaceAll('\n', '')), 'pem'],
    ['PEM in one line with blanks', bytes(pem.replaceAll('\n', ' ')), 'pem'],
    ['PEM without a line break at the end', bytes(pem.trimEnd()), 'pem'],
    [
      'PEM among text and bag attributes',
      bytes(`Bag Attributes\n    friendlyName: x\nsubject=CN=x\n${pem}bye`),
      'pem',
    ],
    [
      'PEM with headers',
      bytes(
        pem.replaceAll('CERTIFICATE-----\n', (m, at: number) =>
          pem.slice(at - 6, at) === 'BEGIN ' ? `${m}X-Note: a,\n b\nOther: c\n\n` : m,
        ),
      ),
      'pem',
    ],
    ['PEM in a quoted mail', bytes(mail), 'pem'],
    [
      'PEM in quoted-printable',
      bytes(
        pem.replaceAll(
          /^([A-Za-z0-9+/]*)(=+)$/gm,
          (_, digits: string, pad: string) => digits + pad.replaceAll('=', '=3D'),
        ),
      ),
      'pem',
    ],
    [
      'PEM in quoted-printable with soft line breaks, in one line of a mail in HTML',
      bytes(
        `Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${
          `<pre>${pem.replaceAll('\n', '<br>')}</pre>`
            .replaceAll('=', '=3D')
            .match(/.{1,74}/g)
            ?.join('=\r\n') ?? ''
        }`,
      ),
      'pem',
    ],
    ['PEM in HTML', bytes(`<p>${pem.replaceAll('\n', '&nbsp;<br/>\n')}</p>`), 'pem'],
    [
      'PEM with literal line breaks in JSON in JSON',
      bytes(JSON.stringify(JSON.stringify({ a: pem }))),
      'pem',
    ],
    ['PEM with blanks of no width', bytes(pem.replaceAll('\n', '\u200b\n')), 'pem'],
    ['PEM in UTF-16 without a mark, after other letters', bytes(`für € 5\n${pem}`, 'utf16le'), 'pem'],
    ['PEM with the label of old', bytes(pem.replaceAll(' CERTIFICATE-', ' X509 CERTIFICATE-')), 'pem'],
    ['PEM with a label of one’s own', bytes(pem.replaceAll(' CERTIFICATE-', ' MY THING-')), 'pem'],
    [
      'PEM beside a key',
      bytes(`-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n${pem}`),
      'pem',
    ],
    ['DER, one after the other', concatBytes(ders), 'der'],
    ['DER with a line break at the end', concatBytes([...ders, bytes('\r\n')]), 'der'],
    ['PKCS#7 DER', pkcs7, 'pkcs7-der'],
    ['PKCS#7 DER with bytes after it', concatBytes([pkcs7, bytes('xyz')]), 'pkcs7-der'],
    ['PKCS#7 BER of indefinite length', indefinite(), 'pkcs7-der'],
    ['PKCS#7 PEM', bytes(encodePem('PKCS7', pkcs7)), 'pkcs7-pem'],
    ['PKCS#7 PEM labelled CMS', bytes(encodePem('CMS', pkcs7)), 'pkcs7-pem'],
    ['PKCS#7 PEM labelled CERTIFICATE', bytes(encodePem('CERTIFICATE', pkcs7)), 'pkcs7-pem'],
    ['PKCS#7 base64 in lines', bytes(lines(base64(pkcs7))), 'pkcs7-base64'],
    ['PKCS#7 base64 in one line', bytes(base64(pkcs7)), 'pkcs7-base64'],
    ['base64 of DER', bytes(lines(base64(concatBytes(ders)))), 'base64'],
    ['base64 without padding', bytes(base64(concatBytes(ders)).replace(/=+$/, '')), 'base64'],
    [
      'base64 in the alphabet for addresses',
      new Uint8Array(Buffer.from(Buffer.from(concatBytes(ders)).toString('base64url'))),
      'base64',
    ],
    ['base64 of PEM', bytes(base64(bytes(pem))), 'base64'],
    ['base64 in UTF-16', bytes(`\ufeff${base64(concatBytes(ders))}`, 'utf16le'), 'base64'],
    ['base64 in JSON', bytes(JSON.stringify(ders.map(base64), undefined, 1)), 'text'],
    [
      'base64 in the source of a mail',
      bytes(`Content-Type: application/pkcs7-mime\r\n\r\n${lines(base64(pkcs7))}\r\n\r\n--x--\r\n`),
      'text',
    ],
    [
      'base64 in XML, in lines',
      bytes(ders.map((der) => `<X509Certificate>${lines(base64(der))}</X509Certificate>`).join('\n')),
      'text',
    ],
    ['base64 of one after the other', bytes(ders.map((der) => `${base64(padded(der))}\n`).join('')), 'text'],
    [
      'PEM and a ZIP attached to a mail',
      bytes(
        `Content-Type: text/plain\r\n\r\nHello\r\n--x\r\n\r\n${lines(
          base64(bytes(encodePem('CERTIFICATE', leaf.certificate.der))),
        )}\r\n--x\r\n\r\n${lines(
          base64(zip(ders.slice(1).map((der, index) => ({ name: `${index}.cer`, bytes: der })))),
        )}\r\n--x--`,
      ),
      'text',
    ],
    ['ZIP of files', zip(ders.map((der, index) => ({ name: `${index}.cer`, bytes: der }))), 'zip'],
    [
      'ZIP with other things in it',
      zip([
        { name: 'a/', bytes: new Uint8Array() },
        { name: 'readme.txt', bytes: bytes('Hello') },
        { name: 'a/chain.pem', bytes: bytes(pem) },
        { name: 'x.bin', bytes: Uint8Array.of(1, 2, 3) },
      ]),
      'zip',
    ],
  ];
  for (const [what, file, form] of forms) {
    it(`reads ${what}`, () => {
      const found = readCertificates(file);
      assert.equal(found.form, form);
      assert.deepEqual(
        found.certificates.map(({ sha256 }) => sha256),
        leafFirst,
      );
    });
  }

  it('reads a PKI path in the order of the file, the top first', () => {
    const found = readCertificates(writePkiPath(ders));
    assert.equal(found.form, 'pkipath');
    assert.deepEqual(found.certificates.map(({ sha256 }) => sha256).reverse(), leafFirst);
  });

  it('reads a certificate that openssl has marked as trusted', () => {
    const trusted = openssl(
      ['x509', '-inform', 'DER', '-trustout', '-addtrust', 'clientAuth'],
      leaf.certificate.der,
    );
    assert.match(trusted.toString(), /TRUSTED CERTIFICATE/);
    assert.deepEqual(
      readCertificates(new Uint8Array(trusted)).certificates.map(({ sha256 }) => sha256),
      [leaf.certificate.sha256],
    );
  });

  const folder = temporaryFolder();
  it('reads the certificates of a signed message that openssl made', () => {
    const key = folder.write(
      'k.pem',
      leaf.key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    );
    const certificate = folder.write('c.pem', encodePem('CERTIFICATE', leaf.certificate.der));
    for (const extra of [[], ['-stream'], ['-nodetach']]) {
      const signed = openssl(
        ['cms', '-sign', '-signer', certificate, '-inkey', key, '-outform', 'DER', '-binary', ...extra],
        'text',
      );
      assert.deepEqual(
        readCertificates(new Uint8Array(signed)).certificates.map(({ sha256 }) => sha256),
        [leaf.certificate.sha256],
      );
    }
  });

  const empty: readonly (readonly [string, Uint8Array, ContainerForm])[] = [
    ['plain text', bytes('Hello, world'), 'text'],
    ['a word that is base64 as well', bytes('certificate'), 'text'],
    ['a text that begins with the digit 0', bytes('0123 hello'), 'text'],
    ['a private key', bytes(leaf.key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()), 'pem'],
    [
      'a private key in DER',
      new Uint8Array(leaf.key.privateKey.export({ type: 'pkcs8', format: 'der' })),
      'der',
    ],
    ['a public key', leaf.key.spki, 'der'],
    ['PKCS#7 without certificates', writeCertificatesOnly([]), 'pkcs7-der'],
  ];
  for (const [what, file, form] of empty) {
    it(`finds no certificate in ${what}`, () => {
      assert.deepEqual(readCertificates(file), { form, certificates: [], unread: [] });
    });
  }
});

describe('refusing a file', () => {
  const bad: readonly (readonly [string, Uint8Array, string])[] = [
    ['nothing', new Uint8Array(), 'malformed'],
    ['bytes of no kind', Uint8Array.of(1, 2, 3, 0, 5, 0xff), 'malformed'],
    ['a certificate cut off', leaf.certificate.der.subarray(0, 200), 'malformed'],
    ['a certificate in base64 cut off', bytes(base64(leaf.certificate.der.subarray(0, 300))), 'malformed'],
    ['PEM without an end', bytes(pem.slice(0, 300)), 'malformed'],
    ['PEM with other characters', bytes(pem.replace('MII', 'M*I')), 'malformed'],
    ['PEM with nothing in it', bytes('-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----'), 'malformed'],
    [
      'PEM with something else in it',
      bytes(encodePem('CERTIFICATE', Uint8Array.of(0x30, 3, 2, 1, 5))),
      'malformed',
    ],
    ['a certificate with something after it', concatBytes([...ders, bytes('garbage')]), 'malformed'],
    [
      'a certificate with half of one after it',
      concatBytes([...ders, leaf.certificate.der.subarray(0, 99)]),
      'malformed',
    ],
    [
      'a ZIP without its directory',
      zip([{ name: 'a', bytes: leaf.certificate.der }]).subarray(0, 100),
      'malformed',
    ],
    [
      'bytes that begin as DER and are no text',
      Uint8Array.of(0x30, 0x88, ...new Array<number>(200).fill(0xff)),
      'malformed',
    ],
    ['more text than is searched', new Uint8Array(5 * 1024 * 1024).fill(0x41), 'budget'],
    ['very many PEM blocks', bytes('-----BEGIN X-----\nMAA=\n-----END X-----\n'.repeat(30_000)), 'budget'],
    ['very many backslashes', bytes(`-----BEGIN CERTIFICATE-----${'\\'.repeat(4_000_000)}`), 'malformed'],
    ['more than 16 MiB', new Uint8Array(16 * 1024 * 1024 + 1), 'budget'],
  ];
  for (const [what, file, code] of bad) {
    it(`answers ${what} with ${code}`, () => {
      assert.throws(
        () => readCertificates(file),
        (error) => KeystoreError.is(error) && error.code === code,
      );
    });
  }

  it('names the kind of a PKCS#7 file that holds no certificates', () => {
    const digested = openssl(['cms', '-digest_create', '-outform', 'DER'], 'text');
    assert.throws(
      () => readCertificates(new Uint8Array(digested)),
      (error) => KeystoreError.is(error, 'unsupported') && error.details['contentType'] === 'digestedData',
    );
  });

  it('names a Java keystore, and the command that makes it readable', async () => {
    const file = Uint8Array.from([0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2, ...new Array<number>(60).fill(1)]);
    await assert.rejects(
      readFileContent(file),
      (error) =>
        KeystoreError.is(error, 'unsupported') &&
        /keytool -importkeystore/.test(String(error.details['explanation'])),
    );
  });

  const folder = temporaryFolder();
  it('tells a PKCS#12 file from one that is damaged', () => {
    const key = folder.write(
      'k.pem',
      leaf.key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    );
    const certificate = folder.write('c.pem', encodePem('CERTIFICATE', leaf.certificate.der));
    const p12 = openssl(['pkcs12', '-export', '-inkey', key, '-in', certificate, '-passout', 'pass:x']);
    assert.throws(
      () => readCertificates(new Uint8Array(p12)),
      (error) => KeystoreError.is(error, 'unsupported') && error.details['contentType'] === 'pkcs12',
    );
  });

  it('names the certificate that is broken among several', () => {
    const broken = withoutKey(intermediate.certificate);
    assert.throws(
      () =>
        readCertificates(
          bytes([leaf.certificate.der, broken].map((der) => encodePem('CERTIFICATE', der)).join('')),
        ),
      (error) => KeystoreError.is(error, 'malformed') && error.details['certificate'] === 2,
    );
  });
});

describe('a ZIP with files that are damaged', () => {
  const [leafDer = new Uint8Array(), caDer = new Uint8Array()] = ders;
  const unread = (...files: readonly (readonly [string, Uint8Array])[]): readonly string[] =>
    readCertificates(zip(files.map(([name, content]) => ({ name, bytes: content })))).unread.map(
      ({ entry, error }) => `${entry}: ${error.code}`,
    );

  it('names each file that says to hold certificates, beside those that are read', () => {
    const cut = leafDer.subarray(0, 300);
    assert.deepEqual(unread(['leaf.crt', cut], ['ca.crt', caDer]), ['leaf.crt: malformed']);
    assert.deepEqual(
      unread(
        ['ca.crt', caDer],
        ['empty.cer', new Uint8Array()],
        ['page.cer', bytes('<p>Please sign in</p>')],
      ),
      ['empty.cer: malformed', 'page.cer: malformed'],
    );
    const block = bytes(encodePem('CERTIFICATE', cut));
    assert.deepEqual(unread(['ca.crt', caDer], ['answer', block]), ['answer: malformed']);
  });

  it('names the file and the certificate of it that is no certificate inside', () => {
    const broken = withoutKey(leaf.certificate);
    const both = bytes([caDer, broken].map((der) => encodePem('CERTIFICATE', der)).join(''));
    const files = [
      { name: 'both.pem', bytes: both },
      { name: 'ca.crt', bytes: caDer },
    ];
    const found = readCertificates(zip(files));
    assert.equal(found.certificates.length, 2);
    assert.deepEqual(
      found.unread.map(({ entry, error }) => [entry, error.details['certificate'], error.details['count']]),
      [['both.pem', 2, 2]],
    );
  });

  it('leaves out what never was a certificate', () => {
    const noise = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0);
    assert.deepEqual(
      unread(
        ['ca.crt', caDer],
        ['logo.png', noise],
        ['notes.txt', bytes('Hello')],
        ['__MACOSX/._a.crt', noise],
      ),
      [],
    );
  });

  it('fails with the name where no other file has a certificate', () => {
    assert.throws(
      () => readCertificates(zip([{ name: 'leaf.crt', bytes: leafDer.subarray(0, 300) }])),
      (error) => KeystoreError.is(error, 'malformed') && error.message.startsWith('leaf.crt: '),
    );
  });
});

describe('a ZIP made to harm', () => {
  it('ends with budget for a bomb', () => {
    const bomb = deflateRawSync(new Uint8Array(64 * 1024 * 1024));
    const archive = zip([{ name: 'a', packed: bomb, size: 64 * 1024 * 1024 }]);
    assert.ok(archive.length < 100_000);
    assert.throws(
      () => readCertificates(archive),
      (error) => KeystoreError.is(error, 'budget'),
    );
  });

  it('ends with budget for many files that are large together', () => {
    const packed = deflateRawSync(new Uint8Array(1024 * 1024));
    const archive = zip(
      Array.from({ length: 100 }, (_, index) => ({ name: `${index}`, packed, size: 1024 * 1024 })),
    );
    assert.throws(
      () => readCertificates(archive),
      (error) => KeystoreError.is(error, 'budget'),
    );
  });

  it('ends with budget for too many files', () => {
    const archive = zip(
      Array.from({ length: 501 }, (_, index) => ({ name: `${index}`, bytes: Uint8Array.of(1) })),
    );
    assert.throws(
      () => readCertificates(archive),
      (error) => KeystoreError.is(error, 'budget'),
    );
  });

  it('does not open a ZIP in a ZIP', () => {
    const inner = zip([{ name: 'a.cer', bytes: leaf.certificate.der }]);
    assert.deepEqual(readCertificates(zip([{ name: 'a.zip', bytes: inner }])).certificates, []);
  });

  it('says that an encrypted one is not read', () => {
    const archive = zip([{ name: 'a', bytes: leaf.certificate.der, flags: 1 }]);
    assert.throws(
      () => readCertificates(archive),
      (error) => KeystoreError.is(error, 'unsupported') && error.details['encrypted'] === true,
    );
  });
});

import assert from 'node:assert/strict';
import { createHmac, pbkdf2Sync } from 'node:crypto';
import { type ErrorCode, KeystoreError } from '../../../src/errors.js';
import * as asn1 from '../../../src/pki/asn1.js';
import { localKeyDerivation } from '../../../src/pki/keyDerivation.js';
import { encodePem } from '../../../src/pki/pem.js';
import { chainOfKey, type Pkcs12Content, readPkcs12 } from '../../../src/pki/pkcs12Reader.js';
import { openssl, temporaryFolder } from './opensslTool.js';
import { issue, issueChain } from './testAuthority.js';

const { root, intermediate, leaf } = issueChain();
const password = 'Pä55wörd€';

async function read(bytes: Uint8Array, given: string | undefined = password): Promise<Pkcs12Content> {
  return await readPkcs12(bytes, { password: given, derivation: localKeyDerivation });
}

async function failure(bytes: Uint8Array, given?: string): Promise<ErrorCode | undefined> {
  try {
    await readPkcs12(bytes, { password: given, derivation: localKeyDerivation });
    return undefined;
  } catch (error) {
    assert.ok(KeystoreError.is(error));
    return error.code;
  }
}

/** Fingerprints of the chain of the first key, to be compared with those of the authority above. */
function chainOf(content: Pkcs12Content): readonly string[] {
  const [key] = content.keys;
  assert.ok(key);
  return chainOfKey(content, key).map(({ sha256 }) => sha256);
}

const expected = [leaf, intermediate, root].map(({ certificate }) => certificate.sha256);

describe('reading PKCS#12', () => {
  const folder = temporaryFolder();
  const exported = (...options: readonly string[]): Uint8Array => {
    const key = folder.write(
      'k.pem',
      leaf.key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    );
    const chain = folder.write(
      'c.pem',
      [leaf, root, intermediate].map(({ certificate }) => encodePem('CERTIFICATE', certificate.der)).join(''),
    );
    const secret = options.includes('-passout') ? [] : ['-passout', `pass:${password}`];
    return new Uint8Array(
      openssl([
        ...['pkcs12', '-export', '-inkey', key, '-in', chain, '-name', 'Größe', '-iter', '3'],
        ...secret,
        ...options,
      ]),
    );
  };

  for (const options of [
    [],
    ['-legacy'],
    ['-legacy', '-certpbe', 'PBE-SHA1-RC2-128', '-keypbe', 'PBE-SHA1-RC2-40'],
    ['-legacy', '-certpbe', 'PBE-SHA1-RC4-128', '-keypbe', 'PBE-SHA1-RC4-40'],
    ['-certpbe', 'PBE-SHA1-2DES', '-keypbe', 'PBE-SHA1-3DES'],
    ['-certpbe', 'AES-128-CBC', '-keypbe', 'AES-192-CBC', '-macalg', 'sha512'],
    ['-certpbe', 'NONE', '-keypbe', 'DES-EDE3-CBC', '-macalg', 'sha384'],
    ['-nomac'],
    ['-noiter', '-nomaciter'],
    ['-passout', 'pass:'],
  ]) {
    it(`opens what openssl writes with ${options.join(' ') || 'no options'}`, async () => {
      const given = options.includes('pass:') ? '' : password;
      const content = await read(exported(...options), given);
      assert.deepEqual(chainOf(content), expected);
      assert.equal(content.keys[0]?.friendlyName, 'Größe');
      assert.equal(content.macVerified, !options.includes('-nomac'));
    });
  }

  it('opens a file with PBMAC1 (RFC 9579), and no other password does', async () => {
    const plain = asn1.readAsn1(exported('-nomac'));
    const [, authSafe] = plain.children;
    const content = asn1.readOctetString(authSafe?.children[1]?.children[0], 'content');
    const file = (keyLength: Uint8Array | undefined): Uint8Array => {
      const key = pbkdf2Sync(password, 'salt', 3, 32, 'sha512');
      const hmacWith = (last: number): Uint8Array =>
        asn1.sequence(asn1.oid(`1.2.840.113549.2.${last}`), asn1.nullValue());
      const kdf = asn1.sequence(
        asn1.oid('1.2.840.113549.1.5.12'),
        asn1.sequence(
          asn1.octetString(Buffer.from('salt')),
          asn1.integer(3),
          ...(keyLength === undefined ? [] : [keyLength]),
          hmacWith(11),
        ),
      );
      const digest = createHmac('sha256', key).update(content).digest();
      const mac = asn1.sequence(
        asn1.sequence(
          asn1.sequence(asn1.oid('1.2.840.113549.1.5.14'), asn1.sequence(kdf, hmacWith(9))),
          asn1.octetString(digest),
        ),
        asn1.octetString(Buffer.from('not used')),
        asn1.integer(1),
      );
      return asn1.sequence(asn1.integer(3), authSafe?.bytes, mac);
    };
    assert.deepEqual(chainOf(await read(file(asn1.integer(32)))), expected);
    assert.equal(await failure(file(asn1.integer(32)), 'x'), 'wrong-password');
    assert.equal(await failure(file(undefined), password), 'malformed');
  });

  it('opens what is written with no password at all, whether none or the empty one is given', async () => {
    const withEmpty = exported('-passout', 'pass:', '-certpbe', 'NONE', '-keypbe', 'NONE', '-nomac');
    const [, authSafe] = asn1.readAsn1(withEmpty).children;
    const content = asn1.readOctetString(authSafe?.children[1]?.children[0], 'content');
    // Zero octets of password, without the two that end a BMPString.
    const key = await localKeyDerivation.derive({
      ...{ kind: 'pkcs12', hash: 'sha1', purpose: 3, length: 20, rounds: 1 },
      ...{ password: new Uint8Array(), salt: Buffer.from('saltsalt') },
    });
    const mac = asn1.sequence(
      asn1.sequence(
        asn1.sequence(asn1.oid('1.3.14.3.2.26'), asn1.nullValue()),
        asn1.octetString(createHmac('sha1', key).update(content).digest()),
      ),
      asn1.octetString(Buffer.from('saltsalt')),
    );
    const file = asn1.sequence(asn1.integer(3), authSafe?.bytes, mac);
    for (const given of ['', undefined]) {
      const read = await readPkcs12(file, { password: given, derivation: localKeyDerivation });
      assert.deepEqual(chainOf(read), expected);
      assert.equal(read.macVerified, true);
    }
    assert.equal(await failure(file, 'x'), 'wrong-password');
  });

  for (const options of [[], ['-certpbe', 'NONE']]) {
    it(`tells a changed file from a wrong password: ${options.join(' ') || 'all encrypted'}`, async () => {
      const file = exported(...options);
      const [, , mac] = asn1.readAsn1(file).children;
      const digest = mac?.children[0]?.children[1]?.content;
      assert.ok(digest);
      digest[0] = (digest[0] ?? 0) ^ 1;
      assert.equal(await failure(file, password), 'malformed');
      assert.equal(await failure(file, 'another'), 'wrong-password');
      assert.equal(await failure(file), 'password-needed');
    });
  }

  it('offers every key of a file with its own chain', async () => {
    const other = issue({ subject: 'CN=other' }, intermediate);
    const bag = (type: string, value: Uint8Array): Uint8Array =>
      asn1.sequence(asn1.oid(`1.2.840.113549.1.12.10.1.${type}`), asn1.contextConstructed(0, value));
    const certificate = (der: Uint8Array): Uint8Array =>
      bag(
        '3',
        asn1.sequence(asn1.oid('1.2.840.113549.1.9.22.1'), asn1.contextConstructed(0, asn1.octetString(der))),
      );
    const key = ({ key: { privateKey } }: typeof leaf): Uint8Array =>
      bag('1', Uint8Array.from(privateKey.export({ type: 'pkcs8', format: 'der' })));
    const info = (content: Uint8Array): Uint8Array =>
      asn1.sequence(asn1.oid('1.2.840.113549.1.7.1'), asn1.contextConstructed(0, asn1.octetString(content)));
    const bags = asn1.sequence(
      // In a bag of bags, as some writers nest them, with a secret and a broken name beside.
      bag('6', asn1.sequence(key(other), certificate(other.certificate.der))),
      bag(
        '5',
        asn1.sequence(asn1.oid('1.2.3.4'), asn1.contextConstructed(0, asn1.octetString(Buffer.from('x')))),
      ),
      ...[root, leaf, intermediate].map(({ certificate: { der } }) => certificate(der)),
      asn1.sequence(
        ...asn1.readAsn1(key(leaf)).children.map(({ bytes }) => bytes),
        asn1.set(
          asn1.sequence(
            asn1.oid('1.2.840.113549.1.9.20'),
            asn1.set(asn1.encode(asn1.Tag.bmpString, Buffer.from('odd'))),
          ),
        ),
      ),
    );
    const content = await read(asn1.sequence(asn1.integer(3), info(asn1.sequence(info(bags)))));
    assert.deepEqual(
      content.keys.map((entry) => [
        entry.friendlyName,
        chainOfKey(content, entry).map(({ sha256 }) => sha256),
      ]),
      [
        [undefined, [other.certificate.sha256, ...expected.slice(1)]],
        [undefined, expected],
      ],
    );
    assert.deepEqual(content.otherBags, ['1.2.840.113549.1.12.10.1.5']);
  });
});

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { type KeyObject, createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { Cancelled, KeystoreError } from '../../../src/errors.js';
import * as make from '../../../src/pki/extensionMakers.js';
import { localKeyDerivation } from '../../../src/pki/keyDerivation.js';
import { encodePem } from '../../../src/pki/pem.js';
import { chainOfKey, readPkcs12 } from '../../../src/pki/pkcs12Reader.js';
import { writePkcs12 } from '../../../src/pki/pkcs12Writer.js';
import { readPrivateKey } from '../../../src/pki/privateKey.js';
import { writeEncryptedPrivateKey } from '../../../src/pki/privateKeyWriter.js';
import { openssl, temporaryFolder } from './opensslTool.js';
import { issue } from './testAuthority.js';

const derivation = localKeyDerivation;
const password = 'Pass-Word-1';
const profiles = ['modern', 'compatible'] as const;

const keys: Readonly<Record<string, () => KeyObject>> = {
  RSA: () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  'P-256': () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  'P-384': () => generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey,
  'P-521': () => generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey,
};

function chainFor(privateKey: KeyObject): {
  readonly privateKey: Uint8Array;
  readonly certificates: readonly Uint8Array[];
} {
  const spki = new Uint8Array(createPublicKey(privateKey).export({ type: 'spki', format: 'der' }));
  const root = issue({ subject: 'CN=Making Root,O=Example,C=DE', isCa: true });
  const intermediate = issue({ subject: 'CN=Making Issuer,O=Example,C=DE', isCa: true }, root);
  const leaf = issue(
    {
      subject: 'CN=Making client,O=Example,C=DE',
      key: { privateKey, spki },
      extensions: [make.extendedKeyUsage(['1.3.6.1.5.5.7.3.2'])],
    },
    intermediate,
  );
  return {
    privateKey: new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' })),
    certificates: [leaf, intermediate, root].map(({ certificate }) => certificate.der),
  };
}

function sha256(der: Uint8Array): string {
  return (
    createHash('sha256').update(der).digest('hex').toUpperCase().match(/../g)?.join(':') ?? 'no fingerprint'
  );
}

function keytool(file: string, storePassword: string): string {
  return execFileSync('keytool', [
    ...['-list', '-v', '-storetype', 'PKCS12', '-keystore', file, '-storepass', storePassword],
    ...['-J-Duser.language=en', '-J-Dfile.encoding=UTF-8', '-J-Dstdout.encoding=UTF-8'],
  ]).toString();
}

describe('writing PKCS#12', () => {
  const folder = temporaryFolder();
  for (const profile of profiles) {
    for (const [name, makeKey] of Object.entries(keys)) {
      it(`opens in openssl and keytool: ${name}, ${profile}`, async () => {
        const entry = { ...chainFor(makeKey()), friendlyName: 'orders sender' };

        const written = await writePkcs12(entry, { password, profile, derivation, rounds: 2000 });

        const file = folder.write(`${name}-${profile}.p12`, written);
        const open = ['pkcs12', '-in', file, '-passin', `pass:${password}`];
        const printed = openssl([...open, '-nodes']).toString();
        assert.match(printed, /friendlyName: orders sender/);
        assert.equal(printed.match(/BEGIN CERTIFICATE/g)?.length, 3);
        const key = openssl(['pkey', '-outform', 'DER'], printed);
        assert.deepEqual(key, openssl(['pkey', '-inform', 'DER', '-outform', 'DER'], entry.privateKey));
        const listed = keytool(file, password);
        assert.match(listed, /Your keystore contains 1 entry/);
        assert.match(listed, /Alias name: orders sender/i);
        assert.match(listed, /Certificate chain length: 3/);
        for (const der of entry.certificates) {
          assert.ok(listed.includes(sha256(der)));
        }
      }).timeout(60_000);
    }

    it(`says so about its encryption: ${profile}`, async () => {
      const entry = chainFor(keys['P-256']?.() ?? assert.fail());
      const file = folder.write('info.p12', await writePkcs12(entry, { password, profile, derivation }));
      const info = infoOf(file);
      if (profile === 'modern') {
        assert.match(info, /MAC: sha256, Iteration 600000/);
        assert.equal(
          info.match(/PBES2, PBKDF2, AES-256-CBC, Iteration 600000, PRF hmacWithSHA256/g)?.length,
          2,
        );
      } else {
        assert.match(info, /MAC: sha1, Iteration 50000/);
        assert.equal(info.match(/pbeWithSHA1And3-KeyTripleDES-CBC, Iteration 50000/g)?.length, 2);
      }
    }).timeout(60_000);

    it(`keeps names and passwords of other scripts: ${profile}`, async () => {
      const own = 'Pä55-wörd-€-密';
      const friendlyName = 'Aufträge für 東京';
      const entry = { ...chainFor(keys['P-256']?.() ?? assert.fail()), friendlyName };
      const written = await writePkcs12(entry, { password: own, profile, derivation, rounds: 1000 });
      const file = folder.write('names.p12', written);
      const printed = openssl(['pkcs12', '-in', file, '-passin', `pass:${own}`, '-nodes']).toString();
      assert.match(printed, /BEGIN PRIVATE KEY/);
      if (profile === 'compatible') {
        // No Java takes such a password here; the hint on a passphrase says so.
        assert.throws(() => keytool(file, own));
      }
      const content = await readPkcs12(written, { password: own, derivation });
      assert.deepEqual(
        content.keys.map((key) => key.friendlyName),
        [friendlyName],
      );
      const [key] = content.keys;
      assert.ok(key);
      assert.deepEqual(
        chainOfKey(content, key).map(({ der }) => Buffer.from(der)),
        entry.certificates.map((der) => Buffer.from(der)),
      );
    }).timeout(60_000);
  }

  it('writes a key alone', async () => {
    const { privateKey } = chainFor(keys['P-256']?.() ?? assert.fail());
    const written = await writePkcs12(
      { privateKey, certificates: [], friendlyName: 'waiting' },
      { password, profile: 'modern', derivation, rounds: 1000 },
    );
    const printed = openssl(['pkcs12', '-nodes', '-passin', `pass:${password}`], written).toString();
    assert.match(printed, /friendlyName: waiting[\s\S]*BEGIN PRIVATE KEY/);
    assert.doesNotMatch(printed, /BEGIN CERTIFICATE/);
  });

  it('refuses certificates of which none belongs to the key', async () => {
    const a = chainFor(keys['P-256']?.() ?? assert.fail());
    const b = chainFor(keys['P-256']?.() ?? assert.fail());
    await assert.rejects(
      writePkcs12(
        { privateKey: a.privateKey, certificates: b.certificates },
        { password, profile: 'modern', derivation, rounds: 1000 },
      ),
      (error) => KeystoreError.is(error, 'mismatch'),
    );
  });

  it('tells its progress from 0 to 1 and can be cancelled', async () => {
    const entry = chainFor(keys['P-256']?.() ?? assert.fail());
    const told: number[] = [];
    await writePkcs12(entry, {
      ...{ password, profile: 'compatible', derivation },
      onProgress: (fraction) => told.push(fraction),
    });
    assert.deepEqual(
      told,
      told.toSorted((a, b) => a - b),
    );
    assert.ok((told[0] ?? 1) < 0.5 && Math.abs((told.at(-1) ?? 0) - 1) < 1e-6);

    const controller = new AbortController();
    const pending = writePkcs12(entry, {
      ...{ password, profile: 'modern', derivation, signal: controller.signal },
    });
    controller.abort();
    await assert.rejects(pending, Cancelled);
  }).timeout(30_000);

  function infoOf(file: string): string {
    // openssl tells these facts on its error output.
    const args = ['pkcs12', '-in', file, '-info', '-noout', '-passin', `pass:${password}`];
    return spawnSync('openssl', args, { encoding: 'utf8' }).stderr;
  }
});

describe('writing encrypted private keys', () => {
  const folder = temporaryFolder();
  for (const profile of profiles) {
    for (const [name, makeKey] of Object.entries(keys)) {
      it(`opens in openssl: ${name}, ${profile}`, async () => {
        const pkcs8 = new Uint8Array(makeKey().export({ type: 'pkcs8', format: 'der' }));
        const pem = await writeEncryptedPrivateKey(pkcs8, { password, profile, derivation, rounds: 2000 });
        assert.match(pem, /^-----BEGIN ENCRYPTED PRIVATE KEY-----\n/);
        const file = folder.write('key.pem', pem);
        const open = ['pkey', '-in', file, '-outform', 'DER', '-passin'];
        assert.deepEqual(
          openssl([...open, `pass:${password}`]),
          openssl(['pkey', '-inform', 'DER', '-outform', 'DER'], pkcs8),
        );
        assert.throws(() => openssl([...open, 'pass:other']));
        const algorithm = openssl(['asn1parse', '-in', file]).toString();
        assert.match(
          algorithm,
          profile === 'modern'
            ? /:PBES2[\s\S]*:PBKDF2[\s\S]*:hmacWithSHA256[\s\S]*:aes-256-cbc/
            : /:pbeWithSHA1And3-KeyTripleDES-CBC/,
        );
      }).timeout(30_000);
    }
  }

  it('tells a wrong password, and refuses an empty one', async () => {
    const pkcs8 = new Uint8Array(
      (keys['P-256']?.() ?? assert.fail()).export({ type: 'pkcs8', format: 'der' }),
    );
    const pem = await writeEncryptedPrivateKey(pkcs8, {
      password,
      profile: 'modern',
      derivation,
      rounds: 1000,
    });
    await assert.rejects(readPrivateKey(Buffer.from(pem), { password: 'other', derivation }), (error) =>
      KeystoreError.is(error, 'wrong-password'),
    );
    await assert.rejects(
      writeEncryptedPrivateKey(pkcs8, { password: '', profile: 'modern', derivation }),
      (error) => KeystoreError.is(error, 'invalid-input'),
    );
  });

  it('refuses what is no private key', async () => {
    await assert.rejects(
      writeEncryptedPrivateKey(Buffer.from(encodePem('PRIVATE KEY', new Uint8Array(8))), {
        ...{ password, profile: 'modern', derivation },
      }),
      (error) => KeystoreError.is(error, 'malformed'),
    );
  });
});

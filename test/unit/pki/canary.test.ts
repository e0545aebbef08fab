import assert from 'node:assert/strict';
import { localKeyDerivation as derivation } from '../../../src/pki/keyDerivation.js';
import { encodePem } from '../../../src/pki/pem.js';
import { readPkcs12 } from '../../../src/pki/pkcs12Reader.js';
import { writePkcs12 } from '../../../src/pki/pkcs12Writer.js';
import { readPrivateKey } from '../../../src/pki/privateKey.js';
import { writeEncryptedPrivateKey } from '../../../src/pki/privateKeyWriter.js';
import { CanaryWatch, privatePartOf } from '../../support/canary.js';
import { issueChain } from './testAuthority.js';

const password = 'PASSPHRASE-canary-ü-31';
const wrong = 'WRONG-canary-€-47';

describe('passwords and private keys of files appear in no error', () => {
  const { root, intermediate, leaf } = issueChain();
  const der = leaf.key.privateKey.export({ type: 'pkcs8', format: 'der' });
  const pem = leaf.key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const sec1 = leaf.key.privateKey.export({ type: 'sec1', format: 'pem' }).toString();
  const entry = {
    privateKey: der,
    certificates: [leaf, intermediate, root].map(({ certificate }) => certificate.der),
    friendlyName: 'acme',
  };
  const planted = [password, wrong, privatePartOf(pem)];
  const writing = { password, rounds: 1000, derivation } as const;

  /** Reads it damaged in many places and under wrong passwords; what is read rightly is not looked at. */
  async function spoil(
    bytes: Uint8Array,
    read: (bytes: Uint8Array, password?: string) => Promise<unknown>,
  ): Promise<void> {
    const watch = new CanaryWatch();
    let failures = 0;
    const attempt = async (content: Uint8Array, under?: string): Promise<void> => {
      try {
        await read(content, under);
      } catch (error) {
        failures++;
        watch.see(error);
      }
    };
    await attempt(bytes, wrong);
    await attempt(bytes, '');
    await attempt(bytes);
    const step = Math.max(1, Math.floor(bytes.length / 40));
    for (let at = 0; at < bytes.length; at += step) {
      await attempt(bytes.subarray(0, at), password);
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ 0x15;
      await attempt(flipped, password);
    }
    assert.ok(failures > 20, `only ${failures} failures`);
    watch.expectNone(planted);
  }

  for (const profile of ['modern', 'compatible'] as const) {
    it(`PKCS#12, ${profile}`, async () => {
      await spoil(await writePkcs12(entry, { ...writing, profile }), (bytes, under) =>
        readPkcs12(bytes, { password: under, derivation }),
      );
    });

    it(`encrypted private key, ${profile}`, async () => {
      const text = await writeEncryptedPrivateKey(der, { ...writing, profile });
      await spoil(Buffer.from(text), (bytes, under) =>
        readPrivateKey(bytes, { password: under, derivation }),
      );
    });
  }

  it('private key in the clear', async () => {
    for (const bytes of [
      Buffer.from(pem),
      Buffer.from(sec1),
      der,
      Buffer.from(encodePem('DSA PRIVATE KEY', der)),
    ]) {
      await spoil(bytes, (content, under) => readPrivateKey(content, { password: under, derivation }));
    }
  });

  it('a key whose certificate is another one, when it is to be written', async () => {
    const watch = new CanaryWatch();
    const strangers = { ...entry, certificates: [root.certificate.der] };
    await writePkcs12(strangers, { ...writing, profile: 'modern' }).catch((error: unknown) =>
      watch.see(error),
    );
    const damaged = { ...entry, privateKey: der.subarray(0, -9) };
    await writePkcs12(damaged, { ...writing, profile: 'modern' }).catch((error: unknown) => watch.see(error));
    watch.expectNone(planted);
  });
});

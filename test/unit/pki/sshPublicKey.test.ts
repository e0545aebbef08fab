import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { localKeyDerivation } from '../../../src/pki/keyDerivation.js';
import {
  formatSshPublicKey,
  readSshKeyFile,
  type SshKeyFile,
  sshPublicKey,
} from '../../../src/pki/sshPublicKey.js';
import { spkiOfSshKey } from '../../../src/pki/sshSpki.js';

async function read(text: string): Promise<SshKeyFile> {
  return await readSshKeyFile(new TextEncoder().encode(text), { derivation: localKeyDerivation });
}

// Made by ssh-keygen.
const sshCertificate =
  'ssh-ed25519-cert-v01@openssh.com AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29tAAAAIB4Jab69sKKsrCUdkeVSRWWI3dmA+3dNGkiSYHKVp9aYAAAAINog27DdAIcvrdLvyQcFPj+qFxcS9HXrQ8ydRbtUFta5AAAAAAAAAAAAAAABAAAAAmlkAAAACAAAAAR1c2VyAAAAAAAAAAD//////////wAAAAAAAACCAAAAFXBlcm1pdC1YMTEtZm9yd2FyZGluZwAAAAAAAAAXcGVybWl0LWFnZW50LWZvcndhcmRpbmcAAAAAAAAAFnBlcm1pdC1wb3J0LWZvcndhcmRpbmcAAAAAAAAACnBlcm1pdC1wdHkAAAAAAAAADnBlcm1pdC11c2VyLXJjAAAAAAAAAAAAAAAzAAAAC3NzaC1lZDI1NTE5AAAAIMjoeph6sxKhnJZ1ln0WFfhV3o6ecbABzxnhV7PNqbt7AAAAUwAAAAtzc2gtZWQyNTUxOQAAAEDc0JtBmB/NelrILxCoXUkZ5KGyjuzAjXWX7S0qJMMFYeSQNmEYwpUt9v3z1jl0PiSZ3DdJxeu6AW0fC9PtPfgI a comment';

describe('reading SSH keys', () => {
  // `ssh-keygen -l` prints the fingerprint of the key for both.
  const fingerprint = 'SHA256:t3qPDdIhyn6MNK8luhsURBtLcQXvSfB96bRHpQ/K5/0';
  const certificate = sshCertificate;

  it('tells a certificate by the fingerprint of its key, as ssh-keygen does', async () => {
    const key = await read(certificate);
    assert.deepEqual(
      [key.kind, key.type, key.fingerprint, key.comment],
      ['certificate', 'ssh-ed25519-cert-v01@openssh.com', fingerprint, 'a comment'],
    );
    assert.equal(formatSshPublicKey(key), certificate);
  });

  it('refuses a certificate that ends within its key', async () => {
    const [type, base64 = ''] = certificate.split(' ');
    await assert.rejects(read(`${type} ${base64.slice(0, 80)}`), { code: 'malformed' });
  });

  it('reads lines with tabs, and RSA keys as PKCS#1', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const ours = sshPublicKey(new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })), 'me');
    const line = formatSshPublicKey(ours);
    assert.equal((await read(line.replaceAll(' ', '\t'))).fingerprint, ours.fingerprint);
    assert.equal(
      (await read(publicKey.export({ type: 'pkcs1', format: 'pem' }).toString())).fingerprint,
      ours.fingerprint,
    );
  });
});

describe('the public key of an SSH key, as certificates have it', () => {
  const made: Readonly<Record<string, () => KeyObject>> = {
    RSA: () => generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey,
    DSA: () => generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 }).publicKey,
    'EC P-256': () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey,
    'EC P-384': () => generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey,
    'EC P-521': () => generateKeyPairSync('ec', { namedCurve: 'P-521' }).publicKey,
    Ed25519: () => generateKeyPairSync('ed25519').publicKey,
  };
  for (const [name, make] of Object.entries(made)) {
    it(`is that of ${name}, byte for byte`, async () => {
      const spki = new Uint8Array(make().export({ type: 'spki', format: 'der' }));
      const read = await readSshKeyFile(new TextEncoder().encode(formatSshPublicKey(sshPublicKey(spki))), {
        derivation: localKeyDerivation,
      });
      assert.deepEqual(Buffer.from(spkiOfSshKey(read) ?? []), Buffer.from(spki));
    });
  }

  it('is that of the key of an SSH certificate', async () => {
    const key = await readSshKeyFile(new TextEncoder().encode(sshCertificate), {
      derivation: localKeyDerivation,
    });
    const certified = sshPublicKey(spkiOfSshKey(key) ?? assert.fail('no key'));
    assert.deepEqual([certified.type, certified.fingerprint], ['ssh-ed25519', key.fingerprint]);
  });

  it('is none of a type that certificates do not have', () => {
    const type = 'sk-ssh-ed25519@openssh.com';
    const blob = Buffer.concat([Buffer.from([0, 0, 0, type.length]), Buffer.from(type)]);
    assert.equal(spkiOfSshKey({ type, blob }), undefined);
  });

  it('is refused where the key ends early or has a number that is none', () => {
    const start = Buffer.from('\0\0\0\x07ssh-rsa');
    for (const rest of ['\0\0\0\x05\x01', '\0\0\0\0\0\0\0\x01\x03', '\0\0\0\x01\xff\0\0\0\x01\x03']) {
      const blob = Buffer.concat([start, Buffer.from(rest, 'latin1')]);
      assert.throws(() => spkiOfSshKey({ type: 'ssh-rsa', blob }), { code: 'malformed' });
    }
  });
});

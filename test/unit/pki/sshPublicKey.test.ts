import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { localKeyDerivation } from '../../../src/pki/keyDerivation.js';
import {
  formatSshPublicKey,
  readSshKeyFile,
  type SshKeyFile,
  sshPublicKey,
} from '../../../src/pki/sshPublicKey.js';

async function read(text: string): Promise<SshKeyFile> {
  return await readSshKeyFile(new TextEncoder().encode(text), { derivation: localKeyDerivation });
}

describe('reading SSH keys', () => {
  // Made by ssh-keygen; `ssh-keygen -l` prints the fingerprint of the key for both.
  const fingerprint = 'SHA256:t3qPDdIhyn6MNK8luhsURBtLcQXvSfB96bRHpQ/K5/0';
  const certificate =
    'ssh-ed25519-cert-v01@openssh.com AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29tAAAAIB4Jab69sKKsrCUdkeVSRWWI3dmA+3dNGkiSYHKVp9aYAAAAINog27DdAIcvrdLvyQcFPj+qFxcS9HXrQ8ydRbtUFta5AAAAAAAAAAAAAAABAAAAAmlkAAAACAAAAAR1c2VyAAAAAAAAAAD//////////wAAAAAAAACCAAAAFXBlcm1pdC1YMTEtZm9yd2FyZGluZwAAAAAAAAAXcGVybWl0LWFnZW50LWZvcndhcmRpbmcAAAAAAAAAFnBlcm1pdC1wb3J0LWZvcndhcmRpbmcAAAAAAAAACnBlcm1pdC1wdHkAAAAAAAAADnBlcm1pdC11c2VyLXJjAAAAAAAAAAAAAAAzAAAAC3NzaC1lZDI1NTE5AAAAIMjoeph6sxKhnJZ1ln0WFfhV3o6ecbABzxnhV7PNqbt7AAAAUwAAAAtzc2gtZWQyNTUxOQAAAEDc0JtBmB/NelrILxCoXUkZ5KGyjuzAjXWX7S0qJMMFYeSQNmEYwpUt9v3z1jl0PiSZ3DdJxeu6AW0fC9PtPfgI a comment';

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

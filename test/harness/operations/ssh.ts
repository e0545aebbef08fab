import { readSshKeyFile } from '../../../src/pki/sshPublicKey.js';
import { type Operation } from '../operation.js';

/** `ssh`: type, fingerprint and comment of an SSH key file. */
export const ssh: Operation = async (request, { keyDerivation }) => {
  const { type, fingerprint, comment } = await readSshKeyFile(request.bytes(), {
    password: request.optionalText('passphrase'),
    derivation: keyDerivation,
  });
  return { type, fingerprint, comment: comment ?? null };
};

import { readPrivateKey } from '../../../src/pki/privateKey.js';
import { type Operation } from '../operation.js';

/** `private-key`: type and public key of a private key file. */
export const privateKey: Operation = async (request, { keyDerivation }) => {
  const key = await readPrivateKey(request.bytes(), {
    password: request.optionalText('password'),
    derivation: keyDerivation,
  });
  return { type: key.type, spkiSha256: key.spkiSha256, encrypted: key.encrypted };
};

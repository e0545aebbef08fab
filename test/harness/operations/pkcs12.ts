import { chainOfKey, readPkcs12 } from '../../../src/pki/pkcs12Reader.js';
import { type Operation } from '../operation.js';

/** `pkcs12`: certificates and keys of a PKCS#12 file. */
export const pkcs12: Operation = async (request, { keyDerivation }) => {
  const content = await readPkcs12(request.bytes(), {
    password: request.optionalText('password'),
    derivation: keyDerivation,
  });
  const [unreadable] = content.unreadableKeys;
  if (unreadable !== undefined) {
    throw unreadable.error;
  }
  return {
    certs: content.certificates.map(({ certificate, friendlyName }) => ({
      sha256: certificate.sha256,
      friendlyName: friendlyName ?? null,
    })),
    keys: content.keys.map((entry) => {
      const chain = chainOfKey(content, entry).map(({ sha256 }) => sha256);
      return {
        type: entry.key.type,
        spkiSha256: entry.key.spkiSha256,
        friendlyName: entry.friendlyName ?? null,
        leafSha256: chain[0] ?? null,
        chainSha256: chain,
      };
    }),
    macVerified: content.macVerified,
  };
};

import { readCertificates } from '../../../src/pki/container.js';
import { writePkcs12 } from '../../../src/pki/pkcs12Writer.js';
import { readPrivateKey } from '../../../src/pki/privateKey.js';
import { badRequest, type Operation } from '../operation.js';

/** `pkcs12-write`: a PKCS#12 file of a key and certificates in PEM. */
export const pkcs12Write: Operation = async (request, { keyDerivation }) => {
  const profile = request.optionalText('profile') ?? 'modern';
  if (profile !== 'modern' && profile !== 'compatible') {
    throw badRequest('"profile" is neither "modern" nor "compatible"');
  }
  const certs = request.value('certs');
  const texts = typeof certs === 'string' ? [certs] : request.texts('certs');
  const key = await readPrivateKey(Buffer.from(request.text('key')), { derivation: keyDerivation });
  const written = await writePkcs12(
    {
      privateKey: key.pkcs8,
      certificates: texts
        .flatMap((text) => readCertificates(Buffer.from(text)).certificates)
        .map(({ der }) => der),
      friendlyName: request.optionalText('friendlyName'),
    },
    { password: request.text('password'), profile, derivation: keyDerivation },
  );
  return { base64: Buffer.from(written).toString('base64') };
};

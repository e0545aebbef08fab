import { X509Certificate } from 'node:crypto';
import { readCertificate } from '../../src/pki/certificate.js';
import { describeCertificate } from '../../src/pki/descriptionOfCertificate.js';
import { compared, sideBySide, type Tell } from './figures.js';
import { certificateOf, rsaKey } from './pkiFixtures.js';

/** 1,000 certificates parsed and displayed, beside node's own class, which displays nothing of key usage or extensions. */
export async function measure(tell: Tell): Promise<void> {
  const issuer = { name: 'CN=Issuing CA,O=Example,C=DE', key: rsaKey() };
  const keys = Array.from({ length: 8 }, rsaKey);
  const all = Array.from({ length: 1000 }, (_, index) =>
    certificateOf(
      { name: `CN=client ${index},OU=Größe,O=Example,C=DE`, key: keys[index % keys.length] ?? issuer.key },
      issuer,
      false,
    ),
  );
  const now = new Date('2030-01-01T00:00:00Z');
  const parse = () => all.map((der) => readCertificate(der));
  const display = () => all.map((der) => describeCertificate(readCertificate(der), { now }));
  const bare = () => all.map((der) => new X509Certificate(der));
  const fields = () =>
    all.map((der) => {
      const one = new X509Certificate(der);
      const { subject, issuer: above, validFrom, validTo, serialNumber, subjectAltName } = one;
      const key = one.publicKey.export({ type: 'spki', format: 'der' }).toString('hex');
      return [subject, above, validFrom, validTo, serialNumber, subjectAltName, one.fingerprint256, key];
    });
  const parsed = await sideBySide(11, parse, bare);
  tell(compared('1,000 certificates parsed', parsed, { beside: '`new X509Certificate`' }));
  const displayed = await sideBySide(11, display, bare);
  tell(
    compared('1,000 certificates parsed and displayed', displayed, {
      beside: '`new X509Certificate`, which displays nothing',
    }),
  );
  const shown = await sideBySide(11, display, fields);
  tell(compared('the same', shown, { beside: '`X509Certificate` and its fields' }));
}

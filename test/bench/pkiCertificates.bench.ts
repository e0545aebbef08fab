import { X509Certificate } from 'node:crypto';
import { readCertificate } from '../../src/pki/certificate.js';
import { describeCertificate } from '../../src/pki/descriptionOfCertificate.js';
import { certificateOf, medianMs, report, rsaKey } from './pkiFixtures.js';

// 1,000 certificates parsed and displayed, beside node's own class, which displays nothing of key usage or extensions.
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

const parsed = await medianMs(11, () => all.map((der) => readCertificate(der)));
const displayed = await medianMs(11, () =>
  all.map((der) => describeCertificate(readCertificate(der), { now })),
);
const bare = await medianMs(11, () => all.map((der) => new X509Certificate(der)));
const shown = await medianMs(11, () =>
  all.map((der) => {
    const one = new X509Certificate(der);
    return [one.subject, one.issuer, one.validFrom, one.validTo, one.serialNumber, one.subjectAltName].concat(
      one.fingerprint,
      one.fingerprint256,
      one.publicKey.export({ type: 'spki', format: 'der' }).toString('hex'),
    );
  }),
);
report('1,000 certificates parsed', parsed, 'new X509Certificate', bare);
report('1,000 certificates parsed and displayed', displayed, 'new X509Certificate', bare);
report('1,000 certificates parsed and displayed', displayed, 'X509Certificate and its fields', shown);

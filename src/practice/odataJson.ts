import type { Certificate } from '../pki/certificate.js';
import { formatFingerprint } from '../pki/certificate.js';
import type { Name } from '../pki/distinguishedName.js';
import { attributeNames } from '../pki/oids.js';
import type { PracticeEntry } from './practiceEntry.js';

/** Hexadecimal digits of the alias in UTF-8, upper case as the tenant answers. */
export function hexaliasOf(alias: string): string {
  return Buffer.from(alias, 'utf8').toString('hex').toUpperCase();
}

/** `/Date(ms)/`, as OData V2 writes times in JSON. */
export function odataDate(milliseconds: number): string {
  return `/Date(${milliseconds})/`;
}

/** A distinguished name as the tenant renders it: most specific first, values with separators in double quotes. */
export function tenantName(name: Name): string {
  return [...name.rdns]
    .reverse()
    .map((rdn) => rdn.map(({ oid, value }) => `${label(oid)}=${quoted(value)}`).join(' + '))
    .join(', ');
}

function label(oid: string): string {
  return oid === '1.2.840.113549.1.9.1' ? 'EMAILADDRESS' : (attributeNames.get(oid) ?? `OID.${oid}`);
}

function quoted(value: string): string {
  return /[,+"\\<>;=]|^[# ]| $/.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : value;
}

/** The JCA name of a signature algorithm, such as `SHA256withRSA`. */
export function jcaSignatureName(openssl: string): string {
  const rsa = /^sha(\d+)WithRSAEncryption$/i.exec(openssl);
  if (rsa !== null) {
    return `SHA${rsa[1] ?? ''}withRSA`;
  }
  const ecdsa = /^ecdsa-with-SHA(\d+)$/i.exec(openssl);
  if (ecdsa !== null) {
    return `SHA${ecdsa[1] ?? ''}withECDSA`;
  }
  const dsa = /^dsa[-_]?with[-_]?sha(\d+)$/i.exec(openssl);
  return dsa === null ? openssl : `SHA${dsa[1] ?? ''}withDSA`;
}

/** The certificate's part of an entry, as the API's JSON has it. */
export function certificateFacts(certificate: Certificate): Record<string, unknown> {
  const [type = '', parameter = ''] = certificate.keyType.split(':');
  return {
    KeyType: type,
    KeySize: type === 'EC' ? curveSize(parameter) : Number(parameter),
    ValidNotBefore: odataDate(certificate.notBefore.getTime()),
    ValidNotAfter: odataDate(certificate.notAfter.getTime()),
    SerialNumber: `0x${certificate.serialNumber.replace(/^0+(?=.)/, '').toUpperCase()}`,
    SignatureAlgorithm: jcaSignatureName(certificate.signatureAlgorithm),
    EllipticCurve: type === 'EC' ? parameter : null,
    Validity: null,
    SubjectDN: tenantName(certificate.subject),
    IssuerDN: tenantName(certificate.issuer),
    Version: certificate.version,
    FingerprintSha1: formatFingerprint(certificate.sha1),
    FingerprintSha256: formatFingerprint(certificate.sha256),
    FingerprintSha512: formatFingerprint(certificate.sha512),
  };
}

function curveSize(curve: string): number {
  return Number(/(\d{3})/.exec(curve)?.[1] ?? 256);
}

/** One row of `KeystoreEntries`. */
export function entryJson(entry: PracticeEntry, leaf: Certificate, root: string): Record<string, unknown> {
  const hexalias = hexaliasOf(entry.alias);
  const uri = `${root}/KeystoreEntries('${hexalias}')`;
  const deferred = (property: string): unknown => ({ __deferred: { uri: `${uri}/${property}` } });
  return {
    __metadata: { id: uri, uri, type: 'com.sap.hci.api.KeystoreEntry' },
    Hexalias: hexalias,
    Alias: entry.alias,
    ...certificateFacts(leaf),
    Type: entry.type,
    Owner: entry.owner,
    LastModifiedBy: entry.owner === 'SAP' ? 'SAP' : 'practice',
    LastModifiedTime: odataDate(entry.modified),
    CreatedBy: entry.owner === 'SAP' ? 'SAP' : 'practice',
    CreatedTime: odataDate(entry.created),
    Status: 'unchanged',
    ChainCertificates: deferred('ChainCertificates'),
    Certificate: deferred('Certificate'),
    Sshkey: deferred('Sshkey'),
    Keystore: deferred('Keystore'),
    ChainResource: deferred('ChainResource'),
    SigningRequest: deferred('SigningRequest'),
  };
}

/** One row of an entry's `ChainCertificates`; index 0 is the root. */
export function chainCertificateJson(
  entry: PracticeEntry,
  certificate: Certificate,
  index: number,
  root: string,
): Record<string, unknown> {
  const hexalias = hexaliasOf(entry.alias);
  const uri = `${root}/ChainCertificates(Hexalias='${hexalias}',Index=${index})`;
  // The type of a chain's certificates has no property for the curve.
  const facts = Object.entries(certificateFacts(certificate)).filter(([name]) => name !== 'EllipticCurve');
  return {
    __metadata: { id: uri, uri, type: 'com.sap.hci.api.ChainCertificate' },
    Hexalias: hexalias,
    Alias: entry.alias,
    Index: index,
    ...Object.fromEntries(facts),
  };
}

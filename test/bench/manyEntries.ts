import type { KeystoreEntry } from '../../src/tenant/keystoreEntry.js';

/** Entries in no order, with names and numbers of real length; the same ones each time. `now` decides what expires. */
export function entriesOf(count: number, now: number): readonly KeystoreEntry[] {
  let state = 20261123;
  const random = (below: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return Math.floor((state / 0x7fffffff) * below) % below;
  };
  const words = ['acme', 'orders', 'Sender', 'root', 'partner', 'sftp', 'Müller', 'test', 'DigiCert', 'prod'];
  const word = (): string => words[random(words.length)] ?? '';
  const pairs = (length: number): string =>
    Array.from({ length }, () => random(256).toString(16).toUpperCase().padStart(2, '0')).join(':');
  return Array.from({ length: count }, (_, position) => {
    const alias = `${word()}-${word()}_${word()} ${random(count)}.${position}`;
    return {
      alias,
      hexalias: Buffer.from(alias, 'utf8').toString('hex').toUpperCase(),
      type: random(10) < 3 ? 'Key Pair' : 'Certificate',
      owner: random(20) === 0 ? 'SAP' : 'Tenant Administrator',
      keyType: 'RSA',
      keySize: 2048,
      ellipticCurve: undefined,
      validNotBefore: new Date(now - 100 * 86_400_000),
      validNotAfter: new Date(now + (random(1500) - 50) * 86_400_000),
      serialNumber: `0x${pairs(16).replaceAll(':', '')}`,
      signatureAlgorithm: 'SHA256withRSA',
      subjectDn: `CN=${alias}.example.com, OU=Integration ${word()}, O=${word()} Corporation, L=Walldorf, C=DE`,
      issuerDn: `CN=${word()} Public Server Authentication CA DV R36, O=${word()} Limited, C=GB`,
      version: 3,
      fingerprintSha1: pairs(20),
      fingerprintSha256: pairs(32),
      fingerprintSha512: pairs(64),
      validity: undefined,
      lastModifiedBy: 'Tester',
      lastModifiedTime: new Date(now),
      createdBy: 'Tester',
      createdTime: new Date(now),
      status: 'unchanged',
    };
  });
}

const pageSize = 1000;
const service = '/api/v1';

/** Token and pages of a tenant with these entries, by path and query, as SAP sends them. */
export function keystoreAnswers(entries: readonly KeystoreEntry[]): Readonly<Record<string, unknown>> {
  const pages = Math.ceil(entries.length / pageSize);
  const path = (page: number): string =>
    page === 0
      ? `${service}/KeystoreEntries`
      : `${service}/KeystoreEntries?$skiptoken=${String(page * pageSize)}`;
  return {
    '/oauth/token?grant_type=client_credentials': {
      access_token: 'bench-token',
      token_type: 'bearer',
      expires_in: 43_199,
      scope: 'it!b1.MonitoringDataRead',
    },
    ...Object.fromEntries(
      Array.from({ length: pages }, (_, page) => [
        path(page),
        {
          d: {
            results: entries.slice(page * pageSize, (page + 1) * pageSize).map(rowOf),
            ...(page + 1 < pages ? { __next: `{origin}${path(page + 1)}` } : {}),
          },
        },
      ]),
    ),
  };
}

/** A service key for the tenant that is served at an address. */
export function serviceKeyFor(origin: string): string {
  return JSON.stringify({
    oauth: {
      clientid: 'bench',
      clientsecret: 'bench',
      url: origin,
      tokenurl: `${origin}/oauth/token`,
      createdate: '2026-01-01T00:00:00.000Z',
    },
  });
}

function rowOf(entry: KeystoreEntry): object {
  const uri = `{origin}${service}/KeystoreEntries('${entry.hexalias}')`;
  const deferred = (property: string): object => ({ __deferred: { uri: `${uri}/${property}` } });
  const date = (value: Date | undefined): string => `/Date(${String(value?.getTime() ?? 0)})/`;
  return {
    __metadata: { id: uri, uri, type: 'com.sap.hci.api.KeystoreEntry' },
    Hexalias: entry.hexalias,
    Alias: entry.alias,
    KeyType: entry.keyType,
    KeySize: entry.keySize,
    ValidNotBefore: date(entry.validNotBefore),
    ValidNotAfter: date(entry.validNotAfter),
    SerialNumber: entry.serialNumber,
    SignatureAlgorithm: entry.signatureAlgorithm,
    EllipticCurve: null,
    Validity: null,
    SubjectDN: entry.subjectDn,
    IssuerDN: entry.issuerDn,
    Version: entry.version,
    FingerprintSha1: entry.fingerprintSha1,
    FingerprintSha256: entry.fingerprintSha256,
    FingerprintSha512: entry.fingerprintSha512,
    Type: entry.type,
    Owner: entry.owner,
    LastModifiedBy: entry.lastModifiedBy,
    LastModifiedTime: date(entry.lastModifiedTime),
    CreatedBy: entry.createdBy,
    CreatedTime: date(entry.createdTime),
    Status: entry.status,
    ChainCertificates: deferred('ChainCertificates'),
    Certificate: deferred('Certificate'),
    Sshkey: deferred('Sshkey'),
    Keystore: deferred('Keystore'),
    ChainResource: deferred('ChainResource'),
    SigningRequest: deferred('SigningRequest'),
  };
}

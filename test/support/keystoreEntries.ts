import { encodeHexalias } from '../../src/tenant/hexalias.js';
import type { KeystoreEntry } from '../../src/tenant/keystoreEntry.js';

/** A key pair of the tenant administrator, with what a test wants to be different. */
export function keystoreEntry(facts: Partial<KeystoreEntry> & { readonly alias: string }): KeystoreEntry {
  return {
    hexalias: encodeHexalias(facts.alias),
    type: 'Key Pair',
    owner: 'Tenant Administrator',
    keyType: 'RSA',
    keySize: 2048,
    ellipticCurve: undefined,
    validNotBefore: new Date('2026-01-01T00:00:00Z'),
    validNotAfter: new Date('2027-01-01T00:00:00Z'),
    serialNumber: '0x1A',
    signatureAlgorithm: 'SHA256withRSA',
    subjectDn: `CN=${facts.alias}, C=DE`,
    issuerDn: `CN=${facts.alias}, C=DE`,
    version: 3,
    fingerprintSha1: 'AB:CD',
    fingerprintSha256: 'AB:CD:EF',
    fingerprintSha512: 'AB:CD:EF:01',
    validity: undefined,
    lastModifiedBy: 'developer',
    lastModifiedTime: new Date('2026-01-01T00:00:00Z'),
    createdBy: 'developer',
    createdTime: new Date('2026-01-01T00:00:00Z'),
    status: 'unchanged',
    ...facts,
  };
}

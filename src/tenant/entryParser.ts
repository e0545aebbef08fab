import type { JsonObject } from '../http/checked.js';
import { decodeHexalias, encodeHexalias } from './hexalias.js';
import type { CertificateFacts, ChainCertificate, KeystoreEntry } from './keystoreEntry.js';
import { date, integer, rowOf, text, wrong } from './odataValue.js';

/** A row of `HistoryKeystoreEntries`: a key pair that SAP or a person has replaced. */
export interface HistoryKeystoreEntry extends KeystoreEntry {
  readonly activatedBy: string | undefined;
  readonly activeFrom: Date | undefined;
  readonly deactivatedBy: string | undefined;
  readonly activeUntil: Date | undefined;
  readonly activationSequenceNumber: number | undefined;
  readonly originalAlias: string | undefined;
}

/** Checks one row of `KeystoreEntries`; throws `bad-answer` with the property that is missing or of a wrong type. */
export function parseEntry(row: unknown): KeystoreEntry {
  const fields = rowOf(row);
  const sentHexalias = text(fields['Hexalias'], 'Hexalias');
  const sentAlias = text(fields['Alias'], 'Alias');
  // Written out member by member so that all entries share one shape: 6,000 of them are read, sorted and kept.
  return {
    hexalias: sentHexalias === undefined ? hexaliasOf(sentAlias) : sentHexalias.toUpperCase(),
    alias: sentAlias ?? aliasOf(sentHexalias),
    type: text(fields['Type'], 'Type') ?? '',
    owner: text(fields['Owner'], 'Owner') ?? '',
    keyType: text(fields['KeyType'], 'KeyType'),
    keySize: integer(fields['KeySize'], 'KeySize'),
    ellipticCurve: text(fields['EllipticCurve'], 'EllipticCurve'),
    validNotBefore: date(fields['ValidNotBefore'], 'ValidNotBefore'),
    validNotAfter: date(fields['ValidNotAfter'], 'ValidNotAfter'),
    serialNumber: text(fields['SerialNumber'], 'SerialNumber'),
    signatureAlgorithm: text(fields['SignatureAlgorithm'], 'SignatureAlgorithm'),
    subjectDn: text(fields['SubjectDN'], 'SubjectDN'),
    issuerDn: text(fields['IssuerDN'], 'IssuerDN'),
    version: integer(fields['Version'], 'Version'),
    fingerprintSha1: text(fields['FingerprintSha1'], 'FingerprintSha1'),
    fingerprintSha256: text(fields['FingerprintSha256'], 'FingerprintSha256'),
    fingerprintSha512: text(fields['FingerprintSha512'], 'FingerprintSha512'),
    validity: text(fields['Validity'], 'Validity'),
    lastModifiedBy: text(fields['LastModifiedBy'], 'LastModifiedBy'),
    lastModifiedTime: date(fields['LastModifiedTime'], 'LastModifiedTime'),
    createdBy: text(fields['CreatedBy'], 'CreatedBy'),
    createdTime: date(fields['CreatedTime'], 'CreatedTime'),
    status: text(fields['Status'], 'Status'),
  };
}

/** Checks one row of `HistoryKeystoreEntries`. */
export function parseHistoryEntry(row: unknown): HistoryKeystoreEntry {
  const fields = rowOf(row);
  return {
    ...parseEntry(row),
    activatedBy: text(fields['ActivatedBy'], 'ActivatedBy'),
    activeFrom: date(fields['ActiveFrom'], 'ActiveFrom'),
    deactivatedBy: text(fields['DeactivatedBy'], 'DeactivatedBy'),
    activeUntil: date(fields['ActiveUntil'], 'ActiveUntil'),
    activationSequenceNumber: integer(fields['ActivationSequenceNumber'], 'ActivationSequenceNumber'),
    originalAlias: text(fields['OriginalAlias'], 'OriginalAlias'),
  };
}

/** Checks one row of `ChainCertificates`. */
export function parseChainCertificate(row: unknown): ChainCertificate {
  const fields = rowOf(row);
  const index = integer(fields['Index'], 'Index');
  if (index === undefined || index < 0) {
    throw wrong('Index');
  }
  return { index, ...certificateFacts(fields) };
}

/** The facts of a certificate wherever a row or an error body states them. */
export function certificateFacts(fields: JsonObject): CertificateFacts {
  return {
    keyType: text(fields['KeyType'], 'KeyType'),
    keySize: integer(fields['KeySize'], 'KeySize'),
    ellipticCurve: text(fields['EllipticCurve'], 'EllipticCurve'),
    validNotBefore: date(fields['ValidNotBefore'], 'ValidNotBefore'),
    validNotAfter: date(fields['ValidNotAfter'], 'ValidNotAfter'),
    serialNumber: text(fields['SerialNumber'], 'SerialNumber'),
    signatureAlgorithm: text(fields['SignatureAlgorithm'], 'SignatureAlgorithm'),
    subjectDn: text(fields['SubjectDN'], 'SubjectDN'),
    issuerDn: text(fields['IssuerDN'], 'IssuerDN'),
    version: integer(fields['Version'], 'Version'),
    fingerprintSha1: text(fields['FingerprintSha1'], 'FingerprintSha1'),
    fingerprintSha256: text(fields['FingerprintSha256'], 'FingerprintSha256'),
    fingerprintSha512: text(fields['FingerprintSha512'], 'FingerprintSha512'),
    validity: text(fields['Validity'], 'Validity'),
  };
}

function hexaliasOf(alias: string | undefined): string {
  if (alias === undefined) {
    throw wrong('Hexalias');
  }
  try {
    return encodeHexalias(alias);
  } catch {
    throw wrong('Alias');
  }
}

function aliasOf(hexalias: string | undefined): string {
  if (hexalias === undefined) {
    throw wrong('Alias');
  }
  try {
    return decodeHexalias(hexalias);
  } catch {
    throw wrong('Hexalias');
  }
}

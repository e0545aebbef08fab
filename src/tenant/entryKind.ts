import type { CertificateFacts, KeystoreEntry } from './keystoreEntry.js';
import { isPredelivered, isReservedByRule } from './reservedAlias.js';

/** What an entry is to a person; `other` for a type that a later release of the tenant may bring. */
export type EntryKind = 'keyPair' | 'sshKey' | 'certificate' | 'other';

/** The tenant keeps SSH keys as key pairs under these aliases. */
const sshAliases: readonly string[] = ['id_rsa', 'id_dsa', 'id_ec'];

/** SAP offers no signing request for these (help page "Downloading a Certificate Signing Request"). */
const withoutSigningRequest: readonly string[] = ['id_rsa', 'id_dsa'];

/** Tells what an entry is. */
export function entryKind(entry: KeystoreEntry): EntryKind {
  switch (entry.type) {
    case 'Key Pair':
      return sshAliases.includes(entry.alias) ? 'sshKey' : 'keyPair';
    case 'SSH Key':
      return 'sshKey';
    case 'Certificate':
      return 'certificate';
    default:
      return 'other';
  }
}

/** True for an entry that belongs to SAP. */
export function isSapOwned(entry: KeystoreEntry): boolean {
  return entry.owner === 'SAP';
}

/** True where the tenant would refuse to rename, update or delete the entry: SAP owns it, or its alias is reserved for SAP. */
export function isProtected(entry: KeystoreEntry): boolean {
  return isSapOwned(entry) || isReservedByRule(entry.alias);
}

/** True for a key pair that SAP delivered with the tenant (option 1). */
export function isPredeliveredKeyPair(entry: KeystoreEntry): boolean {
  return entryKind(entry) === 'keyPair' && isPredelivered(entry.alias);
}

/** True for an entry with a private key. */
export function hasPrivateKey(entry: KeystoreEntry): boolean {
  const kind = entryKind(entry);
  return kind === 'keyPair' || kind === 'sshKey';
}

/** True where the tenant gives a signing request for the entry. */
export function hasSigningRequest(entry: KeystoreEntry): boolean {
  return hasPrivateKey(entry) && !isProtected(entry) && !withoutSigningRequest.includes(entry.alias);
}

/** True where subject and issuer are the same name: no certificate authority has signed it. */
export function isSelfIssued(facts: CertificateFacts): boolean {
  return facts.subjectDn !== undefined && facts.subjectDn !== '' && facts.subjectDn === facts.issuerDn;
}

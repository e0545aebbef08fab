import type { CertificateFacts, KeystoreEntry } from '../tenant/keystoreEntry.js';

/** A sender's certificate with what its place tells of its key; never the key itself. */
export type SenderCertificate =
  | { readonly kind: 'entry'; readonly entry: KeystoreEntry }
  | { readonly kind: 'file'; readonly name: string; readonly facts: CertificateFacts };

/** What the certificate states of itself. */
export function factsOf(certificate: SenderCertificate): CertificateFacts {
  return certificate.kind === 'entry' ? certificate.entry : certificate.facts;
}

/** The tenant keeps SSH keys as key pairs under these aliases. */
const sshAliases: readonly string[] = ['id_rsa', 'id_dsa', 'id_ec'];

/** True for a key pair that serves TLS. */
export function isKeyPair(entry: KeystoreEntry): boolean {
  return entry.type === 'Key Pair' && !sshAliases.includes(entry.alias);
}

/** True for an SSH key, which no client certificate belongs to. */
export function isSshKey(entry: KeystoreEntry): boolean {
  return entry.type === 'SSH Key' || (entry.type === 'Key Pair' && sshAliases.includes(entry.alias));
}

/** True for an entry that SAP owns and changes by itself. */
export function isSapOwned(entry: KeystoreEntry): boolean {
  return entry.owner === 'SAP';
}

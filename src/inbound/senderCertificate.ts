import type { Certificate } from '../pki/certificate.js';
import { formatFingerprint } from '../pki/certificate.js';
import { adapterName } from './adapterName.js';
import type { KeystoreEntry } from '../tenant/keystoreEntry.js';
import { judgeOption, judgeOptionOfFile, type OptionJudgement } from './entryOption.js';

/** The sender's certificate, from a keystore entry or a file, in the words of the tenant. */
export interface SenderCertificate {
  /** Alias or file name. */
  readonly name: string;
  /** The entry, where it is one. */
  readonly entry: KeystoreEntry | undefined;
  /** As the tenant renders names, and as the sender adapter takes them: most specific part first, a blank after each comma. */
  readonly subjectDn: string | undefined;
  readonly issuerDn: string | undefined;
  readonly validNotBefore: Date | undefined;
  readonly validNotAfter: Date | undefined;
  /** Algorithm and size. */
  readonly key: string;
  readonly serialNumber: string | undefined;
  /** Upper-case hexadecimal pairs with colons. */
  readonly fingerprintSha256: string | undefined;
  readonly option: OptionJudgement;
}

/** That of an entry, by what the tenant's list tells. */
export function certificateOfEntry(entry: KeystoreEntry): SenderCertificate {
  return {
    name: entry.alias,
    entry,
    subjectDn: entry.subjectDn,
    issuerDn: entry.issuerDn,
    validNotBefore: entry.validNotBefore,
    validNotAfter: entry.validNotAfter,
    key: [entry.keyType, entry.keySize].filter(Boolean).join(' '),
    serialNumber: entry.serialNumber,
    fingerprintSha256: entry.fingerprintSha256,
    option: judgeOption(entry),
  };
}

/** That of a file. */
export function certificateOfFile(leaf: Certificate, fileName: string): SenderCertificate {
  const issuerDn = adapterName(leaf.issuer);
  return {
    name: fileName,
    entry: undefined,
    subjectDn: adapterName(leaf.subject),
    issuerDn,
    validNotBefore: leaf.notBefore,
    validNotAfter: leaf.notAfter,
    key: leaf.keyType.replace(':', ' '),
    serialNumber: `0x${leaf.serialNumber.toUpperCase()}`,
    fingerprintSha256: formatFingerprint(leaf.sha256),
    option: judgeOptionOfFile(issuerDn),
  };
}

/** True where subject and issuer are the same name: no authority has signed it. */
export function isSelfIssuedSender({ subjectDn, issuerDn }: SenderCertificate): boolean {
  return subjectDn !== undefined && subjectDn !== '' && subjectDn === issuerDn;
}

/** What an entry is, in SAP's words; an unknown type of a later release is kept as it was sent. */
export type EntryType = 'Key Pair' | 'Certificate' | (string & {});

/** A certificate's facts as the tenant's OData API states them (`KeystoreEntryCertificatePart`). */
export interface CertificateFacts {
  /** `RSA`, `DSA`, `EC`, as the tenant names it. */
  readonly keyType: string | undefined;
  /** Bits. */
  readonly keySize: number | undefined;
  readonly ellipticCurve: string | undefined;
  readonly validNotBefore: Date | undefined;
  readonly validNotAfter: Date | undefined;
  /** `0x` and upper-case hexadecimal digits. */
  readonly serialNumber: string | undefined;
  /** JCA name, such as `SHA256withRSA`. */
  readonly signatureAlgorithm: string | undefined;
  /** The tenant's own rendering, most specific first. */
  readonly subjectDn: string | undefined;
  readonly issuerDn: string | undefined;
  readonly version: number | undefined;
  /** Upper-case hexadecimal pairs separated by colons, over the certificate's DER. */
  readonly fingerprintSha1: string | undefined;
  readonly fingerprintSha256: string | undefined;
  readonly fingerprintSha512: string | undefined;
  readonly validity: string | undefined;
}

/** One row of `KeystoreEntries`. */
export interface KeystoreEntry extends CertificateFacts {
  /** Upper-case hexadecimal digits of the alias in UTF-8; identifies the entry within its keystore. */
  readonly hexalias: string;
  readonly alias: string;
  readonly type: EntryType;
  readonly owner: 'SAP' | 'Tenant Administrator' | (string & {});
  readonly lastModifiedBy: string | undefined;
  readonly lastModifiedTime: Date | undefined;
  readonly createdBy: string | undefined;
  readonly createdTime: Date | undefined;
  readonly status: string | undefined;
}

/** One row of an entry's `ChainCertificates`; index 0 is the root. */
export interface ChainCertificate extends CertificateFacts {
  readonly index: number;
}

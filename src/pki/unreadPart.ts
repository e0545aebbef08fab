import { KeystoreError } from '../errors.js';
import { decodeText } from './pem.js';
import type { ZipEntry } from './zipArchive.js';

/** What of a file was not read although it says to be something that is read here. */
export interface UnreadPart {
  /** The name of the file in its archive; `undefined` where the file is none. */
  readonly entry: string | undefined;
  /** Why; outside of an archive its message names the place. */
  readonly error: KeystoreError;
}

/** True for a name under which files hold certificates and nothing else. */
export function isNamedCertificate(name: string): boolean {
  return /\.(?:cer|crt|cert|p7b|p7c|p7s|spc|pkipath)$/i.test(name);
}

/** True where a file of an archive that cannot be read was meant to hold certificates, by its name, its content or its PEM labels. */
export function claimsCertificates({ name, bytes }: ZipEntry, error: KeystoreError): boolean {
  return (
    isNamedCertificate(name) ||
    /\.(?:pem|der)$/i.test(name) ||
    error.code === 'unsupported' ||
    /-----BEGIN [^-\n]*(?:CERTIFICATE|PKCS ?#?7|CMS)/.test(decodeText(bytes))
  );
}

/** The failure of a file in an archive, under its name. */
export function inEntry(name: string, error: KeystoreError): KeystoreError {
  return new KeystoreError(error.code, `${name}: ${error.message}`, {
    cause: error,
    details: { ...error.details, entry: name },
  });
}

/** The same for keys, signing requests and PKCS#12 as well. */
export function claimsContent(file: ZipEntry, error: KeystoreError): boolean {
  return (
    claimsCertificates(file, error) ||
    /\.(?:p12|pfx|csr|p10|key|p8|ppk|pub)$/i.test(file.name) ||
    decodeText(file.bytes).includes('-----BEGIN ')
  );
}

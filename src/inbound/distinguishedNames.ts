import { KeystoreError } from '../errors.js';
import { commonName, namesEqual, parseName, type Name } from '../pki/distinguishedName.js';
import type { CertificateFacts } from '../tenant/keystoreEntry.js';

/** True where subject and issuer are one name, so that no certificate authority has signed; undefined where one is not told. */
export function isSelfIssued({
  subjectDn,
  issuerDn,
}: Pick<CertificateFacts, 'subjectDn' | 'issuerDn'>): boolean | undefined {
  if (!isTold(subjectDn) || !isTold(issuerDn)) {
    return undefined;
  }
  if (subjectDn === issuerDn) {
    return true;
  }
  const subject = read(subjectDn);
  const issuer = read(issuerDn);
  return subject !== undefined && issuer !== undefined && namesEqual(subject, issuer);
}

/**
 * True for an issuer name that SAP's Passport CAs have: `SSO_CA` of `SAP-AG`, and the later `SAP Passport CA`. A name proves
 * nothing, so this is a hint.
 */
export function isPassportIssuer(issuerDn: string | undefined): boolean {
  const name = isTold(issuerDn) ? read(issuerDn) : undefined;
  if (name === undefined) {
    return false;
  }
  const common = commonName(name) ?? '';
  return (/^SSO_CA$/i.test(common) && hasOrganization(name, 'SAP-AG')) || /^SAP Passport CA\b/i.test(common);
}

/** What people call a certificate by: its common name, else its whole name as the tenant wrote it. */
export function shortName(distinguishedName: string): string {
  const name = read(distinguishedName);
  const common = name === undefined ? undefined : commonName(name);
  return common === undefined || common === '' ? distinguishedName : common;
}

function hasOrganization(name: Name, organization: string): boolean {
  return name.rdns
    .flat()
    .some(({ oid, value }) => oid === '2.5.4.10' && value.toLowerCase() === organization.toLowerCase());
}

/** A name that cannot be read is no error here: it is shown as it is. */
function read(text: string): Name | undefined {
  try {
    return parseName(text);
  } catch (error) {
    if (KeystoreError.is(error)) {
      return undefined;
    }
    throw error;
  }
}

function isTold(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}

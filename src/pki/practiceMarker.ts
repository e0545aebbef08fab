import type { Certificate } from './certificate.js';
import type { Name } from './distinguishedName.js';

/** The organization in the name of every practice CA, on any machine: what one of them signed is told by it. */
export const practiceOrganization = 'Practice CA, not for production';

const organizationOid = '2.5.4.10';

/** True for a certificate that a practice CA issued, or that is one. */
export function isPracticeCertificate(certificate: Pick<Certificate, 'issuer' | 'subject'>): boolean {
  return isPracticeName(certificate.issuer) || isPracticeName(certificate.subject);
}

/** True for the name of a practice CA. */
export function isPracticeName(name: Name): boolean {
  return name.rdns.some((rdn) =>
    rdn.some(({ oid, value }) => oid === organizationOid && value === practiceOrganization),
  );
}

import { nameKey, parseName } from '../pki/distinguishedName.js';

/** Subject and issuer of a certificate, in whatever way they are written; undefined where they are not known. */
export interface NamesOfCertificate {
  readonly subjectDn: string | undefined;
  readonly issuerDn: string | undefined;
}

/** Whether subject and issuer are the same names, which is all that a sender adapter compares; false where one is not known. */
export function sameNames(one: NamesOfCertificate, other: NamesOfCertificate | undefined): boolean {
  return sameName(one.subjectDn, other?.subjectDn) && sameName(one.issuerDn, other?.issuerDn);
}

/** A text that is no name equals only itself. */
function sameName(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) {
    return false;
  }
  try {
    return nameKey(parseName(one)) === nameKey(parseName(other));
  } catch {
    return one === other;
  }
}

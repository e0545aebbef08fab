import type { Certificate } from '../pki/certificate.js';
import { formatName } from '../pki/distinguishedName.js';

/** The practice tenant's own list of authorities: the practice CA of this machine, and no other. */
export interface PracticeTrustList {
  readonly name: string;
  readonly version: string;
  readonly date: string;
  readonly source: string;
  readonly note: string;
  readonly rules: { readonly clientAuthentication: 'named'; readonly removedRoot: 'no' };
  readonly roots: readonly {
    readonly subject: string;
    readonly sha256: string;
    readonly sha1: string;
    readonly keyIdentifier: string | undefined;
    readonly notAfter: string;
  }[];
}

/** Names the list as what it is: for practice, and none of SAP's. `name` is for people. */
export function practiceTrustList(trusted: readonly Certificate[], name: string): PracticeTrustList {
  const [first] = trusted;
  return {
    name,
    version: '1',
    date: (first?.notBefore ?? new Date(0)).toISOString().slice(0, 10),
    source: 'practice',
    note: '',
    rules: { clientAuthentication: 'named', removedRoot: 'no' },
    roots: trusted.map(({ subject, sha256, sha1, subjectKeyIdentifier, notAfter }) => ({
      subject: formatName(subject),
      sha256,
      sha1,
      keyIdentifier: subjectKeyIdentifier,
      notAfter: notAfter.toISOString().slice(0, 10),
    })),
  };
}

import type { TrustList } from '../../src/inbound/trustLists.js';
import { readCertificate } from '../../src/pki/certificate.js';
import { nameKey } from '../../src/pki/distinguishedName.js';

/** A list that holds this root alone. */
export function trustListOf(root: Uint8Array): TrustList {
  const { subject, sha256 } = readCertificate(root);
  return {
    ...{ name: 'bench', version: '1', date: '2026-01-01', source: 'bench', note: '' },
    rules: { clientAuthentication: 'named', removedRoot: 'no' },
    roots: [
      {
        ...{ subject: 'CN=Root', subjectKey: nameKey(subject), sha256 },
        ...{ sha1: undefined, keyIdentifier: undefined, notAfter: undefined },
      },
    ],
    removed: [],
  };
}

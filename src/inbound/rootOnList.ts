import { createHash } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import type { Certificate } from '../pki/certificate.js';
import { displayName, nameKey } from '../pki/distinguishedName.js';
import type { Reason } from './acceptanceReason.js';
import type { ListedRoot, TrustList } from './trustLists.js';

/** How a certificate leads to an authority of a list. */
export interface RootFinding {
  /** It is the root itself; it has the root's name and key; the root has issued it and is not at hand. */
  readonly by: 'certificate' | 'key' | 'issuer';
  readonly reason: Reason;
  /** Until when the root is valid, where it is not at hand and the list tells (`YYYY-MM-DD`). */
  readonly notAfter?: string | undefined;
}

type NamedList = Pick<TrustList, 'roots'> & Partial<Pick<TrustList, 'name' | 'version' | 'date'>>;

/** Whether a certificate is an authority of the list, or issued by one; undefined where neither. */
export function rootReason(certificate: Certificate, list: NamedList): RootFinding | undefined {
  const subjectKey = nameKey(certificate.subject);
  const ofSubject = list.roots.filter((root) => root.subjectKey === subjectKey);
  const { name = '', version = '', date = '' } = list;
  const subject = displayName(certificate.subject);
  // A fingerprint says enough, however the list writes the name.
  if (list.roots.some((root) => isCertificate(root, certificate))) {
    return {
      by: 'certificate',
      reason: {
        about: 'root',
        kind: 'ok',
        certificate,
        text: l10n.t(
          'The root "{0}" (SHA-256 {1}) is on "{2}" {3} of {4}.',
          subject,
          certificate.sha256,
          name,
          version,
          date,
        ),
      },
    };
  }
  if (ofSubject.some((root) => root.keyIdentifier === keyHash(certificate))) {
    return {
      by: 'key',
      reason: {
        about: 'root',
        kind: 'ok',
        certificate,
        text: l10n.t(
          'Name and key are those of the root "{0}" on "{1}" {2} of {3}; the certificate is another one.',
          subject,
          name,
          version,
          date,
        ),
      },
    };
  }
  const issuerKey = nameKey(certificate.issuer);
  if (issuerKey === subjectKey) {
    return undefined;
  }
  const ofIssuer = list.roots.filter((root) => root.subjectKey === issuerKey);
  if (ofIssuer.length === 0) {
    return undefined;
  }
  const { authorityKeyIdentifier } = certificate;
  const issuer = displayName(certificate.issuer);
  const listed = ofIssuer.find(({ keyIdentifier }) => keyIdentifier === authorityKeyIdentifier);
  if (authorityKeyIdentifier !== undefined && listed !== undefined) {
    return {
      by: 'issuer',
      notAfter: listed.notAfter,
      reason: {
        about: 'root',
        kind: 'ok',
        certificate,
        text: l10n.t(
          'The root "{0}" is on "{1}" {2} of {3}. It is not at hand; it was told by the name of the issuer and the key identifier {4}.',
          issuer,
          name,
          version,
          date,
          authorityKeyIdentifier,
        ),
      },
    };
  }
  const canDiffer =
    authorityKeyIdentifier !== undefined && ofIssuer.every((root) => root.keyIdentifier !== undefined);
  return {
    by: 'issuer',
    reason: {
      about: 'root',
      kind: 'unknown',
      certificate,
      text: canDiffer
        ? l10n.t(
            '"{0}" {1} of {2} names the root "{3}" with another key than the issuer of this certificate has. Add the root certificate to be sure.',
            name,
            version,
            date,
            issuer,
          )
        : l10n.t(
            '"{0}" {1} of {2} names the root "{3}", but nothing at hand tells whether its key has signed. Add the root certificate to be sure.',
            name,
            version,
            date,
            issuer,
          ),
    },
  };
}

function isCertificate(root: ListedRoot, { sha256, sha1 }: Certificate): boolean {
  return root.sha256 === undefined ? root.sha1 === sha1 : root.sha256 === sha256;
}

/** The key identifier computed from the key itself (RFC 5280 4.2.1.2, method 1), not the one that a certificate claims. */
function keyHash({ publicKey }: Certificate): string {
  return createHash('sha1').update(publicKey.key).digest('hex');
}

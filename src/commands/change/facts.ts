import * as l10n from '@vscode/l10n';
import { formatFingerprint, type Certificate } from '../../pki/certificate.js';
import { displayName } from '../../pki/distinguishedName.js';
import type { Connection } from '../../services/connection.js';
import { KeystoreError } from '../../errors.js';
import type { KeystoreEntry } from '../../tenant/keystoreEntry.js';

/** A day as tables of certificates write it. */
export function day(date: Date | undefined): string {
  return date === undefined || Number.isNaN(date.getTime()) ? '?' : date.toISOString().slice(0, 10);
}

/** A certificate in lines for a question. */
export function certificateFacts(certificate: Certificate): readonly string[] {
  const { subject, issuer, notBefore, notAfter, keyType } = certificate;
  return [
    l10n.t('Subject: {0}', displayName(subject)),
    l10n.t('Issuer: {0}', displayName(issuer)),
    l10n.t('Valid: {0} to {1}', day(notBefore), day(notAfter)),
    l10n.t('Key: {0}', keyType.replace(':', ' ')),
    ...fingerprints(certificate),
  ];
}

/** What stands under the alias now beside what is to stand there, field by field. */
export function replacementFacts(old: KeystoreEntry, next: Certificate): readonly string[] {
  const pair = (label: string, before: string | undefined, after: string): readonly string[] => [
    l10n.t('{0}, now: {1}', label, before ?? '?'),
    l10n.t('{0}, new: {1}', label, after),
  ];
  return [
    ...pair(l10n.t('Subject'), old.subjectDn, displayName(next.subject)),
    ...pair(l10n.t('Issuer'), old.issuerDn, displayName(next.issuer)),
    ...pair(
      l10n.t('Valid'),
      l10n.t('{0} to {1}', day(old.validNotBefore), day(old.validNotAfter)),
      l10n.t('{0} to {1}', day(next.notBefore), day(next.notAfter)),
    ),
    ...pair('SHA-256', old.fingerprintSha256, formatFingerprint(next.sha256)),
    l10n.t('SHA-1, new: {0}', formatFingerprint(next.sha1)),
  ];
}

function fingerprints({ sha256, sha1 }: Certificate): readonly string[] {
  return [l10n.t('SHA-256: {0}', formatFingerprint(sha256)), l10n.t('SHA-1: {0}', formatFingerprint(sha1))];
}

/** Names the other entries that hold exactly this certificate. */
export function alreadyThere({ sha256 }: Certificate, entries: readonly KeystoreEntry[]): readonly string[] {
  const fingerprint = formatFingerprint(sha256);
  return entries
    .filter((entry) => entry.fingerprintSha256 === fingerprint)
    .map(({ alias }) => l10n.t('The keystore holds this certificate already, as "{0}".', alias));
}

/** Refuses what the Practice CA issued where the tenant is a real one. */
export async function refusePracticeCertificate(
  certificates: readonly Certificate[],
  connection: Connection,
): Promise<void> {
  const { isPracticeCertificate } = await import('../../pki/practiceMarker.js');
  if (!connection.practice && certificates.some((certificate) => isPracticeCertificate(certificate))) {
    throw new KeystoreError('refused', 'practice certificate for a real tenant', {
      details: {
        explanation: l10n.t(
          'This certificate was issued by the Practice CA; nobody else trusts it. It works on the practice tenant only.',
        ),
      },
    });
  }
}

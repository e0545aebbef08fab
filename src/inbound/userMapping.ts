import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import type { Certificate } from '../pki/certificate.js';
import { readCertificates } from '../pki/container.js';
import { displayName } from '../pki/distinguishedName.js';
import { mappingId, mappingLimits, type CertificateUserMapping } from '../tenant/certificateUserMappings.js';

/** A certificate-to-user mapping of a tenant of Neo with its certificate read; nothing in it is secret. */
export interface UserMapping extends Omit<CertificateUserMapping, 'certificate'> {
  /** Undefined where the tenant gave none, or one that cannot be read. */
  readonly certificate: Certificate | undefined;
  /** Why there is no certificate. */
  readonly unreadable: string | undefined;
  /** Whether the tenant's identifier is the MD5 of the certificate, as it is computed here. */
  readonly identifier: 'matches' | 'differs' | 'notKnown';
  /** Bytes that it takes of the tenant's limit; 0 where the tenant gave no certificate. */
  readonly size: number;
}

/** Reads what the tenant gave. Never throws: one broken mapping hides no others. */
export function readUserMapping({ certificate: sent, ...mapping }: CertificateUserMapping): UserMapping {
  const certificate = certificateOfMapping({ certificate: sent });
  return {
    ...mapping,
    certificate,
    unreadable:
      certificate !== undefined
        ? undefined
        : sent === undefined
          ? l10n.t('The tenant does not give out the certificate of this mapping.')
          : l10n.t('What the tenant gives as the certificate of this mapping cannot be read.'),
    identifier:
      certificate === undefined
        ? 'notKnown'
        : mappingId(certificate.der) === mapping.id
          ? 'matches'
          : 'differs',
    size: sent?.length ?? 0,
  };
}

/** The certificate of a mapping; undefined where the tenant gave none that can be read. */
export function certificateOfMapping({
  certificate,
}: Pick<CertificateUserMapping, 'certificate'>): Certificate | undefined {
  if (certificate === undefined) {
    return undefined;
  }
  const decoded = Buffer.from(certificate, 'base64');
  try {
    return readCertificates(decoded).certificates[0];
  } catch (error) {
    if (KeystoreError.is(error)) {
      return undefined;
    }
    throw error;
  }
}

/** Until when the certificate of a mapping is valid, as far as it is known. */
export function mappingValidUntil({ certificate, validUntil }: UserMapping): Date | undefined {
  return certificate?.notAfter ?? validUntil;
}

/** A mapping in a few words, by which it is told from others of the same user. */
export function mappingName(mapping: UserMapping): string {
  const end = mappingValidUntil(mapping);
  return end === undefined
    ? mapping.user
    : l10n.t('{0}, until {1}', mapping.user, end.toISOString().slice(0, 10));
}

/** Whom the certificate of a mapping is of; its identifier where that is not known. */
export function mappingSubject({ certificate, id }: UserMapping): string {
  return certificate === undefined ? id : displayName(certificate.subject);
}

/** By user, then the one that ends last first. */
export function sortedMappings(mappings: readonly UserMapping[]): readonly UserMapping[] {
  const end = (mapping: UserMapping): number => mappingValidUntil(mapping)?.getTime() ?? 0;
  return [...mappings].sort((a, b) => a.user.localeCompare(b.user) || end(b) - end(a));
}

/** Bytes that all mappings take together, and those that they may take. */
export function mappingsSize(mappings: readonly UserMapping[]): {
  readonly used: number;
  readonly limit: number;
} {
  return { used: mappings.reduce((sum, { size }) => sum + size, 0), limit: mappingLimits.total };
}

import { formatFingerprint } from '../pki/certificate.js';
import { displayName } from '../pki/distinguishedName.js';
import { encodePem } from '../pki/pem.js';
import { visibleText } from '../pki/visibleText.js';
import { mappingSubject, mappingValidUntil, type UserMapping } from './userMapping.js';

/** The forms of an export; nothing in any of them is secret. */
export type ExportForm = 'json' | 'pem' | 'markdown';

/** Users and public certificates as JSON, in the names of the tenant's API where it has them. */
export function mappingsAsJson(
  mappings: readonly UserMapping[],
  about: { readonly tenant: string; readonly at: Date },
): string {
  const rows = mappings.map((mapping) => ({
    Id: mapping.id,
    User: mapping.user,
    Certificate: mapping.certificate === undefined ? null : encodePem('CERTIFICATE', mapping.certificate.der),
    Subject: mapping.certificate === undefined ? null : displayName(mapping.certificate.subject),
    Issuer: mapping.certificate === undefined ? null : displayName(mapping.certificate.issuer),
    ValidUntil: mappingValidUntil(mapping)?.toISOString() ?? null,
    FingerprintSha256:
      mapping.certificate === undefined ? null : formatFingerprint(mapping.certificate.sha256),
    LastModifiedBy: mapping.lastModifiedBy ?? null,
    LastModifiedTime: mapping.lastModifiedTime?.toISOString() ?? null,
  }));
  const content = { tenant: about.tenant, exportedAt: about.at.toISOString(), CertificateUserMappings: rows };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

/** The certificates as PEM, each with its user and subject in a line of text before it, as OpenSSL writes them too. */
export function mappingsAsPem(mappings: readonly UserMapping[]): string {
  return mappings
    .flatMap((mapping) =>
      mapping.certificate === undefined
        ? []
        : [
            `# User: ${visibleText(mapping.user)}`,
            `# Subject: ${visibleText(mappingSubject(mapping))}`,
            encodePem('CERTIFICATE', mapping.certificate.der),
          ],
    )
    .join('\n');
}

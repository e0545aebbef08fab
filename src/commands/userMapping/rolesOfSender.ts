import { neededRoles } from '../../inbound/neededRoles.js';
import { defaultUserRole, type SenderSetUp } from '../../inbound/senderSetUp.js';
import type { Certificate } from '../../pki/certificate.js';

/** The roles that the endpoints of set-ups ask of a sender at a tenant, for a sentence; SAP's own where no set-up names any. */
export function rolesOfSender(
  setUps: readonly SenderSetUp[],
  tenantId: string,
  certificates: readonly Pick<Certificate, 'sha256'>[],
): string {
  const own = new Set(certificates.map(({ sha256 }) => sha256));
  const roles = neededRoles(setUps, tenantId).flatMap(({ certificateSha256, role }) =>
    own.has(certificateSha256) ? [role] : [],
  );
  return roles.length === 0 ? defaultUserRole : [...new Set(roles)].join(', ');
}

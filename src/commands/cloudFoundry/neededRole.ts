import { neededRoles } from '../../inbound/neededRoles.js';
import type { SenderSetUp } from '../../inbound/senderSetUp.js';
import type { Certificate } from '../../pki/certificate.js';

/** The role that a set-up's endpoint asks of this sender at a tenant; undefined where no set-up with an endpoint names it. */
export function neededRole(
  setUps: readonly SenderSetUp[],
  tenantId: string,
  leaf: Pick<Certificate, 'sha256'>,
): string | undefined {
  return neededRoles(setUps, tenantId).find(({ certificateSha256 }) => certificateSha256 === leaf.sha256)
    ?.role;
}

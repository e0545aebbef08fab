import { fingerprintKey } from '../../inbound/inboundClients.js';
import type { SenderSetUp } from '../../inbound/senderSetUp.js';
import type { Certificate } from '../../pki/certificate.js';
import { readCertificates } from '../../pki/container.js';

/** The role that a set-up's endpoint asks of this sender at a tenant; undefined where no set-up with an endpoint names it. */
export function neededRole(
  setUps: readonly SenderSetUp[],
  tenantId: string,
  leaf: Pick<Certificate, 'sha256'>,
): string | undefined {
  return setUps.find(
    (setUp) =>
      setUp.tenantId === tenantId &&
      setUp.way === 'mapping' &&
      setUp.endpoint !== undefined &&
      fingerprintOf(setUp) === leaf.sha256,
  )?.userRole;
}

function fingerprintOf({ certificate }: SenderSetUp): string | undefined {
  switch (certificate?.kind) {
    case 'entry':
      return certificate.fingerprintSha256 === undefined
        ? undefined
        : fingerprintKey(certificate.fingerprintSha256);
    case 'file':
      try {
        return readCertificates(Buffer.from(certificate.pem, 'utf8')).certificates[0]?.sha256;
      } catch {
        return undefined;
      }
    case undefined:
      return undefined;
  }
}

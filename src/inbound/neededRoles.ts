import { readCertificates } from '../pki/container.js';
import { fingerprintKey } from './inboundClients.js';
import type { NeededRole } from './inboundChecks.js';
import type { SenderSetUp } from './senderSetUp.js';

/** The roles that the endpoints of set-ups ask of their senders at a tenant; a set-up without an endpoint names none. */
export function neededRoles(setUps: readonly SenderSetUp[], tenantId: string): readonly NeededRole[] {
  return setUps.flatMap((setUp) => {
    if (setUp.tenantId !== tenantId || setUp.way !== 'mapping' || setUp.endpoint === undefined) {
      return [];
    }
    const certificateSha256 = fingerprintOf(setUp);
    return certificateSha256 === undefined
      ? []
      : [{ certificateSha256, role: setUp.userRole, neededBy: setUp.name }];
  });
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

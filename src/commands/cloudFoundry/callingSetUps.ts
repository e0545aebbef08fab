import { namePairOf } from '../../inbound/keyContent.js';
import type { CallingSetUp } from '../../inbound/keyDeletion.js';
import { mappedCertificate, type MappedCertificate } from '../../inbound/mappingStage.js';
import type { SenderSetUp } from '../../inbound/senderSetUp.js';
import { readCertificates } from '../../pki/container.js';
import { parseName } from '../../pki/distinguishedName.js';
import type { Environment } from '../environment.js';

/** The set-ups that are mapped at a tenant, with their certificates as far as they are known without reading anything. */
export function callingSetUps(
  { keystores }: Pick<Environment, 'keystores'>,
  setUps: readonly SenderSetUp[],
  tenantId: string,
): readonly CallingSetUp[] {
  return setUps.flatMap((setUp) => {
    const certificate =
      setUp.tenantId === tenantId && setUp.way === 'mapping' ? mappedOf(setUp, keystores) : undefined;
    return certificate === undefined ? [] : [{ name: setUp.name, certificate }];
  });
}

function mappedOf(
  { certificate }: SenderSetUp,
  keystores: Pick<Environment['keystores'], 'entries'>,
): MappedCertificate | undefined {
  switch (certificate?.kind) {
    case 'entry': {
      const entry = keystores
        .entries(certificate.tenantId)
        ?.find(({ hexalias }) => hexalias === certificate.hexalias);
      return {
        fingerprintSha256: entry?.fingerprintSha256 ?? certificate.fingerprintSha256,
        namePair: namePairOfTexts(entry?.subjectDn, entry?.issuerDn),
        validNotBefore: entry?.validNotBefore,
      };
    }
    case 'file':
      try {
        const [leaf] = readCertificates(Buffer.from(certificate.pem, 'utf8')).certificates;
        return leaf === undefined ? undefined : mappedCertificate(leaf);
      } catch {
        return undefined;
      }
    case undefined:
      return undefined;
  }
}

/** A tenant's rendering of a name that cannot be read as one tells nothing. */
function namePairOfTexts(subject: string | undefined, issuer: string | undefined): string | undefined {
  if (subject === undefined || issuer === undefined) {
    return undefined;
  }
  try {
    return namePairOf({ subject: parseName(subject), issuer: parseName(issuer) });
  } catch {
    return undefined;
  }
}

import * as l10n from '@vscode/l10n';
import { namePairOf } from '../../inbound/keyContent.js';
import type { NextCertificate, RenewalPlan } from '../../inbound/renewalPlan.js';
import type { Certificate } from '../../pki/certificate.js';
import { orderChain } from '../../pki/chain.js';
import { readCertificates } from '../../pki/container.js';
import { encodePem } from '../../pki/pem.js';
import type { SenderCertificate } from '../cloudFoundry/senderCertificate.js';

/** A plan lies in global state, and a file may hold a whole trust store: no chain has more certificates than this. */
const maximumCertificates = 20;

/** What a plan keeps of the certificate that was chosen: its public chain, and how it compares with the old one. */
export function nextCertificate(
  { leaf, chain, others }: SenderCertificate,
  old: Certificate | undefined,
): NextCertificate {
  // Beside the chain there may be another way to a root, but no other sender's certificate is of any use.
  const issuers = [...chain, ...others.filter(({ isCa }) => isCa)].filter(
    ({ sha256 }) => sha256 !== leaf.sha256,
  );
  return {
    sha256: leaf.sha256,
    hasEqualNames: old !== undefined && namePairOf(old) === namePairOf(leaf),
    isNewer: old !== undefined && leaf.notBefore.getTime() > old.notBefore.getTime(),
    pem: [leaf, ...issuers]
      .slice(0, maximumCertificates)
      .map(({ der }) => encodePem('CERTIFICATE', der))
      .join(''),
  };
}

/** The chosen certificate with its chain as far as the plan holds it; undefined where it holds none that can be read. */
export function plannedSender({ next, oldName }: RenewalPlan): SenderCertificate | undefined {
  const certificates =
    next?.pem === undefined ? [] : readCertificates(Buffer.from(next.pem, 'utf8')).certificates;
  const leaf = certificates.find(({ sha256 }) => sha256 === next?.sha256);
  if (leaf === undefined) {
    return undefined;
  }
  const issuers = certificates.filter(({ sha256 }) => sha256 !== leaf.sha256);
  const { chain, strangers } = orderChain([leaf, ...issuers], { leafSpkiSha256: leaf.spkiSha256 });
  const isInOrder = chain[0]?.sha256 === leaf.sha256;
  return {
    leaf,
    chain: isInOrder ? chain : [leaf],
    others: isInOrder ? strangers : issuers,
    option: undefined,
    from: undefined,
    source: l10n.t('Renewal of "{0}"', oldName),
  };
}

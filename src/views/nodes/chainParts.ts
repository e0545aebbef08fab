import type { ChainCertificate, KeystoreEntry } from '../../tenant/keystoreEntry.js';
import { isSelfIssued } from '../../tenant/entryKind.js';
import type { ChainPart } from './model.js';

/** A certificate of a chain and what it is there. */
export interface ChainMember {
  readonly certificate: ChainCertificate;
  readonly part: ChainPart;
}

/**
 * The chain from the leaf up. The tenant counts from the top (index 0), but takes a signing response in any order and without
 * its root, so the leaf is told by the entry's own fingerprint and a root by its own signature on its name.
 */
export function chainMembers(
  entry: KeystoreEntry,
  certificates: readonly ChainCertificate[],
): readonly ChainMember[] {
  const fromTheLeaf = [...certificates].sort((a, b) => b.index - a.index);
  const own = entry.fingerprintSha256?.toUpperCase();
  const leaf =
    fromTheLeaf.find(
      ({ fingerprintSha256 }) => own !== undefined && fingerprintSha256?.toUpperCase() === own,
    ) ?? fromTheLeaf[0];
  return fromTheLeaf.map((certificate) => ({
    certificate,
    part: certificate === leaf ? 'leaf' : isSelfIssued(certificate) ? 'root' : 'intermediate',
  }));
}

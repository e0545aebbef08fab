import * as l10n from '@vscode/l10n';
import type { Certificate } from './certificate.js';
import { isSelfIssued, orderChain } from './chain.js';
import { commonName, displayName } from './distinguishedName.js';

/** One thing that the repair changed, to be shown before the chain is used. */
export interface ChainChange {
  readonly kind: 'reordered' | 'stranger' | 'duplicate' | 'added' | 'rootLeftOut';
  readonly certificate?: Certificate | undefined;
  /** For people. */
  readonly text: string;
}

/** A chain in order, and what was done to get it. */
export interface RepairedChain {
  readonly leaf: Certificate | undefined;
  /** The leaf first, each followed by its issuer. */
  readonly chain: readonly Certificate[];
  /** Empty where the certificates were a chain in order. */
  readonly changes: readonly ChainChange[];
  /** The name of the issuer that was found nowhere; undefined where the chain reaches a root, left out or not. */
  readonly missingIssuer: string | undefined;
}

/** How a chain is to be repaired. */
export interface RepairOptions {
  /** Key of the leaf; without it the leaf is told by its place. */
  readonly leafSpkiSha256?: string | undefined;
  /** Certificates that may be missing issuers. */
  readonly pool: readonly Certificate[];
  /** `keep`: in the chain where it was given; `leaveOut`: never; `add`: from the pool as well. */
  readonly root: 'keep' | 'leaveOut' | 'add';
  /** Where a certificate of the pool comes from, for people. */
  readonly from?: (certificate: Certificate) => string | undefined;
  /** True for an authority of the list that counts, and for what one of them has issued: a chain that leads there is preferred. */
  readonly isListed?: ((certificate: Certificate) => boolean) | undefined;
}

/**
 * Puts certificates into order, the leaf first: strangers set aside, duplicates dropped, missing issuers taken from the pool, never
 * from elsewhere. Throws `budget` as `orderChain` does.
 */
export function repairChain(certificates: readonly Certificate[], options: RepairOptions): RepairedChain {
  const { pool, root, from = () => undefined, isListed } = options;
  const leafSpkiSha256 = options.leafSpkiSha256 ?? orderChain(certificates).leaf?.spkiSha256;
  // Another certificate of the leaf's key, such as the one it replaces, must not take its place.
  const issuers = pool.filter(({ spkiSha256 }) => spkiSha256 !== leafSpkiSha256);
  const given = new Map(certificates.map((certificate) => [certificate.sha256, certificate]));
  const isGiven = ({ sha256 }: Certificate): boolean => given.has(sha256);
  const ordered = orderChain([...certificates, ...issuers], {
    leafSpkiSha256,
    isListed,
    isGiven,
  });
  const { leaf } = ordered;
  const last = ordered.chain.at(-1);
  const hasRoot = last !== undefined && ordered.chain.length > 1 && isSelfIssued(last);
  const dropsRoot = hasRoot && (root === 'leaveOut' || (root === 'keep' && !isGiven(last)));
  const chain = dropsRoot ? ordered.chain.slice(0, -1) : ordered.chain;
  const belongs = new Set(ordered.chain.map(({ sha256 }) => sha256));
  const kept = [...given.keys()].filter((sha256) => belongs.has(sha256));
  const wanted = ordered.chain.filter(isGiven);
  const changes: ChainChange[] = [];
  if (kept.some((sha256, index) => sha256 !== wanted[index]?.sha256)) {
    changes.push({ kind: 'reordered', text: l10n.t('Put into order, the leaf first.') });
  }
  for (const certificate of duplicatesOf(certificates)) {
    changes.push({
      kind: 'duplicate',
      certificate,
      text: l10n.t('Left out because it was there twice: {0}.', labelOf(certificate)),
    });
  }
  for (const certificate of given.values()) {
    if (!belongs.has(certificate.sha256)) {
      changes.push({
        kind: 'stranger',
        certificate,
        text: strangerText(certificate, ordered.chain),
      });
    }
  }
  for (const certificate of chain.filter((one) => !isGiven(one))) {
    const place = from(certificate);
    changes.push({
      kind: 'added',
      certificate,
      text:
        place === undefined
          ? l10n.t('Added: {0}.', labelOf(certificate))
          : l10n.t('Added from "{0}": {1}.', place, labelOf(certificate)),
    });
  }
  if (dropsRoot && isGiven(last)) {
    changes.push({
      kind: 'rootLeftOut',
      certificate: last,
      text: l10n.t('The root is left out: {0}.', labelOf(last)),
    });
  }
  return { leaf, chain, changes, missingIssuer: ordered.missingIssuer };
}

function strangerText(certificate: Certificate, [leaf, ...issuers]: readonly Certificate[]): string {
  const label = labelOf(certificate);
  if (certificate.spkiSha256 === leaf?.spkiSha256) {
    return l10n.t(
      'Left out, an older certificate of the same key: {0}, until {1}.',
      label,
      certificate.notAfter.toISOString().slice(0, 10),
    );
  }
  return issuers.some(({ spkiSha256 }) => spkiSha256 === certificate.spkiSha256)
    ? l10n.t('Left out, another certificate of an authority of the chain: {0}.', label)
    : l10n.t('Left out, does not belong to the chain: {0}.', label);
}

/** Each that is there again, once for each further time. */
function duplicatesOf(certificates: readonly Certificate[]): readonly Certificate[] {
  const seen = new Set<string>();
  return certificates.filter(({ sha256 }) => {
    const isAgain = seen.has(sha256);
    seen.add(sha256);
    return isAgain;
  });
}

function labelOf({ subject }: Certificate): string {
  const name = commonName(subject) ?? displayName(subject);
  return name === '' ? l10n.t('(no name)') : name;
}

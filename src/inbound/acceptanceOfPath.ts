import * as l10n from '@vscode/l10n';
import type { Certificate } from '../pki/certificate.js';
import {
  isIssuedBy,
  isSelfIssued,
  keyIdentifiersAgree,
  orderChain,
  type OrderedChain,
} from '../pki/chain.js';
import { displayName, namesEqual, parseName } from '../pki/distinguishedName.js';
import { findPath, type SignatureMemory } from '../pki/pathBuilder.js';
import type { PathFailure } from '../pki/pathValidation.js';
import { isPracticeCertificate, isPracticeName } from '../pki/practiceMarker.js';
import type { Reason } from './acceptanceReason.js';
import { nameOf, pathFailureText } from './acceptanceTexts.js';
import { isPassportAuthority } from './passport.js';
import { rootReason, type RootFinding } from './rootOnList.js';
import type { TrustList } from './trustLists.js';

/** What a path is sought among; see `AcceptanceRequest`. */
export interface PathFacts {
  readonly chain: readonly Certificate[];
  readonly extra: readonly Certificate[];
  readonly now: number;
  readonly memory?: SignatureMemory | undefined;
}

/** Whether a path leads to an authority of the list. */
export interface JudgedPath {
  readonly reasons: readonly Reason[];
  /** As far as it is known, the leaf first. */
  readonly path: readonly Certificate[];
  /** True where what issued the last one is not at hand. */
  readonly anchorIsAbsent: boolean;
}

/** Looks for a path from the leaf to an authority of the list, at hand or not, and says why there is none. */
export function judgePath(
  leaf: Certificate,
  list: TrustList,
  { chain, extra, now, memory }: PathFacts,
): JudgedPath {
  const untrusted = [...chain.slice(1), ...extra];
  const all = [leaf, ...untrusted];
  const findings = new Map<string, RootFinding>();
  for (const certificate of all) {
    const finding = rootReason(certificate, list);
    if (finding !== undefined) {
      findings.set(certificate.sha256, finding);
    }
  }
  settleIssuers(all, findings);
  const anchors = (of: RootFinding['by']): readonly Certificate[] =>
    all.filter(({ sha256 }) => findings.get(sha256)?.by === of);
  let failed: { readonly failure: PathFailure; readonly path: readonly Certificate[] } | undefined;
  for (const by of ['certificate', 'key', 'issuer'] as const) {
    const trusted = anchors(by);
    if (trusted.length === 0) {
      continue;
    }
    const anchorIsAbsent = by === 'issuer';
    const conditions = { at: new Date(now), usage: 'clientAuth', anchorIsAbsent } as const;
    const found = findPath({ leaf, untrusted, trusted, ...conditions, memory });
    const { path } = found;
    const end = found.path.at(-1);
    const finding = end === undefined ? undefined : findings.get(end.sha256);
    if (found.isValid && finding !== undefined) {
      return { reasons: [...told(finding, now), chainOk(path.length, by)], path, anchorIsAbsent };
    }
    if (!found.isValid && found.reason !== 'no-path') {
      if (finding?.by === by && found.certificate === leaf && isToldOfLeaf(found)) {
        return { reasons: [...told(finding, now), chainOk(path.length, by)], path, anchorIsAbsent };
      }
      failed ??= { failure: found, path };
    }
  }
  if (failed !== undefined) {
    const { failure, path } = failed;
    const end = path.at(-1);
    const finding = end === undefined ? undefined : findings.get(end.sha256);
    return {
      reasons: [
        ...(finding === undefined ? [] : told(finding, now)),
        {
          about: 'chain',
          kind: failure.reason === 'unchecked-signature' ? 'unknown' : 'problem',
          text: pathFailureText(failure),
          certificate: failure.certificate,
        },
      ],
      path,
      anchorIsAbsent:
        finding === undefined ? end !== undefined && !isSelfIssued(end) : finding.by === 'issuer',
    };
  }
  return unlisted(leaf, all, list);
}

/** So many signatures are checked to tell whose issuer is at hand; a file made to need more is not told apart. */
const maxSignatures = 200;

/**
 * Takes back what was told by the name of an issuer where the issuer itself is at hand: the listed root, which then has to have
 * signed, or another of that name, which then has.
 */
function settleIssuers(all: readonly Certificate[], findings: Map<string, RootFinding>): void {
  let signatures = 0;
  for (const certificate of all) {
    const finding = findings.get(certificate.sha256);
    if (finding?.by !== 'issuer') {
      continue;
    }
    const issuers = all.filter(
      (other) =>
        other !== certificate &&
        namesEqual(certificate.issuer, other.subject) &&
        keyIdentifiersAgree(certificate, other),
    );
    const isSettled = issuers.some((issuer) => {
      const by = findings.get(issuer.sha256)?.by;
      if (by === 'certificate' || by === 'key') {
        return true;
      }
      return (
        isSelfIssued(issuer) &&
        by === undefined &&
        ++signatures <= maxSignatures &&
        isIssuedBy(certificate, issuer)
      );
    });
    if (isSettled) {
      findings.delete(certificate.sha256);
    } else if (signatures > maxSignatures) {
      findings.set(certificate.sha256, { by: 'issuer', reason: tooManyAlike(certificate) });
    }
  }
}

function tooManyAlike(certificate: Certificate): Reason {
  return {
    about: 'root',
    kind: 'unknown',
    certificate,
    text: l10n.t(
      'There are too many certificates named "{0}" to tell which of them has signed "{1}". Take out what does not belong to the chain.',
      displayName(certificate.issuer),
      nameOf(certificate.subject),
    ),
  };
}

/** What `leafReasons` and `weaknessReason` tell of the leaf need not be told twice. */
export function isToldOfLeaf({ reason }: PathFailure): boolean {
  return ['expired', 'not-yet-valid', 'extended-key-usage', 'weak'].includes(reason);
}

/** A root that is not at hand is judged by the end that the list gives. */
function told({ by, reason, notAfter }: RootFinding, now: number): readonly Reason[] {
  return by === 'issuer' && notAfter !== undefined && Date.parse(notAfter) + 86_400_000 < now
    ? [reason, { about: 'chain', kind: 'problem', text: l10n.t('The root expired on {0}.', notAfter) }]
    : [reason];
}

function chainOk(length: number, by: RootFinding['by']): Reason {
  return {
    about: 'chain',
    kind: 'ok',
    text:
      by === 'issuer'
        ? l10n.t('The chain is complete up to the root, which is not at hand ({0} certificates).', length)
        : l10n.t('The chain is complete, with {0} certificates.', length),
  };
}

/** The chain that the others make above the leaf; another certificate of its key does not take its place. */
export function orderedFrom(leaf: Certificate, others: readonly Certificate[]): OrderedChain {
  const { spkiSha256 } = leaf;
  return orderChain([leaf, ...others.filter((other) => other.spkiSha256 !== spkiSha256)], {
    leafSpkiSha256: spkiSha256,
  });
}

/** Why the path ends nowhere on the list. */
function unlisted(leaf: Certificate, all: readonly Certificate[], list: TrustList): JudgedPath {
  const { chain: path, missingIssuer } = orderedFrom(leaf, all);
  const end = path.at(-1) ?? leaf;
  return {
    path,
    anchorIsAbsent: !isSelfIssued(end),
    reasons: [unlistedReason(end, path, missingIssuer, list)],
  };
}

function unlistedReason(
  end: Certificate,
  path: readonly Certificate[],
  missingIssuer: string | undefined,
  list: TrustList,
): Reason {
  // The practice tenant's own list names the practice CA: a chain that does not reach it lacks an issuer.
  if (path.some(isPracticeCertificate) && !namesPracticeAuthority(list)) {
    return {
      about: 'root',
      kind: 'problem',
      certificate: end,
      text: l10n.t(
        'It was signed by the practice CA, which is not on "{0}" {1} of {2}; no real receiver trusts it.',
        list.name,
        list.version,
        list.date,
      ),
    };
  }
  if (isFromPassport(path) && !namesPassport(list)) {
    return {
      about: 'root',
      kind: 'unknown',
      certificate: end,
      text: l10n.t(
        'This is an SAP Passport. SAP\'s set-up guide (option 2) calls its root trusted by the load balancer; "{0}" {1} of {2} does not name it, and only the list of the Neo environment does. Try a call to be sure.',
        list.name,
        list.version,
        list.date,
      ),
    };
  }
  const removed = list.removed.find(
    ({ sha256, keyIdentifier, subjectKey }) =>
      sha256 === end.sha256 || rootReasonKey(end, subjectKey, keyIdentifier),
  );
  if (removed !== undefined) {
    return {
      about: 'root',
      kind: list.rules.removedRoot === 'no' ? 'problem' : 'unknown',
      certificate: end,
      text: l10n.t(
        'The root "{0}" was removed from "{1}" with version {2} on {3}. Use another authority.',
        removed.subject,
        list.name,
        removed.removedIn,
        removed.removedOn,
      ),
    };
  }
  if (isSelfIssued(end) && missingIssuer === undefined) {
    const isLeaf = path.length === 1;
    return {
      about: 'root',
      kind: 'problem',
      certificate: end,
      text: isLeaf
        ? l10n.t(
            'The certificate is self-signed; only certificates signed by an authority of "{0}" {1} of {2} are accepted. Have it signed.',
            list.name,
            list.version,
            list.date,
          )
        : l10n.t(
            'The root "{0}" (SHA-256 {1}) is not on "{2}" {3} of {4}.',
            nameOf(end.subject),
            end.sha256,
            list.name,
            list.version,
            list.date,
          ),
    };
  }
  return {
    about: 'chain',
    kind: 'unknown',
    certificate: end,
    text: l10n.t(
      'The chain is not complete: "{0}", the issuer of "{1}", is missing, and "{2}" {3} of {4} does not name it. Add the missing certificates.',
      displayName(end.issuer),
      nameOf(end.subject),
      list.name,
      list.version,
      list.date,
    ),
  };
}

function rootReasonKey(end: Certificate, subjectKey: string, keyIdentifier: string | undefined): boolean {
  const probe = rootReason(end, {
    roots: [
      { subject: '', subjectKey, keyIdentifier, sha256: undefined, sha1: undefined, notAfter: undefined },
    ],
  });
  return probe !== undefined && (probe.by === 'key' || (probe.by === 'issuer' && probe.reason.kind === 'ok'));
}

/** True where one of them was issued by the authority of SAP Passports. */
export function isFromPassport(path: readonly Certificate[]): boolean {
  return path.some(({ issuer }) => isPassportAuthority(issuer));
}

function namesPassport({ roots }: TrustList): boolean {
  return roots.some(({ subject }) => isPassportAuthority(parseName(subject)));
}

/** True for the practice tenant's own list, which names the practice CA. */
export function namesPracticeAuthority({ roots }: TrustList): boolean {
  return roots.some(({ subject }) => isPracticeName(parseName(subject)));
}

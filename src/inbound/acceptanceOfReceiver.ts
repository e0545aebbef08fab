import * as l10n from '@vscode/l10n';
import type { Certificate } from '../pki/certificate.js';
import { isSelfIssued } from '../pki/chain.js';
import { displayName } from '../pki/distinguishedName.js';
import { findPath } from '../pki/pathBuilder.js';
import { isPracticeCertificate } from '../pki/practiceMarker.js';
import {
  isToldOfLeaf,
  namesPracticeAuthority,
  orderedFrom,
  type JudgedPath,
  type PathFacts,
} from './acceptanceOfPath.js';
import type { Reason } from './acceptanceReason.js';
import { nameOf, pathFailureText } from './acceptanceTexts.js';
import type { TrustLists } from './trustLists.js';

/**
 * What can be said of a certificate with which Cloud Integration calls a receiver, whose list of authorities nobody here knows:
 * whether its chain holds up to where it ends, and whether that is a root.
 */
export function judgePathForReceiver(
  leaf: Certificate,
  { chain, extra, now, memory, lists }: PathFacts & { readonly lists: TrustLists },
): JudgedPath {
  const others = [...chain.slice(1), ...extra];
  const { chain: path, missingIssuer } = orderedFrom(leaf, [leaf, ...others]);
  const end = path.at(-1) ?? leaf;
  const anchorIsAbsent = missingIssuer !== undefined;
  return {
    reasons: [
      authorityReason(path, end, lists),
      ...failureReasons(leaf, end, { others, now, memory, anchorIsAbsent }),
      ...(anchorIsAbsent ? [endReason(end)] : []),
    ],
    path,
    anchorIsAbsent,
  };
}

function authorityReason(path: readonly Certificate[], end: Certificate, lists: TrustLists): Reason {
  if (path.some(isPracticeCertificate) && !namesPracticeAuthority(lists.integrationFlow)) {
    return {
      about: 'root',
      kind: 'problem',
      certificate: end,
      text: l10n.t(
        'It was signed by the practice CA; no real receiver trusts it. Have it signed by an authority that the receiver names.',
      ),
    };
  }
  return {
    about: 'root',
    kind: 'unknown',
    text: l10n.t(
      'For outbound calls the receiver decides which authorities it trusts; none of SAP\'s lists applies. Ask the receiver whether it accepts "{0}".',
      nameOf(end.issuer),
    ),
  };
}

/** What makes the chain fail at any receiver that has its end among the authorities that it trusts. */
function failureReasons(
  leaf: Certificate,
  end: Certificate,
  {
    others,
    now,
    memory,
    anchorIsAbsent,
  }: Pick<PathFacts, 'now' | 'memory'> & {
    readonly others: readonly Certificate[];
    readonly anchorIsAbsent: boolean;
  },
): readonly Reason[] {
  if (end === leaf) {
    return [];
  }
  const conditions = { at: new Date(now), usage: 'clientAuth', anchorIsAbsent } as const;
  const found = findPath({ leaf, untrusted: others, trusted: [end], ...conditions, memory });
  if (found.isValid || (found.certificate === leaf && isToldOfLeaf(found))) {
    return [];
  }
  return [
    {
      about: 'chain',
      kind: found.reason === 'unchecked-signature' ? 'unknown' : 'problem',
      certificate: found.certificate,
      text: pathFailureText(found),
    },
  ];
}

function endReason(end: Certificate): Reason {
  return {
    about: 'chain',
    kind: 'warning',
    certificate: end,
    text: isSelfIssued(end)
      ? l10n.t('"{0}" names itself as its issuer and was not signed with its own key.', nameOf(end.subject))
      : l10n.t(
          'The chain ends with "{0}"; its issuer "{1}" is not at hand. Unless the receiver has it, the call fails: add it to the entry, except where it is a root.',
          nameOf(end.subject),
          displayName(end.issuer),
        ),
  };
}

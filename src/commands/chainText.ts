import * as l10n from '@vscode/l10n';
import type { Certificate } from '../pki/certificate.js';
import type { OrderedChain } from '../pki/chain.js';
import { commonName, displayName } from '../pki/distinguishedName.js';
import type { FoundIssuer } from '../services/issuers.js';

/** A certificate as a person calls it. */
export function certificateLabel({ subject }: Certificate): string {
  const name = commonName(subject) ?? displayName(subject);
  return name === '' ? l10n.t('(no name)') : name;
}

/** What was changed of certificates that came in some order, and what is still missing; a line each. */
export function chainChanges(
  given: readonly Certificate[],
  { chain, strangers, duplicates, missingIssuer }: OrderedChain,
  found: readonly FoundIssuer[],
): readonly string[] {
  const hashes = new Set(given.map(({ sha256 }) => sha256));
  const kept = chain.filter(({ sha256 }) => hashes.has(sha256));
  const inOrder = [...new Set(given)].filter((certificate) =>
    kept.some(({ sha256 }) => sha256 === certificate.sha256),
  );
  const isReordered = inOrder.some(({ sha256 }, index) => sha256 !== kept[index]?.sha256);
  return [
    ...(isReordered ? [l10n.t('Put into order, the leaf first.')] : []),
    ...(duplicates > 0 ? [l10n.t('Left out because they were there twice: {0}.', duplicates)] : []),
    ...strangers
      .filter(({ sha256 }) => hashes.has(sha256))
      .map((stranger) => l10n.t('Left out, does not belong to the chain: {0}.', certificateLabel(stranger))),
    ...found.map(({ certificate, from }) =>
      l10n.t('Added from "{0}": {1}.', from, certificateLabel(certificate)),
    ),
    ...(missingIssuer === undefined
      ? []
      : [l10n.t('Not found, so the chain ends early: the certificate of "{0}".', missingIssuer)]),
  ];
}

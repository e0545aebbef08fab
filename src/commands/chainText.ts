import * as l10n from '@vscode/l10n';
import type { Certificate } from '../pki/certificate.js';
import type { RepairedChain } from '../pki/chainRepair.js';
import { commonName, displayName } from '../pki/distinguishedName.js';
import type { FoundIssuer } from '../services/issuers.js';

/** A certificate as a person calls it. */
export function certificateLabel({ subject }: Certificate): string {
  const name = commonName(subject) ?? displayName(subject);
  return name === '' ? l10n.t('(no name)') : name;
}

/** What was changed of certificates that came in some order, and what is still missing; a line each. */
export function chainChanges({ changes, missingIssuer }: RepairedChain): readonly string[] {
  return [
    ...changes.map(({ text }) => text),
    ...(missingIssuer === undefined
      ? []
      : [l10n.t('Not found, so the chain ends early: the certificate of "{0}".', missingIssuer)]),
  ];
}

/** Where found issuers come from, as `repairChain` asks for it. */
export function placeOf(found: readonly FoundIssuer[]): (certificate: Certificate) => string | undefined {
  return ({ sha256 }) => found.find(({ certificate }) => certificate.sha256 === sha256)?.from;
}

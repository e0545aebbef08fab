import * as l10n from '@vscode/l10n';
import type { Certificate } from '../pki/certificate.js';
import { judgementCheck, validityChecks } from './certificateChecks.js';
import { no, yes, type Check, type MappingCheckId } from './checkAnswers.js';
import type { CertificateJudgement } from './inboundChecks.js';
import { mappingValidUntil, type UserMapping } from './userMapping.js';

/** What the mappings are looked at with. */
export interface MappingCheckContext {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly warningDays: number;
  /** Judges a certificate by Neo's own list; undefined where none is at hand. */
  readonly judge: ((leaf: Certificate) => CertificateJudgement) | undefined;
}

/** Every check of every mapping of a tenant, by identifier; pure, in one pass. */
export function checkMappings(
  mappings: readonly UserMapping[],
  context: MappingCheckContext,
): ReadonlyMap<string, readonly Check<MappingCheckId>[]> {
  const users = new Map<string, UserMapping[]>();
  for (const mapping of mappings) {
    const key = mapping.user.toLowerCase();
    users.set(key, [...(users.get(key) ?? []), mapping]);
  }
  return new Map(
    mappings.map((mapping) => {
      const alike = users.get(mapping.user.toLowerCase()) ?? [];
      return [
        mapping.id,
        [
          checkCertificate(mapping),
          ...checkValidity(mapping, context),
          ...checkJudgement(mapping, context),
          checkIdentifier(mapping),
          checkSimilar(mapping, alike),
          checkSeveral(mapping, alike),
        ],
      ];
    }),
  );
}

function checkCertificate({ certificate, unreadable }: UserMapping): Check<MappingCheckId> {
  return certificate === undefined ? yes('noCertificate', 'warning', unreadable ?? '') : no('noCertificate');
}

function checkValidity(mapping: UserMapping, context: MappingCheckContext): readonly Check<MappingCheckId>[] {
  const end = mappingValidUntil(mapping);
  return end === undefined
    ? (['expired', 'expiring', 'notYetValid'] as const).map((id) => ({
        id,
        answer: 'cannotTell',
        reason: l10n.t('The tenant does not tell until when the certificate is valid.'),
      }))
    : validityChecks({ begin: mapping.certificate?.notBefore, end }, context);
}

function checkJudgement(
  { certificate, unreadable }: UserMapping,
  { judge }: MappingCheckContext,
): readonly Check<MappingCheckId>[] {
  const judgement = certificate === undefined ? undefined : judge?.(certificate);
  if (judgement === undefined) {
    const reason = unreadable ?? l10n.t('No list of trusted authorities is at hand.');
    return (['rootNotListed', 'noClientAuthentication'] as const).map((id) => ({
      id,
      answer: 'cannotTell',
      reason,
    }));
  }
  return [
    judgementCheck('rootNotListed', judgement.rootListed),
    judgementCheck('noClientAuthentication', judgement.clientAuthentication),
  ];
}

function checkIdentifier({ identifier, unreadable }: UserMapping): Check<MappingCheckId> {
  const id = 'otherIdentifier';
  switch (identifier) {
    case 'matches':
      return no(id);
    case 'differs':
      return yes(
        id,
        'warning',
        l10n.t(
          "The tenant's identifier is not the MD5 of this certificate: it may be the mapping of another one.",
        ),
      );
    case 'notKnown':
      return { id, answer: 'cannotTell', reason: unreadable ?? '' };
  }
}

function checkSimilar({ user }: UserMapping, alike: readonly UserMapping[]): Check<MappingCheckId> {
  const id = 'similarUser';
  const other = alike.find((mapping) => mapping.user !== user);
  return other === undefined
    ? no(id)
    : yes(
        id,
        'warning',
        l10n.t(
          'There is also "{0}", which differs in case only. Whether SAP takes them for one user is not known; the role must be given to the exact one.',
          other.user,
        ),
      );
}

function checkSeveral({ user }: UserMapping, alike: readonly UserMapping[]): Check<MappingCheckId> {
  const id = 'severalCertificates';
  const { length } = alike.filter((mapping) => mapping.user === user);
  return length < 2
    ? no(id)
    : yes(
        id,
        'note',
        l10n.t(
          'The user "{0}" has {1} certificates: all of them work, as during a renewal. Delete those that nobody uses any more.',
          user,
          length,
        ),
      );
}

import type { PlacedKey } from './inboundClients.js';

/** What is looked for at each key. */
export type KeyCheckId =
  | 'expired'
  | 'expiring'
  | 'notYetValid'
  | 'sameCertificate'
  | 'pinnedBesideUnpinned'
  | 'unpinnedPair'
  | 'rootNotListed'
  | 'noClientAuthentication'
  | 'missingRole'
  | 'noCertificate'
  | 'oldSecret';

/** What is looked for at each instance. */
export type InstanceCheckId = 'deprecatedGrantType' | 'noClientCredentials' | 'noRole';

/** What is looked for at each certificate-to-user mapping of Neo. */
export type MappingCheckId =
  | Extract<
      KeyCheckId,
      'expired' | 'expiring' | 'notYetValid' | 'rootNotListed' | 'noClientAuthentication' | 'noCertificate'
    >
  | 'otherIdentifier'
  | 'similarUser'
  | 'severalCertificates';

/** The answer of one check: `yes` raises the flag, and `cannotTell` names the fact that is missing. */
export type Check<Id extends string> =
  | { readonly id: Id; readonly answer: 'no' }
  | {
      readonly id: Id;
      readonly answer: 'yes';
      readonly level: 'problem' | 'warning' | 'note';
      readonly reason: string;
      /** Guids of the other keys that take part, the first hundred. */
      readonly others: readonly string[];
    }
  | { readonly id: Id; readonly answer: 'cannotTell'; readonly reason: string };

/** The checks that raise their flag. */
export function flags<Id extends string>(
  checks: readonly Check<Id>[],
): readonly Extract<Check<Id>, { answer: 'yes' }>[] {
  return checks.filter((check) => check.answer === 'yes');
}

/** The check that raises nothing. */
export function no<Id extends string>(id: Id): Check<Id> {
  return { id, answer: 'no' };
}

/** The check that raises its flag. */
export function yes<Id extends string>(
  id: Id,
  level: 'problem' | 'warning' | 'note',
  reason: string,
  others: readonly PlacedKey[] = [],
): Check<Id> {
  return { id, answer: 'yes', level, reason, others: others.map(({ key }) => key.guid) };
}

import * as l10n from '@vscode/l10n';
import type { Certificate } from '../pki/certificate.js';
import { namePairOf } from './keyContent.js';
import { flags } from './checkAnswers.js';
import {
  certificateOf,
  fingerprintKey,
  placedKeys,
  type InboundInstance,
  type PlacedKey,
} from './inboundClients.js';
import { checkInbound } from './inboundChecks.js';
import { processIntegrationRuntime } from './serviceInstanceParameters.js';
import { mappingDoubts, neighbourChecks } from './mappingDoubts.js';
import type { StageAction, StageJudgement } from './stage.js';

/** What is known of the receiver's mappings. */
export type MappingFact =
  /** Nothing; `next` leads to knowing it. */
  | { readonly kind: 'notKnown'; readonly reason: string; readonly next?: StageAction | undefined }
  /** Cloud Foundry: the service keys of all instances that were read. */
  | {
      readonly kind: 'serviceKeys';
      /** The organization and space, or spaces, for people. */
      readonly place: string;
      readonly isEverySpace: boolean;
      readonly instances: readonly InboundInstance[];
    }
  /** Neo: the user to which exactly this certificate is mapped; undefined where it is to none. */
  | {
      readonly kind: 'neo';
      readonly user: string | undefined;
      /** MD5 of the certificate, by which it was looked up. */
      readonly id: string;
      /** How many mappings the tenant has. */
      readonly count: number;
    };

/** What the mapping is looked for by. */
export interface MappedCertificate {
  /** SHA-256 in any form; undefined where the tenant does not tell it. */
  readonly fingerprintSha256: string | undefined;
  /** `namePairOf` the certificate, where it was read. */
  readonly namePair: string | undefined;
  readonly validNotBefore: Date | undefined;
}

/** What mappings compare of a certificate that is at hand. */
export function mappedCertificate(leaf: Certificate): MappedCertificate {
  return { fingerprintSha256: leaf.sha256, namePair: namePairOf(leaf), validNotBefore: leaf.notBefore };
}

/** When the keys are judged. */
export interface Time {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly warningDays: number;
}

/** How a service key lets a certificate in. */
export interface MappingMatch {
  readonly placed: PlacedKey;
  /** `renewed`: an unpinned key with the same names takes a newer certificate. */
  readonly by: 'certificate' | 'renewed';
}

/** The keys that let a certificate in, those with exactly it first. */
export function matchingKeys(
  instances: readonly InboundInstance[],
  certificate: MappedCertificate,
): readonly MappingMatch[] {
  const { fingerprintSha256, namePair, validNotBefore } = certificate;
  const wanted = fingerprintSha256 === undefined ? undefined : fingerprintKey(fingerprintSha256);
  const all = placedKeys(forSenders(instances));
  const exact = all.filter(({ key }) => wanted !== undefined && certificateOf(key) === wanted);
  const renewed = all.filter(({ key }) => {
    if (key.reading.kind !== 'read' || key.pinning.kind !== 'unpinned' || namePair === undefined) {
      return false;
    }
    const [held] = key.reading.content.certificates;
    return (
      key.reading.content.namePair === namePair &&
      held !== undefined &&
      held.sha256 !== wanted &&
      validNotBefore !== undefined &&
      held.notBefore.getTime() < validNotBefore.getTime()
    );
  });
  return [
    ...exact.map((placed) => ({ placed, by: 'certificate' as const })),
    ...renewed.map((placed) => ({ placed, by: 'renewed' as const })),
  ];
}

/** The keys whose certificate the sender's own renews, or is: those that let it in, then those with equal names. */
export function renewableKeys(
  instances: readonly InboundInstance[],
  certificate: MappedCertificate,
): readonly PlacedKey[] {
  const { namePair } = certificate;
  return [
    ...matchingKeys(instances, certificate).map(({ placed }) => placed),
    ...placedKeys(forSenders(instances)).filter(
      ({ key: { reading } }) =>
        namePair !== undefined && reading.kind === 'read' && reading.content.namePair === namePair,
    ),
  ].filter(
    ({ key: { reading } }) => reading.kind === 'read' && reading.content.type === 'externalCertificate',
  );
}

/** Keys of another plan open the API, not integration flows. */
function forSenders(instances: readonly InboundInstance[]): readonly InboundInstance[] {
  return instances.filter(({ plan }) => plan === processIntegrationRuntime.integrationFlowPlan);
}

/** Whether the receiver's mapping finds the certificate. */
export function mappingStage(fact: MappingFact, certificate: MappedCertificate, time: Time): StageJudgement {
  switch (fact.kind) {
    case 'notKnown':
      return { state: 'notKnown', reason: fact.reason, next: fact.next };
    case 'neo': {
      const details = [
        l10n.t(
          'Looked up by its identifier {0} (MD5, computed here) among the {1} mappings of the tenant.',
          fact.id,
          fact.count,
        ),
      ];
      return fact.user === undefined
        ? {
            state: 'missing',
            reason: l10n.t('No certificate-to-user mapping of the tenant holds this certificate.'),
            details,
            next: 'addNeoMapping',
          }
        : { state: 'ok', reason: l10n.t('It is mapped to the user "{0}".', fact.user), details };
    }
    case 'serviceKeys':
      return serviceKeyStage(fact, certificate, time);
  }
}

function serviceKeyStage(
  { instances, place, isEverySpace }: Extract<MappingFact, { kind: 'serviceKeys' }>,
  certificate: MappedCertificate,
  time: Time,
): StageJudgement {
  const matches = matchingKeys(instances, certificate);
  const [first] = matches;
  const senders = forSenders(instances);
  const unread = placedKeys(senders).filter(isUnread);
  const [equal] = first === undefined ? renewableKeys(senders, certificate) : [];
  const known = [
    ...(equal === undefined
      ? []
      : [
          l10n.t(
            'The service key "{0}" of "{1}" holds another certificate with equal names. "Renew Client Certificate…" replaces it without downtime.',
            equal.key.name,
            equal.instance.name,
          ),
        ]),
    isEverySpace
      ? l10n.t('Looked for in every space that you may see of {0}.', place)
      : l10n.t('Looked for in {0}.', place),
  ];
  if (first === undefined) {
    if (unread.length > 0) {
      const refused = unread.flatMap(({ key }) =>
        key.reading.kind === 'notReadable' ? [key.reading.reason] : [],
      );
      return {
        state: 'notKnown',
        reason:
          refused.length < unread.length
            ? l10n.t(
                'No service key read so far holds it; not read yet: {0}.',
                unread.length - refused.length,
              )
            : l10n.t('No service key that can be read holds it; not readable: {0}.', refused.length),
        details: [...new Set(refused), ...known],
        next: refused.length < unread.length ? 'readServiceKeys' : 'createServiceKey',
      };
    }
    return {
      state: 'missing',
      reason:
        senders.length === 0
          ? l10n.t('There is no service instance for senders, so no service key holds it.')
          : l10n.t('No service key holds it.'),
      details: known,
      next: senders.length === 0 ? 'createInstance' : 'createServiceKey',
    };
  }
  const { key, instance } = first.placed;
  const { checks, concerns, problem, other } = concernsOf({ instances, isEverySpace }, matches, time);
  const doubts = mappingDoubts(
    matches.flatMap(({ placed }) => checks.keys.get(placed.key.guid) ?? []),
    // A key of whatever plan may hold the certificate.
    placedKeys(instances).filter(isUnread),
  );
  const found =
    first.by === 'certificate'
      ? l10n.t('The service key "{0}" of "{1}" holds it ({2}).', key.name, instance.name, pinnedText(first))
      : l10n.t(
          'The service key "{0}" of "{1}" holds an older certificate with equal names and is not pinned, so it takes this newer one.',
          key.name,
          instance.name,
        );
  return {
    // The key is there, which is what the stage asks; that no other one stands in its way is not claimed.
    state: problem === undefined ? 'ok' : 'problem',
    reason: problem?.reason ?? [found, ...doubts.summary].join(' '),
    details: [
      ...(problem === undefined ? [] : [found]),
      ...new Set(concerns.filter((concern) => concern !== problem).map(({ reason }) => reason)),
      ...doubts.reasons,
      ...known,
    ],
    ...(doubts.offers.length === 0 ? {} : { offers: doubts.offers }),
    ...(other === undefined
      ? {
          next:
            problem?.id === 'deprecatedGrantType' || problem?.id === 'noClientCredentials'
              ? 'mendGrantTypes'
              : undefined,
        }
      : {
          next: 'showServiceKey',
          nextText: l10n.t(
            'Look at the service key "{0}" of "{1}", with which it is in conflict; it can be deleted or renewed there.',
            other.key.name,
            other.instance.name,
          ),
        }),
  };
}

function isUnread({ key }: PlacedKey): boolean {
  return key.reading.kind !== 'read';
}

/** The other key, where the one that lets a certificate in is in conflict with one: the same certificate, or equal names and pinning that does not go together. */
export function conflictingKey(
  fact: MappingFact,
  certificate: MappedCertificate,
  time: Time,
): PlacedKey | undefined {
  return fact.kind === 'serviceKeys'
    ? concernsOf(fact, matchingKeys(fact.instances, certificate), time).other
    : undefined;
}

/** What the checks say of the keys that let a certificate in and of their instances; `problem` is the first grave one. */
function concernsOf(
  {
    instances,
    isEverySpace,
  }: Pick<Extract<MappingFact, { kind: 'serviceKeys' }>, 'instances' | 'isEverySpace'>,
  matches: readonly MappingMatch[],
  time: Time,
) {
  const checks = checkInbound(instances, { ...time, isEverySpace });
  const concerns = matches.flatMap(({ placed }) => [
    ...flags(checks.instances.get(placed.instance.guid) ?? []).filter(({ id }) => id !== 'noRole'),
    // What is wrong with the certificate itself is told by its own stage.
    ...flags(checks.keys.get(placed.key.guid) ?? []).filter(
      ({ id }) => !['expired', 'expiring', 'notYetValid', 'rootNotListed', 'missingRole'].includes(id),
    ),
  ]);
  const problem = concerns.find(({ level }) => level === 'problem');
  const [guid] = neighbourChecks.some((id) => id === problem?.id) ? (problem?.others ?? []) : [];
  const other = guid === undefined ? undefined : placedKeys(instances).find(({ key }) => key.guid === guid);
  return { checks, concerns, problem, other };
}

function pinnedText({ placed: { key } }: MappingMatch): string {
  switch (key.pinning.kind) {
    case 'pinned':
      return l10n.t('pinned');
    case 'unpinned':
      return l10n.t('not pinned');
    case 'notKnown':
      return l10n.t('pinned or not: not known');
  }
}

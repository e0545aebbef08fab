import * as l10n from '@vscode/l10n';
import { certificateOf, placedKeys, type InboundInstance, type PlacedKey } from './inboundClients.js';
import { subjectOf, validUntil, type KeyContent } from './keyContent.js';
import { mappedCertificate, matchingKeys, type MappedCertificate } from './mappingStage.js';
import { listedKeys } from './neighbourConflicts.js';
import type { Pinning } from './serviceKeyParameters.js';

/** A sender set-up of the tenant, and the certificate with which it calls. */
export interface CallingSetUp {
  readonly name: string;
  readonly certificate: MappedCertificate;
}

/** What is known when a key is to be deleted. */
export interface DeletionFacts {
  readonly guid: string;
  /** Undefined where it could not be read. */
  readonly content: KeyContent | undefined;
  readonly pinning: Pinning;
  /** Every instance that was listed, that of the key among them, as far as keys were read; undefined where nothing could be listed. */
  readonly instances: readonly InboundInstance[] | undefined;
  readonly isEverySpace: boolean;
  readonly setUps: readonly CallingSetUp[];
}

/** What stops working when a key is deleted, and what does not; claims nothing about keys that were not read. */
export function deletionConsequences(facts: DeletionFacts): readonly string[] {
  const { content } = facts;
  if (content === undefined) {
    return [l10n.t('What it holds cannot be read, so nothing tells whose calls get 401 from then on.')];
  }
  const client = content.clientId === undefined ? [] : [l10n.t('Client id: {0}', content.clientId)];
  if (content.type === 'clientSecret') {
    return [
      l10n.t(
        'Whoever gets tokens by its client secret gets none from then on; tokens that are out end by themselves.',
      ),
      ...client,
    ];
  }
  const end = validUntil(content);
  return [
    ...callLines(content, facts),
    ...(end === undefined
      ? []
      : [l10n.t('The certificate is valid until {0}.', end.toISOString().slice(0, 10))]),
    ...pinningLines(content, facts),
    ...setUpLines(content, facts),
    ...client,
  ];
}

/** What becomes of calls with the certificate itself, which depends on the keys that stay. */
function callLines(content: KeyContent, facts: DeletionFacts): readonly string[] {
  const subject = subjectOf(content) ?? l10n.t('a subject that is not known');
  const [leaf] = content.certificates;
  const others = otherInstances(facts);
  const twins =
    leaf === undefined ? [] : placedKeys(others).filter(({ key }) => certificateOf(key) === leaf.sha256);
  const [twin] = twins;
  if (twin !== undefined && twins.length > 1) {
    return [
      l10n.t(
        'The certificate of {0} is in {1} as well: calls with it get 401 as long as more than one key holds it, so also without this one.',
        subject,
        listedKeys(twins),
      ),
    ];
  }
  const gap = gapText(facts);
  if (twin !== undefined) {
    return [
      gap === undefined
        ? l10n.t(
            'The certificate of {0} is in {1} as well, and calls with it get 401 as long as both keys hold it. Without this one it is in one key only, and calls with it have the roles of that instance.',
            subject,
            listedKeys(twins),
          )
        : l10n.t(
            'The certificate of {0} is in {1} as well, and calls with it get 401 as long as both keys hold it. Whether it is in one key only without this one is not certain: {2}',
            subject,
            listedKeys(twins),
            gap,
          ),
    ];
  }
  const takers =
    leaf === undefined ? [] : matchingKeys(others, mappedCertificate(leaf)).map(({ placed }) => placed);
  if (takers.length > 0) {
    return [
      l10n.t(
        'The certificate of {0} has the subject and issuer of the older one in {1}, which is not pinned: calls with it have the roles of that instance from then on.',
        subject,
        listedKeys(takers),
      ),
    ];
  }
  return [
    l10n.t('Calls with the certificate of {0} get 401 from then on.', subject),
    ...(gap === undefined ? [] : [l10n.t('Whether another key lets it in is not certain: {0}', gap)]),
  ];
}

/** An unpinned key lets in more than the certificate that it holds. */
function pinningLines({ type }: KeyContent, { pinning }: DeletionFacts): readonly string[] {
  if (type !== 'externalCertificate' || pinning.kind === 'pinned') {
    return [];
  }
  return [
    pinning.kind === 'notKnown'
      ? l10n.t(
          'Whether it is pinned is not known: {0} If it is not, senders with a newer certificate of the same subject and issuer call by it as well.',
          pinning.reason,
        )
      : l10n.t(
          'It is not pinned: senders with a newer certificate of the same subject and issuer call by it as well, and are let in by it no more.',
        ),
  ];
}

/** The set-ups whose certificate this key lets in. */
function setUpLines(
  content: KeyContent,
  { guid, pinning, instances, setUps }: DeletionFacts,
): readonly string[] {
  const own = (instances ?? []).flatMap((instance) => {
    const key = instance.keys.find((one) => one.guid === guid);
    const read = key === undefined ? [] : [{ ...key, pinning, reading: { kind: 'read', content } as const }];
    return read.length === 0 ? [] : [{ ...instance, keys: read }];
  });
  const names = setUps
    .filter(({ certificate }) => matchingKeys(own, certificate).length > 0)
    .map(({ name }) => `"${name}"`);
  return names.length === 0 ? [] : [l10n.t('Sender set-ups that call by it: {0}', names.join(', '))];
}

function otherInstances({ instances, guid }: DeletionFacts): readonly InboundInstance[] {
  return (instances ?? []).map((instance) => ({
    ...instance,
    keys: instance.keys.filter((key) => key.guid !== guid),
  }));
}

/** What is not known of the other keys; undefined where all were read. */
function gapText(facts: DeletionFacts): string | undefined {
  if (facts.instances === undefined) {
    return l10n.t('the other keys could not be listed.');
  }
  const unread: readonly PlacedKey[] = placedKeys(otherInstances(facts)).filter(
    ({ key }) => key.reading.kind !== 'read',
  );
  if (unread.length > 0) {
    return l10n.t('what {0} holds is not known.', listedKeys(unread));
  }
  return facts.isEverySpace ? undefined : l10n.t('only a part of the keys was listed.');
}

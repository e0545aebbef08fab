import * as l10n from '@vscode/l10n';
import type { Certificate } from '../pki/certificate.js';
import { conflict, type Conflict, type PlanFacts, type PlannedKey } from './conflict.js';
import { certificateOf, placedKeys, type PlacedKey } from './inboundClients.js';
import { namePairOf } from './keyContent.js';
import type { Pinning } from './serviceKeyParameters.js';

/** What a key with this certificate and the others would do to each other. */
export function neighbourConflicts(
  { type, leaf, pin = true, isThere }: PlannedKey,
  facts: Pick<PlanFacts, 'instances' | 'isEverySpace'>,
): readonly Conflict[] {
  if (type !== 'externalCertificate' || leaf === undefined) {
    return [];
  }
  if (isThere === true) {
    return unpinnedKeyConflicts(leaf, facts);
  }
  const names = namePairOf(leaf);
  const keys = placedKeys(facts.instances);
  const twins = keys.filter(({ key }) => certificateOf(key) === leaf.sha256);
  const others = keys.filter(
    (placed) => isExternal(placed) && namesOf(placed) === names && certificateOf(placed.key) !== leaf.sha256,
  );
  const of = (kind: Pinning['kind']): readonly PlacedKey[] =>
    others.filter(({ key }) => key.pinning.kind === kind);
  const found: Conflict[] = [];
  if (twins.length > 0) {
    found.push(
      conflict(
        'sameCertificate',
        'problem',
        l10n.t(
          'The certificate is in {0} already. SAP takes a certificate that is in exactly one key of all instances: calls with it would get 401, those that work today as well.',
          listedKeys(twins),
        ),
        l10n.t('Use the key that is there. A further role goes into its instance by "Change Roles…".'),
        twins,
      ),
    );
  }
  const opposite = pin ? of('unpinned') : of('pinned');
  if (opposite.length > 0) {
    found.push(
      conflict(
        'pinnedBesideUnpinned',
        'problem',
        pin
          ? l10n.t(
              'Subject and issuer are those of {0}, which is not pinned: beside a pinned key SAP cannot tell them apart, and calls of both fail.',
              listedKeys(opposite),
            )
          : l10n.t(
              'Subject and issuer are those of {0}, which is pinned: beside a key without pinning SAP cannot tell them apart, and calls of both fail.',
              listedKeys(opposite),
            ),
        pin
          ? l10n.t('An unpinned key takes the newer certificate without a new key: let the sender use it.')
          : l10n.t('Pin the new key as well.'),
        opposite,
      ),
    );
  }
  const unpinned = pin ? [] : of('unpinned');
  if (unpinned.length > 0) {
    found.push(
      conflict(
        'unpinnedPair',
        'problem',
        l10n.t(
          'Subject and issuer are those of {0}, and neither would be pinned: SAP cannot tell them apart, and calls of both fail.',
          listedKeys(unpinned),
        ),
        l10n.t('An unpinned key takes the newer certificate without a new key: let the sender use it.'),
        unpinned,
      ),
    );
  }
  return [...found, ...unknowns({ pin, others, keys, twins }, facts)];
}

/** An unpinned key takes a certificate by its names, so any other key with these names disturbs it, pinned or not. */
function unpinnedKeyConflicts(
  leaf: Certificate,
  { instances, isEverySpace }: Pick<PlanFacts, 'instances' | 'isEverySpace'>,
): readonly Conflict[] {
  const names = namePairOf(leaf);
  const keys = placedKeys(instances);
  const others = keys.filter((placed) => isExternal(placed) && namesOf(placed) === names);
  const unread = keys.filter(({ key }) => key.reading.kind !== 'read');
  const found: Conflict[] = [];
  if (others.length > 0) {
    found.push(
      conflict(
        others.some(({ key }) => key.pinning.kind === 'pinned') ? 'pinnedBesideUnpinned' : 'unpinnedPair',
        'problem',
        l10n.t(
          'Subject and issuer are those of {0} as well: beside a key without pinning SAP cannot tell them apart, and calls of both fail.',
          listedKeys(others),
        ),
        l10n.t('Delete the key that is not used any more, or make both pinned.'),
        others,
      ),
    );
  }
  if (unread.length > 0 || !isEverySpace) {
    found.push(
      conflict(
        'unpinnedPair',
        'cannotTell',
        unread.length > 0
          ? l10n.t(
              'Whether another key has the same subject and issuer is not certain: what {0} holds is not known.',
              listedKeys(unread),
            )
          : l10n.t(
              'Whether another key has the same subject and issuer is not certain: only this space was read.',
            ),
        adviceFor(unread, isEverySpace),
      ),
    );
  }
  return found;
}

function unknowns(
  known: {
    readonly pin: boolean;
    readonly others: readonly PlacedKey[];
    readonly keys: readonly PlacedKey[];
    readonly twins: readonly PlacedKey[];
  },
  { isEverySpace }: Pick<PlanFacts, 'isEverySpace'>,
): readonly Conflict[] {
  const found: Conflict[] = [];
  const unclear = known.others.filter(({ key }) => key.pinning.kind === 'notKnown');
  const [first] = unclear;
  if (first?.key.pinning.kind === 'notKnown') {
    found.push(
      conflict(
        'pinnedBesideUnpinned',
        'cannotTell',
        l10n.t(
          'Subject and issuer are those of {0}, and whether that one is pinned is not known: {1} If it is pinned and the new key is not, or the other way round, calls of both fail.',
          listedKeys(unclear),
          first.key.pinning.reason,
        ),
        l10n.t('Look in the cockpit whether "Pin Certificate" is set there, and choose the same.'),
        unclear,
      ),
    );
  }
  const unread = known.keys.filter(({ key }) => key.reading.kind !== 'read');
  if (known.twins.length === 0 && (unread.length > 0 || !isEverySpace)) {
    found.push(
      conflict(
        'sameCertificate',
        'cannotTell',
        unread.length > 0
          ? l10n.t(
              'Whether the certificate is in another key is not certain: what {0} holds is not known.',
              listedKeys(unread),
            )
          : l10n.t('Whether the certificate is in another key is not certain: only this space was read.'),
        adviceFor(unread, isEverySpace),
      ),
    );
  }
  return found;
}

function adviceFor(unread: readonly PlacedKey[], isEverySpace: boolean): string {
  if (unread.length === 0) {
    return isEverySpace ? '' : l10n.t('Show all spaces first.');
  }
  const forbidden = unread.find(({ key }) => key.reading.kind === 'notReadable');
  return forbidden?.key.reading.kind === 'notReadable'
    ? forbidden.key.reading.reason
    : l10n.t('Read all keys first.');
}

function isExternal({ key: { reading } }: PlacedKey): boolean {
  return reading.kind === 'read' && reading.content.type === 'externalCertificate';
}

function namesOf({ key: { reading } }: PlacedKey): string | undefined {
  return reading.kind === 'read' ? reading.content.namePair : undefined;
}

/** `"key" of "instance"`, the first three. */
export function listedKeys(keys: readonly PlacedKey[]): string {
  const names = keys
    .slice(0, 3)
    .map(({ key, instance }) => l10n.t('"{0}" of "{1}"', key.name, instance.name));
  return keys.length > 3 ? l10n.t('{0} and {1} more', names.join(', '), keys.length - 3) : names.join(', ');
}

import * as l10n from '@vscode/l10n';
import { no, yes, type Check, type KeyCheckId } from './checkAnswers.js';
import { placedKeys, type InboundInstance, type InboundKey, type PlacedKey } from './inboundClients.js';
import { holdsCertificate, unknownCertificate, type KeyContent } from './keyContent.js';

/** External certificates with equal subject and issuer. */
type SameNames = Record<InboundKey['pinning']['kind'], PlacedKey[]>;

const maximumOthers = 100;

/** What keys do to each other: the same certificate twice, and names that SAP cannot tell apart. */
export class KeyNeighbours {
  private readonly bySha256 = new Map<string, PlacedKey[]>();
  private readonly byNames = new Map<string, SameNames>();
  private readonly unread: number;

  constructor(
    instances: readonly InboundInstance[],
    private readonly isEverySpace: boolean,
  ) {
    let unread = 0;
    for (const placed of placedKeys(instances)) {
      const { reading } = placed.key;
      if (reading.kind !== 'read' || reading.content.unreadable !== undefined) {
        unread++;
        continue;
      }
      const { certificates, namePair, type } = reading.content;
      add(this.bySha256, certificates[0]?.sha256, placed);
      if (type === 'externalCertificate' && namePair !== undefined) {
        const group = this.byNames.get(namePair) ?? { pinned: [], unpinned: [], notKnown: [] };
        group[placed.key.pinning.kind].push(placed);
        this.byNames.set(namePair, group);
      }
    }
    this.unread = unread;
  }

  check(placed: PlacedKey, content: KeyContent): readonly Check<KeyCheckId>[] {
    const ids = ['sameCertificate', 'pinnedBesideUnpinned', 'unpinnedPair'] as const;
    if (!holdsCertificate(content)) {
      return ids.map(no);
    }
    const [leaf] = content.certificates;
    if (leaf === undefined) {
      const reason = unknownCertificate();
      return ids.map((id) => ({ id, answer: 'cannotTell', reason }));
    }
    return [this.sameCertificate(placed, leaf.sha256), ...this.sameNames(placed, content)];
  }

  private sameCertificate(placed: PlacedKey, sha256: string): Check<KeyCheckId> {
    const others = without(this.bySha256.get(sha256), placed);
    return others.count > 0
      ? yes(
          'sameCertificate',
          'problem',
          l10n.t(
            'The same certificate is in {0} as well. SAP takes a certificate that is in exactly one key of all instances, so calls with it get 401. Keep it in one key; several roles go into one instance.',
            listed(others),
          ),
          others.first,
        )
      : this.unlessUnread('sameCertificate');
  }

  private sameNames(placed: PlacedKey, content: KeyContent): readonly Check<KeyCheckId>[] {
    const group =
      content.type === 'externalCertificate' ? this.byNames.get(content.namePair ?? '') : undefined;
    if (group === undefined) {
      return [no('pinnedBesideUnpinned'), no('unpinnedPair')];
    }
    const own = placed.key.pinning.kind;
    const opposite = without(
      own === 'pinned' ? group.unpinned : own === 'unpinned' ? group.pinned : [],
      placed,
    );
    const unpinned = without(own === 'unpinned' ? group.unpinned : [], placed);
    return [
      opposite.count > 0
        ? yes(
            'pinnedBesideUnpinned',
            'problem',
            l10n.t(
              'Subject and issuer are those of {0}, and one key is pinned, the other is not: SAP cannot tell them apart, and calls fail. Make both pinned.',
              listed(opposite),
            ),
            opposite.first,
          )
        : this.unlessUnknown('pinnedBesideUnpinned', { placed, group }),
      unpinned.count > 0
        ? yes(
            'unpinnedPair',
            'problem',
            l10n.t(
              'Subject and issuer are those of {0}, and neither is pinned: SAP cannot tell them apart, and calls fail. Keep one of them, or make both pinned.',
              listed(unpinned),
            ),
            unpinned.first,
          )
        : this.unlessUnknown('unpinnedPair', { placed, group }),
    ];
  }

  /** Whether keys with equal names disturb each other depends on pinning. */
  private unlessUnknown(
    id: KeyCheckId,
    { placed, group }: { readonly placed: PlacedKey; readonly group: SameNames },
  ): Check<KeyCheckId> {
    const { pinning } = placed.key;
    const unknown = without(group.notKnown, placed);
    const others =
      pinning.kind === 'notKnown'
        ? without([...group.notKnown, ...group.unpinned, ...group.pinned], placed)
        : unknown;
    const reason = [pinning, ...unknown.first.map(({ key }) => key.pinning)].find(
      (one) => one.kind === 'notKnown',
    );
    return others.count > 0 && reason?.kind === 'notKnown'
      ? {
          id,
          answer: 'cannotTell',
          reason: l10n.t(
            'Subject and issuer are those of {0}, and whether both are pinned is not known: {1}',
            listed(others),
            reason.reason,
          ),
        }
      : this.unlessUnread(id);
  }

  /** "No" holds only where everything was seen. */
  private unlessUnread(id: KeyCheckId): Check<KeyCheckId> {
    if (this.unread > 0) {
      const reason = l10n.t('Not every key has been read; not known: {0}.', this.unread);
      return { id, answer: 'cannotTell', reason };
    }
    return this.isEverySpace
      ? no(id)
      : { id, answer: 'cannotTell', reason: l10n.t('Only the keys of this space have been read.') };
  }
}

function add(map: Map<string, PlacedKey[]>, name: string | undefined, placed: PlacedKey): void {
  if (name === undefined) {
    return;
  }
  const same = map.get(name);
  if (same === undefined) {
    map.set(name, [placed]);
  } else {
    same.push(placed);
  }
}

/** The first hundred others, and how many there are. */
interface Others {
  readonly first: readonly PlacedKey[];
  readonly count: number;
}

function without(all: readonly PlacedKey[] | undefined, placed: PlacedKey): Others {
  const first: PlacedKey[] = [];
  let isIn = false;
  for (const one of all ?? []) {
    if (one.key.guid === placed.key.guid) {
      isIn = true;
    } else if (first.length < maximumOthers) {
      first.push(one);
    } else if (isIn) {
      break;
    }
  }
  return { first, count: (all ?? []).length - (isIn ? 1 : 0) };
}

/** `"key" of "instance"`, the first three. */
function listed({ first, count }: Others): string {
  const names = first
    .slice(0, 3)
    .map(({ key, instance }) => l10n.t('"{0}" of "{1}"', key.name, instance.name));
  return count > 3 ? l10n.t('{0} and {1} more', names.join(', '), count - 3) : names.join(', ');
}

import * as l10n from '@vscode/l10n';
import type { Check, KeyCheckId } from './checkAnswers.js';
import type { PlacedKey } from './inboundClients.js';
import type { StageAction } from './stage.js';

/** What is not certain of a mapping that was found. */
export interface MappingDoubts {
  /** One sentence, or none. */
  readonly summary: readonly string[];
  /** Why, each reason once. */
  readonly reasons: readonly string[];
  /** What would tell it. */
  readonly offers: readonly StageAction[];
}

/** How keys disturb each other; the other checks are of one key alone. */
export const neighbourChecks: readonly KeyCheckId[] = [
  'sameCertificate',
  'pinnedBesideUnpinned',
  'unpinnedPair',
];

/** What the checks of the keys that let a certificate in cannot tell of other keys; `unread` are those not read, for whatever reason. */
export function mappingDoubts(
  checks: readonly Check<KeyCheckId>[],
  unread: readonly PlacedKey[],
): MappingDoubts {
  const unknown = checks.flatMap((check) =>
    check.answer === 'cannotTell' && neighbourChecks.includes(check.id) ? [check.reason] : [],
  );
  if (unknown.length === 0) {
    return { summary: [], reasons: [], offers: [] };
  }
  const refused = unread.flatMap(({ key }) =>
    key.reading.kind === 'notReadable' ? [key.reading.reason] : [],
  );
  return {
    summary: [
      l10n.t(
        'Whether another key holds it as well, or one with equal names stands in the way, is not certain.',
      ),
    ],
    reasons: [...new Set([...unknown, ...refused])],
    offers: unread.some(({ key }) => key.reading.kind === 'notRead') ? ['readServiceKeys'] : [],
  };
}

import { flags, type Check } from '../../inbound/checkAnswers.js';
import type { Belonging, FactNode, InboundFactId } from './inboundModel.js';

/** Rows of facts: flags first, the worst above; then what cannot be told, one row for each missing fact. */
export function checkFacts({
  place,
  id: rowId,
  checks,
  more,
  others,
}: {
  readonly place: Belonging & { readonly tenantId: string };
  readonly id: (rest: string) => string;
  readonly checks: readonly Check<InboundFactId>[];
  /** What else cannot be told. */
  readonly more: readonly { readonly id: InboundFactId; readonly reason: string }[];
  /** Names of the keys that take part in a flag. */
  readonly others: (guids: readonly string[]) => readonly string[];
}): readonly FactNode[] {
  const rank = { problem: 0, warning: 1, note: 2 } as const;
  const raised = [...flags(checks)]
    .sort((a, b) => rank[a.level] - rank[b.level])
    .map((flag): FactNode => ({
      kind: 'fact',
      ...place,
      id: rowId(flag.id),
      fact: {
        kind: 'flag',
        check: flag.id,
        level: flag.level,
        reason: flag.reason,
        others: others(flag.others),
      },
    }));
  const missing = new Map<string, InboundFactId[]>();
  for (const check of [...checks.filter((one) => one.answer === 'cannotTell'), ...more]) {
    missing.set(check.reason, [...(missing.get(check.reason) ?? []), check.id]);
  }
  return [
    ...raised,
    ...[...missing].map(([reason, ids], index): FactNode => ({
      kind: 'fact',
      ...place,
      id: rowId(`cannotTell-${index}`),
      fact: { kind: 'cannotTell', checks: ids, reason },
    })),
  ];
}

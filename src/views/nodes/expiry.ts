import * as l10n from '@vscode/l10n';
import type { CertificateFacts } from '../../tenant/keystoreEntry.js';

const millisecondsPerDay = 86_400_000;

/** Beyond this a date says more than a number of days. */
const daysWorthCounting = 730;

/** Where a validity period stands; `days` are whole ones, rounded towards now. */
export type Validity =
  | { readonly kind: 'undated' }
  | { readonly kind: 'expired'; readonly days: number }
  | { readonly kind: 'notYetValid'; readonly days: number; readonly from: Date }
  | { readonly kind: 'valid'; readonly days: number; readonly until: Date };

/** What entries are grouped by: expired, within the set days, within 90 days, later, or without a date. */
export type ExpiryBand = 'expired' | 'soon' | 'within90' | 'later' | 'undated';

/** The bands as they stand below each other. */
export const expiryBands: readonly ExpiryBand[] = ['expired', 'soon', 'within90', 'later', 'undated'];

/** The end of the validity in milliseconds since 1970; undefined where the tenant told none, or nonsense. */
export function expiryTime(facts: Pick<CertificateFacts, 'validNotAfter'>): number | undefined {
  const time = facts.validNotAfter?.getTime();
  return time === undefined || Number.isNaN(time) ? undefined : time;
}

/** Tells where a certificate stands in its validity period. */
export function validityOf(
  facts: Pick<CertificateFacts, 'validNotBefore' | 'validNotAfter'>,
  now: number,
): Validity {
  const end = expiryTime(facts);
  if (end === undefined) {
    return { kind: 'undated' };
  }
  if (end < now) {
    return { kind: 'expired', days: Math.floor((now - end) / millisecondsPerDay) };
  }
  const start = facts.validNotBefore?.getTime();
  if (start !== undefined && start > now) {
    return {
      kind: 'notYetValid',
      days: Math.floor((start - now) / millisecondsPerDay),
      from: new Date(start),
    };
  }
  return { kind: 'valid', days: Math.floor((end - now) / millisecondsPerDay), until: new Date(end) };
}

/** Puts a certificate into a band; `warningDays` is the person's setting. */
export function expiryBand(facts: CertificateFacts, now: number, warningDays: number): ExpiryBand {
  const end = expiryTime(facts);
  if (end === undefined) {
    return 'undated';
  }
  if (end < now) {
    return 'expired';
  }
  const left = end - now;
  if (left <= warningDays * millisecondsPerDay) {
    return 'soon';
  }
  return left <= 90 * millisecondsPerDay ? 'within90' : 'later';
}

/** How many have expired, and how many expire within the set days. */
export interface ExpiryCount {
  readonly expired: number;
  readonly soon: number;
}

/** Counts what needs attention. */
export function countExpiring(
  entries: readonly CertificateFacts[],
  now: number,
  warningDays: number,
): ExpiryCount {
  let expired = 0;
  let soon = 0;
  for (const entry of entries) {
    const band = expiryBand(entry, now, warningDays);
    if (band === 'expired') {
      expired++;
    } else if (band === 'soon') {
      soon++;
    }
  }
  return { expired, soon };
}

/** A whole sentence's part about the validity, such as "expires in 9 days". */
export function validityText(validity: Validity): string {
  switch (validity.kind) {
    case 'undated':
      return l10n.t('no expiry date');
    case 'expired':
      switch (validity.days) {
        case 0:
          return l10n.t('expired less than a day ago');
        case 1:
          return l10n.t('expired 1 day ago');
        default:
          return l10n.t('expired {0} days ago', validity.days);
      }
    case 'notYetValid':
      switch (validity.days) {
        case 0:
          return l10n.t('not valid yet, starts in less than a day');
        case 1:
          return l10n.t('not valid yet, starts in 1 day');
        default:
          return l10n.t('not valid yet, starts in {0} days', validity.days);
      }
    case 'valid':
      switch (validity.days) {
        case 0:
          return l10n.t('expires in less than a day');
        case 1:
          return l10n.t('expires in 1 day');
        default:
          return l10n.t('expires in {0} days', validity.days);
      }
  }
}

/** The same, as short as it can be where nothing needs attention: "211 days", "until 15 Jan 2038". */
export function quietValidityText(validity: Validity, formatDay: (date: Date) => string): string {
  if (validity.kind !== 'valid' || validity.days < 2) {
    return validityText(validity);
  }
  return validity.days > daysWorthCounting
    ? l10n.t('until {0}', formatDay(validity.until))
    : l10n.t('{0} days', validity.days);
}

import * as l10n from '@vscode/l10n';
import * as asn1 from './asn1.js';
import { visibleText } from './visibleText.js';

/** One fact; with children, a heading over them (its own value may then be empty). */
export interface DescriptionField {
  /** In the language of the editor, or a name that standards have (`CN`). */
  readonly label: string;
  /** Exactly what copying gives; may hold any character, so it is never shown where `shown` is there. */
  readonly value: string;
  /** What is shown instead: hidden and directing characters spelt out, very long values cut. */
  readonly shown?: string;
  /** The number of what the label names. */
  readonly oid?: string;
  /** Of an extension only: marked critical or not. */
  readonly critical?: boolean;
  /** The ASN.1 string type of a value, where it matters (`PrintableString`). */
  readonly encoding?: string;
  /** What is wrong with this field alone. */
  readonly problem?: string;
  readonly children?: readonly DescriptionField[];
}

/** Facts under one title. */
export interface DescriptionGroup {
  /** Stable and not localized, for anchors and tests. */
  readonly id: string;
  readonly title: string;
  readonly fields: readonly DescriptionField[];
}

/** A thing as people read it: plain data without anything secret. */
export interface Description {
  readonly kind: 'certificate' | 'signingRequest' | 'key' | 'pkcs12' | 'sshKey';
  /** One line in which nothing is hidden. */
  readonly title: string;
  readonly groups: readonly DescriptionGroup[];
  /** What is wrong as a whole and what cannot be checked here, a sentence each; empty for most. */
  readonly notes: readonly string[];
}

/** Longer values are cut where they are shown; copying gives all of them. */
const maxShownLength = 4000;

/** A field; `shown` is made where the value alone would mislead or be too long. */
export function field(
  label: string,
  value: string,
  more: Omit<DescriptionField, 'label' | 'value' | 'shown'> = {},
): DescriptionField {
  const shown = shownText(value);
  return { label, value, ...(shown === value ? {} : { shown }), ...more };
}

/** A heading over fields. */
export function heading(
  label: string,
  children: readonly DescriptionField[],
  more: Omit<DescriptionField, 'label' | 'value' | 'shown' | 'children'> = {},
): DescriptionField {
  return { label, value: '', ...more, children };
}

/** Foreign text on one line, nothing hidden, not longer than a page can bear. */
export function shownText(value: string): string {
  if (value.length <= maxShownLength) {
    return visibleText(value);
  }
  return `${visibleText(value.slice(0, maxShownLength))}… ${l10n.t('({0} characters)', value.length)}`;
}

/** Octets as people compare them: `AB:CD:…`. */
export function octets(bytes: Uint8Array): string {
  return colons(asn1.toHex(bytes));
}

/** Hex as people compare it: `AB:CD:…`. */
export function colons(hex: string): string {
  return hex.toUpperCase().replace(/..(?=.)/g, '$&:');
}

/** A number in decimal, and in hex where that tells more. */
export function wholeNumber(value: bigint): string {
  const sign = value < 0n ? '-' : '';
  return value > -1_000_000n && value < 1_000_000n
    ? String(value)
    : `${String(value)} (${sign}0x${(value < 0n ? -value : value).toString(16)})`;
}

/** `2026-12-02 09:30:15 UTC`; fractions of a second only where there are some. */
export function utcTime(time: Date): string {
  return `${time
    .toISOString()
    .replace('T', ' ')
    .replace('Z', '')
    .replace(/\.000$/, '')} UTC`;
}

/** Yes or no in the editor's language. */
export function yesOrNo(value: boolean): string {
  return value ? l10n.t('Yes') : l10n.t('No');
}

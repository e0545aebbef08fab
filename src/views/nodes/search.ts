import type { KeystoreEntry } from '../../tenant/keystoreEntry.js';

/** Between fields, so that no match reaches from one into the next; no word of a query holds it. */
const separator = '\n';

/** From this many digits on, a query may stand anywhere in a number; shorter ones hit nearly every fingerprint. */
const digitsForAnywhere = 6;
/** From this many digits on, a query may stand at the beginning of a number. */
const digitsForBeginning = 4;

/** What was typed into the filter. */
export interface Query {
  readonly matchesText: (text: string) => boolean;
  /** Undefined where what was typed cannot be a serial number or fingerprint. */
  readonly number: NumberQuery | undefined;
}

/** A part of a serial number or fingerprint. */
export interface NumberQuery {
  /** Upper case, without leading zeros, which a serial number may be written with or without. */
  readonly significantDigits: string;
  /** The digits as they stand in a fingerprint, beginning with a pair: `AB:C`. */
  readonly fromPair: string;
  /** The same, beginning in the middle of a pair: `A:BC`. */
  readonly fromMiddle: string;
  readonly where: 'anywhere' | 'beginning' | 'whole';
  /** Written with `0x`. */
  readonly onlySerialNumber: boolean;
}

/** Alias, subject and issuer, ready to be searched. */
export function searchableText(entry: KeystoreEntry): string {
  return normalised(`${entry.alias}${separator}${entry.subjectDn ?? ''}${separator}${entry.issuerDn ?? ''}`);
}

/** Reads what was typed; undefined where it asks for nothing. */
export function parseQuery(filter: string): Query | undefined {
  const words = normalised(filter)
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) {
    return undefined;
  }
  const typed = filter.trim();
  // Digits written as pairs are a number: as words they would match nearly any name.
  const inPairs = /^[0-9a-f]{2}(?:[:\s]+[0-9a-f]{2})+:?$/i.test(typed);
  const phrase = words.join(' ');
  return {
    matchesText: inPairs
      ? (text) => text.includes(phrase)
      : (text) => words.every((word) => text.includes(word)),
    number: parseNumber(typed, inPairs),
  };
}

/** True where the serial number or a fingerprint of the entry is, or has, the number. */
export function matchesNumbers(entry: KeystoreEntry, number: NumberQuery): boolean {
  return (
    matchesSerialNumber(entry.serialNumber, number) ||
    (!number.onlySerialNumber &&
      (matchesFingerprint(entry.fingerprintSha256, number) ||
        matchesFingerprint(entry.fingerprintSha1, number) ||
        matchesFingerprint(entry.fingerprintSha512, number)))
  );
}

function parseNumber(typed: string, inPairs: boolean): NumberQuery | undefined {
  const onlySerialNumber = /^0x/i.test(typed);
  const number = onlySerialNumber ? typed.slice(2) : typed;
  if (!inPairs && !/^[0-9a-f]+$/i.test(number)) {
    return undefined;
  }
  const digits = number.replace(/[^0-9a-f]/gi, '').toUpperCase();
  return {
    significantDigits: digits.replace(/^0+(?=.)/, ''),
    fromPair: colonsFrom(digits, 2),
    fromMiddle: colonsFrom(digits, 1),
    where:
      onlySerialNumber || inPairs || digits.length >= digitsForAnywhere
        ? 'anywhere'
        : digits.length >= digitsForBeginning
          ? 'beginning'
          : 'whole',
    onlySerialNumber,
  };
}

/** Puts a colon behind the first `first` digits and behind each further pair: `A:BC:D`. */
function colonsFrom(digits: string, first: number): string {
  return [digits.slice(0, first), ...(digits.slice(first).match(/..?/g) ?? [])].join(':');
}

function matchesSerialNumber(
  serialNumber: string | undefined,
  { significantDigits, where }: NumberQuery,
): boolean {
  if (serialNumber === undefined) {
    return false;
  }
  const upper = serialNumber.toUpperCase();
  if (!upper.includes(significantDigits, upper.startsWith('0X') ? 2 : 0)) {
    return false;
  }
  if (where === 'anywhere') {
    return true;
  }
  const significant = upper.replace(/^(?:0X)?0*(?=.)/, '');
  return where === 'whole' ? significant === significantDigits : significant.startsWith(significantDigits);
}

/** A fingerprint comes as upper-case pairs with colons; taking the colons out of thousands of them would be slow. */
function matchesFingerprint(fingerprint: string | undefined, number: NumberQuery): boolean {
  if (fingerprint === undefined || number.where === 'whole') {
    return false;
  }
  const upper = fingerprint.toUpperCase();
  return number.where === 'beginning'
    ? upper.startsWith(number.fromPair)
    : upper.includes(number.fromPair) || upper.includes(number.fromMiddle);
}

function normalised(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

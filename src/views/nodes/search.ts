import type { KeystoreEntry } from '../../tenant/keystoreEntry.js';

/** Between fields, so that no match reaches from one into the next; no field holds it after normalising. */
const separator = '\n';

/** From this many digits on, a query may stand anywhere in a number; shorter ones hit nearly every fingerprint. */
const digitsForAnywhere = 6;
/** From this many digits on, a query may stand at the beginning of a number. */
const digitsForBeginning = 4;

/** An entry's numbers as lower-case hexadecimal digits without separators. */
export interface SearchableHex {
  /** Without leading zeros. */
  readonly serialNumber: string;
  readonly fingerprints: readonly string[];
}

/** What was typed into the filter. */
export interface Query {
  readonly matchesText: (text: string) => boolean;
  /** Undefined where what was typed cannot be a serial number or fingerprint. */
  readonly matchesHex: ((hex: SearchableHex) => boolean) | undefined;
}

/** Alias, subject and issuer, ready to be searched. */
export function searchableText(entry: KeystoreEntry): string {
  return normalised(`${entry.alias}${separator}${entry.subjectDn ?? ''}${separator}${entry.issuerDn ?? ''}`);
}

/** Serial number and fingerprints, ready to be searched. */
export function searchableHex(entry: KeystoreEntry): SearchableHex {
  return {
    serialNumber: withoutLeadingZeros(hexDigits((entry.serialNumber ?? '').replace(/^\s*0x/i, ''))),
    fingerprints: [entry.fingerprintSha256, entry.fingerprintSha1, entry.fingerprintSha512].map(
      (fingerprint) => hexDigits(fingerprint ?? ''),
    ),
  };
}

/** Reads what was typed; undefined where it asks for nothing. */
export function parseQuery(filter: string): Query | undefined {
  const words = normalised(filter)
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) {
    return undefined;
  }
  const hex = parseHex(filter);
  return {
    // Digits written as pairs are a number: as words they would match nearly any name.
    matchesText:
      hex?.inPairs === true
        ? (text) => text.includes(words.join(' '))
        : (text) => words.every((word) => text.includes(word)),
    matchesHex: hex === undefined ? undefined : (candidate) => matchesHex(candidate, hex),
  };
}

interface HexQuery {
  readonly digits: string;
  /** Written with `0x`, so a serial number. */
  readonly prefixed: boolean;
  /** Written as pairs with colons or spaces between them. */
  readonly inPairs: boolean;
}

function parseHex(filter: string): HexQuery | undefined {
  const typed = filter.trim();
  const prefixed = /^0x/i.test(typed);
  const number = prefixed ? typed.slice(2) : typed;
  const inPairs = /^[0-9a-f]{2}(?:[:\s]+[0-9a-f]{2})+:?$/i.test(number);
  if (!inPairs && !/^[0-9a-f]+$/i.test(number)) {
    return undefined;
  }
  return { digits: hexDigits(number), prefixed, inPairs };
}

function matchesHex(hex: SearchableHex, query: HexQuery): boolean {
  const serialDigits = withoutLeadingZeros(query.digits);
  if (hex.serialNumber !== '' && matchesNumber(hex.serialNumber, serialDigits, query)) {
    return true;
  }
  return (
    !query.prefixed && hex.fingerprints.some((fingerprint) => matchesNumber(fingerprint, query.digits, query))
  );
}

function matchesNumber(number: string, digits: string, query: HexQuery): boolean {
  if (query.prefixed || query.inPairs || digits.length >= digitsForAnywhere) {
    return number.includes(digits);
  }
  return digits.length >= digitsForBeginning ? number.startsWith(digits) : number === digits;
}

function normalised(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

function hexDigits(text: string): string {
  return text.replace(/[^0-9a-f]/gi, '').toLowerCase();
}

/** Zero itself keeps one digit. */
function withoutLeadingZeros(digits: string): string {
  return digits.replace(/^0+(?=.)/, '');
}

import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import * as asn1 from './asn1.js';
import { attributeAliases, attributeNames } from './oids.js';

/** One attribute of a name. */
export interface Attribute {
  readonly oid: string;
  /** The text; for a value that is none, `#` and the hex of its encoding (RFC 4514 2.4). */
  readonly value: string;
  readonly isText: boolean;
  /** The value as it is encoded, with its tag. */
  readonly der: Uint8Array;
}

/** A distinguished name; the parts are in the order of the encoding, the most general first. */
export interface Name {
  readonly rdns: readonly (readonly Attribute[])[];
  readonly der: Uint8Array;
}

const maxAttributes = 500;

/** Reads an encoded Name (RFC 5280 4.1.2.4). */
export function readName(node: asn1.Asn1): Name {
  let count = 0;
  const rdns = asn1.sequenceOf(node, 'Name').map((rdn) => {
    const attributes = asn1.setOf(rdn, 'RelativeDistinguishedName');
    count += attributes.length;
    if (count > maxAttributes) {
      throw new KeystoreError('budget', `A name of more than ${maxAttributes} attributes`);
    }
    return readAttributeSet(attributes);
  });
  return { rdns, der: node.bytes };
}

/** Reads the members of one part of a name, also where they stand under a tag of their own (RFC 5280 4.2.1.13). */
export function readAttributeSet(nodes: readonly asn1.Asn1[]): readonly Attribute[] {
  return nodes.map((attribute) => {
    const members = asn1.Members.ofSequence(attribute, 'AttributeTypeAndValue');
    const oid = asn1.readOid(members.next('type'), 'Attribute type');
    const value = members.next('value');
    members.end();
    return readAttribute(oid, value);
  });
}

function readAttribute(oid: string, node: asn1.Asn1): Attribute {
  if (asn1.isString(node)) {
    try {
      return { oid, value: asn1.readString(node, 'Attribute value'), isText: true, der: node.bytes };
    } catch (error) {
      if (!KeystoreError.is(error, 'malformed')) {
        throw error;
      }
      // Shown by its bytes: a wrong character must not hide the rest of a certificate.
    }
  }
  return { oid, value: hexValue(node.bytes), isText: false, der: node.bytes };
}

/**
 * The encoding of a name made of these attributes; the string types are those that RFC 5280 4.1.2.4 asks for. Throws as
 * `checkStringTypes` does.
 */
export function makeName(
  rdns: readonly (readonly { readonly oid: string; readonly value: string }[])[],
): Name {
  return checkStringTypes(nameOf(rdns.map((rdn) => rdn.map(({ oid, value }) => textAttribute(oid, value)))));
}

/**
 * The name itself, to be written into something new. Throws `invalid-input` with `attribute` and `explanation` where a value has
 * characters that the only string type of its attribute does not have (RFC 5280 appendix A).
 */
export function checkStringTypes(name: Name): Name {
  for (const { oid, value, isText } of name.rdns.flat()) {
    const attribute = attributeNames.get(oid) ?? oid;
    if (isText && printableOnly.has(oid) && !asn1.isPrintableString(value)) {
      throw notPermitted(
        attribute,
        l10n.t(
          '"{0}" cannot be "{1}": a certificate takes there only Latin letters, digits, blanks and \' ( ) + , - . / : = ? (PrintableString).',
          attribute,
          value,
        ),
      );
    }
    if (isText && ia5Only.has(oid) && !isAscii(value)) {
      throw notPermitted(
        attribute,
        l10n.t(
          '"{0}" cannot be "{1}": a certificate takes there only ASCII characters (IA5String).',
          attribute,
          value,
        ),
      );
    }
  }
  return name;
}

function notPermitted(attribute: string, explanation: string): KeystoreError {
  return new KeystoreError('invalid-input', `The attribute ${attribute} does not fit its string type`, {
    details: { attribute, explanation },
  });
}

function textAttribute(oid: string, value: string): Attribute {
  return { oid, value, isText: true, der: encodeText(oid, value) };
}

function nameOf(rdns: readonly (readonly Attribute[])[]): Name {
  // DER orders the members of a SET by their encodings, so this is how they will be read.
  const ordered = rdns.map((rdn) =>
    rdn
      .map((attribute) => ({ attribute, der: asn1.sequence(asn1.oid(attribute.oid), attribute.der) }))
      .sort((a, b) => Buffer.compare(a.der, b.der)),
  );
  return {
    rdns: ordered.map((rdn) => rdn.map(({ attribute }) => attribute)),
    der: asn1.sequence(...ordered.map((rdn) => asn1.set(...rdn.map(({ der }) => der)))),
  };
}

/** Types that their definitions limit to PrintableString, and to IA5String; all others are DirectoryString. */
const printableOnly: ReadonlySet<string> = new Set([
  '2.5.4.5',
  '2.5.4.6',
  '2.5.4.46',
  '1.3.6.1.4.1.311.60.2.1.3',
]);
const ia5Only: ReadonlySet<string> = new Set([
  '0.9.2342.19200300.100.1.3',
  '0.9.2342.19200300.100.1.25',
  '1.2.840.113549.1.9.1',
]);

/** What does not fit the type is UTF-8, as others write it: names are read and compared that break the rule. */
function encodeText(oid: string, value: string): Uint8Array {
  if (printableOnly.has(oid) && asn1.isPrintableString(value)) {
    return asn1.printableString(value);
  }
  if (ia5Only.has(oid) && isAscii(value)) {
    return asn1.ia5String(value);
  }
  return asn1.utf8String(value);
}

function isAscii(text: string): boolean {
  return Array.from(text).every((character) => character <= '\u007f');
}

/** RFC 4514, the most specific part first: `CN=a,O=b,C=DE`. */
export function formatName(name: Name): string {
  // RFC 4514 2.4: where the type has no name, the value is given by its encoding.
  return format(name, ',', (attribute) =>
    attributeNames.has(attribute.oid) ? formatValue(attribute) : hexValue(attribute.der),
  );
}

/** For people: a blank after each comma, and characters that a screen would obey or hide are written as `\E2\80\AE`. */
export function displayName(name: Name): string {
  return format(name, ', ', (attribute) => formatValue(attribute).replace(unseenCharacters, hexPairs));
}

// Controls of the upper half, format characters (bidirectional ones among them), line and paragraph separators,
// blanks of other widths, unpaired surrogates, private use.
const unseenCharacters =
  /[\u0080-\u00a0\u2000-\u200a\u202f\u205f\u3000\u115f\u1160\u3164\uffa0\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu;

function format(name: Name, separator: string, value: (attribute: Attribute) => string): string {
  return [...name.rdns]
    .reverse()
    .map((rdn) =>
      rdn
        .map((attribute) => `${attributeNames.get(attribute.oid) ?? attribute.oid}=${value(attribute)}`)
        .join('+'),
    )
    .join(separator);
}

function formatValue({ value, isText }: Attribute): string {
  if (!isText) {
    return value;
  }
  return value
    .replace(/[,+"\\<>;]/g, '\\$&')
    .replace(/^[ #]/, '\\$&')
    .replace(/(?<!^\\) $/, '\\ ')
    .replace(/[\u0000-\u001f\u007f]/g, hexPairs);
}

function hexValue(der: Uint8Array): string {
  return `#${asn1.toHex(der).toUpperCase()}`;
}

function hexPairs(character: string): string {
  return Array.from(
    new TextEncoder().encode(character),
    (octet) => `\\${octet.toString(16).toUpperCase().padStart(2, '0')}`,
  ).join('');
}

/** The first common name of the most specific part that has one. */
export function commonName(name: Name): string | undefined {
  for (const rdn of [...name.rdns].reverse()) {
    const attribute = rdn.find(({ oid }) => oid === '2.5.4.3');
    if (attribute !== undefined) {
      return attribute.value;
    }
  }
  return undefined;
}

/** RFC 5280 7.1: attribute by attribute, without regard to case, string type and the number of blanks. */
export function namesEqual(a: Name, b: Name): boolean {
  if (asn1.bytesEqual(a.der, b.der)) {
    return true;
  }
  return a.rdns.length === b.rdns.length && nameKey(a) === nameKey(b);
}

/** A text that is the same for names that `namesEqual` takes for one. */
export function nameKey(name: Name): string {
  return nameKeyParts(name).join('\u0000,');
}

/** The texts of `nameKey`, one a part of the name, the most general first. */
export function nameKeyParts(name: Name): readonly string[] {
  let parts = knownParts.get(name);
  if (parts === undefined) {
    parts = name.rdns.map(rdnKey);
    knownParts.set(name, parts);
  }
  return parts;
}

/** The names of authorities are compared again for each certificate below them. */
const knownParts = new WeakMap<Name, readonly string[]>();

function rdnKey(rdn: readonly Attribute[]): string {
  return rdn
    .map((attribute) => `${attribute.oid}=${comparable(attribute)}`)
    .sort()
    .join('\u0000+');
}

/** The value prepared as RFC 4518 says, in the measure that RFC 5280 7.1 asks for. */
function comparable({ value, isText, der }: Attribute): string {
  if (!isText) {
    return `#${asn1.toHex(der)}`;
  }
  return ` ${fold(
    value
      .replace(/[\u00ad\u1806\u034f\u180b-\u180d\ufe00-\ufe0f\ufffc\u200b]/g, '')
      .replace(/[\t\n\v\f\r\u0085\u2028\u2029]/g, ' ')
      .replace(/[\p{Cc}\p{Cf}]/gu, ''),
  )
    .replace(/\p{Zs}+/gu, ' ')
    .replace(/^ | $/g, '')}`;
}

function fold(text: string): string {
  return text.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
}

// ---------------------------------------------------------------------------------------------------------- parsing

const maxTextLength = 32_768;

/**
 * Reads RFC 4514, RFC 2253 and what SAP and Java write (`CN=…, O="VeriSign, Inc.", C=DE`, `OID.1.2.3=…`); throws
 * `invalid-input` with the position in `details.position`.
 */
export function parseName(text: string): Name {
  if (text.length > maxTextLength) {
    throw new KeystoreError('invalid-input', 'The name is too long');
  }
  return nameOf(new NameParser(text).parse().reverse());
}

class NameParser {
  private position = 0;

  constructor(private readonly text: string) {}

  parse(): Attribute[][] {
    const rdns: Attribute[][] = [];
    this.skipBlanks();
    if (this.position === this.text.length) {
      return rdns;
    }
    let rdn: Attribute[] = [];
    for (let count = 0; ; count++) {
      if (count >= maxAttributes) {
        throw this.problem('too many attributes');
      }
      rdn.push(this.attribute());
      const separator = this.text[this.position++];
      if (separator !== '+') {
        rdns.push(rdn);
        rdn = [];
      }
      if (separator === undefined) {
        return rdns;
      }
    }
  }

  private attribute(): Attribute {
    this.skipBlanks();
    const start = this.position;
    while (/[A-Za-z0-9.\- ]/.test(this.text[this.position] ?? '')) {
      this.position++;
    }
    const written = this.text.slice(start, this.position).trimEnd();
    if (this.text[this.position] !== '=') {
      throw this.problem('an attribute type and "=" are expected');
    }
    const oid = oidOfType(written);
    if (oid === undefined) {
      throw this.problem(`the attribute type "${written}" is not known`);
    }
    this.position++;
    this.skipBlanks();
    const first = this.text[this.position];
    if (first === '#') {
      return this.hexValue(oid);
    }
    return textAttribute(oid, first === '"' ? this.quotedValue() : this.plainValue());
  }

  private hexValue(oid: string): Attribute {
    const match = /^#((?:[0-9A-Fa-f]{2})+)[ \t\r\n]*(?=[,;+]|$)/.exec(this.text.slice(this.position));
    if (match?.[1] === undefined) {
      throw this.problem('pairs of hex digits are expected after "#"');
    }
    const bytes = Uint8Array.from(Buffer.from(match[1], 'hex'));
    let node: asn1.Asn1 | undefined;
    try {
      node = asn1.readAsn1(bytes);
    } catch {
      // Not an encoded value, as RFC 4514 wants it, but the octets of a text, as some write it.
    }
    const attribute = node === undefined ? textAttribute(oid, this.decode(bytes)) : readAttribute(oid, node);
    this.position += match[0].length;
    return attribute;
  }

  private quotedValue(): string {
    this.position++;
    const octets: number[] = [];
    for (;;) {
      const character = this.text[this.position];
      if (character === undefined) {
        throw this.problem('the closing quotation mark is missing');
      }
      if (character === '"') {
        this.position++;
        break;
      }
      this.take(octets);
    }
    this.skipBlanks();
    const next = this.text[this.position];
    if (next !== undefined && !',;+'.includes(next)) {
      throw this.problem('text follows the closing quotation mark');
    }
    return this.decode(Uint8Array.from(octets));
  }

  private plainValue(): string {
    const octets: number[] = [];
    let significant = 0;
    for (;;) {
      const character = this.text[this.position];
      if (character === undefined || ',;+'.includes(character)) {
        break;
      }
      if ('"<>\u0000'.includes(character)) {
        throw this.problem(`the character ${JSON.stringify(character)} needs a backslash before it`);
      }
      this.take(octets);
      // Blanks at the end count only where a backslash stands before them.
      if (!/[ \t\r\n]/.test(character)) {
        significant = octets.length;
      }
    }
    return this.decode(Uint8Array.from(octets.slice(0, significant)));
  }

  /** Takes one character, or one after a backslash, or a pair of hex digits after it. */
  private take(octets: number[]): void {
    let character = String.fromCodePoint(this.text.codePointAt(this.position) ?? 0);
    if (character === '\\') {
      const pair = this.text.slice(this.position + 1, this.position + 3);
      if (/^[0-9A-Fa-f]{2}$/.test(pair)) {
        octets.push(parseInt(pair, 16));
        this.position += 3;
        return;
      }
      character = this.text[this.position + 1] ?? '';
      if (character === '' || !' #=,+"\\<>;'.includes(character)) {
        throw this.problem('a backslash stands before a character that does not need it');
      }
      this.position++;
    } else if (/^\p{Cs}$/u.test(character)) {
      throw this.problem('half a character');
    }
    octets.push(...new TextEncoder().encode(character));
    this.position += character.length;
  }

  private decode(octets: Uint8Array): string {
    try {
      return asn1.textFromContent(asn1.Tag.utf8String, octets, 'Value');
    } catch {
      throw this.problem('the bytes after backslashes are not UTF-8');
    }
  }

  private skipBlanks(): void {
    while (/[ \t\r\n]/.test(this.text[this.position] ?? '')) {
      this.position++;
    }
  }

  private problem(what: string): KeystoreError {
    return new KeystoreError('invalid-input', `Distinguished name, position ${this.position}: ${what}`, {
      details: { position: this.position, problem: what },
    });
  }
}

function oidOfType(written: string): string | undefined {
  const dotted = written.replace(/^oid\./i, '');
  if (asn1.isOid(dotted)) {
    return dotted;
  }
  return attributeAliases.get(written.toLowerCase());
}

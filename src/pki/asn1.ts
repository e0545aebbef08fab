import forge from 'node-forge/lib/forge.js';
import 'node-forge/lib/asn1.js';
import { KeystoreError } from '../errors.js';

/** The class of a tag (X.690 8.1.2.2). */
export type TagClass = 'universal' | 'application' | 'context' | 'private';

/** Universal tag numbers (X.680 8.4). */
export const Tag = {
  endOfContents: 0,
  boolean: 1,
  integer: 2,
  bitString: 3,
  octetString: 4,
  null: 5,
  oid: 6,
  enumerated: 10,
  utf8String: 12,
  relativeOid: 13,
  sequence: 16,
  set: 17,
  numericString: 18,
  printableString: 19,
  teletexString: 20,
  videotexString: 21,
  ia5String: 22,
  utcTime: 23,
  generalizedTime: 24,
  graphicString: 25,
  visibleString: 26,
  generalString: 27,
  universalString: 28,
  bmpString: 30,
} as const;

/** One value as it stands in the original bytes; every array is a view of them, none is a copy. */
export interface Asn1 {
  readonly tagClass: TagClass;
  readonly tag: number;
  readonly constructed: boolean;
  /** Tag, length and content, as they were read. */
  readonly bytes: Uint8Array;
  /** The content octets, without the end-of-contents octets of an indefinite length. */
  readonly content: Uint8Array;
  /** Empty for a primitive value. */
  readonly children: readonly Asn1[];
}

/** What a reading may cost before it ends with `budget`. */
export interface Asn1Limits {
  readonly maxBytes: number;
  readonly maxDepth: number;
  readonly maxValues: number;
}

const defaultLimits: Asn1Limits = { maxBytes: 16 * 1024 * 1024, maxDepth: 64, maxValues: 250_000 };

/** Reads exactly one BER or DER value; throws `malformed`, also for bytes that follow it, or `budget`. */
export function readAsn1(bytes: Uint8Array, limits: Partial<Asn1Limits> = {}): Asn1 {
  const node = readFirstAsn1(bytes, limits);
  if (node.bytes.length !== bytes.length) {
    throw malformed(`${bytes.length - node.bytes.length} bytes follow the ASN.1 value`);
  }
  return node;
}

/** Reads the BER or DER value that the bytes begin with; what follows it is left alone. */
export function readFirstAsn1(bytes: Uint8Array, limits: Partial<Asn1Limits> = {}): Asn1 {
  const { maxBytes, maxDepth, maxValues } = { ...defaultLimits, ...limits };
  if (bytes.length > maxBytes) {
    throw new KeystoreError('budget', `ASN.1 value of more than ${maxBytes} bytes`);
  }
  const buffer = new TrackedBuffer(bytes, maxValues);
  let root: forge.Asn1Value;
  try {
    // decodeBitStrings would guess at the content of keys and signatures; parseAllBytes is judged by the caller.
    root = forge.asn1.fromDer(buffer, {
      strict: true,
      parseAllBytes: false,
      decodeBitStrings: false,
      maxDepth,
    });
  } catch (cause) {
    if (cause instanceof KeystoreError) {
      throw cause;
    }
    const message = cause instanceof Error ? cause.message : 'unknown failure';
    if (/max depth/i.test(message)) {
      throw new KeystoreError('budget', `ASN.1 value nested deeper than ${maxDepth}`, { cause });
    }
    throw malformed(message, cause);
  }
  return new Placement(bytes, buffer.headers).place(root);
}

interface Header {
  readonly start: number;
  readonly tag: number;
  contentStart: number;
  /** `undefined` for the indefinite form. */
  length: number | undefined;
}

/**
 * The buffer that forge reads from. forge keeps neither positions nor counts, so they are noted here as it asks for
 * the two header octets of each value; content is skipped, never copied.
 */
class TrackedBuffer implements forge.InputBuffer {
  readonly headers: Header[] = [];
  private position = 0;
  private current: Header | undefined;

  constructor(
    private readonly data: Uint8Array,
    private readonly maxValues: number,
  ) {}

  length(): number {
    return this.data.length - this.position;
  }

  getByte(): number {
    const octet = this.data[this.position++] ?? 0;
    if (this.current === undefined) {
      const start = this.position - 1;
      const tag = (octet & 0x1f) === 0x1f ? this.highTagNumber() : octet & 0x1f;
      if (this.headers.length >= this.maxValues) {
        throw new KeystoreError('budget', `More than ${this.maxValues} ASN.1 values`);
      }
      this.current = { start, tag, contentStart: 0, length: undefined };
      this.headers.push(this.current);
      if (octet === Tag.bmpString) {
        // forge counts characters in pairs of octets and fails on an odd one, which must not hide all that is around it.
        return Tag.octetString;
      }
    } else {
      this.current.contentStart = this.position;
      this.current.length = octet < 0x80 ? octet : undefined;
      this.current = undefined;
    }
    return octet;
  }

  /** Tag numbers above 30 (X.690 8.1.2.4), which forge does not know: to it they are all of number 31. */
  private highTagNumber(): number {
    let tag = 0;
    for (let count = 0; count < 4; count++) {
      const octet = this.data[this.position++] ?? 0x80;
      tag = tag * 128 + (octet & 0x7f);
      if (octet < 0x80) {
        return tag;
      }
    }
    throw malformed('A tag number without end');
  }

  getInt(bits: number): number {
    if (bits === 0x7f * 8) {
      throw malformed('A length of a form that is reserved');
    }
    let value = 0;
    for (let octets = bits / 8; octets > 0; octets--) {
      value = value * 256 + (this.data[this.position++] ?? 0);
      if (value > this.data.length) {
        throw malformed('Length beyond the end of the data');
      }
    }
    const header = this.headers.at(-1);
    if (header !== undefined) {
      header.contentStart = this.position;
      header.length = value;
    }
    return value;
  }

  bytes(count = this.length()): string {
    if (count !== 2) {
      return '';
    }
    return String.fromCharCode(this.data[this.position] ?? 0, this.data[this.position + 1] ?? 0);
  }

  getBytes(count = this.length()): string {
    this.position = Math.min(this.position + count, this.data.length);
    return '';
  }
}

/** Joins forge's tree with the positions noted while it was read; both are in the order of the headers. */
class Placement {
  private next = 0;

  constructor(
    private readonly data: Uint8Array,
    private readonly headers: readonly Header[],
  ) {}

  place(source: forge.Asn1Value): Asn1 {
    const header = this.headers[this.next++];
    if (header === undefined) {
      throw malformed('ASN.1 values were lost while reading');
    }
    const children: Asn1[] = [];
    let contentEnd = header.contentStart;
    if (typeof source.value !== 'string') {
      for (const child of source.value) {
        const placed = this.place(child);
        children.push(placed);
        contentEnd = placed.bytes.byteOffset - this.data.byteOffset + placed.bytes.length;
      }
    }
    let end: number;
    if (header.length === undefined) {
      end = contentEnd + 2;
    } else {
      end = header.contentStart + header.length;
      if (source.constructed && contentEnd !== end) {
        throw malformed('A value runs over the end of the one it lies in');
      }
      contentEnd = end;
    }
    // forge does not count the octets of a high tag number, so it may have taken a value for shorter than it is.
    if (end > this.data.length) {
      throw malformed('A value runs over the end of the data');
    }
    return {
      tagClass: tagClasses[source.tagClass >> 6] ?? 'universal',
      tag: header.tag,
      constructed: source.constructed,
      bytes: this.data.subarray(header.start, end),
      content: this.data.subarray(header.contentStart, contentEnd),
      children,
    };
  }
}

const tagClasses: readonly TagClass[] = ['universal', 'application', 'context', 'private'];

/** The error of everything that is not as its format says. */
export function malformed(message: string, cause?: unknown): KeystoreError {
  return new KeystoreError('malformed', message, cause === undefined ? {} : { cause });
}

// ---------------------------------------------------------------------------------------------------- typed reading

/** True for a value with this universal tag number. */
export function isUniversal(node: Asn1, tag: number): boolean;
export function isUniversal(node: Asn1 | undefined, tag: number): node is Asn1;
export function isUniversal(node: Asn1 | undefined, tag: number): boolean {
  return node?.tagClass === 'universal' && node.tag === tag;
}

/** True for a value with this context-specific tag number. */
export function isContext(node: Asn1, tag: number): boolean;
export function isContext(node: Asn1 | undefined, tag: number): node is Asn1;
export function isContext(node: Asn1 | undefined, tag: number): boolean {
  return node?.tagClass === 'context' && node.tag === tag;
}

/** Walks the members of a SEQUENCE or SET in order; each refusal names the member. */
export class Members {
  private index = 0;

  constructor(
    private readonly nodes: readonly Asn1[],
    private readonly owner: string,
  ) {}

  /** The members of a SEQUENCE. */
  static ofSequence(node: Asn1 | undefined, owner: string): Members {
    return new Members(sequenceOf(node, owner), owner);
  }

  /** The next member; throws `malformed` where there is none. */
  next(name: string): Asn1 {
    const node = this.nodes[this.index];
    if (node === undefined) {
      throw malformed(`${this.owner}: ${name} is missing`);
    }
    this.index++;
    return node;
  }

  /** The next member where it has this universal tag number. */
  optional(tag: number): Asn1 | undefined {
    return this.take(isUniversal(this.nodes[this.index], tag));
  }

  /** The next member where it has this context-specific tag number. */
  optionalContext(tag: number): Asn1 | undefined {
    return this.take(isContext(this.nodes[this.index], tag));
  }

  /** All members not yet taken. */
  rest(): readonly Asn1[] {
    const rest = this.nodes.slice(this.index);
    this.index = this.nodes.length;
    return rest;
  }

  /** Throws `malformed` where members are left. */
  end(): void {
    if (this.index < this.nodes.length) {
      throw malformed(`${this.owner}: unexpected member`);
    }
  }

  private take(matches: boolean): Asn1 | undefined {
    return matches ? this.nodes[this.index++] : undefined;
  }
}

/** The members of a SEQUENCE. */
export function sequenceOf(node: Asn1 | undefined, what: string): readonly Asn1[] {
  if (!isUniversal(node, Tag.sequence) || !node.constructed) {
    throw malformed(`${what}: a SEQUENCE is expected`);
  }
  return node.children;
}

/** The members of a SET. */
export function setOf(node: Asn1 | undefined, what: string): readonly Asn1[] {
  if (!isUniversal(node, Tag.set) || !node.constructed) {
    throw malformed(`${what}: a SET is expected`);
  }
  return node.children;
}

/** The one value inside an explicit tag. */
export function explicitContent(node: Asn1 | undefined, what: string): Asn1 {
  const only = node?.children[0];
  if (only === undefined || node?.children.length !== 1) {
    throw malformed(`${what}: one value is expected inside the tag`);
  }
  return only;
}

/** An INTEGER or ENUMERATED of any size, negative ones included. */
export function readInteger(node: Asn1 | undefined, what: string): bigint {
  if (!isUniversal(node, Tag.integer) && !isUniversal(node, Tag.enumerated)) {
    throw malformed(`${what}: an INTEGER is expected`);
  }
  return integerFromContent(node.content, what);
}

/** The number in the content octets of an INTEGER, for values under an implicit tag. */
export function integerFromContent(content: Uint8Array, what: string): bigint {
  if (content.length === 0) {
    throw malformed(`${what}: an INTEGER without content`);
  }
  if (content.length > 4096) {
    throw malformed(`${what}: an INTEGER of ${content.length} bytes`);
  }
  return BigInt.asIntN(content.length * 8, BigInt(`0x${toHex(content)}`));
}

/** An INTEGER that fits a number exactly. */
export function readSmallInteger(node: Asn1 | undefined, what: string): number {
  const value = Number(readInteger(node, what));
  if (!Number.isSafeInteger(value)) {
    throw malformed(`${what}: the INTEGER is too large`);
  }
  return value;
}

/** A BOOLEAN. */
export function readBoolean(node: Asn1 | undefined, what: string): boolean {
  if (!isUniversal(node, Tag.boolean) || node.content.length !== 1) {
    throw malformed(`${what}: a BOOLEAN is expected`);
  }
  return node.content[0] !== 0;
}

/** An OBJECT IDENTIFIER in dotted form. */
export function readOid(node: Asn1 | undefined, what: string): string {
  if (!isUniversal(node, Tag.oid)) {
    throw malformed(`${what}: an OBJECT IDENTIFIER is expected`);
  }
  return oidFromContent(node.content, what);
}

/** The dotted form of an OBJECT IDENTIFIER's content octets; arcs of any size (forge ends at 53 bits). */
export function oidFromContent(content: Uint8Array, what: string): string {
  const last = content.at(-1);
  if (last === undefined || last >= 0x80 || content.length > 256) {
    throw malformed(`${what}: an OBJECT IDENTIFIER that is not complete`);
  }
  const arcs: bigint[] = [];
  let arc = 0n;
  let isFirstOctet = true;
  for (const octet of content) {
    if (isFirstOctet && octet === 0x80) {
      throw malformed(`${what}: an OBJECT IDENTIFIER with padding`);
    }
    arc = (arc << 7n) | BigInt(octet & 0x7f);
    isFirstOctet = octet < 0x80;
    if (isFirstOctet) {
      if (arcs.length === 0) {
        const first = arc < 40n ? 0n : arc < 80n ? 1n : 2n;
        arcs.push(first, arc - first * 40n);
      } else {
        arcs.push(arc);
      }
      arc = 0n;
    }
  }
  return arcs.join('.');
}

/** The content of an OCTET STRING, joined where BER has cut it into pieces. */
export function readOctetString(node: Asn1 | undefined, what: string): Uint8Array {
  if (!isUniversal(node, Tag.octetString)) {
    throw malformed(`${what}: an OCTET STRING is expected`);
  }
  return joinedOctets(node, what);
}

/** The octets of an OCTET STRING under any tag, joined where BER has cut it into pieces. */
export function joinedOctets(node: Asn1, what: string): Uint8Array {
  if (!node.constructed) {
    return node.content;
  }
  return concatBytes(
    node.children.map((child) => {
      if (!isUniversal(child, Tag.octetString)) {
        throw malformed(`${what}: a piece of an OCTET STRING is expected`);
      }
      return joinedOctets(child, what);
    }),
  );
}

/** The bits of a BIT STRING; `unusedBits` are those at the end of the last octet. */
export function readBitString(
  node: Asn1 | undefined,
  what: string,
): { readonly bytes: Uint8Array; readonly unusedBits: number } {
  if (!isUniversal(node, Tag.bitString)) {
    throw malformed(`${what}: a BIT STRING is expected`);
  }
  return bitsFromNode(node, what);
}

/** The bits of a BIT STRING under any tag. */
export function bitsFromNode(
  node: Asn1,
  what: string,
): { readonly bytes: Uint8Array; readonly unusedBits: number } {
  if (node.constructed) {
    const parts = node.children.map((child) => readBitString(child, what));
    return {
      bytes: concatBytes(parts.map((part) => part.bytes)),
      unusedBits: parts.at(-1)?.unusedBits ?? 0,
    };
  }
  const unusedBits = node.content[0];
  if (unusedBits === undefined || unusedBits > 7 || (unusedBits > 0 && node.content.length === 1)) {
    throw malformed(`${what}: a BIT STRING with a wrong count of unused bits`);
  }
  return { bytes: node.content.subarray(1), unusedBits };
}

/** The names of the bits that are set, in the order of their numbers (X.680 22). */
export function namedBits(node: Asn1, names: readonly string[], what: string): readonly string[] {
  const { bytes } = bitsFromNode(node, what);
  return names.filter((_, bit) => ((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0);
}

const stringTags: ReadonlySet<number> = new Set([
  Tag.utf8String,
  Tag.numericString,
  Tag.printableString,
  Tag.teletexString,
  Tag.videotexString,
  Tag.ia5String,
  Tag.graphicString,
  Tag.visibleString,
  Tag.generalString,
  Tag.universalString,
  Tag.bmpString,
]);

/** True for a value of one of the character string types. */
export function isString(node: Asn1): boolean;
export function isString(node: Asn1 | undefined): node is Asn1;
export function isString(node: Asn1 | undefined): boolean {
  return node?.tagClass === 'universal' && stringTags.has(node.tag);
}

/** The text of a character string type; throws `malformed` where the bytes are none of it. */
export function readString(node: Asn1 | undefined, what: string): string {
  if (!isString(node)) {
    throw malformed(`${what}: a character string is expected`);
  }
  const content = node.constructed ? joinedString(node, what) : node.content;
  return textFromContent(node.tag, content, what);
}

function joinedString(node: Asn1, what: string): Uint8Array {
  return concatBytes(
    node.children.map((child) => {
      if (!isUniversal(child, Tag.octetString) && !isUniversal(child, node.tag)) {
        throw malformed(`${what}: a piece of a character string is expected`);
      }
      return child.constructed ? joinedString(child, what) : child.content;
    }),
  );
}

/** The text of a character string's content octets, for values under an implicit tag. */
export function textFromContent(tag: number, content: Uint8Array, what: string): string {
  switch (tag) {
    case Tag.utf8String:
      try {
        return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
      } catch (cause) {
        throw malformed(`${what}: not UTF-8`, cause);
      }
    case Tag.bmpString: {
      if (content.length % 2 !== 0) {
        throw malformed(`${what}: a BMPString of odd length`);
      }
      return Buffer.from(content).swap16().toString('utf16le');
    }
    case Tag.universalString: {
      if (content.length % 4 !== 0) {
        throw malformed(`${what}: a UniversalString of odd length`);
      }
      const view = new DataView(content.buffer, content.byteOffset, content.length);
      let text = '';
      for (let offset = 0; offset < content.length; offset += 4) {
        const codePoint = view.getUint32(offset);
        if (codePoint > 0x10ffff) {
          throw malformed(`${what}: no character`);
        }
        text += String.fromCodePoint(codePoint);
      }
      return text;
    }
    default:
      // T.61 is read as Latin-1 by everyone who writes it; the others are ASCII, and 8-bit bytes in them are as well.
      return Buffer.from(content).toString('latin1');
  }
}

/** A UTCTime or GeneralizedTime; with or without seconds, in UTC or with an offset. */
export function readTime(node: Asn1 | undefined, what: string): Date {
  const isUtcTime = isUniversal(node, Tag.utcTime);
  if (!isUtcTime && !isUniversal(node, Tag.generalizedTime)) {
    throw malformed(`${what}: a time is expected`);
  }
  return timeFromContent(node.content, isUtcTime ? 'utcTime' : 'generalizedTime', what);
}

/** The time in the content octets of a UTCTime or GeneralizedTime, for values under an implicit tag. */
export function timeFromContent(
  content: Uint8Array,
  kind: 'utcTime' | 'generalizedTime',
  what: string,
): Date {
  const text = Buffer.from(content).toString('latin1');
  const pattern =
    kind === 'utcTime'
      ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?()(Z|[+-]\d{4})$/
      : /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)?(\d\d)?(?:[.,](\d{1,9}))?(Z|[+-]\d{4})?$/;
  const match = pattern.exec(text);
  if (match === null) {
    throw malformed(`${what}: not a time`);
  }
  const number = (group: number): number => Number(match[group] ?? '0');
  // RFC 5280 4.1.2.5.1: 50 to 99 are of the last century.
  const year = kind === 'utcTime' ? number(1) + (number(1) >= 50 ? 1900 : 2000) : number(1);
  const [month, day, hour, minute, second] = [number(2), number(3), number(4), number(5), number(6)];
  if (hour > 23 || minute > 59 || second > 60) {
    throw malformed(`${what}: no such time`);
  }
  const time = new Date(0);
  time.setUTCFullYear(year, month - 1, day);
  if (time.getUTCMonth() !== month - 1 || time.getUTCDate() !== day) {
    throw malformed(`${what}: no such day`);
  }
  time.setUTCHours(hour, minute, second, Math.floor(Number(`0.${match[7] ?? '0'}`) * 1000));
  const zone = match[8] ?? 'Z';
  if (zone !== 'Z') {
    const offset = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3));
    time.setTime(time.getTime() + (zone.startsWith('+') ? -1 : 1) * offset * 60_000);
  }
  return time;
}

// ---------------------------------------------------------------------------------------------------------- writing
// Values are written by hand and not by forge, which encodes what it was given anew: what comes from a certificate, a
// key or a name must go out as it came in.

/** A value with this identifier octet. */
export function encode(identifier: number, ...content: readonly Uint8Array[]): Uint8Array {
  const length = content.reduce((sum, part) => sum + part.length, 0);
  const head = [identifier];
  if (length < 0x80) {
    head.push(length);
  } else {
    const octets: number[] = [];
    for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) {
      octets.unshift(rest % 256);
    }
    head.push(0x80 | octets.length, ...octets);
  }
  return concatBytes([Uint8Array.from(head), ...content]);
}

/** A SEQUENCE of values already encoded. */
export function sequence(...members: readonly (Uint8Array | undefined)[]): Uint8Array {
  return encode(0x30, ...members.filter((member) => member !== undefined));
}

/** A SET OF, its members sorted as DER demands (X.690 11.6). */
export function set(...members: readonly Uint8Array[]): Uint8Array {
  return encode(0x31, ...[...members].sort((a, b) => Buffer.compare(a, b)));
}

/** `[tag] EXPLICIT`, or an implicit tag over a constructed value whose members are given. */
export function contextConstructed(tag: number, ...members: readonly Uint8Array[]): Uint8Array {
  return encode(0xa0 | tag, ...members);
}

/** An implicit tag over a primitive value whose content octets are given. */
export function contextPrimitive(tag: number, content: Uint8Array): Uint8Array {
  return encode(0x80 | tag, content);
}

/** An INTEGER; bytes are an unsigned number, most significant first. */
export function integer(value: number | bigint | Uint8Array): Uint8Array {
  return encode(Tag.integer, integerContent(value));
}

function integerContent(value: number | bigint | Uint8Array): Uint8Array {
  const number = value instanceof Uint8Array ? BigInt(`0x${toHex(value) || '0'}`) : BigInt(value);
  let octets = 1;
  while (BigInt.asIntN(octets * 8, number) !== number) {
    octets++;
  }
  const hex = BigInt.asUintN(octets * 8, number).toString(16);
  return Uint8Array.from(Buffer.from(hex.padStart(octets * 2, '0'), 'hex'));
}

/** An OBJECT IDENTIFIER from its dotted form; throws `invalid-input`. */
export function oid(dotted: string): Uint8Array {
  return encode(Tag.oid, oidContent(dotted));
}

/** True for the dotted form of an OBJECT IDENTIFIER. */
export function isOid(text: string): boolean {
  return (
    /^(?:[01]\.(?:[0-9]|[1-3][0-9])|2\.(?:0|[1-9][0-9]*))(?:\.(?:0|[1-9][0-9]*))*$/.test(text) &&
    text.length <= 512
  );
}

function oidContent(dotted: string): Uint8Array {
  if (!isOid(dotted)) {
    throw new KeystoreError('invalid-input', 'Not an OBJECT IDENTIFIER');
  }
  const [first = 0n, second = 0n, ...rest] = dotted.split('.').map((arc) => BigInt(arc));
  const octets: number[] = [];
  for (const arc of [first * 40n + second, ...rest]) {
    const groups = [Number(arc & 0x7fn)];
    for (let left = arc >> 7n; left > 0n; left >>= 7n) {
      groups.unshift(Number(left & 0x7fn) | 0x80);
    }
    octets.push(...groups);
  }
  return Uint8Array.from(octets);
}

/** An OCTET STRING. */
export function octetString(content: Uint8Array): Uint8Array {
  return encode(Tag.octetString, content);
}

/** A BIT STRING of whole octets. */
export function bitString(content: Uint8Array): Uint8Array {
  return encode(Tag.bitString, Uint8Array.of(0), content);
}

/** A BIT STRING of named bits, without zero bits at its end (X.690 11.2.2). */
export function namedBitString(bits: readonly number[]): Uint8Array {
  const highest = bits.reduce((max, bit) => Math.max(max, bit), -1);
  const octets = new Uint8Array(1 + Math.ceil((highest + 1) / 8));
  octets[0] = (octets.length - 1) * 8 - (highest + 1);
  for (const bit of bits) {
    const at = 1 + (bit >> 3);
    octets[at] = (octets[at] ?? 0) | (0x80 >> (bit & 7));
  }
  return encode(Tag.bitString, octets);
}

/** A BOOLEAN as DER writes it. */
export function boolean(value: boolean): Uint8Array {
  return encode(Tag.boolean, Uint8Array.of(value ? 0xff : 0));
}

/** NULL. */
export function nullValue(): Uint8Array {
  return encode(Tag.null);
}

/** A UTF8String. */
export function utf8String(text: string): Uint8Array {
  return encode(Tag.utf8String, new TextEncoder().encode(text));
}

/** A PrintableString; throws `invalid-input` for characters that it does not have. */
export function printableString(text: string): Uint8Array {
  if (!isPrintableString(text)) {
    throw new KeystoreError('invalid-input', 'Not the characters of a PrintableString');
  }
  return encode(Tag.printableString, latin1(text));
}

/** True where a PrintableString can hold the text (X.680 41.4). */
export function isPrintableString(text: string): boolean {
  return /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text);
}

/** An IA5String; throws `invalid-input` for characters outside ASCII. */
export function ia5String(text: string): Uint8Array {
  return encode(Tag.ia5String, ia5Content(text));
}

/** The content octets of an IA5String; throws `invalid-input` for characters outside ASCII. */
export function ia5Content(text: string): Uint8Array {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) > 0x7f) {
      throw new KeystoreError('invalid-input', 'Not the characters of an IA5String');
    }
  }
  return latin1(text);
}

/** A BMPString, in UTF-16 where the text has characters beyond the first plane (as PKCS#12 writers do). */
export function bmpString(text: string): Uint8Array {
  return encode(Tag.bmpString, Uint8Array.from(Buffer.from(text, 'utf16le').swap16()));
}

/** UTCTime until 2049, GeneralizedTime from 2050 and before 1950 (RFC 5280 4.1.2.5); whole seconds. */
export function time(value: Date): Uint8Array {
  const year = value.getUTCFullYear();
  if (Number.isNaN(year) || year < 0 || year > 9999) {
    throw new KeystoreError('invalid-input', 'The year has more than four digits');
  }
  const digits = value.toISOString().slice(0, 19).replace(/[-:T]/g, '');
  return year >= 1950 && year < 2050
    ? encode(Tag.utcTime, latin1(`${digits.slice(2)}Z`))
    : encode(Tag.generalizedTime, latin1(`${digits}Z`));
}

// ------------------------------------------------------------------------------------------------------------ bytes

/** One array that holds all of them, one after the other. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** Lower-case hex without separators. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}

/** True where both hold the same bytes. */
export function bytesEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}

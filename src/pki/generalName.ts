import { KeystoreError } from '../errors.js';
import * as asn1 from './asn1.js';
import { checkStringTypes, type Name, formatName, parseName, readName } from './distinguishedName.js';

/** The kinds of RFC 5280 4.2.1.6, by the words that OpenSSL's configuration has for them. */
export type GeneralNameType =
  'otherName' | 'email' | 'DNS' | 'X400Name' | 'DirName' | 'EdiPartyName' | 'URI' | 'IP' | 'RID';

/** One alternative name. */
export interface GeneralName {
  readonly type: GeneralNameType;
  /** Text; an address as people write it; a directory name by RFC 4514; what has no text by its hex, so an address of odd length. */
  readonly value: string;
  /** Of a `DirName` only. */
  readonly name?: Name;
  /** The content octets under the tag; of an `IP` in a name constraint, address and mask. */
  readonly content: Uint8Array;
}

const maxNames = 10_000;

/** Reads `GeneralNames`. */
export function readGeneralNames(node: asn1.Asn1 | undefined, what: string): readonly GeneralName[] {
  return generalNamesFrom(asn1.sequenceOf(node, what), what);
}

/** Reads general names that stand under an implicit tag of their own. */
export function generalNamesFrom(nodes: readonly asn1.Asn1[], what: string): readonly GeneralName[] {
  if (nodes.length > maxNames) {
    throw new KeystoreError('budget', `${what}: more than ${maxNames} names`);
  }
  return nodes.map((node) => readGeneralName(node, what));
}

/** Reads one `GeneralName`. */
export function readGeneralName(node: asn1.Asn1, what: string): GeneralName {
  if (node.tagClass !== 'context') {
    throw asn1.malformed(`${what}: a general name is expected`);
  }
  const content = node.content;
  switch (node.tag) {
    case 0:
      return { type: 'otherName', value: otherNameText(node, what), content };
    case 1:
      return { type: 'email', value: ia5Text(content), content };
    case 2:
      return { type: 'DNS', value: ia5Text(content), content };
    case 3:
      return { type: 'X400Name', value: asn1.toHex(content), content };
    case 4: {
      const name = readName(asn1.explicitContent(node, what));
      return { type: 'DirName', value: formatName(name), name, content };
    }
    case 5:
      return { type: 'EdiPartyName', value: ediPartyText(node, what), content };
    case 6:
      return { type: 'URI', value: ia5Text(content), content };
    case 7:
      return { type: 'IP', value: addressText(content), content };
    case 8:
      return { type: 'RID', value: asn1.oidFromContent(content, what), content };
    default:
      throw asn1.malformed(`${what}: a general name of unknown kind`);
  }
}

/** IA5 by definition, UTF-8 where someone wrote it all the same. */
function ia5Text(content: Uint8Array): string {
  try {
    return asn1.textFromContent(asn1.Tag.utf8String, content, 'Name');
  } catch {
    return asn1.textFromContent(asn1.Tag.ia5String, content, 'Name');
  }
}

function otherNameText(node: asn1.Asn1, what: string): string {
  const [type, tagged] = node.children;
  const oid = asn1.readOid(type, what);
  const value = asn1.explicitContent(tagged, what);
  const encoded = `#${asn1.toHex(value.bytes)}`;
  return `${oid}:${asn1.isString(value) ? asn1.readString(value, what) : encoded}`;
}

function ediPartyText(node: asn1.Asn1, what: string): string {
  return node.children.map((part) => directoryText(part, what)).join(', ');
}

function directoryText(node: asn1.Asn1, what: string): string {
  const encoded = `#${asn1.toHex(node.bytes)}`;
  const inner = node.children.length === 1 ? node.children[0] : node;
  return asn1.isString(inner) ? asn1.readString(inner, what) : encoded;
}

/** One of another length is shown as it is: nothing else about the certificate is wrong, and OpenSSL reads it too. */
function addressText(content: Uint8Array): string {
  switch (content.length) {
    case 4:
      return content.join('.');
    case 16:
      return ipv6Text(content);
    case 8:
      return `${content.subarray(0, 4).join('.')}/${content.subarray(4).join('.')}`;
    case 32:
      return `${ipv6Text(content.subarray(0, 16))}/${ipv6Text(content.subarray(16))}`;
    default:
      return `#${asn1.toHex(content)}`;
  }
}

/** RFC 5952: lower case, the longest run of two or more zero groups left out. */
function ipv6Text(octets: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((octets[index * 2] ?? 0) << 8) | (octets[index * 2 + 1] ?? 0)).toString(16),
  );
  let best = { start: 0, length: 0 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (groups[start + length] === '0') {
      length++;
    }
    if (length > best.length) {
      best = { start, length };
    }
  }
  if (best.length < 2) {
    return groups.join(':');
  }
  return `${groups.slice(0, best.start).join(':')}::${groups.slice(best.start + best.length).join(':')}`;
}

/** What a certificate or a request is to carry as an alternative name. */
export interface GeneralNameInput {
  readonly type: 'DNS' | 'IP' | 'email' | 'URI' | 'DirName' | 'RID';
  readonly value: string;
}

/** The encoding of one general name; throws `invalid-input`. */
export function encodeGeneralName({ type, value }: GeneralNameInput): Uint8Array {
  switch (type) {
    case 'email':
      return asn1.contextPrimitive(1, asn1.ia5Content(value));
    case 'DNS':
      return asn1.contextPrimitive(2, asn1.ia5Content(value));
    case 'DirName':
      return asn1.contextConstructed(4, checkStringTypes(parseName(value)).der);
    case 'URI':
      return asn1.contextPrimitive(6, asn1.ia5Content(value));
    case 'IP':
      return asn1.contextPrimitive(7, addressOctets(value));
    case 'RID':
      // The content octets of the identifier under the implicit tag.
      return asn1.contextPrimitive(8, asn1.readAsn1(asn1.oid(value)).content);
  }
}

/** The octets of an IPv4 or IPv6 address; throws `invalid-input`. */
export function addressOctets(text: string): Uint8Array {
  const octets = ipv4Octets(text) ?? ipv6Octets(text);
  if (octets === undefined) {
    throw new KeystoreError('invalid-input', 'Not an IP address', { details: { value: text.slice(0, 100) } });
  }
  return Uint8Array.from(octets);
}

function ipv4Octets(text: string): number[] | undefined {
  const octets = /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text) ? text.split('.').map(Number) : [];
  return octets.length === 4 && octets.every((octet) => octet < 256) ? octets : undefined;
}

function ipv6Octets(text: string): number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2 || text.length > 45) {
    return undefined;
  }
  const [head, tail] = halves.map((half, index) => ipv6Half(half, index === halves.length - 1));
  if (head === undefined) {
    return undefined;
  }
  if (halves.length === 1) {
    return head.length === 16 ? head : undefined;
  }
  if (tail === undefined || head.length + tail.length > 14) {
    return undefined;
  }
  return [...head, ...new Array<number>(16 - head.length - tail.length).fill(0), ...tail];
}

function ipv6Half(text: string, isLast: boolean): number[] | undefined {
  if (text === '') {
    return [];
  }
  const octets: number[] = [];
  const groups = text.split(':');
  for (const [index, group] of groups.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(group)) {
      const value = parseInt(group, 16);
      octets.push(value >> 8, value & 0xff);
      continue;
    }
    const ipv4 = isLast && index === groups.length - 1 ? ipv4Octets(group) : undefined;
    if (ipv4 === undefined) {
      return undefined;
    }
    octets.push(...ipv4);
  }
  return octets;
}

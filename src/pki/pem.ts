import { KeystoreError } from '../errors.js';
import * as asn1 from './asn1.js';

/** One block of a PEM text (RFC 7468, and RFC 1421 for its headers). */
export interface PemBlock {
  readonly label: string;
  /** Header lines such as `DEK-Info`, by their names. */
  readonly headers: ReadonlyMap<string, string>;
  readonly der: Uint8Array;
}

/** Several times as many as a file may have certificates. */
const maxBlocks = 20_000;

/** A PEM block with lines of 64 characters and a line break at its end. */
export function encodePem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

/**
 * All blocks of a text, in its order, whatever stands around and before them: indentation, the `>` of a quoted mail,
 * literal `\n`, CRLF, one single line, HTML, quoted-printable. Throws `malformed` for a block without end or with other than
 * base64 inside, `budget` for very many.
 */
export function readPemBlocks(text: string): readonly PemBlock[] {
  const blocks: PemBlock[] = [];
  const source = withRealLineBreaks(withoutQuotedPrintable(text));
  let position = 0;
  for (;;) {
    const begin = source.indexOf('-----BEGIN ', position);
    if (begin === -1) {
      return blocks;
    }
    const labelEnd = source.indexOf('-----', begin + 11);
    const label = labelEnd === -1 ? '' : source.slice(begin + 11, labelEnd);
    if (label === '' || label.length > 100 || label.includes('\n')) {
      // A line of dashes that only looks like a block.
      position = begin + 11;
      continue;
    }
    const bodyStart = labelEnd + 5;
    const end = source.indexOf('-----END ', bodyStart);
    const next = source.indexOf('-----BEGIN ', bodyStart);
    if (end === -1 || (next !== -1 && next < end)) {
      throw asn1.malformed(`PEM block ${blocks.length + 1} (${label}) has no end`);
    }
    if (blocks.length === maxBlocks) {
      throw new KeystoreError('budget', `More than ${maxBlocks} PEM blocks`);
    }
    blocks.push({ label: label.trim(), ...readBody(source.slice(bodyStart, end), label, blocks.length + 1) });
    const endOfEnd = source.indexOf('-----', end + 9);
    position = endOfEnd === -1 ? source.length : endOfEnd + 5;
  }
}

/** Turns the literal `\n` of JSON and YAML into line breaks, also of JSON in JSON, where the text has PEM in it. */
function withRealLineBreaks(text: string): string {
  if (!text.includes('-----BEGIN ')) {
    return '';
  }
  return text.includes('\\') ? text.replace(/\\{1,8}r\\{1,8}n|\\{1,8}[nr]/g, '\n') : text;
}

/** In characters; the texts of mails are short, and decoding takes its time. */
const maxMailLength = 4 * 1024 * 1024;

/** The source of a mail whose text is quoted-printable (RFC 2045 6.7), decoded; any other text as it is. */
function withoutQuotedPrintable(text: string): string {
  return text.length <= maxMailLength && /^content-transfer-encoding:[ \t]*quoted-printable/im.test(text)
    ? text
        .replace(/=[ \t]*(?:\r\n|\n|\r)/g, '')
        .replace(/=([0-9A-F]{2})/g, (_, pair: string) => String.fromCharCode(parseInt(pair, 16)))
    : text;
}

function readBody(body: string, label: string, number: number): Omit<PemBlock, 'label'> {
  const lines = body.split(/\r\n|\n|\r/).map(withoutMargins);
  const headers = new Map<string, string>();
  let first = lines.findIndex((line) => line !== '');
  if (first !== -1 && isHeader(lines[first])) {
    let name = '';
    let lastLine = '';
    for (; first < lines.length; first++) {
      const line = lines[first] ?? '';
      const [begin, given] = /^([A-Za-z0-9-]{1,64}):/.exec(line) ?? [];
      if (begin !== undefined && given !== undefined) {
        name = given;
        lastLine = line.slice(begin.length).trimStart();
        headers.set(name, lastLine);
      } else if (line === '') {
        break;
      } else if (lastLine.endsWith(',')) {
        lastLine = line;
        headers.set(name, (headers.get(name) ?? '') + line);
      } else {
        // Someone has lost the blank line: what is not a header begins the content.
        break;
      }
    }
  }
  const content = lines.slice(Math.max(first, 0)).join('');
  const der = decodeBase64(content) ?? decodeBase64(withoutMarkup(content));
  if (der === undefined) {
    throw asn1.malformed(`PEM block ${number} (${label}) is not base64`);
  }
  return { headers, der };
}

/** A line without blanks around it, those of no width included, and without the marks of quoted mails, which no base64 has. */
export function withoutMargins(line: string): string {
  let start = 0;
  let end = line.length;
  while (start < end && /[\s\u200b\u2060>|]/.test(line.charAt(start))) {
    start++;
  }
  // By steps: a pattern that ends in `+$` begins anew at every blank of a long run, and takes time by the square of its length.
  while (end > start && /[\s\u200b\u2060]/.test(line.charAt(end - 1))) {
    end--;
  }
  return line.slice(start, end);
}

/** Text copied from the source of a web page or a mail in HTML. */
function withoutMarkup(text: string): string {
  return text.replace(/<[^<>]{0,200}>|&nbsp;|&#160;/g, '');
}

function isHeader(line: string | undefined): boolean {
  return line !== undefined && /^[A-Za-z0-9-]{1,64}:/.test(line);
}

/** The bytes of a base64 text, blanks and line breaks left out; `undefined` where it is none. */
export function decodeBase64(text: string): Uint8Array | undefined {
  let compact = text.replace(/\s+/g, '');
  if (compact.includes('=3D')) {
    // Quoted-printable, as mails have it.
    compact = compact.replace(/=3D/g, '=');
  }
  if (compact === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) {
    return undefined;
  }
  const digits = compact.replace(/=+$/, '');
  if (digits.length % 4 === 1) {
    return undefined;
  }
  return Uint8Array.from(Buffer.from(digits, 'base64'));
}

/** The text of a file: UTF-8, or UTF-16 by its byte order mark or by its zeros. */
export function decodeText(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) {
    return buffer.subarray(2).toString('utf16le');
  }
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    return bigEndianText(buffer.subarray(2));
  }
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    return buffer.subarray(3).toString('utf8');
  }
  if (hasZeros(bytes, 1)) {
    return buffer.toString('utf16le');
  }
  return hasZeros(bytes, 0) ? bigEndianText(buffer) : buffer.toString('utf8');
}

/** Most characters of such texts are Latin, so that one octet of each pair is zero, and never the other. */
function hasZeros(bytes: Uint8Array, remainder: 0 | 1): boolean {
  const sample = bytes.subarray(0, 256);
  let zeros = 0;
  for (const [index, octet] of sample.entries()) {
    if (octet === 0) {
      if (index % 2 !== remainder) {
        return false;
      }
      zeros++;
    }
  }
  return sample.length >= 4 && zeros * 3 >= sample.length;
}

function bigEndianText(buffer: Buffer): string {
  return Buffer.from(buffer.subarray(0, buffer.length - (buffer.length % 2)))
    .swap16()
    .toString('utf16le');
}

/** True for zero octets and line breaks, which transfers and tools put at the end of a file. */
export function isPadding(bytes: Uint8Array): boolean {
  return bytes.every(
    (octet) => octet === 0 || octet === 0x0a || octet === 0x0d || octet === 0x20 || octet === 0x1a,
  );
}

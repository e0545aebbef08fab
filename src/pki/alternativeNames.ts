import net from 'node:net';
import { domainToASCII } from 'node:url';
import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import type { GeneralNameInput } from './generalName.js';

/** What a person may write before a name to say what it is, as OpenSSL's configuration has it. */
const prefixes: ReadonlyMap<string, GeneralNameInput['type']> = new Map([
  ['dns', 'DNS'],
  ['ip', 'IP'],
  ['email', 'email'],
  ['uri', 'URI'],
]);

const maxNames = 100;

/**
 * Reads alternative names as a person writes them, separated by commas, semicolons or blanks: host names, IP addresses, mail
 * addresses and URIs, told apart by what they look like, or by `DNS:`, `IP:`, `email:`, `URI:` before them. Behind its host a URI
 * may hold commas and semicolons itself; one ends it where a blank, a prefix or another `scheme://` follows. A host name of another
 * script becomes its ASCII form (RFC 5280 7.2); doubles are left out. Throws `invalid-input` with `explanation`.
 */
export function parseAlternativeNames(text: string): readonly GeneralNameInput[] {
  const names = new Map<string, GeneralNameInput>();
  for (const written of text.split(/\s+/).flatMap(splitAtCommas)) {
    const name = parseAlternativeName(written);
    names.set(`${name.type}:${name.value}`, name);
  }
  if (names.size > maxNames) {
    throw refused(l10n.t('These are {0} names; at most {1} fit.', names.size, maxNames));
  }
  return [...names.values()];
}

/** The names as `parseAlternativeNames` reads them, each with what it is: `DNS:a.example, IP:192.0.2.1`. */
export function formatAlternativeNames(names: readonly GeneralNameInput[]): string {
  return names.map(({ type, value }) => `${type}:${value}`).join(', ');
}

/** The names of a text without blanks. */
function splitAtCommas(text: string): readonly string[] {
  const names: string[] = [];
  let separators = '';
  for (const piece of text.split(/([,;])/)) {
    const before = names.at(-1);
    if (/^[,;]?$/.test(piece)) {
      separators += piece;
      continue;
    }
    if (before !== undefined && takesCommas(before) && !beginsName(piece)) {
      names[names.length - 1] = `${before}${separators}${piece}`;
    } else {
      names.push(piece);
    }
    separators = '';
  }
  return names;
}

/** Whether it is a URI with more than scheme and host; a host has no comma (RFC 5280 4.2.1.6). */
function takesCommas(written: string): boolean {
  const { type, value } = typeOf(written);
  return type === 'URI' && !/^[^/?#]*:\/\/[^/?#]*$/.test(value);
}

function beginsName(written: string): boolean {
  return typeOf(written).prefix !== undefined || /^[a-z][a-z0-9+.-]*:\/\//i.test(written);
}

function typeOf(written: string): {
  readonly prefix: GeneralNameInput['type'] | undefined;
  readonly type: GeneralNameInput['type'];
  readonly value: string;
} {
  const colon = written.indexOf(':');
  const prefix = prefixes.get(written.slice(0, Math.max(colon, 0)).toLowerCase());
  const value = prefix === undefined ? written : written.slice(colon + 1);
  return { prefix, type: prefix ?? likelyType(value), value };
}

function parseAlternativeName(written: string): GeneralNameInput {
  const { type, value } = typeOf(written);
  switch (type) {
    case 'IP':
      if (net.isIP(value) === 0 || value.includes('%')) {
        throw refused(l10n.t('"{0}" is no IP address.', value));
      }
      return { type, value };
    case 'email':
      return { type, value: mailAddress(value) };
    case 'URI':
      if (!URL.canParse(value) || !isVisibleAscii(value)) {
        throw refused(
          l10n.t('"{0}" is no URI. A URI begins with its scheme and has ASCII characters only.', value),
        );
      }
      return { type, value };
    default:
      return { type: 'DNS', value: hostName(value) };
  }
}

function likelyType(value: string): GeneralNameInput['type'] {
  if (net.isIP(value) !== 0) {
    return 'IP';
  }
  // A host with its port is no URI.
  if (/^[a-z][a-z0-9+-]*:(?!\d+$)/i.test(value)) {
    return 'URI';
  }
  return value.includes('@') ? 'email' : 'DNS';
}

/** RFC 5280 4.2.1.6 with the letters, digits and hyphens of RFC 1123 2.1; a wildcard stands for the whole first label. */
function hostName(value: string): string {
  const isWildcard = value.startsWith('*.');
  const ascii = domainToASCII(isWildcard ? value.slice(2) : value);
  const labels = ascii.split('.');
  const isHostName =
    ascii.length <= 253 &&
    labels.every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(label)) &&
    // `domainToASCII` makes an address of "1.2.3"; a name of digits alone is a typing error.
    /[a-z]/i.test(labels.at(-1) ?? '');
  if (!isHostName) {
    throw refused(l10n.t('"{0}" is no host name.', value));
  }
  return isWildcard ? `*.${ascii}` : ascii;
}

/** An `addr-spec` without quotation marks (RFC 5280 4.2.1.6). */
function mailAddress(value: string): string {
  const at = value.lastIndexOf('@');
  const local = value.slice(0, Math.max(at, 0));
  if (!/^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/.test(local)) {
    throw refused(l10n.t('"{0}" is no mail address.', value));
  }
  return `${local}@${hostName(value.slice(at + 1))}`;
}

function isVisibleAscii(text: string): boolean {
  return /^[\u0021-\u007e]+$/.test(text);
}

function refused(explanation: string): KeystoreError {
  return new KeystoreError('invalid-input', 'An alternative name is not right', { details: { explanation } });
}

import type { Name } from '../pki/distinguishedName.js';
import { attributeNames } from '../pki/oids.js';

/** Keywords that Java has for attributes and that are not those of RFC 4514; other attributes are written by their OID. */
const javaKeywords: ReadonlyMap<string, string> = new Map([
  ['2.5.4.4', 'SURNAME'],
  ['2.5.4.5', 'SERIALNUMBER'],
  ['2.5.4.9', 'STREET'],
  ['2.5.4.12', 'T'],
  ['2.5.4.42', 'GIVENNAME'],
  ['2.5.4.43', 'INITIALS'],
  ['2.5.4.44', 'GENERATION'],
  ['2.5.4.46', 'DNQUALIFIER'],
  ['1.2.840.113549.1.9.1', 'EMAILADDRESS'],
]);

const sharedKeywords: ReadonlySet<string> = new Set(['CN', 'C', 'L', 'ST', 'O', 'OU', 'DC', 'UID']);

/**
 * A name as tenants write it, and so as the sender adapter lists it: Java's form, the most specific part first, values with special
 * characters in quotes (`CN=orders, O="ACME, Inc.", C=DE`).
 */
export function adapterName({ rdns }: Name): string {
  return [...rdns]
    .reverse()
    .map((rdn) =>
      rdn.map(({ oid, value, isText }) => `${keyword(oid)}=${isText ? quoted(value) : value}`).join(' + '),
    )
    .join(', ');
}

function keyword(oid: string): string {
  const java = javaKeywords.get(oid);
  const shared = attributeNames.get(oid) ?? '';
  return java ?? (sharedKeywords.has(shared) ? shared : `OID.${oid}`);
}

/** Quotes where Java does: special characters, blanks at an end, several blanks in a row. */
function quoted(value: string): string {
  return /[,+=\n<>#;\\"]|^ | $|[ \n]{2}/.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : value;
}

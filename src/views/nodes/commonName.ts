/**
 * The most specific common name of a distinguished name as the tenant renders it, or undefined.
 * Reads RFC 4514 escapes and the quoted values of Java's rendering; whatever it cannot read has no common name.
 */
export function commonName(distinguishedName: string): string | undefined {
  let position = 0;
  const skipSpaces = (): void => {
    while (distinguishedName[position] === ' ') {
      position++;
    }
  };
  while (position < distinguishedName.length) {
    skipSpaces();
    const equals = distinguishedName.indexOf('=', position);
    if (equals === -1) {
      return undefined;
    }
    const type = distinguishedName.slice(position, equals).trim();
    position = equals + 1;
    skipSpaces();
    const { value, end } = readValue(distinguishedName, position);
    if (/^(?:CN|2\.5\.4\.3|OID\.2\.5\.4\.3)$/i.test(type) && value !== '') {
      return value;
    }
    position = end + 1;
  }
  return undefined;
}

/** Reads one attribute value; `end` is the position of the separator behind it. */
function readValue(text: string, start: number): { readonly value: string; readonly end: number } {
  const quoted = text[start] === '"';
  let position = quoted ? start + 1 : start;
  let value = '';
  let solid = 0;
  while (position < text.length) {
    const character = text.charAt(position);
    if (character === '\\' && position + 1 < text.length) {
      const escaped = readEscapes(text, position);
      value += escaped.value;
      solid = value.length;
      position = escaped.end;
      continue;
    }
    if (quoted ? character === '"' : /[,;+]/.test(character)) {
      break;
    }
    value += character;
    position++;
    if (quoted || character !== ' ') {
      solid = value.length;
    }
  }
  if (quoted) {
    while (position < text.length && !/[,;+]/.test(text.charAt(position))) {
      position++;
    }
  }
  return { value: value.slice(0, solid), end: position };
}

/** Reads a run of escapes: hexadecimal pairs are octets of UTF-8 (RFC 4514, section 2.4), anything else stands for itself. */
function readEscapes(text: string, start: number): { readonly value: string; readonly end: number } {
  const octets: number[] = [];
  let position = start;
  for (;;) {
    const pair = /^\\([0-9A-Fa-f]{2})/.exec(text.slice(position, position + 3))?.[1];
    if (pair === undefined) {
      break;
    }
    octets.push(Number.parseInt(pair, 16));
    position += 3;
  }
  return octets.length > 0
    ? { value: new TextDecoder().decode(Uint8Array.from(octets)), end: position }
    : { value: text.charAt(start + 1), end: start + 2 };
}

import { randomInt } from 'node:crypto';

const kinds = ['abcdefghijkmnpqrstuvwxyz', 'ABCDEFGHJKLMNPQRSTUVWXYZ', '23456789', '!#%+-=?@_'] as const;
const length = 40;

/**
 * A random password for a container that is made for one request and thrown away after it. It keeps SAP's rules for keystore
 * passwords: ASCII, at least 8 characters, of at least three of the four kinds; this one has all four.
 */
export function tenantPassword(): string {
  const pick = (from: string): string => from.charAt(randomInt(from.length));
  const characters: string[] = [
    ...kinds.map(pick),
    ...Array.from({ length: length - kinds.length }, () => pick(kinds.join(''))),
  ];
  for (let index = characters.length - 1; index > 0; index--) {
    const other = randomInt(index + 1);
    [characters[index], characters[other]] = [characters[other] ?? '', characters[index] ?? ''];
  }
  return characters.join('');
}

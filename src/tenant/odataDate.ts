/** The last moment that a `Date` can hold. */
const latestMillis = 8.64e15;
const jsonDate = /^\/Date\((-?\d{1,16})(?:([+-])(\d{1,4}))?\)\/$/;
const isoDate = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,7})?)?(?:Z|[+-]\d{2}:\d{2})?$/;

/**
 * Reads a date of an OData V2 answer: `/Date(ms)/`, `/Date(ms+offset)/` with the offset in minutes (the milliseconds are
 * then local time, as Olingo reads them), or the ISO form of the XML representation (UTC where it names no zone).
 * Anything else is `undefined`.
 */
export function parseODataDate(text: string): Date | undefined {
  const plain = plainMillis(text);
  if (plain !== undefined) {
    return validDate(plain);
  }
  const match = jsonDate.exec(text);
  if (match !== null) {
    const [, millis, sign, offset] = match;
    const minutes = Number(offset ?? 0) * (sign === '-' ? -1 : 1);
    return Math.abs(minutes) >= 24 * 60 ? undefined : validDate(Number(millis) - minutes * 60_000);
  }
  if (!isoDate.test(text)) {
    return undefined;
  }
  return validDate(Date.parse(/(?:Z|[+-]\d{2}:\d{2})$/.test(text) ? text : `${text}Z`));
}

/** The form that requests carry. */
export function formatODataDate(date: Date): string {
  return `/Date(${date.getTime()})/`;
}

/** The milliseconds of `/Date(ms)/`, read digit by digit: a keystore of 6,000 entries holds 24,000 of them. */
function plainMillis(text: string): number | undefined {
  const end = text.length - 2;
  if (end < 7 || end > 22 || !text.startsWith('/Date(') || !text.endsWith(')/')) {
    return undefined;
  }
  let millis = 0;
  for (let index = 6; index < end; index++) {
    const digit = text.charCodeAt(index) - 48;
    if (digit < 0 || digit > 9) {
      return undefined;
    }
    millis = millis * 10 + digit;
  }
  return millis;
}

function validDate(millis: number): Date | undefined {
  return Math.abs(millis) <= latestMillis ? new Date(millis) : undefined;
}

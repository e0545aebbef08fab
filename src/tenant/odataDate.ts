const jsonDate = /^\/Date\((-?\d{1,16})(?:([+-])(\d{1,4}))?\)\/$/;
const isoDate = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,7})?)?(?:Z|[+-]\d{2}:\d{2})?$/;

/**
 * Reads a date of an OData V2 answer: `/Date(ms)/`, `/Date(ms+offset)/` with the offset in minutes (the milliseconds are
 * then local time, as Olingo reads them), or the ISO form of the XML representation (UTC where it names no zone).
 * Anything else is `undefined`.
 */
export function parseODataDate(text: string): Date | undefined {
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

function validDate(millis: number): Date | undefined {
  const date = new Date(millis);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

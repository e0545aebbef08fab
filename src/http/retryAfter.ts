/**
 * The wait that a `Retry-After` header asks for, in milliseconds: a number of seconds or a date (RFC 9110, 10.2.3).
 * `undefined` where there is no header or it says nothing; a date in the past is no wait.
 */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) {
    return Number(text) * 1000;
  }
  // A date names its day or at least its month; without this check `Date.parse` takes nearly any number for one.
  const date = /[A-Za-z]{3}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

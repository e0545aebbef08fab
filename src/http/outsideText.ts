const maximumLength = 500;

/**
 * A text from outside as one bounded line without control characters; empty counts as missing. Masked first, since a secret
 * cut in two would not be found. What it says stays as hostile as any text from outside.
 */
export function outsideText(
  text: string | undefined,
  mask: (text: string) => string = (whole) => whole,
): string | undefined {
  const cleaned = (text === undefined ? undefined : mask(text))
    ?.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  if (cleaned === undefined || cleaned === '') {
    return undefined;
  }
  return cleaned.length > maximumLength ? `${cleaned.slice(0, maximumLength)}…` : cleaned;
}

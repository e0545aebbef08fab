/**
 * Characters that change how the text around them is shown, or that show nothing: controls, line and paragraph separators,
 * direction marks and overrides, zero-width and filler characters, tags, half surrogate pairs.
 * A zero-width joiner inside an emoji sequence stays, since it hides nothing there.
 */
const invisible =
  /(?:(?<!\p{Extended_Pictographic}[\uFE0F\u{1F3FB}-\u{1F3FF}]?)\u200D|\u200D(?!\p{Extended_Pictographic}))|[\p{Cc}\p{Cs}\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B\u200C\u200E\u200F\u2028-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF9-\uFFFC\u{1D173}-\u{1D17A}\u{E0000}-\u{E0FFF}]/gu;

const printableAscii = /^[\x20-\x7E]*$/;

/** Foreign text as one line that hides nothing: `a<U+202E>b` for a name with a direction override in it. */
export function visibleText(text: string): string {
  return printableAscii.test(text) ? text : text.replace(invisible, codePointName);
}

/** `<U+202E>`, the name of a character that is not shown itself. */
export function codePointName(character: string): string {
  const codePoint = character.codePointAt(0) ?? 0;
  return `<U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}>`;
}

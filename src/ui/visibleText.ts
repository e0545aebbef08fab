import { codePointName, visibleText } from '../pki/visibleText.js';

export { visibleText };

/** Characters that could end a line or drive a terminal where copied text is pasted. */
const controlling = /[\p{Cc}\p{Cs}\u2028\u2029]/gu;

const printableAscii = /^[\x20-\x7E]*$/;

/** Text of a tenant for the clipboard: exact, except that control characters and line breaks are spelt out. */
export function singleLineText(text: string): string {
  return printableAscii.test(text) ? text : text.replace(controlling, codePointName);
}

/** At most `limit` UTF-16 units, the last of them an ellipsis where something was left out; no surrogate pair is split. */
export function shortened(text: string, limit: number): string {
  if (text.length <= limit) {
    return text;
  }
  const last = text.charCodeAt(limit - 2);
  const splitsPair = last >= 0xd800 && last <= 0xdbff;
  return `${text.slice(0, limit - (splitsPair ? 2 : 1))}…`;
}

/** A tenant's name as a label: visible, in quotation marks where it would look empty, not longer than a row can show. */
export function labelText(text: string, limit = 120): string {
  const visible = visibleText(text);
  return shortened(visible.trim() === '' ? `"${visible}"` : visible, limit);
}

/**
 * Text for messages, prompts and lists of VS Code, which turn `$(name)` into an icon and `[text](address)` into a link, a `command:`
 * among the addresses: here both stay text, and nothing in it hides. Line breaks stay, as dialogs show them.
 */
export function plainText(text: string): string {
  return text
    .replace(/([$\]])\u200b\(/g, '$1(')
    .split('\n')
    .map(visibleText)
    .join('\n')
    .replace(/([$\]])\(/g, '$1\u200b(');
}

import { isObject, parseJson, type JsonObject } from '../http/checked.js';

/** What was found where JSON was looked for. */
export type JsonInText =
  | { readonly kind: 'object'; readonly object: JsonObject }
  | { readonly kind: 'none' }
  | { readonly kind: 'cut-off' }
  | { readonly kind: 'malformed' };

const maximumLength = 1_000_000;

/**
 * Finds the JSON object in a text that may have other lines around it, as command lines print them. Line breaks inside a
 * string, which JSON forbids and copied PEM text often has, are mended. JSON written as a JSON string is read as well.
 */
export function findJsonObject(text: string): JsonInText {
  const content = text.slice(0, maximumLength).trim();
  if (content.startsWith('"')) {
    const inner = parseJson(content);
    return typeof inner === 'string' ? findJsonObject(inner) : { kind: 'malformed' };
  }
  let result: JsonInText = { kind: 'none' };
  let start = content.indexOf('{');
  while (start !== -1) {
    const candidate = balancedObject(content, start);
    if (candidate === undefined) {
      return result.kind === 'none' ? { kind: 'cut-off' } : result;
    }
    const value = parseJson(candidate.text);
    if (isObject(value)) {
      return { kind: 'object', object: value };
    }
    result = { kind: 'malformed' };
    start = content.indexOf('{', candidate.end);
  }
  return result;
}

/** The text from an opening brace to its partner, with raw control characters in strings escaped. */
function balancedObject(text: string, start: number): { text: string; end: number } | undefined {
  let depth = 0;
  let inString = false;
  let mended = '';
  let copied = start;
  for (let index = start; index < text.length; index++) {
    const character = text.charAt(index);
    if (inString) {
      if (character === '\\') {
        index++;
      } else if (character === '"') {
        inString = false;
      } else if (character < ' ') {
        mended += text.slice(copied, index) + (escapes[character] ?? '');
        copied = index + 1;
      }
    } else if (character === '"') {
      inString = true;
    } else if (character === '{') {
      depth++;
    } else if (character === '}' && --depth === 0) {
      return { text: mended + text.slice(copied, index + 1), end: index + 1 };
    }
  }
  return undefined;
}

const escapes: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from({ length: 32 }, (_, code) => [
    String.fromCharCode(code),
    `\\u${code.toString(16).padStart(4, '0')}`,
  ]),
);

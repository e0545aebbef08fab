import { isObject, parseJson, textMember, type JsonObject } from '../http/checked.js';
import { outsideText } from '../http/outsideText.js';

/** What an error body says, as far as it says anything. */
export interface ODataErrorText {
  /** SAP's reason phrase, such as `Bad Request`, or the token endpoint's error, such as `invalid_client`. */
  readonly code: string | undefined;
  readonly message: string | undefined;
}

/**
 * Reads an error body in the forms that occur: OData V2 JSON with or without its outer `error`, with the message as an
 * object, a text or null; the XML form; the token endpoint's `error` and `error_description`. A page of HTML says nothing.
 * The texts are masked, then bounded and freed of control characters, but come from outside.
 */
export function parseODataError(
  body: string,
  mask: (text: string) => string = (text) => text,
): ODataErrorText {
  const { code, message } = parseForms(body.trimStart());
  return { code: outsideText(code, mask), message: outsideText(message, mask) };
}

function parseForms(text: string): ODataErrorText {
  if (text.startsWith('<')) {
    return parseXmlError(text);
  }
  const json = parseJson(text);
  if (!isObject(json)) {
    return { code: undefined, message: undefined };
  }
  const error = isObject(json['error']) ? json['error'] : json;
  return {
    code: textMember(error, 'code') ?? textMember(error, 'error'),
    message: messageOf(error) ?? textMember(error, 'error_description'),
  };
}

function messageOf(error: JsonObject): string | undefined {
  const message = error['message'];
  return isObject(message) ? textMember(message, 'value') : textMember(error, 'message');
}

function parseXmlError(text: string): ODataErrorText {
  if (!/^(?:<\?xml[^>]*>\s*)?<error[\s>]/.test(text)) {
    return { code: undefined, message: undefined };
  }
  return {
    code: unescapeXml(/<code>([^<]*)<\/code>/.exec(text)?.[1]),
    message: unescapeXml(/<message[^<>]*>([^<]*)<\/message>/.exec(text)?.[1]),
  };
}

const xmlEntities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

function unescapeXml(text: string | undefined): string | undefined {
  return text?.replace(/&(lt|gt|quot|apos|amp);/g, (whole, name: string) => xmlEntities[name] ?? whole);
}

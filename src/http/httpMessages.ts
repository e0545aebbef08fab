import type { IncomingHttpHeaders } from 'node:http';
import type { ErrorCode } from '../errors.js';

/** One request; its headers and body are secret and never leave the transport but over the wire. */
export interface HttpRequest {
  /** A write that went out and was not answered is `answer-lost`, whatever the reason. */
  readonly kind: 'read' | 'write';
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | undefined;
  /** PEM, sent in the TLS handshake. */
  readonly clientCertificate?: { readonly certificate: string; readonly key: string } | undefined;
  /** PEM of a CA trusted for this request instead of the machine's; honoured for loopback hosts only. */
  readonly trustedCa?: string | undefined;
  readonly signal: AbortSignal;
}

/** An answer of any status. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The address that was asked. */
  readonly url: string;
}

/** What the log may hold of a request: no query, header or body. */
export interface RequestLine {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  /** Missing where no answer came. */
  readonly status: number | undefined;
  readonly milliseconds: number;
  /** Why no answer came. */
  readonly failure: ErrorCode | 'cancelled' | undefined;
}

/** A header that occurs once, without surrounding white space; empty counts as missing. */
export function headerOf(answer: HttpAnswer, name: string): string | undefined {
  const value = answer.headers[name];
  const text = (typeof value === 'string' ? value : value?.[0])?.trim();
  return text === '' ? undefined : text;
}

/** The media type in lower case, without parameters. */
export function mediaTypeOf(answer: HttpAnswer): string | undefined {
  return headerOf(answer, 'content-type')?.split(';')[0]?.trim().toLowerCase();
}

/** True where a page for a browser came, as proxies, gateways and log-on services send it. */
export function isHtml(answer: HttpAnswer): boolean {
  const type = mediaTypeOf(answer);
  if (type === 'text/html' || type === 'application/xhtml+xml') {
    return true;
  }
  return /^\s*<(?:!doctype html|html[\s>])/i.test(answer.body.subarray(0, 200).toString('latin1'));
}

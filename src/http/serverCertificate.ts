import type { X509Certificate } from 'node:crypto';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';

/** What a person needs to see of the certificate of a server that nobody here trusts. */
export interface ServerCertificateFacts {
  /** Names most specific first. */
  readonly subject: string;
  readonly issuer: string;
  /** The issuer named by the last certificate that the server sent: the CA that would have to be trusted. */
  readonly topIssuer: string;
  /** ISO date. */
  readonly validTo: string;
  readonly fingerprintSha256: string;
}

const maximumChain = 20;
const maximumName = 300;

/**
 * Reads the certificate that a server shows although its check fails, by a second connection on which every check stays
 * on. After a failed check Node gives no peer certificate, but during the handshake it can be read whenever TLS announces
 * key material (the `keylog` event); the material itself is never looked at. Nothing but the handshake is sent: the
 * request ends before it is written. `undefined` where the certificate cannot be had.
 */
export function readServerCertificate(
  options: https.RequestOptions,
  limits: { signal: AbortSignal; timeoutMs: number },
): Promise<ServerCertificateFacts | undefined> {
  return new Promise((resolve) => {
    let found: X509Certificate | undefined;
    const request = https.request({ ...options, method: 'HEAD', path: '/', headers: {} });
    const finish = (): void => {
      clearTimeout(timer);
      limits.signal.removeEventListener('abort', finish);
      request.destroy();
      resolve(found === undefined ? undefined : factsOf(found));
    };
    const timer = setTimeout(finish, limits.timeoutMs);
    limits.signal.addEventListener('abort', finish);
    request.on('socket', (socket: Duplex) => {
      if (!(socket instanceof tls.TLSSocket) || request.reusedSocket) {
        finish();
        return;
      }
      socket.on('keylog', () => {
        found ??= socket.getPeerX509Certificate();
      });
      socket.prependOnceListener('secureConnect', finish);
    });
    request.on('error', finish);
    request.on('close', finish);
    if (limits.signal.aborted) {
      finish();
    }
  });
}

function factsOf(leaf: X509Certificate): ServerCertificateFacts {
  let top = leaf;
  for (let count = 0; count < maximumChain && top.issuerCertificate !== undefined; count++) {
    top = top.issuerCertificate;
  }
  return {
    subject: oneLine(leaf.subject),
    issuer: oneLine(leaf.issuer),
    topIssuer: oneLine(top.issuer),
    validTo: isoDate(leaf.validTo),
    fingerprintSha256: leaf.fingerprint256,
  };
}

function isoDate(text: string): string {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? text : date.toISOString();
}

/** Node writes one attribute a line, most general first. */
function oneLine(name: string | undefined): string {
  const text = (name ?? '').split('\n').reverse().join(', ');
  return text.length > maximumName ? `${text.slice(0, maximumName)}…` : text;
}

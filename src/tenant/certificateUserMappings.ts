import { createHash } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import { isObject, parseJson, textMember } from '../http/checked.js';
import { isHtml, type HttpAnswer } from '../http/httpMessages.js';
import { parseODataDate } from './odataDate.js';
import { parseEntity, parsePage } from './odataPage.js';
import { isForeignNotFound, isWriteSuccess } from './tenantFailure.js';
import type { TenantSession } from './tenantSession.js';

/** A certificate and the user as whom its holder calls; on Neo only. */
export interface CertificateUserMapping {
  /** MD5 of the certificate's DER, 32 digits in lower case. */
  readonly id: string;
  readonly user: string;
  /** PEM text, base64 as the tenant gives it; undefined where it was not read. */
  readonly certificate: string | undefined;
  readonly validUntil: Date | undefined;
  readonly lastModifiedBy: string | undefined;
  readonly lastModifiedTime: Date | undefined;
}

/** Every mapping, or that the tenant has none to offer, which is so on Cloud Foundry. */
export type CertificateUserMappings =
  | { readonly kind: 'known'; readonly mappings: readonly CertificateUserMapping[] }
  | { readonly kind: 'notOffered' };

/** What the tenant takes: characters of a user, and of a certificate as it is sent, alone and in all. */
export const mappingLimits = { user: 150, certificate: 8_192, total: 2 * 1024 * 1024 } as const;

/**
 * The certificate-to-user mappings of a tenant of Neo. A write is sent once; it throws an error with `details.performed: 'no'`
 * where it is certain that nothing was done, or with the code `answer-lost` where nobody knows; then the caller reads back.
 */
export interface UserMappingClient {
  /** Every mapping, all pages. */
  list(signal: AbortSignal): Promise<CertificateUserMappings>;
  /** The mapping of an identifier; `undefined` where there is none. */
  read(id: string, signal: AbortSignal): Promise<CertificateUserMapping | undefined>;
  /** Maps a certificate to a user. The tenant overwrites silently; whoever calls this has read before what is there. */
  map(wish: { readonly der: Uint8Array; readonly user: string }, signal: AbortSignal): Promise<void>;
  delete(id: string, signal: AbortSignal): Promise<void>;
}

type Session = Pick<TenantSession, 'send' | 'failure'>;
const set = '/api/v1/CertificateUserMappings';
const accept = 'application/json';
const maximumPages = 1_000;

/** The identifier that the tenant gives to a certificate's mapping. */
export function mappingId(der: Uint8Array): string {
  return createHash('md5').update(der).digest('hex');
}

/** A certificate as it is sent: base64 of its PEM text. */
export function sentCertificate(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  const pem = `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
  return Buffer.from(pem).toString('base64');
}

/** What is wrong with the name of a user; undefined where nothing is. */
export function userProblem(user: string): string | undefined {
  const { length } = user.trim();
  return length === 0 || length > mappingLimits.user
    ? l10n.t('A user has between 1 and {0} characters; these are {1}.', mappingLimits.user, length)
    : undefined;
}

/** What is wrong with the size of a certificate; undefined where nothing is. */
export function certificateSizeProblem(der: Uint8Array): string | undefined {
  const { length } = sentCertificate(der);
  return length > mappingLimits.certificate
    ? l10n.t(
        'The certificate is too large: a mapping takes {0} bytes of base64, and these are {1}.',
        mappingLimits.certificate,
        length,
      )
    : undefined;
}

/** Throws `invalid-input` for what the tenant does not take. */
export function demandMappable({ der, user }: { readonly der: Uint8Array; readonly user: string }): void {
  const explanation = userProblem(user) ?? certificateSizeProblem(der);
  if (explanation !== undefined) {
    throw new KeystoreError('invalid-input', 'a mapping cannot be made of this', {
      details: { performed: 'no', explanation },
    });
  }
}

/** The mappings over a session. */
export class ODataUserMappingClient implements UserMappingClient {
  constructor(private readonly session: Session) {}

  async list(signal: AbortSignal): Promise<CertificateUserMappings> {
    const mappings: CertificateUserMapping[] = [];
    let next: string | undefined = set;
    for (let page = 0; next !== undefined; page++) {
      if (page >= maximumPages) {
        throw badAnswer('next-page');
      }
      const answer: HttpAnswer = await this.session.send(
        { kind: 'read', method: 'GET', path: next, accept },
        signal,
      );
      if (answer.status === 404 && !isForeignNotFound(answer)) {
        return { kind: 'notOffered' };
      }
      const read = parsePage(this.json(answer), answer.url);
      mappings.push(...read.rows.map(parseMapping));
      next = read.next;
    }
    return { kind: 'known', mappings };
  }

  async read(id: string, signal: AbortSignal): Promise<CertificateUserMapping | undefined> {
    const answer = await this.session.send({ kind: 'read', method: 'GET', path: pathOf(id), accept }, signal);
    return answer.status === 404 && !isForeignNotFound(answer)
      ? undefined
      : parseMapping(parseEntity(this.json(answer)));
  }

  async map(
    { der, user }: { readonly der: Uint8Array; readonly user: string },
    signal: AbortSignal,
  ): Promise<void> {
    demandMappable({ der, user });
    const body = Buffer.from(JSON.stringify({ User: user.trim(), Certificate: sentCertificate(der) }));
    await this.write({ method: 'POST', path: set, contentType: accept, body }, signal);
  }

  async delete(id: string, signal: AbortSignal): Promise<void> {
    await this.write({ method: 'DELETE', path: pathOf(id) }, signal);
  }

  private async write(
    request: {
      readonly method: 'POST' | 'DELETE';
      readonly path: string;
      readonly contentType?: string;
      readonly body?: Uint8Array;
    },
    signal: AbortSignal,
  ): Promise<void> {
    const answer = await this.session.send({ ...request, kind: 'write', accept }, signal);
    if (!isWriteSuccess(answer)) {
      throw this.session.failure(answer, 'write');
    }
  }

  private json(answer: HttpAnswer): unknown {
    if (answer.status !== 200) {
      throw this.session.failure(answer, 'read');
    }
    const json = isHtml(answer) ? undefined : parseJson(answer.body.toString('utf8'));
    if (json === undefined) {
      throw badAnswer('json');
    }
    return json;
  }
}

function pathOf(id: string): string {
  if (!/^[0-9a-f]{32}$/.test(id)) {
    throw badAnswer('id');
  }
  return `${set}('${id}')`;
}

function parseMapping(row: unknown): CertificateUserMapping {
  const id = isObject(row) ? textMember(row, 'Id')?.toLowerCase() : undefined;
  const user = isObject(row) ? textMember(row, 'User') : undefined;
  if (!isObject(row) || id === undefined || !/^[0-9a-f]{32}$/.test(id) || user === undefined) {
    throw badAnswer('shape');
  }
  const ends = row['ValidUntil'];
  // Epoch milliseconds, which OData V2 writes as text for Int64.
  const end = typeof ends === 'string' && /^\d{1,16}$/.test(ends) ? Number(ends) : ends;
  const modified = textMember(row, 'LastModifiedTime');
  return {
    id,
    user,
    certificate: textMember(row, 'Certificate'),
    validUntil: typeof end === 'number' && Number.isFinite(end) ? new Date(end) : undefined,
    lastModifiedBy: textMember(row, 'LastModifiedBy'),
    lastModifiedTime: modified === undefined ? undefined : parseODataDate(modified),
  };
}

function badAnswer(reason: string): KeystoreError {
  return new KeystoreError('bad-answer', 'The answer holds no certificate-to-user mapping', {
    details: { reason },
  });
}

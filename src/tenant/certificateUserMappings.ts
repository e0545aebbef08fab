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

/** How a change ended; `answerLost` where only reading back told so. */
export interface MappingOutcome {
  readonly before: CertificateUserMapping | undefined;
  readonly answerLost: boolean;
}

/** What the tenant takes: characters of a user, and of a certificate as it is sent. */
export const mappingLimits = { user: 150, certificate: 8_192 } as const;

type Session = Pick<TenantSession, 'send' | 'failure'>;
const set = '/api/v1/CertificateUserMappings';
const accept = 'application/json';
const maximumPages = 1_000;

/** The identifier that the tenant gives to a certificate's mapping. */
export function mappingId(der: Uint8Array): string {
  return createHash('md5').update(der).digest('hex');
}

/** Reads every mapping, all pages. */
export async function listCertificateUserMappings(
  session: Session,
  signal: AbortSignal,
): Promise<CertificateUserMappings> {
  const mappings: CertificateUserMapping[] = [];
  let next: string | undefined = set;
  for (let page = 0; next !== undefined; page++) {
    if (page >= maximumPages) {
      throw badAnswer('next-page');
    }
    const answer: HttpAnswer = await session.send(
      { kind: 'read', method: 'GET', path: next, accept },
      signal,
    );
    if (answer.status === 404 && !isForeignNotFound(answer)) {
      return { kind: 'notOffered' };
    }
    const read = parsePage(jsonOf(session, answer), answer.url);
    mappings.push(...read.rows.map(parseMapping));
    next = read.next;
  }
  return { kind: 'known', mappings };
}

/** The mapping of an identifier; `undefined` where there is none. */
export async function readCertificateUserMapping(
  session: Session,
  id: string,
  signal: AbortSignal,
): Promise<CertificateUserMapping | undefined> {
  const answer = await session.send({ kind: 'read', method: 'GET', path: pathOf(id), accept }, signal);
  return answer.status === 404 && !isForeignNotFound(answer)
    ? undefined
    : parseMapping(parseEntity(jsonOf(session, answer)));
}

/**
 * Maps a certificate to a user. The tenant overwrites silently, so what is there is read before: it must be mapped to
 * `expectedUser` (undefined: to nobody), otherwise `already-exists` with `details.user` and nothing is sent. Sent once; a
 * lost answer is read back.
 */
export async function mapCertificate(
  session: Session,
  wish: { readonly der: Uint8Array; readonly user: string; readonly expectedUser: string | undefined },
  signal: AbortSignal,
): Promise<MappingOutcome> {
  const user = checkedUser(wish.user);
  const id = mappingId(wish.der);
  const certificate = Buffer.from(pemOf(wish.der)).toString('base64');
  if (certificate.length > mappingLimits.certificate) {
    throw invalid(
      l10n.t('The certificate is too large: a mapping takes {0} bytes.', mappingLimits.certificate),
    );
  }
  const before = await readCertificateUserMapping(session, id, signal);
  demandExpected(before, wish.expectedUser);
  const body = Buffer.from(JSON.stringify({ User: user, Certificate: certificate }));
  const request = { method: 'POST', path: set, contentType: accept, body } as const;
  const isDone = (now: CertificateUserMapping | undefined): boolean => now?.user === user;
  return { before, answerLost: await write(session, { request, id, isDone }, signal) };
}

/** Removes a mapping that still is what the person saw; one that is gone already is no error. */
export async function deleteCertificateUserMapping(
  session: Session,
  mapping: Pick<CertificateUserMapping, 'id' | 'user'>,
  signal: AbortSignal,
): Promise<MappingOutcome> {
  const before = await readCertificateUserMapping(session, mapping.id, signal);
  if (before === undefined) {
    return { before, answerLost: false };
  }
  demandExpected(before, mapping.user);
  const request = { method: 'DELETE', path: pathOf(mapping.id) } as const;
  const isDone = (now: CertificateUserMapping | undefined): boolean => now === undefined;
  return { before, answerLost: await write(session, { request, id: mapping.id, isDone }, signal) };
}

/** Sends once; true where the answer was lost and reading back shows that the change is made. */
async function write(
  session: Session,
  change: {
    readonly request: {
      readonly method: 'POST' | 'DELETE';
      readonly path: string;
      readonly contentType?: string;
      readonly body?: Uint8Array;
    };
    readonly id: string;
    readonly isDone: (now: CertificateUserMapping | undefined) => boolean;
  },
  signal: AbortSignal,
): Promise<boolean> {
  let lost: KeystoreError;
  try {
    const answer = await session.send({ ...change.request, kind: 'write', accept }, signal);
    if (isWriteSuccess(answer)) {
      return false;
    }
    throw session.failure(answer, 'write');
  } catch (error) {
    if (!KeystoreError.is(error, 'answer-lost')) {
      throw error;
    }
    lost = error;
  }
  let now: CertificateUserMapping | undefined;
  try {
    // A signal of its own: the person may have cancelled, and the state is to be told all the same.
    now = await readCertificateUserMapping(session, change.id, new AbortController().signal);
  } catch (cause) {
    throw lostError(lost, 'unknown', cause);
  }
  if (!change.isDone(now)) {
    throw lostError(lost, 'no', lost);
  }
  return true;
}

function lostError(lost: KeystoreError, performed: 'no' | 'unknown', cause: unknown): KeystoreError {
  return new KeystoreError('answer-lost', 'the answer to a change of a mapping was lost', {
    cause,
    details: {
      ...lost.details,
      performed,
      explanation:
        performed === 'no'
          ? l10n.t(
              'The tenant gave no usable answer. Reading back shows that the mapping is as it was. You can try again.',
            )
          : l10n.t(
              'The answer of the tenant was lost, and reading back failed as well: it is not known whether the mapping was changed. Refresh before you try again.',
            ),
    },
  });
}

function demandExpected(before: CertificateUserMapping | undefined, expected: string | undefined): void {
  if (before?.user === expected) {
    return;
  }
  throw new KeystoreError('already-exists', 'the mapping is not what was seen', {
    details: {
      performed: 'no',
      user: before?.user,
      explanation:
        before === undefined
          ? l10n.t('The mapping is gone. Refresh, then decide again.')
          : l10n.t(
              'The certificate is mapped to the user "{0}" already. SAP would overwrite that without a question; change the user of that mapping instead.',
              before.user,
            ),
    },
  });
}

function checkedUser(user: string): string {
  const trimmed = user.trim();
  if (trimmed === '' || trimmed.length > mappingLimits.user) {
    throw invalid(l10n.t('A user has between 1 and {0} characters.', mappingLimits.user));
  }
  return trimmed;
}

function invalid(explanation: string): KeystoreError {
  return new KeystoreError('invalid-input', 'a mapping cannot be made of this', {
    details: { performed: 'no', explanation },
  });
}

function pemOf(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function pathOf(id: string): string {
  if (!/^[0-9a-f]{32}$/.test(id)) {
    throw badAnswer('id');
  }
  return `${set}('${id}')`;
}

function jsonOf(session: Session, answer: HttpAnswer): unknown {
  if (answer.status !== 200) {
    throw session.failure(answer, 'read');
  }
  const json = isHtml(answer) ? undefined : parseJson(answer.body.toString('utf8'));
  if (json === undefined) {
    throw badAnswer('json');
  }
  return json;
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

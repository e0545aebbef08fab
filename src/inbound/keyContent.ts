import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import { isObject, textMember, type JsonObject } from '../http/checked.js';
import type { Certificate } from '../pki/certificate.js';
import { orderChain } from '../pki/chain.js';
import { readCertificates } from '../pki/container.js';
import { displayName, nameKey } from '../pki/distinguishedName.js';

/** What a service key lets its holder prove who they are with. */
export type KeyType =
  | 'clientSecret'
  /** SAP made certificate and key. */
  | 'certificateBySap'
  /** The sender's own certificate. */
  | 'externalCertificate'
  /** Neither a secret nor a certificate was found. */
  | 'unknown';

/** The public part of what a service key holds; nothing in it is secret. */
export interface KeyContent {
  readonly type: KeyType;
  readonly clientId: string | undefined;
  /** The address that senders call. */
  readonly url: string | undefined;
  readonly tokenUrl: string | undefined;
  /** The leaf first; empty where the key holds none, or one that cannot be read. */
  readonly certificates: readonly Certificate[];
  /** Why a certificate that is there could not be read. */
  readonly unreadable: string | undefined;
  /** What SAP states about the certificate, where it does. */
  readonly details: CertificateDetails | undefined;
  /** When the client secret was made; undefined where the key does not tell. */
  readonly createdAt: Date | undefined;
  /** The same text for certificates whose subject and issuer are equal (RFC 5280 7.1); undefined without a certificate. */
  readonly namePair: string | undefined;
}

/** `certificatedetails` of a service key. */
export interface CertificateDetails {
  readonly subject: string | undefined;
  readonly issuer: string | undefined;
  readonly validUntil: Date | undefined;
}

/**
 * Keeps the public fields of a key's credentials, wherever they are nested; client secret and private key are looked at only
 * for whether they are there. Never throws.
 */
export function readKeyContent(credentials: JsonObject): KeyContent {
  const levels = isObject(credentials['oauth']) ? [credentials['oauth'], credentials] : [credentials];
  const value = (name: string): unknown =>
    levels.map((level) => level[name]).find((one) => one !== undefined && one !== null);
  const text = (name: string): string | undefined => {
    const one = value(name);
    return typeof one === 'string' && one.trim() !== '' ? one.trim() : undefined;
  };
  const pem = text('certificate');
  const { certificates, unreadable } = readChain(pem);
  const details = value('certificatedetails');
  const [leaf] = certificates;
  return {
    type: typeOf({
      hasSecret: text('clientsecret') !== undefined,
      hasCertificate: pem !== undefined || isObject(details),
      hasKey: text('key') !== undefined,
    }),
    clientId: text('clientid'),
    url: text('url'),
    tokenUrl: text('tokenurl'),
    certificates,
    unreadable,
    details: isObject(details)
      ? {
          subject: textMember(details, 'subjectdn'),
          issuer: textMember(details, 'issuerdn'),
          validUntil: dateOf(textMember(details, 'validuntil')),
        }
      : undefined,
    createdAt: dateOf(text('createdate')),
    namePair: leaf === undefined ? undefined : namePairOf(leaf),
  };
}

/** The same text for certificates whose subject and issuer are equal. */
export function namePairOf({ subject, issuer }: Pick<Certificate, 'subject' | 'issuer'>): string {
  return JSON.stringify([nameKey(subject), nameKey(issuer)]);
}

/** The subject of a key's certificate for people, as far as it is known. */
export function subjectOf({ certificates, details }: KeyContent): string | undefined {
  const [leaf] = certificates;
  return leaf === undefined ? details?.subject : displayName(leaf.subject);
}

/** Until when a key's certificate is valid, as far as it is known. */
export function validUntil({ certificates, details }: KeyContent): Date | undefined {
  return certificates[0]?.notAfter ?? details?.validUntil;
}

/** True for a key that somebody may call with by a certificate. */
export function holdsCertificate({ type }: KeyContent): boolean {
  return type === 'certificateBySap' || type === 'externalCertificate';
}

/** The words for a key whose certificate is not at hand. */
export function unknownCertificate(): string {
  return l10n.t('The certificate itself is not known.');
}

function typeOf(found: { hasSecret: boolean; hasCertificate: boolean; hasKey: boolean }): KeyType {
  if (found.hasCertificate) {
    return found.hasKey ? 'certificateBySap' : 'externalCertificate';
  }
  return found.hasSecret ? 'clientSecret' : 'unknown';
}

function readChain(pem: string | undefined): Pick<KeyContent, 'certificates' | 'unreadable'> {
  if (pem === undefined) {
    return { certificates: [], unreadable: undefined };
  }
  try {
    // Tools that print JSON twice leave line breaks as two characters.
    const { certificates } = readCertificates(Buffer.from(pem.replaceAll('\\n', '\n'), 'utf8'));
    if (certificates.length === 0) {
      return { certificates, unreadable: 'no certificate' };
    }
    const { chain, strangers } = orderChain(certificates);
    return { certificates: [...chain, ...strangers], unreadable: undefined };
  } catch (error) {
    return { certificates: [], unreadable: KeystoreError.is(error) ? error.message : 'unexpected' };
  }
}

function dateOf(text: string | undefined): Date | undefined {
  const date = text === undefined ? undefined : new Date(text);
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date;
}

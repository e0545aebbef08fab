import * as l10n from '@vscode/l10n';
import type { Certificate } from './certificate.js';
import { orderChain } from './chain.js';
import { type ContainerForm, readCertificates } from './container.js';
import { decodeText, encodePem } from './pem.js';
import { writeCertificatesOnly } from './pkcs7.js';
import type { UnreadPart } from './unreadPart.js';

/** A signing response as it will be sent to the tenant, and what stands in it. */
export interface SigningResponse {
  readonly form: ContainerForm;
  /** The type that SAP's API wants with this form; `undefined` for certificates one after the other. */
  readonly contentType: SigningResponseType | undefined;
  /** In the order of the file. */
  readonly certificates: readonly Certificate[];
  readonly leaf: Certificate | undefined;
  /** The leaf first. */
  readonly chain: readonly Certificate[];
  readonly strangers: readonly Certificate[];
  readonly missingIssuer: string | undefined;
  /** What of the file says to be a certificate and could not be read. */
  readonly unread: readonly UnreadPart[];
  /** The file holds the chain and nothing else, in the order that its form demands. */
  readonly isInOrder: boolean;
  /** Exactly what is to be sent. */
  readonly body: Uint8Array;
  /** What was done to the file to make the body of it, for people; empty where it is sent as it is. */
  readonly notes: readonly string[];
}

/** The types of a signing response that SAP's API names. */
export type SigningResponseType =
  'application/pkcs7-mime' | 'application/x-pkcs7-certificates' | 'application/pkix-pkipath';

/**
 * Reads a signing response of any form. The leaf is the certificate with the given key where there is one. Forms that
 * SAP does not take (UTF-16, text around the certificates, ZIP, bare base64 of certificates) are brought into one that
 * it takes, and `notes` says so. Throws as `readCertificates` does.
 */
export function readSigningResponse(
  bytes: Uint8Array,
  fileName: string | undefined,
  publicKeySpkiSha256?: string,
): SigningResponse {
  const { form, certificates, unread } = readCertificates(bytes);
  const { leaf, chain, strangers, missingIssuer } = orderChain(certificates, {
    leafSpkiSha256: publicKeySpkiSha256,
  });
  const expected = form === 'pkipath' ? [...chain].reverse() : chain;
  return {
    form,
    certificates,
    leaf,
    chain,
    strangers,
    missingIssuer,
    unread,
    isInOrder:
      certificates.length === expected.length &&
      certificates.every((certificate, index) => certificate === expected[index]),
    ...transferForm(bytes, form, certificates, fileName),
  };
}

/** The response with another chain, such as a repaired one, as binary PKCS#7 without anything else. */
export function withChain(
  response: SigningResponse,
  { chain, missingIssuer }: Pick<SigningResponse, 'chain' | 'missingIssuer'>,
): SigningResponse {
  return {
    ...response,
    certificates: chain,
    chain,
    missingIssuer,
    strangers: [],
    isInOrder: true,
    contentType: 'application/pkcs7-mime',
    body: writeCertificatesOnly(chain.map(({ der }) => der)),
    notes: [l10n.t('The repaired chain is sent as binary PKCS#7.')],
  };
}

type Transfer = Pick<SigningResponse, 'contentType' | 'body' | 'notes'>;

function transferForm(
  bytes: Uint8Array,
  form: ContainerForm,
  certificates: readonly Certificate[],
  fileName: string | undefined,
): Transfer {
  // A PKCS#7 file and an SPC file are the same bytes; only the name tells them apart.
  const pkcs7Type =
    fileName !== undefined && /\.spc$/i.test(fileName)
      ? 'application/x-pkcs7-certificates'
      : 'application/pkcs7-mime';
  const asPkcs7 = (note: string): Transfer => ({
    contentType: pkcs7Type,
    body: writeCertificatesOnly(certificates.map(({ der }) => der)),
    notes: [note],
  });
  switch (form) {
    case 'pkcs7-der':
      return { contentType: pkcs7Type, body: bytes, notes: [] };
    case 'pkcs7-base64':
      return isPlainText(bytes)
        ? { contentType: pkcs7Type, body: bytes, notes: [] }
        : asPkcs7(l10n.t('The text is sent as binary PKCS#7.'));
    case 'pkcs7-pem':
      return isCleanPem(bytes) && /^-----BEGIN (?:PKCS7|CMS)-----/.test(decodeText(bytes))
        ? { contentType: pkcs7Type, body: bytes, notes: [] }
        : asPkcs7(l10n.t('The certificates are taken out of the text and sent as binary PKCS#7.'));
    case 'pkipath':
      return { contentType: 'application/pkix-pkipath', body: bytes, notes: [] };
    case 'der':
      return { contentType: undefined, body: bytes, notes: [] };
    case 'pem':
      return isCleanPem(bytes)
        ? { contentType: undefined, body: bytes, notes: [] }
        : {
            contentType: undefined,
            body: new TextEncoder().encode(
              certificates.map(({ der }) => encodePem('CERTIFICATE', der)).join(''),
            ),
            notes: [l10n.t('Only the certificates are sent, as PEM, without what stands around them.')],
          };
    case 'base64':
      return asPkcs7(l10n.t('The base64 text is sent as binary PKCS#7.'));
    case 'zip':
      return asPkcs7(l10n.t('The certificates are taken out of the ZIP archive and sent as binary PKCS#7.'));
    case 'text':
      return asPkcs7(l10n.t('The certificates are taken out of the text and sent as binary PKCS#7.'));
  }
}

/** One byte a character, no byte order mark. */
function isPlainText(bytes: Uint8Array): boolean {
  return bytes.every((octet) => octet < 0x80 && octet !== 0);
}

/** Nothing but blocks as RFC 7468 writes them, of certificates only. */
function isCleanPem(bytes: Uint8Array): boolean {
  if (!isPlainText(bytes)) {
    return false;
  }
  const lines = decodeText(bytes).split(/\r\n|\n/);
  let label: string | undefined;
  for (const line of lines) {
    if (label === undefined) {
      const begin = /^-----BEGIN (CERTIFICATE|PKCS7|CMS)-----$/.exec(line);
      if (begin === null && line !== '') {
        return false;
      }
      label = begin?.[1];
    } else if (line === `-----END ${label}-----`) {
      label = undefined;
    } else if (!/^[A-Za-z0-9+/]{1,76}={0,2}$/.test(line)) {
      return false;
    }
  }
  return true;
}

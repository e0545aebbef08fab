import { KeystoreError } from '../errors.js';
import * as asn1 from './asn1.js';
import { type Certificate, looksLikeCertificate, readCertificate } from './certificate.js';
import { refuseJavaKeystore } from './javaKeystore.js';
import { type PemBlock, decodeBase64, decodeText, isPadding, readPemBlocks, withoutMargins } from './pem.js';
import { orError } from './orError.js';
import { looksLikePkcs7, readPkcs7Certificates } from './pkcs7.js';
import { looksLikePkiPath } from './pkiPath.js';
import { claimsCertificates, inEntry, isNamedCertificate, type UnreadPart } from './unreadPart.js';
import { looksLikeZip, readZip } from './zipArchive.js';

/** How certificates lie in a file; `text` is base64 somewhere in other text, or text without any. */
export type ContainerForm =
  'pem' | 'der' | 'base64' | 'pkcs7-pem' | 'pkcs7-der' | 'pkcs7-base64' | 'pkipath' | 'zip' | 'text';

/** What a file holds. */
export interface CertificateContainer {
  readonly form: ContainerForm;
  /** In the order of the file. */
  readonly certificates: readonly Certificate[];
  /** Files of an archive that say to hold certificates, and hold none that can be read. */
  readonly unread: readonly UnreadPart[];
}

const maxBytes = 16 * 1024 * 1024;
const maxCertificates = 5000;
/** Of text in which certificates are sought by what they look like; a larger one takes seconds. */
const maxSearchedText = 4 * 1024 * 1024;
/** How deep containers lie in each other: a mail has an archive attached, whose files may be text once more. */
const depthInZip = 2;
const maxDepth = 3;

/**
 * Reads the certificates of a file of any form, told by its content alone; none where the file holds other things, such
 * as a key or a signing request. Throws `malformed` for what is damaged or nothing known, `unsupported` for PKCS#12 and
 * for PKCS#7 of other kinds (`details.contentType`) and Java keystores, `budget` for what is too large. A damaged file of an
 * archive fails only where no other one has a certificate; its name is in `details.entry` then, else in `unread`.
 */
export function readCertificates(bytes: Uint8Array): CertificateContainer {
  return read(bytes, false);
}

/**
 * The same to be looked at only: certificates that can be read are there beside others that cannot, which are in `unread` with their
 * places. Throws where none can be read.
 */
export function readCertificatesToShow(bytes: Uint8Array): CertificateContainer {
  return read(bytes, true);
}

function read(bytes: Uint8Array, isTolerant: boolean): CertificateContainer {
  const { form, certificates: found, unread } = readContainer(bytes, 0, isTolerant);
  const certificates: Certificate[] = [];
  const broken: UnreadPart[] = [];
  for (const one of found) {
    const certificate = orError(() => readCertificate(one.der));
    if (!(certificate instanceof KeystoreError)) {
      certificates.push(certificate);
      continue;
    }
    const error = numbered(certificate, one, found);
    if (one.entry === undefined && !isTolerant) {
      throw error;
    }
    broken.push({ entry: one.entry, error });
  }
  const [first] = broken;
  const [fault] = unread.filter(({ entry }) => entry === undefined);
  if (certificates.length === 0 && fault !== undefined) {
    throw fault.error;
  }
  if (certificates.length === 0 && first !== undefined) {
    throw first.entry === undefined ? first.error : inEntry(first.entry, first.error);
  }
  return { form, certificates, unread: [...unread, ...broken] };
}

/** The failure with the place of its certificate, where its file holds several. */
function numbered(error: KeystoreError, broken: Encoded, all: readonly Encoded[]): KeystoreError {
  const siblings = all.filter(({ entry }) => entry === broken.entry);
  const count = siblings.length;
  const certificate = siblings.indexOf(broken) + 1;
  return count === 1 || error.code !== 'malformed'
    ? error
    : new KeystoreError('malformed', `Certificate ${certificate} of ${count}: ${error.message}`, {
        cause: error,
        details: { certificate, count },
      });
}

/** A certificate that is not looked into yet, and the file of the archive that it comes from. */
interface Encoded {
  readonly der: Uint8Array;
  readonly entry?: string;
}

interface Found {
  readonly form: ContainerForm;
  readonly certificates: readonly Encoded[];
  readonly unread: readonly UnreadPart[];
}

function foundIn(form: ContainerForm, ders: readonly Uint8Array[] = []): Found {
  return { form, certificates: ders.map((der) => ({ der })), unread: [] };
}

function readContainer(bytes: Uint8Array, depth: number, isTolerant = false): Found {
  if (bytes.length === 0) {
    throw asn1.malformed('The file is empty');
  }
  if (bytes.length > maxBytes) {
    throw new KeystoreError('budget', `A file of more than ${maxBytes} bytes`);
  }
  refuseJavaKeystore(bytes);
  if (looksLikeZip(bytes)) {
    return depth < depthInZip ? fromZip(bytes) : foundIn('zip');
  }
  const text = decodeText(bytes);
  if (bytes[0] === 0x30) {
    try {
      return checkCount(fromDer(bytes));
    } catch (error) {
      // A text may begin with the digit 0 as well.
      if (!KeystoreError.is(error, 'malformed') || isBinary(bytes) || !isReadable(text)) {
        throw error;
      }
    }
  }
  return checkCount(fromText(text, bytes, { depth, isTolerant }));
}

function checkCount(found: Found): Found {
  if (found.certificates.length > maxCertificates) {
    throw new KeystoreError('budget', `More than ${maxCertificates} certificates`);
  }
  return found;
}

// -------------------------------------------------------------------------------------------------------------- DER

function fromDer(bytes: Uint8Array): Found {
  const first = asn1.readFirstAsn1(bytes);
  if (looksLikeCertificate(first)) {
    return foundIn('der', concatenated(first, bytes));
  }
  if (looksLikePkcs7(first)) {
    return foundIn('pkcs7-der', readPkcs7Certificates(first));
  }
  if (looksLikePkiPath(first)) {
    return foundIn(
      'pkipath',
      first.children.map((certificate) => certificate.bytes),
    );
  }
  if (looksLikePkcs12(first)) {
    throw new KeystoreError('unsupported', 'A PKCS#12 file: its certificates need its password', {
      details: { contentType: 'pkcs12' },
    });
  }
  if (!asn1.isUniversal(first, asn1.Tag.sequence)) {
    throw asn1.malformed('Neither a certificate nor a container of certificates');
  }
  return foundIn('der');
}

/** Certificates one after the other, as SAP takes them; PKCS#7 in between is opened too. */
function concatenated(first: asn1.Asn1, bytes: Uint8Array): readonly Uint8Array[] {
  const certificates = [first.bytes];
  let rest = bytes.subarray(first.bytes.length);
  while (!isPadding(rest)) {
    const next = followingValue(rest);
    if (next !== undefined && looksLikeCertificate(next)) {
      certificates.push(next.bytes);
    } else if (next !== undefined && looksLikePkcs7(next)) {
      certificates.push(...readPkcs7Certificates(next));
    } else {
      throw asn1.malformed(`Something else follows certificate ${certificates.length}`);
    }
    rest = rest.subarray(next.bytes.length);
  }
  return certificates;
}

function followingValue(bytes: Uint8Array): asn1.Asn1 | undefined {
  try {
    return asn1.readFirstAsn1(bytes);
  } catch (error) {
    if (KeystoreError.is(error, 'malformed')) {
      return undefined;
    }
    throw error;
  }
}

/** PFX ::= SEQUENCE { version INTEGER (3), authSafe ContentInfo, … } (RFC 7292 4). */
function looksLikePkcs12(node: asn1.Asn1): boolean {
  const [version, safe] = node.children;
  return (
    asn1.isUniversal(version, asn1.Tag.integer) &&
    version.content.length === 1 &&
    version.content[0] === 3 &&
    safe !== undefined &&
    looksLikePkcs7(safe)
  );
}

// ------------------------------------------------------------------------------------------------------------- text

function fromText(
  text: string,
  bytes: Uint8Array,
  { depth, isTolerant }: { readonly depth: number; readonly isTolerant: boolean },
): Found {
  const blocks = readPemBlocks(text);
  if (blocks.length > 0) {
    return fromBlocks(blocks, isTolerant);
  }
  if (isBinary(bytes) && !isReadable(text)) {
    throw asn1.malformed('Neither text nor a known encoding');
  }
  if (text.length > maxSearchedText) {
    throw new KeystoreError('budget', `A text of more than ${maxSearchedText} characters without PEM`);
  }
  const decoded = decodeBase64(text) ?? decodeBase64Url(text);
  if (decoded !== undefined && depth < maxDepth) {
    if (decoded[0] === 0x30) {
      return inBase64(fromDer(decoded));
    }
    if (decodeText(decoded).includes('-----BEGIN ')) {
      return { ...readContainer(decoded, depth + 1, isTolerant), form: 'base64' };
    }
  }
  return fromRuns(text, depth);
}

/** The alphabet of RFC 4648 5, in which tokens and web interfaces carry certificates. */
function decodeBase64Url(text: string): Uint8Array | undefined {
  return /[-_]/.test(text) && !/[+/]/.test(text)
    ? decodeBase64(text.replaceAll('-', '+').replaceAll('_', '/'))
    : undefined;
}

function inBase64(found: Found): Found {
  return { ...found, form: found.form === 'pkcs7-der' ? 'pkcs7-base64' : 'base64' };
}

function fromBlocks(blocks: readonly PemBlock[], isTolerant: boolean): Found {
  const certificates: Encoded[] = [];
  const unread: UnreadPart[] = [];
  let hasPkcs7 = false;
  let hasPlain = false;
  for (const [index, block] of blocks.entries()) {
    const found = orError(() => fromBlock(block, index));
    if (found instanceof KeystoreError) {
      if (!isTolerant) {
        throw found;
      }
      unread.push({ entry: undefined, error: found });
      continue;
    }
    certificates.push(...found.certificates);
    hasPkcs7 ||= found.form === 'pkcs7-der';
    hasPlain ||= found.form !== 'pkcs7-der' && found.certificates.length > 0;
  }
  return { form: hasPkcs7 && !hasPlain ? 'pkcs7-pem' : 'pem', certificates, unread };
}

/** What is inside decides, not the label; but what says to be a certificate and is none is an error. */
function fromBlock({ label, der }: PemBlock, index: number): Found {
  const nothing = foundIn('der');
  if (/PRIVATE KEY|PUBLIC KEY|PARAMETERS|REQUEST|CRL|SSH|PGP|ATTRIBUTE/.test(label)) {
    return nothing;
  }
  try {
    if (label === 'TRUSTED CERTIFICATE') {
      // OpenSSL's own form: the certificate, then what it is trusted for.
      return foundIn('der', [asn1.readFirstAsn1(der).bytes]);
    }
    const found = fromDer(der);
    if (label.includes('CERTIFICATE') && found.form === 'der' && found.certificates.length === 0) {
      throw asn1.malformed('no certificate');
    }
    return found;
  } catch (error) {
    if (!KeystoreError.is(error, 'malformed')) {
      throw error;
    }
    if (!/CERTIFICATE|PKCS ?#?7|CMS/.test(label)) {
      return nothing;
    }
    throw new KeystoreError('malformed', `PEM block ${index + 1} (${label}): ${error.message}`, {
      cause: error,
      details: { block: index + 1, label },
    });
  }
}

/** Certificates in base64 among other text: the attachments in a mail's source, JSON, XML. */
function fromRuns(text: string, depth: number): Found {
  const certificates: Encoded[] = [];
  const unread: UnreadPart[] = [];
  let failure: KeystoreError | undefined;
  const take = (run: string): void => {
    const decoded = run.length < 200 ? undefined : decodeBase64(run);
    if (decoded === undefined || !mayHoldCertificates(decoded) || depth >= maxDepth) {
      return;
    }
    try {
      const found = readContainer(decoded, depth + 1);
      certificates.push(...found.certificates);
      unread.push(...found.unread);
    } catch (error) {
      // Whether a piece of text was ever meant to be a certificate nobody knows; what else there is may be.
      if (!KeystoreError.is(error)) {
        throw error;
      }
      if (error.code !== 'malformed') {
        failure ??= error;
      }
    }
  };
  let run: string[] = [];
  const end = (): void => {
    take(run.join(''));
    run = [];
  };
  for (const piece of text.split(/\r\n|\n|\r|<[^<>]{0,200}>/)) {
    const line = piece === '' ? '' : withoutMargins(piece);
    if (/^[A-Za-z0-9+/]+={0,2}$/.test(line)) {
      run.push(line);
      if (line.endsWith('=')) {
        end();
      }
      continue;
    }
    end();
    for (const [token] of line.length < 200 ? [] : line.matchAll(/[A-Za-z0-9+/]{200,}={0,2}/g)) {
      take(token);
    }
  }
  end();
  if (certificates.length === 0 && failure !== undefined) {
    throw failure;
  }
  return { form: 'text', certificates, unread };
}

function mayHoldCertificates(bytes: Uint8Array): boolean {
  return bytes[0] === 0x30 || looksLikeZip(bytes) || decodeText(bytes).includes('-----BEGIN ');
}

function isBinary(bytes: Uint8Array): boolean {
  return bytes
    .subarray(0, 4096)
    .some((octet) => octet < 0x20 && octet !== 9 && octet !== 10 && octet !== 12 && octet !== 13);
}

function isReadable(text: string): boolean {
  return !/[\u0000-\u0008\u000e-\u001f\ufffd]/.test(text.slice(0, 4096));
}

// -------------------------------------------------------------------------------------------------------------- ZIP

function fromZip(bytes: Uint8Array): Found {
  const certificates: Encoded[] = [];
  const unread: UnreadPart[] = [];
  let failure: KeystoreError | undefined;
  for (const file of readZip(bytes)) {
    const { name: entry } = file;
    if (entry.startsWith('__MACOSX/')) {
      continue;
    }
    try {
      const found = readContainer(file.bytes, depthInZip);
      certificates.push(...found.certificates.map(({ der }) => ({ der, entry })));
      if (found.certificates.length === 0 && isNamedCertificate(entry)) {
        unread.push({ entry, error: asn1.malformed('There is no certificate in it') });
      }
    } catch (error) {
      // An archive has other files as well; their failure counts only where nothing was found.
      if (!KeystoreError.is(error)) {
        throw error;
      }
      if (file.bytes.length > 0) {
        failure ??= inEntry(entry, error);
      }
      if (claimsCertificates(file, error)) {
        unread.push({ entry, error });
      }
    }
  }
  if (certificates.length === 0 && failure !== undefined) {
    throw failure;
  }
  return checkCount({ form: 'zip', certificates, unread });
}

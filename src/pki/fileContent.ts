import { Cancelled, KeystoreError } from '../errors.js';
import { readArchive } from './archiveContent.js';
import * as asn1 from './asn1.js';
import { type CertificateContainer, readCertificates } from './container.js';
import type { Content, FileContent } from './fileKinds.js';
import { type KeyDerivation, localKeyDerivation } from './keyDerivation.js';
import { orError } from './orError.js';
import { decodeBase64, decodeText, type PemBlock, readPemBlocks } from './pem.js';
import { readPkcs12 } from './pkcs12Reader.js';
import { looksLikePrivateKey } from './privateKey.js';
import { readPrivateKeys } from './privateKeys.js';
import type { ReadOptions } from './protectedFile.js';
import { readPublicKey, spkiOfRsaPublicKey } from './publicKey.js';
import { looksLikeRequest, readSigningRequest } from './signingRequest.js';
import { readSshKeyFile } from './sshPublicKey.js';
import { looksLikeZip } from './zipArchive.js';

/** How `readFileContent` reads what is under a password. */
export interface FileContentOptions {
  readonly password?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((fraction: number) => void) | undefined;
  /** In this thread where nothing else is given. */
  readonly derivation?: KeyDerivation | undefined;
}

const maxBytes = 16 * 1024 * 1024;

/**
 * Reads a file of any kind. What needs a password and got none is `locked`; throws `wrong-password`, `malformed` for what is
 * damaged, `unsupported` for what is not read here, `budget` for what is too large or asks for too much work, `Cancelled`.
 */
export async function readFileContent(
  bytes: Uint8Array,
  options: FileContentOptions = {},
): Promise<FileContent> {
  if (bytes.length > maxBytes) {
    throw new KeystoreError('budget', `A file of more than ${maxBytes} bytes`);
  }
  const { password, signal, onProgress, derivation = localKeyDerivation } = options;
  Cancelled.throwIfAborted(signal);
  const reading = { password, signal, onProgress, derivation };
  return looksLikeZip(bytes)
    ? await readArchive(bytes, reading, readSingle)
    : await readSingle(bytes, reading);
}

async function readSingle(bytes: Uint8Array, options: ReadOptions): Promise<FileContent> {
  return { unread: [], ...(await contentOf(bytes, options)) };
}

async function contentOf(
  given: Uint8Array,
  options: ReadOptions,
): Promise<Content & Partial<Pick<FileContent, 'unread'>>> {
  const bytes = withoutBase64(given);
  const text = bytes[0] === 0x30 ? '' : decodeText(bytes);
  if (isSshFile(text)) {
    return await readSsh(bytes, options);
  }
  const found = certificatesIn(bytes);
  if (found === 'pkcs12') {
    return await openPkcs12(bytes, options);
  }
  const blocks = readPemBlocks(text);
  const pieces = blocks.length > 0 ? blocks : unlabelled(bytes, text);
  const keys = pieces.some(isPrivateKey) ? await readPrivateKeys(bytes, options) : [];
  const request = pieces.find(({ label, der }) => label.endsWith('REQUEST') || looksLikeRequest(der));
  if (found.certificates.length > 0) {
    // A damaged request must not hide the certificates beside it.
    const beside = request === undefined ? undefined : orError(() => readSigningRequest(request.der));
    return beside instanceof KeystoreError
      ? {
          ...{ kind: 'certificates', ...found, request: undefined, keys },
          unread: [...found.unread, { entry: undefined, error: beside }],
        }
      : { kind: 'certificates', ...found, request: beside, keys };
  }
  if (request !== undefined) {
    return { kind: 'signingRequest', request: readSigningRequest(request.der), keys };
  }
  if (keys.length > 0) {
    return { kind: 'privateKey', keys };
  }
  for (const { label, der } of pieces) {
    const spki = label === 'RSA PUBLIC KEY' ? spkiOfRsaPublicKey(der) : publicKeyIn(der);
    if (spki !== undefined) {
      return { kind: 'publicKey', spki };
    }
    if (label === 'PUBLIC KEY') {
      throw asn1.malformed('The public key is damaged');
    }
  }
  if (hasSshLine(text)) {
    return await readSsh(bytes, options);
  }
  return { kind: 'nothing', labels: blocks.map(({ label }) => label) };
}

type Piece = Pick<PemBlock, 'label' | 'der'>;

/** PEM in base64 once more, as SAP's Destination service has it, as PEM; everything else as it is. */
function withoutBase64(bytes: Uint8Array): Uint8Array {
  const decoded = /^[A-Za-z0-9+/\s]/.test(String.fromCharCode(bytes[0] ?? 0))
    ? decodeBase64(decodeText(bytes))
    : undefined;
  return decoded !== undefined && decodeText(decoded).includes('-----BEGIN ') ? decoded : bytes;
}

function unlabelled(bytes: Uint8Array, text: string): readonly Piece[] {
  const der = text === '' ? bytes : decodeBase64(text);
  return der === undefined || der.length === 0 ? [] : [{ label: '', der }];
}

function isPrivateKey({ label, der }: Piece): boolean {
  return label.endsWith('PRIVATE KEY') || looksLikePrivateKey(der);
}

/** Certificates, none of them where the file holds other things or is of a kind that nobody knows. */
function certificatesIn(bytes: Uint8Array): CertificateContainer | 'pkcs12' {
  try {
    return readCertificates(bytes);
  } catch (error) {
    const failure = keystoreError(error);
    if (failure.code === 'unsupported' && failure.details.contentType === 'pkcs12') {
      return 'pkcs12';
    }
    if (failure.code === 'malformed' && bytes[0] !== 0x30 && !decodeText(bytes).includes('-----BEGIN ')) {
      return { form: 'text', certificates: [], unread: [] };
    }
    throw failure;
  }
}

async function openPkcs12(bytes: Uint8Array, options: ReadOptions): Promise<Content> {
  try {
    return { kind: 'pkcs12', state: 'open', content: await readPkcs12(bytes, options) };
  } catch (error) {
    if (KeystoreError.is(error, 'password-needed')) {
      return { kind: 'pkcs12', state: 'locked', beside: [] };
    }
    throw error;
  }
}

const sshFileStart = /^\s*(?:PuTTY-User-Key-File-|---- BEGIN SSH2 (?:ENCRYPTED PRIVATE|PUBLIC) KEY ----)/;

function isSshFile(text: string): boolean {
  return sshFileStart.test(text.slice(0, 4096));
}

function hasSshLine(text: string): boolean {
  return /(?:^|\s)[a-z0-9@.-]{3,80} +AAAA[A-Za-z0-9+/]/m.test(text.slice(0, 1024 * 1024));
}

async function readSsh(bytes: Uint8Array, options: ReadOptions): Promise<Content> {
  const isPrivate = /^\s*(?:PuTTY-User|---- BEGIN SSH2 ENCRYPTED)/.test(decodeText(bytes).slice(0, 4096));
  return isPrivate
    ? { kind: 'privateKey', keys: await readPrivateKeys(bytes, options) }
    : { kind: 'sshPublicKey', key: await readSshKeyFile(bytes, options) };
}

/** The `SubjectPublicKeyInfo` that these bytes are; `undefined` for what is none. */
function publicKeyIn(der: Uint8Array): Uint8Array | undefined {
  try {
    const node = asn1.readAsn1(der);
    const [algorithm, key] = node.children;
    return node.children.length === 2 &&
      asn1.isUniversal(algorithm, asn1.Tag.sequence) &&
      asn1.isUniversal(key, asn1.Tag.bitString)
      ? readPublicKey(node).spki
      : undefined;
  } catch (error) {
    keystoreError(error);
    return undefined;
  }
}

/** The failure of a file; throws on what is none. */
function keystoreError(error: unknown): KeystoreError {
  if (!KeystoreError.is(error)) {
    throw error;
  }
  return error;
}

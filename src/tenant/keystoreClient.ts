import { KeystoreError } from '../errors.js';
import { isArray, isObject, parseJson } from '../http/checked.js';
import {
  parseChainCertificate,
  parseEntry,
  parseHistoryEntry,
  type HistoryKeystoreEntry,
} from './entryParser.js';
import { decodeHexalias } from './hexalias.js';
import { mediaTypeOf, type HttpAnswer } from '../http/httpMessages.js';
import { keyPairRequestBody, maximumAliasLength, type KeyPairRequest } from './keyPairRequest.js';
import type { ChainCertificate, KeystoreEntry } from './keystoreEntry.js';
import { parseEntity } from './odataPage.js';
import { badAnswer, bytesOf, jsonOf, readJson, readRows } from './odataReader.js';
import { date, integer, text } from './odataValue.js';
import { isForeignNotFound, isWriteSuccess } from './tenantFailure.js';
import type { ApiRequest, TenantSession } from './tenantSession.js';
import { untrustedCertificate } from './untrustedCertificate.js';

/** The keystores that the API names. */
export type KeystoreName = 'system' | 'backup_admin_system' | 'KeyRenewal' | 'KeyHistory';

/** One row of `Keystores`. */
export interface KeystoreSummary {
  readonly name: string;
  readonly size: number | undefined;
  readonly lastModifiedBy: string | undefined;
  readonly lastModifiedTime: Date | undefined;
}

/** A PKCS#12 container to import under an alias. */
export interface KeyPairImport {
  readonly alias: string;
  readonly pkcs12: Uint8Array;
  readonly password: string;
}

/** Bytes to import as a signing response, and the content type that goes with their form. */
export interface SigningResponseUpload {
  readonly body: Uint8Array;
  /** None for concatenated certificates. */
  readonly contentType: string | undefined;
}

/** `fingerprintVerified` says that a person has compared the fingerprint of a certificate that the tenant does not trust. */
export interface ImportOptions {
  readonly fingerprintVerified: boolean;
}

/** `update` says that an existing entry is to be replaced; without it the alias must be new. */
export interface UpdateOptions extends ImportOptions {
  readonly update: boolean;
}

/** How many bytes the tenant takes, before any encoding. */
export const uploadLimits = { certificate: 10_240, keyPair: 30_072, signingResponse: 30_072 } as const;

/**
 * The keystore operations of one tenant, typed. Hexaliases may have either case.
 *
 * A write throws an error with `details.performed: 'no'` where it is certain that nothing was done, or with the code
 * `answer-lost` where nobody knows; then the caller reads back. It is never sent twice unless an answer proved the first
 * one void. A certificate that the tenant does not trust is `fingerprint-unconfirmed`, with `details.fingerprintSha256` where
 * the tenant names it. A lock is `locked`, and trying again is up to the caller.
 */
export interface KeystoreClient {
  /** Every entry of a keystore (default `system`), all pages; `onPage` hears how many have been read. */
  readEntries(options: {
    readonly signal: AbortSignal;
    readonly keystoreName?: KeystoreName;
    readonly onPage?: (entriesSoFar: number) => void;
  }): Promise<readonly KeystoreEntry[]>;
  /** `undefined` where the keystore has no such entry. */
  readEntry(hexalias: string, signal: AbortSignal): Promise<KeystoreEntry | undefined>;
  /** What the keystore of SAP's replaced key pairs holds. */
  readHistoryEntries(signal: AbortSignal): Promise<readonly HistoryKeystoreEntry[]>;
  /** Ordered by index: the root first. */
  readChain(hexalias: string, signal: AbortSignal): Promise<readonly ChainCertificate[]>;
  /** The body as it came: PEM, DER or bare base64. */
  readCertificate(hexalias: string, part: 'leaf' | 'root', signal: AbortSignal): Promise<Uint8Array>;
  /** PKCS#7 as it came, PEM or DER, in no particular order. */
  readChainResource(hexalias: string, signal: AbortSignal): Promise<Uint8Array>;
  /** PKCS#10 as it came, PEM or DER. */
  readSigningRequest(hexalias: string, signal: AbortSignal): Promise<Uint8Array>;
  /** One line of OpenSSH's public key format; `rejected` for an EC key. */
  readSshPublicKey(hexalias: string, signal: AbortSignal): Promise<string>;
  readKeystore(name: 'system' | 'backup_admin_system', signal: AbortSignal): Promise<KeystoreSummary>;
  /** The number of entries. */
  readKeystoreSize(name: 'system' | 'KeyRenewal', signal: AbortSignal): Promise<number>;
  /** The names of the entity sets; shows that the API answers. */
  readServiceDocument(signal: AbortSignal): Promise<readonly string[]>;

  createKeyPair(request: KeyPairRequest, signal: AbortSignal): Promise<void>;
  importSigningResponse(
    hexalias: string,
    response: SigningResponseUpload,
    options: ImportOptions,
    signal: AbortSignal,
  ): Promise<void>;
  /** `certificate` is one certificate, PEM or DER. */
  importCertificate(
    hexalias: string,
    certificate: Uint8Array,
    options: UpdateOptions,
    signal: AbortSignal,
  ): Promise<void>;
  importKeyPair(keyPair: KeyPairImport, options: UpdateOptions, signal: AbortSignal): Promise<void>;
  rename(hexalias: string, newAlias: string, signal: AbortSignal): Promise<void>;
  deleteEntry(hexalias: string, signal: AbortSignal): Promise<void>;
  /** Deletes several entries in one request; the tenant ignores aliases that it does not have. */
  deleteEntries(aliases: readonly string[], signal: AbortSignal): Promise<void>;
}

const json = 'application/json';

/** The keystore operations over a session. */
export class ODataKeystoreClient implements KeystoreClient {
  constructor(private readonly session: TenantSession) {}

  async readEntries(options: {
    readonly signal: AbortSignal;
    readonly keystoreName?: KeystoreName;
    readonly onPage?: (entriesSoFar: number) => void;
  }): Promise<readonly KeystoreEntry[]> {
    const { signal, keystoreName, onPage } = options;
    if (keystoreName === 'KeyHistory') {
      return await this.readHistoryEntries(signal);
    }
    const query = keystoreName === undefined ? '' : `?keystoreName=${keystoreName}`;
    return await readRows(this.session, `/api/v1/KeystoreEntries${query}`, parseEntry, { signal, onPage });
  }

  async readEntry(hexalias: string, signal: AbortSignal): Promise<KeystoreEntry | undefined> {
    const answer = await this.session.send(
      { kind: 'read', method: 'GET', path: entryPath(hexalias), accept: json },
      signal,
    );
    if (answer.status === 404 && !isForeignNotFound(answer)) {
      return undefined;
    }
    return parseEntry(parseEntity(jsonOf(this.session, answer)));
  }

  async readHistoryEntries(signal: AbortSignal): Promise<readonly HistoryKeystoreEntry[]> {
    return await readRows(this.session, '/api/v1/HistoryKeystoreEntries', parseHistoryEntry, { signal });
  }

  async readChain(hexalias: string, signal: AbortSignal): Promise<readonly ChainCertificate[]> {
    const rows = await readRows(
      this.session,
      entryPath(hexalias, '/ChainCertificates'),
      parseChainCertificate,
      {
        signal,
      },
    );
    return [...rows].sort((a, b) => a.index - b.index);
  }

  async readCertificate(hexalias: string, part: 'leaf' | 'root', signal: AbortSignal): Promise<Uint8Array> {
    const query = part === 'root' ? '?rootCA=true' : '?rootCA=false';
    return await this.readBytes(
      entryPath(hexalias, `/Certificate/$value${query}`),
      'application/pkix-cert',
      signal,
    );
  }

  async readChainResource(hexalias: string, signal: AbortSignal): Promise<Uint8Array> {
    return await this.readBytes(
      entryPath(hexalias, '/ChainResource/$value'),
      'application/pkcs7-mime',
      signal,
    );
  }

  async readSigningRequest(hexalias: string, signal: AbortSignal): Promise<Uint8Array> {
    return await this.readBytes(entryPath(hexalias, '/SigningRequest/$value'), 'application/pkcs10', signal);
  }

  async readSshPublicKey(hexalias: string, signal: AbortSignal): Promise<string> {
    return (await this.readBytes(entryPath(hexalias, '/Sshkey/$value'), 'text/plain', signal)).toString(
      'utf8',
    );
  }

  async readKeystore(name: 'system' | 'backup_admin_system', signal: AbortSignal): Promise<KeystoreSummary> {
    const fields = parseEntity(await readJson(this.session, `/api/v1/Keystores('${name}')`, signal));
    return {
      name: text(fields['Name'], 'Name') ?? name,
      size: integer(fields['Size'], 'Size'),
      lastModifiedBy: text(fields['LastModifiedBy'], 'LastModifiedBy'),
      lastModifiedTime: date(fields['LastModifiedTime'], 'LastModifiedTime'),
    };
  }

  async readKeystoreSize(name: 'system' | 'KeyRenewal', signal: AbortSignal): Promise<number> {
    const body = await this.readBytes(`/api/v1/Keystores('${name}')/Size/$value`, 'text/plain', signal);
    const digits = body.toString('utf8').trim();
    if (!/^\d{1,9}$/.test(digits)) {
      throw badAnswer('The size of the keystore is no number', { reason: 'number' });
    }
    return Number(digits);
  }

  async readServiceDocument(signal: AbortSignal): Promise<readonly string[]> {
    const answer = await this.session.send(
      { kind: 'read', method: 'GET', path: '/api/v1/', accept: json },
      signal,
    );
    const body = bytesOf(this.session, answer).toString('utf8');
    // The service may give its Atom form whatever is asked for.
    if (mediaTypeOf(answer)?.endsWith('xml') === true) {
      const sets = [...body.matchAll(/<(?:\w+:)?collection\b[^<>]*\bhref="([^"]{1,200})"/g)].map(
        ([, href]) => href,
      );
      return requireEntitySets(sets);
    }
    const document = parseJson(body);
    const content = isObject(document) ? document['d'] : undefined;
    return requireEntitySets(isObject(content) ? content['EntitySets'] : undefined);
  }

  async createKeyPair(request: KeyPairRequest, signal: AbortSignal): Promise<void> {
    const body = unperformed(() => keyPairRequestBody(request));
    await this.write(
      {
        method: 'POST',
        path: '/api/v1/KeyPairGenerationRequests?returnKeystoreEntries=false',
        contentType: 'application/json;charset=utf-8',
        body: Buffer.from(body, 'utf8'),
      },
      signal,
    );
  }

  async importSigningResponse(
    hexalias: string,
    response: SigningResponseUpload,
    { fingerprintVerified }: ImportOptions,
    signal: AbortSignal,
  ): Promise<void> {
    unperformed(() => checkSize(response.body, uploadLimits.signingResponse));
    const path =
      `/api/v1/CertificateChainResources('${checkedHexalias(hexalias)}')/$value` +
      `?fingerprintVerified=${fingerprintVerified}&returnKeystoreEntries=false`;
    const { body, contentType } = response;
    await this.import({ method: 'PUT', path, contentType, body }, fingerprintVerified, signal);
  }

  async importCertificate(
    hexalias: string,
    certificate: Uint8Array,
    { fingerprintVerified, update }: UpdateOptions,
    signal: AbortSignal,
  ): Promise<void> {
    unperformed(() => checkSize(certificate, uploadLimits.certificate));
    const path =
      `/api/v1/CertificateResources('${checkedHexalias(hexalias)}')/$value` +
      `?fingerprintVerified=${fingerprintVerified}&returnKeystoreEntries=false&update=${update}`;
    await this.import(
      { method: 'PUT', path, contentType: 'application/pkix-cert', body: certificate },
      fingerprintVerified,
      signal,
    );
  }

  async importKeyPair(
    { alias, pkcs12, password }: KeyPairImport,
    { fingerprintVerified, update }: UpdateOptions,
    signal: AbortSignal,
  ): Promise<void> {
    unperformed(() => {
      checkAlias(alias);
      checkSize(pkcs12, uploadLimits.keyPair);
    });
    const resource = Buffer.from(pkcs12.buffer, pkcs12.byteOffset, pkcs12.byteLength).toString('base64');
    const path =
      `/api/v1/KeyPairResources?fingerprintVerified=${fingerprintVerified}` +
      `&returnKeystoreEntries=false&update=${update}`;
    const body = JSON.stringify({ Hexalias: '00', Alias: alias, Password: password, Resource: resource });
    await this.import(
      {
        method: 'POST',
        path,
        contentType: 'application/json;charset=utf-8',
        body: Buffer.from(body, 'utf8'),
      },
      fingerprintVerified,
      signal,
      [password, resource],
    );
  }

  async rename(hexalias: string, newAlias: string, signal: AbortSignal): Promise<void> {
    unperformed(() => checkAlias(newAlias));
    const query =
      `?renameAlias=${encodeURIComponent(newAlias)}` + '&returnHexAlias=false&returnKeystoreEntries=false';
    await this.write(
      {
        method: 'PUT',
        path: entryPath(hexalias) + query,
        contentType: 'application/json;charset=utf-8',
        // The tenant insists on some property with a null value.
        body: Buffer.from('{"Status":null}'),
      },
      signal,
    );
  }

  async deleteEntry(hexalias: string, signal: AbortSignal): Promise<void> {
    const answer = await this.session.send(
      {
        kind: 'write',
        method: 'DELETE',
        path: `${entryPath(hexalias)}?returnKeystoreEntries=false`,
        accept: json,
      },
      signal,
    );
    // Help pages know mass deletion only; both statuses say that nothing was done.
    if (answer.status === 405 || answer.status === 501) {
      await this.deleteEntries([unperformed(() => decodeHexalias(hexalias))], signal);
      return;
    }
    this.requireWritten(answer);
  }

  async deleteEntries(aliases: readonly string[], signal: AbortSignal): Promise<void> {
    unperformed(() => {
      if (aliases.length === 0) {
        throw new KeystoreError('invalid-input', 'There is nothing to delete', {
          details: { field: 'aliases' },
        });
      }
      aliases.forEach(checkAlias);
    });
    const body = JSON.stringify({ Aliases: aliases.map(escapeAlias).join(';') });
    await this.write(
      {
        method: 'PUT',
        path: "/api/v1/KeystoreResources('system')?deleteEntries=true&returnKeystoreEntries=false",
        contentType: 'application/json;charset=utf-8',
        body: Buffer.from(body, 'utf8'),
      },
      signal,
    );
  }

  private async readBytes(path: string, mediaType: string, signal: AbortSignal): Promise<Buffer> {
    const accept = `${mediaType}, */*;q=0.5`;
    return bytesOf(
      this.session,
      await this.session.send({ kind: 'read', method: 'GET', path, accept }, signal),
    );
  }

  /** Sends a write that may be answered with 409 because the tenant cannot build a trust path. */
  private async import(
    request: Omit<ApiRequest, 'kind' | 'accept'>,
    fingerprintVerified: boolean,
    signal: AbortSignal,
    secrets: readonly string[] = [],
  ): Promise<void> {
    const answer = await this.session.send({ ...request, kind: 'write', accept: json }, signal);
    if (answer.status !== 409 || fingerprintVerified) {
      this.requireWritten(answer, secrets);
      return;
    }
    const { details } = this.session.failure(answer, 'write', secrets);
    throw new KeystoreError(
      'fingerprint-unconfirmed',
      'The tenant cannot establish trust in the certificate',
      {
        details: {
          ...details,
          ...untrustedCertificate(this.session.mask(answer.body.toString('utf8'), secrets)),
        },
      },
    );
  }

  private async write(request: Omit<ApiRequest, 'kind' | 'accept'>, signal: AbortSignal): Promise<void> {
    this.requireWritten(await this.session.send({ ...request, kind: 'write', accept: json }, signal));
  }

  private requireWritten(answer: HttpAnswer, secrets: readonly string[] = []): void {
    if (!isWriteSuccess(answer)) {
      throw this.session.failure(answer, 'write', secrets);
    }
  }
}

function entryPath(hexalias: string, rest = ''): string {
  return `/api/v1/KeystoreEntries('${checkedHexalias(hexalias)}')${rest}`;
}

/** Keeps anything but digits out of a path. */
function checkedHexalias(hexalias: string): string {
  if (!/^(?:[0-9A-Fa-f]{2})+$/.test(hexalias)) {
    throw new KeystoreError('invalid-input', 'A hexalias consists of pairs of hexadecimal digits', {
      details: { field: 'hexalias', performed: 'no' },
    });
  }
  return hexalias.toUpperCase();
}

function checkAlias(alias: string): void {
  if (alias === '' || alias.length > maximumAliasLength || /\p{Surrogate}/u.test(alias)) {
    throw new KeystoreError('invalid-input', `An alias has 1 to ${maximumAliasLength} characters`, {
      details: { field: 'alias' },
    });
  }
}

function checkSize(bytes: Uint8Array, limit: number): void {
  if (bytes.byteLength === 0) {
    throw new KeystoreError('invalid-input', 'There is nothing to import', { details: { field: 'body' } });
  }
  if (bytes.byteLength > limit) {
    throw new KeystoreError('too-large', `The tenant takes ${limit} bytes`, {
      details: { bytes: bytes.byteLength, limit },
    });
  }
}

/** The list of aliases is separated by `;`, so that one in an alias is escaped, and the escape character itself. */
function escapeAlias(alias: string): string {
  return alias.replace(/[\\;]/g, '\\$&');
}

/** Runs a check that comes before anything is sent, and says so in its error. */
function unperformed<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!KeystoreError.is(error)) {
      throw error;
    }
    throw new KeystoreError(error.code, error.message, { details: { ...error.details, performed: 'no' } });
  }
}

function requireEntitySets(value: unknown): readonly string[] {
  const names = isArray(value) ? value.filter((name) => typeof name === 'string') : [];
  if (names.length === 0) {
    throw badAnswer('The service document names no entity sets', { reason: 'shape' });
  }
  return names.map(String);
}

import { createPrivateKey, type KeyObject } from 'node:crypto';
import { KeystoreError } from '../errors.js';
import { readCertificate, type Certificate } from '../pki/certificate.js';
import { isIssuedBy, orderChain } from '../pki/chain.js';
import { readCertificates } from '../pki/container.js';
import { encodePem } from '../pki/pem.js';
import { writeCertificatesOnly } from '../pki/pkcs7.js';
import { writeSigningRequest } from '../pki/signingRequest.js';
import { formatSshPublicKey, sshPublicKey } from '../pki/sshPublicKey.js';
import type { PracticeAuthority } from './authority.js';
import { hashOf, makeKeys } from './keys.js';
import type { KeyPairImport } from './keyPairImport.js';
import { chainCertificateJson, certificateFacts, entryJson, hexaliasOf } from './odataJson.js';
import { isReserved, type PracticeEntry } from './practiceEntry.js';
import { PracticeError } from './practiceError.js';
import { readKeyPairWish } from './keyPairWish.js';

/** Sizes in bytes that the tenant takes at most. */
export const limits = {
  alias: 250,
  certificate: 10_240,
  signingResponse: 30_072,
  keystore: 6 * 1024 * 1024,
} as const;

/** What an import is told about trust. */
export interface ImportOptions {
  readonly fingerprintVerified: boolean;
  readonly update?: boolean;
}

/** The entries of one keystore and what can be done with them, with the tenant's rules and error texts. */
export class PracticeKeystore {
  private readonly entries = new Map<string, PracticeEntry>();
  private readonly certificates = new WeakMap<PracticeEntry, readonly Certificate[]>();
  private modified = 0;

  constructor(
    entries: readonly PracticeEntry[],
    private readonly authority: PracticeAuthority,
    private readonly clock: () => number,
  ) {
    for (const entry of entries) {
      this.entries.set(entry.alias, entry);
    }
  }

  list(): readonly PracticeEntry[] {
    return [...this.entries.values()];
  }

  /** The entry of these hexadecimal digits; odd or foreign digits fail as the tenant's converter does. */
  find(hexalias: string): PracticeEntry {
    const entry = this.entries.get(decodeHexalias(hexalias));
    if (entry === undefined) {
      throw new PracticeError(404, `Alias '${decodeHexalias(hexalias)}' not found in the keystore`);
    }
    return entry;
  }

  /** The certificates of an entry, leaf first. */
  chainOf(entry: PracticeEntry): readonly Certificate[] {
    let chain = this.certificates.get(entry);
    if (chain === undefined) {
      chain = entry.chain.map((base64) => readCertificate(Buffer.from(base64, 'base64')));
      this.certificates.set(entry, chain);
    }
    return chain;
  }

  leafOf(entry: PracticeEntry): Certificate {
    const [leaf] = this.chainOf(entry);
    if (leaf === undefined) {
      throw new PracticeError(500, `Entry "${entry.alias}" has no certificate`);
    }
    return leaf;
  }

  json(entry: PracticeEntry, root: string): Record<string, unknown> {
    return entryJson(entry, this.leafOf(entry), root);
  }

  chainJson(entry: PracticeEntry, root: string): readonly Record<string, unknown>[] {
    return [...this.chainOf(entry)]
      .reverse()
      .map((certificate, index) => chainCertificateJson(entry, certificate, index, root));
  }

  certificatePem(entry: PracticeEntry, root: boolean): string {
    const chain = this.chainOf(entry);
    const certificate = root ? chain.at(-1) : chain[0];
    return encodePem('CERTIFICATE', (certificate ?? this.leafOf(entry)).der);
  }

  chainResource(entry: PracticeEntry): string {
    this.demandKeyPair(entry);
    return encodePem('PKCS7', writeCertificatesOnly(this.chainOf(entry).map(({ der }) => der)));
  }

  signingRequest(entry: PracticeEntry): string {
    this.demandKeyPair(entry);
    if (entry.owner === 'SAP') {
      throw new PracticeError(403, `The alias "${entry.alias}" is reserved for SAP`);
    }
    const leaf = this.leafOf(entry);
    const request = writeSigningRequest({ subject: leaf.subject, privateKey: privateKeyOf(entry) });
    return encodePem('CERTIFICATE REQUEST', request);
  }

  /** RSA and DSA only, as the API's description says. */
  sshKey(entry: PracticeEntry): string {
    const { spki, keyType } = this.leafOf(entry);
    if (!/^(?:RSA|DSA)\b/.test(keyType)) {
      throw new PracticeError(400, `Key type of alias "${entry.alias}" is not supported`);
    }
    return formatSshPublicKey(sshPublicKey(spki, `public key for alias ${entry.alias}`));
  }

  /** `POST KeyPairGenerationRequests`: returns the entry that is to be stored. */
  async makeKeyPair(body: unknown): Promise<PracticeEntry> {
    const wish = readKeyPairWish(body, this.clock());
    this.demandFree(wish.alias);
    const keys = await makeKeys(wish.key);
    const certificate = this.authority.selfSigned({
      subject: wish.subject,
      keys,
      notBefore: wish.notBefore,
      notAfter: wish.notAfter,
      hash: hashOf(wish.signatureAlgorithm),
    });
    this.demandFree(wish.alias);
    return this.entryOf(wish.alias, 'Key Pair', [certificate], keys.privateKey);
  }

  /** `PUT CertificateChainResources`: the pair with the chain of the response. */
  withSigningResponse(hexalias: string, body: Uint8Array, options: ImportOptions): PracticeEntry {
    const entry = this.find(hexalias);
    this.demandChangeable(entry.alias);
    this.demandKeyPair(entry);
    if (body.length > limits.signingResponse) {
      throw new PracticeError(
        413,
        `The size of the certificate chain exceeds ${limits.signingResponse} bytes`,
      );
    }
    const certificates = parseCertificates(body, 415);
    const own = this.leafOf(entry);
    const leaf = certificates.find(({ spkiSha256 }) => spkiSha256 === own.spkiSha256);
    if (leaf === undefined) {
      throw new PracticeError(
        400,
        'The public key of the CA Reply is different from the public key of the keystore entry',
      );
    }
    const chain = chainFrom(leaf, certificates);
    if (chain.length !== new Set(certificates.map(({ sha256 }) => sha256)).size) {
      throw new PracticeError(400, 'The certificates do not form a chain');
    }
    const full = this.completed(chain);
    if (!options.fingerprintVerified && !this.isTrusted(full)) {
      throw untrusted(full.at(-1) ?? leaf, entry.alias);
    }
    return { ...entry, chain: chain.map(base64Of), modified: this.clock() };
  }

  /** `PUT CertificateResources`: the new or replaced certificate entry. */
  withCertificate(hexalias: string, body: Uint8Array, options: ImportOptions): PracticeEntry {
    const alias = decodeHexalias(hexalias);
    checkAlias(alias);
    this.demandChangeable(alias);
    const existing = this.existing(alias, options);
    if (existing?.type === 'Key Pair') {
      throw new PracticeError(
        400,
        'notImported :Key Pair entry cannot be overwritten by a certificate entry.',
      );
    }
    if (body.length > limits.certificate) {
      throw new PracticeError(413, `The size of the certificate exceeds ${limits.certificate} bytes`);
    }
    const [certificate] = parseCertificates(body, 415);
    if (certificate === undefined) {
      throw new PracticeError(415, 'The body is not an X.509 certificate');
    }
    if (!options.fingerprintVerified && !this.isTrusted(this.completed([certificate]))) {
      throw untrusted(certificate, alias);
    }
    return {
      alias,
      type: 'Certificate',
      owner: 'Tenant Administrator',
      key: undefined,
      chain: [base64Of(certificate)],
      created: existing?.created ?? this.clock(),
      modified: this.clock(),
    };
  }

  /** `POST KeyPairResources`: the new or replaced key pair. */
  withKeyPair({ alias, key, chain }: KeyPairImport, options: ImportOptions): PracticeEntry {
    checkAlias(alias);
    this.demandChangeable(alias);
    const existing = this.existing(alias, options);
    if (existing?.type === 'Certificate') {
      throw new PracticeError(
        400,
        'notImported :Certificate entry cannot be overwritten by a key pair entry.',
      );
    }
    const [leaf] = chain;
    const full = this.completed(chain);
    if (leaf !== undefined && !options.fingerprintVerified && !this.isTrusted(full)) {
      throw untrusted(full.at(-1) ?? leaf, alias);
    }
    return {
      alias,
      type: 'Key Pair',
      owner: 'Tenant Administrator',
      key,
      chain: chain.map(base64Of),
      created: existing?.created ?? this.clock(),
      modified: this.clock(),
    };
  }

  /** Stores an entry under its alias. */
  put(entry: PracticeEntry): void {
    const others = this.list().filter(({ alias }) => alias !== entry.alias);
    if ([...others, entry].reduce((sum, other) => sum + sizeOf(other), 0) > limits.keystore) {
      throw new PracticeError(413, `The size of the keystore exceeds ${limits.keystore} bytes`);
    }
    this.entries.set(entry.alias, entry);
    this.modified = this.clock();
  }

  /** When the keystore was changed last, in milliseconds since 1970. */
  get lastModified(): number {
    return Math.max(this.modified, ...this.list().map(({ modified }) => modified));
  }

  rename(hexalias: string, alias: string): string {
    const entry = this.find(hexalias);
    checkAlias(alias);
    this.demandChangeable(entry.alias);
    this.demandChangeable(alias);
    if (this.entries.has(alias)) {
      throw alreadyExists(alias);
    }
    this.entries.delete(entry.alias);
    this.put({ ...entry, alias, modified: this.clock() });
    return hexaliasOf(alias);
  }

  delete(hexalias: string): void {
    const entry = this.find(hexalias);
    this.demandChangeable(entry.alias);
    this.entries.delete(entry.alias);
    this.modified = this.clock();
  }

  /** Mass deletion: unknown aliases are ignored, one reserved alias refuses all. */
  deleteAll(aliases: readonly string[]): void {
    for (const alias of aliases) {
      this.demandChangeable(alias);
    }
    for (const alias of aliases) {
      this.entries.delete(alias);
    }
    this.modified = this.clock();
  }

  private entryOf(
    alias: string,
    type: PracticeEntry['type'],
    chain: readonly Uint8Array[],
    key: KeyObject,
  ): PracticeEntry {
    return {
      alias,
      type,
      owner: 'Tenant Administrator',
      key: key.export({ format: 'pem', type: 'pkcs8' }).toString(),
      chain: chain.map((der) => Buffer.from(der).toString('base64')),
      created: this.clock(),
      modified: this.clock(),
    };
  }

  /** The chain with the issuers that the keystore and the practice CA hold. */
  private completed(chain: readonly Certificate[]): readonly Certificate[] {
    const full = [...chain];
    const known = [
      ...this.list()
        .filter(({ type }) => type === 'Certificate')
        .map((entry) => this.leafOf(entry)),
      ...this.authority.trusted,
    ];
    for (let top = full.at(-1); top !== undefined && full.length < 20;) {
      const child: Certificate = top;
      top = known.find(
        (candidate) =>
          !full.some(({ sha256 }) => sha256 === candidate.sha256) && isIssuedBy(child, candidate),
      );
      if (top !== undefined) {
        full.push(top);
      }
    }
    return full;
  }

  private isTrusted(chain: readonly Certificate[]): boolean {
    const anchors = new Set([
      ...this.authority.trusted.map(({ sha256 }) => sha256),
      ...this.list()
        .filter(({ owner, type }) => owner === 'SAP' && type === 'Certificate')
        .map((entry) => this.leafOf(entry).sha256),
    ]);
    const top = chain.at(-1);
    return top !== undefined && anchors.has(top.sha256);
  }

  /** The entry of an alias, checked against what the import was told about it. */
  private existing(alias: string, { update }: ImportOptions): PracticeEntry | undefined {
    const existing = this.entries.get(alias);
    if (existing !== undefined && update !== true) {
      throw alreadyExists(alias);
    }
    if (existing === undefined && update === true) {
      throw new PracticeError(400, `Keystore entry with alias "${alias}" does not exist`);
    }
    return existing;
  }

  private demandKeyPair(entry: PracticeEntry): void {
    if (entry.type !== 'Key Pair') {
      throw new PracticeError(400, `Alias "${entry.alias}" does not represent a Key Pair`);
    }
  }

  private demandChangeable(alias: string): void {
    if (isReserved(alias)) {
      throw new PracticeError(403, `The alias is not allowed. The alias '${alias}' is reserved for SAP.`);
    }
  }

  private demandFree(alias: string): void {
    checkAlias(alias);
    this.demandChangeable(alias);
    if (this.entries.has(alias)) {
      throw alreadyExists(alias);
    }
  }
}

/** The alias of hexadecimal digits; fails with the texts of the tenant's converter. */
export function decodeHexalias(hexalias: string): string {
  if (hexalias.length % 2 !== 0) {
    throw new PracticeError(500, `hexBinary needs to be even-length: ${hexalias}`);
  }
  if (!/^[0-9a-f]*$/i.test(hexalias)) {
    throw new PracticeError(500, `contains illegal character for hexBinary: ${hexalias}`);
  }
  return Buffer.from(hexalias, 'hex').toString('utf8');
}

/** The aliases of a mass deletion: separated by `;`, with `\;` and `\\` for the characters themselves. */
export function splitAliases(text: string): readonly string[] {
  const aliases = [''];
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === '\\' && index + 1 < text.length) {
      index += 1;
      aliases.push((aliases.pop() ?? '') + text.charAt(index));
    } else if (character === ';') {
      aliases.push('');
    } else {
      aliases.push((aliases.pop() ?? '') + character);
    }
  }
  return aliases.filter((alias) => alias !== '');
}

/** JSON of a certificate that the tenant does not trust, as its 409 carries it. */
function untrusted(certificate: Certificate, alias: string): PracticeError {
  return new PracticeError(
    409,
    'The trust path cannot be established',
    {},
    {
      d: {
        Hexalias: hexaliasOf(alias),
        Alias: alias,
        ...certificateFacts(certificate),
        Validity: 'notTrusted',
        Status: 'notImported',
      },
    },
  );
}

function checkAlias(alias: string): void {
  if (alias === '') {
    throw new PracticeError(400, 'The alias is empty');
  }
  if (alias.length > limits.alias) {
    throw new PracticeError(400, `The alias is longer than ${limits.alias} characters`);
  }
}

function alreadyExists(alias: string): PracticeError {
  return new PracticeError(400, `Entry with alias "${alias}" already exists in keystore "system"`);
}

function parseCertificates(body: Uint8Array, status: number): readonly Certificate[] {
  try {
    const { certificates } = readCertificates(body);
    if (certificates.length > 0) {
      return certificates;
    }
  } catch (error) {
    if (!KeystoreError.is(error)) {
      throw error;
    }
  }
  throw new PracticeError(status, 'The body holds no X.509 certificate in a supported format');
}

/** The chain upwards from the leaf, out of certificates in any order. */
function chainFrom(leaf: Certificate, certificates: readonly Certificate[]): readonly Certificate[] {
  const { chain } = orderChain([leaf, ...certificates.filter(({ sha256 }) => sha256 !== leaf.sha256)]);
  return chain[0]?.sha256 === leaf.sha256 ? chain : [leaf];
}

/** About what an entry takes in the file of the keystore. */
function sizeOf({ key, chain }: PracticeEntry): number {
  return [key ?? '', ...chain].reduce((sum, base64) => sum + Math.ceil(base64.length * 0.75), 0);
}

function base64Of({ der }: Certificate): string {
  return Buffer.from(der).toString('base64');
}

function privateKeyOf(entry: PracticeEntry): KeyObject {
  if (entry.key === undefined) {
    throw new PracticeError(400, `Alias "${entry.alias}" does not represent a Key Pair`);
  }
  return createPrivateKey(entry.key);
}

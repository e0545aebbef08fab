import { Cancelled, KeystoreError } from '../errors.js';
import * as asn1 from './asn1.js';
import { type Certificate, readCertificate } from './certificate.js';
import { orderChain } from './chain.js';
import { refuseJavaKeystore } from './javaKeystore.js';
import { FileDerivation } from './keyDerivation.js';
import { type PasswordForm, passwordForms } from './password.js';
import { type PasswordEncryption, readPasswordEncryption } from './passwordEncryption.js';
import { decodeBase64, decodeText, readPemBlocks } from './pem.js';
import { type Pkcs12Mac, readPkcs12Mac } from './pkcs12Mac.js';
import { Pkcs12Oid } from './pkcs12Oids.js';
import { decryptedSequence, type ReadOptions } from './protectedFile.js';
import { type PrivateKeyInfo, readPrivateKeyInfo } from './privateKeyInfo.js';
import { decryptSymmetric, type KeyedCipher } from './symmetricCipher.js';

/** What a bag says about itself. */
export interface Pkcs12Attributes {
  readonly friendlyName: string | undefined;
  /** Lower-case hex; joins a key with its certificate. */
  readonly localKeyId: string | undefined;
}

/** A certificate of a PKCS#12 file, its bytes as they stood there. */
export interface Pkcs12Certificate extends Pkcs12Attributes {
  readonly certificate: Certificate;
}

/** A private key of a PKCS#12 file. */
export interface Pkcs12Key extends Pkcs12Attributes {
  readonly key: PrivateKeyInfo;
}

/** A private key that could not be read: of an algorithm that is not known, or damaged. */
export interface UnreadablePkcs12Key extends Pkcs12Attributes {
  readonly error: KeystoreError;
}

/** What a PKCS#12 file holds, in its order. */
export interface Pkcs12Content {
  readonly certificates: readonly Pkcs12Certificate[];
  readonly keys: readonly Pkcs12Key[];
  readonly unreadableKeys: readonly UnreadablePkcs12Key[];
  /** Bags of other kinds by their numbers: revocation lists, secrets. */
  readonly otherBags: readonly string[];
  /** False where the file has no MAC; then nothing tells whether it was changed. */
  readonly macVerified: boolean;
}

const maxFileBytes = 8 * 1024 * 1024;
const maxBags = 10_000;
const maxBagDepth = 8;

/**
 * Reads a PKCS#12 file (RFC 7292, 9579) in DER or BER, bare, in base64 or in PEM. No password and the empty one are tried in
 * all their forms. Throws `wrong-password`, `password-needed` (only where none was given), `malformed` (also where the
 * password decrypts what the MAC does not fit), `unsupported`, `budget`, `Cancelled`.
 */
export async function readPkcs12(bytes: Uint8Array, options: ReadOptions): Promise<Pkcs12Content> {
  if (bytes.length > maxFileBytes) {
    throw new KeystoreError('budget', `A PKCS#12 file of more than ${maxFileBytes} bytes`);
  }
  const members = asn1.Members.ofSequence(asn1.readFirstAsn1(toBinary(bytes)), 'PKCS#12');
  const version = asn1.readInteger(members.next('version'), 'Version');
  if (version !== 3n) {
    throw asn1.malformed(`PKCS#12 of version ${version}`);
  }
  const content = readAuthenticatedSafe(members.next('authSafe'));
  const macNode = members.optional(asn1.Tag.sequence);
  members.end();
  const mac = macNode && readPkcs12Mac(macNode);
  const parts = asn1.sequenceOf(asn1.readAsn1(content), 'AuthenticatedSafe').map(readPart);
  return await new Pkcs12Reading(parts, options).read(content, mac);
}

function toBinary(bytes: Uint8Array): Uint8Array {
  if (bytes[0] === 0x30) {
    return bytes;
  }
  refuseJavaKeystore(bytes);
  const text = decodeText(bytes);
  const der = readPemBlocks(text)[0]?.der ?? decodeBase64(text);
  if (der === undefined) {
    throw asn1.malformed('Not a PKCS#12 file');
  }
  return der;
}

/** The octets that the MAC is made over. */
function readAuthenticatedSafe(node: asn1.Asn1): Uint8Array {
  const { type, content } = readContentInfo(node);
  if (type === Pkcs12Oid.signedData) {
    throw unsupported('PKCS#12 files that are signed instead of protected by a password are not read', type);
  }
  if (type !== Pkcs12Oid.data) {
    throw asn1.malformed(`PKCS#12 with content of type ${type}`);
  }
  return asn1.readOctetString(content, 'PKCS#12 content');
}

function unsupported(message: string, feature: string): KeystoreError {
  return new KeystoreError('unsupported', message, { details: { feature } });
}

function readContentInfo(node: asn1.Asn1): { readonly type: string; readonly content: asn1.Asn1 } {
  const members = asn1.Members.ofSequence(node, 'ContentInfo');
  const type = asn1.readOid(members.next('contentType'), 'ContentInfo');
  const content = members.optionalContext(0);
  members.end();
  if (content === undefined) {
    throw asn1.malformed('ContentInfo without content');
  }
  return { type, content: asn1.explicitContent(content, 'ContentInfo') };
}

interface Encrypted {
  readonly encryption: PasswordEncryption;
  readonly encrypted: Uint8Array;
}

/** One part of the file: bags as they are, or encrypted. */
type Part =
  { readonly kind: 'plain'; readonly bags: readonly Bag[] } | ({ readonly kind: 'encrypted' } & Encrypted);

function readPart(node: asn1.Asn1): Part {
  const { type, content } = readContentInfo(node);
  switch (type) {
    case Pkcs12Oid.data:
      return { kind: 'plain', bags: readBags(asn1.readOctetString(content, 'Data')) };
    case Pkcs12Oid.encryptedData: {
      const members = asn1.Members.ofSequence(content, 'EncryptedData');
      members.next('version');
      const info = asn1.Members.ofSequence(members.next('encryptedContentInfo'), 'EncryptedContentInfo');
      const contentType = asn1.readOid(info.next('contentType'), 'EncryptedContentInfo');
      const encryption = readPasswordEncryption(info.next('contentEncryptionAlgorithm'));
      const encrypted = info.optionalContext(0);
      if (contentType !== Pkcs12Oid.data || encrypted === undefined) {
        throw asn1.malformed('EncryptedData without bags');
      }
      return { kind: 'encrypted', encryption, encrypted: asn1.joinedOctets(encrypted, 'EncryptedData') };
    }
    case Pkcs12Oid.envelopedData:
      throw unsupported('PKCS#12 files that are encrypted for a recipient are not read', type);
    default:
      throw asn1.malformed(`PKCS#12 part of type ${type}`);
  }
}

/** A bag as read; keys are still shrouded. */
type Bag = Pkcs12Attributes &
  (
    | { readonly kind: 'certificate'; readonly certificate: Certificate }
    | { readonly kind: 'key'; readonly node: asn1.Asn1 }
    | {
        readonly kind: 'shroudedKey';
        readonly encryption: PasswordEncryption | KeystoreError;
        readonly encrypted: Uint8Array;
      }
    | { readonly kind: 'other'; readonly type: string }
  );

function readBags(safeContents: Uint8Array): readonly Bag[] {
  return bagsOf(asn1.readAsn1(safeContents), 0);
}

function bagsOf(safeContents: asn1.Asn1, depth: number): readonly Bag[] {
  const nodes = asn1.sequenceOf(safeContents, 'SafeContents');
  if (depth > maxBagDepth || nodes.length > maxBags) {
    throw new KeystoreError('budget', 'Too many or too deeply nested bags');
  }
  return nodes.flatMap((node) => readBag(node, depth));
}

function readBag(node: asn1.Asn1, depth: number): readonly Bag[] {
  const members = asn1.Members.ofSequence(node, 'SafeBag');
  const type = asn1.readOid(members.next('bagId'), 'SafeBag');
  const valueNode = members.optionalContext(0);
  const attributesNode = members.optional(asn1.Tag.set);
  members.end();
  if (valueNode === undefined) {
    throw asn1.malformed('SafeBag without a value');
  }
  const value = asn1.explicitContent(valueNode, 'SafeBag');
  const attributes = readAttributes(attributesNode);
  switch (type) {
    case Pkcs12Oid.certBag:
      return [{ ...attributes, ...readCertBag(value) }];
    case Pkcs12Oid.keyBag:
      return [{ ...attributes, kind: 'key', node: value }];
    case Pkcs12Oid.shroudedKeyBag: {
      const shrouded = asn1.Members.ofSequence(value, 'Encrypted private key');
      const algorithm = shrouded.next('encryptionAlgorithm');
      const encrypted = asn1.readOctetString(shrouded.next('encryptedData'), 'Encrypted private key');
      return [{ ...attributes, kind: 'shroudedKey', encryption: encryptionOrError(algorithm), encrypted }];
    }
    case Pkcs12Oid.safeContentsBag:
      return bagsOf(value, depth + 1);
    default:
      return [{ ...attributes, kind: 'other', type }];
  }
}

/** What encrypts one key must not hide the rest of the file. */
function encryptionOrError(algorithm: asn1.Asn1): PasswordEncryption | KeystoreError {
  try {
    return readPasswordEncryption(algorithm);
  } catch (error) {
    if (KeystoreError.is(error, 'unsupported')) {
      return error;
    }
    throw error;
  }
}

function readCertBag(
  node: asn1.Asn1,
):
  | { readonly kind: 'certificate'; readonly certificate: Certificate }
  | { readonly kind: 'other'; readonly type: string } {
  const members = asn1.Members.ofSequence(node, 'CertBag');
  const type = asn1.readOid(members.next('certId'), 'CertBag');
  const valueNode = members.optionalContext(0);
  members.end();
  if (type !== Pkcs12Oid.x509Certificate) {
    return { kind: 'other', type };
  }
  const value = asn1.readOctetString(valueNode && asn1.explicitContent(valueNode, 'CertBag'), 'Certificate');
  return { kind: 'certificate', certificate: readCertificate(value) };
}

function readAttributes(node: asn1.Asn1 | undefined): Pkcs12Attributes {
  let friendlyName: string | undefined;
  let localKeyId: string | undefined;
  for (const attribute of node === undefined ? [] : asn1.setOf(node, 'Bag attributes')) {
    const members = asn1.Members.ofSequence(attribute, 'Bag attribute');
    const type = asn1.readOid(members.next('attrId'), 'Bag attribute');
    const value = asn1.setOf(members.next('attrValues'), 'Bag attribute')[0];
    if (type === Pkcs12Oid.friendlyName && asn1.isString(value)) {
      friendlyName ??= readFriendlyName(value);
    } else if (type === Pkcs12Oid.localKeyId && asn1.isUniversal(value, asn1.Tag.octetString)) {
      localKeyId ??= asn1.toHex(asn1.readOctetString(value, 'Local key id'));
    }
  }
  return { friendlyName, localKeyId };
}

/** `undefined` for one that is broken, which must not hide the file. Some writers count a terminating zero among its characters. */
function readFriendlyName(node: asn1.Asn1): string | undefined {
  try {
    const name = asn1.readString(node, 'Friendly name');
    return name.endsWith('\0') ? name.slice(0, -1) : name;
  } catch (error) {
    if (KeystoreError.is(error, 'malformed')) {
      return undefined;
    }
    throw error;
  }
}

// --------------------------------------------------------------------------------------------- with the password

class Pkcs12Reading {
  private readonly file: FileDerivation;
  private readonly forms: readonly [PasswordForm, ...PasswordForm[]];
  private readonly abort = new AbortController();
  /** Keys on their way for the first form of the password, so that they are derived beside the MAC's. */
  private readonly early = new Map<PasswordEncryption, Promise<KeyedCipher>>();
  private macVerified = false;

  constructor(
    private readonly parts: readonly Part[],
    private readonly options: ReadOptions,
  ) {
    const { signal, onProgress, derivation, password } = options;
    this.file = new FileDerivation(derivation, {
      signal: signal === undefined ? this.abort.signal : AbortSignal.any([signal, this.abort.signal]),
      onProgress,
    });
    this.forms = passwordForms(password);
  }

  async read(content: Uint8Array, mac: Pkcs12Mac | undefined): Promise<Pkcs12Content> {
    try {
      let first = this.forms[0];
      if (mac !== undefined) {
        this.startEarly();
        const fitting = await this.formOfMac(content, mac);
        if (fitting === undefined) {
          throw await this.whyMacDiffers();
        }
        first = fitting;
        this.macVerified = true;
      }
      const order = [first, ...this.forms.filter((form) => form !== first)];
      const bags: Bag[] = [];
      for (const part of this.parts) {
        bags.push(...(part.kind === 'plain' ? part.bags : await this.decryptBags(part, order)));
      }
      return await this.contentOf(bags, order);
    } finally {
      // What is still being derived is of no use any more.
      this.abort.abort();
    }
  }

  private startEarly(): void {
    // A file with very many keys is not worth as many threads.
    for (const { encryption } of this.secrets().slice(0, 4)) {
      const keyed = encryption.keyed(this.forms[0], this.file);
      // Its failure counts where the key is asked for.
      keyed.catch(() => undefined);
      this.early.set(encryption, keyed);
    }
  }

  /** All that is encrypted and can be decrypted without opening anything else. */
  private secrets(): readonly Encrypted[] {
    return this.parts.flatMap((part): readonly Encrypted[] =>
      part.kind === 'encrypted'
        ? [part]
        : part.bags.flatMap((bag) =>
            bag.kind === 'shroudedKey' && !(bag.encryption instanceof KeystoreError)
              ? [{ encryption: bag.encryption, encrypted: bag.encrypted }]
              : [],
          ),
    );
  }

  private async keyed(encryption: PasswordEncryption, form: PasswordForm): Promise<KeyedCipher> {
    const early = form === this.forms[0] ? this.early.get(encryption) : undefined;
    return await (early ?? encryption.keyed(form, this.file));
  }

  private async formOfMac(content: Uint8Array, mac: Pkcs12Mac): Promise<PasswordForm | undefined> {
    for (const form of this.forms) {
      if (await mac.verify(content, form, this.file)) {
        return form;
      }
    }
    return undefined;
  }

  /** A password that decrypts something is right; then it is the file that has been changed. */
  private async whyMacDiffers(): Promise<KeystoreError> {
    // Those whose keys have been derived already; a wrong password must not take longer for each further key of the file.
    for (const { encryption, encrypted } of this.secrets().slice(0, 4)) {
      const plain = decryptSymmetric(await this.keyed(encryption, this.forms[0]), encrypted);
      if (plain !== undefined && decryptedSequence(plain) !== undefined) {
        return asn1.malformed('The password is right, but the file was changed after its MAC was made');
      }
    }
    return this.passwordError();
  }

  private passwordError(): KeystoreError {
    return this.options.password === undefined
      ? new KeystoreError('password-needed', 'The PKCS#12 file is protected by a password')
      : new KeystoreError('wrong-password', 'The password does not fit the PKCS#12 file');
  }

  /** Decrypts with the first form that fits; throws where none does. */
  private async decrypt(
    { encryption, encrypted }: Encrypted,
    order: readonly PasswordForm[],
  ): Promise<asn1.Asn1> {
    for (const form of order) {
      const plain = decryptSymmetric(await this.keyed(encryption, form), encrypted);
      const node = plain && decryptedSequence(plain);
      if (node !== undefined) {
        return node;
      }
    }
    throw this.passwordError();
  }

  private async decryptBags(
    part: Extract<Part, { readonly kind: 'encrypted' }>,
    order: readonly PasswordForm[],
  ): Promise<readonly Bag[]> {
    return bagsOf(await this.decrypt(part, order), 0);
  }

  private async contentOf(bags: readonly Bag[], order: readonly PasswordForm[]): Promise<Pkcs12Content> {
    const certificates: Pkcs12Certificate[] = [];
    const keys: Pkcs12Key[] = [];
    const unreadableKeys: UnreadablePkcs12Key[] = [];
    const otherBags: string[] = [];
    for (const bag of bags) {
      const { friendlyName, localKeyId } = bag;
      if (bag.kind === 'certificate') {
        certificates.push({ certificate: bag.certificate, friendlyName, localKeyId });
      } else if (bag.kind === 'other') {
        otherBags.push(bag.type);
      } else {
        Cancelled.throwIfAborted(this.options.signal);
        try {
          keys.push({ key: await this.keyOf(bag, order), friendlyName, localKeyId });
        } catch (error) {
          if (!KeystoreError.is(error) || !this.isOfOneKey(error)) {
            throw error;
          }
          unreadableKeys.push({ error, friendlyName, localKeyId });
        }
      }
    }
    return { certificates, keys, unreadableKeys, otherBags, macVerified: this.macVerified };
  }

  /** Without a MAC a key that cannot be decrypted is the first sign of a wrong password. */
  private isOfOneKey(error: KeystoreError): boolean {
    return (
      error.code === 'unsupported' ||
      error.code === 'malformed' ||
      (this.macVerified && (error.code === 'wrong-password' || error.code === 'password-needed'))
    );
  }

  private async keyOf(
    bag: Extract<Bag, { readonly kind: 'key' | 'shroudedKey' }>,
    order: readonly PasswordForm[],
  ): Promise<PrivateKeyInfo> {
    if (bag.kind === 'key') {
      return readPrivateKeyInfo(bag.node);
    }
    if (bag.encryption instanceof KeystoreError) {
      throw bag.encryption;
    }
    return readPrivateKeyInfo(
      await this.decrypt({ encryption: bag.encryption, encrypted: bag.encrypted }, order),
    );
  }
}

// ---------------------------------------------------------------------------------------------- keys and their chains

/**
 * The certificate that belongs to a key of the file and the chain above it, itself first; empty where there is none. Among
 * several certificates of one key the one with the key's own id is taken. Throws `budget` as `orderChain` does.
 */
export function chainOfKey(content: Pkcs12Content, key: Pkcs12Key): readonly Certificate[] {
  const own = content.certificates.filter(({ certificate }) => certificate.spkiSha256 === key.key.spkiSha256);
  const marked = own.find(({ localKeyId }) => localKeyId !== undefined && localKeyId === key.localKeyId);
  if (own.length === 0) {
    return [];
  }
  const candidates =
    marked === undefined
      ? content.certificates
      : [marked, ...content.certificates.filter((entry) => !own.includes(entry))];
  return orderChain(
    candidates.map(({ certificate }) => certificate),
    { leafSpkiSha256: key.key.spkiSha256 },
  ).chain;
}

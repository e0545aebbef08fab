import * as l10n from '@vscode/l10n';
import { Cancelled, KeystoreError } from '../errors.js';
import type { Certificate } from './certificate.js';
import { readCertificates } from './container.js';
import type { FileContent } from './fileKinds.js';
import { FileDerivation } from './keyDerivation.js';
import { orError, orErrorLater } from './orError.js';
import type { KeyContent } from './privateKeys.js';
import type { ReadOptions } from './protectedFile.js';
import { claimsContent, inEntry, isNamedCertificate, type UnreadPart } from './unreadPart.js';
import { looksLikeZip, readZip, type ZipEntry } from './zipArchive.js';

type ReadFile = (bytes: Uint8Array, options: ReadOptions) => Promise<FileContent>;

type Kind<K extends FileContent['kind']> = Extract<FileContent, { readonly kind: K }>;

/** A file of the archive, and what it holds. */
interface Read<C extends FileContent = FileContent> {
  readonly file: ZipEntry;
  readonly content: C;
}

/** Why a file is passed over: it can be read, but one content has no place for it. */
type PassedOver = 'pkcs12' | 'request' | 'key' | 'publicKey' | 'archive';

const maxCertificates = 5000;
const maxKeys = 1000;

/**
 * What all files of an archive hold together. A PKCS#12 is opened where no other file has a private key, and the certificates of the
 * others stand behind its own. What has no place in the one content, or cannot be read, is in `unread` by its name.
 */
export async function readArchive(
  bytes: Uint8Array,
  { password, derivation, ...watching }: ReadOptions,
  readFile: ReadFile,
): Promise<FileContent> {
  const rounds = new FileDerivation(derivation, watching);
  const options = {
    signal: watching.signal,
    derivation: { derive: (request: Parameters<typeof rounds.derive>[0]) => rounds.derive(request) },
  };
  const gathered = new Gathered();
  for (const file of readZip(bytes)) {
    Cancelled.throwIfAborted(watching.signal);
    if (!file.name.startsWith('__MACOSX/')) {
      await gathered.take(file, () => readFile(file.bytes, options));
    }
  }
  if (password === undefined) {
    return gathered.content();
  }
  return await gathered.opened((file) => readFile(file.bytes, { ...options, password }));
}

class Gathered {
  private readonly read: Read[] = [];
  private readonly unread: UnreadPart[] = [];
  private failure: KeystoreError | undefined;

  /** Keeps what the file holds, or that it could not be read. */
  async take(file: ZipEntry, reading: () => Promise<FileContent>): Promise<void> {
    const { name: entry } = file;
    if (looksLikeZip(file.bytes)) {
      this.unread.push(passedOver(file, 'archive'));
      return;
    }
    const content = await orErrorLater(reading);
    if (content instanceof KeystoreError) {
      this.keepCertificates(file);
      if (file.bytes.length > 0) {
        this.failure ??= inEntry(entry, content);
      }
      if (claimsContent(file, content)) {
        this.unread.push({ entry, error: content });
      }
      return;
    }
    this.unread.push(...content.unread.map(({ error }) => ({ entry, error })));
    if (content.kind !== 'nothing') {
      this.read.push({ file, content });
    } else if (isNamedCertificate(entry)) {
      this.unread.push({ entry, error: new KeystoreError('malformed', 'There is no certificate in it') });
    }
  }

  /** The same with a password; throws `wrong-password` where it opens nothing. */
  async opened(readWith: (file: ZipEntry) => Promise<FileContent>): Promise<FileContent> {
    const chosen = this.chosenPkcs12();
    let wrong: KeystoreError | undefined;
    for (const [index, one] of this.read.entries()) {
      const isMeant = one === chosen || keysOf(one).some(({ state }) => state === 'locked');
      const content = isMeant ? await orErrorLater(() => readWith(one.file)) : one.content;
      if (!(content instanceof KeystoreError)) {
        this.read[index] = { ...one, content };
      } else if (content.code === 'wrong-password' && one !== chosen) {
        wrong ??= content;
      } else {
        throw content;
      }
    }
    const isOpened = this.keys().some((key) => key.state === 'open' && key.key.encrypted);
    if (wrong !== undefined && !isOpened) {
      throw wrong;
    }
    return this.content();
  }

  /** All of it as one content; throws the first failure where nothing was read. */
  content(): FileContent {
    const certificates = this.read.flatMap(({ content }) =>
      content.kind === 'certificates' ? content.certificates : [],
    );
    const keys = this.keys();
    checkCounts(certificates, keys);
    const chosen = this.chosenPkcs12();
    const requests = this.read.flatMap(({ file, content }) =>
      (content.kind === 'signingRequest' || content.kind === 'certificates') && content.request !== undefined
        ? [{ file, request: content.request }]
        : [],
    );
    const others = ofKind(this.read, 'pkcs12').filter((one) => one !== chosen);
    const publicKeys = this.read.filter(({ content: { kind } }) => /^(?:publicKey|sshPublicKey)$/.test(kind));
    const over = (files: readonly { readonly file: ZipEntry }[], what: PassedOver): readonly UnreadPart[] =>
      files.map(({ file }) => passedOver(file, what));
    const unread = [...this.unread, ...over(others, 'pkcs12')];
    if (chosen !== undefined) {
      const withKeys = this.read.filter((one) => keysOf(one).length > 0);
      return {
        ...withCertificates(chosen.content, certificates),
        unread: [
          ...unread,
          ...over(requests, 'request'),
          ...over(withKeys, 'key'),
          ...over(publicKeys, 'publicKey'),
        ],
      };
    }
    const [first, ...moreRequests] = requests;
    const request = first?.request;
    const beside = [...unread, ...over(moreRequests, 'request'), ...over(publicKeys, 'publicKey')];
    if (certificates.length > 0) {
      return { kind: 'certificates', form: 'zip', certificates, request, keys, unread: beside };
    }
    if (request !== undefined) {
      return { kind: 'signingRequest', request, keys, unread: beside };
    }
    if (keys.length > 0) {
      return { kind: 'privateKey', keys, unread: beside };
    }
    const [publicKey, ...morePublicKeys] = publicKeys;
    if (publicKey !== undefined) {
      return { ...publicKey.content, unread: [...unread, ...over(morePublicKeys, 'publicKey')] };
    }
    const [unreadPart] = unread;
    if (this.failure !== undefined) {
      throw this.failure;
    }
    if (unreadPart?.entry !== undefined) {
      throw inEntry(unreadPart.entry, unreadPart.error);
    }
    return { kind: 'nothing', labels: [], unread };
  }

  private keys(): readonly KeyContent[] {
    return this.read.flatMap(keysOf);
  }

  /** The PKCS#12 that is opened: the first, where no other file has a private key that could be used. */
  private chosenPkcs12(): Read<Kind<'pkcs12'>> | undefined {
    const hasKey = this.keys().some(({ state }) => state === 'open' || state === 'locked');
    return hasKey ? undefined : ofKind(this.read, 'pkcs12')[0];
  }

  /** Something else in the file is damaged. */
  private keepCertificates(file: ZipEntry): void {
    const found = orError(() => readCertificates(file.bytes));
    if (!(found instanceof KeystoreError) && found.certificates.length > 0) {
      const content = { kind: 'certificates' as const, ...found, request: undefined, keys: [] };
      this.read.push({ file, content });
    }
  }
}

function ofKind<K extends FileContent['kind']>(read: readonly Read[], kind: K): readonly Read<Kind<K>>[] {
  return read.filter((one): one is Read<Kind<K>> => one.content.kind === kind);
}

function keysOf({ content }: Read): readonly KeyContent[] {
  return 'keys' in content ? content.keys : [];
}

function withCertificates(content: Kind<'pkcs12'>, certificates: readonly Certificate[]): Kind<'pkcs12'> {
  if (content.state === 'locked') {
    return { ...content, beside: certificates };
  }
  const added = certificates.map((certificate) => ({
    certificate,
    friendlyName: undefined,
    localKeyId: undefined,
  }));
  const { content: inside } = content;
  return { ...content, content: { ...inside, certificates: [...inside.certificates, ...added] } };
}

function checkCounts(certificates: readonly Certificate[], keys: readonly KeyContent[]): void {
  if (certificates.length > maxCertificates || keys.length > maxKeys) {
    throw new KeystoreError(
      'budget',
      `An archive of more than ${maxCertificates} certificates or ${maxKeys} keys`,
    );
  }
}

function passedOver({ name }: ZipEntry, what: PassedOver): UnreadPart {
  const explanations: Readonly<Record<PassedOver, string>> = {
    pkcs12: l10n.t(
      'It is a PKCS#12 file, and the archive has other private keys. Take it out and open it alone.',
    ),
    request: l10n.t('It is one more signing request. Take it out and open it alone.'),
    key: l10n.t('It is a private key beside a PKCS#12 file. Take it out and open it alone.'),
    publicKey: l10n.t('It is a public key beside other things. Take it out and open it alone.'),
    archive: l10n.t('It is an archive in an archive. Unpack the outer one first.'),
  };
  const error = new KeystoreError('unsupported', `Passed over in the archive: ${what}`, {
    details: { contentType: what, explanation: explanations[what] },
  });
  return { entry: name, error };
}

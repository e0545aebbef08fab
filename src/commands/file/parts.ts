import * as l10n from '@vscode/l10n';
import type { Uri } from 'vscode';
import { KeystoreError } from '../../errors.js';
import type { Certificate } from '../../pki/certificate.js';
import type { FileContent } from '../../pki/fileKinds.js';
import type { KeyDerivation } from '../../pki/keyDerivation.js';
import type { Pkcs12Content } from '../../pki/pkcs12Reader.js';
import type { PrivateKeyInfo } from '../../pki/privateKeyInfo.js';
import type { SigningRequest } from '../../pki/signingRequest.js';
import type { SshKeyFile } from '../../pki/sshPublicKey.js';
import type { UnreadPart } from '../../pki/unreadPart.js';
import type { Prompts } from '../../ui/prompts.js';
import type { ActionContext } from '../environment.js';
import { foreignKey } from '../foreignKey.js';
import { openWithPassphrase, type Opened } from '../passphrase.js';
import { askSource, readFileSource, type Source, type SourcePorts } from '../source.js';

/** A private key of a file, with what the file says about it. */
export interface KeyPart {
  readonly key: PrivateKeyInfo;
  readonly friendlyName: string | undefined;
}

/** The private keys that a passphrase has opened, or that need none. */
export interface OpenedKeys extends Opened<readonly KeyPart[]> {
  /** How many others of the file lie under another passphrase. */
  readonly locked: number;
}

/** What the file commands work on: a file, or text that is none. */
export interface FileParts {
  /** For people and for the name of a new file. */
  readonly name: string;
  readonly uri: Uri | undefined;
  readonly form: 'certificates' | 'pkcs12' | 'privateKey' | 'signingRequest';
  /** In the order of the file. */
  readonly certificates: readonly Certificate[];
  /** Also one beside certificates. */
  readonly request: SigningRequest | undefined;
  /** Opens the private keys, asking for the passphrase where one is needed; `undefined` for a file without any. */
  readonly openKeys: (() => Promise<OpenedKeys>) | undefined;
  /** Why a private key of an opened file cannot be read, for people; `undefined` where there is no such key. */
  readonly unreadableKey: string | undefined;
  /** What else of the file says to be something of these and was not read. */
  readonly unread: readonly UnreadPart[];
}

/** A file that holds a public key and nothing else that can be read: one of SSH, or the public part of a key of another program. */
export interface PublicKeyParts {
  readonly name: string;
  readonly uri: Uri | undefined;
  readonly form: 'publicKey';
  /** `undefined` for a type that no certificate has. */
  readonly spki: Uint8Array | undefined;
  /** Why it serves only where a public key is enough. */
  readonly refusal: KeystoreError;
}

/** What reading parts needs. */
export interface PartsPorts extends SourcePorts {
  readonly derivation: KeyDerivation;
  readonly isUri: (value: unknown) => value is Uri;
}

/** Which file is asked for. */
interface PartsQuestion {
  readonly argument: unknown;
  readonly title: string;
  readonly placeholder: string;
  /** What the dialog offers; files of certificates where nothing else is named. */
  readonly filters?: Record<string, string[]>;
}

/** The file of the Explorer or the editor, else one that the person names; read and told apart by its content. */
export async function chooseParts(
  prompts: Prompts,
  ports: PartsPorts,
  question: PartsQuestion,
  context: ActionContext,
): Promise<FileParts> {
  return beyondPublicKey(await choosePartsOrPublicKey(prompts, ports, question, context));
}

/** The same, where a public key is enough. */
export async function choosePartsOrPublicKey(
  prompts: Prompts,
  ports: PartsPorts,
  { argument, title, placeholder, filters = certificateFileFilters() }: PartsQuestion,
  context: ActionContext,
): Promise<FileParts | PublicKeyParts> {
  const source = ports.isUri(argument)
    ? await readFileSource(ports, argument)
    : await askSource(prompts, ports, { title, placeholder, filters });
  return await readPartsOrPublicKey(prompts, ports, { source, title }, context);
}

function beyondPublicKey(parts: FileParts | PublicKeyParts): FileParts {
  if (parts.form === 'publicKey') {
    throw parts.refusal;
  }
  return parts;
}

/** What a dialog offers for a file with certificates. */
export function certificateFileFilters(): Record<string, string[]> {
  return {
    [l10n.t('Certificates')]: [
      ...['cer', 'crt', 'pem', 'der', 'p7b', 'p7c', 'p7s', 'spc', 'pkipath', 'p12', 'pfx', 'zip'],
    ],
  };
}

/** Reads what a source holds; asks for the password of a PKCS#12. Throws `malformed` where nothing of it is known. */
export async function readParts(
  prompts: Prompts,
  ports: Pick<PartsPorts, 'derivation'>,
  given: { readonly source: Source; readonly title: string },
  context: ActionContext,
): Promise<FileParts> {
  return beyondPublicKey(await readPartsOrPublicKey(prompts, ports, given, context));
}

async function readPartsOrPublicKey(
  prompts: Prompts,
  { derivation }: Pick<PartsPorts, 'derivation'>,
  { source, title }: { readonly source: Source; readonly title: string },
  { withProgress }: ActionContext,
): Promise<FileParts | PublicKeyParts> {
  const { bytes, uri } = source;
  const name = source.fileName ?? l10n.t('clipboard');
  const { readFileContent } = await import('../../pki/fileContent.js');
  const read = async (password?: string): Promise<FileContent> =>
    await withProgress(l10n.t('Opening "{0}"', name), async ({ signal }) =>
      readFileContent(bytes, { password, derivation, signal }),
    );
  const open = async <T>(
    choose: (content: FileContent, password: string | undefined) => T,
  ): Promise<Opened<T>> =>
    await openWithPassphrase(prompts, { title, name }, async (password) =>
      choose(await read(password), password),
    );

  const content = await read();
  const base = {
    name,
    uri,
    certificates: [],
    request: undefined,
    openKeys: undefined,
    unreadableKey: undefined,
    unread: content.unread,
  };
  switch (content.kind) {
    case 'certificates':
    case 'signingRequest':
    case 'privateKey': {
      const hasKey = content.keys.some(({ state }) => state === 'open' || state === 'locked');
      const unreadableKeys = content.keys.filter((key) => key.state === 'unreadable');
      const parts = {
        ...base,
        openKeys: hasKey ? async () => openedKeys(await open(keysOf)) : undefined,
        unreadableKey: unreadableKeyText(name, { unreadableKeys }),
      };
      if (content.kind === 'certificates') {
        const { certificates, request } = content;
        return { ...parts, form: 'certificates', certificates, request };
      }
      if (content.kind === 'signingRequest') {
        return { ...parts, form: 'signingRequest', request: content.request };
      }
      const foreign = content.keys.find((key) => key.state === 'foreign');
      if (!hasKey && foreign !== undefined) {
        const refusal = foreignKey(name, foreign.format);
        if (foreign.ssh === undefined) {
          throw refusal;
        }
        return { name, uri, form: 'publicKey', spki: await spkiOfSsh(foreign.ssh), refusal };
      }
      return { ...parts, form: 'privateKey' };
    }
    case 'pkcs12': {
      const { content: opened, passphrase } =
        content.state === 'open' ? { content: content.content, passphrase: undefined } : await open(pkcs12Of);
      const keys = opened.keys.map(({ key, friendlyName }) => ({ key, friendlyName }));
      return {
        ...base,
        form: 'pkcs12',
        certificates: opened.certificates.map(({ certificate }) => certificate),
        openKeys:
          keys.length === 0 ? undefined : () => Promise.resolve({ content: keys, passphrase, locked: 0 }),
        unreadableKey: unreadableKeyText(name, opened),
      };
    }
    case 'publicKey':
      return { name, uri, form: 'publicKey', spki: content.spki, refusal: nothingKnown(name) };
    case 'sshPublicKey':
      return {
        name,
        uri,
        form: 'publicKey',
        spki: await spkiOfSsh(content.key),
        refusal: nothingKnown(name),
      };
    case 'nothing':
      throw nothingKnown(name);
  }
}

async function spkiOfSsh(key: SshKeyFile): Promise<Uint8Array | undefined> {
  const { spkiOfSshKey } = await import('../../pki/sshSpki.js');
  return spkiOfSshKey(key);
}

function nothingKnown(name: string): KeystoreError {
  return new KeystoreError('malformed', 'nothing known in the file', {
    details: {
      explanation: l10n.t(
        '"{0}" holds no certificate, signing request or private key that can be read.',
        name,
      ),
    },
  });
}

function unreadableKeyText(
  name: string,
  { unreadableKeys }: { readonly unreadableKeys: readonly { readonly error: KeystoreError }[] },
): string | undefined {
  const [first] = unreadableKeys;
  return first === undefined
    ? undefined
    : l10n.t('The private key in "{0}" cannot be read: {1}.', name, first.error.message);
}

interface FoundKeys {
  readonly keys: readonly KeyPart[];
  readonly locked: number;
}

/**
 * The open keys of a file that is no PKCS#12. Throws `password-needed` where a locked one may be meant: the open ones do not serve
 * every certificate; and `wrong-password` where one was opened that serves none.
 */
function keysOf(content: FileContent, password: string | undefined): FoundKeys {
  const contents = 'keys' in content ? content.keys : [];
  const keys = contents.flatMap((key) =>
    key.state === 'open' ? [{ key: key.key, friendlyName: undefined }] : [],
  );
  const certificates = content.kind === 'certificates' ? content.certificates : [];
  const locked = contents.filter(({ state }) => state === 'locked').length;
  const opened = new Set(keys.map(({ key }) => key.spkiSha256));
  const isServed = ({ spkiSha256 }: Certificate): boolean => opened.has(spkiSha256);
  if (password === undefined) {
    const own = certificates.filter(({ isCa }) => !isCa);
    if (locked > 0 && (own.length === 0 || !own.every(isServed))) {
      throw new KeystoreError('password-needed', 'A private key is encrypted');
    }
  } else if (locked > 0 && certificates.length > 0 && !certificates.some(isServed)) {
    throw new KeystoreError('wrong-password', 'The password opens a private key of none of the certificates');
  }
  return { keys, locked };
}

function openedKeys({ content, passphrase }: Opened<FoundKeys>): OpenedKeys {
  return { content: content.keys, passphrase, locked: content.locked };
}

/** What an opened PKCS#12 holds; throws `password-needed` where it is locked. */
function pkcs12Of(content: FileContent): Pkcs12Content {
  if (content.kind !== 'pkcs12' || content.state !== 'open') {
    throw new KeystoreError('password-needed', 'The PKCS#12 file is protected by a password');
  }
  return content.content;
}

import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import type { Certificate } from '../pki/certificate.js';
import { readCertificatesToShow, type ContainerForm } from '../pki/container.js';
import { field, type Description, type DescriptionGroup } from '../pki/description.js';
import { describeKey } from '../pki/descriptionOfKey.js';
import { readFileContent, type FileContentOptions } from '../pki/fileContent.js';
import type { FileContent } from '../pki/fileKinds.js';
import { localKeyDerivation } from '../pki/keyDerivation.js';
import { orError } from '../pki/orError.js';
import { decodeText } from '../pki/pem.js';
import type { Pkcs12Content } from '../pki/pkcs12Reader.js';
import { readPrivateKeys, type KeyContent } from '../pki/privateKeys.js';
import { spkiSha256Of } from '../pki/publicKey.js';
import { readSigningRequest, type SigningRequest } from '../pki/signingRequest.js';
import type { SshKeyFile } from '../pki/sshPublicKey.js';
import { spkiOfSshKey } from '../pki/sshSpki.js';
import { visibleText } from '../pki/visibleText.js';
import { containerFormText } from '../ui/containerForm.js';
import { foreignKeyText } from '../ui/foreignKeyText.js';
import { unreadTexts } from '../ui/unreadText.js';

/** A certificate with what its container says of it. */
export interface InspectedCertificate {
  readonly certificate: Certificate;
  readonly friendlyName?: string | undefined;
}

/** A key by its public part. */
export interface InspectedKey {
  readonly description: Description;
  /** Lower-case hex; undefined for a key that only SSH knows. */
  readonly spkiSha256: string | undefined;
  readonly friendlyName?: string | undefined;
}

/** What the page is about: facts only, and nothing secret; a private key is here by its public part alone. */
export interface Inspected {
  readonly heading: string;
  readonly origin: string;
  readonly notes: readonly string[];
  /** What the place where it lies says of it. */
  readonly facts: readonly DescriptionGroup[];
  readonly certificates: readonly InspectedCertificate[];
  /** The order of the certificates is that in which a sender would present them. */
  readonly isOrdered: boolean;
  readonly request: SigningRequest | undefined;
  readonly keys: readonly InspectedKey[];
  /** What needs a password that was not given. */
  readonly locked: 'pkcs12' | 'privateKey' | undefined;
  /** PEM labels of a file in which nothing was found; undefined where something was. */
  readonly nothing: readonly string[] | undefined;
}

/**
 * Reads a file for its page. Where only a key in it is damaged or not supported, its certificates are shown all the same; throws as
 * `readFileContent` does.
 */
export async function inspectFile(
  name: string,
  bytes: Uint8Array,
  options: FileContentOptions,
): Promise<Inspected> {
  try {
    return inspectedFile(name, bytes.length, await readFileContent(bytes, options));
  } catch (error) {
    if (!KeystoreError.is(error, 'malformed') && !KeystoreError.is(error, 'unsupported')) {
      throw error;
    }
    const rest = orError(() => readCertificatesToShow(bytes));
    if (rest instanceof KeystoreError || rest.certificates.length === 0) {
      throw error;
    }
    const request = orError(() => readSigningRequest(bytes));
    const keys = await keysBeside(bytes, options);
    const isTold = rest.unread.length > 0 && keys !== undefined;
    return inspectedFile(name, bytes.length, {
      kind: 'certificates',
      ...rest,
      request: request instanceof KeystoreError ? undefined : request,
      keys: keys ?? [],
      unread: [...rest.unread, ...(isTold ? [] : [{ entry: undefined, error }])],
    });
  }
}

/** `undefined` where they are damaged. */
async function keysBeside(
  bytes: Uint8Array,
  { password, signal, onProgress, derivation = localKeyDerivation }: FileContentOptions,
): Promise<readonly KeyContent[] | undefined> {
  if (!decodeText(bytes).includes('PRIVATE KEY-----')) {
    return [];
  }
  try {
    return await readPrivateKeys(bytes, { password, signal, onProgress, derivation });
  } catch (error) {
    if (KeystoreError.is(error, 'malformed') || KeystoreError.is(error, 'unsupported')) {
      return undefined;
    }
    throw error;
  }
}

/** The public part of what a file holds; private keys are dropped here. */
function inspectedFile(name: string, size: number, content: FileContent): Inspected {
  const shownName = visibleText(name);
  const notes = unreadTexts(content.unread);
  const base = {
    heading: shownName,
    origin: '',
    notes,
    facts: [],
    certificates: [],
    isOrdered: false,
    request: undefined,
    keys: [],
    locked: undefined,
    nothing: undefined,
  };
  const origin = (kind: string): string => `${kind} · ${l10n.t('{0} bytes', size)}`;
  switch (content.kind) {
    case 'certificates':
      return withNotes(notes, {
        ...base,
        origin: origin(formText(content.form, content.certificates.length)),
        certificates: content.certificates.map((certificate) => ({ certificate })),
        isOrdered: content.form === 'pem' || content.form === 'der' || content.form === 'text',
        request: content.request,
        ...keysPart(shownName, content.keys),
      });
    case 'signingRequest':
      return withNotes(notes, {
        ...base,
        origin: origin(l10n.t('Signing request (PKCS#10)')),
        request: content.request,
        ...keysPart(shownName, content.keys),
      });
    case 'privateKey':
      return withNotes(notes, {
        ...base,
        origin: origin(l10n.t('Private key')),
        ...keysPart(shownName, content.keys),
      });
    case 'publicKey':
      return {
        ...base,
        origin: origin(l10n.t('Public key')),
        keys: [inspectedKey({ spki: content.spki, isPrivate: false })],
      };
    case 'pkcs12':
      return content.state === 'locked'
        ? {
            ...base,
            origin: origin(l10n.t('PKCS#12')),
            certificates: content.beside.map((certificate) => ({ certificate })),
            locked: 'pkcs12',
          }
        : withNotes(notes, {
            ...base,
            origin: origin(l10n.t('PKCS#12')),
            ...pkcs12Part(content.content),
          });
    case 'sshPublicKey':
      return {
        ...base,
        origin: origin(l10n.t('SSH key')),
        keys: [inspectedSshKey(content.key)],
      };
    case 'nothing':
      return {
        ...base,
        origin: origin(l10n.t('No certificate')),
        nothing: content.labels.map(visibleText),
      };
  }
}

function withNotes(notes: readonly string[], inspected: Inspected): Inspected {
  return { ...inspected, notes: [...notes, ...inspected.notes] };
}

function pkcs12Part(content: Pkcs12Content): Pick<Inspected, 'certificates' | 'keys' | 'notes' | 'nothing'> {
  const { certificates, keys, unreadableKeys, otherBags, macVerified } = content;
  const isEmpty = certificates.length + keys.length + unreadableKeys.length === 0;
  return {
    certificates: certificates.map(({ certificate, friendlyName }) => ({ certificate, friendlyName })),
    keys: keys.map(({ key, friendlyName }) => ({
      ...inspectedKey({ spki: key.spki, isPrivate: true }),
      friendlyName,
    })),
    notes: [
      ...(macVerified
        ? []
        : [l10n.t('The file has no seal of its password (MAC): nothing tells whether it was changed.')]),
      ...unreadableKeys.map(({ friendlyName, error }) =>
        l10n.t(
          'A private key could not be read ({0}): {1}',
          friendlyName === undefined ? l10n.t('without a name') : visibleText(friendlyName),
          visibleText(error.message),
        ),
      ),
      ...(otherBags.length === 0
        ? []
        : [l10n.t('It also holds what is not shown here: {0}.', otherBags.map(visibleText).join(', '))]),
    ],
    nothing: isEmpty ? [] : undefined,
  };
}

function keysPart(
  name: string,
  contents: readonly KeyContent[],
): Pick<Inspected, 'keys' | 'locked' | 'notes'> {
  const keys: InspectedKey[] = [];
  const notes = new Set<string>();
  let locked = 0;
  for (const [index, key] of contents.entries()) {
    switch (key.state) {
      case 'locked':
        locked++;
        break;
      case 'open': {
        const { spki, encrypted } = key.key;
        keys.push(inspectedKey({ spki, isPrivate: true, encrypted }));
        break;
      }
      case 'foreign':
        if (key.ssh !== undefined) {
          keys.push(inspectedSshKey(key.ssh));
        }
        notes.add(foreignKeyText(name, key.format));
        break;
      case 'unreadable':
        notes.add(
          l10n.t(
            'Private key {0} of the file could not be read: {1}',
            index + 1,
            visibleText(key.error.message),
          ),
        );
    }
  }
  if (locked > 0 && contents.length > 1) {
    notes.add(
      l10n.t(
        'Private keys that are locked: {0} of {1}. A passphrase opens those that lie under it.',
        locked,
        contents.length,
      ),
    );
  }
  return { keys, notes: [...notes], locked: locked === 0 ? undefined : 'privateKey' };
}

function inspectedKey(facts: {
  readonly spki: Uint8Array;
  readonly isPrivate: boolean;
  readonly encrypted?: boolean;
}): InspectedKey {
  return {
    description: describeKey(facts),
    spkiSha256: spkiSha256Of(facts.spki),
  };
}

function inspectedSshKey(key: SshKeyFile): InspectedKey {
  return { description: describeSshKey(key), spkiSha256: spkiSha256OfSsh(key) };
}

/** A damaged key is shown all the same; it fits nothing. */
function spkiSha256OfSsh(key: SshKeyFile): string | undefined {
  try {
    const spki = spkiOfSshKey(key);
    return spki === undefined ? undefined : spkiSha256Of(spki);
  } catch (error) {
    if (KeystoreError.is(error, 'malformed')) {
      return undefined;
    }
    throw error;
  }
}

/** An SSH key as fields; of a private one its public part. */
function describeSshKey(key: SshKeyFile): Description {
  const title = {
    public: l10n.t('SSH public key'),
    private: l10n.t('SSH private key'),
    certificate: l10n.t('SSH certificate'),
  }[key.kind];
  return {
    kind: 'sshKey',
    title: `${title}: ${visibleText(key.type)}`,
    groups: [
      {
        id: 'publicKey',
        title: l10n.t('Public key'),
        fields: [
          field(l10n.t('Type'), key.type),
          field(l10n.t('SSH fingerprint'), key.fingerprint),
          ...(key.comment === undefined ? [] : [field(l10n.t('Comment'), key.comment)]),
        ],
      },
    ],
    notes: [],
  };
}

function formText(form: ContainerForm, count: number): string {
  const certificates = count === 1 ? l10n.t('1 certificate') : l10n.t('{0} certificates', count);
  return `${certificates} · ${containerFormText(form)}`;
}

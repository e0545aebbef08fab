import * as l10n from '@vscode/l10n';
import type { Uri } from 'vscode';
import { KeystoreError } from '../../errors.js';
import type { Certificate } from '../../pki/certificate.js';
import type { ReadOptions } from '../../pki/protectedFile.js';
import type { Prompts } from '../../ui/prompts.js';
import type { ActionContext } from '../environment.js';
import { fittingKeys, pickKey } from '../file/keyChoice.js';
import type { KeyPart } from '../file/parts.js';
import { baseName } from '../fileName.js';
import { foreignKey } from '../foreignKey.js';
import { openWithPassphrase, type Opened } from '../passphrase.js';
import type { LocalPorts } from './ports.js';

/**
 * Opens the private key of one of these certificates, asking for the passphrase until it is right. Where the file holds the keys of
 * several, the preferred one is taken (SHA-256 of the `SubjectPublicKeyInfo`), else the one that the person picks. Throws `mismatch`
 * where the file holds other keys.
 */
export async function openKeyFile(
  prompts: Prompts,
  ports: Pick<LocalPorts, 'files' | 'derivation'>,
  wanted: {
    readonly uri: Uri;
    readonly certificates: readonly Certificate[];
    readonly preferred?: string | undefined;
    readonly title: string;
  },
  { withProgress }: ActionContext,
): Promise<Opened<KeyPart>> {
  const { uri, certificates, preferred, title } = wanted;
  const bytes = await ports.files.read(uri);
  const name = baseName(uri);
  const read = async (password: string | undefined): Promise<readonly KeyPart[]> =>
    await withProgress(l10n.t('Opening "{0}"', name), async ({ signal }) => {
      const found = await readKeys(bytes, { password, derivation: ports.derivation, signal }, name);
      return fitting(found, { certificates, preferred, name, password });
    });
  const { content, passphrase } = await openWithPassphrase(prompts, { title, name }, read);
  const [first, second] = content;
  const given =
    content.find(({ key }) => key.spkiSha256 === preferred) ?? (second === undefined ? first : undefined);
  const part =
    given ??
    (await pickKey(prompts, content, {
      certificates,
      title,
      placeholder: l10n.t('"{0}" holds the private keys of several certificates. Which one is meant?', name),
    }));
  return { content: part, passphrase };
}

interface FoundKeys {
  readonly keys: readonly KeyPart[];
  /** There are others, which a passphrase opens. */
  readonly isLocked: boolean;
}

async function readKeys(bytes: Uint8Array, options: ReadOptions, name: string): Promise<FoundKeys> {
  const { readPrivateKeys } = await import('../../pki/privateKeys.js');
  try {
    const contents = await readPrivateKeys(bytes, options);
    const keys = contents.flatMap((content) =>
      content.state === 'open' ? [{ key: content.key, friendlyName: undefined }] : [],
    );
    const isLocked = contents.some(({ state }) => state === 'locked');
    const foreign = contents.find((content) => content.state === 'foreign');
    if (keys.length === 0 && !isLocked && foreign !== undefined) {
      throw foreignKey(name, foreign.format);
    }
    return { keys, isLocked };
  } catch (error) {
    if (!KeystoreError.is(error, 'unsupported') || error.details.format !== 'pkcs12') {
      throw error;
    }
  }
  const { readPkcs12 } = await import('../../pki/pkcs12Reader.js');
  const { keys } = await readPkcs12(bytes, options);
  return { keys: keys.map(({ key, friendlyName }) => ({ key, friendlyName })), isLocked: false };
}

function fitting(
  { keys, isLocked }: FoundKeys,
  wanted: {
    readonly certificates: readonly Certificate[];
    readonly preferred: string | undefined;
    readonly name: string;
    readonly password: string | undefined;
  },
): readonly KeyPart[] {
  const { certificates, preferred, name, password } = wanted;
  const fits = certificates.length === 0 ? [] : fittingKeys(keys, certificates);
  const isMeant = preferred === undefined || fits.some(({ key }) => key.spkiSha256 === preferred);
  if (fits.length > 0 && (isMeant || !isLocked || password !== undefined)) {
    return fits;
  }
  if (isLocked) {
    throw password === undefined
      ? new KeystoreError('password-needed', 'A private key is encrypted')
      : new KeystoreError('wrong-password', 'The password opens a private key of none of the certificates');
  }
  throw new KeystoreError('mismatch', 'the key file holds another key', {
    details: {
      explanation: l10n.t(
        'The private key in "{0}" belongs to none of the certificates. Choose the key that the signing request was made with.',
        name,
      ),
    },
  });
}

/** What a dialog offers for a private key. */
export function keyFileFilters(): Record<string, string[]> {
  return {
    [l10n.t('Private key')]: ['pem', 'key', 'p8', 'p12', 'pfx', 'der'],
    [l10n.t('All files')]: ['*'],
  };
}

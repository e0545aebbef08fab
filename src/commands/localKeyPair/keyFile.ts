import * as l10n from '@vscode/l10n';
import type { Uri } from 'vscode';
import { KeystoreError } from '../../errors.js';
import type { PrivateKeyInfo } from '../../pki/privateKeyInfo.js';
import type { ReadOptions } from '../../pki/protectedFile.js';
import type { Prompts } from '../../ui/prompts.js';
import type { ActionContext } from '../environment.js';
import { baseName } from '../fileName.js';
import { openWithPassphrase, type Opened } from '../passphrase.js';
import type { LocalPorts } from './ports.js';

/**
 * Opens the private key of one of these public keys (SHA-256 of the `SubjectPublicKeyInfo`), asking for the passphrase until it is
 * right. Throws `mismatch` where the file holds another key.
 */
export async function openKeyFile(
  prompts: Prompts,
  ports: Pick<LocalPorts, 'files' | 'derivation'>,
  { uri, wanted, title }: { readonly uri: Uri; readonly wanted: ReadonlySet<string>; readonly title: string },
  { withProgress }: ActionContext,
): Promise<Opened<PrivateKeyInfo>> {
  const bytes = await ports.files.read(uri);
  const name = baseName(uri);
  const read = async (password: string | undefined): Promise<PrivateKeyInfo> =>
    await withProgress(l10n.t('Opening "{0}"', name), async ({ signal }) =>
      fitting(await readKeys(bytes, { password, derivation: ports.derivation, signal }), wanted, name),
    );
  return await openWithPassphrase(prompts, { title, name }, read);
}

async function readKeys(bytes: Uint8Array, options: ReadOptions): Promise<readonly PrivateKeyInfo[]> {
  const { readPrivateKey } = await import('../../pki/privateKey.js');
  try {
    return [await readPrivateKey(bytes, options)];
  } catch (error) {
    if (!KeystoreError.is(error, 'unsupported') || error.details.format !== 'pkcs12') {
      throw error;
    }
  }
  const { readPkcs12 } = await import('../../pki/pkcs12Reader.js');
  return (await readPkcs12(bytes, options)).keys.map(({ key }) => key);
}

function fitting(keys: readonly PrivateKeyInfo[], wanted: ReadonlySet<string>, name: string): PrivateKeyInfo {
  const key = keys.find(({ spkiSha256 }) => wanted.has(spkiSha256));
  if (key === undefined) {
    throw new KeystoreError('mismatch', 'the key file holds another key', {
      details: {
        explanation: l10n.t(
          'The private key in "{0}" belongs to none of the certificates. Choose the key that the signing request was made with.',
          name,
        ),
      },
    });
  }
  return key;
}

/** What a dialog offers for a private key. */
export function keyFileFilters(): Record<string, string[]> {
  return {
    [l10n.t('Private key')]: ['pem', 'key', 'p8', 'p12', 'pfx', 'der'],
    [l10n.t('All files')]: ['*'],
  };
}

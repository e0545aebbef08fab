import * as l10n from '@vscode/l10n';
import type { Uri } from 'vscode';
import { KeystoreError } from '../../errors.js';
import type { Certificate } from '../../pki/certificate.js';
import type { KeyDerivation } from '../../pki/keyDerivation.js';
import type { PrivateKeyInfo } from '../../pki/privateKeyInfo.js';
import type { SigningRequest } from '../../pki/signingRequest.js';
import type { Prompts } from '../../ui/prompts.js';
import type { ActionContext } from '../environment.js';
import { openWithPassphrase, type Opened } from '../passphrase.js';
import { askSource, readFileSource, type Source, type SourcePorts } from '../source.js';

/** A private key of a file, with what the file says about it. */
export interface KeyPart {
  readonly key: PrivateKeyInfo;
  readonly friendlyName: string | undefined;
}

/** What the file commands work on: a file, or text that is none. */
export interface FileParts {
  /** For people and for the name of a new file. */
  readonly name: string;
  readonly uri: Uri | undefined;
  readonly form: 'certificates' | 'pkcs12' | 'privateKey' | 'signingRequest';
  /** In the order of the file. */
  readonly certificates: readonly Certificate[];
  readonly request: SigningRequest | undefined;
  /** Opens the private keys, asking for the passphrase where one is needed; `undefined` for a file without any. */
  readonly openKeys: (() => Promise<Opened<readonly KeyPart[]>>) | undefined;
}

/** What reading parts needs. */
export interface PartsPorts extends SourcePorts {
  readonly derivation: KeyDerivation;
  readonly isUri: (value: unknown) => value is Uri;
}

/** The file of the Explorer or the editor, else one that the person names; read and told apart by its content. */
export async function chooseParts(
  prompts: Prompts,
  ports: PartsPorts,
  options: { readonly argument: unknown; readonly title: string; readonly placeholder: string },
  context: ActionContext,
): Promise<FileParts> {
  const { argument, title, placeholder } = options;
  const source = ports.isUri(argument)
    ? await readFileSource(ports, argument)
    : await askSource(prompts, ports, { title, placeholder, filters: certificateFileFilters() });
  return await readParts(prompts, ports, { source, title }, context);
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
  { source, title }: { readonly source: Source; readonly title: string },
  context: ActionContext,
): Promise<FileParts> {
  const { bytes, uri } = source;
  const name = source.fileName ?? l10n.t('clipboard');
  const base = { name, uri, certificates: [], request: undefined, openKeys: undefined };
  const { readCertificates } = await import('../../pki/container.js');
  let certificates: readonly Certificate[];
  try {
    certificates = readCertificates(bytes).certificates;
  } catch (error) {
    if (KeystoreError.is(error, 'unsupported') && error.details.contentType === 'pkcs12') {
      return {
        ...base,
        form: 'pkcs12',
        ...(await pkcs12Parts(prompts, ports, { bytes, name, title }, context)),
      };
    }
    const other = await otherParts(prompts, ports, { bytes, name, title }, context);
    if (other === undefined) {
      throw error;
    }
    return { ...base, ...other };
  }
  if (certificates.length > 0) {
    const key = await keyPart(prompts, ports, { bytes, name, title }, context);
    return { ...base, form: 'certificates', certificates, openKeys: key };
  }
  const other = await otherParts(prompts, ports, { bytes, name, title }, context);
  if (other === undefined) {
    throw new KeystoreError('malformed', 'nothing known in the file', {
      details: {
        explanation: l10n.t(
          '"{0}" holds no certificate, signing request or private key that can be read.',
          name,
        ),
      },
    });
  }
  return { ...base, ...other };
}

interface Named {
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly title: string;
}

async function pkcs12Parts(
  prompts: Prompts,
  { derivation }: Pick<PartsPorts, 'derivation'>,
  { bytes, name, title }: Named,
  { withProgress }: ActionContext,
): Promise<Pick<FileParts, 'certificates' | 'openKeys'>> {
  const { readPkcs12 } = await import('../../pki/pkcs12Reader.js');
  const { content, passphrase } = await openWithPassphrase(prompts, { title, name }, async (password) =>
    withProgress(l10n.t('Opening "{0}"', name), async ({ signal }) =>
      readPkcs12(bytes, { password, derivation, signal }),
    ),
  );
  const keys = content.keys.map(({ key, friendlyName }) => ({ key, friendlyName }));
  return {
    certificates: content.certificates.map(({ certificate }) => certificate),
    openKeys: keys.length === 0 ? undefined : () => Promise.resolve({ content: keys, passphrase }),
  };
}

async function otherParts(
  prompts: Prompts,
  ports: Pick<PartsPorts, 'derivation'>,
  named: Named,
  context: ActionContext,
): Promise<(Pick<FileParts, 'form'> & Partial<FileParts>) | undefined> {
  const openKeys = await keyPart(prompts, ports, named, context);
  if (openKeys !== undefined) {
    return { form: 'privateKey', openKeys };
  }
  const { readSigningRequest } = await import('../../pki/signingRequest.js');
  try {
    return { form: 'signingRequest', request: readSigningRequest(named.bytes) };
  } catch (error) {
    if (KeystoreError.is(error)) {
      return undefined;
    }
    throw error;
  }
}

/** How the private key of a file that is no PKCS#12 is opened; `undefined` where it has none. */
async function keyPart(
  prompts: Prompts,
  { derivation }: Pick<PartsPorts, 'derivation'>,
  { bytes, name, title }: Named,
  { withProgress, signal }: ActionContext,
): Promise<FileParts['openKeys']> {
  const { readPrivateKey } = await import('../../pki/privateKey.js');
  const hasKey = await readPrivateKey(bytes, { derivation, signal }).then(
    () => true,
    (error: unknown) => KeystoreError.is(error, 'password-needed'),
  );
  if (!hasKey) {
    return undefined;
  }
  return async () =>
    await openWithPassphrase(prompts, { title, name }, async (password) =>
      withProgress(l10n.t('Opening "{0}"', name), async (progress) => [
        {
          key: await readPrivateKey(bytes, { password, derivation, signal: progress.signal }),
          friendlyName: undefined,
        },
      ]),
    );
}

import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import { hasPrivateKey, hasSigningRequest, isProtected } from '../tenant/entryKind.js';
import type { KeystoreEntry } from '../tenant/keystoreEntry.js';
import type { ActionContext, Environment } from './environment.js';
import type { Files } from './files.js';
import { asFileName } from './fileName.js';
import { chooseEntry } from './targets.js';

type Destination = 'file' | 'clipboard' | 'editor';

/** "Download Signing Request…": to a file, the clipboard or an editor, and what to do with it. */
export async function downloadSigningRequest(
  environment: Environment,
  argument: unknown,
  ports: { readonly files: Files; readonly openText: (text: string) => Promise<void> },
  { signal, withProgress }: ActionContext,
): Promise<void> {
  const title = l10n.t('Download Signing Request');
  const { connection, entry } = await chooseEntry(environment, argument, {
    title,
    signal,
    suits: (candidate) => whyNoSigningRequest(candidate) === undefined,
    nothing: l10n.t('There is no key pair whose signing request could be downloaded. Create one first.'),
  });
  const refusal = whyNoSigningRequest(entry);
  if (refusal !== undefined) {
    throw new KeystoreError('refused', 'no signing request for this entry', {
      details: { explanation: refusal },
    });
  }
  const { prompts } = environment;
  const destination = await prompts.pick<Destination>({
    title: l10n.t('Signing request of "{0}"', entry.alias),
    placeholder: l10n.t('The request (CSR, certificate signing request) goes to a certificate authority'),
    items: [
      { label: l10n.t('Save to a file…'), value: 'file' },
      { label: l10n.t('Copy to the clipboard'), value: 'clipboard' },
      { label: l10n.t('Open in an editor'), value: 'editor' },
    ],
  });
  if (destination.kind === 'back') {
    return;
  }
  const bytes = await withProgress(
    l10n.t('Downloading the signing request of "{0}"', entry.alias),
    async (progress) => {
      const { client } = await environment.keystores.access(connection.id);
      return await client.readSigningRequest(entry.hexalias, progress.signal);
    },
  );
  const [{ readSigningRequest }, { encodePem }] = await Promise.all([
    import('../pki/signingRequest.js'),
    import('../pki/pem.js'),
  ]);
  const request = readSigningRequest(bytes);
  const pem = encodePem('CERTIFICATE REQUEST', request.der);
  switch (destination.value) {
    case 'file': {
      const uri = await prompts.saveFile({
        title,
        fileName: asFileName(entry.alias, '.csr'),
        filters: { [l10n.t('Signing request')]: ['csr', 'pem'] },
      });
      await ports.files.write(uri, new TextEncoder().encode(pem));
      break;
    }
    case 'clipboard':
      await prompts.writeClipboard(pem);
      break;
    case 'editor':
      await ports.openText(pem);
      break;
  }
  void prompts.inform(
    l10n.t(
      'Have the signing request of "{0}" signed by a certificate authority whose root SAP\'s load balancer supports (SAP Note 2801396), with client authentication (1.3.6.1.5.5.7.3.2) among the extended key usages. Then import the signing response.',
      entry.alias,
    ),
  );
}

/** Why SAP gives no signing request for an entry, or undefined where it does. */
export function whyNoSigningRequest(entry: KeystoreEntry): string | undefined {
  if (hasSigningRequest(entry)) {
    return undefined;
  }
  if (!hasPrivateKey(entry)) {
    return l10n.t('"{0}" is no key pair, so there is nothing to be signed.', entry.alias);
  }
  return isProtected(entry)
    ? l10n.t('"{0}" belongs to SAP and is signed already.', entry.alias)
    : l10n.t('"{0}" is an SSH key; SAP gives no signing request for it.', entry.alias);
}

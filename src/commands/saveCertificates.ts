import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import type { ActionContext, Environment } from './environment.js';
import type { Files } from './files.js';
import { asFileName } from './fileName.js';
import { chooseEntry } from './targets.js';

/** What is saved of an entry, under SAP's file names. */
export type SavedPart = 'certificate' | 'chain' | 'root';

const suffixes: Readonly<Record<SavedPart, string>> = {
  certificate: '.cer',
  chain: '.p7b',
  root: '_rootCA.cer',
};

/** "Save Certificate…", "Save Chain…", "Save Root Certificate…": read as PEM, DER or base64, written as SAP's pages write them. */
export async function saveCertificates(
  environment: Environment,
  argument: unknown,
  ports: { readonly part: SavedPart; readonly title: string; readonly files: Files },
  { signal, withProgress }: ActionContext,
): Promise<void> {
  const { part, title, files } = ports;
  const { connection, entry } = await chooseEntry(environment, argument, {
    title,
    signal,
    suits: (candidate) => part === 'certificate' || candidate.type === 'Key Pair',
  });
  const bytes = await withProgress(l10n.t('Reading "{0}"', entry.alias), async ({ signal: cancel }) => {
    const { client } = await environment.keystores.access(connection.id);
    return part === 'chain'
      ? await client.readChainResource(entry.hexalias, cancel)
      : await client.readCertificate(entry.hexalias, part === 'root' ? 'root' : 'leaf', cancel);
  });
  const [{ readCertificates }, { encodePem }, { writeCertificatesOnly }, { orderChain }] = await Promise.all([
    import('../pki/container.js'),
    import('../pki/pem.js'),
    import('../pki/pkcs7.js'),
    import('../pki/chain.js'),
  ]);
  const { certificates } = readCertificates(bytes);
  const [first] = certificates;
  if (first === undefined) {
    throw new KeystoreError('bad-answer', 'no certificate in the answer');
  }
  const ordered = orderChain(certificates);
  const text =
    part === 'chain'
      ? encodePem(
          'PKCS7',
          writeCertificatesOnly([...ordered.chain, ...ordered.strangers].map(({ der }) => der)),
        )
      : encodePem('CERTIFICATE', first.der);
  const uri = await environment.prompts.saveFile({
    title,
    fileName: asFileName(entry.alias, suffixes[part]),
    filters:
      part === 'chain' ? { 'PKCS#7': ['p7b', 'p7c'] } : { [l10n.t('Certificate')]: ['cer', 'crt', 'pem'] },
  });
  await files.write(uri, new TextEncoder().encode(text));
  environment.prompts.note(
    part === 'chain' && certificates.length > 1
      ? l10n.t('Saved {0} certificates of "{1}".', certificates.length, entry.alias)
      : l10n.t('Saved the certificate of "{0}".', entry.alias),
  );
}

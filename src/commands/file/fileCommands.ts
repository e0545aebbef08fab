import * as l10n from '@vscode/l10n';
import { Cancelled, KeystoreError } from '../../errors.js';
import type { SigningRequest } from '../../pki/signingRequest.js';
import { unreadTexts } from '../../ui/unreadText.js';
import { certificateLabel, chainChanges, placeOf } from '../chainText.js';
import type { ActionContext, Environment } from '../environment.js';
import { baseName } from '../fileName.js';
import { listedAuthority, practiceTenantOf } from '../listedAuthority.js';
import type { LocalPorts } from '../localKeyPair/ports.js';
import { chooseParts, type FileParts } from './parts.js';
import { askPublicPlace, keyLosses, lossText, newName } from './publicPlace.js';
import { saveParts } from './saveParts.js';

type Prompting = Pick<Environment, 'prompts'>;

/** "Copy as PEM": the certificates of a file, never its keys. */
export async function copyAsPem(
  { prompts }: Prompting,
  argument: unknown,
  ports: LocalPorts,
  context: ActionContext,
): Promise<void> {
  const title = l10n.t('Copy as PEM');
  const parts = await chooseParts(
    prompts,
    ports,
    { argument, title, placeholder: l10n.t('Certificates or signing request') },
    context,
  );
  const { encodePem } = await import('../../pki/pem.js');
  if (parts.form === 'signingRequest' && parts.request !== undefined) {
    await prompts.writeClipboard(encodePem('CERTIFICATE REQUEST', parts.request.der));
    prompts.note(
      keyLosses(parts).length === 0
        ? l10n.t('The signing request is in the clipboard.')
        : l10n.t('The signing request is in the clipboard; the private key of the file is not.'),
    );
    return;
  }
  refuseWithoutCertificates(parts);
  await prompts.writeClipboard(parts.certificates.map(({ der }) => encodePem('CERTIFICATE', der)).join(''));
  const copied =
    keyLosses(parts).length === 0
      ? l10n.t('Certificates in the clipboard: {0}.', parts.certificates.length)
      : l10n.t(
          'Certificates in the clipboard: {0}. The private key is not among them.',
          parts.certificates.length,
        );
  const requestLost =
    parts.request === undefined ? [] : [l10n.t('The signing request of the file is not copied.')];
  prompts.note([copied, ...requestLost, ...unreadTexts(parts.unread)].join(' '));
}

/** "Convert To…": another form of the same, with what it loses told before. */
export async function convertFile(
  { prompts }: Prompting,
  argument: unknown,
  ports: LocalPorts,
  context: ActionContext,
): Promise<void> {
  const title = l10n.t('Convert To');
  const parts = await chooseParts(
    prompts,
    ports,
    { argument, title, placeholder: l10n.t('Certificates, private key or signing request') },
    context,
  );
  await (parts.form === 'signingRequest' && parts.request !== undefined
    ? convertRequest({ prompts }, ports, { parts, request: parts.request, title })
    : saveParts(prompts, ports, { parts, title }, context));
}

async function convertRequest(
  { prompts }: Prompting,
  ports: LocalPorts,
  { parts, request, title }: { parts: FileParts; request: SigningRequest; title: string },
): Promise<void> {
  const answer = await prompts.pick<'pem' | 'der'>({
    title,
    placeholder: l10n.t('Into which form?'),
    items: [
      { label: 'PEM', description: '.csr', detail: lossText(keyLosses(parts)), value: 'pem' },
      { label: 'DER', description: '.p10', detail: lossText(keyLosses(parts)), value: 'der' },
    ],
  });
  if (answer.kind === 'back') {
    throw new Cancelled();
  }
  const { encodePem } = await import('../../pki/pem.js');
  const isPem = answer.value === 'pem';
  const uri = await askPublicPlace(prompts, {
    parts,
    title,
    fileName: newName(parts, isPem ? '.csr' : '.p10', '-request'),
    filters: { [l10n.t('Signing request')]: [isPem ? 'csr' : 'p10'] },
  });
  await ports.files.write(
    uri,
    isPem ? new TextEncoder().encode(encodePem('CERTIFICATE REQUEST', request.der)) : request.der,
  );
  prompts.note(l10n.t('Saved the signing request as "{0}".', baseName(uri)));
}

/** "Complete Chain…": missing issuers from the keystores of connected tenants and the open folder, and what was done shown first. */
export async function completeChain(
  { prompts, trust, connections }: Prompting & Pick<Environment, 'trust' | 'connections'>,
  argument: unknown,
  ports: LocalPorts,
  context: ActionContext,
): Promise<void> {
  const title = l10n.t('Complete Chain');
  const parts = await chooseParts(
    prompts,
    ports,
    { argument, title, placeholder: l10n.t('File whose chain is to be completed') },
    context,
  );
  refuseWithoutCertificates(parts);
  const [{ gatherIssuers }, { isSelfIssued }, { repairChain }] = await Promise.all([
    import('../../services/issuers.js'),
    import('../../pki/chain.js'),
    import('../../pki/chainRepair.js'),
  ]);
  const gaps: string[] = [...unreadTexts(parts.unread)];
  const sources = ports.issuerSources((told) => gaps.push(told));
  const found = await context.withProgress(
    l10n.t('Looking for the issuers of "{0}"', parts.name),
    ({ signal }) => gatherIssuers(parts.certificates, { sources, signal }),
  );
  const ordered = repairChain(parts.certificates, {
    pool: found.map(({ certificate }) => certificate),
    root: 'add',
    from: placeOf(found),
    isListed: await listedAuthority({ trust }, practiceTenantOf(connections, parts.certificates)),
  });
  const changes = chainChanges(ordered);
  if (changes.length === 0) {
    void prompts.inform(
      l10n.t(
        'The chain in "{0}" is complete and in order: {1}.',
        parts.name,
        ordered.chain.map((c) => certificateLabel(c)).join(' ← '),
      ),
    );
    return;
  }
  if (found.length === 0 && ordered.missingIssuer !== undefined && changes.length === 1) {
    throw notFound(ordered.missingIssuer, gaps);
  }
  const agreed = await prompts.confirm({
    message: l10n.t('Save "{0}" with this chain?', parts.name),
    detail: [
      l10n.t('Chain: {0}', ordered.chain.map((certificate) => certificateLabel(certificate)).join(' ← ')),
      ...changes,
      ...gaps,
      l10n.t('The file itself is not changed; a new one is written.'),
    ].join('\n'),
    action: l10n.t('Choose the Form'),
  });
  if (!agreed) {
    throw new Cancelled();
  }
  const last = ordered.chain.at(-1);
  const hasRoot = last !== undefined && isSelfIssued(last) && ordered.chain.length > 1;
  const keepsRoot = !hasRoot || (await askRoot(prompts, title));
  const chain = keepsRoot ? ordered.chain : ordered.chain.slice(0, -1);
  const completed = { ...parts, certificates: chain, name: withSuffix(parts.name) };
  await saveParts(prompts, ports, { parts: completed, title }, context);
}

async function askRoot(prompts: Environment['prompts'], title: string): Promise<boolean> {
  const answer = await prompts.pick<boolean>({
    title,
    placeholder: l10n.t('The root certificate'),
    items: [
      {
        label: l10n.t('With the root'),
        detail: l10n.t("complete, as keystores and SAP's uploads like it"),
        value: true,
      },
      {
        label: l10n.t('Without the root'),
        detail: l10n.t('as servers and clients send it: the other side has its own root'),
        value: false,
      },
    ],
  });
  if (answer.kind === 'back') {
    throw new Cancelled();
  }
  return answer.value;
}

/** `orders.p7b` becomes `orders-chain.p7b`. */
function withSuffix(name: string): string {
  return name.replace(/(\.[A-Za-z0-9]{1,8})?$/, (extension) => `-chain${extension}`);
}

function notFound(issuer: string, gaps: readonly string[]): KeystoreError {
  return new KeystoreError('refused', 'the issuer was not found', {
    details: {
      explanation: [
        l10n.t(
          'The certificate of "{0}" is neither in a keystore of the connected tenants nor in a file of the open folder. Put it into the folder and try again; nothing is looked for in the network.',
          issuer,
        ),
        ...gaps,
      ].join(' '),
    },
  });
}

function refuseWithoutCertificates({ certificates, name, unread }: FileParts): void {
  if (certificates.length === 0) {
    throw new KeystoreError('malformed', 'no certificate in the file', {
      details: {
        explanation: [l10n.t('"{0}" holds no certificate.', name), ...unreadTexts(unread)].join(' '),
      },
    });
  }
}

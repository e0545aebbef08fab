import * as l10n from '@vscode/l10n';
import type { Uri } from 'vscode';
import { Cancelled, KeystoreError } from '../../errors.js';
import { judgeOption, judgeOptionOfFile } from '../../inbound/entryOption.js';
import type { Option } from '../../inbound/acceptanceOfOption.js';
import type { SenderSetUp } from '../../inbound/senderSetUp.js';
import type { Certificate } from '../../pki/certificate.js';
import { orderChain } from '../../pki/chain.js';
import { readCertificates } from '../../pki/container.js';
import { displayName } from '../../pki/distinguishedName.js';
import type { Connection } from '../../services/connection.js';
import { certificateLabel } from '../chainText.js';
import type { ActionContext, Environment } from '../environment.js';
import { chooseParts, readParts, type PartsPorts } from '../file/parts.js';
import { chooseEntry, plainLabel } from '../targets.js';
import type { EntryTarget } from '../targets.js';

/** The certificate that a sender will call with, and what came with it. */
export interface SenderCertificate {
  readonly leaf: Certificate;
  /** The leaf first, as far as it was given; only the leaf is ever sent. */
  readonly chain: readonly Certificate[];
  /** What came along and does not belong to the chain. */
  readonly others: readonly Certificate[];
  /** How the key pair came about, where the entry tells. */
  readonly option: Option | undefined;
  /** The keystore that it comes from. */
  readonly from: Connection | undefined;
  /** For people. */
  readonly source: string;
}

/** Asks whether the certificate comes from an entry or from elsewhere; going back is `Cancelled`. */
export async function chooseSenderCertificate(
  environment: Environment,
  ports: PartsPorts,
  options: { readonly title: string; readonly placeholder: string; readonly context: ActionContext },
): Promise<SenderCertificate> {
  const { title, placeholder } = options;
  const answer = await environment.prompts.pick<'file' | 'entry'>({
    title,
    placeholder,
    items: [
      { label: l10n.t('From a file, the clipboard or the editor…'), value: 'file' },
      {
        label: l10n.t('Of a keystore entry…'),
        detail: l10n.t('Of any connected tenant, such as the one that calls'),
        value: 'entry',
      },
    ],
  });
  if (answer.kind === 'back') {
    throw new Cancelled();
  }
  return answer.value === 'file'
    ? await certificateOfFile(environment, undefined, ports, options)
    : await certificateOfEntry(environment, undefined, options);
}

/** The certificate of a keystore entry. */
export async function certificateOfEntry(
  environment: Environment,
  argument: unknown,
  options: { readonly title: string; readonly context: ActionContext },
): Promise<SenderCertificate> {
  const { title, context } = options;
  const target = await chooseEntry(environment, argument, {
    title,
    signal: context.signal,
    suits: ({ type }) => type === 'Key Pair' || type === 'Certificate',
    nothing: l10n.t('There is no entry with a certificate.'),
  });
  const certificates = await context.withProgress(
    l10n.t('Reading the certificate of "{0}"', target.entry.alias),
    ({ signal }) => readEntry(environment, target, signal),
  );
  const { option } = judgeOption(target.entry);
  return {
    ...(await asSender(environment, certificates, { title, source: target.entry.alias })),
    option,
    from: target.connection,
  };
}

/** The certificate of a file, or of one that the person names, the clipboard or the open editor. */
export async function certificateOfFile(
  environment: Environment,
  uri: Uri | undefined,
  ports: PartsPorts,
  options: { readonly title: string; readonly context: ActionContext },
): Promise<SenderCertificate> {
  const { title, context } = options;
  const { prompts } = environment;
  const parts =
    uri === undefined
      ? await chooseParts(
          prompts,
          ports,
          { argument: undefined, title, placeholder: l10n.t("The sender's certificate") },
          context,
        )
      : await readParts(
          prompts,
          ports,
          { source: { bytes: await ports.files.read(uri), fileName: fileName(uri), uri }, title },
          context,
        );
  if (parts.certificates.length === 0) {
    throw new KeystoreError('invalid-input', 'the file holds no certificate', {
      details: {
        explanation:
          parts.form === 'signingRequest'
            ? l10n.t(
                '"{0}" is a signing request. What is mapped is the certificate that an authority makes of it: have it signed first.',
                parts.name,
              )
            : l10n.t('"{0}" holds no certificate.', parts.name),
      },
    });
  }
  return {
    ...(await asSender(environment, parts.certificates, { title, source: parts.name })),
    option: undefined,
    from: undefined,
  };
}

/** The certificate of a set-up: of its entry, or as its file held it when it was chosen; the file may be gone. */
export async function certificateOfSetUp(
  environment: Environment,
  { name, certificate }: Pick<SenderSetUp, 'name' | 'certificate'>,
  options: { readonly title: string; readonly context: ActionContext },
): Promise<SenderCertificate> {
  if (certificate?.kind === 'entry') {
    return await certificateOfEntry(environment, certificate, options);
  }
  const certificates =
    certificate === undefined ? [] : readCertificates(Buffer.from(certificate.pem, 'utf8')).certificates;
  const [leaf] = certificates;
  if (leaf === undefined) {
    throw new KeystoreError('refused', 'the set-up has no certificate', {
      details: {
        explanation: l10n.t('No certificate is chosen for "{0}" yet. Choose it on the page first.', name),
      },
    });
  }
  return {
    leaf,
    chain: certificates,
    others: [],
    option: judgeOptionOfFile(displayName(leaf.issuer)).option,
    from: undefined,
    source: name,
  };
}

async function readEntry(
  { keystores }: Environment,
  { connection, entry }: EntryTarget,
  signal: AbortSignal,
): Promise<readonly Certificate[]> {
  const { client } = await keystores.access(connection.id);
  const body =
    entry.type === 'Key Pair'
      ? await client.readChainResource(entry.hexalias, signal)
      : await client.readCertificate(entry.hexalias, 'leaf', signal);
  return readCertificates(body).certificates;
}

/** Several that no chain joins: the person says whose it is. */
async function asSender(
  { prompts }: Environment,
  certificates: readonly Certificate[],
  { title, source }: { readonly title: string; readonly source: string },
): Promise<Pick<SenderCertificate, 'leaf' | 'chain' | 'others' | 'source'>> {
  const { chain, strangers } = orderChain(certificates);
  const leaf = chain[0] ?? certificates[0];
  if (leaf === undefined) {
    throw new KeystoreError('malformed', 'no certificate', {
      details: { explanation: l10n.t('"{0}" holds no certificate.', source) },
    });
  }
  const rivals = [leaf, ...strangers].filter(({ isCa }) => !isCa);
  if (rivals.length < 2) {
    return { leaf, chain, others: strangers, source };
  }
  const answer = await prompts.pick<Certificate>({
    title,
    placeholder: l10n.t('"{0}" holds several certificates: which one does the sender call with?', source),
    items: rivals.map((certificate) => ({
      label: plainLabel(certificateLabel(certificate)),
      detail: plainLabel(
        l10n.t(
          'issued by {0}, valid until {1}',
          displayName(certificate.issuer),
          certificate.notAfter.toISOString().slice(0, 10),
        ),
      ),
      value: certificate,
    })),
  });
  if (answer.kind === 'back') {
    throw new Cancelled();
  }
  const chosen = answer.value;
  const rest = certificates.filter(({ sha256 }) => sha256 !== chosen.sha256);
  return chosen.sha256 === leaf.sha256
    ? { leaf, chain, others: strangers, source }
    : { leaf: chosen, chain: [chosen], others: rest, source };
}

function fileName({ path }: Uri): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

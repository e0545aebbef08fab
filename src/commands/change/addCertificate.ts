import * as l10n from '@vscode/l10n';
import type { Uri } from 'vscode';
import { Cancelled, KeystoreError } from '../../errors.js';
import { isPassportAuthority } from '../../inbound/passport.js';
import { formatFingerprint, type Certificate } from '../../pki/certificate.js';
import { encodePem } from '../../pki/pem.js';
import type { Connection } from '../../services/connection.js';
import { importCertificate } from '../../services/keystoreWritesOfFiles.js';
import { uploadLimits } from '../../tenant/keystoreClient.js';
import type { KeystoreEntry } from '../../tenant/keystoreEntry.js';
import { unreadTexts } from '../../ui/unreadText.js';
import { visibleText } from '../../ui/visibleText.js';
import { certificateLabel, chainChanges, placeOf } from '../chainText.js';
import type { ActionContext, Environment } from '../environment.js';
import { entriesOf } from '../entriesOf.js';
import { chooseParts, type PartsPorts } from '../file/parts.js';
import { baseName } from '../fileName.js';
import { listedAuthority } from '../listedAuthority.js';
import type { RepairPorts } from '../responseRepair.js';
import { chooseTenant } from '../targets.js';
import { confirmUntrusted } from '../untrusted.js';
import { verdictLines } from '../verdict.js';
import { chooseCertificate, type ChosenCertificate } from './chooseCertificate.js';
import { alreadyThere, certificateFacts, refusePracticeCertificate, replacementFacts } from './facts.js';
import { fileArguments } from './fileArguments.js';
import { addFiles, type FileTask } from './fileSeries.js';
import { askImportAlias, proposeAlias, type ImportAlias } from './importAlias.js';

/** What the command needs beside the environment. */
export type AddPorts = PartsPorts & RepairPorts;

/** "Add Certificate…": one certificate of a file, the clipboard or an editor, shown with its verdict before it is sent; read back. */
export async function addCertificate(
  environment: Environment,
  { argument, selection }: { readonly argument: unknown; readonly selection: unknown },
  ports: AddPorts,
  context: ActionContext,
): Promise<void> {
  const { files, certificates, row } = fileArguments(argument, selection, ports.isUri);
  const connection = await chooseTenant(environment, row, l10n.t('Add Certificate'));
  const tasks = [...certificates, ...files].map((file) =>
    certificateTask(environment, connection, { file, ports }),
  );
  if (tasks.length === 0) {
    await addOne(environment, connection, { file: undefined, ports }, context);
  } else {
    await addFiles(environment, connection, tasks, context);
  }
}

/** The certificate of a file as one of several. */
export function certificateTask(
  environment: Environment,
  connection: Connection,
  { file, ports }: { readonly file: Uri; readonly ports: AddPorts },
): FileTask {
  return {
    uri: file,
    title: l10n.t('Add Certificate of "{0}"', visibleText(baseName(file))),
    add: (context) => addOne(environment, connection, { file, ports }, context),
  };
}

async function addOne(
  environment: Environment,
  connection: Connection,
  { file, ports }: { readonly file: Uri | undefined; readonly ports: AddPorts },
  context: ActionContext,
): Promise<void> {
  const { prompts, keystores } = environment;
  const title = l10n.t('Add Certificate to "{0}"', connection.name);
  const parts = await chooseParts(
    prompts,
    ports,
    { argument: file, title, placeholder: l10n.t('PEM, DER, PKCS#7, PKI path or PKCS#12') },
    context,
  );
  const chosen = await chooseCertificate(prompts, parts, title);
  const { certificate } = chosen;
  await refusePracticeCertificate([certificate], connection);
  const body = bodyOf(certificate);
  const entries = await entriesOf(environment, connection, context);
  const alias = await askImportAlias(prompts, {
    title,
    prompt: l10n.t('Alias of the certificate "{0}"', certificateLabel(certificate)),
    proposal: proposeAlias(certificateLabel(certificate), entries),
    type: 'Certificate',
    entries,
  });
  const verdict = await judge(environment, connection, { chosen, ports }, context);
  const lines = [...unreadTexts(parts.unread), ...verdict];
  await confirm(environment, connection, { chosen, alias, lines, entries });
  const result = await context.withProgress(
    l10n.t('Adding the certificate "{0}" to "{1}"', alias.alias, connection.name),
    ({ signal }) =>
      keystores.write(connection.id, (client) =>
        importCertificate(
          client,
          { alias: alias.alias, body, fingerprint: formatFingerprint(certificate.sha256) },
          {
            signal,
            replaces: alias.replaces,
            confirmUntrusted: (chain) =>
              confirmUntrusted(environment, { alias: alias.alias, sent: [certificate] }, chain),
          },
        ),
      ),
  );
  tell(environment, alias, result.answerLost);
  await environment.navigator.revealEntry(connection.id, result.after.hexalias);
}

/** PEM, as tenants are known to take it; DER where only that is small enough. */
function bodyOf({ der }: Certificate): Uint8Array {
  const limit = uploadLimits.certificate;
  if (der.length > limit) {
    throw new KeystoreError('too-large', 'the certificate exceeds the limit', {
      details: {
        explanation: l10n.t(
          'The certificate has {0} bytes; the tenant takes at most {1}.',
          der.length,
          limit,
        ),
      },
    });
  }
  const pem = new TextEncoder().encode(encodePem('CERTIFICATE', der));
  return pem.length <= limit ? pem : der;
}

async function judge(
  environment: Environment,
  connection: Connection,
  { chosen, ports }: { readonly chosen: ChosenCertificate; readonly ports: AddPorts },
  { withProgress }: ActionContext,
): Promise<readonly string[]> {
  const { certificate, all } = chosen;
  if (certificate.isCa) {
    return [
      l10n.t(
        'This is the certificate of a certificate authority. Integration flows of this tenant will trust every server whose certificate it issued.',
      ),
    ];
  }
  const [{ gatherIssuers }, { repairChain }] = await Promise.all([
    import('../../services/issuers.js'),
    import('../../pki/chainRepair.js'),
  ]);
  const gaps: string[] = [];
  const leafSpkiSha256 = certificate.spkiSha256;
  const related = [certificate, ...all.filter((other) => other.spkiSha256 !== leafSpkiSha256)];
  const found = await withProgress(l10n.t('Completing the chain'), ({ signal }) =>
    gatherIssuers(related, {
      leafSpkiSha256,
      sources: ports.issuerSources((told) => gaps.push(told)),
      signal,
    }),
  );
  const pool = found.map((issuer) => issuer.certificate);
  const repaired = repairChain(related, {
    leafSpkiSha256,
    pool,
    root: 'add',
    from: placeOf(found),
    isListed: await listedAuthority(environment, connection),
  });
  const verdict = await verdictLines(environment, connection, {
    chain: repaired.chain,
    extra: pool,
    option: isPassportAuthority(certificate.issuer) ? 2 : 4,
  });
  return [
    ...verdict,
    l10n.t(
      'This verdict is about a sender that calls with it. To trust the server of a receiver, it does not matter.',
    ),
    ...(repaired.missingIssuer === undefined ? [] : chainChanges(repaired).slice(-1)),
    ...gaps,
  ];
}

async function confirm(
  { prompts }: Environment,
  { name }: Connection,
  review: {
    readonly chosen: ChosenCertificate;
    readonly alias: ImportAlias;
    readonly lines: readonly string[];
    readonly entries: readonly KeystoreEntry[];
  },
): Promise<void> {
  const { chosen, alias, lines, entries } = review;
  const { certificate, keyStays } = chosen;
  const { replaces } = alias;
  const agreed = await prompts.confirm({
    message:
      replaces === undefined
        ? l10n.t('Add this certificate to "{0}" as "{1}"?', name, alias.alias)
        : l10n.t('Replace the certificate "{1}" of "{0}"?', name, alias.alias),
    detail: [
      ...(replaces === undefined ? certificateFacts(certificate) : replacementFacts(replaces, certificate)),
      ...(replaces === undefined
        ? []
        : [
            l10n.t('The present certificate is gone then; whoever calls with it or relies on it is refused.'),
          ]),
      ...(keyStays ? [l10n.t('The private key stays in its file; only this certificate is sent.')] : []),
      ...alreadyThere(certificate, entries),
      ...lines,
    ].join('\n'),
    action: replaces === undefined ? l10n.t('Add Certificate') : l10n.t('Replace Certificate'),
  });
  if (!agreed) {
    throw new Cancelled();
  }
}

function tell({ prompts }: Environment, { alias, replaces }: ImportAlias, answerLost: boolean): void {
  const isNew = replaces === undefined;
  if (answerLost) {
    void prompts.inform(
      isNew
        ? l10n.t('The certificate "{0}" was added; the answer was lost.', alias)
        : l10n.t('The certificate "{0}" was replaced; the answer was lost.', alias),
    );
    return;
  }
  prompts.note(
    isNew ? l10n.t('Certificate "{0}" added.', alias) : l10n.t('Certificate "{0}" replaced.', alias),
  );
}

import * as l10n from '@vscode/l10n';
import type { Uri } from 'vscode';
import { Command } from '../../contributions.js';
import { Cancelled, KeystoreError } from '../../errors.js';
import type { Certificate } from '../../pki/certificate.js';
import type { RepairedChain } from '../../pki/chainRepair.js';
import type { CertificateContainer } from '../../pki/container.js';
import type { PrivateKeyInfo } from '../../pki/privateKeyInfo.js';
import type { IssuerSource } from '../../services/issuers.js';
import type { Connection } from '../../services/connection.js';
import type { Prompts } from '../../ui/prompts.js';
import { unreadTexts } from '../../ui/unreadText.js';
import { certificateLabel, chainChanges, placeOf } from '../chainText.js';
import type { ActionContext, Environment } from '../environment.js';
import { verdictLines } from '../verdict.js';
import { asFileName, baseName } from '../fileName.js';
import { listedAuthority, practiceTenantOf } from '../listedAuthority.js';
import { noCertificateText } from '../noCertificate.js';
import { askSecretPlace, writeToSecretPlace } from '../secretPlace.js';
import { askSource, readFileSource, signingResponseFilters } from '../source.js';
import { askJoinedChoice, joinedFile } from './joined.js';
import { keyOfResponse } from './keyOfResponse.js';
import type { LocalPorts } from './ports.js';

/** Where the key lies, its certificates and what was done to them. */
interface Joined {
  readonly keyUri: Uri;
  readonly leaf: Certificate;
  readonly ordered: RepairedChain;
}

/**
 * "Complete with Signing Response…": finds the private key of a response, joins the two, completes the chain, and writes a file
 * that programs take. Nothing is written before it was shown and agreed.
 */
export async function completeLocalKeyPair(
  environment: Pick<Environment, 'prompts' | 'now' | 'trust' | 'connections'>,
  argument: unknown,
  ports: LocalPorts,
  context: ActionContext,
): Promise<void> {
  const { prompts } = environment;
  const title = l10n.t('Complete with Signing Response');
  const source = ports.isUri(argument)
    ? await readFileSource(ports, argument)
    : await askSource(prompts, ports, {
        title,
        placeholder: l10n.t('Signing response: PKCS#7, PKI path, SPC, PEM or DER certificates'),
        filters: signingResponseFilters(),
      });
  const { certificates, unread } = await certificatesOf(source.bytes);
  const wanted = new Set(certificates.map(({ spkiSha256 }) => spkiSha256));
  const pending = ports.pending.find(wanted);
  const { keyUri, content, passphrase } = await keyOfResponse(
    prompts,
    ports,
    { certificates, unread, pending, title },
    context,
  );
  const { key } = content;
  const judge = practiceTenantOf(environment.connections, certificates);
  const gaps: string[] = [];
  const joined = await complete(
    { certificates, key, keyUri, isListed: await listedAuthority(environment, judge) },
    ports.issuerSources((told) => gaps.push(told)),
    context,
  );
  await confirm(environment, joined, { gaps: [...unreadTexts(unread), ...gaps], judge });
  const choice = await askJoinedChoice(prompts, {
    title,
    friendlyName: certificateLabel(joined.leaf),
    passphrase,
  });
  const isPem = choice.form === 'pem';
  const place = await askSecretPlace(prompts, {
    title: l10n.t('Where to Keep Key and Certificates'),
    fileName: asFileName(certificateLabel(joined.leaf), isPem ? '.pem' : '.p12'),
    filters: isPem ? { PEM: ['pem'] } : { 'PKCS#12': ['p12', 'pfx'] },
    startAt: keyUri,
    workspaceFolders: ports.workspaceFolders(),
  });
  await context.withProgress(l10n.t('Writing "{0}"', baseName(place.uri)), async ({ signal }) => {
    const bytes = await joinedFile(key.pkcs8, joined.ordered.chain, choice, {
      derivation: ports.derivation,
      signal,
    });
    await writeToSecretPlace(prompts, place, bytes);
  });
  await ports.pending.remove(key.spkiSha256);
  offerNext(prompts, ports, place.uri, keyUri);
}

async function certificatesOf(bytes: Uint8Array): Promise<CertificateContainer> {
  const { readCertificates } = await import('../../pki/container.js');
  const container = readCertificates(bytes);
  if (container.certificates.length === 0) {
    throw new KeystoreError('malformed', 'no certificate in the input', {
      details: { explanation: noCertificateText(container.unread) },
    });
  }
  return container;
}

async function complete(
  given: {
    readonly certificates: readonly Certificate[];
    readonly key: PrivateKeyInfo;
    readonly keyUri: Uri;
    readonly isListed: (certificate: Certificate) => boolean;
  },
  sources: readonly IssuerSource[],
  { withProgress }: ActionContext,
): Promise<Joined> {
  const { certificates, key, keyUri, isListed } = given;
  const [{ gatherIssuers }, { repairChain }] = await Promise.all([
    import('../../services/issuers.js'),
    import('../../pki/chainRepair.js'),
  ]);
  const leafSpkiSha256 = key.spkiSha256;
  const found = await withProgress(l10n.t('Completing the chain'), async ({ signal }) =>
    gatherIssuers(certificates, { leafSpkiSha256, sources, signal }),
  );
  const ordered = repairChain(certificates, {
    leafSpkiSha256,
    pool: found.map(({ certificate }) => certificate),
    root: 'add',
    from: placeOf(found),
    isListed,
  });
  const { leaf } = ordered;
  if (leaf === undefined) {
    throw new KeystoreError('mismatch', 'no certificate of the key');
  }
  return { keyUri, leaf, ordered };
}

async function confirm(
  environment: Pick<Environment, 'prompts' | 'now' | 'trust'>,
  { leaf, ordered, keyUri }: Joined,
  { gaps, judge }: { readonly gaps: readonly string[]; readonly judge: Connection | undefined },
): Promise<void> {
  const [{ displayName }, { formatFingerprint }] = await Promise.all([
    import('../../pki/distinguishedName.js'),
    import('../../pki/certificate.js'),
  ]);
  const verdict = await verdictLines(environment, judge, {
    chain: ordered.chain,
    extra: [],
    option: 4,
  });
  const agreed = await environment.prompts.confirm({
    message: l10n.t('Join this certificate with its private key?'),
    detail: [
      ...verdict,
      ...(judge === undefined
        ? []
        : [
            l10n.t(
              'This response was signed by the Practice CA; no real receiver trusts it. It works on the practice tenant only.',
            ),
          ]),
      l10n.t('Subject: {0}', displayName(leaf.subject)),
      l10n.t('Issuer: {0}', displayName(leaf.issuer)),
      l10n.t('Valid: {0} to {1}', day(leaf.notBefore), day(leaf.notAfter)),
      l10n.t('SHA-256: {0}', formatFingerprint(leaf.sha256)),
      l10n.t('Private key: {0}', keyUri.fsPath),
      l10n.t('Chain: {0}', ordered.chain.map((certificate) => certificateLabel(certificate)).join(' ← ')),
      ...chainChanges(ordered),
      ...gaps,
    ].join('\n'),
    action: l10n.t('Join'),
  });
  if (!agreed) {
    throw new Cancelled();
  }
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function offerNext(prompts: Prompts, ports: LocalPorts, uri: Uri, keyUri: Uri): void {
  // Offered as far as this version has them.
  const known: readonly string[] = Object.values(Command);
  const steps = new Map(
    [
      [l10n.t('Add Certificate…'), 'ciKeystore.certificate.add'] as const,
      [l10n.t('Add Key Pair…'), 'ciKeystore.keyPair.add'] as const,
    ].filter(([, command]) => known.includes(command)),
  );
  const told = [
    l10n.t(
      'Key and certificates are in "{0}". The sender needs this file; a tenant needs the key pair only where it calls others with it.',
      uri.fsPath,
    ),
    ...(uri.fsPath === keyUri.fsPath
      ? []
      : [l10n.t('The file "{0}" is not needed any more.', keyUri.fsPath)]),
  ];
  void prompts.inform(told.join(' '), ...steps.keys()).then((chosen) => {
    const command = steps.get(chosen ?? '');
    if (command !== undefined) {
      ports.runOnFile(command, uri);
    }
  });
}

import * as l10n from '@vscode/l10n';
import type * as vscode from 'vscode';
import { Cancelled, KeystoreError } from '../errors.js';
import type { SigningResponse } from '../pki/signingResponse.js';
import { importSigningResponse as writeSigningResponse } from '../services/keystoreWrites.js';
import type { KeystoreEntry } from '../tenant/keystoreEntry.js';
import { containerFormText } from '../ui/containerForm.js';
import { unreadTexts } from '../ui/unreadText.js';
import type { ActionContext, Environment } from './environment.js';
import { whyNoSigningRequest } from './downloadSigningRequest.js';
import {
  askSource,
  readFileSource,
  signingResponseFilters,
  type Source,
  type SourcePorts,
} from './source.js';
import { certificateLabel } from './chainText.js';
import { entryIdOf } from './targetIds.js';
import { chooseEntry, type EntryTarget } from './targets.js';
import { refuseOtherKey, type OtherKeyPorts } from './responseOfOtherKey.js';
import { listedAuthority } from './listedAuthority.js';
import { noCertificateText } from './noCertificate.js';
import { repairResponse, type RepairedResponse, type RepairPorts } from './responseRepair.js';
import { confirmUntrusted } from './untrusted.js';
import { verdictLines } from './verdict.js';

/** What the command needs beside the environment. */
export interface ImportPorts extends SourcePorts, RepairPorts, OtherKeyPorts {
  readonly isUri: (value: unknown) => value is vscode.Uri;
}

/** "Import Signing Response…": everything is checked and shown before anything is sent; read back and revealed afterwards. */
export async function importSigningResponse(
  environment: Environment,
  argument: unknown,
  ports: ImportPorts,
  context: ActionContext,
): Promise<void> {
  const file = ports.isUri(argument) ? argument : undefined;
  const title = l10n.t('Import Signing Response');
  const target = await chooseEntry(environment, entryIdOf(argument) === undefined ? undefined : argument, {
    title,
    signal: context.signal,
    suits: (candidate) => whyNoSigningRequest(candidate) === undefined,
    nothing: l10n.t('There is no key pair of yours that a signing response could belong to.'),
  });
  refuseForeign(target.entry);
  const source =
    file === undefined
      ? await askSource(environment.prompts, ports, {
          title: l10n.t('Signing response for "{0}"', target.entry.alias),
          placeholder: l10n.t('PKCS#7, PKI path, SPC, PEM or DER certificates'),
          filters: signingResponseFilters(),
        })
      : await readFileSource(ports, file);
  const read = await check(environment, target, { source, ports }, context);
  const { response, lines, extra } = await repairResponse(
    { read, isListed: await listedAuthority(environment, target.connection) },
    ports,
    context,
  );
  await confirmImport(environment, target, { response, source, lines, extra });
  const { formatFingerprint } = await import('../pki/certificate.js');
  const leaf = response.leaf;
  if (leaf === undefined) {
    throw noLeaf();
  }
  const result = await context.withProgress(
    l10n.t('Importing the signing response into "{0}"', target.entry.alias),
    ({ signal }) =>
      environment.keystores.write(target.connection.id, (client) =>
        writeSigningResponse(
          client,
          target.entry,
          {
            body: response.body,
            contentType: response.contentType,
            leafFingerprint: formatFingerprint(leaf.sha256),
          },
          {
            signal,
            confirmUntrusted: (chain) =>
              confirmUntrusted(
                environment,
                { alias: target.entry.alias, sent: response.certificates },
                chain,
              ),
          },
        ),
      ),
  );
  await environment.navigator.revealEntry(target.connection.id, result.after.hexalias);
  void environment.prompts.inform(
    [
      result.answerLost
        ? l10n.t('The signing response was imported into "{0}"; the answer was lost.', target.entry.alias)
        : l10n.t('"{0}" holds the signed certificate now.', target.entry.alias),
      changes(result.before, result.after),
    ].join(' '),
  );
}

function refuseForeign(entry: KeystoreEntry): void {
  const refusal = whyNoSigningRequest(entry);
  if (refusal !== undefined) {
    throw new KeystoreError('refused', 'no signing response for this entry', {
      details: { explanation: refusal },
    });
  }
}

async function check(
  environment: Environment,
  { connection, entry }: EntryTarget,
  { source, ports }: { readonly source: Source; readonly ports: ImportPorts },
  context: ActionContext,
): Promise<SigningResponse> {
  const [{ readSigningResponse }, { readCertificates }, practice] = await Promise.all([
    import('../pki/signingResponse.js'),
    import('../pki/container.js'),
    import('../pki/practiceMarker.js'),
  ]);
  const own = await context.withProgress(
    l10n.t('Reading the certificate of "{0}"', entry.alias),
    async ({ signal }) => {
      const { client } = await environment.keystores.access(connection.id);
      return readCertificates(await client.readCertificate(entry.hexalias, 'leaf', signal)).certificates[0];
    },
  );
  if (own === undefined) {
    throw new KeystoreError('bad-answer', 'the entry has no readable certificate');
  }
  ports.publicKeys.learn(own);
  const response = readSigningResponse(source.bytes, source.fileName, own.spkiSha256);
  if (response.certificates.length === 0) {
    throw new KeystoreError('malformed', 'no certificate in the input', {
      details: {
        explanation: noCertificateText(response.unread),
      },
    });
  }
  if (!response.certificates.some((certificate) => certificate.spkiSha256 === own.spkiSha256)) {
    if (response.unread.length > 0) {
      throw new KeystoreError('malformed', 'the certificate of the key may be among what was not read', {
        details: {
          explanation: [
            l10n.t(
              'None of the certificates that could be read belongs to the key of "{0}". Nothing was sent.',
              entry.alias,
            ),
            ...unreadTexts(response.unread),
          ].join(' '),
        },
      });
    }
    return await refuseOtherKey(environment, { entry, response, ports }, context);
  }
  if (
    !connection.practice &&
    response.certificates.some((certificate) => practice.isPracticeCertificate(certificate))
  ) {
    throw new KeystoreError('refused', 'practice certificate for a real tenant', {
      details: {
        explanation: l10n.t(
          'This response was signed by the Practice CA; no real receiver trusts it. It works on the practice tenant only.',
        ),
      },
    });
  }
  return response;
}

async function confirmImport(
  environment: Environment,
  { connection, entry }: EntryTarget,
  { response, source, lines, extra }: RepairedResponse & { readonly source: Source },
): Promise<void> {
  const { displayName } = await import('../pki/distinguishedName.js');
  const { formatFingerprint } = await import('../pki/certificate.js');
  const leaf = response.leaf;
  if (leaf === undefined) {
    throw noLeaf();
  }
  const verdict = await verdictLines(environment, connection, {
    chain: response.chain,
    extra,
    option: 3,
  });
  const agreed = await environment.prompts.confirm({
    message: l10n.t('Import this signing response into "{0}" of "{1}"?', entry.alias, connection.name),
    detail: [
      ...lines,
      ...verdict,
      l10n.t('Subject: {0}', displayName(leaf.subject)),
      l10n.t('Issuer: {0}', displayName(leaf.issuer)),
      l10n.t('Valid: {0} to {1}', day(leaf.notBefore), day(leaf.notAfter)),
      l10n.t('SHA-256: {0}', formatFingerprint(leaf.sha256)),
      l10n.t('Chain: {0}', response.chain.map(certificateLabel).join(' ← ')),
      source.fileName === undefined
        ? l10n.t('Form: {0} ({1} bytes)', containerFormText(response.form), response.body.length)
        : l10n.t(
            'Form: {0} ({1}, {2} bytes)',
            containerFormText(response.form),
            source.fileName,
            response.body.length,
          ),
    ].join('\n'),
    action: l10n.t('Import'),
  });
  if (!agreed) {
    throw new Cancelled();
  }
}

function changes(before: KeystoreEntry | undefined, after: KeystoreEntry): string {
  const date = (value: Date | undefined): string => (value === undefined ? '?' : day(value));
  return l10n.t(
    'Issuer: {0} → {1}. Valid until: {2} → {3}. SHA-256: {4} → {5}.',
    before?.issuerDn ?? '?',
    after.issuerDn ?? '?',
    date(before?.validNotAfter),
    date(after.validNotAfter),
    shortFingerprint(before),
    shortFingerprint(after),
  );
}

function shortFingerprint(entry: KeystoreEntry | undefined): string {
  return entry?.fingerprintSha256 === undefined ? '?' : `${entry.fingerprintSha256.slice(0, 11)}…`;
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function noLeaf(): KeystoreError {
  return new KeystoreError('malformed', 'no leaf certificate', {
    details: { explanation: l10n.t('None of its certificates is the one of the key pair.') },
  });
}

import * as vscode from 'vscode';
import { Command } from '../contributions.js';
import { Cancelled, KeystoreError } from '../errors.js';
import { inboundPurpose } from '../inbound/inboundPurpose.js';
import { judgeOption } from '../inbound/entryOption.js';
import type { Certificate } from '../pki/certificate.js';
import { readCertificates } from '../pki/container.js';
import { field, type DescriptionGroup } from '../pki/description.js';
import { trustListsFor } from '../services/trust.js';
import type { KeystoreEntry } from '../tenant/keystoreEntry.js';
import { failureMessage } from '../ui/failureMessage.js';
import { visibleText } from '../ui/visibleText.js';
import type { Inspected } from './inspected.js';
import { entryFailure, retry } from './inspectorFailure.js';
import { action, type SourceTools, type WatchedSource } from './inspectorFileSource.js';
import { searchFiles, searchKeystores } from './inspectorSearch.js';
import { settled } from './inspectorSettings.js';
import { judgingCases } from './inspectorVerdicts.js';

/** An entry of a tenant's keystore. */
export function entrySource(
  { tenantId, hexalias }: { readonly tenantId: string; readonly hexalias: string },
  title: string,
  tools: SourceTools,
): WatchedSource {
  const { options, parts } = tools;
  const { connections, keystores } = options;
  const find = (entries: readonly KeystoreEntry[] | undefined): KeystoreEntry | undefined =>
    entries?.find((entry) => entry.hexalias === hexalias);
  let shown: string | undefined;
  return {
    name: visibleText(title),
    read: async ({ signal }) => {
      const entry = find(await keystores.entriesOrRead(tenantId, signal));
      const connection = connections.get(tenantId);
      if (entry === undefined || connection === undefined) {
        shown = undefined;
        throw new KeystoreError('not-found', 'the entry is gone', {
          details: {
            explanation: vscode.l10n.t(
              'The entry is not in the keystore any more: it was renamed or deleted, or the tenant was removed.',
            ),
          },
        });
      }
      shown = JSON.stringify(entry);
      const { certificates, note } = await readEntryCertificates(tools, tenantId, entry, signal);
      const about = parts.entryFacts(entry, connection, options.now());
      const inspected: Inspected = {
        heading: about.heading,
        origin: about.origin,
        notes: [...about.notes, ...note],
        facts: [
          group('entry', vscode.l10n.t('Keystore entry'), about.details),
          ...(certificates.length > 0
            ? []
            : [
                group(
                  'listed',
                  vscode.l10n.t("Certificate, as the tenant's list tells it"),
                  about.certificate,
                ),
              ]),
        ],
        certificates: certificates.map((certificate) => ({ certificate })),
        isOrdered: false,
        request: undefined,
        keys: [],
        locked: undefined,
        nothing: undefined,
      };
      return {
        inspected,
        version: [shown, ...certificates.map(({ sha256 }) => sha256), ...note].join(),
      };
    },
    unlock: () => Promise.reject(new Cancelled()),
    judging: () =>
      settled(tools.settings(), async (settings) => {
        const entry = find(keystores.entries(tenantId));
        return judgingCases(await trustListsFor(connections.get(tenantId), settings), {
          option: entry === undefined ? undefined : judgeOption(entry).option,
          environment: inboundPurpose(connections.get(tenantId)?.address) === 'neo' ? 'neo' : 'cloudFoundry',
        });
      }),
    failure: (error) => entryFailure(error, connections.get(tenantId)?.name),
    actions: ({ hasCertificates }) => [
      action('showMapping', vscode.l10n.t('Show Mapping Set-Up')),
      ...(hasCertificates ? [action('compare', vscode.l10n.t('Compare With…'))] : [retry()]),
      action('showInKeystores', vscode.l10n.t('Show in Keystores')),
    ],
    act: async (wanted) => {
      const target = { tenantId, hexalias };
      switch (wanted) {
        case 'showMapping':
          await vscode.commands.executeCommand(Command.mappingShow, target);
          return;
        case 'compare':
          await vscode.commands.executeCommand(Command.fileCompare, target);
          return;
        case 'showInKeystores':
          await options.revealEntry(tenantId, hexalias);
          return;
        default:
      }
    },
    search: (where, keys, search) =>
      where === 'keystores'
        ? searchKeystores(options, parts.publicKeys, keys, { ...search, self: { tenantId, hexalias } })
        : searchFiles(parts, tools.derivation, keys, search),
    canSearchFiles: () => (vscode.workspace.workspaceFolders ?? []).length > 0,
    watch: (changed) =>
      keystores.onDidChange((id) => {
        const entries = keystores.entries(tenantId);
        if ((id === undefined || id === tenantId) && entries !== undefined) {
          const entry = find(entries);
          if ((entry === undefined ? undefined : JSON.stringify(entry)) !== shown) {
            changed();
          }
        }
      }),
  };
}

function group(
  id: string,
  title: string,
  details: readonly { readonly label: string; readonly value: string }[],
): DescriptionGroup {
  return { id, title, fields: details.map(({ label, value }) => field(label, value)) };
}

/** The chain of a key pair, the certificate of another entry; what keeps them from being read is a note, not a failure. */
async function readEntryCertificates(
  { options: { keystores, connections } }: SourceTools,
  tenantId: string,
  { hexalias, type }: KeystoreEntry,
  signal: AbortSignal,
): Promise<{ readonly certificates: readonly Certificate[]; readonly note: readonly string[] }> {
  try {
    const { client } = await keystores.access(tenantId);
    const bytes =
      type === 'Key Pair'
        ? await client.readChainResource(hexalias, signal)
        : await client.readCertificate(hexalias, 'leaf', signal);
    return { certificates: readCertificates(bytes).certificates, note: [] };
  } catch (error) {
    Cancelled.throwIfAborted(signal);
    if (!KeystoreError.is(error)) {
      throw error;
    }
    const tenant = connections.get(tenantId)?.name;
    return {
      certificates: [],
      note: [
        visibleText(failureMessage(error, vscode.l10n.t('The certificates could not be read'), tenant).text),
      ],
    };
  }
}

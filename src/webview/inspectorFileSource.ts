import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import { Command } from '../contributions.js';
import { KeystoreError } from '../errors.js';
import type { KeyDerivation } from '../pki/keyDerivation.js';
import { inboundPurpose } from '../inbound/inboundPurpose.js';
import { trustListsFor } from '../services/trust.js';
import { visibleText } from '../ui/visibleText.js';
import { inspectFile } from './inspected.js';
import { fileFailure, openAsText } from './inspectorFailure.js';
import { searchFiles, searchKeystores } from './inspectorSearch.js';
import type { InspectorSource } from './inspectorSource.js';
import { judgingCases, type JudgingCase } from './inspectorVerdicts.js';
import type { InspectorOptions, InspectorParts } from './inspectorTools.js';
import type { PageAction } from './protocolInspector.js';
import { settled, type JudgingSettings } from './inspectorSettings.js';

/** What sources share. */
export interface SourceTools {
  readonly options: InspectorOptions;
  readonly parts: InspectorParts;
  readonly derivation: KeyDerivation;
  readonly settings: () => JudgingSettings;
}

/** A source that tells when it may have changed. */
export interface WatchedSource extends InspectorSource {
  readonly watch: (changed: () => void) => { dispose(): void };
}

const maxBytes = 16 * 1024 * 1024;

/** A file of any file system that VS Code knows. */
export function fileSource(uri: vscode.Uri, tools: SourceTools): WatchedSource {
  const { options, parts, derivation } = tools;
  const name = baseName(uri);
  return {
    name: visibleText(name),
    read: async ({ password, signal, onProgress }) => {
      const bytes = await readBytes(uri);
      return {
        inspected: await inspectFile(name, bytes, { password, signal, onProgress, derivation }),
        version: createHash('sha256').update(bytes).digest('hex'),
      };
    },
    unlock: async (read) =>
      (
        await parts.openWithPassphrase(
          parts.prompts,
          { title: vscode.l10n.t('Inspect'), name: visibleText(name) },
          read,
        )
      ).content,
    judging: () => settled(tools.settings(), (settings) => fileCases(options, settings)),
    failure: fileFailure,
    actions: ({ hasCertificates, missesIssuer, keys }) => [
      ...(missesIssuer ? [action('completeChain', vscode.l10n.t('Complete Chain…'))] : []),
      ...(hasCertificates
        ? [
            action('convert', vscode.l10n.t('Convert To…')),
            action('copyAsPem', vscode.l10n.t('Copy as PEM')),
            action('compare', vscode.l10n.t('Compare With…')),
          ]
        : []),
      // Of a locked file there is nothing to read in its bytes.
      ...(keys.size > 0 ? [openAsText()] : []),
    ],
    act: async (wanted) => {
      switch (wanted) {
        case 'openAsText':
          await vscode.commands.executeCommand('vscode.openWith', uri, 'default');
          return;
        case 'completeChain':
          await vscode.commands.executeCommand(Command.fileCompleteChain, uri);
          return;
        case 'convert':
          await vscode.commands.executeCommand(Command.fileConvert, uri);
          return;
        case 'copyAsPem':
          await vscode.commands.executeCommand(Command.fileCopyAsPem, uri);
          return;
        case 'compare':
          await vscode.commands.executeCommand(Command.fileCompare, uri);
          return;
        default:
      }
    },
    search: (where, keys, search) =>
      where === 'keystores'
        ? searchKeystores(options, parts.publicKeys, keys, search)
        : searchFiles(parts, derivation, keys, { ...search, self: uri }),
    canSearchFiles: () => (vscode.workspace.workspaceFolders ?? []).length > 0,
    watch: (changed) => watchFile(uri, changed),
  };
}

/** A button with its words. */
export function action(name: PageAction['action'], label: string): PageAction {
  return { action: name, label };
}

function baseName(uri: vscode.Uri): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1);
}

async function readBytes(uri: vscode.Uri): Promise<Uint8Array> {
  try {
    const { size } = await vscode.workspace.fs.stat(uri);
    if (size > maxBytes) {
      throw new KeystoreError('budget', `A file of ${size} bytes`, {
        details: {
          explanation: vscode.l10n.t('The file has {0} bytes; at most {1} are read.', size, maxBytes),
        },
      });
    }
    return await vscode.workspace.fs.readFile(uri);
  } catch (cause) {
    if (KeystoreError.is(cause)) {
      throw cause;
    }
    throw new KeystoreError('file-system', 'the file could not be read', {
      cause,
      details: { explanation: vscode.l10n.t('"{0}" cannot be read.', visibleText(uri.path)) },
    });
  }
}

/** SAP's questions, and the practice tenant's where it is open: it has a list of its own. */
async function fileCases(
  { connections }: Pick<InspectorOptions, 'connections'>,
  settings: JudgingSettings,
): Promise<readonly JudgingCase[]> {
  const own = judgingCases(await trustListsFor(undefined, settings), {
    option: 'ofFile',
    environment: 'any',
  });
  const practice = connections.list().filter((connection) => connection.practice);
  const others = await Promise.all(
    practice.map(async (connection) => ({
      id: `practice-${connection.id}`,
      purpose: inboundPurpose(connection.address),
      question: vscode.l10n.t('Will "{0}" accept it?', visibleText(connection.name)),
      lists: await trustListsFor(connection, settings),
      option: 'ofFile' as const,
    })),
  );
  return [...own, ...others];
}

function watchFile(uri: vscode.Uri, changed: () => void): vscode.Disposable {
  const folder = vscode.Uri.joinPath(uri, '..');
  // Not the name as pattern: it may hold what a pattern obeys.
  const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, '*'));
  const tell = (other: vscode.Uri): void => {
    if (other.toString() === uri.toString()) {
      changed();
    }
  };
  return vscode.Disposable.from(
    watcher,
    watcher.onDidChange(tell),
    watcher.onDidCreate(tell),
    watcher.onDidDelete(tell),
  );
}

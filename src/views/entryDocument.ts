import * as vscode from 'vscode';
import type { KeystoreEntry } from '../tenant/keystoreEntry.js';
import type { ChainKnowledge } from './entryText.js';
import type { TenantsSource } from './entriesProvider.js';
import type { ChainReader } from './nodes/chainReader.js';
import { hasPrivateKey } from '../tenant/entryKind.js';
import { parseEntryPath, writeEntryPath } from './nodes/entryPath.js';
import { knownEntries } from './nodes/model.js';
import { visibleText } from '../ui/visibleText.js';

/** The scheme of documents that show an entry. */
export const entryDocumentScheme = 'ci-keystore';

/** What the documents are made from. */
export interface EntryDocumentsOptions {
  readonly source: TenantsSource;
  readonly chains: ChainReader;
  readonly now: () => number;
}

/** The address of an entry's document. The entry is told by its hexalias; the alias in it is for the tab's title only. */
export function entryDocumentUri(tenantId: string, entry: KeystoreEntry): vscode.Uri {
  return vscode.Uri.from({
    scheme: entryDocumentScheme,
    path: writeEntryPath({ tenantId, hexalias: entry.hexalias, alias: entry.alias }),
  });
}

/** Gives the text of entries, and follows what happens to them while a document is open. */
export class EntryDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly didChangeEmitter = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.didChangeEmitter.event;

  private readonly options: EntryDocumentsOptions;
  /** What was last known of the chain, by document; kept so that a refresh does not make it vanish in between. */
  private readonly chains = new Map<string, { entry: KeystoreEntry; chain: ChainKnowledge }>();
  private readonly subscriptions: vscode.Disposable;

  constructor(options: EntryDocumentsOptions) {
    this.options = options;
    this.subscriptions = vscode.Disposable.from(
      this.didChangeEmitter,
      vscode.workspace.registerTextDocumentContentProvider(entryDocumentScheme, this),
      options.source.onDidChange((tenantId) => this.tellOpenDocuments(tenantId)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => void this.chains.delete(uri.toString())),
    );
  }

  /** Opens an entry's document as a preview tab. */
  async show(tenantId: string, entry: KeystoreEntry): Promise<void> {
    const document = await vscode.workspace.openTextDocument(entryDocumentUri(tenantId, entry));
    await vscode.window.showTextDocument(document, { preview: true });
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const { inspectionText } = await import('./entryText.js');
    const address = parseEntryPath(uri.path);
    const tenant = this.options.source.tenants().find(({ id }) => id === address?.tenantId);
    if (address === undefined || tenant === undefined) {
      return line(vscode.l10n.t('The tenant of this entry is not connected.'));
    }
    if (tenant.status.kind === 'notLoaded') {
      this.options.source.load(tenant.id);
    }
    const entries = knownEntries(tenant.status);
    if (entries === undefined) {
      return line(
        tenant.status.kind === 'notLoaded' || tenant.status.kind === 'loading'
          ? vscode.l10n.t('The keystore is being read…')
          : vscode.l10n.t('The keystore of {0} could not be read.', visibleText(tenant.name)),
      );
    }
    const entry = entries.find(({ hexalias }) => hexalias === address.hexalias);
    if (entry === undefined) {
      return line(vscode.l10n.t('{0} has no entry with this alias any more.', visibleText(tenant.name)));
    }
    return inspectionText({
      entry,
      tenantName: tenant.name,
      practice: tenant.practice,
      chain: this.chainOf(uri, tenant.id, entry),
      now: this.options.now(),
    });
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private tellOpenDocuments(tenantId: string | undefined): void {
    for (const { uri } of vscode.workspace.textDocuments) {
      if (
        uri.scheme === entryDocumentScheme &&
        (tenantId === undefined || parseEntryPath(uri.path)?.tenantId === tenantId)
      ) {
        this.didChangeEmitter.fire(uri);
      }
    }
  }

  /** What is known of the chain now; where that is nothing yet, it is read and the document told. */
  private chainOf(uri: vscode.Uri, tenantId: string, entry: KeystoreEntry): ChainKnowledge {
    const key = uri.toString();
    const known = this.chains.get(key);
    if (known?.entry === entry || !hasPrivateKey(entry)) {
      return known?.chain ?? { kind: 'reading' };
    }
    const sameCertificate =
      known !== undefined && known.entry.fingerprintSha256 === entry.fingerprintSha256
        ? known.chain
        : undefined;
    const chain = sameCertificate ?? { kind: 'reading' };
    this.chains.set(key, { entry, chain });
    void this.readChain(uri, tenantId, entry);
    return chain;
  }

  private async readChain(uri: vscode.Uri, tenantId: string, entry: KeystoreEntry): Promise<void> {
    const key = uri.toString();
    const reading = await this.options.chains.read(tenantId, entry);
    if (reading.kind === 'cancelled' || this.chains.get(key)?.entry !== entry) {
      return;
    }
    this.chains.set(key, { entry, chain: reading });
    this.didChangeEmitter.fire(uri);
  }
}

function line(text: string): string {
  return `${text}\n`;
}

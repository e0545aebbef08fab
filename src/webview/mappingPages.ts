import * as vscode from 'vscode';
import { Command } from '../contributions.js';
import type { Connections } from '../services/connections.js';
import type { Keystores } from '../services/keystores.js';
import { visibleText } from '../ui/visibleText.js';
import type { TenantStatus } from '../services/tenantState.js';
import type { SetUps } from '../services/setUps.js';
import { MappingPanels } from './mappingPanels.js';
import { mappingSnapshot } from './mappingSnapshot.js';
import type { RequestIntent } from './protocol.js';

/** What the pages are made from. */
export interface MappingPagesOptions {
  readonly extensionUri: vscode.Uri;
  readonly connections: Connections;
  readonly keystores: Keystores;
  readonly setUps: SetUps;
  readonly now: () => number;
  readonly warningDays: () => number;
  readonly tellFailure: (error: unknown) => void;
  /** Asks for another entry of the tenant as the sender's certificate. */
  readonly chooseEntry: (tenantId: string) => Promise<string | undefined>;
}

/** Connects the mapping pages with the keystores and the commands. */
export class MappingPages implements vscode.Disposable {
  private readonly didChangeEmitter = new vscode.EventEmitter<void>();
  private readonly panels: MappingPanels;
  private readonly subscriptions: vscode.Disposable;

  constructor(private readonly options: MappingPagesOptions) {
    const { keystores, setUps } = options;
    const changed = (): void => this.didChangeEmitter.fire();
    this.panels = new MappingPanels(options.extensionUri, {
      onDidChange: this.didChangeEmitter.event,
      snapshot: (setUpId) => this.snapshot(setUpId),
      copy: async (text) => {
        await vscode.env.clipboard.writeText(text);
      },
      perform: (setUpId, intent) => this.perform(setUpId, intent),
      failed: options.tellFailure,
    });
    this.subscriptions = vscode.Disposable.from(
      this.didChangeEmitter,
      this.panels,
      keystores.onDidChange(changed),
      setUps.onDidChange(changed),
    );
  }

  /** Shows the page of a tenant's entry, or of a tenant without one. */
  async show(tenantId: string, hexalias: string | undefined): Promise<void> {
    const { connections, keystores, setUps } = this.options;
    const entry = keystores.entries(tenantId)?.find((candidate) => candidate.hexalias === hexalias);
    const name = entry?.alias ?? connections.get(tenantId)?.name ?? '';
    keystores.load(tenantId);
    this.panels.show((await setUps.forEntry(tenantId, hexalias, name)).id);
  }

  /** Takes over a panel that a reload brought back. */
  async restore(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    await this.panels.deserializeWebviewPanel(panel, state);
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private snapshot(setUpId: string): ReturnType<typeof mappingSnapshot> | undefined {
    const { connections, keystores, setUps, now, warningDays } = this.options;
    const setUp = setUps.get(setUpId);
    const connection = setUp === undefined ? undefined : connections.get(setUp.tenantId);
    if (setUp === undefined || connection === undefined) {
      return undefined;
    }
    if (keystores.entries(setUp.tenantId) === undefined) {
      // Not at once: loading tells of a change, and this is asked for while one is told.
      queueMicrotask(() => keystores.load(setUp.tenantId));
    }
    const entries = keystores.entries(setUp.tenantId);
    if (entries !== undefined) {
      queueMicrotask(() => void setUps.follow(setUpId, entries));
    }
    const entry = entries?.find(({ hexalias }) => hexalias === setUp.hexalias);
    return mappingSnapshot({
      setUp,
      tenantName: visibleText(connection.name),
      entry,
      unknownBecause:
        entry === undefined && setUp.hexalias !== undefined
          ? whyUnknown(keystores.tenants().find(({ id }) => id === setUp.tenantId)?.status)
          : undefined,
      now: now(),
      warningDays: warningDays(),
    });
  }

  private async perform(setUpId: string, intent: RequestIntent): Promise<void> {
    const { keystores, setUps, chooseEntry } = this.options;
    const setUp = setUps.get(setUpId);
    if (setUp === undefined) {
      return;
    }
    const { tenantId, hexalias } = setUp;
    const target = hexalias === undefined ? { tenantId } : { tenantId, hexalias };
    switch (intent.kind) {
      case 'chooseWay':
        await setUps.change(setUpId, { way: intent.way === 'adapter' ? 'adapter' : 'mapping' });
        return;
      case 'refresh':
        await keystores.refresh(tenantId);
        return;
      case 'changeCertificate': {
        const chosen = await chooseEntry(tenantId);
        const entry = keystores.entries(tenantId)?.find((candidate) => candidate.hexalias === chosen);
        if (entry !== undefined) {
          await setUps.change(setUpId, { hexalias: entry.hexalias, name: entry.alias });
        }
        return;
      }
      case 'inspect':
        await vscode.commands.executeCommand(Command.entryInspect, target);
        return;
      case 'createKeyPair':
        await vscode.commands.executeCommand(Command.keyPairCreate, { tenantId });
        return;
      case 'downloadSigningRequest':
        await vscode.commands.executeCommand(Command.signingRequestDownload, target);
        return;
      case 'importSigningResponse':
        await vscode.commands.executeCommand(Command.signingResponseImport, target);
    }
  }
}

/** Why a chosen entry is not at hand; never that none was chosen. */
function whyUnknown(status: TenantStatus | undefined): string {
  switch (status?.kind) {
    case 'signedOut':
      return vscode.l10n.t('The tenant is signed out. Sign in again in the Keystores view.');
    case 'failed':
      return vscode.l10n.t('The keystore could not be read. The Keystores view tells why.');
    case 'loaded':
      return vscode.l10n.t('The entry is not in the keystore any more: it was renamed or deleted.');
    default:
      return vscode.l10n.t('The keystore is being read.');
  }
}

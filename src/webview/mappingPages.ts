import * as vscode from 'vscode';
import { Command, type CommandId } from '../contributions.js';
import type { Connections } from '../services/connections.js';
import type { Keystores } from '../services/keystores.js';
import type { SetUpFacts } from '../services/setUpFacts.js';
import type { SetUps } from '../services/setUps.js';
import type { SenderSetUp } from '../inbound/senderSetUp.js';
import { visibleText } from '../ui/visibleText.js';
import { MappingPanels } from './mappingPanels.js';
import { mappingReport } from './mappingReport.js';
import { mappingSnapshot } from './mappingSnapshot.js';
import type { MappingSnapshot, PageAction, RequestIntent } from './protocol.js';

/** What the pages are made from. */
export interface MappingPagesOptions {
  readonly extensionUri: vscode.Uri;
  readonly connections: Connections;
  readonly keystores: Keystores;
  readonly setUps: SetUps;
  readonly facts: SetUpFacts;
  readonly tellFailure: (error: unknown) => void;
}

/** Connects the mapping pages with the facts and the commands. */
export class MappingPages implements vscode.Disposable {
  private readonly panels: MappingPanels;

  constructor(private readonly options: MappingPagesOptions) {
    const { facts } = options;
    this.panels = new MappingPanels(options.extensionUri, {
      onDidChange: facts.onDidChange,
      snapshot: (setUpId) => this.snapshot(setUpId),
      copy: async (text) => {
        await vscode.env.clipboard.writeText(text);
      },
      perform: (setUpId, intent) => this.perform(setUpId, intent),
      failed: options.tellFailure,
    });
  }

  /** Shows the page of a tenant's entry, or of a tenant without one. */
  async show(tenantId: string, hexalias: string | undefined): Promise<void> {
    const { connections, keystores, setUps } = this.options;
    const entry = keystores.entries(tenantId)?.find((candidate) => candidate.hexalias === hexalias);
    const name = entry?.alias ?? connections.get(tenantId)?.name ?? '';
    this.showSetUp((await setUps.forEntry(tenantId, hexalias, name)).id);
  }

  /** Shows the page of a set-up. */
  showSetUp(setUpId: string): void {
    this.panels.show(setUpId);
  }

  /** The set-up whose page is in front. */
  active(): string | undefined {
    return this.panels.active();
  }

  /** The page as Markdown, once all that can be read is read; undefined where the set-up is gone. */
  async report(setUpId: string): Promise<string | undefined> {
    await this.options.facts.settled(setUpId);
    const snapshot = this.snapshot(setUpId);
    return snapshot === undefined ? undefined : mappingReport(snapshot, new Date());
  }

  /** Takes over a panel that a reload brought back. */
  async restore(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    await this.panels.deserializeWebviewPanel(panel, state);
  }

  dispose(): void {
    this.panels.dispose();
  }

  private snapshot(setUpId: string): MappingSnapshot | undefined {
    const known = this.options.facts.of(setUpId);
    if (known === undefined) {
      return undefined;
    }
    return mappingSnapshot({
      ...known,
      tenantName: visibleText(known.receiver.name),
      callingTenant: known.caller === undefined ? undefined : visibleText(known.caller.name),
      canDo: (action) => action === 'refresh' || actionCommands[action] !== undefined,
    });
  }

  private async perform(setUpId: string, intent: RequestIntent): Promise<void> {
    const { setUps, facts } = this.options;
    const setUp = setUps.get(setUpId);
    if (setUp === undefined) {
      return;
    }
    if (intent.kind === 'chooseWay') {
      await vscode.commands.executeCommand(Command.mappingChange, { setUpId, what: 'way', way: intent.way });
    } else if (intent.kind === 'refresh') {
      await facts.refresh(setUpId);
    } else {
      const command = actionCommands[intent.kind];
      if (command !== undefined) {
        await vscode.commands.executeCommand(command.id, command.argument(setUp));
      }
    }
  }
}

interface ActionCommand {
  readonly id: CommandId;
  readonly argument: (setUp: SenderSetUp) => unknown;
}

/** The entry with the sender's certificate, as a row of the tree would hand it over. */
const entry = ({ certificate, tenantId }: SenderSetUp): unknown =>
  certificate?.kind === 'entry'
    ? { tenantId: certificate.tenantId, hexalias: certificate.hexalias }
    : { tenantId };

const tenant = ({ tenantId }: SenderSetUp): unknown => ({ tenantId });

/** The sender's certificate: its entry, or the file that it came from. */
const sender = ({ certificate, tenantId }: SenderSetUp): unknown =>
  certificate?.kind === 'entry'
    ? { tenantId: certificate.tenantId, hexalias: certificate.hexalias }
    : certificate === undefined
      ? { tenantId }
      : vscode.Uri.parse(certificate.uri);

const change =
  (what: string) =>
  ({ id }: SenderSetUp): unknown => ({ setUpId: id, what });

const copy =
  (form: string) =>
  ({ id }: SenderSetUp): unknown => ({ setUpId: id, form });

/** The command behind each button; a button without one is not offered. */
const actionCommands: Readonly<Partial<Record<PageAction, ActionCommand>>> = {
  inspect: { id: Command.entryInspect, argument: entry },
  saveCertificate: { id: Command.certificateSave, argument: entry },
  downloadSigningRequest: { id: Command.signingRequestDownload, argument: entry },
  importSigningResponse: { id: Command.signingResponseImport, argument: entry },
  createKeyPair: { id: Command.keyPairCreate, argument: ({ tenantId }) => ({ tenantId }) },
  rename: { id: Command.mappingChange, argument: change('name') },
  changeCertificate: { id: Command.mappingChange, argument: change('certificate') },
  changeReceiver: { id: Command.mappingChange, argument: change('receiver') },
  changeEndpoint: { id: Command.mappingChange, argument: change('endpoint') },
  changeRole: { id: Command.mappingChange, argument: change('role') },
  signInCloudFoundry: { id: Command.cloudFoundrySignIn, argument: tenant },
  chooseSpace: { id: Command.cloudFoundryChooseSpace, argument: tenant },
  readServiceKeys: { id: Command.mappingReadKeys, argument: ({ id }) => ({ setUpId: id }) },
  createInstance: { id: Command.serviceInstanceCreate, argument: tenant },
  changeRoles: { id: Command.serviceInstanceChangeRoles, argument: tenant },
  mendGrantTypes: { id: Command.serviceInstanceMendGrantTypes, argument: tenant },
  createServiceKey: { id: Command.serviceKeyCreate, argument: sender },
  remove: { id: Command.mappingDelete, argument: ({ id }) => ({ setUpId: id }) },
  saveMarkdown: { id: Command.mappingSaveMarkdown, argument: ({ id }) => ({ setUpId: id }) },
  copyValues: { id: Command.mappingCopySteps, argument: copy('values') },
  copyCf: { id: Command.mappingCopySteps, argument: copy('cf') },
  copyTerraform: { id: Command.mappingCopySteps, argument: copy('terraform') },
  copyCockpit: { id: Command.mappingCopySteps, argument: copy('cockpit') },
};

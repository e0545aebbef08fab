import * as vscode from 'vscode';
import { Command, type CommandId } from '../contributions.js';
import type { Connections } from '../services/connections.js';
import type { Keystores } from '../services/keystores.js';
import { neededRole } from '../inbound/adapterStage.js';
import {
  conflictingKey,
  matchingKeys,
  renewableKeys,
  type MappedCertificate,
} from '../inbound/mappingStage.js';
import type { InboundInstance } from '../inbound/inboundClients.js';
import { isNeoTenant } from '../tenant/tenantAddress.js';
import type { KnownOfSetUp, SetUpFacts } from '../services/setUpFacts.js';
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
      isNeo: isNeoTenant(known.receiver.address),
      canDo: (action) => action === 'refresh' || argumentOf(action, known) !== undefined,
    });
  }

  private async perform(setUpId: string, intent: RequestIntent): Promise<void> {
    const { facts } = this.options;
    const known = facts.of(setUpId);
    if (known === undefined) {
      return;
    }
    if (intent.kind === 'chooseWay') {
      await vscode.commands.executeCommand(Command.mappingChange, { setUpId, what: 'way', way: intent.way });
    } else if (intent.kind === 'refresh') {
      await facts.refresh(setUpId);
    } else {
      const command = actionCommands[intent.kind];
      const argument = argumentOf(intent.kind, known);
      if (command !== undefined && argument !== undefined) {
        await vscode.commands.executeCommand(command.id, argument);
      }
    }
  }
}

interface ActionCommand {
  readonly id: CommandId;
  /** What the command works on; undefined where there is nothing, and then the button is not offered. */
  readonly argument: (setUp: SenderSetUp, known: KnownOfSetUp) => object | undefined;
}

function argumentOf(action: PageAction, known: KnownOfSetUp): object | undefined {
  return actionCommands[action]?.argument(known.setUp, known);
}

/** The entry with the sender's certificate, as a row of the tree would hand it over. */
const entry = ({ certificate, tenantId }: SenderSetUp): object =>
  certificate?.kind === 'entry'
    ? { tenantId: certificate.tenantId, hexalias: certificate.hexalias }
    : { tenantId };

const tenant = ({ tenantId }: SenderSetUp): object => ({ tenantId });

const self = ({ id }: SenderSetUp): object => ({ setUpId: id });

/** The instance of the key that lets the sender in, as a row of Inbound Clients would hand it over. */
function instanceRow({ tenantId }: SenderSetUp, known: KnownOfSetUp): object | undefined {
  const [match] = keysOf(known, matchingKeys);
  return match === undefined
    ? undefined
    : { kind: 'serviceInstance', tenantId, instanceGuid: match.placed.instance.guid };
}

/** The key whose certificate this one renews or is; on Neo the mapping that holds it. */
function keyRow({ tenantId }: SenderSetUp, known: KnownOfSetUp): object | undefined {
  if (known.mapping.kind === 'neo') {
    return known.mapping.user === undefined ? undefined : { tenantId, mappingId: known.mapping.id };
  }
  const [first] = keysOf(known, renewableKeys);
  return first === undefined
    ? undefined
    : { kind: 'serviceKey', tenantId, instanceGuid: first.instance.guid, keyGuid: first.key.guid };
}

/** The other key of a conflict. */
function conflictRow({ tenantId }: SenderSetUp, known: KnownOfSetUp): object | undefined {
  const { mapping, certificate, namePair } = known;
  const found =
    certificate.kind === 'known'
      ? conflictingKey(mapping, { ...certificate.certificate, namePair }, known)
      : undefined;
  return found === undefined
    ? undefined
    : { kind: 'serviceKey', tenantId, instanceGuid: found.instance.guid, keyGuid: found.key.guid };
}

function keysOf<T>(
  { mapping, certificate, namePair }: KnownOfSetUp,
  find: (instances: readonly InboundInstance[], mapped: MappedCertificate) => readonly T[],
): readonly T[] {
  return mapping.kind === 'serviceKeys' && certificate.kind === 'known'
    ? find(mapping.instances, { ...certificate.certificate, namePair })
    : [];
}

const change =
  (what: string) =>
  ({ id }: SenderSetUp): object => ({ setUpId: id, what });

const copy =
  (form: string) =>
  ({ id }: SenderSetUp): object => ({ setUpId: id, form });

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
  readServiceKeys: { id: Command.mappingReadKeys, argument: self },
  showServiceKey: { id: Command.inboundShowKey, argument: conflictRow },
  createInstance: { id: Command.serviceInstanceCreate, argument: tenant },
  changeRoles: { id: Command.serviceInstanceChangeRoles, argument: instanceRow },
  mendGrantTypes: { id: Command.serviceInstanceMendGrantTypes, argument: instanceRow },
  createServiceKey: { id: Command.serviceKeyCreate, argument: self },
  renewCertificate: { id: Command.serviceKeyRenew, argument: keyRow },
  remove: { id: Command.mappingDelete, argument: self },
  saveMarkdown: { id: Command.mappingSaveMarkdown, argument: self },
  copyValues: { id: Command.mappingCopySteps, argument: copy('values') },
  copyCf: { id: Command.mappingCopySteps, argument: copy('cf') },
  copyTerraform: { id: Command.mappingCopySteps, argument: copy('terraform') },
  copyCockpit: { id: Command.mappingCopySteps, argument: copy('cockpit') },
  copyCurl: { id: Command.mappingCopySteps, argument: copy('curl') },
  addNeoMapping: {
    id: Command.userMappingCreate,
    argument: (setUp, { endpoint }) => ({
      receiverId: setUp.tenantId,
      certificate: setUp.certificate,
      name: setUp.name,
      role: neededRole(setUp, endpoint),
    }),
  },
};

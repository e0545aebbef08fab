import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { cloudFoundryHandlers } from '../../src/commands/handlers/cloudFoundry.js';
import type { CommandHandler, HandlerTools } from '../../src/commands/handlers/handler.js';
import { inboundHandlers } from '../../src/commands/handlers/inbound.js';
import { mappingHandlers } from '../../src/commands/handlers/mapping.js';
import { encodePem } from '../../src/pki/pem.js';
import { nameOf, PracticeAuthority, spkiOf } from '../../src/practice/authority.js';
import { makeKeys } from '../../src/practice/keys.js';
import { PracticeFiles } from '../../src/practice/practiceFiles.js';
import { CloudFoundry } from '../../src/services/cloudFoundry.js';
import type { Connection } from '../../src/services/connection.js';
import { Connections } from '../../src/services/connections.js';
import { InboundClients } from '../../src/services/inboundClients.js';
import { tenantIssuers } from '../../src/services/issuers.js';
import { KeyMemory } from '../../src/services/keyMemory.js';
import { Keystores } from '../../src/services/keystores.js';
import { Practice } from '../../src/services/practice.js';
import { SecretVault } from '../../src/services/secretVault.js';
import { SetUpFacts } from '../../src/services/setUpFacts.js';
import { SetUps } from '../../src/services/setUps.js';
import { openTenantAccess } from '../../src/services/tenantAccess.js';
import { trustListsFor } from '../../src/services/trust.js';
import { MappingPages } from '../../src/webview/mappingPages.js';
import { MemorySecrets } from '../support/connections.js';
import { memento } from '../support/memento.js';
import { practiceNames } from '../support/practiceNames.js';
import type { InboundPlace } from '../../src/services/inboundState.js';
import { UserMappings } from '../../src/services/userMappings.js';
import { ScriptedPrompts, type ScriptedAnswer } from '../support/scriptedPrompts.js';
import { extensionUnderTest } from './extension.js';

const { signal } = new AbortController();

/** The services of one window on a practice tenant of its own; all of VS Code is real but the questions. */
export class CloudFoundryHost {
  /** Entries, service keys and pages that were shown, in order. */
  readonly shown: string[] = [];
  readonly state = memento();
  private prompts = new ScriptedPrompts([]);

  private constructor(
    readonly directory: string,
    readonly practice: Practice,
    readonly connections: Connections,
    readonly tenantId: string,
    readonly cloudFoundry: CloudFoundry,
    readonly keystores: Keystores,
  ) {
    const { extensionPath, extensionUri } = extensionUnderTest();
    const trust = (connection: Connection | undefined) =>
      trustListsFor(connection, { extensionPath, listFiles: [] });
    const now = Date.now;
    const warningDays = (): number => 30;
    this.keys = new KeyMemory(cloudFoundry);
    this.clients = new InboundClients({
      connections,
      cloudFoundry,
      trust,
      issuers: () => tenantIssuers(connections, keystores, () => undefined),
      memory: this.state,
      keys: this.keys,
      warningDays,
      now,
    });
    let count = 0;
    this.setUps = new SetUps(this.state, () => `set-up-${++count}`);
    const common = {
      ...{ connections, keystores, cloudFoundry, setUps: this.setUps },
      ...{ keys: this.keys, trust, now, warningDays },
    };
    this.userMappings = new UserMappings({
      ...{ connections, keystores, trust, warningDays, now },
      memory: this.state,
    });
    this.facts = new SetUpFacts({ ...common, userMappings: this.userMappings, reasonOf: String });
    const { setUps, facts, shown } = this;
    const tellFailure = (error: unknown): void => void shown.push(String(error));
    this.pages = new MappingPages({ ...common, extensionUri, facts, tellFailure });
    const askedOf = (): ScriptedPrompts => this.prompts;
    const tools = {
      environment: {
        get prompts() {
          return askedOf();
        },
        connections,
        keystores,
        cloudFoundry,
        now,
        trust,
        navigator: {
          revealTenant: () => Promise.resolve(),
          revealEntry: (_: string, hexalias: string) =>
            Promise.resolve(void shown.push(`entry ${Buffer.from(hexalias, 'hex').toString()}`)),
          showMapping: (tenantId: string, hexalias: string | undefined) =>
            this.pages.show(tenantId, hexalias),
        },
      },
      practice,
      state: this.state,
      extensionPath,
      inbound: {
        clients: () => Promise.resolve(this.clients),
        mappings: () => Promise.resolve(this.userMappings),
        keys: this.keys,
        reveal: ({ keyGuid }: InboundPlace) => {
          shown.push(`key ${this.key(({ guid }) => guid === keyGuid).name}`);
          return Promise.resolve(true);
        },
      },
      mapping: () => Promise.resolve({ setUps, facts, pages: this.pages }),
    } as unknown as HandlerTools;
    this.handlers = { ...cloudFoundryHandlers(tools), ...inboundHandlers(tools), ...mappingHandlers(tools) };
  }

  private readonly keys: KeyMemory;
  private readonly userMappings: UserMappings;
  readonly clients: InboundClients;
  readonly setUps: SetUps;
  readonly facts: SetUpFacts;
  readonly pages: MappingPages;
  readonly handlers: Readonly<Record<string, CommandHandler>>;

  static async open(): Promise<CloudFoundryHost> {
    const directory = fs.mkdtempSync(join(tmpdir(), 'cf-host-'));
    const state = memento();
    const vault = new SecretVault(state, new MemorySecrets());
    let count = 0;
    const connections = new Connections(state, vault, () => `t${++count}`);
    const practice = new Practice(join(directory, 'practice'), connections, practiceNames);
    const { id } = await practice.connect();
    const log = { info: () => undefined } as unknown as Parameters<typeof openTenantAccess>[1]['log'];
    const timeoutMs = (): number => 10_000;
    const cloudFoundry = new CloudFoundry(state, vault, connections, { log, timeoutMs });
    const keystores = new Keystores(
      connections,
      (connection) => Promise.resolve(openTenantAccess(connection, { connections, log, timeoutMs })),
      { now: Date.now, onFailure: () => undefined },
    );
    (await practice.tenant()).cloudFoundry.faults.jobMilliseconds = 0;
    return new CloudFoundryHost(directory, practice, connections, id, cloudFoundry, keystores);
  }

  /** Runs a command by its id; all answers must be used. */
  async run(id: string, argument: unknown, ...answers: ScriptedAnswer[]): Promise<ScriptedPrompts> {
    const prompts = new ScriptedPrompts(answers);
    this.prompts = prompts;
    const handler = this.handlers[id];
    if (handler === undefined) {
      throw new Error(`no handler for ${id}`);
    }
    await handler.run(
      { signal, withProgress: (_, work) => work({ signal, report: () => undefined }) },
      argument,
      undefined,
    );
    prompts.done();
    return prompts;
  }

  /** What the server has performed, by operation. */
  async performed(): Promise<readonly string[]> {
    return (await this.practice.tenant()).cloudFoundry.journal.performed.map(({ operation }) => operation);
  }

  /** The first key that was listed and is wanted. */
  key(isWanted: (key: { readonly guid: string; readonly name: string }) => boolean) {
    const keys = this.clients.data(this.tenantId)?.instances.flatMap((instance) => instance.keys) ?? [];
    const found = keys.find(isWanted);
    if (found === undefined) {
      throw new Error(`no such key among ${keys.map(({ name }) => name).join(', ')}`);
    }
    return found;
  }

  /** The row of a key in the view. */
  row(name: string) {
    const { guid, instanceGuid } = this.key((key) => key.name === name);
    return { kind: 'serviceKey', tenantId: this.tenantId, instanceGuid, keyGuid: guid };
  }

  /** A sender's certificate by the practice CA, in a file. */
  async senderFile(name: string, subject: string): Promise<vscode.Uri> {
    const authority = await PracticeAuthority.open(
      new PracticeFiles(join(this.directory, 'practice')),
      Date.now,
    );
    const leaf = authority.issue({
      subject: nameOf(subject),
      spki: spkiOf(await makeKeys({ type: 'EC', size: undefined, curve: 'P-256' })),
      notBefore: new Date(Date.now() - 60_000),
      notAfter: new Date(Date.now() + 200 * 86_400_000),
    });
    const path = join(this.directory, name);
    fs.writeFileSync(path, encodePem('CERTIFICATE', leaf));
    return vscode.Uri.file(path);
  }

  async dispose(): Promise<void> {
    this.pages.dispose();
    this.facts.dispose();
    this.setUps.dispose();
    this.clients.dispose();
    this.keys.dispose();
    this.cloudFoundry.dispose();
    this.keystores.dispose();
    await (await this.practice.tenant()).dispose();
    fs.rmSync(this.directory, { recursive: true, force: true });
  }
}

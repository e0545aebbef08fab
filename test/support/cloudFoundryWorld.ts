import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as vscode from 'vscode';
import type { CloudFoundryPorts } from '../../src/commands/cloudFoundry/ports.js';
import type { Environment } from '../../src/commands/environment.js';
import { localKeyDerivation } from '../../src/pki/keyDerivation.js';
import type { Keystores, TenantAccess } from '../../src/services/keystores.js';
import type { Log } from '../../src/services/log.js';
import { openTenantAccess } from '../../src/services/tenantAccess.js';
import { trustListsFor } from '../../src/services/trust.js';
import type { Navigator } from '../../src/ui/navigator.js';
import type { Prompts } from '../../src/ui/prompts.js';
import type { ActionContext } from '../../src/ui/runAction.js';
import { KeystoreError } from '../../src/errors.js';
import { encodePem } from '../../src/pki/pem.js';
import { nameOf, PracticeAuthority, spkiOf } from '../../src/practice/authority.js';
import { makeKeys } from '../../src/practice/keys.js';
import { PracticeFiles } from '../../src/practice/practiceFiles.js';
import { fileUri } from './localWorld.js';
import { PracticeTenant } from '../../src/practice/practiceTenant.js';
import { CloudFoundry } from '../../src/services/cloudFoundry.js';
import type { CfNamed } from '../../src/services/cloudFoundryRecord.js';
import type { Connection } from '../../src/services/connection.js';
import { Connections } from '../../src/services/connections.js';
import { InboundClients } from '../../src/services/inboundClients.js';
import { KeyMemory } from '../../src/services/keyMemory.js';
import { SecretVault } from '../../src/services/secretVault.js';
import type { KeystoreEntry } from '../../src/tenant/keystoreEntry.js';
import { readServiceKey } from '../../src/tenant/serviceKey.js';
import { listOrganizations, listSpaces } from '../../src/platform/cfOrganizations.js';
import { MemorySecrets } from './connections.js';
import { ManualClock } from './manualClock.js';
import { memento } from './memento.js';

const { signal } = new AbortController();

/** The practice tenant with its Cloud Foundry, and the services of one window. */
export class CloudFoundryWorld {
  readonly clock = new ManualClock();
  readonly secrets = new MemorySecrets();
  /** Of all windows. */
  readonly state: vscode.Memento = memento();
  /** Lines of the log. */
  readonly lines: string[] = [];
  directory = '';
  /** How long a request may take, in real milliseconds. */
  timeoutMs = 10_000;
  private opened: PracticeTenant | undefined;
  private added: Connection | undefined;
  vault: SecretVault;
  connections: Connections;
  cloudFoundry: CloudFoundry;

  private constructor() {
    [this.vault, this.connections, this.cloudFoundry] = this.window();
  }

  static async open(): Promise<CloudFoundryWorld> {
    const world = new CloudFoundryWorld();
    world.directory = await mkdtemp(join(tmpdir(), 'cf-world-'));
    world.opened = await PracticeTenant.open({ directory: world.directory, clock: world.clock.clock });
    const reading = readServiceKey(world.tenant.serviceKey);
    if (reading.kind !== 'api') {
      throw new Error('no service key');
    }
    world.added = await world.connections.add(
      {
        name: 'Practice',
        stage: undefined,
        practice: true,
        address: { ...reading.address, trustedCa: world.tenant.caCertificatePem },
      },
      reading.secret,
    );
    return world;
  }

  get tenant(): PracticeTenant {
    if (this.opened === undefined) {
      throw new Error('not open');
    }
    return this.opened;
  }

  get connection(): Connection {
    if (this.added === undefined) {
      throw new Error('not open');
    }
    return this.connections.get(this.added.id) ?? this.added;
  }

  get tenantId(): string {
    return this.connection.id;
  }

  /** Knobs of the practice Cloud Foundry. */
  get faults() {
    return this.tenant.cloudFoundry.faults;
  }

  /** What the server has performed since `clear`, by operation. */
  performed(): readonly string[] {
    return this.tenant.cloudFoundry.journal.performed.map(({ operation }) => operation);
  }

  /** Begins what a reload of the window begins: the services anew on the kept state. */
  reload(): void {
    this.cloudFoundry.dispose();
    this.connections.dispose();
    this.vault.dispose();
    [this.vault, this.connections, this.cloudFoundry] = this.window();
  }

  async signIn(): Promise<void> {
    const endpoint = await this.cloudFoundry.discover(this.tenant.cloudFoundryUrl ?? '', signal);
    const passcode = this.tenant.cloudFoundry.uaa.passcode();
    await this.cloudFoundry.signIn(this.tenantId, endpoint, { kind: 'passcode', passcode }, signal);
  }

  /** Signs in and chooses a space by its name. */
  async choose(spaceName = 'dev'): Promise<CfNamed> {
    await this.signIn();
    const { api } = await this.cloudFoundry.access(this.tenantId);
    const [{ resources: organizations }, { resources: spaces }] = await Promise.all([
      listOrganizations(api, signal),
      listSpaces(api, {}, signal),
    ]);
    const space = spaces.find(({ name }) => name === spaceName);
    const organization = organizations.find(({ guid }) => guid === space?.organizationGuid);
    if (space === undefined || organization === undefined) {
      throw new Error(`no space ${spaceName}`);
    }
    await this.cloudFoundry.choosePlace(this.tenantId, {
      organization: { guid: organization.guid, name: organization.name },
      space: { guid: space.guid, name: space.name },
    });
    return space;
  }

  /** A sender's certificate by the practice CA (or a stranger's), in a file with its chain. */
  async senderFile(
    subject: string,
    options: {
      readonly days?: number;
      readonly isStranger?: boolean;
      readonly name?: string;
      readonly purposes?: readonly string[];
    } = {},
  ): Promise<{ readonly uri: vscode.Uri; readonly leafPem: string }> {
    const authority = await PracticeAuthority.open(new PracticeFiles(this.directory), this.clock.clock);
    const issuer = options.isStranger === true ? authority.stranger : authority.intermediate;
    const day = 86_400_000;
    const leaf = authority.issue(
      {
        subject: nameOf(subject),
        spki: spkiOf(await makeKeys({ type: 'EC', size: undefined, curve: 'P-256' })),
        notBefore: new Date(this.clock.now - 30 * day),
        notAfter: new Date(this.clock.now + (options.days ?? 300) * day),
        ...(options.purposes === undefined ? {} : { purposes: options.purposes }),
      },
      issuer,
    );
    const path = join(this.directory, options.name ?? 'sender.pem');
    const chain = options.isStranger === true ? [leaf] : [leaf, issuer.certificate.der];
    // The issuer first, as many files have it.
    await writeFile(
      path,
      chain
        .reverse()
        .map((der) => encodePem('CERTIFICATE', der))
        .join(''),
    );
    return { uri: fileUri(path), leafPem: encodePem('CERTIFICATE', leaf) };
  }

  /** What commands work with, with answers from a script. */
  environment(prompts: Prompts): Environment {
    const access = (id: string): TenantAccess =>
      openTenantAccess(this.connections.get(id) ?? this.connection, {
        connections: this.connections,
        log: { info: (line: string) => void this.lines.push(line) } as unknown as Log,
        timeoutMs: () => this.timeoutMs,
      });
    const keystores = {
      access: (id: string) => Promise.resolve(access(id)),
      entries: () => this.entries,
      entriesOrRead: async (id: string) =>
        this.entries ?? this.unread?.() ?? (await access(id).client.readEntries({ signal })),
      load: (id: string) => void this.revealed.push(id),
    } as unknown as Keystores;
    const navigator = {
      revealTenant: (id: string) => Promise.resolve(void this.revealed.push(id)),
      showMapping: () => Promise.resolve(),
    } as unknown as Navigator;
    return {
      connections: this.connections,
      keystores,
      cloudFoundry: this.cloudFoundry,
      prompts,
      navigator,
      run: ({ run }) => run(this.context),
      trust: (connection) => trustListsFor(connection, { extensionPath: process.cwd(), listFiles: [] }),
      now: this.clock.clock,
    };
  }

  /** What the keystore is known to hold; undefined where it was not read. */
  entries: readonly KeystoreEntry[] | undefined;

  /** What reading the keystore finds where that is not the practice tenant's. */
  unread: (() => readonly KeystoreEntry[]) | undefined;

  /** Links that were opened; `onLink` runs with each. */
  readonly links: string[] = [];
  onLink: (url: string) => void = () => {};
  /** Tenants that were shown. */
  readonly revealed: string[] = [];
  /** Titles and messages of progress. */
  readonly progress: string[] = [];
  /** Runs with each message of progress. */
  onProgress: (message: string, controller: AbortController) => void = () => {};

  readonly context: ActionContext = {
    signal,
    withProgress: async (title, work) => {
      const controller = new AbortController();
      this.progress.push(title);
      return await work({
        signal: controller.signal,
        report: (message) => {
          this.progress.push(message);
          this.onProgress(message, controller);
        },
      });
    },
  };

  get ports(): CloudFoundryPorts {
    return {
      openLink: (url) => {
        this.links.push(url);
        this.onLink(url);
        return Promise.resolve(true);
      },
      cli: { environment: {}, homeDirectory: this.directory },
      practiceEndpoint: () => Promise.resolve(this.tenant.cloudFoundryUrl),
      files: { read: async (uri) => new Uint8Array(await readFile(uri.fsPath)) },
      isUri: (value): value is vscode.Uri => typeof value === 'object' && value !== null && 'fsPath' in value,
      workspaceFolders: () => [],
      derivation: localKeyDerivation,
      warningDays: () => 30,
      activeText: () => undefined,
    };
  }

  /** All that was kept outside of SecretStorage, logged or shown in editors. */
  public(): string {
    return JSON.stringify([this.state.keys().map((key) => this.state.get(key)), this.lines, this.progress]);
  }

  /** Inbound Clients that nobody judges: no list can be read. */
  inboundClients(keys = new KeyMemory(this.cloudFoundry)): InboundClients {
    return new InboundClients({
      connections: this.connections,
      cloudFoundry: this.cloudFoundry,
      trust: () => Promise.reject(new KeystoreError('invalid-input', 'none')),
      issuers: () => () => Promise.resolve([]),
      memory: this.state,
      keys,
      warningDays: () => 30,
      now: this.clock.clock,
    });
  }

  async dispose(): Promise<void> {
    this.cloudFoundry.dispose();
    this.connections.dispose();
    this.vault.dispose();
    await this.opened?.dispose();
    await rm(this.directory, { recursive: true, force: true });
  }

  private window(): [SecretVault, Connections, CloudFoundry] {
    const vault = new SecretVault(this.state, this.secrets);
    let count = 0;
    const connections = new Connections(this.state, vault, () => `tenant-${++count}-${this.clock.now}`);
    const cloudFoundry = new CloudFoundry(this.state, vault, connections, {
      log: { info: (line) => void this.lines.push(line) },
      timeoutMs: () => this.timeoutMs,
      clock: this.clock.clock,
      wait: this.clock.wait,
    });
    return [vault, connections, cloudFoundry];
  }
}

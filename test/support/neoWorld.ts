import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as vscode from 'vscode';
import type { Environment } from '../../src/commands/environment.js';
import type { UserMappingPorts } from '../../src/commands/userMapping/ports.js';
import { HttpTransport } from '../../src/http/httpTransport.js';
import { readCertificate, type Certificate } from '../../src/pki/certificate.js';
import { localKeyDerivation } from '../../src/pki/keyDerivation.js';
import { encodePem } from '../../src/pki/pem.js';
import { nameOf, PracticeAuthority, spkiOf } from '../../src/practice/authority.js';
import { makeKeys } from '../../src/practice/keys.js';
import { PracticeFiles } from '../../src/practice/practiceFiles.js';
import { PracticeTenant } from '../../src/practice/practiceTenant.js';
import type { SenderSetUp } from '../../src/inbound/senderSetUp.js';
import type { Connection } from '../../src/services/connection.js';
import { Connections } from '../../src/services/connections.js';
import type { InboundPlace } from '../../src/services/inboundState.js';
import { tenantIssuers } from '../../src/services/issuers.js';
import type { TenantAccess } from '../../src/services/keystores.js';
import { practiceKind } from '../../src/services/practiceKind.js';
import { SecretVault } from '../../src/services/secretVault.js';
import { trustListsFor } from '../../src/services/trust.js';
import { UserMappings } from '../../src/services/userMappings.js';
import { WriteQueue } from '../../src/services/writeQueue.js';
import { ODataIntegrationContent } from '../../src/tenant/integrationContent.js';
import { ODataUserMappingClient } from '../../src/tenant/certificateUserMappings.js';
import { ODataKeystoreClient } from '../../src/tenant/keystoreClient.js';
import { readServiceKey } from '../../src/tenant/serviceKey.js';
import { TenantSession } from '../../src/tenant/tenantSession.js';
import type { Prompts } from '../../src/ui/prompts.js';
import type { ActionContext } from '../../src/ui/runAction.js';
import { MemorySecrets } from './connections.js';
import { fileUri } from './localWorld.js';
import { ManualClock } from './manualClock.js';
import { memento } from './memento.js';
import { practiceNames } from './practiceNames.js';

const { signal } = new AbortController();
const day = 86_400_000;

/** Both practice tenants connected, and the services of one window that the mappings of Neo need; waits take no time. */
export class NeoWorld {
  readonly clock = new ManualClock();
  readonly state: vscode.Memento = memento();
  /** Lines of the log. */
  readonly lines: string[] = [];
  /** Rows that were shown. */
  readonly revealed: InboundPlace[] = [];
  /** Milliseconds after which a request is given up. */
  timeoutMs = 5_000;
  readonly connections: Connections;
  mappings: UserMappings;
  private readonly writes = new WriteQueue();
  private readonly accesses = new Map<string, TenantAccess>();

  private constructor(
    readonly directory: string,
    public tenant: PracticeTenant,
  ) {
    this.clock.now = Date.now();
    let count = 0;
    this.connections = new Connections(
      this.state,
      new SecretVault(this.state, new MemorySecrets()),
      () => `t${++count}`,
    );
    this.mappings = this.window();
  }

  static async open(): Promise<NeoWorld> {
    const directory = await mkdtemp(join(tmpdir(), 'neo-world-'));
    const world = new NeoWorld(directory, await PracticeTenant.open({ directory }));
    const { neoTenant, caCertificatePem: trustedCa } = world.tenant;
    const reading = readServiceKey(world.tenant.serviceKey);
    if (reading.kind !== 'api' || neoTenant === undefined) {
      throw new Error('no practice tenants');
    }
    await world.connections.add(
      {
        name: practiceNames.cloudFoundry,
        stage: undefined,
        practice: true,
        address: { ...reading.address, trustedCa },
      },
      reading.secret,
    );
    const { url, user, password } = neoTenant;
    await world.connections.add(
      {
        name: practiceNames.neo,
        stage: undefined,
        practice: true,
        address: { url, authentication: { kind: 'basic', user }, trustedCa },
      },
      { kind: 'basic', password },
    );
    return world;
  }

  /** The connection of Neo. */
  get neo(): Connection {
    return this.connectionOf('neo');
  }

  get tenantId(): string {
    return this.neo.id;
  }

  /** The connection of the tenant beside Cloud Foundry. */
  get other(): Connection {
    return this.connectionOf('cloudFoundry');
  }

  /** What the server of Neo has performed since `clear`, by operation. */
  performed(): readonly string[] {
    return this.tenant.neo.journal.performed.map(({ operation }) => operation);
  }

  /** What the tenant holds, straight from the server: each user with its identifier. */
  async held(): Promise<ReadonlyMap<string, string>> {
    const all = await (await this.access(this.tenantId)).mappings.list(signal);
    return new Map(all.kind === 'known' ? all.mappings.map(({ id, user }) => [id, user]) : []);
  }

  /** The row of the mapping of a user, as the view hands it over; that which ends last where there are several. */
  async row(user: string): Promise<{ kind: 'userMapping'; tenantId: string; mappingId: string }> {
    const found = (await this.mappings.current(this.tenantId)).find((mapping) => mapping.user === user);
    if (found === undefined) {
      throw new Error(`no mapping of ${user}`);
    }
    return { kind: 'userMapping', tenantId: this.tenantId, mappingId: found.id };
  }

  /** A sender's certificate by the practice CA (or a stranger's), in a file with its chain. */
  async senderFile(
    subject: string,
    options: { readonly days?: number; readonly isStranger?: boolean; readonly name?: string } = {},
  ): Promise<{ readonly uri: vscode.Uri; readonly leaf: Certificate }> {
    const authority = await PracticeAuthority.open(new PracticeFiles(this.directory), this.clock.clock);
    const issuer = options.isStranger === true ? authority.stranger : authority.intermediate;
    const leaf = authority.issue(
      {
        subject: nameOf(subject),
        spki: spkiOf(await makeKeys({ type: 'EC', size: undefined, curve: 'P-256' })),
        notBefore: new Date(this.clock.now - 1 * day),
        notAfter: new Date(this.clock.now + (options.days ?? 300) * day),
      },
      issuer,
    );
    const path = join(this.directory, options.name ?? 'sender.pem');
    const chain = [issuer.certificate.der, leaf];
    await writeFile(path, chain.map((der) => encodePem('CERTIFICATE', der)).join(''));
    return { uri: fileUri(path), leaf: readCertificate(leaf) };
  }

  /** Begins anew with the content of a fresh tenant of Neo, as a test wants it that shares the world with others. */
  async begin(): Promise<void> {
    this.setUps = [];
    const { neo } = this;
    if (neo.stage !== undefined) {
      await this.connections.update({ ...neo, stage: undefined });
    }
    await this.tenant.reset('neo');
    this.tenant.neo.faults.clear();
    this.tenant.neo.journal.clear();
    this.clock.now = Date.now();
    this.revealed.length = 0;
    this.lines.length = 0;
    this.reload();
  }

  /** Begins what a reload of the window begins. */
  reload(): void {
    this.mappings.dispose();
    this.mappings = this.window();
  }

  /** Has another process serve the tenants, on the same ports where they are free. */
  async restart(): Promise<void> {
    await this.tenant.dispose();
    this.tenant = await PracticeTenant.open({ directory: this.directory });
    this.accesses.clear();
  }

  readonly context: ActionContext = {
    signal,
    withProgress: (_, work) => work({ signal: new AbortController().signal, report: () => undefined }),
  };

  /** Set-ups of senders that are kept. */
  setUps: readonly SenderSetUp[] = [];

  get ports(): UserMappingPorts {
    return {
      setUps: () => this.setUps,
      mappings: this.mappings,
      reveal: (place) => {
        this.revealed.push(place);
        return Promise.resolve(true);
      },
      files: {
        read: async (uri) => new Uint8Array(await readFile(uri.fsPath)),
        write: async (uri, bytes) => await writeFile(uri.fsPath, bytes),
      },
      activeText: () => undefined,
      isUri: (value): value is vscode.Uri => typeof value === 'object' && value !== null && 'fsPath' in value,
      derivation: localKeyDerivation,
      issuerSources: (onUnread) => [tenantIssuers(this.connections, this.keystores(), onUnread)],
    };
  }

  /** What commands work with, with answers from a script. */
  environment(prompts: Prompts): Environment {
    return {
      connections: this.connections,
      keystores: this.keystores(),
      cloudFoundry: { state: () => ({ kind: 'signedOut' }) } as unknown as Environment['cloudFoundry'],
      prompts,
      navigator: {} as unknown as Environment['navigator'],
      run: ({ run }) => run(this.context),
      trust: (connection) => trustListsFor(connection, { extensionPath: process.cwd(), listFiles: [] }),
      now: this.clock.clock,
    };
  }

  async access(id: string): Promise<TenantAccess> {
    const connection = this.connections.get(id);
    if (connection === undefined) {
      throw new Error('no such tenant');
    }
    const known = this.accesses.get(id);
    if (known !== undefined) {
      return known;
    }
    const session = new TenantSession({
      address: connection.address,
      secret: () => this.connections.secret(id),
      transport: new HttpTransport({
        timeoutMs: () => this.timeoutMs,
        log: ({ method, path, status }) => void this.lines.push(`${method} ${path} ${status ?? '-'}`),
      }),
      clock: this.clock.clock,
      wait: this.clock.wait,
    });
    const made: TenantAccess = {
      client: new ODataKeystoreClient(session),
      content: new ODataIntegrationContent(session),
      mappings: new ODataUserMappingClient(session),
      grantedScopes: (own) => session.grantedScopes(own),
      mayMove: false,
    };
    this.accesses.set(id, made);
    return await Promise.resolve(made);
  }

  async dispose(): Promise<void> {
    this.mappings.dispose();
    this.connections.dispose();
    await this.tenant.dispose();
    await rm(this.directory, { recursive: true, force: true });
  }

  private connectionOf(kind: ReturnType<typeof practiceKind>): Connection {
    const found = this.connections.list().find((connection) => practiceKind(connection) === kind);
    if (found === undefined) {
      throw new Error(`not connected: ${kind}`);
    }
    return found;
  }

  private keystores(): Environment['keystores'] {
    return {
      access: (id: string) => this.access(id),
      entriesOrRead: async (id: string) => (await this.access(id)).client.readEntries({ signal }),
    } as unknown as Environment['keystores'];
  }

  private window(): UserMappings {
    return new UserMappings({
      connections: this.connections,
      keystores: {
        access: (id) => this.access(id),
        entriesOrRead: async (id) => await (await this.access(id)).client.readEntries({ signal }),
        read: async (id, ask) => await ask(await this.access(id), signal),
        inTurn: (id, work) => this.writes.run(id, async () => await work(await this.access(id))),
      },
      trust: (connection) => trustListsFor(connection, { extensionPath: process.cwd(), listFiles: [] }),
      memory: this.state,
      warningDays: () => 30,
      now: this.clock.clock,
    });
  }
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../../src/commands/environment.js';
import { HttpTransport } from '../../src/http/httpTransport.js';
import { signWithPracticeCa } from '../../src/practice/practiceSigning.js';
import { PracticeTenant } from '../../src/practice/practiceTenant.js';
import type { Connection } from '../../src/services/connection.js';
import { WriteQueue } from '../../src/services/writeQueue.js';
import { ODataIntegrationContent } from '../../src/tenant/integrationContent.js';
import { ODataKeystoreClient } from '../../src/tenant/keystoreClient.js';
import type { KeystoreEntry } from '../../src/tenant/keystoreEntry.js';
import { TenantSession } from '../../src/tenant/tenantSession.js';
import type { Prompts } from '../../src/ui/prompts.js';
import type { Action } from '../../src/ui/runAction.js';
import { ManualClock } from './manualClock.js';
import { runAction } from './runAction.js';
import { builtInTrust } from './trust.js';

/** A practice tenant with a client and what commands work with; waits take no time. */
export class PracticeWorld {
  /** Entries that commands revealed, by their hexaliases. */
  readonly revealed: string[] = [];
  /** Milliseconds after which a request is given up. */
  timeoutMs = 10_000;
  connection: Connection;
  readonly client: ODataKeystoreClient;
  readonly content: ODataIntegrationContent;
  private readonly writes = new WriteQueue();

  private constructor(
    readonly tenant: PracticeTenant,
    private readonly directory: string,
  ) {
    const { oauth } = JSON.parse(tenant.serviceKey) as {
      oauth: { clientid: string; clientsecret: string; tokenurl: string };
    };
    this.connection = {
      id: 't1',
      name: 'Practice Tenant',
      stage: undefined,
      practice: true,
      address: {
        url: tenant.url,
        authentication: { kind: 'clientSecret', tokenUrl: oauth.tokenurl, clientId: oauth.clientid },
      },
    };
    const clock = new ManualClock();
    clock.now = Date.now();
    const session = new TenantSession({
      address: this.connection.address,
      secret: () => Promise.resolve({ kind: 'clientSecret', clientSecret: oauth.clientsecret }),
      transport: new HttpTransport({ timeoutMs: () => this.timeoutMs, log: () => undefined }),
      clock: clock.clock,
      wait: clock.wait,
    });
    this.client = new ODataKeystoreClient(session);
    this.content = new ODataIntegrationContent(session);
  }

  static async open(): Promise<PracticeWorld> {
    const directory = await mkdtemp(join(tmpdir(), 'practice-world-'));
    return new PracticeWorld(await PracticeTenant.open({ directory }), directory);
  }

  async dispose(): Promise<void> {
    await this.tenant.dispose();
    await rm(this.directory, { recursive: true, force: true });
  }

  async entries(): Promise<readonly KeystoreEntry[]> {
    return await this.client.readEntries({ signal: new AbortController().signal });
  }

  async entry(alias: string): Promise<KeystoreEntry | undefined> {
    return (await this.entries()).find((entry) => entry.alias === alias);
  }

  /** Has a request signed by the practice CA, which the tenant trusts; gives the chain as PEM, the leaf first. */
  async sign(csr: Uint8Array): Promise<Uint8Array> {
    return await signWithPracticeCa({ directory: this.directory, csr, form: 'pem' });
  }

  /** The row of an entry, as the tree hands it over. */
  row(alias: string): { readonly kind: 'entry'; readonly tenantId: string; readonly hexalias: string } {
    return {
      kind: 'entry',
      tenantId: this.connection.id,
      hexalias: Buffer.from(alias).toString('hex').toUpperCase(),
    };
  }

  /** What commands get, with these prompts. */
  environment(prompts: Prompts): Environment {
    return {
      prompts,
      connections: {
        list: () => [this.connection],
        get: (id: string) => (id === this.connection.id ? this.connection : undefined),
      },
      keystores: {
        entries: () => undefined,
        entriesOrRead: () => this.entries(),
        access: () => Promise.resolve({ client: this.client, content: this.content }),
        write: (id: string, work: (client: ODataKeystoreClient) => Promise<unknown>) =>
          this.writes.run(id, () => work(this.client)),
      },
      navigator: {
        revealEntry: (_tenantId: string, hexalias: string) => {
          this.revealed.push(hexalias);
          return Promise.resolve();
        },
      },
      now: Date.now,
      run: (action: Action) => runAction(prompts, action),
      trust: builtInTrust,
    } as unknown as Environment;
  }
}

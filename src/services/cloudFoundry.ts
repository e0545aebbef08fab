import type * as vscode from 'vscode';
import type { CfEndpoint } from '../platform/cfEndpoint.js';
import type { CfTokens, CfUser } from '../platform/cfTokens.js';
import type { CfOrder, CfTask } from '../platform/cfTasks.js';
import type { CfOutcome } from '../platform/cfWrites.js';
import type { SignIn } from '../platform/uaaClient.js';
import type { CloudFoundryAccess } from './cloudFoundryAccess.js';
import type { ChangeOptions, CloudFoundryEngine, EngineOptions } from './cloudFoundryEngine.js';
import {
  cloudFoundrySecretPrefix,
  newTenantId,
  parseCloudFoundryRecords,
  type CfPlace,
  type CloudFoundryRecord,
} from './cloudFoundryRecord.js';
import type { Connections } from './connections.js';
import { Listeners } from './listeners.js';
import type { SecretVault } from './secretVault.js';

/** Whether a person is signed in to the Cloud Foundry of a tenant, as far as it is known without asking. */
export type CloudFoundryState =
  | { readonly kind: 'signedOut' }
  | {
      /** `expired`: the session is not taken any more, or its tokens are lost; all else is remembered. */
      readonly kind: 'signedIn' | 'expired';
      readonly endpoint: CfEndpoint;
      readonly user: CfUser;
      /** Undefined until a space was chosen. */
      readonly place: CfPlace | undefined;
    };

const recordsKey = 'cloudFoundry';

/**
 * The Cloud Foundry beside each tenant: sign-in, endpoint, space, and changes under way. What asks the network is loaded when
 * first needed. A space belongs to a tenant; so does a sign-in, since tenants may lie in different regions.
 */
export class CloudFoundry implements vscode.Disposable {
  private readonly changes = new Listeners<string>();
  /** Fires with the id of the tenant whose state, space or unfinished changes have changed. */
  readonly onDidChange = this.changes.listen;
  private readonly performed = new Listeners<{ readonly tenantId: string; readonly task: CfTask }>();
  /** Fires when a change has come to its end, well or not: what was read before may be out of date. */
  readonly onDidPerform = this.performed.listen;
  private readonly tokensChanged = new Listeners<string>();
  private engine: Promise<CloudFoundryEngine> | undefined;
  private readonly subscriptions: readonly { dispose(): void }[];

  constructor(
    private readonly globalState: vscode.Memento,
    private readonly vault: SecretVault,
    connections: Pick<Connections, 'get' | 'onDidChange'>,
    private readonly options: EngineOptions,
  ) {
    this.subscriptions = [
      vault.onDidChange((key) => {
        if (key.startsWith(cloudFoundrySecretPrefix)) {
          const tenantId = key.slice(cloudFoundrySecretPrefix.length);
          this.tokensChanged.fire(tenantId);
          this.changes.fire(tenantId);
        }
      }),
      connections.onDidChange(() => void this.forgetRemoved(connections)),
    ];
  }

  /** What is known without asking. */
  state(tenantId: string): CloudFoundryState {
    const record = this.record(tenantId);
    return record?.user === undefined
      ? { kind: 'signedOut' }
      : {
          kind: record.isExpired ? 'expired' : 'signedIn',
          endpoint: record.endpoint,
          user: record.user,
          place: record.place,
        };
  }

  /** The API endpoint that was used last, also after signing out. */
  lastEndpoint(tenantId: string): CfEndpoint | undefined {
    return this.record(tenantId)?.endpoint;
  }

  /** The way to a tenant's Cloud Foundry; throws `signed-out` where nobody is signed in. */
  async access(tenantId: string): Promise<CloudFoundryAccess> {
    return await (await this.loaded()).access(tenantId);
  }

  /** Asks an API endpoint where people sign in. */
  async discover(apiUrl: string, signal: AbortSignal): Promise<CfEndpoint> {
    return await (await this.loaded()).discover(apiUrl, signal);
  }

  /** Signs in and keeps the tokens; throws `stale` before anything is asked, else what `requestTokens` throws. */
  async signIn(tenantId: string, endpoint: CfEndpoint, signIn: SignIn, signal: AbortSignal): Promise<CfUser> {
    const engine = await this.loaded();
    return await engine.begin(tenantId, endpoint, (session) => session.signIn(signIn, signal));
  }

  /** Takes over the tokens of another program. */
  async adopt(tenantId: string, endpoint: CfEndpoint, tokens: CfTokens): Promise<CfUser> {
    return await (await this.loaded()).begin(tenantId, endpoint, (session) => session.adopt(tokens));
  }

  /** Forgets the tokens; endpoint and space are remembered for the next sign-in. */
  async signOut(tenantId: string): Promise<void> {
    await this.vault.forget(cloudFoundrySecretPrefix + tenantId);
    this.tokensChanged.fire(tenantId);
    await this.update(tenantId, { user: undefined, isExpired: false });
  }

  /** Gives what was signed in to for a tenant that was to be connected to the tenant that it has become. */
  async moveFromNew(tenantId: string): Promise<void> {
    const record = this.record(newTenantId);
    const tokens = await this.vault.read(cloudFoundrySecretPrefix + newTenantId);
    if (record !== undefined && typeof tokens === 'object' && tokens !== null) {
      await this.vault.store(cloudFoundrySecretPrefix + tenantId, tokens);
      await this.update(tenantId, record);
      await this.update(newTenantId, { tasks: [] });
      await this.signOut(newTenantId);
    }
  }

  /** Remembers the space in which instances are looked for and created. */
  async choosePlace(tenantId: string, place: CfPlace): Promise<void> {
    await this.update(tenantId, { place });
  }

  /** Changes that Cloud Foundry has taken on and whose end nobody has seen, also those of earlier sessions. */
  unfinished(tenantId: string): readonly CfTask[] {
    return this.record(tenantId)?.tasks ?? [];
  }

  /** Tenants that have unfinished changes. */
  tenantsWithUnfinished(): readonly string[] {
    return [...this.records()].flatMap(([id, { tasks }]) => (tasks.length > 0 ? [id] : []));
  }

  /**
   * Makes a change and watches it; see `runOrder`. It is kept as unfinished from the moment when Cloud Foundry takes it on
   * until its end is seen. Changes of one tenant are sent one after the other.
   */
  async change(tenantId: string, order: CfOrder, options: ChangeOptions): Promise<CfOutcome> {
    return await (await this.loaded()).change(tenantId, order, options);
  }

  /** Watches an unfinished change to its end; throws where it failed. */
  async follow(tenantId: string, task: CfTask, options: ChangeOptions): Promise<CfOutcome> {
    return await (await this.loaded()).follow(tenantId, task, options);
  }

  dispose(): void {
    for (const subscription of this.subscriptions) {
      subscription.dispose();
    }
    this.changes.dispose();
    this.performed.dispose();
  }

  private async loaded(): Promise<CloudFoundryEngine> {
    this.engine ??= import('./cloudFoundryEngine.js').then(
      ({ CloudFoundryEngine }) =>
        new CloudFoundryEngine(
          {
            vault: this.vault,
            record: (tenantId) => this.record(tenantId),
            update: (tenantId, change) => this.update(tenantId, change),
            ended: (tenantId, task) => this.performed.fire({ tenantId, task }),
            onTokensChanged: this.tokensChanged.listen,
          },
          this.options,
        ),
    );
    return await this.engine;
  }

  private async update(tenantId: string, change: Partial<CloudFoundryRecord>): Promise<void> {
    const known = this.record(tenantId);
    const endpoint = change.endpoint ?? known?.endpoint;
    if (endpoint === undefined) {
      return;
    }
    const empty = { user: undefined, isExpired: false, place: undefined, tasks: [] };
    await this.save(new Map(this.records()).set(tenantId, { ...empty, ...known, ...change, endpoint }));
    this.changes.fire(tenantId);
  }

  private async forgetRemoved(connections: Pick<Connections, 'get'>): Promise<void> {
    for (const tenantId of this.records().keys()) {
      if (tenantId !== newTenantId && connections.get(tenantId) === undefined) {
        const rest = new Map(this.records());
        rest.delete(tenantId);
        await this.save(rest);
        // The removal of the tenant has just stored, so this window is not stale; if it is, the secret is useless anyway.
        await this.vault.forget(cloudFoundrySecretPrefix + tenantId).catch(() => undefined);
        this.tokensChanged.fire(tenantId);
        this.changes.fire(tenantId);
      }
    }
  }

  private record(tenantId: string): CloudFoundryRecord | undefined {
    return this.records().get(tenantId);
  }

  private records(): ReadonlyMap<string, CloudFoundryRecord> {
    return parseCloudFoundryRecords(this.globalState.get(recordsKey));
  }

  private async save(records: ReadonlyMap<string, CloudFoundryRecord>): Promise<void> {
    await this.globalState.update(recordsKey, Object.fromEntries(records));
  }
}

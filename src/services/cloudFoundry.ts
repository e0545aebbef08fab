import type * as vscode from 'vscode';
import { KeystoreError } from '../errors.js';
import type { Wait } from '../http/waiting.js';
import type { CfEndpoint } from '../platform/cfEndpoint.js';
import type { CfTokens, CfTokenStore, CfUser } from '../platform/cfTokens.js';
import type { CfOrder, CfTask } from '../platform/cfTasks.js';
import type { CfOutcome } from '../platform/cfWrites.js';
import type { SignIn } from '../platform/uaaClient.js';
import type { CloudFoundryAccess, ReachOptions } from './cloudFoundryAccess.js';
import { parseCloudFoundryRecords, type CfPlace, type CloudFoundryRecord } from './cloudFoundryRecord.js';
import type { Connections } from './connections.js';
import { Listeners } from './listeners.js';
import type { SecretVault } from './secretVault.js';
import { WriteQueue } from './writeQueue.js';

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

/** How the watching of a change is shown and ended; cancelling never ends the server's work. */
export interface ChangeOptions {
  readonly signal: AbortSignal;
  readonly onLook?: (state: string, milliseconds: number) => void;
}

const recordsKey = 'cloudFoundry';
const secretPrefix = 'ciKeystore.cloudFoundry.';

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
  private readonly ways = new Map<string, Promise<CloudFoundryAccess>>();
  private readonly queue = new WriteQueue();
  private readonly subscriptions: readonly { dispose(): void }[];

  constructor(
    private readonly globalState: vscode.Memento,
    private readonly vault: SecretVault,
    connections: Pick<Connections, 'get' | 'onDidChange'>,
    private readonly options: ReachOptions & {
      /** For tests. */
      readonly clock?: () => number;
      readonly wait?: Wait;
    },
  ) {
    this.subscriptions = [
      vault.onDidChange((key) => {
        if (key.startsWith(secretPrefix)) {
          const tenantId = key.slice(secretPrefix.length);
          this.ways.delete(tenantId);
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
    const record = this.record(tenantId);
    if (record?.user === undefined) {
      throw new KeystoreError('signed-out', 'nobody is signed in to Cloud Foundry', {
        details: { where: 'cf' },
      });
    }
    return await this.way(tenantId, record.endpoint);
  }

  /** Asks an API endpoint where people sign in. */
  async discover(apiUrl: string, signal: AbortSignal): Promise<CfEndpoint> {
    const { discover } = await import('./cloudFoundryAccess.js');
    return await discover(apiUrl, this.options, signal);
  }

  /** Signs in and keeps the tokens; throws `stale` before anything is asked, else what `requestTokens` throws. */
  async signIn(tenantId: string, endpoint: CfEndpoint, signIn: SignIn, signal: AbortSignal): Promise<CfUser> {
    return await this.begin(tenantId, endpoint, (session) => session.signIn(signIn, signal));
  }

  /** Takes over the tokens of another program. */
  async adopt(tenantId: string, endpoint: CfEndpoint, tokens: CfTokens): Promise<CfUser> {
    return await this.begin(tenantId, endpoint, (session) => session.adopt(tokens));
  }

  /** Forgets the tokens; endpoint and space are remembered for the next sign-in. */
  async signOut(tenantId: string): Promise<void> {
    await this.vault.forget(secretPrefix + tenantId);
    this.ways.delete(tenantId);
    await this.update(tenantId, { user: undefined, isExpired: false });
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
    const [{ startOrder }, { api }] = await Promise.all([
      import('./cloudFoundryAccess.js'),
      this.access(tenantId),
    ]);
    const { clock, wait } = this.options;
    const task = await this.queue.run(tenantId, async () => {
      const started = await startOrder(api, order, {
        signal: options.signal,
        ...(clock === undefined ? {} : { clock }),
        ...(wait === undefined ? {} : { wait }),
      });
      await this.update(tenantId, { tasks: [...this.unfinished(tenantId), started] });
      return started;
    });
    return await this.follow(tenantId, task, options);
  }

  /** Watches an unfinished change to its end; throws where it failed. */
  async follow(tenantId: string, task: CfTask, options: ChangeOptions): Promise<CfOutcome> {
    const [{ followTask }, { api }] = await Promise.all([
      import('./cloudFoundryAccess.js'),
      this.access(tenantId),
    ]);
    const { wait } = this.options;
    try {
      const outcome = await followTask(api, task, { ...options, ...(wait === undefined ? {} : { wait }) });
      if (outcome.kind === 'done') {
        await this.end(tenantId, task);
      }
      return outcome;
    } catch (error) {
      if (isEndOfTask(error)) {
        await this.end(tenantId, task);
      }
      throw error;
    }
  }

  /** Drops an unfinished change from the list; the server's work is not touched. */
  async forgetUnfinished(tenantId: string, task: CfTask): Promise<void> {
    await this.end(tenantId, task);
  }

  dispose(): void {
    for (const subscription of this.subscriptions) {
      subscription.dispose();
    }
    this.changes.dispose();
    this.performed.dispose();
  }

  private async begin(
    tenantId: string,
    endpoint: CfEndpoint,
    work: (session: CloudFoundryAccess['session']) => Promise<CfUser | undefined>,
  ): Promise<CfUser> {
    this.vault.throwIfStale();
    this.ways.delete(tenantId);
    const user = (await work((await this.way(tenantId, endpoint)).session)) ?? {
      name: '?',
      origin: undefined,
    };
    const isSame = this.record(tenantId)?.endpoint.apiUrl === endpoint.apiUrl;
    await this.update(tenantId, {
      endpoint,
      user,
      isExpired: false,
      ...(isSame ? {} : { place: undefined, tasks: [] }),
    });
    return user;
  }

  private async way(tenantId: string, endpoint: CfEndpoint): Promise<CloudFoundryAccess> {
    const known = this.ways.get(tenantId);
    if (known !== undefined) {
      return await known;
    }
    const way = import('./cloudFoundryAccess.js').then(({ openCloudFoundryAccess }) =>
      openCloudFoundryAccess(endpoint, {
        ...this.options,
        store: this.tokenStore(tenantId),
        onExpired: async () => {
          if (this.ways.get(tenantId) === way && this.record(tenantId)?.isExpired === false) {
            await this.update(tenantId, { isExpired: true });
          }
        },
      }),
    );
    this.ways.set(tenantId, way);
    return await way;
  }

  /** A stale window keeps renewed tokens to itself, since storing them would erase another window's secrets. */
  private tokenStore(tenantId: string): CfTokenStore {
    const key = secretPrefix + tenantId;
    return {
      load: async () => {
        const { parseCfTokens } = await import('../platform/cfTokens.js');
        return parseCfTokens(await this.vault.read(key));
      },
      save: async (tokens) => {
        if (!this.vault.isStale) {
          await this.vault.store(key, tokens);
        }
      },
      forget: () => this.vault.forget(key),
    };
  }

  private async end(tenantId: string, task: CfTask): Promise<void> {
    const tasks = this.unfinished(tenantId).filter((other) => !isSameTask(other, task));
    await this.update(tenantId, { tasks });
    this.performed.fire({ tenantId, task });
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
      if (connections.get(tenantId) === undefined) {
        this.ways.delete(tenantId);
        const rest = new Map(this.records());
        rest.delete(tenantId);
        await this.save(rest);
        // The removal of the tenant has just stored, so this window is not stale; if it is, the secret is useless anyway.
        await this.vault.forget(secretPrefix + tenantId).catch(() => undefined);
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

/** A failure that tells that the work is over; any other leaves the change to be looked at again. */
function isEndOfTask(error: unknown): boolean {
  return (
    KeystoreError.is(error) &&
    !['signed-out', 'unauthorized', 'forbidden', 'offline', 'timeout', 'stale', 'untrusted-server'].includes(
      error.code,
    )
  );
}

function isSameTask(one: CfTask, other: CfTask): boolean {
  return (
    one.kind === other.kind &&
    one.guid === other.guid &&
    one.name === other.name &&
    one.startedAt === other.startedAt
  );
}

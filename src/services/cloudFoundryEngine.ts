import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import type { Wait } from '../http/waiting.js';
import type { CfEndpoint } from '../platform/cfEndpoint.js';
import type { CfOrder, CfTask } from '../platform/cfTasks.js';
import { parseCfTokens, type CfTokenStore, type CfUser } from '../platform/cfTokens.js';
import { followTask, startOrder, type CfOutcome } from '../platform/cfWrites.js';
import {
  discover,
  openCloudFoundryAccess,
  type CloudFoundryAccess,
  type ReachOptions,
} from './cloudFoundryAccess.js';
import { cloudFoundrySecretPrefix, type CloudFoundryRecord } from './cloudFoundryRecord.js';
import type { Listen } from './listeners.js';
import type { SecretVault } from './secretVault.js';
import { WriteQueue } from './writeQueue.js';

/** What is needed to reach Cloud Foundry; clock and wait come in for tests. */
export interface EngineOptions extends ReachOptions {
  readonly clock?: () => number;
  readonly wait?: Wait;
  /** Starts what the Cloud Foundry of a tenant needs: the practice tenant serves its own. */
  readonly prepare?: (tenantId: string) => Promise<void>;
}

/** How the watching of a change is shown and ended; cancelling never ends the server's work. */
export interface ChangeOptions {
  readonly signal: AbortSignal;
  readonly onLook?: (state: string, milliseconds: number) => void;
}

/** What the service keeps for its engine. */
export interface EngineHost {
  readonly vault: SecretVault;
  readonly record: (tenantId: string) => CloudFoundryRecord | undefined;
  readonly update: (tenantId: string, change: Partial<CloudFoundryRecord>) => Promise<void>;
  readonly ended: (tenantId: string, task: CfTask) => void;
  /** Hears of a tenant whose tokens another window changed, or that was signed out. */
  readonly onTokensChanged: Listen<string>;
}

/** The part of `CloudFoundry` that asks the network; loaded when first needed. */
export class CloudFoundryEngine {
  private readonly ways = new Map<string, CloudFoundryAccess>();
  private readonly queue = new WriteQueue();

  constructor(
    private readonly host: EngineHost,
    private readonly options: EngineOptions,
  ) {
    // What another window signed in with, or a sign-out, is seen by the next request.
    host.onTokensChanged((tenantId) => this.ways.get(tenantId)?.session.reload());
  }

  async access(tenantId: string): Promise<CloudFoundryAccess> {
    const record = this.host.record(tenantId);
    if (record?.user === undefined) {
      throw new KeystoreError('signed-out', 'nobody is signed in to Cloud Foundry', {
        details: {
          where: 'cf',
          explanation: l10n.t('Nobody is signed in to Cloud Foundry. Sign in to Cloud Foundry first.'),
        },
      });
    }
    await this.options.prepare?.(tenantId);
    return this.way(tenantId, record.endpoint);
  }

  async discover(apiUrl: string, signal: AbortSignal): Promise<CfEndpoint> {
    return await discover(apiUrl, this.options, signal);
  }

  async begin(
    tenantId: string,
    endpoint: CfEndpoint,
    work: (session: CloudFoundryAccess['session']) => Promise<CfUser | undefined>,
  ): Promise<CfUser> {
    this.host.vault.throwIfStale();
    this.ways.delete(tenantId);
    const user = (await work(this.way(tenantId, endpoint).session)) ?? { name: '?', origin: undefined };
    const isSame = this.host.record(tenantId)?.endpoint.apiUrl === endpoint.apiUrl;
    await this.host.update(tenantId, {
      endpoint,
      user,
      isExpired: false,
      ...(isSame ? {} : { place: undefined, tasks: [] }),
    });
    return user;
  }

  async change(tenantId: string, order: CfOrder, options: ChangeOptions): Promise<CfOutcome> {
    const { api } = await this.access(tenantId);
    const { clock, wait } = this.options;
    const task = await this.queue.run(tenantId, async () => {
      const started = await startOrder(api, order, {
        signal: options.signal,
        ...(clock === undefined ? {} : { clock }),
        ...(wait === undefined ? {} : { wait }),
      });
      await this.host.update(tenantId, { tasks: [...this.unfinished(tenantId), started] });
      return started;
    });
    return await this.follow(tenantId, task, options);
  }

  async follow(tenantId: string, task: CfTask, options: ChangeOptions): Promise<CfOutcome> {
    const { api } = await this.access(tenantId);
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

  private way(tenantId: string, endpoint: CfEndpoint): CloudFoundryAccess {
    const known = this.ways.get(tenantId);
    if (known !== undefined) {
      return known;
    }
    const way: CloudFoundryAccess = openCloudFoundryAccess(endpoint, {
      ...this.options,
      store: this.tokenStore(tenantId),
      onExpired: async () => {
        if (this.ways.get(tenantId) === way && this.host.record(tenantId)?.isExpired === false) {
          await this.host.update(tenantId, { isExpired: true });
        }
      },
    });
    this.ways.set(tenantId, way);
    return way;
  }

  /** A stale window keeps renewed tokens to itself, since storing them would erase another window's secrets. */
  private tokenStore(tenantId: string): CfTokenStore {
    const { vault } = this.host;
    const key = cloudFoundrySecretPrefix + tenantId;
    return {
      load: async () => parseCfTokens(await vault.read(key)),
      save: async (tokens) => {
        if (!vault.isStale) {
          await vault.store(key, tokens);
        }
      },
      forget: () => vault.forget(key),
    };
  }

  private async end(tenantId: string, task: CfTask): Promise<void> {
    const tasks = this.unfinished(tenantId).filter((other) => !isSameTask(other, task));
    await this.host.update(tenantId, { tasks });
    this.host.ended(tenantId, task);
  }

  private unfinished(tenantId: string): readonly CfTask[] {
    return this.host.record(tenantId)?.tasks ?? [];
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

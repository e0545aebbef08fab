import type * as vscode from 'vscode';
import { Cancelled, KeystoreError, type ErrorCode, type ErrorDetails } from '../errors.js';
import type { IntegrationContentClient } from '../tenant/integrationContent.js';
import type { UserMappingClient } from '../tenant/certificateUserMappings.js';
import type { KeystoreClient } from '../tenant/keystoreClient.js';
import type { ChainCertificate, KeystoreEntry } from '../tenant/keystoreEntry.js';
import type { TenantState, TenantStatus } from './tenantState.js';
import type { Connection } from './connection.js';
import type { Connections } from './connections.js';
import { isNeoTenant } from '../tenant/tenantAddress.js';
import { Listeners } from './listeners.js';
import { unlessAborted } from './unlessAborted.js';
import { WriteQueue } from './writeQueue.js';

interface Loaded {
  status: TenantStatus;
  /** What ended the last read; the status shows a part of it. */
  failure: KeystoreError | undefined;
  refreshing: Promise<void> | undefined;
  access: Promise<TenantAccess> | undefined;
  /** Aborted when the tenant is removed or changed, so that late results are dropped. */
  lifetime: AbortController;
}

/** How a tenant is asked. */
export interface TenantAccess {
  readonly client: KeystoreClient;
  /** What it tells of its integration flows. */
  readonly content: IntegrationContentClient;
  /** Certificate-to-user mappings; only a tenant of Neo has them. */
  readonly mappings: UserMappingClient;
  /** Scopes that the tenant's token carries, or undefined where none tells. */
  readonly grantedScopes: (signal: AbortSignal) => Promise<readonly string[] | undefined>;
  /** True where another process may serve the tenant by now, so that a way that leads nowhere is looked for anew. */
  readonly mayMove: boolean;
}

/** The keystores of all tenants, as far as they have been read; reads coalesce, writes of one tenant queue up. */
export class Keystores implements vscode.Disposable {
  private readonly changes = new Listeners<string | undefined>();
  /** Fires with the id of the tenant that changed, or undefined where the list did. */
  readonly onDidChange = this.changes.listen;
  private readonly loaded = new Map<string, Loaded>();
  private readonly writes = new WriteQueue();
  private readonly subscription: { dispose(): void };

  constructor(
    private readonly connections: Connections,
    private readonly connect: (connection: Connection) => Promise<TenantAccess>,
    private readonly options: {
      readonly now: () => number;
      /** Hears of each read that failed, since the status tells a part of it only. */
      readonly onFailure: (tenantName: string, error: unknown) => void;
    },
  ) {
    this.subscription = connections.onDidChange((id) => this.forget(id));
  }

  tenants(): readonly TenantState[] {
    return this.connections.list().map((connection) => ({
      id: connection.id,
      name: connection.name,
      stage: connection.stage,
      practice: connection.practice,
      isNeo: isNeoTenant(connection.address),
      status: this.loaded.get(connection.id)?.status ?? { kind: 'notLoaded' },
    }));
  }

  /** The entries as last read, or undefined before the first read. */
  entries(tenantId: string): readonly KeystoreEntry[] | undefined {
    const status = this.loaded.get(tenantId)?.status;
    switch (status?.kind) {
      case 'loaded':
        return status.entries;
      case 'loading':
      case 'failed':
        return status.previous;
      default:
        return undefined;
    }
  }

  /** Starts the first read; what goes wrong becomes the tenant's status. */
  load(tenantId: string): void {
    if (this.slot(tenantId).status.kind === 'notLoaded') {
      void this.refresh(tenantId);
    }
  }

  /** Reads the entries anew; never rejects, since a failure is a state of the tenant. */
  async refresh(tenantId: string): Promise<void> {
    const slot = this.slot(tenantId);
    slot.refreshing ??= this.readEntries(tenantId, slot).finally(() => {
      slot.refreshing = undefined;
    });
    await slot.refreshing;
  }

  /** The entries, read now if they never were; throws what kept them from being read, and `Cancelled` as soon as it is asked for. */
  async entriesOrRead(tenantId: string, signal: AbortSignal): Promise<readonly KeystoreEntry[]> {
    const known = this.entries(tenantId);
    if (known !== undefined) {
      return known;
    }
    // The reading goes on for the tree; only this caller need not wait for its end.
    await unlessAborted(this.refresh(tenantId), signal);
    const { status, failure } = this.slot(tenantId);
    if (status.kind === 'loaded') {
      return status.entries;
    }
    throw failure ?? new KeystoreError('signed-out', 'the entries could not be read');
  }

  /** Chain certificates of an entry, as the tenant sends them. */
  async readChain(
    tenantId: string,
    hexalias: string,
    signal: AbortSignal,
  ): Promise<readonly ChainCertificate[]> {
    const { lifetime } = this.slot(tenantId);
    const { client } = await this.access(tenantId);
    return await client.readChain(hexalias, AbortSignal.any([signal, lifetime.signal]));
  }

  /** The way to a tenant, made when first asked for. */
  async access(tenantId: string): Promise<TenantAccess> {
    const connection = this.connections.get(tenantId);
    if (connection === undefined) {
      throw new KeystoreError('not-found', 'the tenant has been removed');
    }
    const slot = this.slot(tenantId);
    const access = (slot.access ??= this.connect(connection));
    try {
      return await access;
    } catch (error) {
      if (slot.access === access) {
        slot.access = undefined;
      }
      throw error;
    }
  }

  /** Runs a write after all earlier writes of this tenant, then reads the keystore anew. */
  async write<T>(tenantId: string, work: (client: KeystoreClient) => Promise<T>): Promise<T> {
    return await this.inTurn(tenantId, async ({ client }) => {
      try {
        return await work(client);
      } finally {
        await this.slot(tenantId).refreshing;
        await this.refresh(tenantId);
      }
    });
  }

  /** Runs a write that changes no entry after all earlier writes of this tenant. */
  async inTurn<T>(tenantId: string, work: (access: TenantAccess) => Promise<T>): Promise<T> {
    return await this.writes.run(tenantId, async () => await work(await this.access(tenantId)));
  }

  /** Reads something of a tenant; `Cancelled` where the tenant was removed or changed meanwhile. */
  async read<T>(
    tenantId: string,
    ask: (access: TenantAccess, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const slot = this.slot(tenantId);
    const { signal } = slot.lifetime;
    const answer = await this.askAgainWhereMoved(tenantId, slot, (access) => ask(access, signal));
    Cancelled.throwIfAborted(signal);
    return answer;
  }

  /** Drops what is known of a tenant, so that it is read anew with its present address and secret. */
  forget(tenantId: string | undefined): void {
    const known = new Set(this.connections.list().map((connection) => connection.id));
    for (const [id, slot] of this.loaded) {
      if (id === tenantId || !known.has(id)) {
        slot.lifetime.abort();
        this.loaded.delete(id);
      }
    }
    this.changes.fire(undefined);
  }

  dispose(): void {
    this.subscription.dispose();
    for (const slot of this.loaded.values()) {
      slot.lifetime.abort();
    }
    this.changes.dispose();
  }

  private slot(tenantId: string): Loaded {
    let slot = this.loaded.get(tenantId);
    if (slot === undefined) {
      slot = {
        status: { kind: 'notLoaded' },
        failure: undefined,
        refreshing: undefined,
        access: undefined,
        lifetime: new AbortController(),
      };
      this.loaded.set(tenantId, slot);
    }
    return slot;
  }

  private async readEntries(tenantId: string, slot: Loaded): Promise<void> {
    const previous = this.entries(tenantId);
    slot.failure = undefined;
    this.setStatus(tenantId, slot, { kind: 'loading', previous });
    try {
      const entries = await this.askAgainWhereMoved(tenantId, slot, ({ client }) =>
        client.readEntries({
          signal: slot.lifetime.signal,
          onPage: (entriesSoFar) =>
            this.setStatus(tenantId, slot, { kind: 'loading', entriesSoFar, previous }),
        }),
      );
      this.setStatus(tenantId, slot, { kind: 'loaded', entries, at: this.options.now() });
    } catch (error) {
      if (error instanceof Cancelled) {
        return;
      }
      slot.failure = KeystoreError.is(error)
        ? error
        : new KeystoreError('bad-answer', 'reading the entries failed', { cause: error });
      if (slot.failure.code !== 'signed-out') {
        this.options.onFailure(this.connections.get(tenantId)?.name ?? tenantId, error);
      }
      this.setStatus(tenantId, slot, statusOf(slot.failure, previous));
    }
  }

  private async askAgainWhereMoved<T>(
    tenantId: string,
    slot: Loaded,
    ask: (access: TenantAccess) => Promise<T>,
  ): Promise<T> {
    const access = await this.access(tenantId);
    try {
      return await ask(access);
    } catch (error) {
      if (!access.mayMove || !KeystoreError.is(error, 'offline')) {
        throw error;
      }
      slot.access = undefined;
      return await ask(await this.access(tenantId));
    }
  }

  private setStatus(tenantId: string, slot: Loaded, status: TenantStatus): void {
    if (this.loaded.get(tenantId) === slot) {
      slot.status = status;
      this.changes.fire(tenantId);
    }
  }
}

function statusOf(
  { code, details }: KeystoreError,
  previous: readonly KeystoreEntry[] | undefined,
): TenantStatus {
  return code === 'signed-out'
    ? { kind: 'signedOut' }
    : {
        kind: 'failed',
        code,
        detail: detailOf(code, details),
        ...(previous === undefined ? {} : { previous }),
      };
}

/** What the tenant says, else which host did not answer and why: a token endpoint is another host than its tenant. */
function detailOf(code: ErrorCode, { said, host, reason }: ErrorDetails): string | undefined {
  if (typeof said === 'string') {
    return said;
  }
  const isOfConnection = code === 'offline' || code === 'timeout' || code === 'untrusted-server';
  if (!isOfConnection || typeof host !== 'string') {
    return undefined;
  }
  return typeof reason === 'string' ? `${host} (${reason})` : host;
}

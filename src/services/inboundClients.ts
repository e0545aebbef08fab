import { Cancelled, KeystoreError } from '../errors.js';
import { checkInbound, type InboundChecks } from '../inbound/inboundChecks.js';
import { placedKeys, type PlacedKey } from '../inbound/inboundClients.js';
import type { TrustLists } from '../inbound/trustLists.js';
import { neededRoles } from '../inbound/neededRoles.js';
import { parseSetUps } from '../inbound/senderSetUp.js';
import type { CfApi } from '../platform/cfApi.js';
import type { CloudFoundry } from './cloudFoundry.js';
import type { Connection } from './connection.js';
import type { Connections } from './connections.js';
import { inParallel } from './inParallel.js';
import { listInbound, parallelRequests, readGrants, readKey, type InboundScope } from './inboundReader.js';
import {
  findInbound,
  findKey,
  inboundData,
  withKey,
  type InboundData,
  type InboundStatus,
  type InboundTenant,
} from './inboundState.js';
import {
  emptySlot,
  failureOf,
  judgeOf,
  keep,
  requestsOf,
  withData,
  withKnown,
  type Slot,
} from './inboundSlot.js';
import type { KeyMemory, KnownKey } from './keyMemory.js';
import type { IssuerSource } from './issuers.js';
import { Renewals } from './renewals.js';
import { setUpsKey } from './setUpsKey.js';
import { isNeoTenant } from '../tenant/tenantAddress.js';
import { Listeners } from './listeners.js';

/** What is kept over restarts; VS Code's `Memento` fits it. */
export interface InboundMemory {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

export interface InboundClientsOptions {
  readonly connections: Pick<Connections, 'list' | 'get' | 'onDidChange'>;
  readonly cloudFoundry: Pick<CloudFoundry, 'state' | 'access' | 'onDidChange' | 'onDidPerform'>;
  /** The lists by which certificates for a tenant are judged; where it rejects, nothing is judged. */
  readonly trust: (connection: Connection | undefined) => Promise<TrustLists>;
  /** Where the issuers of certificates in keys are looked for. */
  readonly issuers: () => IssuerSource;
  readonly memory: InboundMemory;
  /** What was read of keys, by whomever. */
  readonly keys: KeyMemory;
  readonly warningDays: () => number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What reading all keys came to. */
export interface AllKeysRead {
  readonly read: number;
  /** Keys whose content the person may not see, or that could not be read. */
  readonly notReadable: number;
  readonly requests: number;
}

const memoryKey = 'inboundClients.everySpace';
const day = 86_400_000;
const nothing: InboundChecks = { instances: new Map(), keys: new Map() };

/** Who may call each tenant, as far as it was read; holds no secret. Reads coalesce, and late answers are dropped. */
export class InboundClients {
  private readonly changes = new Listeners<string | undefined>();
  /** Fires with the id of the tenant that changed, or undefined where the list of tenants did. */
  readonly onDidChange = this.changes.listen;
  private readonly slots = new Map<string, Slot>();
  private readonly subscriptions: readonly { dispose(): void }[];

  constructor(private readonly options: InboundClientsOptions) {
    const { connections, cloudFoundry, keys } = options;
    this.subscriptions = [
      keys.onDidChange(({ tenantId, by }) => {
        const slot = this.slots.get(tenantId);
        if (by !== this && slot !== undefined && slot.keys === keys.of(tenantId)) {
          this.change(tenantId, slot, (data) => withKnown(data, slot.keys));
        }
      }),
      connections.onDidChange(() => {
        for (const id of [...this.slots.keys()].filter((one) => connections.get(one) === undefined)) {
          this.drop(id);
        }
        this.changes.fire(undefined);
      }),
      cloudFoundry.onDidChange((tenantId) => this.follow(tenantId)),
      cloudFoundry.onDidPerform(({ tenantId }) => {
        if (this.slots.has(tenantId)) {
          void this.refresh(tenantId);
        }
      }),
    ];
  }

  /** Every connected tenant of Cloud Foundry, in the order of the connections. */
  tenants(): readonly InboundTenant[] {
    return this.options.connections
      .list()
      .filter(hasServiceKeys)
      .map((connection) => this.tenantOf(connection));
  }

  /** One tenant; undefined where it was removed, or is one of Neo, which has no service keys. */
  tenant(tenantId: string): InboundTenant | undefined {
    const connection = this.options.connections.get(tenantId);
    return connection === undefined || !hasServiceKeys(connection) ? undefined : this.tenantOf(connection);
  }

  /** What was read of a tenant. */
  data(tenantId: string): InboundData | undefined {
    return inboundData(this.status(tenantId));
  }

  /** Starts the first read; what goes wrong becomes the tenant's status. */
  load(tenantId: string): void {
    if (this.status(tenantId).kind === 'notLoaded') {
      void this.refresh(tenantId);
    }
  }

  /** Lists instances and keys anew; keeps what keys hold. Never rejects, since a failure is a state of the tenant. */
  async refresh(tenantId: string): Promise<void> {
    const slot = this.slot(tenantId);
    if (slot === undefined) {
      this.changes.fire(tenantId);
      return;
    }
    slot.refreshing ??= this.list(tenantId, slot).finally(() => {
      slot.refreshing = undefined;
    });
    await slot.refreshing;
  }

  /** Reads a tenant that was not read yet; throws what keeps it from being read. */
  async ensure(tenantId: string, signal: AbortSignal): Promise<InboundData> {
    if (this.data(tenantId) === undefined) {
      await this.refresh(tenantId);
      Cancelled.throwIfAborted(signal);
    }
    const status = this.status(tenantId);
    const data = inboundData(status);
    if (data !== undefined) {
      return data;
    }
    if (status.kind === 'failed') {
      const { code, explanation } = status.failure;
      throw new KeystoreError(code, 'service keys could not be listed', {
        details: { where: 'cf', explanation },
      });
    }
    // Throws `signed-out` where nobody is signed in.
    await this.options.cloudFoundry.access(tenantId);
    throw new KeystoreError('refused', 'no space was chosen', { details: { where: 'cf' } });
  }

  /** Looks in every space that the person may see, or in the chosen one only; kept over restarts. */
  async showEverySpace(tenantId: string, isEverySpace: boolean): Promise<void> {
    const others = this.everySpaceTenants().filter((id) => id !== tenantId);
    await this.options.memory.update(memoryKey, isEverySpace ? [...others, tenantId] : others);
    this.follow(tenantId);
    await this.refresh(tenantId);
  }

  /** Reads what a key holds, once; again where it failed. Never rejects: a failure is told at the key. */
  async readKey(tenantId: string, keyGuid: string): Promise<void> {
    const slot = this.slot(tenantId);
    const placed = findKey(this.data(tenantId), keyGuid);
    if (slot === undefined || placed === undefined || slot.keys.get(keyGuid)?.reading.kind === 'read') {
      return;
    }
    const known = slot.reading.get(keyGuid);
    if (known !== undefined) {
      await known;
      return;
    }
    slot.failedKeys.delete(keyGuid);
    const { signal } = slot.lifetime;
    const work = this.options.cloudFoundry
      .access(tenantId)
      .then(async ({ api }) => {
        await this.readOne(api, slot, placed, signal);
        this.options.keys.tell(tenantId, this);
        // The row is shown at once; its issuers may have to be read from a keystore.
        void this.completeChains(tenantId, slot, signal);
      })
      .catch((error: unknown) => {
        const failure = failureOf(error);
        if (failure !== undefined) {
          slot.failedKeys.set(keyGuid, failure);
        }
      })
      .finally(() => {
        slot.reading.delete(keyGuid);
        this.tell(tenantId, slot);
      });
    slot.reading.set(keyGuid, work);
    this.tell(tenantId, slot);
    await work;
  }

  /** Reads the roles of an instance that the list left out. Never rejects. */
  async readGrantsOf(tenantId: string, instanceGuid: string): Promise<void> {
    const slot = this.slot(tenantId);
    const instance = findInbound(this.data(tenantId), instanceGuid);
    if (slot === undefined || instance?.grants.kind !== 'notKnown') {
      return;
    }
    try {
      const { api } = await this.options.cloudFoundry.access(tenantId);
      const { signal } = slot.lifetime;
      const grants = await readGrants(api, instanceGuid, slot.plans.get(instanceGuid), signal);
      if (grants.kind === 'known') {
        this.change(tenantId, slot, (data) => ({
          ...data,
          instances: data.instances.map((one) => (one.guid === instanceGuid ? { ...one, grants } : one)),
        }));
      }
    } catch (error) {
      if (failureOf(error) === undefined) {
        return;
      }
    }
  }

  /** So many requests `readAll` will send at most. */
  requestsOfReadAll(tenantId: string): number {
    return 2 * this.unread(tenantId).length;
  }

  /** Reads what every key holds that was not read yet; throws where nothing can be read any more. What was read is kept. */
  async readAll(
    tenantId: string,
    options: { readonly signal: AbortSignal; readonly onProgress: (done: number, total: number) => void },
  ): Promise<AllKeysRead> {
    const slot = this.slot(tenantId);
    const { api } = await this.options.cloudFoundry.access(tenantId);
    const unread = this.unread(tenantId);
    if (slot === undefined || unread.length === 0) {
      return { read: 0, notReadable: 0, requests: 0 };
    }
    const signal = AbortSignal.any([options.signal, slot.lifetime.signal]);
    let done = 0;
    let notReadable = 0;
    let requests = 0;
    const pending = new Map<string, KnownKey>();
    const flush = (): void => {
      const found = new Map(pending);
      pending.clear();
      this.change(tenantId, slot, (data) => withKnown(data, found));
    };
    try {
      await inParallel(unread, parallelRequests, async (placed) => {
        Cancelled.throwIfAborted(signal);
        const known = await readKey(api, placed.key, slot.plans.get(placed.instance.guid), signal);
        keep(slot, placed.key.guid, known);
        pending.set(placed.key.guid, known);
        notReadable += known.reading.kind === 'read' ? 0 : 1;
        requests += requestsOf(known);
        done++;
        options.onProgress(done, unread.length);
        // Thousands of rows need not be drawn one by one.
        if (pending.size >= 100) {
          flush();
        }
      });
    } finally {
      flush();
      this.options.keys.tell(tenantId, this);
    }
    await this.completeChains(tenantId, slot, signal);
    return { read: done - notReadable, notReadable, requests };
  }

  dispose(): void {
    for (const subscription of this.subscriptions) {
      subscription.dispose();
    }
    for (const id of [...this.slots.keys()]) {
      this.drop(id);
    }
    this.changes.dispose();
  }

  private unread(tenantId: string): readonly PlacedKey[] {
    return placedKeys(this.data(tenantId)?.instances ?? []).filter(({ key }) => key.reading.kind !== 'read');
  }

  private async readOne(
    api: CfApi,
    slot: Slot,
    { instance, key }: PlacedKey,
    signal: AbortSignal,
  ): Promise<void> {
    const known = await readKey(api, key, slot.plans.get(instance.guid), signal);
    keep(slot, key.guid, known);
    const data = inboundData(slot.status);
    const now = findKey(data, key.guid)?.key;
    if (data !== undefined && now !== undefined) {
      slot.status = withData(slot.status, withKey(data, { ...now, ...known }));
    }
  }

  /** Never rejects: without an issuer the check of the root answers "cannot tell". */
  private async completeChains(tenantId: string, slot: Slot, signal: AbortSignal): Promise<void> {
    const chains = placedKeys(inboundData(slot.status)?.instances ?? []).flatMap(({ key: { reading } }) =>
      reading.kind === 'read' && reading.content.certificates.length > 0
        ? [reading.content.certificates]
        : [],
    );
    try {
      if (await slot.issuers.complete(chains, this.options.issuers(), signal)) {
        slot.judgements.clear();
        slot.checked = undefined;
        this.tell(tenantId, slot);
      }
    } catch (error) {
      if (!KeystoreError.is(error) && !(error instanceof Cancelled)) {
        throw error;
      }
    }
  }

  private async list(tenantId: string, slot: Slot): Promise<void> {
    const previous = inboundData(slot.status);
    const { signal } = slot.lifetime;
    this.setStatus(tenantId, slot, { kind: 'loading', instances: 0, keys: 0, previous });
    // Mapping pages list for themselves, and must not say other things than the view.
    this.options.keys.tellListing(tenantId);
    try {
      const connection = this.options.connections.get(tenantId);
      const [{ api }, lists] = await Promise.all([
        this.options.cloudFoundry.access(tenantId),
        this.options.trust(connection).catch((error: unknown) => {
          if (KeystoreError.is(error)) {
            return undefined;
          }
          throw error;
        }),
      ]);
      const scope = this.scope(tenantId);
      if (scope === undefined) {
        return;
      }
      const list = await listInbound(api, scope, {
        signal,
        onProgress: (progress) =>
          this.setStatus(tenantId, slot, {
            kind: 'loading',
            ...progress,
            previous: inboundData(slot.status),
          }),
      });
      slot.plans = list.plans;
      slot.lists = lists;
      slot.judgements.clear();
      slot.failedKeys.clear();
      const { instances, isEverySpace, isComplete } = list;
      const data = withKnown({ instances, isEverySpace, isComplete }, slot.keys);
      this.setStatus(tenantId, slot, { kind: 'loaded', data, at: this.options.now() });
      void this.completeChains(tenantId, slot, signal);
    } catch (error) {
      const failure = failureOf(error);
      if (failure !== undefined) {
        this.setStatus(tenantId, slot, { kind: 'failed', failure, previous: inboundData(slot.status) });
      }
    }
  }

  private tenantOf(connection: Connection): InboundTenant {
    const { id, name, stage, practice } = connection;
    const state = this.options.cloudFoundry.state(id);
    const place = state.kind === 'signedOut' ? undefined : state.place;
    const slot = this.slots.get(id);
    return {
      id,
      name,
      stage,
      practice,
      organization: place?.organization.name,
      space: place?.space.name,
      isEverySpace: this.everySpaceTenants().includes(id),
      status: this.status(id),
      checks: this.checks(id),
      renewing: new Renewals(this.options.memory).replaced(id, 'serviceKey'),
      reading: new Set(slot?.reading.keys()),
      failedKeys: slot?.failedKeys ?? new Map(),
    };
  }

  private checks(tenantId: string): InboundChecks {
    const slot = this.slots.get(tenantId);
    const data = this.data(tenantId);
    if (slot === undefined || data === undefined) {
      return nothing;
    }
    const now = this.options.now();
    const today = Math.floor(now / day);
    const warningDays = this.options.warningDays();
    const setUps = this.options.memory.get(setUpsKey);
    if (
      slot.checked?.data !== data ||
      slot.checked.day !== today ||
      slot.checked.warningDays !== warningDays ||
      slot.checked.setUps !== setUps
    ) {
      if (slot.checked?.day !== today) {
        slot.judgements.clear();
      }
      const checks = checkInbound(data.instances, {
        now,
        warningDays,
        isEverySpace: data.isEverySpace,
        judge: judgeOf(slot, now),
        neededRoles: neededRoles(parseSetUps(setUps).setUps, tenantId),
      });
      slot.checked = { data, day: today, warningDays, setUps, checks };
    }
    return slot.checked.checks;
  }

  private status(tenantId: string): InboundStatus {
    const state = this.options.cloudFoundry.state(tenantId);
    if (state.kind !== 'signedIn') {
      return { kind: 'signedOut', isExpired: state.kind === 'expired' };
    }
    return this.scope(tenantId) === undefined
      ? { kind: 'noSpace' }
      : (this.slots.get(tenantId)?.status ?? { kind: 'notLoaded' });
  }

  private scope(tenantId: string): InboundScope | undefined {
    const state = this.options.cloudFoundry.state(tenantId);
    if (state.kind !== 'signedIn') {
      return undefined;
    }
    if (this.everySpaceTenants().includes(tenantId)) {
      return { kind: 'everySpace' };
    }
    return state.place === undefined ? undefined : { kind: 'space', space: state.place.space };
  }

  /** Who looks where; what was read by another sign-in or in another space is not shown. */
  private origin(tenantId: string): string | undefined {
    const state = this.options.cloudFoundry.state(tenantId);
    const scope = this.scope(tenantId);
    return state.kind !== 'signedIn' || scope === undefined
      ? undefined
      : JSON.stringify([
          state.endpoint.apiUrl,
          state.user,
          scope.kind === 'space' ? scope.space.guid : 'everySpace',
        ]);
  }

  private slot(tenantId: string): Slot | undefined {
    const origin = this.origin(tenantId);
    if (origin === undefined) {
      return undefined;
    }
    const known = this.slots.get(tenantId);
    if (known?.origin === origin) {
      return known;
    }
    this.drop(tenantId);
    const slot = emptySlot(origin, this.options.keys.of(tenantId));
    this.slots.set(tenantId, slot);
    return slot;
  }

  private follow(tenantId: string): void {
    const known = this.slots.get(tenantId);
    if (known !== undefined && known.origin !== this.origin(tenantId)) {
      this.drop(tenantId);
    }
    this.changes.fire(tenantId);
  }

  private drop(tenantId: string): void {
    this.slots.get(tenantId)?.lifetime.abort();
    this.slots.delete(tenantId);
  }

  private everySpaceTenants(): readonly string[] {
    const stored = this.options.memory.get(memoryKey);
    return Array.isArray(stored) ? stored.filter((id): id is string => typeof id === 'string') : [];
  }

  private change(tenantId: string, slot: Slot, change: (data: InboundData) => InboundData): void {
    const data = inboundData(slot.status);
    if (data !== undefined) {
      this.setStatus(tenantId, slot, withData(slot.status, change(data)));
    }
  }

  private setStatus(tenantId: string, slot: Slot, status: InboundStatus): void {
    slot.status = status;
    this.tell(tenantId, slot);
  }

  private tell(tenantId: string, slot: Slot): void {
    if (this.slots.get(tenantId) === slot) {
      this.changes.fire(tenantId);
    }
  }
}

function hasServiceKeys({ address }: Connection): boolean {
  return !isNeoTenant(address);
}

import * as l10n from '@vscode/l10n';
import type { InboundInstance, InboundKey } from '../inbound/inboundClients.js';
import type { MappingFact } from '../inbound/mappingStage.js';
import type { CloudFoundry } from './cloudFoundry.js';
import { inParallel } from './inParallel.js';
import { listInbound, parallelRequests, readKey } from './inboundReader.js';
import { Readings } from './readings.js';

/** What the service keys are read with. */
export interface ServiceKeyFactsOptions {
  readonly cloudFoundry: Pick<CloudFoundry, 'state' | 'access' | 'onDidChange' | 'onDidPerform'>;
  /** A failure in words for people. */
  readonly reasonOf: (error: unknown, title: string) => string;
  readonly changed: () => void;
}

type Listing = Awaited<ReturnType<typeof listInbound>>;
type ReadKey = Pick<InboundKey, 'reading' | 'pinning'>;

/**
 * Which service keys a tenant has, and what those hold that were read. A key's certificate comes with its secrets only, so keys are
 * read when a person asks, each once; what is new after a change of this window's own is read at once.
 */
export class ServiceKeyFacts {
  private readonly listings: Readings<Listing>;
  /** By guid; a key never changes. */
  private readonly keys = new Map<string, ReadKey>();
  private readonly last = new Map<string, Listing>();
  private readonly follows = new Set<string>();
  private readonly subscriptions: readonly { dispose(): void }[];

  constructor(private readonly options: ServiceKeyFactsOptions) {
    this.listings = new Readings({ ...options, title: l10n.t('Read service keys') });
    const { cloudFoundry, changed } = options;
    this.subscriptions = [
      cloudFoundry.onDidChange(() => {
        this.listings.forget();
        changed();
      }),
      cloudFoundry.onDidPerform(({ tenantId }) => {
        this.follows.add(tenantId);
        this.listings.forget();
        changed();
      }),
    ];
  }

  /** What is known of a tenant's mappings; starts listing its keys where a person is signed in. */
  of(tenantId: string): MappingFact {
    const state = this.options.cloudFoundry.state(tenantId);
    if (state.kind === 'signedOut') {
      return {
        kind: 'notKnown',
        reason: l10n.t('Nobody is signed in to Cloud Foundry, which holds the service keys.'),
        next: 'signInCloudFoundry',
      };
    }
    if (state.kind === 'expired') {
      return {
        kind: 'notKnown',
        reason: l10n.t('The sign-in to Cloud Foundry has expired.'),
        next: 'signInCloudFoundry',
      };
    }
    if (state.place === undefined) {
      return {
        kind: 'notKnown',
        reason: l10n.t('No organization and space are chosen yet.'),
        next: 'chooseSpace',
      };
    }
    const key = [tenantId, state.endpoint.apiUrl, state.place.space.guid].join('|');
    const listing = this.listings.get(key, (signal) => this.list(tenantId, signal));
    switch (listing.kind) {
      case 'reading':
        return { kind: 'notKnown', reason: l10n.t('The service keys are being listed.') };
      case 'failed':
        return { kind: 'notKnown', reason: listing.reason, next: 'refresh' };
      case 'known':
        return {
          kind: 'serviceKeys',
          place: state.place.organization.name,
          isEverySpace: listing.value.isEverySpace && listing.value.isComplete,
          instances: this.withKeys(listing.value.instances),
        };
    }
  }

  /** Reads what every key of a tenant holds that was not read yet. */
  async readKeys(tenantId: string, signal: AbortSignal): Promise<void> {
    const { api } = await this.options.cloudFoundry.access(tenantId);
    const listing = await listInbound(api, { kind: 'everySpace' }, { signal, onProgress: () => undefined });
    this.last.set(tenantId, listing);
    await this.read(tenantId, listing, () => true, signal);
    this.options.changed();
  }

  /** Resolves when nothing is being listed; true where something was. */
  async settled(): Promise<boolean> {
    return await this.listings.settled();
  }

  /** Lists anew at the next time; what keys hold stays known. */
  forget(): void {
    this.listings.forget();
  }

  dispose(): void {
    this.listings.forget();
    for (const subscription of this.subscriptions) {
      subscription.dispose();
    }
  }

  private async list(tenantId: string, signal: AbortSignal): Promise<Listing> {
    const { api } = await this.options.cloudFoundry.access(tenantId);
    const listing = await listInbound(api, { kind: 'everySpace' }, { signal, onProgress: () => undefined });
    const before = this.last.get(tenantId);
    this.last.set(tenantId, listing);
    if (this.follows.delete(tenantId) && before !== undefined) {
      const known = new Set(guids(before));
      await this.read(tenantId, listing, ({ guid }) => !known.has(guid), signal);
    }
    return listing;
  }

  private async read(
    tenantId: string,
    listing: Listing,
    suits: (key: InboundKey) => boolean,
    signal: AbortSignal,
  ): Promise<void> {
    const { api } = await this.options.cloudFoundry.access(tenantId);
    const wanted = listing.instances
      .flatMap(({ keys }) => keys)
      .filter((key) => !this.keys.has(key.guid) && suits(key));
    await inParallel(wanted, parallelRequests, async (key) => {
      const found = await readKey(api, key, listing.plans.get(key.instanceGuid), signal);
      if (found.reading.kind !== 'notRead') {
        this.keys.set(key.guid, found);
      }
    });
  }

  private withKeys(instances: readonly InboundInstance[]): readonly InboundInstance[] {
    return instances.map((instance) => ({
      ...instance,
      keys: instance.keys.map((key) => ({ ...key, ...this.keys.get(key.guid) })),
    }));
  }
}

function guids(listing: Listing): readonly string[] {
  return listing.instances.flatMap(({ keys }) => keys.map(({ guid }) => guid));
}

import * as l10n from '@vscode/l10n';
import { Cancelled } from '../errors.js';
import type { InboundInstance, InboundKey } from '../inbound/inboundClients.js';
import type { MappingFact } from '../inbound/mappingStage.js';
import type { CfTask } from '../platform/cfTasks.js';
import type { CloudFoundry } from './cloudFoundry.js';
import { inParallel } from './inParallel.js';
import { listInbound, parallelRequests, readKey } from './inboundReader.js';
import type { KeyMemory, KnownKey } from './keyMemory.js';
import { Readings } from './readings.js';

/** What the service keys are read with. */
export interface ServiceKeyFactsOptions {
  readonly cloudFoundry: Pick<CloudFoundry, 'state' | 'access' | 'onDidChange' | 'onDidPerform'>;
  /** What was read of keys, by whomever. */
  readonly keys: KeyMemory;
  /** A failure in words for people. */
  readonly reasonOf: (error: unknown, title: string) => string;
  readonly changed: () => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Hears how many keys have been read, and of how many. */
export type KeyProgress = (done: number, total: number) => void;

type Listing = Awaited<ReturnType<typeof listInbound>> & {
  /** When it was begun, in milliseconds since 1970. */
  readonly at: number;
};

/** What was listed longer ago is listed anew when the person looks at the window again. */
const oldAfter = 5 * 60_000;

/**
 * Which service keys a tenant has, and what those hold that were read. A key's certificate comes with its secrets only, so keys are
 * read when a person asks, each once; a key that this window has created is read at once.
 */
export class ServiceKeyFacts {
  private readonly listings: Readings<Listing>;
  /** Keys that could not be read, by guid; asked for again after `forget`. */
  private readonly refused = new Map<string, KnownKey>();
  /** Keys that this window has created and not read yet, by tenant. */
  private readonly created = new Map<string, readonly CfTask[]>();
  /** Who was signed in where, by tenant, as it was told last. */
  private readonly sessions = new Map<string, string>();
  private readonly subscriptions: readonly { dispose(): void }[];

  constructor(private readonly options: ServiceKeyFactsOptions) {
    this.listings = new Readings({ ...options, title: l10n.t('Read service keys') });
    const { cloudFoundry, keys, changed } = options;
    this.subscriptions = [
      keys.onDidChange(({ by }) => {
        if (by !== this) {
          changed();
        }
      }),
      cloudFoundry.onDidChange((tenantId) => {
        // Changes that begin and end are told as well; only another sign-in or space makes what was listed void.
        const session = JSON.stringify(cloudFoundry.state(tenantId));
        if (this.sessions.get(tenantId) !== session) {
          this.sessions.set(tenantId, session);
          this.listings.forget();
        }
        changed();
      }),
      cloudFoundry.onDidPerform(({ tenantId, task }) => {
        if (task.kind === 'createKey') {
          this.created.set(tenantId, [...(this.created.get(tenantId) ?? []), task]);
        }
        this.listings.forget();
        changed();
      }),
      keys.onDidList(() => {
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
    this.sessions.set(tenantId, JSON.stringify(state));
    const listing = this.listings.get(this.question(tenantId), (signal) => this.list(tenantId, signal));
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
          instances: this.withKeys(tenantId, listing.value.instances),
        };
    }
  }

  /** Lists the keys anew, and reads what each holds that was not read yet. */
  async readKeys(
    tenantId: string,
    { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: KeyProgress },
  ): Promise<void> {
    const listing = await this.listings.replace(this.question(tenantId), () => this.list(tenantId, signal));
    this.refused.clear();
    try {
      await this.read(tenantId, listing, { suits: () => true, signal, onProgress });
    } finally {
      // What was read before a failure, or before the person cancelled, is known.
      this.options.changed();
    }
  }

  /** Resolves when nothing is being listed; true where something was. */
  async settled(): Promise<boolean> {
    return await this.listings.settled();
  }

  /** Lists anew what was listed some minutes ago: keys may have been made or deleted elsewhere. */
  noticeTime(): void {
    if (this.listings.some(({ at }) => this.options.now() - at >= oldAfter)) {
      this.forget();
      this.options.changed();
    }
  }

  /** Lists anew at the next time; what keys hold stays known. */
  forget(): void {
    this.refused.clear();
    this.listings.forget();
  }

  dispose(): void {
    this.listings.forget();
    for (const subscription of this.subscriptions) {
      subscription.dispose();
    }
  }

  /** Whose listing it is: that of a sign-in and a space. */
  private question(tenantId: string): string {
    const state = this.options.cloudFoundry.state(tenantId);
    return state.kind === 'signedOut'
      ? tenantId
      : [tenantId, state.endpoint.apiUrl, state.place?.space.guid].join('|');
  }

  private async list(tenantId: string, signal: AbortSignal): Promise<Listing> {
    const at = this.options.now();
    const { api } = await this.options.cloudFoundry.access(tenantId);
    const found = await listInbound(api, { kind: 'everySpace' }, { signal, onProgress: () => undefined });
    const listing: Listing = { ...found, at };
    const created = this.created.get(tenantId) ?? [];
    if (created.length > 0) {
      const isCreated = ({ instanceGuid, name }: InboundKey): boolean =>
        created.some((task) => task.guid === instanceGuid && task.name === name);
      await this.read(tenantId, listing, { suits: isCreated, signal, onProgress: () => undefined });
      this.created.delete(tenantId);
    }
    return listing;
  }

  private async read(
    tenantId: string,
    listing: Listing,
    {
      suits,
      signal,
      onProgress,
    }: {
      readonly suits: (key: InboundKey) => boolean;
      readonly signal: AbortSignal;
      readonly onProgress: KeyProgress;
    },
  ): Promise<void> {
    const { api } = await this.options.cloudFoundry.access(tenantId);
    const known = this.options.keys.of(tenantId);
    const wanted = listing.instances
      .flatMap(({ keys }) => keys)
      .filter((key) => !known.has(key.guid) && suits(key));
    let done = 0;
    try {
      await inParallel(wanted, parallelRequests, async (key) => {
        Cancelled.throwIfAborted(signal);
        const found = await readKey(api, key, listing.plans.get(key.instanceGuid), signal);
        (found.reading.kind === 'read' ? known : this.refused).set(key.guid, found);
        onProgress(++done, wanted.length);
      });
    } finally {
      this.options.keys.tell(tenantId, this);
    }
  }

  private withKeys(tenantId: string, instances: readonly InboundInstance[]): readonly InboundInstance[] {
    const known = this.options.keys.of(tenantId);
    return instances.map((instance) => ({
      ...instance,
      keys: instance.keys.map((key) => ({ ...key, ...(known.get(key.guid) ?? this.refused.get(key.guid)) })),
    }));
  }
}

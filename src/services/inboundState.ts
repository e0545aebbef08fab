import type { ErrorCode } from '../errors.js';
import type { InboundInstance, InboundKey, PlacedKey } from '../inbound/inboundClients.js';
import type { InboundChecks } from '../inbound/inboundChecks.js';
import type { Stage } from '../tenant/tenantAddress.js';

/** What of a tenant is shown: an instance, a key, or a certificate-to-user mapping of Neo; the tenant where nothing is named. */
export interface InboundPlace {
  readonly tenantId: string;
  readonly instanceGuid?: string | undefined;
  readonly keyGuid?: string | undefined;
  readonly mappingId?: string | undefined;
}

/** What was read of a tenant's service instances and keys. */
export interface InboundData {
  readonly instances: readonly InboundInstance[];
  /** True where every space that the person may see was read. */
  readonly isEverySpace: boolean;
  /** False where there are more than are ever read at once. */
  readonly isComplete: boolean;
}

/** A failure as the view tells it. */
export interface InboundFailure {
  readonly code: ErrorCode;
  /** What is wrong and what next, for people. */
  readonly explanation: string | undefined;
}

/** How much of a tenant's inbound clients is known; a failure keeps what was read before. */
export type InboundStatus =
  | { readonly kind: 'notLoaded' }
  /** `expired`: Cloud Foundry does not take the session any more. */
  | { readonly kind: 'signedOut'; readonly isExpired: boolean }
  /** Signed in, but no space was chosen yet. */
  | { readonly kind: 'noSpace' }
  | {
      readonly kind: 'loading';
      readonly instances: number;
      readonly keys: number;
      readonly previous: InboundData | undefined;
    }
  | { readonly kind: 'loaded'; readonly data: InboundData; readonly at: number }
  | { readonly kind: 'failed'; readonly failure: InboundFailure; readonly previous: InboundData | undefined };

/** A tenant as the Inbound Clients view shows it. */
export interface InboundTenant {
  readonly id: string;
  readonly name: string;
  readonly stage: Stage | undefined;
  readonly practice: boolean;
  readonly organization: string | undefined;
  readonly space: string | undefined;
  readonly isEverySpace: boolean;
  readonly status: InboundStatus;
  /** Answers to every check of what is known. */
  readonly checks: InboundChecks;
  /** Keys that a renewal which was begun replaces. */
  readonly renewing: ReadonlySet<string>;
  /** Keys that are being read. */
  readonly reading: ReadonlySet<string>;
  /** Why the last try to read a key came to nothing, by its guid. */
  readonly failedKeys: ReadonlyMap<string, InboundFailure>;
}

/** What is known of a tenant, also while it is read anew. */
export function inboundData(status: InboundStatus): InboundData | undefined {
  switch (status.kind) {
    case 'loaded':
      return status.data;
    case 'loading':
    case 'failed':
      return status.previous;
    case 'notLoaded':
    case 'signedOut':
    case 'noSpace':
      return undefined;
  }
}

/** The instance of a guid, and its key where one is asked for; undefined where it is not known. */
export function findInbound(
  data: InboundData | undefined,
  instanceGuid: string,
): InboundInstance | undefined {
  return data?.instances.find(({ guid }) => guid === instanceGuid);
}

/** A key by its guid, with its instance. */
export function findKey(data: InboundData | undefined, keyGuid: string): PlacedKey | undefined {
  for (const instance of data?.instances ?? []) {
    const key = instance.keys.find(({ guid }) => guid === keyGuid);
    if (key !== undefined) {
      return { instance, key };
    }
  }
  return undefined;
}

/** Data with one key exchanged; the rest stays the same objects. */
export function withKey(data: InboundData, key: InboundKey): InboundData {
  return {
    ...data,
    instances: data.instances.map((instance) =>
      instance.guid === key.instanceGuid
        ? { ...instance, keys: instance.keys.map((one) => (one.guid === key.guid ? key : one)) }
        : instance,
    ),
  };
}

import type { Check, MappingCheckId } from '../inbound/checkAnswers.js';
import type { UserMapping } from '../inbound/userMapping.js';
import type { Stage } from '../tenant/tenantAddress.js';
import type { InboundFailure } from './inboundState.js';

/** How much of a tenant's mappings is known; a failure keeps what was read before. */
export type UserMappingsStatus =
  | { readonly kind: 'notLoaded' }
  | { readonly kind: 'loading'; readonly previous: readonly UserMapping[] | undefined }
  | { readonly kind: 'loaded'; readonly mappings: readonly UserMapping[] }
  /** The tenant has no such list, so it is none of Neo. */
  | { readonly kind: 'notOffered' }
  | {
      readonly kind: 'failed';
      readonly failure: InboundFailure;
      readonly previous: readonly UserMapping[] | undefined;
    };

/** A tenant of Neo as the Inbound Clients view shows it. */
export interface MappedTenant {
  readonly id: string;
  readonly name: string;
  readonly stage: Stage | undefined;
  readonly practice: boolean;
  readonly status: UserMappingsStatus;
  /** Answers to every check of what is known, by identifier. */
  readonly checks: ReadonlyMap<string, readonly Check<MappingCheckId>[]>;
  /** Identifiers of mappings that a renewal which was begun replaces. */
  readonly renewing: ReadonlySet<string>;
}

/** What is known of a tenant, also while it is read anew. */
export function knownMappings(status: UserMappingsStatus): readonly UserMapping[] | undefined {
  switch (status.kind) {
    case 'loaded':
      return status.mappings;
    case 'loading':
    case 'failed':
      return status.previous;
    case 'notLoaded':
    case 'notOffered':
      return undefined;
  }
}

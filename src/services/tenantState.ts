import type { ErrorCode } from '../errors.js';
import type { KeystoreEntry } from '../tenant/keystoreEntry.js';
import type { Stage } from '../tenant/tenantAddress.js';

/** How much of a tenant's keystore is known; a failure keeps what was read before. */
export type TenantStatus =
  | { readonly kind: 'notLoaded' }
  | {
      readonly kind: 'loading';
      readonly entriesSoFar?: number | undefined;
      readonly previous?: readonly KeystoreEntry[] | undefined;
    }
  | { readonly kind: 'loaded'; readonly entries: readonly KeystoreEntry[]; readonly at: number }
  | { readonly kind: 'signedOut' }
  | {
      readonly kind: 'failed';
      readonly code: ErrorCode;
      readonly detail: string | undefined;
      readonly previous?: readonly KeystoreEntry[] | undefined;
    };

/** A tenant as the tree shows it. */
export interface TenantState {
  readonly id: string;
  readonly name: string;
  readonly stage: Stage | undefined;
  readonly practice: boolean;
  /** True for a tenant of the Neo environment. */
  readonly isNeo: boolean;
  readonly status: TenantStatus;
}

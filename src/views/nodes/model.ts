import type { ErrorCode } from '../../errors.js';
import type { ChainCertificate, KeystoreEntry } from '../../tenant/keystoreEntry.js';

/** What is known of a tenant's keystore at the moment. */
export type TenantStatus =
  | { readonly kind: 'notLoaded' }
  | {
      readonly kind: 'loading';
      /** Entries received so far. */
      readonly entriesSoFar?: number | undefined;
      /** What was read before; it stays in the tree while it is read again. */
      readonly previous?: readonly KeystoreEntry[] | undefined;
    }
  | {
      readonly kind: 'loaded';
      readonly entries: readonly KeystoreEntry[];
      /** When it was read, in milliseconds since 1970. */
      readonly at: number;
    }
  | { readonly kind: 'signedOut' }
  | {
      readonly kind: 'failed';
      readonly code: ErrorCode;
      readonly detail: string | undefined;
      /** What was read before; it stays in the tree below the failure. */
      readonly previous?: readonly KeystoreEntry[] | undefined;
    };

/** A connected tenant as the tree sees it. */
export interface TenantState {
  readonly id: string;
  readonly name: string;
  readonly stage: 'DEV' | 'QA' | 'PRD' | undefined;
  readonly practice: boolean;
  /** True for a tenant of the Neo environment. */
  readonly isNeo: boolean;
  readonly status: TenantStatus;
}

/** How entries are put together below a tenant. */
export type GroupBy = 'type' | 'owner' | 'expiry' | 'none';

/** How entries are ordered. */
export type SortBy = 'alias' | 'expiry';

/** What the person chose for the view. */
export interface TreeSettings {
  readonly groupBy: GroupBy;
  readonly sortBy: SortBy;
  /** Empty for no filter. */
  readonly filter: string;
}

/** The part that a certificate plays in a chain. */
export type ChainPart = 'leaf' | 'intermediate' | 'root';

/** What a row says that stands for no entry; each but `loading` has a next step. */
export type StateName =
  | 'loading'
  | 'empty'
  | 'noMatch'
  | 'signedOut'
  | 'offline'
  | 'busy'
  | 'unauthorized'
  | 'forbidden'
  | 'untrusted'
  | 'notFound'
  | 'gone'
  | 'stale'
  | 'error';

/** A tenant. */
export interface TenantNode {
  readonly kind: 'tenant';
  readonly id: string;
  readonly tenantId: string;
  readonly tenant: TenantState;
  /** True where no other tenant is connected; then it opens by itself. */
  readonly isOnly: boolean;
}

/** Entries of a tenant that have something in common. */
export interface GroupNode {
  readonly kind: 'group';
  readonly id: string;
  readonly tenantId: string;
  readonly by: Exclude<GroupBy, 'none'>;
  /** Which group: a known value of `by`, or what the tenant sent. */
  readonly value: string;
  readonly entries: readonly KeystoreEntry[];
  readonly practice: boolean;
  readonly filtered: boolean;
}

/** A keystore entry. */
export interface EntryNode {
  readonly kind: 'entry';
  readonly id: string;
  readonly tenantId: string;
  readonly hexalias: string;
  readonly entry: KeystoreEntry;
  readonly practice: boolean;
  /** True where no row above says what type the entry has. */
  readonly namesType: boolean;
}

/** A certificate of an entry's chain. */
export interface ChainCertificateNode {
  readonly kind: 'chainCertificate';
  readonly id: string;
  readonly tenantId: string;
  readonly hexalias: string;
  readonly certificate: ChainCertificate;
  readonly part: ChainPart;
  readonly practice: boolean;
}

/** A state or a failure, of a tenant or of one of its entries. */
export interface StateNode {
  readonly kind: 'state';
  readonly id: string;
  readonly tenantId: string;
  /** Set where the state is that of an entry's chain. */
  readonly hexalias: string | undefined;
  readonly state: StateName;
  readonly code?: ErrorCode | undefined;
  readonly detail?: string | undefined;
  readonly filter?: string | undefined;
  readonly entriesSoFar?: number | undefined;
}

/** A row of the Keystores view. */
export type EntriesNode = TenantNode | GroupNode | EntryNode | ChainCertificateNode | StateNode;

/** Stable over refreshes, renamed tenants and changed grouping, so that expansion and selection survive. */
export const nodeId = {
  tenant: (tenantId: string): string => `tenant/${tenantId}`,
  /** A filtered group is a row of its own: it opens by itself, whatever the person did with the unfiltered one. */
  group: (tenantId: string, by: GroupBy, value: string, filtered: boolean): string =>
    `group/${tenantId}/${by}/${filtered ? 'filtered' : 'all'}/${value}`,
  entry: (tenantId: string, hexalias: string): string => `entry/${tenantId}/${hexalias}`,
  chainCertificate: (tenantId: string, hexalias: string, position: number): string =>
    `chain/${tenantId}/${hexalias}/${position}`,
  state: (tenantId: string, hexalias: string | undefined, state: StateName): string =>
    `state/${tenantId}/${hexalias ?? ''}/${state}`,
} as const;

/** The entries to show for a tenant, also while they are read again or after that failed. */
export function knownEntries(status: TenantStatus): readonly KeystoreEntry[] | undefined {
  switch (status.kind) {
    case 'loaded':
      return status.entries;
    case 'loading':
    case 'failed':
      return status.previous;
    case 'notLoaded':
    case 'signedOut':
      return undefined;
  }
}

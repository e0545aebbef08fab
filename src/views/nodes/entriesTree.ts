import type { ErrorCode } from '../../errors.js';
import type { KeystoreEntry } from '../../tenant/keystoreEntry.js';
import { chainMembers } from './chainParts.js';
import type { ChainReader } from './chainReader.js';
import { hasPrivateKey } from '../../tenant/entryKind.js';
import { EntryIndex } from './entryIndex.js';
import { countExpiring, type ExpiryCount } from './expiry.js';
import { failureState } from './failureState.js';
import { groupEntries, groupValue, type GroupingOptions } from './grouping.js';
import {
  knownEntries,
  nodeId,
  type ChainCertificateNode,
  type EntriesNode,
  type EntryNode,
  type GroupNode,
  type StateName,
  type StateNode,
  type TenantNode,
  type TenantState,
  type TreeSettings,
} from './model.js';

/** What the tree is made of and by. */
export interface EntriesTreeOptions {
  readonly tenants: () => readonly TenantState[];
  /** Starts reading a tenant's keystore; the state tells the rest. */
  readonly load: (tenantId: string) => void;
  readonly chains: Pick<ChainReader, 'read'>;
  readonly settings: () => TreeSettings;
  readonly now: () => number;
  readonly warningDays: () => number;
  /** Decides the order of aliases. */
  readonly collator: Intl.Collator;
}

/** The rows of the Keystores view, made from the tenants' state whenever they are asked for. Never rejects. */
export class EntriesTree {
  private readonly options: EntriesTreeOptions;
  private readonly indexes = new WeakMap<readonly KeystoreEntry[], EntryIndex>();

  constructor(options: EntriesTreeOptions) {
    this.options = options;
  }

  /** One row for each tenant, in the order of the source. */
  roots(): readonly TenantNode[] {
    const tenants = this.options.tenants();
    return tenants.map((tenant) => tenantNode(tenant, tenants.length === 1));
  }

  /** The rows below a row. */
  children(node: EntriesNode): readonly EntriesNode[] | Promise<readonly EntriesNode[]> {
    switch (node.kind) {
      case 'tenant':
        return this.tenantChildren(node.tenantId);
      case 'group':
        return node.entries.map((entry) =>
          entryNode(node.tenantId, entry, node.practice, node.by !== 'type'),
        );
      case 'entry':
        return hasPrivateKey(node.entry) ? this.chain(node) : [];
      case 'chainCertificate':
      case 'state':
        return [];
    }
  }

  /** The row above a row; undefined for a tenant, and for what is no longer there. */
  parent(node: EntriesNode): EntriesNode | undefined {
    switch (node.kind) {
      case 'tenant':
        return undefined;
      case 'group':
        return this.find(node.tenantId);
      case 'entry':
        return this.parentOfEntry(node);
      case 'chainCertificate':
        return this.find(node.tenantId, node.hexalias);
      case 'state':
        return this.find(node.tenantId, node.hexalias);
    }
  }

  /** The row of a tenant or of one of its entries; undefined where there is none, or where the filter hides it. */
  find(tenantId: string, hexalias?: string): TenantNode | EntryNode | undefined {
    const node = this.roots().find((root) => root.tenantId === tenantId);
    if (node === undefined || hexalias === undefined) {
      return node;
    }
    const entry = this.visibleEntries(node.tenant)?.find((candidate) => candidate.hexalias === hexalias);
    return entry === undefined
      ? undefined
      : entryNode(tenantId, entry, node.tenant.practice, this.options.settings().groupBy !== 'type');
  }

  /** The row with what is known now: VS Code keeps a row's object over a refresh of that row. */
  current(node: EntriesNode): EntriesNode {
    return node.kind === 'tenant' ? (this.find(node.tenantId) ?? node) : node;
  }

  /** What needs attention, over all keystores that have been read. */
  attention(): ExpiryCount {
    const now = this.options.now();
    const warningDays = this.options.warningDays();
    let expired = 0;
    let soon = 0;
    for (const tenant of this.options.tenants()) {
      const count = countExpiring(this.index(tenant)?.entries ?? [], now, warningDays);
      expired += count.expired;
      soon += count.soon;
    }
    return { expired, soon };
  }

  private tenantChildren(tenantId: string): readonly EntriesNode[] {
    const tenant = this.options.tenants().find(({ id }) => id === tenantId);
    if (tenant === undefined) {
      return [];
    }
    const { status } = tenant;
    switch (status.kind) {
      case 'notLoaded':
        this.options.load(tenantId);
        return [stateNode(tenantId, 'loading')];
      case 'loading':
        return status.previous === undefined
          ? [stateNode(tenantId, 'loading', { entriesSoFar: status.entriesSoFar })]
          : this.entryRows(tenant);
      case 'loaded':
        return this.entryRows(tenant);
      case 'signedOut':
        return [stateNode(tenantId, 'signedOut')];
      case 'failed':
        return [
          stateNode(tenantId, failureState(status.code), { code: status.code, detail: status.detail }),
          ...(status.previous === undefined ? [] : this.entryRows(tenant)),
        ];
    }
  }

  private entryRows(tenant: TenantState): readonly EntriesNode[] {
    const settings = this.options.settings();
    const entries = this.visibleEntries(tenant) ?? [];
    if (entries.length === 0) {
      return this.index(tenant)?.entries.length === 0
        ? [stateNode(tenant.id, 'empty')]
        : [stateNode(tenant.id, 'noMatch', { filter: settings.filter.trim() })];
    }
    const grouping = this.grouping();
    if (grouping === undefined) {
      return entries.map((entry) => entryNode(tenant.id, entry, tenant.practice, true));
    }
    const filtered = settings.filter.trim() !== '';
    return groupEntries(entries, grouping).map((group) =>
      groupNode(tenant, grouping.by, group.value, group.entries, filtered),
    );
  }

  private async chain(node: EntryNode): Promise<readonly EntriesNode[]> {
    const reading = await this.options.chains.read(node.tenantId, node.entry);
    switch (reading.kind) {
      case 'cancelled':
        return [];
      case 'failed':
        return [
          // Here "not found" means the entry, not the tenant.
          stateNode(node.tenantId, reading.code === 'not-found' ? 'gone' : failureState(reading.code), {
            hexalias: node.hexalias,
            code: reading.code,
            detail: reading.detail,
          }),
        ];
      case 'read':
        return chainMembers(node.entry, reading.certificates).map(
          ({ certificate, part }, position): ChainCertificateNode => ({
            kind: 'chainCertificate',
            id: nodeId.chainCertificate(node.tenantId, node.hexalias, position),
            tenantId: node.tenantId,
            hexalias: node.hexalias,
            certificate,
            part,
            practice: node.practice,
          }),
        );
    }
  }

  private parentOfEntry(node: EntryNode): EntriesNode | undefined {
    const tenant = this.find(node.tenantId);
    const grouping = this.grouping();
    if (tenant?.kind !== 'tenant' || grouping === undefined) {
      return tenant;
    }
    const value = groupValue(node.entry, grouping);
    return this.entryRows(tenant.tenant).find((row) => row.kind === 'group' && row.value === value);
  }

  private visibleEntries(tenant: TenantState): readonly KeystoreEntry[] | undefined {
    const { filter, sortBy } = this.options.settings();
    return this.index(tenant)?.select(filter, sortBy);
  }

  private index(tenant: TenantState): EntryIndex | undefined {
    const entries = knownEntries(tenant.status);
    if (entries === undefined) {
      return undefined;
    }
    let index = this.indexes.get(entries);
    if (index === undefined) {
      index = new EntryIndex(entries, this.options.collator);
      this.indexes.set(entries, index);
    }
    return index;
  }

  private grouping(): GroupingOptions | undefined {
    const by = this.options.settings().groupBy;
    return by === 'none'
      ? undefined
      : { by, now: this.options.now(), warningDays: this.options.warningDays() };
  }
}

function tenantNode(tenant: TenantState, isOnly: boolean): TenantNode {
  return { kind: 'tenant', id: nodeId.tenant(tenant.id), tenantId: tenant.id, tenant, isOnly };
}

function groupNode(
  tenant: TenantState,
  by: GroupNode['by'],
  value: string,
  entries: readonly KeystoreEntry[],
  filtered: boolean,
): GroupNode {
  return {
    kind: 'group',
    id: nodeId.group(tenant.id, by, value, filtered),
    tenantId: tenant.id,
    by,
    value,
    entries,
    practice: tenant.practice,
    filtered,
  };
}

function entryNode(tenantId: string, entry: KeystoreEntry, practice: boolean, namesType: boolean): EntryNode {
  return {
    kind: 'entry',
    id: nodeId.entry(tenantId, entry.hexalias),
    tenantId,
    hexalias: entry.hexalias,
    entry,
    practice,
    namesType,
  };
}

function stateNode(
  tenantId: string,
  state: StateName,
  facts: {
    readonly hexalias?: string;
    readonly code?: ErrorCode | undefined;
    readonly detail?: string | undefined;
    readonly filter?: string;
    readonly entriesSoFar?: number | undefined;
  } = {},
): StateNode {
  const { hexalias, ...rest } = facts;
  return { kind: 'state', id: nodeId.state(tenantId, hexalias, state), tenantId, hexalias, state, ...rest };
}

import { KeystoreError } from '../errors.js';
import { certificateJudgement, judgeAcceptance } from '../inbound/acceptance.js';
import type { CertificateJudgement } from '../inbound/inboundChecks.js';
import type { TrustLists } from '../inbound/trustLists.js';
import { readUserMapping, sortedMappings, type UserMapping } from '../inbound/userMapping.js';
import { checkMappings } from '../inbound/userMappingChecks.js';
import type { Certificate } from '../pki/certificate.js';
import { nameKey } from '../pki/distinguishedName.js';
import { isNeoTenant } from '../tenant/tenantAddress.js';
import type { Connection } from './connection.js';
import type { Connections } from './connections.js';
import { failureOf } from './inboundSlot.js';
import type { Keystores } from './keystores.js';
import { gatherIssuers, tenantIssuers } from './issuers.js';
import { Listeners } from './listeners.js';
import { Renewals, type RenewalMemory } from './renewals.js';
import { knownMappings, type MappedTenant, type UserMappingsStatus } from './userMappingsState.js';
import { deleteMapping, mapCertificate, type MappingWriteResult } from './userMappingWrites.js';

/** What the mappings are read and judged with. */
export interface UserMappingsOptions {
  readonly connections: Pick<Connections, 'list' | 'get' | 'onDidChange'>;
  readonly keystores: Pick<Keystores, 'read' | 'inTurn' | 'access' | 'entriesOrRead'>;
  /** The lists by which certificates for a tenant are judged; where it rejects, nothing is judged. */
  readonly trust: (connection: Connection | undefined) => Promise<TrustLists>;
  /** Where renewals that were begun are kept. */
  readonly memory: RenewalMemory;
  readonly warningDays: () => number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

interface Slot {
  status: UserMappingsStatus;
  refreshing: Promise<void> | undefined;
  lists: TrustLists | undefined;
  /** Issuers of the certificates, as far as the tenant's own keystore has them. */
  issuers: readonly Certificate[];
  judging: Promise<void> | undefined;
  readonly lifetime: AbortController;
  readonly judgements: Map<string, CertificateJudgement>;
  checked:
    | {
        readonly mappings: readonly UserMapping[];
        readonly day: number;
        readonly warningDays: number;
        readonly checks: MappedTenant['checks'];
      }
    | undefined;
}

const day = 86_400_000;
const nothing: MappedTenant['checks'] = new Map();

/** The certificate-to-user mappings of every tenant of Neo, as far as they were read; reads coalesce, late answers are dropped. */
export class UserMappings {
  private readonly changes = new Listeners<string | undefined>();
  /** Fires with the id of the tenant that changed, or undefined where the list of tenants did. */
  readonly onDidChange = this.changes.listen;
  private readonly slots = new Map<string, Slot>();
  private readonly subscription: { dispose(): void };

  constructor(private readonly options: UserMappingsOptions) {
    const { connections } = options;
    this.subscription = connections.onDidChange((changed) => {
      for (const id of [...this.slots.keys()]) {
        if (id === changed || connections.get(id) === undefined) {
          this.drop(id);
        }
      }
      this.changes.fire(undefined);
    });
  }

  /** Every connected tenant of Neo, in the order of the connections. */
  tenants(): readonly MappedTenant[] {
    return this.options.connections.list().flatMap(({ id }) => this.tenant(id) ?? []);
  }

  /** A tenant of Neo; undefined for any other. */
  tenant(tenantId: string): MappedTenant | undefined {
    const connection = this.options.connections.get(tenantId);
    if (connection === undefined || !isNeoTenant(connection.address)) {
      return undefined;
    }
    const { id, name, stage, practice } = connection;
    return {
      id,
      name,
      stage,
      practice,
      status: this.status(id),
      checks: this.checks(id),
      renewing: new Renewals(this.options.memory).replaced(id, 'neoMapping'),
    };
  }

  /** How much is known. */
  status(tenantId: string): UserMappingsStatus {
    return this.slots.get(tenantId)?.status ?? { kind: 'notLoaded' };
  }

  /** What was read, by user; undefined before the first read. */
  mappings(tenantId: string): readonly UserMapping[] | undefined {
    return knownMappings(this.status(tenantId));
  }

  /** Starts the first read; what goes wrong becomes the tenant's status. */
  load(tenantId: string): void {
    if (this.status(tenantId).kind === 'notLoaded') {
      void this.refresh(tenantId);
    }
  }

  /** Reads every mapping anew; never rejects, since a failure is a state of the tenant. */
  async refresh(tenantId: string): Promise<void> {
    const slot = this.slot(tenantId);
    slot.refreshing ??= this.list(tenantId, slot).finally(() => {
      slot.refreshing = undefined;
    });
    await slot.refreshing;
  }

  /** Reads anew what is there now; throws what keeps it from being read. */
  async current(tenantId: string): Promise<readonly UserMapping[]> {
    do {
      await this.refresh(tenantId);
      // A tenant for practice may have moved meanwhile; then what is known of it begins anew.
    } while (
      this.status(tenantId).kind === 'notLoaded' &&
      this.options.connections.get(tenantId) !== undefined
    );
    const status = this.status(tenantId);
    switch (status.kind) {
      case 'loaded':
        return status.mappings;
      case 'failed': {
        const { code, explanation } = status.failure;
        throw new KeystoreError(code, 'the mappings could not be read', {
          details: explanation === undefined ? {} : { explanation },
        });
      }
      case 'notOffered':
        throw new KeystoreError('refused', 'the tenant has no mappings', {
          details: { reason: 'notOffered' },
        });
      default:
        throw new KeystoreError('not-found', 'the tenant has been removed');
    }
  }

  /** Has everybody look at the tenant's renewals again. */
  tellRenewals(tenantId: string): void {
    this.changes.fire(tenantId);
  }

  /** Resolves when the issuers of what was read have been looked for in the tenant's keystore. */
  async judged(tenantId: string): Promise<void> {
    await this.slots.get(tenantId)?.judging;
  }

  /** Maps a certificate to a user after all earlier writes of the tenant, and reads the mappings anew. */
  async map(
    tenantId: string,
    wish: Parameters<typeof mapCertificate>[1],
    signal: AbortSignal,
  ): Promise<MappingWriteResult> {
    return await this.write(tenantId, ({ mappings }) => mapCertificate(mappings, wish, signal));
  }

  /** Removes a mapping after all earlier writes of the tenant, and reads the mappings anew. */
  async delete(
    tenantId: string,
    mapping: Pick<UserMapping, 'id' | 'user'>,
    signal: AbortSignal,
  ): Promise<MappingWriteResult> {
    return await this.write(tenantId, ({ mappings }) => deleteMapping(mappings, mapping, signal));
  }

  dispose(): void {
    this.subscription.dispose();
    for (const id of [...this.slots.keys()]) {
      this.drop(id);
    }
    this.changes.dispose();
  }

  private async write(
    tenantId: string,
    work: Parameters<typeof this.options.keystores.inTurn<MappingWriteResult>>[1],
  ): Promise<MappingWriteResult> {
    return await this.options.keystores.inTurn(tenantId, async (access) => {
      try {
        return await work(access);
      } finally {
        await this.slots.get(tenantId)?.refreshing;
        await this.refresh(tenantId);
      }
    });
  }

  private async list(tenantId: string, slot: Slot): Promise<void> {
    const previous = knownMappings(slot.status);
    this.setStatus(tenantId, slot, { kind: 'loading', previous });
    try {
      const [found, lists] = await Promise.all([
        this.options.keystores.read(tenantId, ({ mappings }, signal) => mappings.list(signal)),
        this.listsOf(tenantId),
      ]);
      slot.lists = lists;
      slot.judgements.clear();
      this.setStatus(
        tenantId,
        slot,
        found.kind === 'notOffered'
          ? found
          : { kind: 'loaded', mappings: sortedMappings(found.mappings.map(readUserMapping)) },
      );
      slot.judging = this.findIssuers(tenantId, slot);
    } catch (error) {
      const failure = failureOf(error);
      if (failure !== undefined) {
        this.setStatus(tenantId, slot, { kind: 'failed', failure, previous });
      }
    }
  }

  /** A mapping holds a leaf alone; what signed it is looked for in the same tenant, and where that fails a check "cannot tell". */
  private async findIssuers(tenantId: string, slot: Slot): Promise<void> {
    const connection = this.options.connections.get(tenantId);
    const leaves = new Map(
      (knownMappings(slot.status) ?? []).flatMap(({ certificate }) =>
        certificate === undefined ? [] : [[nameKey(certificate.issuer), certificate] as const],
      ),
    );
    if (connection === undefined || leaves.size === 0) {
      return;
    }
    const { keystores } = this.options;
    const sources = [tenantIssuers({ list: () => [connection] }, keystores, () => undefined)];
    const found: Certificate[] = [];
    try {
      for (const leaf of leaves.values()) {
        const issuers = await gatherIssuers([leaf], { sources, signal: slot.lifetime.signal });
        found.push(...issuers.map(({ certificate }) => certificate));
      }
    } catch (error) {
      if (failureOf(error) === undefined) {
        return;
      }
    }
    if (found.length > 0 && this.slots.get(tenantId) === slot) {
      slot.issuers = found;
      slot.judgements.clear();
      slot.checked = undefined;
      this.changes.fire(tenantId);
    }
  }

  private drop(tenantId: string): void {
    this.slots.get(tenantId)?.lifetime.abort();
    this.slots.delete(tenantId);
  }

  private async listsOf(tenantId: string): Promise<TrustLists | undefined> {
    try {
      return await this.options.trust(this.options.connections.get(tenantId));
    } catch (error) {
      if (KeystoreError.is(error)) {
        return undefined;
      }
      throw error;
    }
  }

  private checks(tenantId: string): MappedTenant['checks'] {
    const slot = this.slots.get(tenantId);
    const mappings = this.mappings(tenantId);
    if (slot === undefined || mappings === undefined) {
      return nothing;
    }
    const now = this.options.now();
    const today = Math.floor(now / day);
    const warningDays = this.options.warningDays();
    const { checked } = slot;
    if (
      checked === undefined ||
      checked.mappings !== mappings ||
      checked.day !== today ||
      checked.warningDays !== warningDays
    ) {
      if (checked?.day !== today) {
        slot.judgements.clear();
      }
      const checks = checkMappings(mappings, { now, warningDays, judge: judgeOf(slot, now) });
      slot.checked = { mappings, day: today, warningDays, checks };
      return checks;
    }
    return checked.checks;
  }

  private slot(tenantId: string): Slot {
    let slot = this.slots.get(tenantId);
    if (slot === undefined) {
      slot = {
        status: { kind: 'notLoaded' },
        refreshing: undefined,
        lists: undefined,
        issuers: [],
        judging: undefined,
        lifetime: new AbortController(),
        judgements: new Map(),
        checked: undefined,
      };
      this.slots.set(tenantId, slot);
    }
    return slot;
  }

  private setStatus(tenantId: string, slot: Slot, status: UserMappingsStatus): void {
    slot.status = status;
    if (this.slots.get(tenantId) === slot) {
      this.changes.fire(tenantId);
    }
  }
}

/** Judges each certificate once, by Neo's own list; undefined where none is at hand. */
function judgeOf(
  { lists, judgements, issuers: extra }: Slot,
  now: number,
): ((leaf: Certificate) => CertificateJudgement) | undefined {
  if (lists === undefined) {
    return undefined;
  }
  return (leaf) => {
    const known = judgements.get(leaf.sha256);
    if (known !== undefined) {
      return known;
    }
    const judgement = certificateJudgement(
      judgeAcceptance({ chain: [leaf], extra, purpose: 'neo', lists, now }),
    );
    judgements.set(leaf.sha256, judgement);
    return judgement;
  };
}

import { parseRenewalPlan, type RenewalPlan } from '../inbound/renewalPlan.js';

const key = 'renewals';

/** What is kept over restarts; VS Code's `Memento` fits it. */
export interface RenewalMemory {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

/** Renewals that were begun and are not finished; kept in global state, read anew each time so that two windows agree. */
export class Renewals {
  constructor(private readonly memory: RenewalMemory) {}

  /** Every plan, the one begun last at the end; a row that is no plan is left out rather than trusted. */
  list(): readonly RenewalPlan[] {
    return this.rows().flatMap((row) => parseRenewalPlan(row) ?? []);
  }

  get(id: string): RenewalPlan | undefined {
    return this.list().find((plan) => plan.id === id);
  }

  /** The plan for an old key, where one was begun. */
  forKey(tenantId: string, oldId: string): RenewalPlan | undefined {
    return this.list().find((plan) => plan.tenantId === tenantId && plan.oldId === oldId);
  }

  /** What renewals replace at a tenant: guids of keys or identifiers of mappings. */
  replaced(tenantId: string, place: RenewalPlan['place']): ReadonlySet<string> {
    return new Set(
      this.list().flatMap((plan) => (plan.tenantId === tenantId && plan.place === place ? [plan.oldId] : [])),
    );
  }

  /** Adds a plan or puts it in the place of the one with its id. */
  async save(plan: RenewalPlan): Promise<void> {
    const rows = this.rows();
    const index = rows.findIndex((row) => parseRenewalPlan(row)?.id === plan.id);
    await this.memory.update(key, index < 0 ? [...rows, plan] : rows.with(index, plan));
  }

  async forget(id: string): Promise<void> {
    await this.memory.update(
      key,
      this.rows().filter((row) => parseRenewalPlan(row)?.id !== id),
    );
  }

  /** Rows that this version cannot read are kept as they are. */
  private rows(): readonly unknown[] {
    const stored = this.memory.get(key);
    return Array.isArray(stored) ? (stored as readonly unknown[]) : [];
  }
}

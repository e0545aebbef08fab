import type { KeystoreEntry } from '../../src/tenant/keystoreEntry.js';
import { EntriesTree } from '../../src/views/nodes/entriesTree.js';
import type { EntriesNode, TenantState, TreeSettings } from '../../src/views/nodes/model.js';
import { entriesOf } from './manyEntries.js';
import { median, processorMs, spread, type Spread } from './figures.js';
import { present } from '../../src/views/nodes/present.js';
import { dayFormatter, type Presentation } from '../../src/views/nodes/presentation.js';

/** One measurement beside a bare loop that does the least that the task can be done with; times are the processor's. */
export interface Measurement {
  readonly name: string;
  /** The very first time in this process, nothing compiled yet. */
  readonly firstMs: number;
  readonly medianMs: number;
  readonly bareMedianMs: number;
  readonly ratio: Spread;
}

const now = Date.UTC(2026, 10, 23);
const rounds = 31;

/** Measures the model of the Keystores view for a keystore of this many entries, answers of the tenant made anew each time. */
export function measureTreeModel(count = 6000): readonly Measurement[] {
  const tasks = tasksWith(entriesOf(count, now));
  const firsts = tasks.map(({ once }) => once().ms);
  return tasks.map(({ name, once }, index) => {
    const pairs = Array.from({ length: rounds }, once);
    return {
      name,
      firstMs: firsts[index] ?? Number.NaN,
      medianMs: median(pairs.map(({ ms }) => ms)),
      ratio: spread(pairs.map(({ ms, bareMs }) => ms / bareMs)),
      bareMedianMs: median(pairs.map(({ bareMs }) => bareMs)),
    };
  });
}

function tasksWith(answer: readonly KeystoreEntry[]): readonly ReturnType<typeof task>[] {
  return [
    task(
      'first expansion (sort, group, rows)',
      () => fixture(answer),
      ({ tree }) => rows(tree),
      ({ entries, collator }) =>
        entries
          .slice()
          .sort((a, b) => collator.compare(a.alias, b.alias))
          .map(bareRow),
    ),
    task(
      'first filter by text (search texts made)',
      () => expanded(answer),
      (made) => {
        made.settings = { ...made.settings, filter: 'acme 17' };
        return rows(made.tree);
      },
      ({ entries }) => entries.filter((entry) => bareText(entry).includes('acme 17')).map(bareRow),
    ),
    task(
      'first filter by fingerprint (digits made)',
      () => expanded(answer),
      (made) => {
        made.settings = { ...made.settings, filter: 'AB:CD:12' };
        return rows(made.tree);
      },
      ({ entries }) =>
        entries
          .filter(
            (entry) =>
              bareText(entry).includes('ab:cd:12') ||
              (entry.fingerprintSha256 ?? '').replaceAll(':', '').toLowerCase().includes('abcd12'),
          )
          .map(bareRow),
    ),
    task(
      'filter while typing on',
      () => {
        const made = expanded(answer);
        made.settings = { ...made.settings, filter: 'acme 1' };
        rows(made.tree);
        return { ...made, texts: made.entries.map(bareText) };
      },
      (made) => {
        made.settings = { ...made.settings, filter: 'acme 17' };
        return rows(made.tree);
      },
      ({ entries, texts }) =>
        entries.filter((_, position) => texts[position]?.includes('acme 17') === true).map(bareRow),
    ),
    task(
      'regroup by owner',
      () => expanded(answer),
      (made) => {
        made.settings = { ...made.settings, groupBy: 'owner' };
        return rows(made.tree);
      },
      ({ entries }) => {
        const owners = new Map<string, object[]>();
        for (const entry of entries) {
          const members = owners.get(entry.owner) ?? [];
          owners.set(entry.owner, members);
          members.push(bareRow(entry));
        }
        return owners;
      },
    ),
    task(
      'regroup by expiry and sort by expiry',
      () => expanded(answer),
      (made) => {
        made.settings = { ...made.settings, groupBy: 'expiry', sortBy: 'expiry' };
        return rows(made.tree);
      },
      ({ entries }) =>
        entries
          .slice()
          .sort((a, b) => (a.validNotAfter?.getTime() ?? 0) - (b.validNotAfter?.getTime() ?? 0))
          .map(bareRow),
    ),
    task(
      'texts of all rows (present)',
      () => ({ nodes: rows(expanded(answer).tree), entries: answer }),
      ({ nodes }) => nodes.map((node) => present(node, presentation)),
      ({ entries }) =>
        entries.map((entry) => ({
          label: entry.alias,
          description: `${Math.floor(((entry.validNotAfter?.getTime() ?? 0) - now) / 86_400_000)} days`,
        })),
    ),
  ];
}

interface Fixture {
  readonly tree: EntriesTree;
  readonly entries: readonly KeystoreEntry[];
  readonly collator: Intl.Collator;
  settings: TreeSettings;
}

const presentation: Presentation = { now, warningDays: 30, formatDay: dayFormatter('en') };

function fixture(answer: readonly KeystoreEntry[]): Fixture {
  // As a refresh has them: other objects, of which nothing is known yet.
  const entries = answer.map((entry) => ({ ...entry }));
  const collator = new Intl.Collator('en', { numeric: true });
  const tenant: TenantState = {
    id: 't',
    name: 'ACME',
    stage: 'DEV',
    practice: true,
    isNeo: false,
    status: { kind: 'loaded', entries, at: now },
  };
  const made: Fixture = {
    entries,
    collator,
    settings: { groupBy: 'type', sortBy: 'alias', filter: '' },
    tree: new EntriesTree({
      tenants: () => [tenant],
      load: () => undefined,
      chains: { read: () => Promise.resolve({ kind: 'cancelled' }) },
      settings: () => made.settings,
      now: () => now,
      warningDays: () => 30,
      collator,
    }),
  };
  return made;
}

function expanded(answer: readonly KeystoreEntry[]): Fixture {
  const made = fixture(answer);
  rows(made.tree);
  return made;
}

/** All rows down to the entries, as if every group were open. */
function rows(tree: EntriesTree): readonly EntriesNode[] {
  return tree
    .roots()
    .flatMap((root) =>
      (tree.children(root) as readonly EntriesNode[]).flatMap((row) =>
        row.kind === 'group' ? (tree.children(row) as readonly EntriesNode[]) : [row],
      ),
    );
}

function bareRow(entry: KeystoreEntry): object {
  return { id: `t/${entry.hexalias}`, entry };
}

function bareText(entry: KeystoreEntry): string {
  return `${entry.alias}\n${entry.subjectDn ?? ''}\n${entry.issuerDn ?? ''}`.toLowerCase();
}

type Case = () => { readonly ms: number; readonly bareMs: number };

/** A task and its bare loop, each on something made anew. */
function task<T>(
  name: string,
  make: () => T,
  run: (made: T) => unknown,
  bare: (made: T) => unknown,
): { readonly name: string; readonly once: Case } {
  return { name, once: () => ({ ms: timed(make, run), bareMs: timed(make, bare) }) };
}

function timed<T>(make: () => T, run: (made: T) => unknown): number {
  const made = make();
  const start = processorMs();
  const result = run(made);
  const took = processorMs() - start;
  if (result === undefined) {
    throw new TypeError('Nothing was measured.');
  }
  return took;
}

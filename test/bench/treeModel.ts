import type { KeystoreEntry } from '../../src/tenant/keystoreEntry.js';
import { EntriesTree } from '../../src/views/nodes/entriesTree.js';
import type { EntriesNode, TenantState, TreeSettings } from '../../src/views/nodes/model.js';
import { present } from '../../src/views/nodes/present.js';
import { dayFormatter, type Presentation } from '../../src/views/nodes/presentation.js';

/** One measurement beside a bare loop that does the least that the task can be done with. */
export interface Measurement {
  readonly name: string;
  /** The very first time in this process, nothing compiled yet. */
  readonly firstMs: number;
  readonly medianMs: number;
  readonly bareMedianMs: number;
  /** `medianMs / bareMedianMs` */
  readonly ratio: number;
}

const now = Date.UTC(2026, 10, 23);
const rounds = 31;

/** Measures the model of the Keystores view for a keystore of this many entries, answers of the tenant made anew each time. */
export function measureTreeModel(count = 6000): readonly Measurement[] {
  return [
    measure(
      'first expansion (sort, group, rows)',
      () => fixture(count),
      ({ tree }) => rows(tree),
      ({ entries, collator }) =>
        entries
          .slice()
          .sort((a, b) => collator.compare(a.alias, b.alias))
          .map(bareRow),
    ),
    measure(
      'first filter by text (search texts made)',
      () => expanded(count),
      (made) => {
        made.settings = { ...made.settings, filter: 'acme 17' };
        return rows(made.tree);
      },
      ({ entries }) => entries.filter((entry) => bareText(entry).includes('acme 17')).map(bareRow),
    ),
    measure(
      'first filter by fingerprint (digits made)',
      () => expanded(count),
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
    measure(
      'filter while typing on',
      () => {
        const made = expanded(count);
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
    measure(
      'regroup by owner',
      () => expanded(count),
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
    measure(
      'regroup by expiry and sort by expiry',
      () => expanded(count),
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
    measure(
      'texts of all rows (present)',
      () => ({ nodes: rows(expanded(count).tree), entries: entriesOf(count) }),
      ({ nodes }) => nodes.map((node) => present(node, presentation)),
      ({ entries }) =>
        entries.map((entry) => ({
          label: entry.alias,
          description: `${Math.floor(((entry.validNotAfter?.getTime() ?? 0) - now) / 86_400_000)} days`,
        })),
    ),
  ];
}

/** The measurements as lines for people. */
export function treeModelReport(count = 6000): readonly string[] {
  return measureTreeModel(count).map(
    ({ name, firstMs, medianMs, bareMedianMs, ratio }) =>
      `${name.padEnd(42)} first ${firstMs.toFixed(1).padStart(6)} ms  median ${medianMs.toFixed(1).padStart(6)} ms  ` +
      `bare loop ${bareMedianMs.toFixed(1).padStart(6)} ms  ratio ${ratio.toFixed(1)}`,
  );
}

interface Fixture {
  readonly tree: EntriesTree;
  readonly entries: readonly KeystoreEntry[];
  readonly collator: Intl.Collator;
  settings: TreeSettings;
}

const presentation: Presentation = { now, warningDays: 30, formatDay: dayFormatter('en') };

function fixture(count: number): Fixture {
  const entries = entriesOf(count);
  const collator = new Intl.Collator('en', { numeric: true });
  const tenant: TenantState = {
    id: 't',
    name: 'ACME',
    stage: 'DEV',
    practice: true,
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

function expanded(count: number): Fixture {
  const made = fixture(count);
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

/** Entries in no order, with names and numbers of real length; the same ones each time. */
function entriesOf(count: number): readonly KeystoreEntry[] {
  let state = 20261123;
  const random = (below: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return Math.floor((state / 0x7fffffff) * below) % below;
  };
  const words = ['acme', 'orders', 'Sender', 'root', 'partner', 'sftp', 'Müller', 'test', 'DigiCert', 'prod'];
  const word = (): string => words[random(words.length)] ?? '';
  const pairs = (length: number): string =>
    Array.from({ length }, () => random(256).toString(16).toUpperCase().padStart(2, '0')).join(':');
  return Array.from({ length: count }, (_, position) => {
    const alias = `${word()}-${word()}_${word()} ${random(count)}.${position}`;
    return {
      alias,
      hexalias: Buffer.from(alias, 'utf8').toString('hex').toUpperCase(),
      type: random(10) < 3 ? 'Key Pair' : 'Certificate',
      owner: random(20) === 0 ? 'SAP' : 'Tenant Administrator',
      keyType: 'RSA',
      keySize: 2048,
      ellipticCurve: undefined,
      validNotBefore: new Date(now - 100 * 86_400_000),
      validNotAfter: new Date(now + (random(1500) - 50) * 86_400_000),
      serialNumber: `0x${pairs(16).replaceAll(':', '')}`,
      signatureAlgorithm: 'SHA256withRSA',
      subjectDn: `CN=${alias}.example.com, OU=Integration ${word()}, O=${word()} Corporation, L=Walldorf, C=DE`,
      issuerDn: `CN=${word()} Public Server Authentication CA DV R36, O=${word()} Limited, C=GB`,
      version: 3,
      fingerprintSha1: pairs(20),
      fingerprintSha256: pairs(32),
      fingerprintSha512: pairs(64),
      validity: undefined,
      lastModifiedBy: 'Tester',
      lastModifiedTime: new Date(now),
      createdBy: 'Tester',
      createdTime: new Date(now),
      status: 'unchanged',
    };
  });
}

function measure<T>(
  name: string,
  make: () => T,
  run: (made: T) => unknown,
  bare: (made: T) => unknown,
): Measurement {
  const firstMs = timed(make, run);
  const measured: number[] = [];
  const bareMeasured: number[] = [];
  for (let round = 0; round < rounds; round++) {
    measured.push(timed(make, run));
    bareMeasured.push(timed(make, bare));
  }
  const medianMs = median(measured);
  const bareMedianMs = median(bareMeasured);
  return { name, firstMs, medianMs, bareMedianMs, ratio: medianMs / bareMedianMs };
}

function timed<T>(make: () => T, run: (made: T) => unknown): number {
  const made = make();
  const start = performance.now();
  const result = run(made);
  const took = performance.now() - start;
  if (result === undefined) {
    throw new TypeError('Nothing was measured.');
  }
  return took;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

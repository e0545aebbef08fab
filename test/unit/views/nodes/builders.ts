import { ChainReader } from '../../../../src/views/nodes/chainReader.js';
import { EntriesTree } from '../../../../src/views/nodes/entriesTree.js';
import type {
  EntriesNode,
  TenantState,
  TenantStatus,
  TreeSettings,
} from '../../../../src/views/nodes/model.js';
import { present } from '../../../../src/views/nodes/present.js';
import { dayFormatter, type Presentation } from '../../../../src/views/nodes/presentation.js';
import type { ChainCertificate, KeystoreEntry } from '../../../../src/tenant/keystoreEntry.js';

export const now = Date.UTC(2026, 10, 23, 12);
const day = 86_400_000;

/** The moment this many days from now, with an hour to spare. */
export function inDays(days: number): Date {
  return new Date(now + days * day + 3_600_000);
}

export const presentation: Presentation = { now, warningDays: 30, formatDay: dayFormatter('en') };

export function entryOf(alias: string, changes: Partial<KeystoreEntry> = {}): KeystoreEntry {
  return {
    alias,
    hexalias: Buffer.from(alias, 'utf8').toString('hex').toUpperCase(),
    type: 'Certificate',
    owner: 'Tenant Administrator',
    keyType: 'RSA',
    keySize: 2048,
    ellipticCurve: undefined,
    validNotBefore: inDays(-100),
    validNotAfter: inDays(400),
    serialNumber: '0x11F11',
    signatureAlgorithm: 'SHA256withRSA',
    subjectDn: `CN=${alias}, O=ACME, C=DE`,
    issuerDn: 'CN=Partner CA, O=Partner, C=DE',
    version: 3,
    fingerprintSha1: undefined,
    fingerprintSha256: undefined,
    fingerprintSha512: undefined,
    validity: undefined,
    lastModifiedBy: 'Tester',
    lastModifiedTime: new Date(Date.UTC(2026, 0, 2, 3, 4, 5)),
    createdBy: 'Tester',
    createdTime: new Date(Date.UTC(2026, 0, 1)),
    status: 'unchanged',
    ...changes,
  };
}

export function keyPairOf(alias: string, changes: Partial<KeystoreEntry> = {}): KeystoreEntry {
  return entryOf(alias, { type: 'Key Pair', ...changes });
}

export function chainCertificateOf(
  index: number,
  subjectDn: string,
  issuerDn: string,
  changes: Partial<ChainCertificate> = {},
): ChainCertificate {
  return {
    index,
    keyType: 'RSA',
    keySize: 4096,
    ellipticCurve: undefined,
    validNotBefore: inDays(-1000),
    validNotAfter: new Date(Date.UTC(2038, 0, 18, 12)),
    serialNumber: '0x1',
    signatureAlgorithm: 'SHA256withRSA',
    subjectDn,
    issuerDn,
    version: 3,
    fingerprintSha1: undefined,
    fingerprintSha256: undefined,
    fingerprintSha512: undefined,
    validity: undefined,
    ...changes,
  };
}

export function tenantOf(status: TenantStatus, changes: Partial<TenantState> = {}): TenantState {
  return { id: 't1', name: 'ACME Dev', stage: 'DEV', practice: false, isNeo: false, status, ...changes };
}

export function loaded(...entries: readonly KeystoreEntry[]): TenantStatus {
  return { kind: 'loaded', entries, at: now };
}

export interface TreeFixture {
  readonly tree: EntriesTree;
  readonly loads: string[];
  readonly chainReads: string[];
}

export function treeOf(
  tenants: () => readonly TenantState[],
  options: {
    readonly settings?: () => Partial<TreeSettings>;
    readonly readChain?: (hexalias: string) => Promise<readonly ChainCertificate[]>;
  } = {},
): TreeFixture {
  const loads: string[] = [];
  const chainReads: string[] = [];
  const tree = new EntriesTree({
    tenants,
    load: (tenantId) => void loads.push(tenantId),
    chains: new ChainReader((_tenantId, hexalias) => {
      chainReads.push(hexalias);
      return options.readChain?.(hexalias) ?? Promise.resolve([]);
    }),
    settings: () => ({ groupBy: 'type', sortBy: 'alias', filter: '', ...options.settings?.() }),
    now: () => now,
    warningDays: () => 30,
    collator: new Intl.Collator('en', { numeric: true }),
  });
  return { tree, loads, chainReads };
}

export type Drawn = readonly [string, readonly Drawn[]] | readonly [string];

/** The whole tree as nested arrays of "label | description". */
export async function drawn(tree: EntriesTree): Promise<readonly Drawn[]> {
  return await Promise.all(tree.roots().map((root) => drawNode(tree, root)));
}

async function drawNode(tree: EntriesTree, node: EntriesNode): Promise<Drawn> {
  const { label, description } = present(node, presentation);
  const text = description === undefined || description === '' ? label : `${label} | ${description}`;
  const children = await tree.children(node);
  return children.length === 0
    ? [text]
    : [text, await Promise.all(children.map((child) => drawNode(tree, child)))];
}

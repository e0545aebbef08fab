import assert from 'node:assert/strict';
import { Command } from '../../../src/contributions.js';
import type { UserMapping } from '../../../src/inbound/userMapping.js';
import { checkMappings } from '../../../src/inbound/userMappingChecks.js';
import type { MappedTenant, UserMappingsStatus } from '../../../src/services/userMappingsState.js';
import { explainInbound } from '../../../src/views/nodes/explainInbound.js';
import type { InboundNode } from '../../../src/views/nodes/inboundModel.js';
import { InboundTree } from '../../../src/views/nodes/inboundTree.js';
import { MappingTree } from '../../../src/views/nodes/mappingTree.js';
import { presentInbound } from '../../../src/views/nodes/presentInbound.js';
import { inboundSteps } from '../../../src/views/nodes/presentedInbound.js';
import { dayFormatter, type Presentation } from '../../../src/views/nodes/presentation.js';
import { NeoWorld } from '../../support/neoWorld.js';

describe('views/nodes/mappingTree', function () {
  this.timeout(30_000);
  let mappings: readonly UserMapping[];
  let practiceTenant: MappedTenant;
  let presentation: Presentation;
  before(async () => {
    const world = await NeoWorld.open();
    mappings = await world.mappings.current(world.tenantId);
    await world.mappings.judged(world.tenantId);
    const tenant = world.mappings.tenant(world.tenantId);
    assert.ok(tenant !== undefined);
    practiceTenant = tenant;
    presentation = { now: world.clock.now, warningDays: 30, formatDay: dayFormatter('en') };
    await world.dispose();
  });

  const treeOf = (tenant: MappedTenant) => {
    const asked: string[] = [];
    const tree = new InboundTree(
      {
        tenants: () => [],
        tenant: () => undefined,
        load: () => undefined,
        readKey: () => undefined,
        readGrantsOf: () => undefined,
      },
      new MappingTree({
        tenants: () => [tenant],
        tenant: (id) => (id === tenant.id ? tenant : undefined),
        load: (id) => asked.push(id),
      }),
    );
    return { tree, asked };
  };
  const withStatus = (status: UserMappingsStatus): MappedTenant => ({
    id: 't',
    name: 'ACME Neo',
    stage: 'PRD',
    practice: false,
    status,
    checks:
      status.kind === 'loaded'
        ? checkMappings(status.mappings, { now: presentation.now, warningDays: 30, judge: undefined })
        : new Map(),
    renewing: new Set(),
  });
  const shown = (rows: readonly InboundNode[]): readonly string[] =>
    rows.map((row) => {
      const { label, description } = presentInbound(row, presentation);
      return description === undefined ? label : `${label} | ${description}`;
    });
  const belowTenant = (tenant: MappedTenant): readonly InboundNode[] => {
    const { tree } = treeOf(tenant);
    return tree.roots().flatMap((root) => tree.children(root));
  };

  it('lists each mapping by its user with whose certificate it is and what is wrong with it', () => {
    const { tree } = treeOf(practiceTenant);
    const [only] = tree.roots();
    assert.ok(only !== undefined);
    assert.equal(presentInbound(tree.current(only), presentation).collapsible, 'expanded');
    assert.deepEqual(shown(tree.roots()), ['Practice Tenant of Neo | practice · Neo · 10 mappings']);
    const rows = shown(belowTenant(practiceTenant));
    const of = (user: string): readonly string[] => rows.filter((row) => row.startsWith(`${user} |`));
    assert.deepEqual(of('orders'), [
      'orders | CN=orders.neo.example · 360 days · Several certificates of one user',
      'orders | CN=orders.neo.example · expires in 12 days · Several certificates of one user',
    ]);
    assert.deepEqual(of('legacy'), ['legacy | CN=legacy.neo.example · expired 42 days ago']);
    assert.match(of('Invoices')[0] ?? '', /User that differs in case only$/);
    assert.match(of('P2001234567')[0] ?? '', /Client authentication missing$/);
    assert.ok(rows.some((row) => row.startsWith('<img src=x onerror=alert(1)> $(flame) |')));
  });

  it('tells below a mapping the certificate, the flags, and that the role is not known from here', () => {
    const { tree } = treeOf(practiceTenant);
    const row = tree.findPlace({
      tenantId: practiceTenant.id,
      mappingId: mappings.find(({ user }) => user === 'legacy')?.id,
    });
    assert.ok(row?.kind === 'userMapping');
    const [certificate, ...facts] = shown(tree.children(row));
    assert.match(certificate ?? '', /^CN=legacy\.neo\.example.* \| issued by CN=Practice Issuing CA/);
    assert.match(facts[0] ?? '', /^Expired \| The certificate expired on/);
    assert.ok(facts.some((fact) => /^Cannot tell.* \| Whether the user "legacy" has the role/.test(fact)));
    const [first] = tree.children(row);
    assert.ok(first !== undefined);
    assert.equal(tree.parent(first)?.id, row.id);
    assert.equal(tree.parent(row)?.id, practiceTenant.id);
    assert.ok(
      explainInbound(row, presentation).includes(
        `Identifier (MD5, computed here as well): ${row.mapping.id}`,
      ),
    );
  });

  it('flags an identifier that is not that of the certificate, and a certificate that cannot be read', () => {
    const [mapping] = mappings;
    assert.ok(mapping !== undefined);
    const rows = belowTenant(
      withStatus({
        kind: 'loaded',
        mappings: [
          { ...mapping, user: 'a', id: '1'.repeat(32), identifier: 'differs' },
          { ...mapping, user: 'b', certificate: undefined, unreadable: 'why', identifier: 'notKnown' },
        ],
      }),
    );
    assert.match(shown(rows)[0] ?? '', /^a \| .* · Identifier of another certificate$/);
    assert.match(shown(rows)[1] ?? '', /^b \| certificate cannot be read/);
  });

  it('says which mapping a renewal replaces', () => {
    const old = mappings.find(({ user }) => user === 'legacy');
    assert.ok(old !== undefined);
    const rows = belowTenant({ ...practiceTenant, renewing: new Set([old.id]) });
    const marked = shown(rows).filter((row) => row.endsWith('being replaced'));
    assert.deepEqual(marked, ['legacy | CN=legacy.neo.example · expired 42 days ago · being replaced']);
  });

  it('says where the tenant is nearly full', () => {
    const [mapping] = mappings;
    assert.ok(mapping !== undefined);
    const [fact] = belowTenant(
      withStatus({ kind: 'loaded', mappings: [{ ...mapping, size: 1.9 * 1024 * 1024 }] }),
    );
    assert.ok(fact !== undefined);
    assert.deepEqual(shown([fact]), [
      'Nearly full | The mappings take 1946 of the 2048 KB that the tenant has for them. Delete those that nobody uses.',
    ]);
  });

  it('asks for the mappings when the tenant is expanded, and gives each state a next step that exists', () => {
    const { tree, asked } = treeOf(withStatus({ kind: 'notLoaded' }));
    const [root] = tree.roots();
    assert.ok(root !== undefined);
    assert.deepEqual(asked, []);
    assert.deepEqual(shown(tree.children(root)), ['Reading…']);
    assert.deepEqual(asked, ['t']);
    const failed = (code: 'offline' | 'signed-out' | 'forbidden' | 'rate-limited'): UserMappingsStatus => ({
      kind: 'failed',
      failure: { code, explanation: undefined },
      previous: undefined,
    });
    const states: readonly (readonly [UserMappingsStatus, string])[] = [
      [{ kind: 'loaded', mappings: [] }, 'No certificate is mapped to a user | Create a mapping'],
      [{ kind: 'notOffered' }, 'The tenant has no certificate-to-user mappings | Edit the tenant'],
      [failed('offline'), 'Offline: the tenant cannot be reached | Try again'],
      [failed('signed-out'), 'The tenant is signed out | Sign in again'],
      [failed('forbidden'), 'No permission to see certificate-to-user mappings | Sign in again'],
      [failed('rate-limited'), 'The tenant asks for a pause: too many requests | Try again'],
    ];
    for (const [status, row] of states) {
      assert.deepEqual(shown(belowTenant(withStatus(status))), [row]);
    }
    const commands: readonly string[] = Object.values(Command);
    assert.ok(inboundSteps.every((step) => commands.includes(step)));
  });

  it('keeps what was read below a failure', () => {
    const rows = belowTenant(
      withStatus({
        kind: 'failed',
        failure: { code: 'offline', explanation: undefined },
        previous: mappings,
      }),
    );
    assert.equal(rows.length, mappings.length + 1);
  });
});

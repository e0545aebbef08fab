import assert from 'node:assert/strict';
import { checkInbound } from '../../../src/inbound/inboundChecks.js';
import type { InboundInstance } from '../../../src/inbound/inboundClients.js';
import { readKeyContent } from '../../../src/inbound/keyContent.js';
import type { InboundStatus, InboundTenant } from '../../../src/services/inboundState.js';
import { explainInbound } from '../../../src/views/nodes/explainInbound.js';
import type { InboundNode } from '../../../src/views/nodes/inboundModel.js';
import { InboundTree } from '../../../src/views/nodes/inboundTree.js';
import { MappingTree } from '../../../src/views/nodes/mappingTree.js';
import { presentInbound } from '../../../src/views/nodes/presentInbound.js';
import { inboundSteps } from '../../../src/views/nodes/presentedInbound.js';
import { dayFormatter, type Presentation } from '../../../src/views/nodes/presentation.js';
import { Command } from '../../../src/contributions.js';
import { external, inboundInstance, inboundKey, InboundWorld } from '../../support/inboundWorld.js';

describe('views/nodes/inboundTree', function () {
  this.timeout(20_000);
  let world: InboundWorld;
  let presentation: Presentation;
  before(() => {
    world = new InboundWorld();
    // After the certificates: none of them is valid before it was made.
    presentation = { now: Date.now(), warningDays: 30, formatDay: dayFormatter('en') };
  });
  after(() => world.dispose());

  const tenantOf = (status: InboundStatus, over: Partial<InboundTenant> = {}): InboundTenant => ({
    id: 't',
    name: 'ACME Dev',
    stage: 'DEV',
    practice: false,
    organization: 'acme',
    space: 'dev',
    isEverySpace: false,
    status,
    checks:
      status.kind === 'loaded'
        ? checkInbound(status.data.instances, { now: presentation.now, warningDays: 30, isEverySpace: true })
        : { instances: new Map(), keys: new Map() },
    renewing: new Set(),
    reading: new Set(),
    failedKeys: new Map(),
    ...over,
  });
  const loaded = (instances: readonly InboundInstance[], isEverySpace = false): InboundStatus => ({
    kind: 'loaded',
    data: { instances, isEverySpace, isComplete: true },
    at: 0,
  });
  const treeOf = (tenant: InboundTenant) => {
    const asked: string[] = [];
    const tree = new InboundTree(
      {
        tenants: () => [tenant],
        tenant: (id) => (id === tenant.id ? tenant : undefined),
        load: () => asked.push('load'),
        readKey: (_, guid) => asked.push(`key ${guid}`),
        readGrantsOf: (_, guid) => asked.push(`grants ${guid}`),
      },
      new MappingTree({ tenants: () => [], tenant: () => undefined, load: () => undefined }),
    );
    return { tree, asked };
  };
  const below = (tree: InboundTree, ...path: readonly string[]): readonly InboundNode[] => {
    let rows: readonly InboundNode[] = tree.roots();
    for (const label of ['ACME Dev', ...path]) {
      const row = rows.find((one) => presentInbound(one, presentation).label === label);
      assert.ok(row !== undefined, label);
      rows = tree.children(row);
    }
    return rows;
  };
  const shown = (rows: readonly InboundNode[]): readonly string[] =>
    rows.map((row) => {
      const { label, description } = presentInbound(row, presentation);
      return description === undefined ? label : `${label} | ${description}`;
    });

  it('goes from the tenant over instance and key to the certificate and its flags', () => {
    const { tree } = treeOf(
      tenantOf(
        loaded([
          inboundInstance([
            inboundKey('key-2026', external(world.current)),
            inboundKey('old', external(world.expired), { pinning: { kind: 'unpinned' } }),
            inboundKey('secret', readKeyContent({ oauth: { clientid: 'c', clientsecret: 's' } })),
          ]),
        ]),
      ),
    );
    assert.deepEqual(shown(tree.roots()), ['ACME Dev | DEV · org acme · space dev']);
    assert.deepEqual(shown(below(tree)), ['orders-inbound | ESBMessaging.send · 3 keys · 1 needs attention']);
    const keys = shown(below(tree, 'orders-inbound'));
    assert.match(keys[0] ?? '', /^key-2026 \| CN=orders · pinned · /);
    assert.match(keys[1] ?? '', /^old \| CN=old · not pinned · expired /);
    assert.match(keys[2] ?? '', /^secret \| client secret$/);
    const facts = shown(below(tree, 'orders-inbound', 'old'));
    assert.match(facts[0] ?? '', /^CN=old, O=Acme \| issued by CN=Acme CA/);
    assert.match(facts[1] ?? '', /^Expired \| The certificate expired on/);
    assert.ok(
      facts.includes(
        'Cannot tell: Root not on the list, Client authentication missing | No list of trusted authorities is at hand.',
      ),
    );
  });

  it('asks for what a key holds when it is expanded, and not before', () => {
    const { tree, asked } = treeOf(
      tenantOf(loaded([inboundInstance([inboundKey('k', { kind: 'notRead' })])])),
    );
    below(tree, 'orders-inbound');
    assert.deepEqual(asked, []);
    assert.deepEqual(shown(below(tree, 'orders-inbound', 'k')), ['Reading…']);
    assert.deepEqual(asked, ['key k']);
  });

  it('says what keeps a key from being read, and does not ask again by itself', () => {
    const reading = { kind: 'notReadable', reason: 'Space Developer is needed' } as const;
    const { tree, asked } = treeOf(
      tenantOf(loaded([inboundInstance([inboundKey('a', reading), inboundKey('b', { kind: 'notRead' })])]), {
        failedKeys: new Map([['b', { code: 'offline', explanation: 'no way' }]]),
      }),
    );
    const [row] = below(tree, 'orders-inbound', 'a');
    assert.deepEqual(shown(below(tree, 'orders-inbound', 'a')), [
      'What the key holds cannot be read | Space Developer is needed',
    ]);
    assert.ok(row !== undefined);
    assert.deepEqual(explainInbound(row, presentation), [
      'What the key holds cannot be read',
      'Space Developer is needed',
    ]);
    assert.deepEqual(shown(below(tree, 'orders-inbound', 'b')), [
      'Offline: Cloud Foundry cannot be reached | Try again',
    ]);
    assert.deepEqual(asked, []);
  });

  it('leads from an empty list to the other spaces, and where those were looked in to a new instance', () => {
    const empty = (isEverySpace: boolean) => shown(below(treeOf(tenantOf(loaded([], isEverySpace))).tree));
    assert.deepEqual(empty(false), [
      'No service instance of Process Integration Runtime | Look in every space',
    ]);
    assert.deepEqual(empty(true), [
      'No service instance of Process Integration Runtime | Create a service instance',
    ]);
  });

  it('says which key a renewal replaces', () => {
    const { tree } = treeOf(
      tenantOf(loaded([inboundInstance([inboundKey('key-2025', external(world.current))])]), {
        renewing: new Set(['key-2025']),
      }),
    );
    assert.match(
      shown(below(tree, 'orders-inbound'))[0] ?? '',
      /^key-2025 \| CN=orders · pinned · .* · being replaced$/,
    );
  });

  it('names the space of each instance where it looks in every space, and roles that are not known', () => {
    const instance = inboundInstance([], { grants: { kind: 'notKnown', reason: 'why' }, plan: 'api' });
    const { tree, asked } = treeOf(tenantOf(loaded([instance], true), { isEverySpace: true }));
    assert.deepEqual(shown(tree.roots()), ['ACME Dev | DEV · every space']);
    assert.deepEqual(shown(below(tree)), ['orders-inbound | dev · plan api · roles not known · 0 keys']);
    assert.deepEqual(shown(below(tree, 'orders-inbound')), [
      'Cannot tell: Grant type client_x509 is deprecated, Grant type client_credentials is missing, No role | why',
      'No service key | Create a service key',
    ]);
    assert.deepEqual(asked, ['grants i1']);
  });

  it('gives each state a next step, which is a command that exists', () => {
    const states: readonly (readonly [InboundStatus, string])[] = [
      [{ kind: 'signedOut', isExpired: false }, 'Not signed in to Cloud Foundry | Sign in'],
      [{ kind: 'signedOut', isExpired: true }, 'The sign-in to Cloud Foundry has expired | Sign in'],
      [{ kind: 'noSpace' }, 'No space is chosen | Choose a space'],
      [loaded([]), 'No service instance of Process Integration Runtime | Look in every space'],
      [failed('forbidden'), 'No permission to see service instances | Choose a space'],
      [failed('offline'), 'Offline: Cloud Foundry cannot be reached | Try again'],
      [failed('rate-limited'), 'Cloud Foundry asks for a pause: too many requests | Try again'],
      [failed('bad-answer'), 'It could not be read | Show the log'],
    ];
    for (const [status, row] of states) {
      assert.deepEqual(shown(below(treeOf(tenantOf(status)).tree)), [row]);
    }
    const commands: readonly string[] = Object.values(Command);
    assert.deepEqual(
      inboundSteps.filter((id) => !commands.includes(id)),
      [],
    );
  });

  it('keeps the rows below a failed refresh, and starts the first read', () => {
    const status: InboundStatus = {
      ...failed('timeout'),
      previous: { instances: [inboundInstance([])], isEverySpace: false, isComplete: false },
    };
    assert.deepEqual(shown(below(treeOf(tenantOf(status)).tree)), [
      'Cloud Foundry did not answer as it should | Try again',
      'There are more instances or keys than are shown',
      'orders-inbound | ESBMessaging.send · 0 keys',
    ]);
    const { tree, asked } = treeOf(tenantOf({ kind: 'notLoaded' }));
    assert.deepEqual(shown(below(tree)), ['Reading…']);
    assert.deepEqual(asked, ['load']);
  });

  it('shows names from outside as plain text', () => {
    const { tree } = treeOf(
      tenantOf(
        loaded([inboundInstance([inboundKey('$(alert)\u202egpj', { kind: 'notRead' })], { name: ' ' })]),
      ),
    );
    for (const row of [...below(tree), ...below(tree, '" "')]) {
      const { label } = presentInbound(row, presentation);
      assert.ok(!/\u202e/.test(label) && label.trim() !== '');
    }
  });

  it('finds rows and the rows above them', () => {
    const { tree } = treeOf(tenantOf(loaded([inboundInstance([inboundKey('k', external(world.current))])])));
    const key = tree.find('t', 'i1', 'k');
    assert.ok(key?.kind === 'serviceKey');
    const [certificate] = tree.children(key);
    assert.ok(certificate !== undefined);
    assert.equal(tree.parent(certificate)?.id, key.id);
    assert.equal(tree.parent(key)?.kind, 'serviceInstance');
    assert.equal(tree.find('t', 'i1', 'gone'), undefined);
    assert.equal(tree.find('gone'), undefined);
  });
});

function failed(code: 'forbidden' | 'offline' | 'rate-limited' | 'bad-answer' | 'timeout') {
  return { kind: 'failed', failure: { code, explanation: undefined }, previous: undefined } as const;
}

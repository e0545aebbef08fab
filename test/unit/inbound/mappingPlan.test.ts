import assert from 'node:assert/strict';
import type { Conflict, PlanFacts, PlannedKey } from '../../../src/inbound/conflict.js';
import type { InboundKey } from '../../../src/inbound/inboundClients.js';
import { proposeKeyName, resourceNameProblem } from '../../../src/inbound/keyNames.js';
import { plannedKeyConflicts } from '../../../src/inbound/mappingPlan.js';
import type { Certificate } from '../../../src/pki/certificate.js';
import { external, inboundInstance, inboundKey, InboundWorld } from '../../support/inboundWorld.js';
import type { Credential } from '../../support/opensslPki.js';

const day = 86_400_000;

describe('plannedKeyConflicts', () => {
  let world: InboundWorld;
  before(() => {
    world = new InboundWorld();
  });
  after(() => world.dispose());

  const leafOf = (credential: Credential): Certificate => {
    const [leaf] = external(credential).certificates;
    assert.ok(leaf !== undefined);
    return leaf;
  };
  const judge = (
    over: Partial<PlannedKey> = {},
    keys: readonly InboundKey[] = [],
    facts: Partial<PlanFacts> = {},
  ): readonly Conflict[] => {
    const instance = facts.instance ?? inboundInstance(keys);
    return plannedKeyConflicts(
      {
        name: 'orders-2026',
        type: 'externalCertificate',
        leaf: leafOf(world.current),
        role: 'ESBMessaging.send',
        ...over,
      },
      {
        instances: [instance],
        isEverySpace: true,
        now: Date.now(),
        warningDays: 30,
        acceptance: { answer: 'yes', text: 'fine' },
        ...facts,
        instance,
      },
    );
  };
  const brief = (conflicts: readonly Conflict[]): readonly string[] =>
    conflicts.map(({ id, level }) => `${level} ${id}`);

  it('finds nothing against a sender that is new', () => {
    assert.deepEqual(judge(), []);
    assert.deepEqual(judge({ type: 'certificateBySap', leaf: undefined }), []);
    assert.deepEqual(judge({ type: 'clientSecret', leaf: undefined, role: undefined }), []);
    assert.deepEqual(judge({}, [inboundKey('x', external(world.other))]), []);
  });

  describe('an unpinned key that takes a renewed certificate', () => {
    const renewed = (keys: readonly InboundKey[], facts: Partial<PlanFacts> = {}): readonly string[] =>
      brief(judge({ leaf: leafOf(world.renewed), name: 'taken', pin: false, isThere: true }, keys, facts));

    it('is disturbed by any other key with its names, pinned or not', () => {
      const pinnings = [
        [{ kind: 'pinned' }, 'problem pinnedBesideUnpinned'],
        [{ kind: 'unpinned' }, 'problem unpinnedPair'],
        [{ kind: 'notKnown', reason: 'why' }, 'problem unpinnedPair'],
      ] as const;
      for (const [pinning, expected] of pinnings) {
        for (const held of [world.current, world.renewed]) {
          assert.deepEqual(renewed([inboundKey('x', external(held), { pinning })]), [expected]);
        }
      }
      assert.deepEqual(renewed([inboundKey('x', external(world.other))]), []);
    });

    it('is not certain where keys were not read', () => {
      assert.deepEqual(renewed([inboundKey('x', { kind: 'notRead' })]), ['cannotTell unpinnedPair']);
      assert.deepEqual(renewed([], { isEverySpace: false }), ['cannotTell unpinnedPair']);
    });

    it('needs what keys in general need, and nothing that creating one needs', () => {
      const instance = (grantTypes: readonly string[]) =>
        inboundInstance([inboundKey('taken', external(world.other))], {
          grants: { kind: 'known', roles: ['ESBMessaging.send'], grantTypes },
          lastOperation: {
            type: 'update',
            state: 'in progress',
            description: undefined,
            updatedAt: undefined,
          },
        });
      assert.deepEqual(renewed([], { instance: instance(['client_x509']) }), []);
      assert.deepEqual(renewed([], { instance: instance(['password']) }), ['problem noClientCredentials']);
    });
  });

  describe('names', () => {
    it('that break SAP’s rule or are taken are refused', () => {
      assert.deepEqual(brief(judge({ name: 'my key' })), ['refused name']);
      const taken = judge({ name: 'x' }, [inboundKey('x', external(world.other))]);
      assert.deepEqual(brief(taken), ['refused nameTaken']);
      assert.match(taken[0]?.advice ?? '', /"x-2"/);
      assert.deepEqual(taken[0]?.keys, ['x']);
    });
    const good = ['a', 'A.b_c-1', 'x'.repeat(32)];
    const bad = ['', 'a b', 'ä', 'x'.repeat(33), 'a/b', 'a\n'];
    it('are judged by 32 characters of a small set', () => {
      assert.deepEqual(
        [...good, ...bad].filter((name) => resourceNameProblem(name) === undefined),
        good,
      );
    });
    it('are proposed from anything', () => {
      const keys = [
        inboundKey('orders.acme', { kind: 'notRead' }),
        inboundKey('orders.acme-2', { kind: 'notRead' }),
      ];
      assert.equal(proposeKeyName('orders.acme', { keys }), 'orders.acme-3');
      assert.equal(
        proposeKeyName('Ünïcode & more — and much more still', { keys: [] }),
        'Unicode-more-and-much-more-s',
      );
      for (const wish of ['', '...', '日本', 'x'.repeat(99), '-a-']) {
        assert.equal(resourceNameProblem(proposeKeyName(wish, { keys: [] })), undefined, wish);
      }
    });
  });

  describe('instances', () => {
    const known = (roles: readonly string[], grantTypes: readonly string[]): Partial<PlanFacts> => ({
      instance: inboundInstance([], { grants: { kind: 'known', roles, grantTypes } }),
    });
    it('that cannot take the key or would not let the caller in are told', () => {
      assert.deepEqual(brief(judge({}, [], known(['ESBMessaging.send'], ['client_x509']))), [
        'refused deprecatedGrantType',
      ]);
      assert.deepEqual(brief(judge({}, [], known(['ESBMessaging.send'], ['password']))), [
        'refused noClientCredentials',
      ]);
      assert.deepEqual(
        brief(
          judge({ type: 'clientSecret', leaf: undefined }, [], known(['ESBMessaging.send'], ['password'])),
        ),
        [],
      );
      assert.deepEqual(brief(judge({}, [], known(['Other'], ['client_credentials']))), [
        'problem missingRole',
      ]);
      assert.deepEqual(brief(judge({}, [], { instance: inboundInstance([], { plan: 'api' }) })), [
        'problem plan',
      ]);
      const lastOperation = {
        type: 'update',
        state: 'in progress',
        description: undefined,
        updatedAt: undefined,
      } as const;
      assert.deepEqual(brief(judge({}, [], { instance: inboundInstance([], { lastOperation }) })), [
        'refused operationInProgress',
      ]);
      const notKnown = {
        instance: inboundInstance([], { grants: { kind: 'notKnown', reason: 'silent' } }),
      } as const;
      assert.deepEqual(brief(judge({}, [], notKnown)), ['cannotTell noClientCredentials']);
    });
  });

  describe('certificates', () => {
    it('are judged by validity and kind', () => {
      assert.deepEqual(brief(judge({ leaf: leafOf(world.expired) })), ['problem expired']);
      assert.deepEqual(brief(judge({}, [], { now: Date.now() + 350 * day })), ['warning expiring']);
      assert.deepEqual(brief(judge({}, [], { now: Date.now() - 9 * day })), ['warning notYetValid']);
      assert.deepEqual(brief(judge({ leaf: leafOf(world.ca) })), ['problem authority']);
    });
    it('are judged by the authorities, where somebody did', () => {
      assert.deepEqual(brief(judge({}, [], { acceptance: { answer: 'no', text: 'root not listed' } })), [
        'problem notAccepted',
      ]);
      assert.deepEqual(brief(judge({}, [], { acceptance: { answer: 'cannotTell', text: 'no list' } })), [
        'cannotTell notAccepted',
      ]);
      assert.deepEqual(brief(judge({}, [], { acceptance: undefined })), []);
    });
  });

  describe('neighbours', () => {
    const pinning = (kind: 'pinned' | 'unpinned' | 'notKnown'): Partial<InboundKey> => ({
      pinning: kind === 'notKnown' ? { kind, reason: 'SAP is silent.' } : { kind },
    });
    const beside = (kind: 'pinned' | 'unpinned' | 'notKnown', pin?: boolean): readonly string[] =>
      brief(
        judge({ pin, leaf: leafOf(world.renewed) }, [
          inboundKey('old', external(world.current), pinning(kind)),
        ]),
      );
    it('with the same certificate would break both', () => {
      const found = judge({}, [inboundKey('x', external(world.current))]);
      assert.deepEqual(brief(found), ['problem sameCertificate']);
      assert.deepEqual(found[0]?.keys, ['x']);
      assert.match(found[0].consequence, /those that work today as well/);
      const elsewhere = inboundInstance([inboundKey('x', external(world.current))], {
        guid: 'i2',
        name: 'other',
      });
      const here = inboundInstance([]);
      assert.deepEqual(brief(judge({}, [], { instance: here, instances: [here, elsewhere] })), [
        'problem sameCertificate',
      ]);
    });
    const table: readonly (readonly [
      'pinned' | 'unpinned' | 'notKnown',
      boolean | undefined,
      readonly string[],
    ])[] = [
      ['pinned', true, []],
      ['pinned', undefined, []],
      ['pinned', false, ['problem pinnedBesideUnpinned']],
      ['unpinned', true, ['problem pinnedBesideUnpinned']],
      ['unpinned', undefined, ['problem pinnedBesideUnpinned']],
      ['unpinned', false, ['problem unpinnedPair']],
      ['notKnown', true, ['cannotTell pinnedBesideUnpinned']],
      ['notKnown', false, ['cannotTell pinnedBesideUnpinned']],
    ];
    for (const [old, pin, expected] of table) {
      it(`with equal names: ${old} beside a new one with pin ${String(pin)}`, () => {
        assert.deepEqual(beside(old, pin), expected);
      });
    }
    it('whose certificates are by SAP or have other names do not matter', () => {
      const keys = [inboundKey('x', external(world.other), pinning('unpinned'))];
      assert.deepEqual(judge({ pin: false }, keys), []);
    });
    it('that are not known make the answer uncertain, never silent', () => {
      const unread = judge({}, [inboundKey('x', { kind: 'notRead' })]);
      assert.deepEqual(brief(unread), ['cannotTell sameCertificate']);
      assert.deepEqual(brief(judge({}, [], { isEverySpace: false })), ['cannotTell sameCertificate']);
    });
  });

  it('puts the gravest first', () => {
    const keys = [inboundKey('orders-2026', external(world.current)), inboundKey('x', { kind: 'notRead' })];
    assert.deepEqual(
      brief(judge({}, keys, { instance: inboundInstance(keys), now: Date.now() + 350 * day })),
      ['refused nameTaken', 'problem sameCertificate', 'warning expiring'],
    );
  });
});

import assert from 'node:assert/strict';
import {
  parseRenewalPlan,
  proposedDeletion,
  renewalStanding,
  renewalWay,
  type RenewalFacts,
  type RenewalPlan,
} from '../../../src/inbound/renewalPlan.js';

const now = Date.parse('2026-06-01T12:00:00Z');
const plan: RenewalPlan = {
  id: 'r1',
  tenantId: 't1',
  place: 'serviceKey',
  oldId: 'k1',
  oldName: 'orders-2025',
  oldSha256: 'aa',
  next: { sha256: 'bb', hasEqualNames: true, isNewer: true },
  saidPinned: undefined,
  confirmedAt: undefined,
  deleteFrom: undefined,
};
const facts: RenewalFacts = {
  oldIsThere: true,
  newName: null,
  pinning: 'pinned',
  oldValidUntil: Date.parse('2026-07-20T00:00:00Z'),
  now,
};

describe('renewalWay', () => {
  const ways: readonly (readonly [string, Partial<RenewalPlan>, RenewalFacts['pinning'], string])[] = [
    ['no certificate chosen', { next: undefined }, 'pinned', 'undecided'],
    [
      'the same certificate',
      { next: { sha256: 'aa', hasEqualNames: true, isNewer: false } },
      'pinned',
      'impossible',
    ],
    ['a pinned key', {}, 'pinned', 'secondKey'],
    ['an unpinned key', {}, 'unpinned', 'sameKey'],
    [
      'an unpinned key and an older certificate',
      { next: { sha256: 'bb', hasEqualNames: true, isNewer: false } },
      'unpinned',
      'impossible',
    ],
    [
      'an unpinned key and other names',
      { next: { sha256: 'bb', hasEqualNames: false, isNewer: true } },
      'unpinned',
      'secondKey',
    ],
    ['pinning not known', {}, 'notKnown', 'undecided'],
    [
      'pinning not known and other names',
      { next: { sha256: 'bb', hasEqualNames: false, isNewer: true } },
      'notKnown',
      'secondKey',
    ],
    ['pinning that the person told', { saidPinned: true }, 'notKnown', 'secondKey'],
    ['no pinning, as the person told', { saidPinned: false }, 'notKnown', 'sameKey'],
    ['facts against what the person told', { saidPinned: true }, 'unpinned', 'sameKey'],
    ['Neo', { place: 'neoMapping' }, 'notKnown', 'secondKey'],
  ];
  for (const [name, over, pinning, expected] of ways) {
    it(`is ${expected} for ${name}`, () => {
      assert.equal(renewalWay({ ...plan, ...over }, { pinning, oldIsThere: true }).kind, expected);
    });
  }
});

describe('renewalStanding', () => {
  const steps = (over: Partial<RenewalPlan>, known: Partial<RenewalFacts> = {}): readonly string[] =>
    renewalStanding({ ...plan, ...over }, { ...facts, ...known }).steps.map(
      ({ id, state }) => `${id} ${state}`,
    );

  it('goes from a second key to the end, told by facts', () => {
    const confirmedAt = '2026-06-01T10:00:00.000Z';
    assert.deepEqual(steps({ next: undefined }), ['chooseCertificate next']);
    assert.deepEqual(steps({}), [
      'chooseCertificate done',
      'createSecond next',
      'senderSwitches waits',
      'confirmCall waits',
      'deleteOld waits',
    ]);
    assert.deepEqual(steps({}, { newName: 'orders-2026' }).slice(1), [
      'createSecond done',
      'senderSwitches elsewhere',
      'confirmCall next',
      'deleteOld waits',
    ]);
    const confirmed = { confirmedAt, deleteFrom: '2026-06-08' };
    assert.deepEqual(steps(confirmed, { newName: 'orders-2026' }).slice(2), [
      'senderSwitches done',
      'confirmCall done',
      'deleteOld waits',
    ]);
    assert.equal(
      steps(confirmed, { newName: 'orders-2026', now: Date.parse('2026-06-08T00:00:01Z') }).at(-1),
      'deleteOld next',
    );
    assert.equal(steps(confirmed, { newName: 'orders-2026', oldIsThere: false }).at(-1), 'deleteOld done');
    assert.ok(
      renewalStanding({ ...plan, ...confirmed }, { ...facts, newName: 'orders-2026', oldIsThere: false })
        .isFinished,
    );
    assert.ok(!renewalStanding({ ...plan, ...confirmed }, { ...facts, newName: 'orders-2026' }).isFinished);
  });

  it('never asks to delete the old key before a good call, nor while the new one is not there', () => {
    for (const newName of [null, undefined, 'orders-2026']) {
      assert.ok(!steps({}, { newName }).includes('deleteOld next'));
    }
    assert.ok(
      !steps({ confirmedAt: '2026-06-01T10:00:00.000Z' }, { newName: null }).includes('deleteOld next'),
    );
  });

  it('needs no new key where the old one is not pinned, and warns of every sender before', () => {
    const standing = renewalStanding(plan, { ...facts, pinning: 'unpinned' });
    assert.deepEqual(
      standing.steps.map(({ id, state }) => `${id} ${state}`),
      ['chooseCertificate done', 'senderSwitches elsewhere', 'confirmCall next'],
    );
    assert.match(standing.warnings[0] ?? '', /every sender that calls by "orders-2025"/);
    const confirmed = { ...plan, confirmedAt: '2026-06-01T10:00:00.000Z' };
    assert.ok(renewalStanding(confirmed, { ...facts, pinning: 'unpinned' }).isFinished);
  });

  it('needs a new key where the old one was deleted elsewhere, pinned or not', () => {
    for (const pinning of ['unpinned', 'notKnown', 'pinned'] as const) {
      const known = { ...facts, pinning, oldIsThere: false };
      const standing = renewalStanding(plan, known);
      assert.deepEqual(
        standing.steps.map(({ id, state }) => `${id} ${state}`),
        [
          'chooseCertificate done',
          'createSecond next',
          'senderSwitches waits',
          'confirmCall waits',
          'deleteOld done',
        ],
      );
      assert.ok(!standing.isFinished);
      assert.match(standing.steps[1]?.text ?? '', /"orders-2025" is not there any more.*new key/);
      assert.match(standing.steps[2]?.text ?? '', /cannot go back/);
      assert.deepEqual(standing.warnings, [
        '"orders-2025" was deleted elsewhere: it lets no sender in any more.',
      ]);
      const confirmed = { ...plan, confirmedAt: '2026-06-01T10:00:00.000Z' };
      assert.ok(!renewalStanding(confirmed, known).isFinished);
      assert.ok(renewalStanding(confirmed, { ...known, newName: 'orders-2026' }).isFinished);
    }
    const same = { ...plan, next: { sha256: 'aa', hasEqualNames: true, isNewer: false } };
    const way = renewalWay(same, { pinning: 'unpinned', oldIsThere: false });
    assert.ok(way.kind === 'impossible' && !way.reason.includes('mapped already'));
  });

  it('asks for what is not known', () => {
    assert.deepEqual(steps({}, { pinning: 'notKnown' }), ['chooseCertificate done', 'tellPinning next']);
    assert.deepEqual(steps({}, { newName: undefined }).slice(1, 3), [
      'createSecond notKnown',
      'senderSwitches waits',
    ]);
    assert.equal(
      steps({ confirmedAt: '2026-06-01T10:00:00Z' }, { newName: 'n', oldIsThere: undefined }).at(-1),
      'deleteOld notKnown',
    );
  });

  it('goes back to the choice where the certificate cannot work', () => {
    const standing = renewalStanding(
      { ...plan, next: { sha256: 'aa', hasEqualNames: true, isNewer: false } },
      facts,
    );
    assert.deepEqual(
      standing.steps.map(({ id, state }) => `${id} ${state}`),
      ['chooseCertificate next'],
    );
    assert.ok(!standing.isFinished);
  });

  it('tells of the end of the old certificate', () => {
    const warnings = (days: number): readonly string[] =>
      renewalStanding(plan, { ...facts, oldValidUntil: now + days * 86_400_000 }).warnings;
    assert.deepEqual(warnings(30), []);
    assert.match(warnings(10)[0] ?? '', /ends on 2026-06-11/);
    assert.match(warnings(-1)[0] ?? '', /has expired/);
  });

  it('speaks of users on Neo', () => {
    const standing = renewalStanding({ ...plan, place: 'neoMapping' }, facts);
    assert.match(standing.steps[1]?.text ?? '', /same user/);
  });
});

describe('renewal plans', () => {
  it('propose a week, and never more than the old certificate lasts', () => {
    assert.equal(proposedDeletion(now, undefined), '2026-06-08');
    assert.equal(proposedDeletion(now, now + 3 * 86_400_000), '2026-06-04');
    assert.equal(proposedDeletion(now, now - 1), '2026-06-08');
  });

  it('survive a restart', () => {
    const whole = {
      ...plan,
      saidPinned: false,
      confirmedAt: '2026-06-01T10:00:00.000Z',
      deleteFrom: '2026-06-08',
    };
    assert.deepEqual(parseRenewalPlan(JSON.parse(JSON.stringify(whole))), whole);
    assert.deepEqual(parseRenewalPlan(JSON.parse(JSON.stringify({ ...plan, next: undefined }))), {
      ...plan,
      next: undefined,
    });
    for (const json of [undefined, 5, {}, { ...plan, place: 'x' }, { ...plan, oldId: '' }]) {
      assert.equal(parseRenewalPlan(json), undefined);
    }
    assert.equal(parseRenewalPlan({ ...plan, confirmedAt: 'soon' })?.confirmedAt, undefined);
  });
});

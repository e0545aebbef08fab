import assert from 'node:assert/strict';
import { flags, type Check } from '../../../src/inbound/checkAnswers.js';
import {
  fingerprintKey,
  keysByCertificate,
  type InboundInstance,
  type InboundKey,
} from '../../../src/inbound/inboundClients.js';
import { checkInbound, type CheckContext, type InboundChecks } from '../../../src/inbound/inboundChecks.js';
import { readKeyContent } from '../../../src/inbound/keyContent.js';
import { external, inboundInstance, inboundKey, InboundWorld } from '../../support/inboundWorld.js';
import { OpensslPki } from '../../support/opensslPki.js';

const day = 86_400_000;
const fine = { answer: 'yes', text: 'fine' } as const;

describe('checkInbound', () => {
  let world: InboundWorld;
  before(() => {
    world = new InboundWorld();
  });
  after(() => world.dispose());

  const check = (
    keys: readonly InboundKey[] | readonly InboundInstance[],
    over: Partial<CheckContext> = {},
  ): InboundChecks => {
    const instances = keys.map((one) =>
      'keys' in one ? one : inboundInstance([one], { guid: one.instanceGuid }),
    );
    return checkInbound(instances, {
      now: Date.now(),
      warningDays: 30,
      isEverySpace: true,
      judge: () => ({ rootListed: fine, clientAuthentication: fine }),
      ...over,
    });
  };
  const raised = (checks: readonly Check<string>[] | undefined): readonly string[] =>
    flags(checks ?? []).map(({ id }) => id);
  const answer = (checks: InboundChecks, guid: string, id: string): Check<string> => {
    const found = [...(checks.keys.get(guid) ?? []), ...(checks.instances.get(guid) ?? [])].find(
      (one) => one.id === id,
    );
    assert.ok(found !== undefined, id);
    return found;
  };

  it('raises nothing for a sender that is set up well', () => {
    const checks = check([inboundKey('a', external(world.current))]);
    assert.deepEqual(
      [...(checks.keys.get('a') ?? []), ...(checks.instances.get('i1') ?? [])].map((one) => one.answer),
      Array(14).fill('no'),
    );
  });

  describe('validity', () => {
    it('tells what expired', () => {
      const one = answer(check([inboundKey('a', external(world.expired))]), 'a', 'expired');
      assert.ok(one.answer === 'yes' && one.level === 'problem');
    });
    it('tells what expires, by the days of warning', () => {
      const keys = [inboundKey('a', external(world.current))];
      const at = (days: number): readonly string[] =>
        raised(check(keys, { now: Date.now() + (365 - days) * day }).keys.get('a'));
      assert.deepEqual(at(40), []);
      assert.deepEqual(at(20), ['expiring']);
      assert.deepEqual(at(1), ['expiring']);
      assert.deepEqual(at(-1), ['expired']);
    });
    it('tells what is not valid yet', () => {
      assert.deepEqual(
        raised(
          check([inboundKey('a', external(world.current))], { now: Date.now() - 10 * day }).keys.get('a'),
        ),
        ['notYetValid'],
      );
    });
    it('cannot tell without a date', () => {
      const content = readKeyContent({ certificatedetails: { subjectdn: 'CN=a' } });
      assert.equal(answer(check([inboundKey('a', content)]), 'a', 'expired').answer, 'cannotTell');
    });
  });

  describe('the same certificate', () => {
    it('in two keys is a problem of both, whatever their instances', () => {
      const checks = check([
        inboundKey('a', external(world.current)),
        inboundKey('b', external(world.current), { instanceGuid: 'i2' }),
        inboundKey('c', external(world.other)),
      ]);
      for (const [guid, other] of [
        ['a', 'b'],
        ['b', 'a'],
      ] as const) {
        const one = answer(checks, guid, 'sameCertificate');
        assert.ok(one.answer === 'yes');
        assert.deepEqual(one.others, [other]);
        assert.match(one.reason, new RegExp(`"${other}" of "orders-inbound"`));
      }
      assert.deepEqual(raised(checks.keys.get('c')), []);
    });

    it('cannot be told where keys are unread or other spaces unknown', () => {
      const a = inboundKey('a', external(world.current));
      const unread = check([a, inboundKey('b', { kind: 'notRead' })]);
      assert.equal(answer(unread, 'a', 'sameCertificate').answer, 'cannotTell');
      assert.equal(answer(unread, 'b', 'sameCertificate').answer, 'cannotTell');
      assert.equal(answer(check([a], { isEverySpace: false }), 'a', 'sameCertificate').answer, 'cannotTell');
      const forbidden = check([
        inboundKey('b', { kind: 'notReadable', reason: 'Space Developer is needed' }),
      ]);
      const one = answer(forbidden, 'b', 'expired');
      assert.ok(one.answer === 'cannotTell' && one.reason === 'Space Developer is needed');
    });
  });

  describe('equal subject and issuer', () => {
    const pair = (first: 'pinned' | 'unpinned' | 'notKnown', second: 'pinned' | 'unpinned'): InboundChecks =>
      check([
        inboundKey('a', external(world.current), {
          pinning: first === 'notKnown' ? { kind: first, reason: 'SAP is silent' } : { kind: first },
        }),
        inboundKey('b', external(world.renewed), { pinning: { kind: second } }),
      ]);
    it('both pinned are fine', () => {
      assert.deepEqual(raised(pair('pinned', 'pinned').keys.get('a')), []);
      assert.equal(answer(pair('pinned', 'pinned'), 'a', 'unpinnedPair').answer, 'no');
    });
    it('pinned beside unpinned is a problem of both', () => {
      const checks = pair('pinned', 'unpinned');
      assert.deepEqual(raised(checks.keys.get('a')), ['pinnedBesideUnpinned']);
      assert.deepEqual(raised(checks.keys.get('b')), ['pinnedBesideUnpinned']);
    });
    it('both unpinned are a problem of both', () => {
      assert.deepEqual(raised(pair('unpinned', 'unpinned').keys.get('b')), ['unpinnedPair']);
    });
    it('with pinning not known cannot be told, with the reason', () => {
      const checks = pair('notKnown', 'unpinned');
      for (const guid of ['a', 'b']) {
        for (const id of ['pinnedBesideUnpinned', 'unpinnedPair']) {
          const one = answer(checks, guid, id);
          assert.ok(one.answer === 'cannotTell');
          assert.match(one.reason, /SAP is silent/);
        }
      }
    });
    it('says nothing of certificates made by SAP', () => {
      const bySap = readKeyContent({ certificate: world.current.certificate, key: world.current.key });
      const checks = check([
        inboundKey('a', bySap, { pinning: { kind: 'unpinned' } }),
        inboundKey('b', external(world.renewed)),
      ]);
      assert.deepEqual(raised(checks.keys.get('a')), []);
    });
  });

  it('takes root and client authentication from the judgement, asked once for each certificate', () => {
    let asked = 0;
    const judge = (): ReturnType<NonNullable<CheckContext['judge']>> => {
      asked++;
      return {
        rootListed: { answer: 'no', text: 'not on list 3.0.0' },
        clientAuthentication: { answer: 'cannotTell', text: 'usage unreadable' },
      };
    };
    const checks = check(
      [inboundKey('a', external(world.current)), inboundKey('b', external(world.current))],
      { judge },
    );
    const root = answer(checks, 'a', 'rootNotListed');
    assert.ok(root.answer === 'yes' && root.reason === 'not on list 3.0.0');
    assert.equal(answer(checks, 'b', 'noClientAuthentication').answer, 'cannotTell');
    assert.equal(asked, 1);
    assert.equal(
      answer(check([inboundKey('a', external(world.current))], { judge: undefined }), 'a', 'rootNotListed')
        .answer,
      'cannotTell',
    );
  });

  describe('instances', () => {
    const grants = (roles: readonly string[], grantTypes: readonly string[]): readonly string[] =>
      raised(
        check([inboundInstance([], { grants: { kind: 'known', roles, grantTypes } })]).instances.get('i1'),
      );
    it('with a deprecated grant type, without the needed one, without a role', () => {
      assert.deepEqual(grants(['a'], ['client_x509']), ['deprecatedGrantType']);
      assert.deepEqual(grants(['a'], ['client_x509', 'client_credentials']), ['deprecatedGrantType']);
      assert.deepEqual(grants(['a'], ['password']), ['noClientCredentials']);
      assert.deepEqual(grants([], ['client_credentials']), ['noRole']);
    });
    it('whose parameters are not known cannot be told', () => {
      const checks = check([inboundInstance([], { grants: { kind: 'notKnown', reason: 'silent' } })]);
      assert.deepEqual(
        checks.instances.get('i1')?.map((one) => one.answer),
        Array(3).fill('cannotTell'),
      );
    });
  });

  it('tells a role that a set-up needs and the instance lacks', () => {
    const content = external(world.current);
    const certificateSha256 = content.certificates[0]?.sha256 ?? '';
    const neededRoles = ['ESBMessaging.send', 'Orders'].map((role) => ({
      certificateSha256,
      role,
      neededBy: 'Orders from ACME',
    }));
    const one = answer(check([inboundKey('a', content)], { neededRoles }), 'a', 'missingRole');
    assert.ok(one.answer === 'yes');
    assert.match(one.reason, /role Orders, which the instance "orders-inbound"/);
    assert.equal(
      answer(check([inboundKey('a', external(world.other))], { neededRoles }), 'a', 'missingRole').answer,
      'no',
    );
    const unknown = inboundInstance([inboundKey('a', content)], {
      grants: { kind: 'notKnown', reason: 'silent' },
    });
    assert.equal(answer(check([unknown], { neededRoles }), 'a', 'missingRole').answer, 'cannotTell');
  });

  describe('secrets', () => {
    const secret = (createdate?: string): ReturnType<typeof readKeyContent> =>
      readKeyContent({ clientid: 'c', clientsecret: 's', createdate });
    const now = Date.parse('2026-06-01T00:00:00Z');
    it('are noted, and older than a year are a warning', () => {
      assert.deepEqual(
        raised(check([inboundKey('a', secret('2026-01-01T00:00:00Z'))], { now }).keys.get('a')),
        ['noCertificate'],
      );
      assert.deepEqual(
        raised(check([inboundKey('a', secret('2025-05-31T00:00:00Z'))], { now }).keys.get('a')),
        ['noCertificate', 'oldSecret'],
      );
      const byKey = inboundKey('a', secret(), { createdAt: new Date('2020-01-01T00:00:00Z') });
      assert.ok(raised(check([byKey], { now }).keys.get('a')).includes('oldSecret'));
      const unknown = inboundKey('a', secret(), { createdAt: undefined });
      assert.equal(answer(check([unknown], { now }), 'a', 'oldSecret').answer, 'cannotTell');
    });
    it('and keys that hold nothing or something unreadable are told', () => {
      const empty = answer(check([inboundKey('a', readKeyContent({}))]), 'a', 'noCertificate');
      assert.ok(empty.answer === 'yes' && empty.level === 'warning');
      const damaged = readKeyContent({ certificate: 'x' });
      assert.deepEqual(raised(check([inboundKey('a', damaged)]).keys.get('a')), ['noCertificate']);
    });
  });

  it('links a certificate to its keys by the fingerprint of an entry', () => {
    const pki = new OpensslPki();
    const fingerprint = pki.fingerprint(world.current.certificate);
    pki.dispose();
    const found = keysByCertificate([
      inboundInstance([inboundKey('a', external(world.current)), inboundKey('b', { kind: 'notRead' })]),
    ]);
    assert.deepEqual(
      found.get(fingerprintKey(fingerprint))?.map(({ key }) => key.guid),
      ['a'],
    );
    assert.equal(found.size, 1);
  });

  it('stays quick and bounded with many keys of one certificate', () => {
    const content = external(world.current);
    const instances = Array.from({ length: 200 }, (_, i) =>
      inboundInstance(
        Array.from({ length: 10 }, (_x, k) => inboundKey(`${i}-${k}`, content, { instanceGuid: `i${i}` })),
        { guid: `i${i}` },
      ),
    );
    const one = answer(check(instances), '0-0', 'sameCertificate');
    assert.ok(one.answer === 'yes');
    assert.equal(one.others.length, 100);
    assert.match(one.reason, /and 1996 more/);
  });
});

import assert from 'node:assert/strict';
import { adapterStage, type AdapterFacts, type EndpointFact } from '../../../src/inbound/adapterStage.js';
import { loadBalancerStage } from '../../../src/inbound/loadBalancerStage.js';
import { namePairOf } from '../../../src/inbound/keyContent.js';
import {
  conflictingKey,
  mappingStage,
  renewableKeys,
  type MappedCertificate,
  type MappingFact,
} from '../../../src/inbound/mappingStage.js';
import { roleStage } from '../../../src/inbound/roleStage.js';
import { redeployedFlows } from '../../../src/inbound/senderAdapterValues.js';
import { certificateOfEntry, certificateOfFile } from '../../../src/inbound/senderCertificate.js';
import type { SenderSetUp } from '../../../src/inbound/senderSetUp.js';
import { readCertificates } from '../../../src/pki/container.js';
import type { Credential } from '../../support/opensslPki.js';
import { external, inboundInstance, inboundKey, InboundWorld } from '../../support/inboundWorld.js';
import { keystoreEntry } from '../../support/keystoreEntries.js';

const role = 'ESBMessaging.send';

describe('stages of a set-up', () => {
  let world: InboundWorld;
  const time = { now: Date.now(), warningDays: 1 };

  before(() => {
    world = new InboundWorld();
  });
  after(() => {
    world.dispose();
  });

  function leafOf({ certificate }: Credential) {
    return readCertificates(Buffer.from(certificate)).certificates[0] ?? assert.fail('no certificate');
  }

  function mapped(credential: Credential, validNotBefore?: Date): MappedCertificate {
    const leaf = leafOf(credential);
    return {
      fingerprintSha256: leaf.sha256,
      namePair: namePairOf(leaf),
      validNotBefore: validNotBefore ?? leaf.notBefore,
    };
  }

  const keys = (instances: Extract<MappingFact, { kind: 'serviceKeys' }>['instances']): MappingFact => ({
    kind: 'serviceKeys',
    place: 'acme',
    isEverySpace: true,
    instances,
  });

  it('find the key that holds exactly the certificate, and the role of its instance', () => {
    const fact = keys([inboundInstance([inboundKey('key-2026', external(world.current))])]);
    const mapping = mappingStage(fact, mapped(world.current), time);
    assert.equal(mapping.state, 'ok');
    assert.match(mapping.reason, /"key-2026" of "orders-inbound"/);
    assert.equal(roleStage(fact, mapped(world.current), role).state, 'ok');
    assert.deepEqual(
      [
        roleStage(fact, mapped(world.current), 'Orders').state,
        roleStage(fact, mapped(world.current), 'Orders').next,
      ],
      ['problem', 'changeRoles'],
    );
  });

  it('miss a certificate only where every key was read', () => {
    const other = inboundKey('other', external(world.other));
    const missing = mappingStage(keys([inboundInstance([other])]), mapped(world.current), time);
    assert.deepEqual([missing.state, missing.next], ['missing', 'createServiceKey']);
    const unread = inboundKey('unread', { kind: 'notRead' });
    const notKnown = mappingStage(keys([inboundInstance([other, unread])]), mapped(world.current), time);
    assert.deepEqual([notKnown.state, notKnown.next], ['notKnown', 'readServiceKeys']);
    const none = mappingStage(keys([]), mapped(world.current), time);
    assert.deepEqual([none.state, none.next], ['missing', 'createInstance']);
    assert.equal(roleStage(keys([]), mapped(world.current), role).state, 'waits');
  });

  it('take no key of another plan for a mapping', () => {
    const fact = keys([inboundInstance([inboundKey('k', external(world.current))], { plan: 'api' })]);
    assert.equal(mappingStage(fact, mapped(world.current), time).state, 'missing');
  });

  it('know that a key without a pin takes a newer certificate of equal names, and no older one', () => {
    const unpinned = inboundKey('k', external(world.current), { pinning: { kind: 'unpinned' } });
    const fact = keys([inboundInstance([unpinned])]);
    const held = leafOf(world.current).notBefore.getTime();
    assert.equal(mappingStage(fact, mapped(world.renewed, new Date(held + 1000)), time).state, 'ok');
    assert.equal(mappingStage(fact, mapped(world.renewed, new Date(held - 1000)), time).state, 'missing');
  });

  it('tell a conflict that makes calls fail', () => {
    const fact = keys([
      inboundInstance([
        inboundKey('pinned', external(world.current)),
        inboundKey('unpinned', external(world.renewed), { pinning: { kind: 'unpinned' } }),
      ]),
    ]);
    assert.equal(mappingStage(fact, mapped(world.current), time).state, 'problem');
  });

  it('lead from each conflict to the other key', () => {
    const unpinned = { pinning: { kind: 'unpinned' } } as const;
    const own = inboundKey('own', external(world.current));
    const loose = inboundKey('loose', external(world.current), unpinned);
    for (const [first, second] of [
      [own, inboundKey('other', external(world.current))],
      [own, inboundKey('other', external(world.renewed), unpinned)],
      [loose, inboundKey('other', external(world.renewed))],
      [loose, inboundKey('other', external(world.renewed), unpinned)],
    ] as const) {
      const fact = keys([inboundInstance([first, second])]);
      const stage = mappingStage(fact, mapped(world.current), time);
      assert.deepEqual([stage.state, stage.next], ['problem', 'showServiceKey']);
      assert.match(stage.nextText ?? '', /"other" of "orders-inbound"/);
      const found = conflictingKey(fact, mapped(world.current), time);
      assert.equal(found?.key.guid, 'other');
    }
    const alone = keys([inboundInstance([own])]);
    assert.equal(conflictingKey(alone, mapped(world.current), time), undefined);
  });

  it('do not claim more than was read: another key may hold the certificate as well', () => {
    const held = inboundKey('held', external(world.current));
    const unread = [1, 2, 3, 4].map((number) => inboundKey(`unread-${number}`, { kind: 'notRead' }));
    const stage = mappingStage(keys([inboundInstance([held, ...unread])]), mapped(world.current), time);
    assert.equal(stage.state, 'ok');
    assert.match(stage.reason, /"held" of "orders-inbound".* Whether another key .* is not certain\.$/);
    const details = stage.details ?? [];
    assert.deepEqual(
      details.filter((detail) => /Not every key has been read; not known: 4\./.test(detail)).length,
      1,
    );
    assert.deepEqual([stage.next, stage.offers], [undefined, ['readServiceKeys']]);
    const api = inboundInstance([inboundKey('api', { kind: 'notRead' })], { guid: 'i2', plan: 'api' });
    const ofOtherPlan = mappingStage(keys([inboundInstance([held]), api]), mapped(world.current), time);
    assert.deepEqual(ofOtherPlan.offers, ['readServiceKeys']);
    const whole = mappingStage(keys([inboundInstance([held])]), mapped(world.current), time);
    assert.doesNotMatch(whole.reason, /not certain/);
    assert.equal(whole.offers, undefined);
  });

  it('tell that pinning of a key with equal names is not known, and offer no reading that helps nothing', () => {
    const pinning = { kind: 'notKnown', reason: 'SAP does not tell it.' } as const;
    const fact = keys([
      inboundInstance([
        inboundKey('held', external(world.current)),
        inboundKey('similar', external(world.renewed), { pinning }),
        inboundKey('refused', { kind: 'notReadable', reason: 'Space Developer is needed' }),
      ]),
    ]);
    const stage = mappingStage(fact, mapped(world.current), time);
    assert.equal(stage.state, 'ok');
    assert.match(stage.details?.join(' ') ?? '', /"similar" .* not known: SAP does not tell it\./);
    assert.match(stage.details?.join(' ') ?? '', /Space Developer is needed/);
    assert.equal(stage.offers, undefined);
  });

  it('judge the load balancer by the list, naming it with version and date', () => {
    const stage = loadBalancerStage({
      kind: 'known',
      value: {
        verdict: 'no',
        title: 'No: the root is not listed',
        reasons: [],
        sources: [{ name: 'a list', version: '3.0.0', date: '2026-06-03' }],
      },
    });
    assert.deepEqual([stage.state, stage.next], ['problem', 'changeCertificate']);
    assert.match(stage.details?.join(' ') ?? '', /a list, 3\.0\.0 of 2026-06-03, not yet from a call/);
    assert.equal(loadBalancerStage({ kind: 'failed', reason: 'r' }).state, 'notKnown');
  });

  it('name the root and its list in a few words, the whole sentence among the details', () => {
    const stage = loadBalancerStage({
      kind: 'known',
      value: {
        verdict: 'yes',
        title: 'Yes: The whole sentence.',
        reasons: [{ about: 'root', kind: 'ok', text: 'The whole sentence.', certificate: leafOf(world.ca) }],
        sources: [{ name: 'a list', version: '3.0.0', date: '2026-06-03' }],
      },
    });
    assert.equal(stage.reason, 'The root "Acme CA" is on the list (a list, 3.0.0 of 2026-06-03).');
    assert.equal(stage.details?.[0], 'The whole sentence.');
  });

  it('lead from a key with equal names to its renewal, and tell keys that cannot be read apart', () => {
    const pinned = inboundKey('key-2025', external(world.current));
    const fact = keys([inboundInstance([pinned])]);
    const stage = mappingStage(fact, mapped(world.renewed), time);
    assert.match(stage.details?.join(' ') ?? '', /"key-2025" .* equal names.*Renew Client Certificate/);
    assert.deepEqual(
      fact.kind === 'serviceKeys' &&
        renewableKeys(fact.instances, mapped(world.renewed)).map(({ key }) => key.guid),
      ['key-2025'],
    );
    const refused = inboundKey('b', { kind: 'notReadable', reason: 'Space Developer is needed' });
    const unreadable = mappingStage(keys([inboundInstance([refused])]), mapped(world.current), time);
    assert.match(unreadable.reason, /not readable: 1/);
    assert.deepEqual([unreadable.state, unreadable.next], ['notKnown', 'createServiceKey']);
  });

  it('compare the names that an adapter lists, however they are written', () => {
    const certificate = certificateOfFile(leafOf(world.current), 'orders.cer');
    const adapter = (subjectDn: string) =>
      adapterStage(
        {
          kind: 'known',
          endpoint: { address: '/orders', flow: 'Orders' },
          adapter: {
            flow: 'Orders',
            authorization: 'clientCertificate',
            userRole: undefined,
            certificates: [{ subjectDn, issuerDn: certificate.issuerDn ?? '' }],
            notes: [],
          },
        },
        'adapter',
        { certificate },
      ).state;
    assert.equal(adapter(certificate.subjectDn?.replaceAll(', ', ',') ?? ''), 'ok');
    assert.equal(adapter('CN=somebody else'), 'missing');
  });

  it('judge the adapter by what the tenant tells, and tell what it does not', () => {
    const endpoint = { address: '/orders', flow: 'Orders' };
    const adapter = (facts: Partial<AdapterFacts>, way: SenderSetUp['way'] = 'mapping') =>
      adapterStage(
        {
          kind: 'known',
          endpoint,
          adapter: {
            flow: 'Orders',
            authorization: undefined,
            userRole: undefined,
            certificates: undefined,
            notes: ['a note'],
            ...facts,
          },
        },
        way,
        { certificate: undefined },
      );
    const told = adapter({ authorization: 'userRole', userRole: 'Orders.send' });
    assert.deepEqual([told.state, told.details], ['ok', ['a note']]);
    assert.match(told.reason, /"Orders" \(\/orders\) asks for Orders\.send/);
    assert.equal(adapter({ authorization: 'userRole' }).state, 'notKnown');
    assert.equal(adapter({ authorization: 'clientCertificate' }).state, 'problem');
    assert.equal(adapter({ authorization: 'userRole' }, 'adapter').state, 'problem');
    assert.equal(adapter({ authorization: 'clientCertificate' }, 'adapter').state, 'notKnown');
    assert.equal(adapter({}).state, 'notKnown');
    const fact = (one: EndpointFact) => adapterStage(one, 'mapping', { certificate: undefined });
    assert.equal(fact({ kind: 'notChosen' }).state, 'toBeSet');
    assert.deepEqual(
      [fact({ kind: 'gone', endpoint }).state, fact({ kind: 'gone', endpoint }).next],
      ['problem', 'changeEndpoint'],
    );
    assert.equal(fact({ kind: 'notStarted', endpoint, flow: 'Orders', status: 'ERROR' }).state, 'problem');
    const refused = fact({ kind: 'notKnown', endpoint, reason: 'The role X is missing.' });
    assert.deepEqual([refused.state, refused.reason], ['notKnown', 'The role X is missing.']);
  });

  it('list what must be redeployed: every flow on the way of the adapter with the same names', () => {
    const certificate = certificateOfEntry(
      keystoreEntry({ alias: 'a', subjectDn: 'CN=a', issuerDn: 'CN=ca' }),
    );
    const setUp = (id: string, way: SenderSetUp['way'], flow: string): SenderSetUp => ({
      id,
      name: id,
      tenantId: 't',
      way,
      userRole: role,
      certificate: undefined,
      endpoint: { address: `/${id}`, flow },
    });
    const all = [
      { setUp: setUp('one', 'adapter', 'One'), certificate },
      { setUp: setUp('two', 'adapter', 'Two'), certificate },
      { setUp: setUp('three', 'mapping', 'Three'), certificate },
    ];
    const [own] = all;
    assert.ok(own);
    assert.deepEqual(redeployedFlows(own.setUp, all, []), ['One (/one)', 'Two (/two)']);

    const written = certificateOfEntry(
      keystoreEntry({ alias: 'b', subjectDn: 'cn=A, O="Acme, Inc."', issuerDn: 'CN=ca,C=DE' }),
    );
    const same = certificateOfEntry(
      keystoreEntry({ alias: 'c', subjectDn: 'CN=a,O=Acme\\, Inc.', issuerDn: 'CN=ca, C=DE' }),
    );
    const both = [
      { setUp: setUp('one', 'adapter', 'One'), certificate: written },
      { setUp: setUp('two', 'adapter', 'Two'), certificate: same },
    ];
    assert.deepEqual(redeployedFlows(own.setUp, both, []), ['One (/one)', 'Two (/two)'], 'names, not texts');
  });

  it('list the deployed flows as well whose design was read and lists the certificate', () => {
    const certificate = certificateOfEntry(
      keystoreEntry({ alias: 'a', subjectDn: 'CN=a, C=DE', issuerDn: 'CN=ca' }),
    );
    const setUp: SenderSetUp = {
      id: 'one',
      name: 'one',
      tenantId: 't',
      way: 'adapter',
      userRole: role,
      certificate: undefined,
      endpoint: { address: '/http/one', flow: 'One' },
    };
    const read = (flowName: string, path: string, ...subjects: readonly string[]) => ({
      endpoint: {
        url: `https://acme.example${path}`,
        protocol: 'REST',
        flowId: flowName,
        flowName,
        version: '1.0.0',
        status: 'STARTED',
      },
      certificates: subjects.map((subjectDn) => ({ subjectDn, issuerDn: 'CN=ca' })),
    });
    const listed = [
      read('One', '/http/one', 'CN=a,C=DE'),
      read('Three', '/http/three', 'CN=b', 'CN=a,C=DE'),
      read('Four', '/http/four', 'CN=b'),
      { ...read('Five', '/http/five'), certificates: undefined },
    ];
    assert.deepEqual(redeployedFlows(setUp, [{ setUp, certificate }], listed), [
      'One (/http/one)',
      'Three (https://acme.example/http/three)',
    ]);
    assert.deepEqual(redeployedFlows(setUp, [{ setUp, certificate: undefined }], listed), [
      'One (/http/one)',
    ]);
  });
});

import assert from 'node:assert/strict';
import { judgeOption } from '../../../src/inbound/entryOption.js';
import { certificateOfEntry } from '../../../src/inbound/senderCertificate.js';
import { defaultUserRole, parseSetUps, type SenderSetUp } from '../../../src/inbound/senderSetUp.js';
import { escapeHtml, pageHtml } from '../../../src/webview/html.js';
import { mappingSnapshot, type SnapshotFacts } from '../../../src/webview/mappingSnapshot.js';
import { stage, type Stage, type StageState } from '../../../src/inbound/stage.js';
import { nextStep } from '../../../src/webview/nextStep.js';
import { parseIntent, parseToPage } from '../../../src/webview/protocol.js';
import type { Acceptance } from '../../../src/inbound/acceptance.js';
import type { CertificateFact } from '../../../src/inbound/certificateStage.js';
import type { Reading } from '../../../src/inbound/reading.js';
import type { KeystoreEntry } from '../../../src/tenant/keystoreEntry.js';
import { external, inboundInstance, inboundKey, InboundWorld } from '../../support/inboundWorld.js';
import { keystoreEntry } from '../../support/keystoreEntries.js';

const setUp: SenderSetUp = {
  id: 's1',
  name: 'orders',
  tenantId: 't1',
  certificate: { kind: 'entry', tenantId: 't1', hexalias: 'AA', fingerprintSha256: undefined },
  way: 'mapping',
  endpoint: undefined,
  userRole: defaultUserRole,
};
const now = Date.parse('2026-11-24T00:00:00Z');
const signed = keystoreEntry({ alias: 'orders', issuerDn: 'CN=CA', subjectDn: 'CN=orders, C=DE' });

const accepted: Reading<Acceptance> = {
  kind: 'known',
  value: {
    verdict: 'yes',
    title: 'Yes: the root is listed',
    reasons: [],
    sources: [{ name: 'a list', version: '3.0.0', date: '2026-06-03' }],
  },
};
const unknownMapping = { kind: 'notKnown', reason: 'Nobody is signed in.' } as const;

function snapshot(facts: Partial<SnapshotFacts> = {}): ReturnType<typeof mappingSnapshot> {
  return mappingSnapshot({
    setUp,
    tenantName: 'ACME',
    callingTenant: 'ACME',
    isNeo: false,
    certificate: known(signed),
    acceptance: accepted,
    mapping: unknownMapping,
    namePair: undefined,
    endpoint: { kind: 'notChosen' },
    redeployed: [],
    canDo: () => true,
    now,
    warningDays: 30,
    ...facts,
  });
}

function known(entry: KeystoreEntry): CertificateFact {
  return { kind: 'known', certificate: certificateOfEntry(entry) };
}

const states = (page: ReturnType<typeof snapshot>): readonly string[] =>
  page.stages.map(({ state }) => state);

describe('options of the mission', () => {
  it('are told from facts', () => {
    const option = (facts: Parameters<typeof keystoreEntry>[0]): unknown =>
      judgeOption(keystoreEntry(facts)).option;
    assert.equal(option({ alias: 'hcicertificate1', owner: 'SAP' }), 1);
    assert.equal(option({ alias: 'orders' }), 3);
    assert.equal(option({ alias: 's', type: 'Certificate', issuerDn: 'CN=SSO_CA, O=SAP-AG, C=DE' }), 2);
    assert.equal(option({ alias: 's', type: 'Key Pair', issuerDn: 'CN=SSO_CA, O=SAP-AG, C=DE' }), 2);
    assert.equal(option({ alias: 'partner', type: 'Certificate', issuerDn: 'CN=CA' }), undefined);
  });

  it('never offer a key of the tenant to an outside sender', () => {
    assert.equal(judgeOption(keystoreEntry({ alias: 'orders' })).fitsOutsideSender, false);
    assert.equal(
      judgeOption(keystoreEntry({ alias: 'sap_cloudintegrationcertificate', owner: 'SAP' }))
        .fitsOutsideSender,
      false,
    );
  });
});

describe('stages', () => {
  it('say what is not known instead of guessing', () => {
    assert.deepEqual(states(snapshot()), ['ok', 'ok', 'notKnown', 'notKnown', 'toBeSet', 'notTested']);
  });

  it('say that a trial tenant takes no certificates, whatever else is right, and lead to another receiver', () => {
    const page = snapshot({ trial: 'It is a trial tenant.' });
    assert.equal(states(page)[1], 'problem');
    assert.equal(page.next.actions[0]?.intent, 'changeReceiver');
  });

  it('wait for a certificate where none is chosen', () => {
    const page = snapshot({ certificate: { kind: 'none' } });
    assert.deepEqual(states(page), ['missing', 'waits', 'waits', 'waits', 'waits', 'notTested']);
    assert.equal(page.next.actions[0]?.intent, 'changeCertificate');
  });

  it('never call a chosen entry missing while the keystore is not read', () => {
    const page = snapshot({
      certificate: { kind: 'unknown', reason: 'The keystore is being read.' },
    });
    assert.equal(states(page)[0], 'notKnown');
    assert.equal(page.stages[0]?.reason, 'The keystore is being read.');
    assert.equal(page.next.actions[0]?.intent, 'refresh');
  });

  it('find what is wrong with the certificate', () => {
    const problem = (facts: object): readonly string[] =>
      states(snapshot({ certificate: known({ ...signed, ...facts }) })).slice(0, 1);
    assert.deepEqual(problem({ validNotAfter: new Date(now - 1) }), ['problem']);
    assert.deepEqual(problem({ validNotBefore: new Date(now + 1) }), ['problem']);
    assert.deepEqual(problem({ issuerDn: signed.subjectDn }), ['problem']);
    assert.deepEqual(problem({ issuerDn: signed.subjectDn, type: 'Certificate' }), ['problem']);
  });

  it('need neither mapping nor role on the way of the adapter', () => {
    const page = snapshot({ setUp: { ...setUp, way: 'adapter' } });
    assert.deepEqual(states(page), ['ok', 'ok', 'notNeeded', 'notNeeded', 'toBeSet', 'notTested']);
  });
});

describe('the sender adapter', () => {
  const adapter = { flow: 'Orders', certificates: undefined, notes: ['a note'] };
  const endpoint = { address: '/http/orders', flow: undefined };

  it('shows what the tenant tells, whose role counts more than the chosen one', () => {
    const page = snapshot({
      setUp: { ...setUp, endpoint },
      endpoint: {
        kind: 'known',
        endpoint,
        adapter: { ...adapter, authorization: 'userRole', userRole: 'Orders.send' },
      },
    });
    const section = page.sections.find(({ id }) => id === 'senderAdapter');
    assert.equal(states(page)[4], 'ok');
    assert.deepEqual(
      section?.rows.map(({ value }) => value),
      ['/http/orders', 'Orders', 'Orders.send'],
    );
    assert.deepEqual(section.lines, ['a note']);
    assert.deepEqual(
      section.actions.map(({ intent }) => intent),
      ['changeEndpoint', 'copyValues'],
    );
    assert.equal(page.ways[0]?.settings[1]?.value, 'Orders.send');
  });

  it('lets a role be chosen where the tenant tells none', () => {
    const page = snapshot({
      setUp: { ...setUp, endpoint },
      endpoint: {
        kind: 'known',
        endpoint,
        adapter: { ...adapter, authorization: undefined, userRole: undefined },
      },
    });
    assert.equal(states(page)[4], 'notKnown');
    const intents = page.sections.at(-1)?.actions.map(({ intent }) => intent);
    assert.deepEqual(intents, ['changeEndpoint', 'changeRole', 'copyValues']);
  });
});

describe('a receiver of Neo', () => {
  const neo = (user: string | undefined) => ({ kind: 'neo', user, id: 'ab', count: 3 }) as const;
  const actions = (page: ReturnType<typeof snapshot>): readonly string[] =>
    page.sections.find(({ id }) => id === 'mapping')?.actions.map(({ intent }) => intent) ?? [];

  it('leads to the mapping where there is none, and gives it as text to those who may not make it', () => {
    const page = snapshot({ isNeo: true, mapping: neo(undefined) });
    assert.deepEqual(states(page).slice(2, 4), ['missing', 'waits']);
    assert.deepEqual(
      page.next.actions.map(({ intent }) => intent),
      ['addNeoMapping'],
    );
    assert.deepEqual(actions(page), ['addNeoMapping', 'copyCurl', 'copyCockpit']);
    const [detail] = page.sections.find(({ id }) => id === 'mapping')?.lines ?? [];
    assert.match(detail ?? '', /identifier ab \(MD5, computed here\) among the 3 mappings/);
  });

  it('says that the role of the user is not known from here, why, and where it is given', () => {
    const page = snapshot({ isNeo: true, mapping: neo('orders') });
    assert.deepEqual(states(page).slice(2, 4), ['ok', 'notKnown']);
    const role = page.stages.find(({ id }) => id === 'role')?.reason ?? '';
    assert.match(role, /the tenant does not tell/);
    const [place] = page.sections.find(({ id }) => id === 'role')?.lines ?? [];
    assert.match(
      place ?? '',
      /Security > Authorizations, user "orders" .* ends in "iflmap", role ESBMessaging\.send/,
    );
    assert.deepEqual(actions(page), ['renewCertificate', 'copyCockpit']);
  });
});

describe('both ways', () => {
  it('hold the exact values for the sender adapter', () => {
    const values = snapshot().ways.map(({ way, settings }) => [
      way,
      settings.map(({ name, value }) => [name, value]),
    ]);
    assert.deepEqual(values, [
      [
        'mapping',
        [
          ['Authorization', 'User Role'],
          ['User Role', 'ESBMessaging.send'],
        ],
      ],
      [
        'adapter',
        [
          ['Authorization', 'Client Certificate'],
          ['Subject DN', 'CN=orders, C=DE'],
          ['Issuer DN', 'CN=CA'],
        ],
      ],
    ]);
  });

  it('say what each change costs', () => {
    const [mapping, adapter] = snapshot().ways;
    assert.match(mapping?.consequence ?? '', /needs no redeployment/);
    assert.match(adapter?.consequence ?? '', /redeployment and a short downtime/);
  });

  it('do not take the flows that are known here for all that must be redeployed', () => {
    const warnings = (redeployed: readonly string[]) =>
      snapshot({ setUp: { ...setUp, way: 'adapter' }, redeployed }).ways[1]?.warnings.at(-1) ?? '';
    assert.match(
      warnings(['Orders (/orders)']),
      /: Orders \(\/orders\)\. .* known .*; others may list the certificate/,
    );
    assert.match(warnings([]), /every integration flow that lists the certificate/);
  });

  it('offer nothing to copy that is not known', () => {
    const adapter = snapshot({ certificate: { kind: 'none' } }).ways[1];
    assert.deepEqual(
      adapter?.settings.map(({ canCopy }) => canCopy),
      [true, false, false],
    );
  });
});

describe('the next step', () => {
  const day = 86_400_000;
  const step = (facts: Partial<typeof signed>): unknown => {
    const { text, actions } = snapshot({
      certificate: known(keystoreEntry({ ...signed, ...facts })),
    }).next;
    return [text.slice(0, 8), actions[0]?.intent];
  };

  it('is signing for a self-signed pair, and again for one that expires', () => {
    assert.deepEqual(step({ issuerDn: signed.subjectDn ?? '' }), ['Have the', 'downloadSigningRequest']);
    assert.deepEqual(step({ validNotAfter: new Date(now + 29 * day) }), [
      'Renew it',
      'downloadSigningRequest',
    ]);
    assert.deepEqual(step({ validNotAfter: new Date(now - day) }), ['Renew it', 'downloadSigningRequest']);
    assert.deepEqual(step({ validNotAfter: new Date(now + 31 * day) }), ['Choose t', 'changeEndpoint']);
  });

  it("is the owner's for a certificate without its key", () => {
    assert.deepEqual(step({ type: 'Certificate', validNotAfter: new Date(now - day) }), [
      'Ask the ',
      'changeCertificate',
    ]);
  });
});

describe('what may help besides', () => {
  it('is offered at its stage, and is the next step only once nothing else is left to do', () => {
    const stages = (adapter: StageState): readonly Stage[] => [
      stage('mapping', { state: 'ok', reason: 'held', offers: ['readServiceKeys'] }),
      stage('senderAdapter', {
        state: adapter,
        reason: '',
        ...(adapter === 'ok' ? {} : { next: 'changeEndpoint' as const }),
      }),
    ];
    const next = (adapter: StageState) =>
      nextStep(stages(adapter), { way: 'mapping', canDo: () => true, waiting: '' });
    assert.deepEqual(next('toBeSet').actions[0]?.intent, 'changeEndpoint');
    assert.deepEqual(next('ok').actions[0]?.intent, 'readServiceKeys');
    assert.doesNotMatch(next('ok').text, /All that can be known/);
  });
});

describe('a conflict of service keys', () => {
  let world: InboundWorld;
  before(() => {
    world = new InboundWorld();
  });
  after(() => {
    world.dispose();
  });

  it('has the other key as its next step, named as it is, and a button at the stage', () => {
    const held = external(world.current);
    const [leaf] = held.certificates;
    assert.ok(leaf);
    const page = snapshot({
      certificate: known({ ...signed, fingerprintSha256: leaf.sha256 }),
      mapping: {
        kind: 'serviceKeys',
        place: 'acme',
        isEverySpace: true,
        instances: [
          inboundInstance([inboundKey('own', held), inboundKey('k2', held, { name: 'o\u202Ether' })]),
        ],
      },
    });
    assert.equal(states(page)[2], 'problem');
    assert.deepEqual(page.next.actions, [
      { intent: 'showServiceKey', label: 'Show Service Key in Inbound Clients' },
    ]);
    assert.match(page.next.text, /"o<U\+202E>ther" of "orders-inbound"/);
    const actions = page.sections.find(({ id }) => id === 'mapping')?.actions ?? [];
    assert.equal(actions[0]?.intent, 'showServiceKey');
    assert.deepEqual(parseIntent({ kind: 'showServiceKey' }, page), { kind: 'showServiceKey' });
  });
});

describe('the page', () => {
  it('shows hostile names as what they are and copies them exactly', () => {
    const hostile = 'CN=\u202Eevil\n<img>';
    const row = snapshot({ certificate: known({ ...signed, subjectDn: hostile }) })
      .sections.flatMap(({ rows }) => rows)
      .find(({ id }) => id === 'certificate.subject');
    assert.ok(row);
    assert.equal(row.value, hostile);
    assert.doesNotMatch(row.shown, /[\u202E\n]/);
  });

  it('holds nothing secret', () => {
    assert.doesNotMatch(JSON.stringify(snapshot()), /secret|password|-----BEGIN/i);
  });

  it('allows nothing but its own script and style', () => {
    const html = pageHtml({
      title: '"<x>',
      language: 'en',
      cspSource: 'https://csp',
      scriptUri: 's.js',
      styleUri: 's.css',
    });
    assert.match(
      html,
      /default-src &#39;none&#39;; style-src https:\/\/csp; script-src &#39;nonce-[\w-]{24}&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;/,
    );
    assert.doesNotMatch(html, /unsafe|<x>/);
    assert.equal(escapeHtml('<&">'), '&#60;&#38;&#34;&#62;');
    const other = pageHtml({ title: '', language: 'en', cspSource: '', scriptUri: '', styleUri: '' });
    assert.notEqual(nonceOf(html), nonceOf(other));
  });

  it('obeys only intents of the snapshot that was sent', () => {
    const page = snapshot();
    assert.deepEqual(parseIntent({ kind: 'copy', id: 'mapping.userRole', extra: 1 }, page), {
      kind: 'copy',
      id: 'mapping.userRole',
    });
    assert.deepEqual(parseIntent({ kind: 'chooseWay', way: 'adapter' }, page), {
      kind: 'chooseWay',
      way: 'adapter',
    });
    assert.deepEqual(parseIntent({ kind: 'ready' }, undefined), { kind: 'ready' });
    for (const message of [
      undefined,
      null,
      'ready',
      { kind: 'copy', id: 'secret' },
      { kind: 'chooseWay', way: 'other' },
      { kind: 'runCommand', command: 'workbench.action.quit' },
      { kind: 'createKeyPair' },
      { kind: ['copy'], id: {} },
    ]) {
      assert.equal(parseIntent(message, page), undefined, JSON.stringify(message));
    }
    assert.equal(parseIntent({ kind: 'copy', id: 'mapping.userRole' }, undefined), undefined);
  });

  it('checks what the host sends', () => {
    assert.equal(parseToPage({ kind: 'snapshot', snapshot: snapshot() })?.kind, 'snapshot');
    assert.equal(parseToPage({ kind: 'snapshot', snapshot: {} }), undefined);
    assert.equal(parseToPage({ kind: 'other' }), undefined);
  });
});

function nonceOf(html: string): string {
  return /<script nonce="([^"]+)"/.exec(html)?.[1] ?? assert.fail('no nonce');
}

describe('set-ups', () => {
  it('are read from what was stored, and what cannot be read is kept apart', () => {
    const later = { ...setUp, id: 's2', way: 'a way of a later version' };
    assert.deepEqual(parseSetUps([setUp, { id: 1 }, null, later]), {
      setUps: [setUp],
      unread: [{ id: 1 }, null, later],
    });
    assert.deepEqual(parseSetUps('x'), { setUps: [], unread: [] });
  });
});

import assert from 'node:assert/strict';
import type { Uri } from 'vscode';
import { continueRenewal, renewClientCertificate } from '../../../src/commands/inbound/renew.js';
import type { RenewPorts } from '../../../src/commands/inbound/renewalPlace.js';
import { KeystoreError } from '../../../src/errors.js';
import { KeyPurpose } from '../../../src/pki/oids.js';
import type { InboundClients } from '../../../src/services/inboundClients.js';
import { Renewals } from '../../../src/services/renewals.js';
import { KeyMemory } from '../../../src/services/keyMemory.js';
import { CloudFoundryWorld } from '../../support/cloudFoundryWorld.js';
import { ScriptedPrompts, type ScriptedAnswer } from '../../support/scriptedPrompts.js';

const yes = { wish: 'yes' } as const;
const keep = { wish: 'keep' } as const;
const day = 86_400_000;

describe('commands/inbound: renewal of a client certificate', function () {
  this.timeout(30_000);
  let world: CloudFoundryWorld;
  let clients: InboundClients;
  const open = (): void => {
    clients = world.inboundClients();
  };
  const ports = (): RenewPorts => ({
    userMappings: {} as unknown as RenewPorts['userMappings'],
    inbound: {
      clients,
      mappings: {} as unknown as RenewPorts['inbound']['mappings'],
      reveal: () => Promise.resolve(true),
      certificateFiles: () => Promise.resolve({ files: [], isCut: false }),
      openFile: () => Promise.resolve(),
      ...world.ports,
    },
    keys: { ...world.ports, memory: new KeyMemory(world.cloudFoundry), setUps: () => [] },
    renewals: new Renewals(world.state),
  });
  const row = async (instanceName: string, keyName: string) => {
    await clients.refresh(world.tenantId);
    const instance = clients.data(world.tenantId)?.instances.find(({ name }) => name === instanceName);
    const key = instance?.keys.find(({ name }) => name === keyName);
    assert.ok(instance !== undefined && key !== undefined);
    return {
      kind: 'serviceKey',
      tenantId: world.tenantId,
      instanceGuid: instance.guid,
      keyGuid: key.guid,
    };
  };
  const renew = async (argument: unknown, ...answers: ScriptedAnswer[]): Promise<ScriptedPrompts> => {
    const prompts = new ScriptedPrompts(answers);
    await renewClientCertificate(world.environment(prompts), argument, ports(), world.context);
    prompts.done();
    return prompts;
  };
  const goOn = async (...answers: ScriptedAnswer[]): Promise<ScriptedPrompts> => {
    const prompts = new ScriptedPrompts(answers);
    await continueRenewal(world.environment(prompts), ports(), world.context);
    prompts.done();
    return prompts;
  };
  const keyNames = async (instanceName: string): Promise<readonly string[]> => {
    await clients.refresh(world.tenantId);
    return (
      clients
        .data(world.tenantId)
        ?.instances.find(({ name }) => name === instanceName)
        ?.keys.map(({ name }) => name) ?? []
    );
  };
  /** Answers that choose a file as the renewed certificate. */
  const chosen = (uri: Uri): readonly ScriptedAnswer[] => [
    /Choose the Renewed Certificate/,
    /^From a file, the clipboard/,
    /file/i,
    { uri },
  ];
  const explained = (pattern: RegExp) => (error: unknown) =>
    KeystoreError.is(error) && pattern.test(String(error.details.explanation));

  beforeEach(async () => {
    world = await CloudFoundryWorld.open();
    await world.choose('dev');
    open();
  });
  afterEach(async () => {
    clients.dispose();
    await world.dispose();
  });

  it('puts a second pinned key beside the old one, and deletes the old one after its day', async () => {
    const { uri } = await world.senderFile('CN=customs.example,O=Customs,C=FR');
    const { length } = await keyNames('pi-rt-iflow');
    const customs = await row('pi-rt-iflow', 'customs');
    world.tenant.cloudFoundry.journal.clear();
    await renew(customs, ...chosen(uri), yes, /Create the Second Key/, 'customs-2027', yes, 'Continue Later');
    assert.deepEqual(world.performed(), ['createKey']);
    assert.equal((await keyNames('pi-rt-iflow')).length, length + 1);
    assert.ok((await keyNames('pi-rt-iflow')).includes('customs'));

    // A new window: everything is read anew, and the plan is still there.
    clients.dispose();
    world.reload();
    open();
    await goOn(/Confirm a Good Call/, yes, keep, /^Delete "customs"/);
    assert.deepEqual(world.performed(), ['createKey']);
    world.clock.now += 8 * day;
    await world.signIn();
    const last = await goOn(/Delete "customs"/, yes);
    assert.deepEqual(world.performed(), ['createKey', 'deleteKey']);
    assert.ok(!(await keyNames('pi-rt-iflow')).includes('customs'));
    assert.match(last.messages.join('\n'), /The renewal is finished/);
    await assert.rejects(goOn(), explained(/No renewal was begun/));
  });

  it('keeps the chain of the file over a restart, and goes on with a plan that was kept without', async () => {
    const { uri, leafPem } = await world.senderFile('CN=customs.example,O=Customs,C=FR');
    await renew(await row('pi-rt-iflow', 'customs'), ...chosen(uri), yes, 'Continue Later');
    const [plan] = ports().renewals.list();
    assert.ok(plan?.next?.pem !== undefined);
    assert.equal(plan.next.pem.match(/BEGIN CERTIFICATE/g)?.length, 2);
    assert.ok(plan.next.pem.startsWith(leafPem.trim()));
    clients.dispose();
    world.reload();
    open();
    const review = async (): Promise<string> => {
      const prompts = new ScriptedPrompts([/Create the Second Key/, 'customs-2027', { wish: 'no' }]);
      await assert.rejects(continueRenewal(world.environment(prompts), ports(), world.context), {
        name: 'Cancelled',
      });
      prompts.done();
      return prompts.messages[0] ?? '';
    };
    const rest = /the rest of the chain is what the sender presents itself/;
    assert.match(await review(), rest);
    await ports().renewals.save({ ...plan, next: { ...plan.next, pem: leafPem } });
    const alone = await review();
    assert.match(alone, /Certificate of .*customs\.example/);
    assert.doesNotMatch(alone, rest);
  });

  it('makes no new key where the key is not pinned, and warns of every other sender before', async () => {
    const { uri } = await world.senderFile('CN=orders.acme.example,OU=Integration,O=ACME,C=DE');
    const orders = await row('pi-rt-iflow', 'orders-unpinned');
    world.tenant.cloudFoundry.journal.clear();
    const prompts = await renew(orders, ...chosen(uri), yes, /Confirm a Good Call/, yes);
    assert.ok(prompts.asked.some((asked) => /SAP refuses older ones for every sender/.test(asked)));
    assert.match(prompts.messages.join('\n'), /the key stays and takes the new certificate/);
    assert.deepEqual(world.performed(), []);
  });

  describe('reviews the chosen certificate before it becomes part of the plan', () => {
    const ordersName = 'CN=orders.acme.example,OU=Integration,O=ACME,C=DE';
    const declined = async (
      keyName: string,
      file: Parameters<CloudFoundryWorld['senderFile']>,
    ): Promise<string> => {
      const { uri } = await world.senderFile(...file);
      const prompts = new ScriptedPrompts([...chosen(uri), { wish: 'no' }]);
      await assert.rejects(
        renewClientCertificate(
          world.environment(prompts),
          await row('pi-rt-iflow', keyName),
          ports(),
          world.context,
        ),
        { name: 'Cancelled' },
      );
      prompts.done();
      assert.deepEqual(ports().renewals.list(), []);
      return prompts.messages.join('\n');
    };

    it('names the pinned neighbour of an unpinned key, and not the key itself', async () => {
      const review = await declined('orders-unpinned', [ordersName]);
      assert.match(review, /^Renew "orders-unpinned" with this certificate\?\nProblem: /);
      assert.match(review, /Subject and issuer are those of "orders-pinned" of "pi-rt-iflow" as well/);
      assert.doesNotMatch(review, /those of [^:]*"orders-unpinned"/);
      assert.match(review, /Will SAP's load balancer accept it\? /);
      assert.match(review, /No new key is needed: "orders-unpinned" is not pinned/);
      assert.match(review, /SAP refuses older ones for every sender/);
      assert.doesNotMatch(review, /Only this certificate is sent/);
    });

    it('tells that it has expired, lacks client authentication or leads to no listed root', async () => {
      assert.match(
        await declined('orders-unpinned', [ordersName, { days: -5 }]),
        /Problem: The certificate expired on /,
      );
      assert.match(
        await declined('orders-unpinned', [ordersName, { purposes: [KeyPurpose.serverAuth] }]),
        /Problem: No: .*Client Authentication/i,
      );
      const other = await declined('customs', ['CN=customs.example,O=Customs,C=FR', { isStranger: true }]);
      assert.match(other, /Not known: Cannot tell: The chain is not complete/);
      assert.match(other, /A second key with it is created as the next step, beside "customs"/);
    });

    it('names the key that holds the certificate already', async () => {
      const { uri } = await world.senderFile('CN=customs.example,O=Customs,C=FR');
      const customs = await row('pi-rt-iflow', 'customs');
      await renew(
        customs,
        ...chosen(uri),
        yes,
        /Create the Second Key/,
        'customs-2027',
        yes,
        'Continue Later',
      );
      await ports().renewals.forget(ports().renewals.list()[0]?.id ?? '');
      const prompts = await renew(customs, ...chosen(uri), yes, 'Continue Later');
      assert.match(
        prompts.messages[0] ?? '',
        /Problem: The certificate is in "customs-2027" of "pi-rt-iflow"/,
      );
    });
  });

  it('creates a new key where the unpinned one was deleted elsewhere, and sees it after a restart', async () => {
    const { uri } = await world.senderFile('CN=orders.acme.example,OU=Integration,O=ACME,C=DE');
    const orders = await row('pi-rt-iflow', 'orders-unpinned');
    await renew(orders, ...chosen(uri), yes, 'Continue Later');
    const key = { guid: orders.keyGuid, name: 'orders-unpinned' };
    const { signal } = world.context;
    await world.cloudFoundry.change(world.tenantId, { kind: 'deleteKey', key }, { signal, onLook: () => {} });
    await clients.refresh(world.tenantId);
    world.tenant.cloudFoundry.journal.clear();
    const prompts = await goOn(/Create the New Key/, 'pi-rt-iflow', 'orders-2027', yes, 'Continue Later');
    assert.ok(prompts.asked.some((asked) => /"orders-unpinned" was deleted elsewhere/.test(asked)));
    assert.deepEqual(world.performed(), ['createKey']);
    clients.dispose();
    world.reload();
    open();
    const last = await goOn(/Confirm a Good Call/, yes, keep);
    assert.match(last.messages.join('\n'), /the new key has taken its place/);
  });

  it('asks whether the key is pinned where nothing tells it', async () => {
    world.faults.parametersRetrievable = false;
    const { uri } = await world.senderFile('CN=customs.example,O=Customs,C=FR');
    const prompts = await renew(
      await row('pi-rt-iflow', 'customs'),
      ...chosen(uri),
      /Tell Whether "customs" Is Pinned/,
      'Not pinned',
      yes,
      'Continue Later',
    );
    assert.ok(prompts.asked.some((asked) => /SAP refuses older ones/.test(asked)));
    assert.match(prompts.messages[0] ?? '', /Renew "customs" with this certificate\?/);
    assert.match(prompts.messages[0] ?? '', /No new key is needed/);
    assert.equal(ports().renewals.list()[0]?.saidPinned, false);
  });

  it('refuses keys without a certificate of the sender, and names the way for them', async () => {
    await assert.rejects(
      renew(await row('pi-rt-iflow', 'reporting-secret')),
      explained(/create a new key with "Create Service Key…"/),
    );
    await assert.rejects(renew(await row('pi-rt-iflow', 'crm-by-sap')), explained(/made by SAP/));
  });

  it('does not take a key of another space for deleted', async () => {
    const { uri } = await world.senderFile('CN=customs.example,O=Customs,C=FR');
    await renew(await row('pi-rt-iflow', 'customs'), ...chosen(uri), yes, 'Continue Later');
    await world.choose('prod');
    await assert.rejects(goOn(), explained(/"Look in Every Space"/));
    assert.equal(ports().renewals.list().length, 1);
  });

  it('forgets a plan that is given up, and changes nothing', async () => {
    const { uri } = await world.senderFile('CN=customs.example,O=Customs,C=FR');
    const customs = await row('pi-rt-iflow', 'customs');
    world.tenant.cloudFoundry.journal.clear();
    await renew(customs, ...chosen(uri), yes, /Give Up/, yes);
    assert.deepEqual(ports().renewals.list(), []);
    assert.deepEqual(world.performed(), []);
  });
});

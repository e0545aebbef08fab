import assert from 'node:assert/strict';
import { Cancelled } from '../../../src/errors.js';
import type { EndpointFact } from '../../../src/inbound/adapterStage.js';
import { IntegrationFlows } from '../../../src/services/integrationFlows.js';
import { failureMessage } from '../../../src/ui/failureMessage.js';
import { PracticeWorld } from '../../support/practiceWorld.js';

const { signal } = new AbortController();

describe('integration flows of tenants', () => {
  let world: PracticeWorld;
  let flows: IntegrationFlows;
  let changes: number;
  let tellConnectionsChanged: () => void;

  before(async () => {
    world = await PracticeWorld.open();
  });
  after(async () => {
    await world.dispose();
  });
  beforeEach(async () => {
    changes = 0;
    world.tenant.faults.clear();
    await signInWith('MonitoringDataRead', 'WorkspacePackagesRead');
    flows = new IntegrationFlows({
      connections: {
        onDidChange: (listener) => {
          tellConnectionsChanged = () => void listener(undefined);
          return { dispose: () => undefined };
        },
      },
      keystores: world.environment(undefined as never).keystores,
      reasonOf: (error, title) => failureMessage(error, title, undefined).text,
      changed: () => {
        changes += 1;
      },
    });
  });
  afterEach(() => {
    flows.dispose();
  });

  /** Has the next token carry these roles. */
  async function signInWith(...roles: readonly string[]): Promise<void> {
    world.tenant.faults.roles = roles;
    world.tenant.faults.add({ operation: 'runtimeArtifacts', fault: { kind: 'expireTokens' }, times: 1 });
    await world.content.readRuntimeArtifacts(signal);
    world.tenant.journal.clear();
  }
  async function isReceived(operation: string): Promise<void> {
    while (!operations().includes(operation)) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  const chosen = (path: string) => ({
    address: `https://practice.it-cpi-rt.example${path}`,
    flow: undefined,
  });
  /** What is known once nothing is being read any more. */
  async function settled(path: string): Promise<EndpointFact> {
    do {
      flows.of('t1', chosen(path));
    } while (await flows.settled());
    return flows.of('t1', chosen(path));
  }
  async function adapter(path: string) {
    const fact = await settled(path);
    assert.ok(fact.kind === 'known', JSON.stringify(fact));
    return fact.adapter;
  }
  const operations = (): readonly string[] =>
    world.tenant.journal.received.map(({ operation }) => operation).filter((name) => name !== 'token');

  it('tell authorization and role of each kind of channel', async () => {
    const orders = await adapter('/http/orders');
    assert.deepEqual(
      [orders.flow, orders.authorization, orders.userRole],
      ['Orders from S/4', 'userRole', 'ESBMessaging.send'],
    );
    assert.equal((await adapter('/http/invoices')).userRole, 'Invoices.send');
    assert.equal((await adapter('/cxf/CustomerReplication')).userRole, 'ESBMessaging.send');
    const bank = await adapter('/http/bank/statements');
    assert.equal(bank.authorization, 'clientCertificate');
    assert.equal(bank.certificates?.[0]?.subjectDn, 'CN=api.bank.example, O="Bank, AG", C=CH');
  });

  it('claim nothing of what is not told, and say why', async () => {
    const why = async (path: string): Promise<string> => {
      const { authorization, userRole, notes } = await adapter(path);
      assert.deepEqual([authorization, userRole], [undefined, undefined]);
      return notes.join(' ');
    };
    assert.match(await why('/http/ping'), /names no authorization/);
    assert.match(
      await why('/http/employees'),
      /configure only package.*Perhaps it asks for the role ESBMessaging\.send/,
    );
    assert.match(await why('/http/shipments'), /does not have version 1\.0\.1.*User Role Shipments\.send/);
    assert.match(await why('/http/vendor'), /design time has no integration flow "Vendor"/);
  });

  it('read each fact once, in few requests', async () => {
    await settled('/http/orders');
    flows.of('t1', chosen('/http/orders'));
    assert.deepEqual([...operations()].sort(), ['design', 'runtimeArtifacts', 'serviceEndpoints']);
    await settled('/http/invoices');
    assert.deepEqual(operations().slice(3), ['design', 'configurations']);
    flows.forget();
    assert.equal(flows.of('t1', chosen('/http/orders')).kind, 'notKnown');
  });

  it('tell which certificates the adapters list that were read, and read nothing for it', async () => {
    assert.deepEqual(flows.adaptersRead('t1'), []);
    await settled('/http/bank/statements');
    const before = operations().length;
    const [bank, ...others] = flows.adaptersRead('t1');
    assert.deepEqual([bank?.endpoint.flowName, others], ['Bank statements', []]);
    assert.equal(bank?.certificates?.[0]?.subjectDn, 'CN=api.bank.example, O="Bank, AG", C=CH');
    assert.deepEqual([flows.adaptersRead('t2'), operations().length], [[], before]);
  });

  it('know what no deployed flow has', async () => {
    assert.equal((await settled('/http/nothing')).kind, 'gone');
    assert.equal(flows.flowOf('t1', chosen('/http/nothing')), undefined);
    assert.equal(flows.flowOf('t1', { address: '/http/orders', flow: undefined }), 'Orders from S/4');
    assert.equal(flows.of('t1', undefined).kind, 'notChosen');
  });

  it('say "not known" with the missing role, and tell the rest', async () => {
    await signInWith('MonitoringDataRead');
    const { authorization, notes } = await adapter('/http/orders');
    assert.equal(authorization, undefined);
    assert.match(notes.join(' '), /WorkspacePackagesRead/);
    world.tenant.faults.add({ operation: 'serviceEndpoints', fault: { kind: 'status', status: 403 } });
    flows.forget();
    const refused = await settled('/http/orders');
    assert.ok(refused.kind === 'notKnown');
    assert.match(refused.reason, /MonitoringDataRead/);
  });

  for (const [name, fault] of [
    ['404 of a gateway', { kind: 'html', status: 404 }],
    ['a truncated answer', { kind: 'truncated' }],
    ['a wrong content type', { kind: 'wrongContentType' }],
    ['a lost connection', { kind: 'dropBefore' }],
    ['an error of the tenant', { kind: 'status', status: 500 }],
  ] as const) {
    it(`say "not known" after ${name}, in the list and in a design`, async () => {
      world.tenant.faults.add({ operation: 'runtimeArtifacts', fault });
      const list = await settled('/http/orders');
      assert.ok(list.kind === 'notKnown' && list.reason !== '', JSON.stringify(list));
      world.tenant.faults.clear();
      flows.forget();
      // An archive is no JSON, so that its content type tells nothing.
      const operation = fault.kind === 'wrongContentType' ? 'configurations' : 'design';
      world.tenant.faults.add({ operation, fault });
      const { userRole, notes } = await adapter('/http/invoices');
      assert.equal(userRole, undefined);
      assert.ok(notes.length > 0);
    });
  }

  it('wait where the tenant asks to', async () => {
    world.tenant.faults.add({
      operation: 'serviceEndpoints',
      fault: { kind: 'status', status: 429, retryAfter: '1' },
      times: 2,
    });
    assert.equal((await settled('/http/orders')).kind, 'known');
  });

  it('drop what comes too late for a tenant that was removed', async () => {
    world.tenant.faults.add({ operation: 'serviceEndpoints', fault: { kind: 'hang' }, times: 1 });
    flows.of('t1', chosen('/http/orders'));
    await isReceived('serviceEndpoints');
    tellConnectionsChanged();
    await flows.settled();
    assert.equal(changes, 0);
    const after = await settled('/http/orders');
    assert.equal(after.kind, 'known', JSON.stringify(after));
  });

  it('are read anew for the person who asks, who may cancel', async () => {
    const first = await flows.read('t1', signal);
    assert.ok(first.kind === 'known');
    assert.deepEqual(
      first.value
        .map(({ flowName, protocol, url }) => [flowName, protocol, new URL(url).pathname])
        .slice(0, 3),
      [
        ['Bank statements', 'REST', '/http/bank/statements'],
        ['Customer replication', 'SOAP', '/cxf/CustomerReplication'],
        ['Employees (standard content)', 'REST', '/http/employees'],
      ],
    );
    await flows.read('t1', signal);
    assert.equal(operations().filter((name) => name === 'serviceEndpoints').length, 2);
    world.tenant.faults.add({ operation: 'serviceEndpoints', fault: { kind: 'hang' }, times: 1 });
    const stop = new AbortController();
    world.tenant.journal.clear();
    const read = flows.read('t1', stop.signal);
    await isReceived('serviceEndpoints');
    stop.abort();
    await assert.rejects(read, Cancelled);
    assert.equal((await settled('/http/orders')).kind, 'known');
  });
});

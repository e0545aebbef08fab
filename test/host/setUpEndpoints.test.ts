import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandHandler, HandlerTools } from '../../src/commands/handlers/handler.js';
import { mappingHandlers } from '../../src/commands/handlers/mapping.js';
import { Command } from '../../src/contributions.js';
import { CloudFoundry } from '../../src/services/cloudFoundry.js';
import { Connections } from '../../src/services/connections.js';
import { KeyMemory } from '../../src/services/keyMemory.js';
import { Keystores } from '../../src/services/keystores.js';
import { Practice } from '../../src/services/practice.js';
import { SecretVault } from '../../src/services/secretVault.js';
import { SetUpFacts } from '../../src/services/setUpFacts.js';
import { SetUps } from '../../src/services/setUps.js';
import { openTenantAccess } from '../../src/services/tenantAccess.js';
import { trustListsFor } from '../../src/services/trust.js';
import { UserMappings } from '../../src/services/userMappings.js';
import { failureMessage } from '../../src/ui/failureMessage.js';
import { MemorySecrets } from '../support/connections.js';
import { memento } from '../support/memento.js';
import { practiceNames } from '../support/practiceNames.js';
import { ScriptedPrompts, type ScriptedAnswer } from '../support/scriptedPrompts.js';
import { extensionUnderTest } from './extension.js';

const { signal } = new AbortController();

describe('the endpoint of a set-up', function () {
  this.timeout(60_000);
  let directory: string;
  let practice: Practice;
  let keystores: Keystores;
  let cloudFoundry: CloudFoundry;
  let setUps: SetUps;
  let facts: SetUpFacts;
  let handlers: Readonly<Record<string, CommandHandler>>;
  let prompts: ScriptedPrompts;
  let setUpId: string;
  let tenantId: string;

  before(async () => {
    directory = fs.mkdtempSync(join(tmpdir(), 'endpoints-host-'));
    const state = memento();
    const vault = new SecretVault(state, new MemorySecrets());
    let count = 0;
    const connections = new Connections(state, vault, () => `t${++count}`);
    practice = new Practice(join(directory, 'practice'), connections, practiceNames);
    tenantId = (await practice.connect()).id;
    const log = { info: () => undefined } as unknown as Parameters<typeof openTenantAccess>[1]['log'];
    const timeoutMs = (): number => 10_000;
    cloudFoundry = new CloudFoundry(state, vault, connections, { log, timeoutMs });
    keystores = new Keystores(
      connections,
      (connection) => Promise.resolve(openTenantAccess(connection, { connections, log, timeoutMs })),
      { now: Date.now, onFailure: () => undefined },
    );
    const { extensionPath } = extensionUnderTest();
    const trust = (connection: ReturnType<Connections['get']>) =>
      trustListsFor(connection, { extensionPath, listFiles: [] });
    setUps = new SetUps(state, () => 's1');
    facts = new SetUpFacts({
      connections,
      keystores,
      cloudFoundry,
      userMappings: new UserMappings({
        connections,
        keystores,
        trust,
        memory: state,
        warningDays: () => 1,
        now: Date.now,
      }),
      setUps,
      keys: new KeyMemory(cloudFoundry),
      trust,
      reasonOf: (error, title) => failureMessage(error, title, undefined).text,
      now: Date.now,
      warningDays: () => 1,
    });
    const environment = {
      get prompts() {
        return prompts;
      },
      connections,
      keystores,
      cloudFoundry,
      trust,
      now: Date.now,
    };
    handlers = mappingHandlers({
      environment,
      practice,
      state,
      extensionPath,
      mapping: () => Promise.resolve({ setUps, facts, pages: { active: () => undefined } }),
    } as unknown as HandlerTools);
    const hexalias = Buffer.from('orders-sender').toString('hex').toUpperCase();
    setUpId = (await setUps.forEntry(tenantId, hexalias, 'orders')).id;
  });
  beforeEach(async () => {
    (await practice.tenant()).faults.clear();
  });
  after(async () => {
    facts.dispose();
    setUps.dispose();
    keystores.dispose();
    cloudFoundry.dispose();
    await (await practice.tenant()).dispose();
    fs.rmSync(directory, { recursive: true, force: true });
  });

  async function choose(...answers: ScriptedAnswer[]): Promise<void> {
    prompts = new ScriptedPrompts(answers);
    await handlers[Command.mappingChange]?.run(
      { signal, withProgress: (_, work) => work({ signal, report: () => undefined }) },
      { setUpId, what: 'endpoint' },
      undefined,
    );
    prompts.done();
  }

  it('is picked with its address, its flow and the role that it asks for', async () => {
    await choose('Invoices');
    const { endpoint, userRole } = setUps.get(setUpId) ?? assert.fail();
    assert.deepEqual(endpoint, {
      address: 'https://practice.it-cpi-rt.example/http/invoices',
      flow: 'Invoices',
    });
    assert.equal(userRole, 'Invoices.send');
    const known = (await facts.settled(setUpId)) ?? assert.fail();
    assert.ok(known.endpoint.kind === 'known');
    assert.equal(known.endpoint.adapter.authorization, 'userRole');
  });

  it('keeps the role where the tenant tells none', async () => {
    await setUps.change(setUpId, { userRole: 'Own.role' });
    await choose('Ping');
    assert.equal(setUps.get(setUpId)?.userRole, 'Own.role');
    assert.equal(setUps.get(setUpId)?.endpoint?.flow, 'Ping');
  });

  it('is entered by hand, also where the tenant tells nothing', async () => {
    await choose('Enter by hand…', '/http/orders');
    assert.deepEqual(setUps.get(setUpId)?.endpoint, { address: '/http/orders', flow: undefined });
    const known = (await facts.settled(setUpId)) ?? assert.fail();
    assert.ok(known.endpoint.kind === 'known');
    assert.equal(known.endpoint.adapter.flow, 'Orders from S/4');
    const { faults } = await practice.tenant();
    faults.add({ operation: 'serviceEndpoints', fault: { kind: 'status', status: 403 } });
    await choose(/^Enter by hand/, '/http/elsewhere');
    assert.equal(setUps.get(setUpId)?.endpoint?.address, '/http/elsewhere');
  });

  it('names the flows that must be redeployed on the way of the adapter', async () => {
    await setUps.change(setUpId, { way: 'adapter', endpoint: { address: '/http/orders', flow: undefined } });
    await facts.refresh(setUpId);
    const known = (await facts.settled(setUpId)) ?? assert.fail();
    assert.deepEqual(known.redeployed, ['Orders from S/4 (/http/orders)']);
  });
});

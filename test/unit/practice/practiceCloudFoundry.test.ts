import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeystoreError } from '../../../src/errors.js';
import { HttpTransport } from '../../../src/http/httpTransport.js';
import { CfApi } from '../../../src/platform/cfApi.js';
import { discoverCfEndpoint } from '../../../src/platform/cfEndpoint.js';
import { listOrganizations, listSpaces } from '../../../src/platform/cfOrganizations.js';
import { listServicePlans } from '../../../src/platform/cfServices.js';
import {
  listServiceInstances,
  readServiceInstanceParameters,
} from '../../../src/platform/cfServiceInstances.js';
import {
  listServiceKeys,
  readServiceKeyCredentials,
  readServiceKeyParameters,
} from '../../../src/platform/cfServiceKeys.js';
import { runOrder } from '../../../src/platform/cfWrites.js';
import { UaaSession } from '../../../src/platform/uaaSession.js';
import { PracticeTenant } from '../../../src/practice/practiceTenant.js';
import { MemoryTokenStore } from '../../support/cfFixture.js';
import { ManualClock } from '../../support/manualClock.js';

const { signal } = new AbortController();

describe('practice Cloud Foundry', function () {
  this.timeout(20_000);
  let directory: string;
  let tenant: PracticeTenant;
  let clock: ManualClock;
  let api: CfApi;
  let session: UaaSession;
  const url = (): string => tenant.cloudFoundryUrl ?? '';
  const passcode = async (): Promise<string> =>
    /<code>([^<]+)<\/code>/.exec(await (await fetch(`${url()}/passcode`)).text())?.[1] ?? '';
  const open = async (): Promise<void> => {
    tenant = await PracticeTenant.open({ directory, clock: clock.clock });
    const transport = new HttpTransport({ timeoutMs: () => 10_000, log: () => {} });
    const endpoint = await discoverCfEndpoint(url(), { transport, signal });
    session = new UaaSession({
      endpoint,
      transport,
      store: new MemoryTokenStore(),
      clock: clock.clock,
      wait: clock.wait,
    });
    api = new CfApi(session);
    await session.signIn({ kind: 'passcode', passcode: await passcode() }, signal);
  };
  const options = () => ({ signal, wait: clock.wait, clock: clock.clock });
  const place = async () => {
    const [plan] = await listServicePlans(
      api,
      { offeringName: 'IT-RT', planNames: ['integration-flow'] },
      signal,
    );
    const spaces = await listSpaces(api, {}, signal);
    const space = spaces.resources.find(({ name }) => name === 'dev');
    assert.ok(plan !== undefined && space !== undefined);
    return { planGuid: plan.guid, spaceGuid: space.guid };
  };
  const instance = async (name: string) => {
    const { resources } = await listServiceInstances(api, {}, { signal });
    const found = resources.find((one) => one.name === name);
    assert.ok(found !== undefined);
    return found;
  };
  const key = async (name: string) => {
    const { resources } = await listServiceKeys(api, { planGuids: [(await place()).planGuid] }, { signal });
    return resources.find((one) => one.name === name);
  };
  const fails = async (work: Promise<unknown>, code: string): Promise<KeystoreError> => {
    try {
      await work;
    } catch (error) {
      assert.ok(KeystoreError.is(error), String(error));
      assert.equal(error.code, code);
      return error;
    }
    throw new Error('no error');
  };

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'practice-cf-'));
    clock = new ManualClock();
    await open();
  });
  afterEach(async () => {
    await tenant.dispose();
    await rm(directory, { recursive: true });
  });

  it('signs in by a passcode that works once, by password and second factor, and refreshes', async () => {
    const code = await passcode();
    assert.deepEqual(await session.signIn({ kind: 'passcode', passcode: code }, signal), {
      name: 'practice@practice.example',
      origin: 'sap.ids',
    });
    await fails(session.signIn({ kind: 'passcode', passcode: code }, signal), 'unauthorized');
    const { uaa } = tenant.cloudFoundry;
    for (const secondFactor of ['appended', 'field'] as const) {
      uaa.knobs.secondFactor = secondFactor;
      await fails(session.signIn({ kind: 'password', ...uaa.person }, signal), 'unauthorized');
      await session.signIn({ kind: 'password', ...uaa.person, code: '123456', origin: 'sap.ids' }, signal);
    }
    clock.now += 3_600_000;
    assert.equal((await listOrganizations(api, signal)).total, 2);
    uaa.revoke();
    await fails(listOrganizations(api, signal), 'signed-out');
  });

  it('lists with pages, tells schemas and parameters, and forbids details to an auditor', async () => {
    tenant.cloudFoundry.faults.pageLimit = 2;
    const instances = await listServiceInstances(api, {}, { signal });
    assert.equal(instances.resources.length, instances.total);
    assert.equal(instances.total, 7);
    const flow = await instance('pi-rt-iflow');
    assert.deepEqual(await readServiceInstanceParameters(api, flow.guid, signal), {
      kind: 'known',
      parameters: {
        'grant-types': ['client_credentials'],
        'redirect-uris': [],
        roles: ['ESBMessaging.send'],
      },
    });
    const unpinned = await key('orders-unpinned');
    const parameters = await readServiceKeyParameters(api, unpinned?.guid ?? '', signal);
    assert.equal(parameters.kind === 'known' && parameters.parameters['pin-certificate'], false);
    tenant.cloudFoundry.faults.parametersRetrievable = false;
    assert.deepEqual(await readServiceKeyParameters(api, unpinned?.guid ?? '', signal), {
      kind: 'notRetrievable',
    });
    assert.deepEqual(await readServiceInstanceParameters(api, flow.guid, signal), { kind: 'notRetrievable' });
    const payroll = await key('payroll');
    assert.ok(payroll !== undefined);
    await fails(readServiceKeyCredentials(api, payroll, signal), 'forbidden');
  });

  it('creates an instance and a key with a certificate made here, keeps both over a restart, deletes them', async () => {
    const { planGuid, spaceGuid } = await place();
    const parameters = { 'grant-types': ['client_credentials'], roles: ['ESBMessaging.send'] };
    const made = await runOrder(
      api,
      { kind: 'createInstance', instance: { name: 'mine', planGuid, spaceGuid, parameters } },
      options(),
    );
    assert.ok(made.kind === 'done' && made.guid !== undefined);
    const newKey = {
      name: 'k',
      instanceGuid: made.guid,
      parameters: { 'key-type': 'certificate', validity: 30, 'key-length': 2048 },
    };
    await runOrder(api, { kind: 'createKey', key: newKey }, options());
    await tenant.dispose();
    await open();
    const found = await key('k');
    assert.ok(found !== undefined);
    const oauth = (await readServiceKeyCredentials(api, found, signal))?.['oauth'];
    assert.match(JSON.stringify(oauth), /BEGIN RSA PRIVATE KEY/);
    await runOrder(api, { kind: 'deleteKey', key: found }, options());
    assert.equal(await key('k'), undefined);
    const mine = await instance('mine');
    await runOrder(
      api,
      { kind: 'updateInstance', instance: mine, parameters: { roles: ['A', 'B'] } },
      options(),
    );
    await runOrder(api, { kind: 'deleteInstance', instance: mine }, options());
    assert.deepEqual(
      tenant.cloudFoundry.journal.performed.map(({ operation }) => operation),
      ['deleteKey', 'updateInstance', 'deleteInstance'],
    );
  });

  it('records an external certificate once, and the service refuses it a second time', async () => {
    const from = await key('customs');
    assert.ok(from !== undefined);
    const known = await readServiceKeyParameters(api, from.guid, signal);
    assert.ok(known.kind === 'known');
    const order = {
      kind: 'createKey',
      key: { name: 'again', instanceGuid: from.instanceGuid, parameters: known.parameters },
    } as const;
    const refused = await fails(runOrder(api, order, options()), 'rejected');
    assert.match(String(refused.details.said), /already used/);
    const failed = await key('again');
    assert.equal(failed?.lastOperation?.state, 'failed');
    await runOrder(api, { kind: 'deleteKey', key: failed }, options());
    await runOrder(api, { kind: 'deleteKey', key: from }, options());
    await runOrder(api, order, options());
    const again = await key('again');
    assert.ok(again !== undefined);
    const credentials = await readServiceKeyCredentials(api, again, signal);
    const oauth = credentials?.['oauth'];
    assert.ok(typeof oauth === 'object' && oauth !== null);
    assert.equal(String(Reflect.get(oauth, 'certificate')).trim(), String(known.parameters['X.509']).trim());
    assert.equal(Reflect.get(oauth, 'key'), undefined);
  });

  it('serves Neo with its basic authentication over a restart', async () => {
    const first = tenant.neoTenant;
    assert.ok(first !== undefined);
    await tenant.dispose();
    await open();
    assert.equal(tenant.neoTenant?.password, first.password);
    const { user, password, url: neoUrl } = tenant.neoTenant;
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    const path = `${neoUrl}/api/v1/CertificateUserMappings`;
    const read = async (address: string) => {
      const answer = await fetch(address, { headers: { Authorization: authorization } });
      return ((await answer.json()) as { d: { results: { User: string }[] } }).d.results;
    };
    assert.equal((await read(path)).length, 10);
    const orders = await read(`${path}?$filter=User%20eq%20%27orders%27&$select=Id,User`);
    assert.deepEqual(
      orders.map((row) => [row.User, Object.keys(row)]),
      [
        ['orders', ['Id', 'User']],
        ['orders', ['Id', 'User']],
      ],
    );
    assert.ok((await read(`${neoUrl}/api/v1/KeystoreEntries`)).length > 2);
    assert.equal((await fetch(`${tenant.url}/api/v1/CertificateUserMappings`)).status, 404);
    assert.equal((await fetch(path)).status, 401);
    assert.equal(
      (await fetch(path, { method: 'POST', headers: { Authorization: authorization } })).status,
      403,
    );
  });

  it('opens the practice tenant with a key of plan api, and not with one of plan integration-flow', async () => {
    const plans = await listServicePlans(api, { offeringName: 'it-rt' }, signal);
    const statuses: Record<string, number> = {};
    for (const { guid, name } of plans) {
      const { resources } = await listServiceKeys(api, { planGuids: [guid] }, { signal });
      const found = resources.find((one) => one.name === (name === 'api' ? 'workbench' : 'reporting-secret'));
      assert.ok(found !== undefined);
      const { oauth } = (await readServiceKeyCredentials(api, found, signal)) ?? {};
      assert.ok(typeof oauth === 'object' && oauth !== null);
      const basic = `${String(Reflect.get(oauth, 'clientid'))}:${String(Reflect.get(oauth, 'clientsecret'))}`;
      const answer = await fetch(String(Reflect.get(oauth, 'tokenurl')), {
        method: 'POST',
        headers: { Authorization: `Basic ${Buffer.from(basic).toString('base64')}` },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      });
      statuses[name] = answer.status;
    }
    assert.deepEqual(statuses, { api: 200, 'integration-flow': 401 });
  });

  for (const [fault, code, performed] of [
    [{ kind: 'nameTaken' }, 'already-exists', 0],
    [{ kind: 'operationInProgress' }, 'locked', 0],
    [{ kind: 'notAuthorized' }, 'forbidden', 0],
    [{ kind: 'dropBefore' }, 'answer-lost', 0],
    [{ kind: 'dropAfter' }, undefined, 1],
    [{ kind: 'expireTokens' }, undefined, 1],
    [{ kind: 'rateLimited', retryAfter: '2' }, undefined, 1],
    [{ kind: 'jobFails', description: 'no room' }, 'rejected', 1],
    [{ kind: 'jobHangs' }, undefined, 1],
  ] as const) {
    it(`performs at most one write with ${fault.kind}`, async () => {
      const { guid: instanceGuid } = await instance('pi-rt-iflow');
      const { faults, journal } = tenant.cloudFoundry;
      faults.add({ operation: 'createKey', fault, times: 1 });
      const work = runOrder(
        api,
        { kind: 'createKey', key: { name: 'k', instanceGuid, parameters: {} } },
        options(),
      );
      if (code === undefined) {
        assert.equal((await work).kind, fault.kind === 'jobHangs' ? 'goesOn' : 'done');
      } else {
        await fails(work, code);
      }
      assert.equal(journal.performed.length, performed);
    });
  }
});

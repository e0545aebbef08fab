import assert from 'node:assert/strict';
import { Cancelled, KeystoreError } from '../../../src/errors.js';
import { ODataIntegrationContent } from '../../../src/tenant/integrationContent.js';
import { startTenant, type TenantFixture } from '../../support/tenantFixture.js';

const { signal } = new AbortController();
const endpoints = '/api/v1/ServiceEndpoints?$expand=EntryPoints';
const artifacts = '/api/v1/IntegrationRuntimeArtifacts';
const design = "/api/v1/IntegrationDesigntimeArtifacts(Id='Orders',Version='1.0.3')";

describe('integration content', () => {
  let tenant: TenantFixture;
  let content: ODataIntegrationContent;

  beforeEach(async () => {
    tenant = await startTenant();
    content = new ODataIntegrationContent(tenant.session);
  });
  afterEach(async () => {
    await tenant.double.stop();
  });

  const answers = (path: string, body: string, status = 200, type = 'application/json'): void => {
    tenant.double.reads.set(path, { status, headers: { 'Content-Type': type }, body });
  };
  const fails = async (work: Promise<unknown>): Promise<KeystoreError> => {
    const error: unknown = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(KeystoreError.is(error), String(error));
    return error;
  };

  it('reads endpoints as SAP writes them, also where nothing is expanded', async () => {
    answers(
      endpoints,
      `{"d":{"results":[
        {"__metadata":{"id":"https://demo.example:443/api/v1/ServiceEndpoints('Orders%24endpointAddress%3Dorders')","uri":"https://demo.example:443/api/v1/ServiceEndpoints('Orders%24endpointAddress%3Dorders')","type":"com.sap.hci.api.ServiceEndpoint"},
         "Name":"Orders","Id":"Orders$endpointAddress=orders","Title":"Orders","Version":"1.0.3","Summary":null,"Description":"","LastUpdated":"/Date(1616229093263)/","Protocol":"REST",
         "EntryPoints":{"results":[{"__metadata":{"type":"com.sap.hci.api.EntryPoint"},"Name":"Orders","Url":"https://demo-rt.example/http/orders","Type":"PROD","AdditionalInformation":""}]},
         "ApiDefinitions":{"__deferred":{"uri":"https://demo.example:443/api/v1/x"}}},
        {"Name":"Bare","Id":"Bare$endpointAddress=bare","EntryPoints":{"__deferred":{"uri":"x"}}}]}}`,
    );
    assert.deepEqual(await content.readServiceEndpoints(signal), [
      {
        id: 'Orders$endpointAddress=orders',
        name: 'Orders',
        protocol: 'REST',
        urls: ['https://demo-rt.example/http/orders'],
      },
      { id: 'Bare$endpointAddress=bare', name: 'Bare', protocol: undefined, urls: [] },
    ]);
  });

  it('reads what is deployed, page by page of the same origin only', async () => {
    const row = (id: string, status: string): string =>
      `{"__metadata":{"type":"com.sap.hci.api.IntegrationRuntimeArtifact"},"Id":"${id}","Version":"1.0.10","Name":"The ${id}","Type":"INTEGRATION_FLOW","DeployedBy":"s0123456789","DeployedOn":"/Date(1616167332562)/","Status":"${status}","ErrorInformation":{"__deferred":{"uri":"x"}}}`;
    answers(
      artifacts,
      `{"d":{"results":[${row('A', 'STARTED')}],"__next":"IntegrationRuntimeArtifacts?$skiptoken=1"}}`,
    );
    answers(`${artifacts}?$skiptoken=1`, `{"d":{"results":[${row('B', 'ERROR')}]}}`);
    const read = await content.readRuntimeArtifacts(signal);
    assert.deepEqual(
      read.map(({ id, status }) => [id, status]),
      [
        ['A', 'STARTED'],
        ['B', 'ERROR'],
      ],
    );
    assert.deepEqual(read[0]?.deployedOn, new Date(1616167332562));
    answers(
      `${artifacts}?$skiptoken=1`,
      '{"d":{"results":[],"__next":"https://elsewhere.example/api/v1/x"}}',
    );
    assert.equal((await fails(content.readRuntimeArtifacts(signal))).code, 'bad-answer');
  });

  it('reads parameters of a version, and has none where the design time does not know it', async () => {
    answers(
      `${design}/Configurations`,
      '{"d":{"results":[{"__metadata":{"type":"com.sap.hci.api.Configuration"},"ParameterKey":"USER_ROLE","ParameterValue":"Orders.send","DataType":"xsd:string"},{"ParameterKey":"Empty","ParameterValue":"","DataType":"xsd:string"}]}}',
    );
    assert.deepEqual(await content.readConfigurations({ id: 'Orders', version: '1.0.3' }, signal), [
      { key: 'USER_ROLE', value: 'Orders.send' },
      { key: 'Empty', value: '' },
    ]);
    const other = "/api/v1/IntegrationDesigntimeArtifacts(Id='it''s%20%2F',Version='active')/Configurations";
    answers(other, '{"error":{"code":"Not Found","message":{"lang":"en","value":"no such artifact"}}}', 404);
    assert.equal(await content.readConfigurations({ id: "it's /", version: 'active' }, signal), undefined);
  });

  it('downloads the archive of a version as it comes', async () => {
    answers(`${design}/$value`, 'PK\u0003\u0004', 200, 'application/zip');
    const bytes = await content.downloadDesign({ id: 'Orders', version: '1.0.3' }, signal);
    assert.equal(Buffer.from(bytes ?? []).toString('latin1'), 'PK\u0003\u0004');
  });

  it('names the role that is missing', async () => {
    answers(endpoints, '{"error":{"message":{"value":"Access is denied"}}}', 403);
    answers(`${design}/$value`, '', 403);
    const runtime = await fails(content.readServiceEndpoints(signal));
    assert.deepEqual([runtime.code, runtime.details['role']], ['forbidden', 'MonitoringDataRead']);
    const designed = await fails(content.downloadDesign({ id: 'Orders', version: '1.0.3' }, signal));
    assert.deepEqual([designed.code, designed.details['role']], ['forbidden', 'WorkspacePackagesRead']);
  });

  it('takes nothing but what the protocol allows', async () => {
    const problems: readonly (readonly [string, string])[] = [
      ['{"d":{"results":[{"Name":"Orders"}]}}', 'bad-answer'],
      ['{"d":{"results":[{"Id":5,"Name":"Orders"}]}}', 'bad-answer'],
      ['{"d":{"results":[null]}}', 'bad-answer'],
      ['{"d":{"results":[', 'bad-answer'],
    ];
    for (const [body, code] of problems) {
      answers(endpoints, body);
      assert.equal((await fails(content.readServiceEndpoints(signal))).code, code, body);
    }
    answers(endpoints, '<html></html>', 404, 'text/html');
    const gateway = await fails(content.readServiceEndpoints(signal));
    assert.equal(gateway.code, 'not-found');
    assert.match(String(gateway.details['explanation']), /does not tell of its integration flows.*404/);
  });

  it('waits after 429 and stops where it is cancelled', async () => {
    let asked = 0;
    tenant.double.reads.set(artifacts, () =>
      ++asked === 1
        ? { status: 429, headers: { 'Retry-After': '2' } }
        : { status: 200, headers: { 'Content-Type': 'application/json' }, body: '{"d":{"results":[]}}' },
    );
    assert.deepEqual(await content.readRuntimeArtifacts(signal), []);
    assert.equal(asked, 2);
    const cancelled = new AbortController();
    cancelled.abort();
    await assert.rejects(content.readRuntimeArtifacts(cancelled.signal), Cancelled);
  });
});

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PracticeTenant } from '../../../src/practice/practiceTenant.js';

const created = Date.parse('2026-11-24T00:00:00Z');

describe('integration flows of the practice tenant', () => {
  let directory: string;
  let tenant: PracticeTenant;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'practice-flows-'));
    tenant = await PracticeTenant.open({ directory, clock: () => created });
  });
  after(async () => {
    await tenant.dispose();
    await rm(directory, { recursive: true, force: true });
  });
  beforeEach(() => {
    tenant.faults.clear();
    tenant.faults.pageSize = 1000;
  });

  async function call(path: string): Promise<Response> {
    const { clientid, clientsecret, tokenurl } = (
      JSON.parse(tenant.serviceKey) as { oauth: { clientid: string; clientsecret: string; tokenurl: string } }
    ).oauth;
    const token = (await (
      await fetch(tokenurl, {
        method: 'POST',
        headers: { Authorization: `Basic ${btoa(`${clientid}:${clientsecret}`)}` },
      })
    ).json()) as { access_token: string };
    return await fetch(`${tenant.url}/api/v1${path}`, {
      headers: { Authorization: `Bearer ${token.access_token}`, Accept: 'application/json' },
    });
  }

  async function list(path: string): Promise<{ readonly rows: readonly unknown[]; readonly next: unknown }> {
    const answer = await call(path);
    assert.equal(answer.status, 200, path);
    const { d } = (await answer.json()) as { d: { results: readonly unknown[]; __next?: unknown } };
    return { rows: d.results, next: d.__next };
  }

  it('are listed as the API writes them', async () => {
    const { rows } = await list('/IntegrationRuntimeArtifacts');
    assert.equal(
      JSON.stringify(rows[0]),
      `{"__metadata":{"id":"/api/v1/IntegrationRuntimeArtifacts('Orders_from_S4')","uri":"/api/v1/IntegrationRuntimeArtifacts('Orders_from_S4')","type":"com.sap.hci.api.IntegrationRuntimeArtifact","content_type":"application/octet-stream","media_src":"/api/v1/IntegrationRuntimeArtifacts('Orders_from_S4')/$value","edit_media":"/api/v1/IntegrationRuntimeArtifacts('Orders_from_S4')/$value"},"Id":"Orders_from_S4","Version":"1.0.3","Name":"Orders from S/4","Type":"INTEGRATION_FLOW","DeployedBy":"practice","DeployedOn":"/Date(1792886400000)/","Status":"STARTED","ErrorInformation":{"__deferred":{"uri":"/api/v1/IntegrationRuntimeArtifacts('Orders_from_S4')/ErrorInformation"}}}`,
    );
  });

  it('have endpoints, expanded where that is asked for, in pages', async () => {
    const { rows } = await list('/ServiceEndpoints?$expand=EntryPoints');
    assert.equal(
      JSON.stringify(rows[0]),
      `{"__metadata":{"id":"/api/v1/ServiceEndpoints('Orders_from_S4%24endpointAddress%3Dorders')","uri":"/api/v1/ServiceEndpoints('Orders_from_S4%24endpointAddress%3Dorders')","type":"com.sap.hci.api.ServiceEndpoint"},"Name":"Orders_from_S4","Id":"Orders_from_S4$endpointAddress=orders","Title":"Orders from S/4","Version":"1.0.3","Summary":null,"Description":"","LastUpdated":"/Date(1792886400000)/","Protocol":"REST","EntryPoints":{"results":[{"__metadata":{"id":"/api/v1/EntryPoints('https%3A%2F%2Fpractice.it-cpi-rt.example%2Fhttp%2Forders')","uri":"/api/v1/EntryPoints('https%3A%2F%2Fpractice.it-cpi-rt.example%2Fhttp%2Forders')","type":"com.sap.hci.api.EntryPoint"},"Name":"Orders from S/4","Url":"https://practice.it-cpi-rt.example/http/orders","Type":"PROD","AdditionalInformation":""}]},"ApiDefinitions":{"__deferred":{"uri":"/api/v1/ServiceEndpoints('Orders_from_S4%24endpointAddress%3Dorders')/ApiDefinitions"}}}`,
    );
    const [bare] = (await list('/ServiceEndpoints')).rows;
    assert.match(JSON.stringify(bare), /"EntryPoints":\{"__deferred":\{"uri":"[^"]*\/EntryPoints"\}\}/);
    tenant.faults.pageSize = 3;
    const page = await list('/ServiceEndpoints?$expand=EntryPoints');
    assert.equal(page.rows.length, 3);
    assert.match(String(page.next), /\/api\/v1\/ServiceEndpoints\?%24expand=EntryPoints&%24skiptoken=3$/);
  });

  it('give out parameters and designs of the versions that there are', async () => {
    const invoices = "/IntegrationDesigntimeArtifacts(Id='Invoices',Version='2.1.0')";
    const { rows } = await list(`${invoices}/Configurations`);
    assert.equal(
      JSON.stringify(rows[0]),
      `{"__metadata":{"id":"/api/v1/Configurations('USER_ROLE')","uri":"/api/v1/Configurations('USER_ROLE')","type":"com.sap.hci.api.Configuration"},"ParameterKey":"USER_ROLE","ParameterValue":"Invoices.send","DataType":"xsd:string"}`,
    );
    const answer = await call(`${invoices}/$value`);
    assert.equal(answer.headers.get('Content-Type'), 'application/zip');
    const archive = Buffer.from(await answer.arrayBuffer()).toString('latin1');
    assert.equal(archive.slice(0, 4), 'PK\u0003\u0004');
    assert.match(archive, /src\/main\/resources\/scenarioflows\/integrationflow\/Invoices\.iflw/);
    assert.match(archive, /<key>userRole<\/key>\s*<value>\{\{USER_ROLE\}\}<\/value>/);
    const status = async (id: string, version: string): Promise<number> =>
      (await call(`/IntegrationDesigntimeArtifacts(Id='${id}',Version='${version}')/$value`)).status;
    assert.equal(await status('Invoices', 'active'), 200);
    assert.equal(await status('Invoices', '1.0.0'), 404);
    assert.equal(await status('Nobody', 'active'), 404);
    assert.equal(await status('Standard_Employees', 'active'), 400);
  });

  it('demand their roles, and obey the fault knobs', async () => {
    const design = "/IntegrationDesigntimeArtifacts(Id='Invoices',Version='active')";
    tenant.faults.roles = ['MonitoringDataRead', 'SecurityMaterialEdit'];
    assert.equal((await call('/ServiceEndpoints')).status, 200);
    assert.equal((await call(`${design}/$value`)).status, 403);
    assert.equal((await call(`${design}/Configurations`)).status, 403);
    tenant.faults.roles = ['WorkspacePackagesRead'];
    assert.equal((await call('/ServiceEndpoints')).status, 403);
    assert.equal((await call('/IntegrationRuntimeArtifacts')).status, 403);
    assert.equal((await call(`${design}/$value`)).status, 200);
    tenant.faults.add({ operation: 'serviceEndpoints', fault: { kind: 'status', status: 429 }, times: 1 });
    assert.equal((await call('/ServiceEndpoints')).status, 429);
  });

  it('are named in the description of the service', async () => {
    const { d } = (await (await call('/')).json()) as { d: { EntitySets: readonly string[] } };
    assert.ok(d.EntitySets.includes('ServiceEndpoints'));
    assert.match(
      await (await call('/$metadata')).text(),
      /<EntitySet Name="ServiceEndpoints" EntityType="com\.sap\.hci\.api\.ServiceEndpoint"\/>/,
    );
  });
});

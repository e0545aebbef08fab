import assert from 'node:assert/strict';
import { verdictLines } from '../../../src/commands/verdict.js';
import type { TrustLists } from '../../../src/inbound/trustLists.js';
import type { Connection } from '../../../src/services/connection.js';
import type { TenantAddress } from '../../../src/tenant/tenantAddress.js';
import { judgingCases } from '../../../src/webview/inspectorVerdicts.js';
import { testTrustLists } from '../../support/testTrustLists.js';
import { issueChain } from '../pki/testAuthority.js';

const listNamed = (name: string): TrustLists['neo'] => testTrustLists([], name).neo;
const lists: TrustLists = {
  integrationFlow: listNamed('List of flows'),
  tokenByCertificate: listNamed('List of tokens'),
  neo: listNamed('List of Neo'),
};
const neo: TenantAddress = {
  url: 'https://l1-tmn.hci.eu1.hana.ondemand.com',
  authentication: { kind: 'basic', user: 'u' },
};
const cloudFoundry: TenantAddress = {
  url: 'https://acme.it-cpi001.cfapps.eu10.hana.ondemand.com',
  authentication: { kind: 'clientSecret', tokenUrl: 'https://t.example/oauth/token', clientId: 'c' },
};

describe('the verdict in a question', () => {
  const { leaf, intermediate, root } = issueChain();
  const chain = [leaf, intermediate, root].map(({ certificate }) => certificate);
  const sourceFor = async (address: TenantAddress | undefined): Promise<string | undefined> => {
    const connection =
      address === undefined
        ? undefined
        : ({ id: 't', name: 'ACME', stage: undefined, practice: false, address } satisfies Connection);
    const world = { trust: () => Promise.resolve(lists), now: () => Date.parse('2030-06-01T00:00:00Z') };
    return (await verdictLines(world, connection, { chain, extra: [] })).at(-1);
  };

  it('is by the list of the environment of the tenant', async () => {
    assert.match((await sourceFor(neo)) ?? '', /^Source: List of Neo/);
    assert.match((await sourceFor(cloudFoundry)) ?? '', /^Source: List of flows/);
    assert.match((await sourceFor(undefined)) ?? '', /^Source: List of flows/);
  });

  it('asks on the page of an entry what its environment asks', () => {
    const purposes = (environment: 'neo' | 'cloudFoundry' | 'any'): readonly string[] =>
      judgingCases(lists, { environment }).map(({ purpose }) => purpose);
    assert.deepEqual(purposes('neo'), ['neo', 'outbound']);
    assert.deepEqual(purposes('cloudFoundry'), ['integrationFlow', 'tokenByCertificate', 'outbound']);
    assert.deepEqual(purposes('any'), ['integrationFlow', 'tokenByCertificate', 'neo', 'outbound']);
  });
});

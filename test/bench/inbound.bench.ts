import { randomUUID } from 'node:crypto';
import { certificateJudgement, judgeAcceptance } from '../../src/inbound/acceptance.js';
import { checkInbound, type CertificateJudgement } from '../../src/inbound/inboundChecks.js';
import type { TrustList } from '../../src/inbound/trustLists.js';
import { encodePem } from '../../src/pki/pem.js';
import { publicClient } from '../../src/platform/cfTokens.js';
import { CfJson } from '../../src/practice/cf/cfJson.js';
import { plans } from '../../src/practice/cf/cfCatalog.js';
import { openCloudFoundryAccess } from '../../src/services/cloudFoundryAccess.js';
import { InboundClients } from '../../src/services/inboundClients.js';
import { grantsWithList, parallelRequests } from '../../src/services/inboundReader.js';
import { KeyMemory } from '../../src/services/keyMemory.js';
import { Listeners } from '../../src/services/listeners.js';
import type { InboundNode } from '../../src/views/nodes/inboundModel.js';
import { InboundTree } from '../../src/views/nodes/inboundTree.js';
import { MappingTree } from '../../src/views/nodes/mappingTree.js';
import { dayFormatter } from '../../src/views/nodes/presentation.js';
import { presentInbound } from '../../src/views/nodes/presentInbound.js';
import { memento } from '../support/memento.js';
import {
  aimText,
  compared,
  median,
  milliseconds,
  processorMs,
  sideBySide,
  type Comparison,
  type Tell,
} from './figures.js';
import { certificateOf, rsaKey } from './pkiFixtures.js';
import { bareGets, servePrepared, type PreparedServer } from './preparedServer.js';
import { trustListOf } from './trustListOf.js';

const instanceCount = 200;
const keysPerInstance = 10;
const keyCount = instanceCount * keysPerInstance;
const pageSize = 500;
const guidsPerRequest = 100;
const created = Date.UTC(2026, 0, 1);
const now = Date.UTC(2030, 0, 1);
const space = { guid: randomUUID(), name: 'dev' };
const connection = {
  id: 'bench',
  name: 'Bench',
  stage: undefined,
  practice: false,
  address: {
    url: 'https://bench.example',
    authentication: { kind: 'clientSecret', tokenUrl: 'https://bench.example/token', clientId: 'bench' },
  },
} as const;
const { signal } = new AbortController();

/** 200 service instances with 2,000 keys, each with an external certificate, read beside the same GETs with JSON.parse. */
export async function measure(tell: Tell): Promise<void> {
  const issuer = { name: 'CN=Issuing CA,O=Example,C=DE', key: rsaKey() };
  const list = trustListOf(certificateOf(issuer, issuer, true));
  const server = await servePrepared(answers(issuer));
  try {
    const listing = await readings(server, list, {
      run: (clients) => clients.refresh(connection.id),
      runs: 11,
    });
    tell(
      requests(
        'Requests for the list',
        listing,
        'of them 1 for the roles of each of the first 100 instances',
      ),
    );
    tell(compared('200 instances and 2,000 keys listed', listing.found, { beside: listing.beside }));
    const reading = await readings(server, list, {
      prepare: (clients) => clients.refresh(connection.id),
      run: (clients) => clients.readAll(connection.id, { signal, onProgress: () => {} }),
      runs: 3,
    });
    tell(requests('Requests to read what every key holds', reading, 'told before, and sent on wish only'));
    tell(compared('2,000 keys read', reading.found, { beside: reading.beside }));
    measureModel(reading.clients, list, tell);
  } finally {
    await server.stop();
  }
}

interface Readings {
  readonly found: Comparison;
  readonly requests: number;
  readonly beside: string;
  readonly clients: InboundClients;
}

/** Measures one way of reading with clients made anew each time, beside the very paths that it asks for. */
async function readings(
  server: PreparedServer,
  list: TrustList,
  how: {
    readonly prepare?: (clients: InboundClients) => Promise<unknown>;
    readonly run: (clients: InboundClients) => Promise<unknown>;
    readonly runs: number;
  },
): Promise<Readings> {
  const prepared = async (): Promise<InboundClients> => {
    const clients = open(server.origin, list);
    await how.prepare?.(clients);
    return clients;
  };
  const clients = await prepared();
  await server.asked();
  await how.run(clients);
  const paths = await server.asked();
  check(clients, how.prepare !== undefined);
  // One for each run, and one for the run that does not count.
  const waiting = await Promise.all(Array.from({ length: how.runs + 1 }, prepared));
  const found = await sideBySide(
    how.runs,
    async () => {
      const next = waiting.pop();
      if (next !== undefined) {
        await how.run(next);
      }
    },
    () => bareGets(server.origin, paths, parallelRequests),
  );
  const beside = `${String(paths.length)} GETs with JSON.parse, ${String(parallelRequests)} at a time`;
  return { found, requests: paths.length, beside, clients };
}

function requests(what: string, { requests: count }: Readings, note: string): Parameters<Tell>[0] {
  return { what, here: String(count), beside: note };
}

/** Throws where something was not read: a bench must not be quick because it failed. */
function check(clients: InboundClients, areKeysRead: boolean): void {
  const keys = clients.data(connection.id)?.instances.flatMap((instance) => instance.keys) ?? [];
  const read = keys.filter(({ reading }) => reading.kind === 'read').length;
  if (keys.length !== keyCount || (areKeysRead && read !== keyCount)) {
    throw new Error(`${String(keys.length)} keys were listed and ${String(read)} read.`);
  }
}

/** Checks and rows, by the processor's time: all of them, as if every instance were open. */
function measureModel(clients: InboundClients, list: TrustList, tell: Tell): void {
  const data = clients.data(connection.id)?.instances ?? [];
  const lists = { integrationFlow: list, tokenByCertificate: list, neo: list };
  const checked = (known: Map<string, CertificateJudgement>): readonly unknown[] => {
    const { keys } = checkInbound(data, {
      now,
      warningDays: 30,
      isEverySpace: false,
      judge: (chain) => {
        const sha256 = chain[0]?.sha256 ?? '';
        const judgement =
          known.get(sha256) ??
          certificateJudgement(judgeAcceptance({ chain, extra: [], purpose: 'integrationFlow', lists, now }));
        known.set(sha256, judgement);
        return judgement;
      },
    });
    return [...keys];
  };
  const judged = new Map<string, CertificateJudgement>();
  const first = processed(() => checked(judged));
  tell({
    what: 'Every certificate judged and all 2,000 keys checked, for the first time',
    here: milliseconds(first),
    beside: 'spread over the reading, a hundred keys at a time',
  });
  const presentation = { now, warningDays: 30, formatDay: dayFormatter('en') };
  const treeOf = (): InboundTree =>
    new InboundTree(
      {
        tenants: () => clients.tenants(),
        tenant: (id) => clients.tenant(id),
        load: () => {},
        readKey: () => {},
        readGrantsOf: () => {},
      },
      new MappingTree({ tenants: () => [], tenant: () => undefined, load: () => {} }),
    );
  const instances = (tree: InboundTree): readonly InboundNode[] =>
    tree.roots().flatMap((root) => tree.children(root));
  const all = (tree: InboundTree): readonly InboundNode[] =>
    instances(tree).flatMap((row) => [row, ...tree.children(row)]);
  const cases: readonly [string, () => readonly unknown[], boolean][] = [
    ['Checks of 2,000 keys whose certificates are judged', () => checked(judged), true],
    ['Rows of 200 instances', () => instances(treeOf()), true],
    ['Rows of 200 instances and their 2,000 keys', () => all(treeOf()), true],
    [
      'The same with their texts',
      () => {
        const tree = treeOf();
        return all(tree).map((row) => presentInbound(tree.current(row), presentation));
      },
      false,
    ],
  ];
  for (const [what, run, hasAim] of cases) {
    const times = Array.from({ length: 21 }, () => processed(run));
    tell({
      what,
      here: milliseconds(median(times)),
      ...(hasAim ? { aim: aimText(median(times), 16, 'ms') } : {}),
    });
  }
}

/** The processor's milliseconds for rows, of which there must be some for each instance. */
function processed(run: () => readonly unknown[]): number {
  const started = processorMs();
  if (run().length < instanceCount) {
    throw new Error('Rows are missing.');
  }
  return processorMs() - started;
}

/** The service as a window has it, signed in to the server's Cloud Foundry. */
function open(origin: string, list: TrustList): InboundClients {
  const endpoint = { apiUrl: origin, loginUrl: origin, uaaUrl: origin };
  const place = { organization: { guid: randomUUID(), name: 'bench' }, space };
  const tokens = {
    accessToken: 'bench-token',
    expiresAt: undefined,
    refreshToken: undefined,
    client: publicClient,
  };
  const access = openCloudFoundryAccess(endpoint, {
    log: { info: () => {} },
    timeoutMs: () => 30_000,
    store: {
      load: () => Promise.resolve(tokens),
      save: () => Promise.resolve(),
      forget: () => Promise.resolve(),
    },
    onExpired: () => Promise.resolve(),
  });
  const nothing = new Listeners<never>().listen;
  const cloudFoundry: ConstructorParameters<typeof InboundClients>[0]['cloudFoundry'] = {
    state: () => ({ kind: 'signedIn', endpoint, user: { name: 'bench', origin: undefined }, place }),
    access: () => Promise.resolve(access),
    onDidChange: nothing,
    onDidPerform: nothing,
  };
  return new InboundClients({
    connections: { list: () => [connection], get: () => connection, onDidChange: nothing },
    cloudFoundry,
    issuers: () => () => Promise.resolve([]),
    keys: new KeyMemory(cloudFoundry),
    trust: () => Promise.resolve({ integrationFlow: list, tokenByCertificate: list, neo: list }),
    memory: memento(),
    warningDays: () => 30,
    now: () => now,
  });
}

/** Everything that is asked for, by path and query, as Cloud Foundry writes it. */
function answers(issuer: Parameters<typeof certificateOf>[1]): Readonly<Record<string, unknown>> {
  const json = new CfJson(
    () => '{origin}',
    () => true,
  );
  const [plan] = plans;
  const done = {
    type: 'create',
    state: 'succeeded',
    description: '',
    createdAt: created,
    updatedAt: created,
  } as const;
  const common = { createdAt: created, updatedAt: created, parameters: {}, lastOperation: done };
  const names = Array.from(
    { length: instanceCount },
    (_, index) => `inbound-${String(index).padStart(3, '0')}`,
  );
  const instances = names.map((name) => ({
    ...common,
    guid: randomUUID(),
    name,
    spaceGuid: space.guid,
    planGuid: plan.guid,
  }));
  const keys = instances.flatMap(({ guid: instanceGuid, name }) =>
    Array.from({ length: keysPerInstance }, (_, index) => ({
      ...common,
      guid: randomUUID(),
      name: `${name}-key-${String(index)}`,
      instanceGuid,
      credentials: {},
    })),
  );
  const made: Record<string, unknown> = {};
  const list = (path: string, rows: readonly object[], included?: object): void => {
    const pages = Math.max(1, Math.ceil(rows.length / pageSize));
    const at = (page: number): string => (page === 0 ? path : `${path}&page=${String(page + 1)}`);
    for (let page = 0; page < pages; page++) {
      made[at(page)] = {
        pagination: {
          total_results: rows.length,
          total_pages: pages,
          next: page + 1 < pages ? { href: `{origin}${at(page + 1)}` } : null,
        },
        resources: rows.slice(page * pageSize, (page + 1) * pageSize),
        ...(included === undefined ? {} : { included }),
      };
    }
  };
  const perPage = `per_page=${String(pageSize)}`;
  list(
    `/v3/service_plans?service_offering_names=it-rt&include=service_offering&${perPage}`,
    plans.map((one) => json.plan(one)),
    { service_offerings: [json.offering()] },
  );
  const planGuids = plans.map(({ guid }) => guid).join(',');
  list(
    `/v3/service_instances?type=managed&service_plan_guids=${planGuids}&space_guids=${space.guid}&${perPage}`,
    instances.map((one) => json.instance(one)),
  );
  for (let start = 0; start < instances.length; start += guidsPerRequest) {
    const guids = instances.slice(start, start + guidsPerRequest).map(({ guid }) => guid);
    list(
      `/v3/service_credential_bindings?type=key&service_instance_guids=${guids.join(',')}&${perPage}`,
      keys.filter(({ instanceGuid }) => guids.includes(instanceGuid)).map((one) => json.key(one)),
    );
  }
  for (const { guid } of instances.slice(0, grantsWithList)) {
    made[`/v3/service_instances/${guid}/parameters`] = {
      'grant-types': ['client_credentials'],
      roles: ['ESBMessaging.send'],
    };
  }
  const key = rsaKey();
  for (const { guid, name } of keys) {
    const certificate = certificateOf({ name: `CN=${name},O=Example,C=DE`, key }, issuer, false);
    const path = `/v3/service_credential_bindings/${guid}`;
    made[`${path}/details`] = {
      credentials: {
        oauth: {
          clientid: name,
          certificate: encodePem('CERTIFICATE', certificate),
          url: 'https://bench.example',
          tokenurl: 'https://bench.example/oauth/token',
          createdate: new Date(created).toISOString(),
        },
      },
    };
    made[`${path}/parameters`] = { 'key-type': 'certificate_external', 'pin-certificate': true };
  }
  return made;
}

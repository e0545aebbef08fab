import assert from 'node:assert/strict';
import { KeystoreError, type ErrorCode } from '../../../src/errors.js';
import { CfApi } from '../../../src/platform/cfApi.js';
import { listOrganizations, listSpaces } from '../../../src/platform/cfOrganizations.js';
import { listServicePlans } from '../../../src/platform/cfServices.js';
import {
  findServiceInstance,
  listServiceInstances,
  readServiceInstance,
  readServiceInstanceParameters,
} from '../../../src/platform/cfServiceInstances.js';
import {
  listServiceKeys,
  readServiceKey,
  readServiceKeyCredentials,
  readServiceKeyParameters,
} from '../../../src/platform/cfServiceKeys.js';
import { postServiceKey } from '../../../src/platform/cfServiceKeys.js';
import { startCf, type CfFixture } from '../../support/cfFixture.js';

const signal = new AbortController().signal;

/** A page as the documentation shows it. */
function page(resources: readonly object[], over: object = {}, rest: object = {}): { body: object } {
  return {
    body: {
      pagination: {
        total_results: resources.length,
        total_pages: 1,
        first: { href: 'https://api.example.org/v3/x?page=1&per_page=50' },
        last: { href: 'https://api.example.org/v3/x?page=1&per_page=50' },
        next: null,
        previous: null,
        ...over,
      },
      resources,
      ...rest,
    },
  };
}

const instanceRow = {
  guid: 'c89b3280-fe8d-4aa0-a42e-44465bb1c61c',
  created_at: '2020-03-10T15:49:29Z',
  updated_at: '2020-03-10T15:49:29Z',
  name: 'my-managed-instance',
  tags: [],
  type: 'managed',
  maintenance_info: { version: '1.0.0' },
  upgrade_available: false,
  dashboard_url: 'https://service-broker.example.org/dashboard',
  last_operation: {
    type: 'create',
    state: 'succeeded',
    description: 'Operation\nsucceeded',
    updated_at: '2020-03-10T15:49:32Z',
    created_at: '2020-03-10T15:49:29Z',
  },
  relationships: {
    service_plan: { data: { guid: '5358d122-638e-11ea-afca-bf6e756684ac' } },
    space: { data: { guid: '5a84d315-9513-4d74-95e5-f6a5501eeef7' } },
  },
  metadata: { labels: {}, annotations: {} },
  links: {
    self: { href: 'https://api.example.org/v3/service_instances/c89b3280-fe8d-4aa0-a42e-44465bb1c61c' },
  },
};
const userProvidedRow = {
  guid: '88ce23e5-27c3-4381-a2df-32a28ec43133',
  created_at: '2020-03-10T15:56:08Z',
  updated_at: '2020-03-10T15:56:08Z',
  name: 'my-user-provided-instance',
  tags: ['sql'],
  type: 'user-provided',
  relationships: { space: { data: { guid: '5a84d315-9513-4d74-95e5-f6a5501eeef7' } } },
};
const keyRow = {
  guid: '7aa37bad-6ccb-4ef9-ba48-9ce3a91b2b62',
  type: 'key',
  name: 'some-key-name',
  created_at: '2015-11-13T17:02:56Z',
  updated_at: '2016-06-08T16:41:26Z',
  last_operation: null,
  relationships: { service_instance: { data: { guid: '8bfe4c1b-9e18-45b1-83be-124163f31f9e' } } },
};
const key = {
  guid: '7aa37bad-6ccb-4ef9-ba48-9ce3a91b2b62',
  name: 'some-key-name',
  instanceGuid: '8bfe4c1b-9e18-45b1-83be-124163f31f9e',
  createdAt: new Date('2015-11-13T17:02:56Z'),
  lastOperation: undefined,
};

describe('Cloud Foundry client', () => {
  let cf: CfFixture;
  let api: CfApi;
  beforeEach(async () => {
    cf = await startCf();
    api = new CfApi(cf.session);
  });
  afterEach(() => cf.server.stop());

  const failure = async (promise: Promise<unknown>): Promise<KeystoreError> => {
    try {
      await promise;
    } catch (error) {
      assert.ok(KeystoreError.is(error), String(error));
      return error;
    }
    assert.fail('it succeeded');
  };

  describe('lists', () => {
    it('organizations', async () => {
      cf.server.on(
        'GET /v3/organizations?per_page=500',
        page([
          { guid: 'o1', name: 'acme', suspended: false, relationships: { quota: { data: { guid: 'q' } } } },
          { x: 1 },
        ]),
      );
      assert.deepEqual((await listOrganizations(api, signal)).resources, [{ guid: 'o1', name: 'acme' }]);
    });

    it('spaces of an organization', async () => {
      const row = {
        guid: 's1',
        name: 'dev',
        relationships: { organization: { data: { guid: 'o1' } }, quota: { data: null } },
      };
      cf.server.on('GET /v3/spaces?organization_guids=o1,o2&per_page=500', page([row]));
      cf.server.on('GET /v3/spaces?per_page=500', page([]));
      const list = await listSpaces(api, { organizationGuids: ['o1', 'o2'] }, signal);
      assert.deepEqual(list.resources, [{ guid: 's1', name: 'dev', organizationGuid: 'o1' }]);
      assert.deepEqual((await listSpaces(api, {}, signal)).resources, []);
    });

    const schema = {
      $schema: 'http://json-schema.org/draft-04/schema#',
      type: 'object',
      properties: { a: {} },
    };
    const planRow = {
      guid: 'p1',
      name: 'integration-flow',
      available: true,
      free: false,
      broker_catalog: { id: 'x', features: { plan_updateable: true, bindable: true } },
      schemas: {
        service_instance: { create: { parameters: schema }, update: {} },
        service_binding: { create: { parameters: schema } },
      },
      relationships: { service_offering: { data: { guid: 'f1' } } },
    };
    const offeringRow = {
      guid: 'f1',
      name: 'it-rt',
      broker_catalog: { id: 'y', features: { instances_retrievable: true, bindings_retrievable: false } },
    };
    it('plans with their offering and schemas', async () => {
      cf.server.on(
        'GET /v3/service_plans?service_offering_names=it-rt&names=integration-flow,api&space_guids=s1&include=service_offering&per_page=500',
        page(
          [planRow, { ...planRow, relationships: {} }],
          {},
          { included: { service_offerings: [offeringRow] } },
        ),
      );
      const filter = { offeringName: 'it-rt', planNames: ['integration-flow', 'api'], spaceGuid: 's1' };
      assert.deepEqual(await listServicePlans(api, filter, signal), [
        {
          guid: 'p1',
          name: 'integration-flow',
          offering: { guid: 'f1', name: 'it-rt', instancesRetrievable: true, bindingsRetrievable: false },
          available: true,
          schemas: { createInstance: schema, updateInstance: undefined, createKey: schema },
        },
      ]);
    });

    it('plans that tell little', async () => {
      cf.server.on(
        'GET /v3/service_plans?service_offering_names=it-rt&include=service_offering&per_page=500',
        page(
          [{ guid: 'p1', name: 'api', relationships: planRow.relationships }],
          {},
          { included: { service_offerings: [{ guid: 'f1', name: 'it-rt' }] } },
        ),
      );
      const [plan] = await listServicePlans(api, { offeringName: 'it-rt' }, signal);
      assert.deepEqual(plan?.schemas, {
        createInstance: undefined,
        updateInstance: undefined,
        createKey: undefined,
      });
      assert.equal(plan.offering.bindingsRetrievable, undefined);
      assert.equal(plan.available, true);
    });

    it('instances', async () => {
      cf.server.on(
        'GET /v3/service_instances?type=managed&service_plan_guids=p1&space_guids=s1&per_page=500',
        page([instanceRow, userProvidedRow]),
      );
      const list = await listServiceInstances(api, { planGuids: ['p1'], spaceGuids: ['s1'] }, { signal });
      assert.deepEqual(list.resources, [
        {
          guid: 'c89b3280-fe8d-4aa0-a42e-44465bb1c61c',
          name: 'my-managed-instance',
          spaceGuid: '5a84d315-9513-4d74-95e5-f6a5501eeef7',
          planGuid: '5358d122-638e-11ea-afca-bf6e756684ac',
          createdAt: new Date('2020-03-10T15:49:29Z'),
          updatedAt: new Date('2020-03-10T15:49:29Z'),
          lastOperation: {
            type: 'create',
            state: 'succeeded',
            description: 'Operation succeeded',
            updatedAt: new Date('2020-03-10T15:49:32Z'),
          },
        },
      ]);
    });

    it('finds an instance by its exact name, a user-provided one as well', async () => {
      const path = 'GET /v3/service_instances?names=my-user-provided-instance&space_guids=s1&per_page=500';
      cf.server.on(path, page([instanceRow, userProvidedRow]));
      const found = await findServiceInstance(
        api,
        { name: 'my-user-provided-instance', spaceGuid: 's1' },
        signal,
      );
      assert.equal(found?.guid, '88ce23e5-27c3-4381-a2df-32a28ec43133');
      cf.server.on(
        'GET /v3/service_instances?names=50%2525%252C%20a%26b&space_guids=s1&per_page=500',
        page([instanceRow]),
      );
      assert.equal(await findServiceInstance(api, { name: '50%, a&b', spaceGuid: 's1' }, signal), undefined);
    });

    it('keys of plans, without bindings of apps', async () => {
      cf.server.on(
        'GET /v3/service_credential_bindings?type=key&service_plan_guids=p1,p2&per_page=500',
        page([keyRow, { ...keyRow, type: 'app' }, { ...keyRow, relationships: {} }]),
      );
      const list = await listServiceKeys(api, { planGuids: ['p1', 'p2'] }, { signal });
      assert.deepEqual(list.resources, [key]);
    });

    it('keys of many instances by several requests of bearable length', async () => {
      const guids = Array.from(
        { length: 230 },
        (_, number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
      );
      for (const start of [0, 100, 200]) {
        const some = guids.slice(start, start + 100);
        cf.server.on(
          `GET /v3/service_credential_bindings?type=key&service_instance_guids=${some.join(',')}&per_page=500`,
          page(some.map((guid) => ({ ...keyRow, relationships: { service_instance: { data: { guid } } } }))),
        );
      }
      const heard: number[] = [];
      const list = await listServiceKeys(
        api,
        { instanceGuids: guids },
        { signal, onPage: (read) => heard.push(read) },
      );
      assert.deepEqual(
        list.resources.map(({ instanceGuid }) => instanceGuid),
        guids,
      );
      assert.deepEqual(heard, [100, 200, 230]);
      assert.equal(list.total, 230);
      assert.ok(cf.server.lines.every((line) => line.length < 4_000));
      assert.deepEqual((await listServiceKeys(api, { instanceGuids: [] }, { signal })).resources, []);
    });
  });

  describe('pages', () => {
    const first = 'GET /v3/organizations?per_page=500';
    const next = (path: string): object => ({ next: { href: cf.server.url + path }, total_results: 3 });

    it('are followed to the end', async () => {
      cf.server.on(first, page([{ guid: 'a', name: 'a' }], next('/v3/organizations?page=2&per_page=500')));
      cf.server.on(
        'GET /v3/organizations?page=2&per_page=500',
        page([{ guid: 'b', name: 'b' }], next('/v3/organizations?page=3&per_page=500')),
      );
      cf.server.on(
        'GET /v3/organizations?page=3&per_page=500',
        page([{ guid: 'c', name: 'c' }], { total_results: 3 }),
      );
      const list = await listOrganizations(api, signal);
      assert.deepEqual(
        list.resources.map(({ guid }) => guid),
        ['a', 'b', 'c'],
      );
      assert.equal(list.isComplete, true);
      assert.equal(list.total, 3);
    });

    it('end where they go round', async () => {
      cf.server.on(first, page([{ guid: 'a', name: 'a' }], next('/v3/organizations?page=2')));
      cf.server.on(
        'GET /v3/organizations?page=2',
        page([{ guid: 'b', name: 'b' }], next('/v3/organizations?page=2')),
      );
      const list = await listOrganizations(api, signal);
      assert.equal(list.resources.length, 2);
      assert.equal(list.isComplete, false);
    });

    it('end at a bound, and that is told', async () => {
      for (let number = 1; number <= 60; number++) {
        cf.server.on(
          number === 1 ? first : `GET /v3/organizations?page=${number}`,
          page([{ guid: `g${number}`, name: 'x' }], {
            ...next(`/v3/organizations?page=${number + 1}`),
            total_results: 60,
          }),
        );
      }
      const list = await listOrganizations(api, signal);
      assert.equal(list.resources.length, 40);
      assert.equal(list.isComplete, false);
      assert.equal(list.total, 60);
    });

    it('of another host are not followed', async () => {
      cf.server.on(first, page([], { next: { href: 'https://evil.example/v3/organizations?page=2' } }));
      const error = await failure(listOrganizations(api, signal));
      assert.equal(error.code, 'bad-answer');
      assert.deepEqual(cf.server.lines, [first]);
    });

    for (const [name, answer] of [
      ['no JSON', { body: 'x' }],
      ['no resources', { body: { pagination: {} } }],
      ['a web page', { body: '<html>', headers: { 'Content-Type': 'text/html' } }],
    ] as const) {
      it(`are bad-answer with ${name}`, async () => {
        cf.server.on(first, answer);
        assert.equal((await failure(listOrganizations(api, signal))).code, 'bad-answer');
      });
    }
  });

  describe('single resources', () => {
    it('are undefined where there are none', async () => {
      const notFound = {
        status: 404,
        body: { errors: [{ code: 10010, title: 'CF-ResourceNotFound', detail: 'x' }] },
      };
      cf.server.on('GET /v3/service_instances/g', notFound);
      cf.server.on('GET /v3/service_credential_bindings/g', notFound);
      cf.server.on('GET /v3/service_credential_bindings/g/details', notFound);
      assert.equal(await readServiceInstance(api, 'g', signal), undefined);
      assert.equal(await readServiceKey(api, 'g', signal), undefined);
      assert.equal(await readServiceKeyCredentials(api, { guid: 'g', name: 'k' }, signal), undefined);
    });

    it('that a gateway does not find are no absence', async () => {
      cf.server.on('GET /v3/service_instances/g', {
        status: 404,
        body: '<html>404',
        headers: { 'Content-Type': 'text/html' },
      });
      assert.equal((await failure(readServiceInstance(api, 'g', signal))).code, 'bad-answer');
    });

    it('keep a hostile guid within its segment of the path', async () => {
      cf.server.on('GET /v3/service_instances/..%2Forganizations%3Fx', { body: instanceRow });
      await readServiceInstance(api, '../organizations?x', signal);
    });

    it('read what a key holds', async () => {
      cf.server.on('GET /v3/service_credential_bindings/g/details', {
        body: { credentials: { oauth: { clientid: 'c' } } },
      });
      assert.deepEqual(await readServiceKeyCredentials(api, { guid: 'g', name: 'k' }, signal), {
        oauth: { clientid: 'c' },
      });
      cf.server.on('GET /v3/service_credential_bindings/g/details', {
        status: 403,
        body: {
          errors: [
            {
              code: 10003,
              title: 'CF-NotAuthorized',
              detail: 'You are not authorized to perform the requested action',
            },
          ],
        },
      });
      const error = await failure(readServiceKeyCredentials(api, { guid: 'g', name: 'k' }, signal));
      assert.equal(error.code, 'forbidden');
      assert.match(String(error.details.explanation), /Space Developer/);
    });

    const parameters: readonly (readonly [string, { status: number; body: object }, string])[] = [
      ['known', { status: 200, body: { roles: ['ESBMessaging.send'] } }, 'known'],
      [
        'not retrievable',
        {
          status: 502,
          body: {
            errors: [
              {
                code: 120004,
                title: 'CF-ServiceFetchInstanceParametersNotSupported',
                detail: 'This service does not support fetching service instance parameters.',
              },
            ],
          },
        },
        'notRetrievable',
      ],
      [
        'forbidden',
        { status: 403, body: { errors: [{ code: 10003, title: 'CF-NotAuthorized', detail: 'x' }] } },
        'forbidden',
      ],
      [
        'gone',
        { status: 404, body: { errors: [{ code: 10010, title: 'CF-ResourceNotFound', detail: 'x' }] } },
        'gone',
      ],
    ];
    for (const [name, answer, kind] of parameters) {
      it(`tell parameters that are ${name}`, async () => {
        cf.server.on('GET /v3/service_instances/g/parameters', answer);
        cf.server.on('GET /v3/service_credential_bindings/g/parameters', answer);
        assert.equal((await readServiceInstanceParameters(api, 'g', signal)).kind, kind);
        assert.equal((await readServiceKeyParameters(api, 'g', signal)).kind, kind);
      });
    }
    it('throw where reading parameters fails for another reason', async () => {
      cf.server.on('GET /v3/service_instances/g/parameters', { status: 502, body: '' });
      assert.equal((await failure(readServiceInstanceParameters(api, 'g', signal))).code, 'server-error');
    });
  });

  describe('failures', () => {
    type Row = readonly [
      name: string,
      status: number,
      error: object | undefined,
      code: ErrorCode,
      words: RegExp,
    ];
    const error = (code: number, title: string, detail: string): object => ({
      code,
      title: `CF-${title}`,
      detail,
    });
    const rows: readonly Row[] = [
      ['invalid token', 401, error(1000, 'InvalidAuthToken', 'Invalid Auth Token'), 'signed-out', /Sign in/],
      [
        'not authenticated',
        401,
        error(10002, 'NotAuthenticated', 'Authentication error'),
        'signed-out',
        /Sign in/,
      ],
      [
        'not authorized',
        403,
        error(10003, 'NotAuthorized', 'You are not authorized'),
        'forbidden',
        /Space Developer/,
      ],
      ['scopes', 403, error(10007, 'InsufficientScope', 'Your token lacks'), 'forbidden', /Sign in/],
      [
        'bad query',
        400,
        error(10005, 'BadQueryParameter', 'The query parameter is invalid: x'),
        'rejected',
        /parameter is invalid/,
      ],
      [
        'no resource',
        404,
        error(10010, 'ResourceNotFound', 'Service instance not found'),
        'not-found',
        /not there any more/,
      ],
      [
        'key name taken',
        422,
        error(
          10008,
          'UnprocessableEntity',
          "The binding name is invalid. Key binding names must be unique. The service instance already has a key binding with name 'k'.",
        ),
        'already-exists',
        /key with the name "k" already/,
      ],
      [
        'key being deleted',
        422,
        error(
          10008,
          'UnprocessableEntity',
          "The binding name is invalid. Key binding names must be unique. The service instance already has a key binding with the name 'k' that is getting deleted or its deletion failed.",
        ),
        'already-exists',
        /is being deleted/,
      ],
      [
        'operation in progress',
        422,
        error(10008, 'UnprocessableEntity', 'There is an operation in progress for the service instance.'),
        'locked',
        /wait for its end/,
      ],
      [
        'operation in progress',
        409,
        error(
          60016,
          'AsyncServiceInstanceOperationInProgress',
          'An operation for service instance i is in progress.',
        ),
        'locked',
        /wait for its end/,
      ],
      [
        'concurrency',
        422,
        error(270018, 'ServiceBrokerConcurrencyError', 'The service broker could not perform'),
        'locked',
        /wait for its end/,
      ],
      ['a conflict of another kind', 409, error(1, 'X', 'y'), 'locked', /wait/],
      [
        'quota',
        422,
        error(
          10008,
          'UnprocessableEntity',
          "You have exceeded your space's limit for service binding of type key.",
        ),
        'rejected',
        /quota/,
      ],
      [
        'services limit',
        400,
        error(60005, 'ServiceInstanceQuotaExceeded', "You have exceeded your organization's services limit."),
        'rejected',
        /quota/,
      ],
      [
        'plan not available',
        422,
        error(10008, 'UnprocessableEntity', 'Service plan is not available.'),
        'rejected',
        /Entitlements/,
      ],
      [
        'plan not allowed',
        403,
        error(60018, 'ServiceInstanceSpaceNotAuthorized', 'cannot be created in this space'),
        'rejected',
        /Entitlements/,
      ],
      [
        'switched off',
        403,
        error(330002, 'FeatureDisabled', 'Feature Disabled: service_instance_creation'),
        'forbidden',
        /switched this off/,
      ],
      [
        'shared',
        403,
        error(390004, 'SharedServiceInstanceNotUpdatableInTargetSpace', 'x'),
        'refused',
        /shared/,
      ],
      [
        'deprecated grant type',
        422,
        error(10008, 'UnprocessableEntity', 'grant type client_x509 is not supported'),
        'rejected',
        /Mend Grant Types/,
      ],
      [
        'another 422',
        422,
        error(10008, 'UnprocessableEntity', 'Names must be\nfine'),
        'rejected',
        /refused the request: Names must be fine/,
      ],
      ['no body', 400, undefined, 'bad-answer', /proxy/],
      ['not implemented', 501, undefined, 'server-error', /501/],
    ];
    for (const [name, status, body, code, words] of rows) {
      it(`tell ${name} (${status}) as ${code} with a next step, and that nothing was done`, async () => {
        cf.server.on('POST /oauth/token', { body: { access_token: 'B', expires_in: 599 } });
        cf.server.on('POST /v3/service_credential_bindings', {
          status,
          body: body === undefined ? '' : { errors: [body] },
        });
        const failed = await failure(
          postServiceKey(api, { name: 'k', instanceGuid: 'i', parameters: {} }, signal),
        );
        assert.equal(failed.code, code);
        assert.match(String(failed.details.explanation), words);
        assert.equal(failed.details.performed, 'no');
        assert.equal(failed.details.where, 'cf');
      });
    }

    const waits: readonly (readonly [Record<string, string>, RegExp])[] = [
      [{ 'Retry-After': '90' }, /90 seconds/],
      [{ 'Retry-After': '3600' }, /60 minutes/],
      [{}, /few minutes/],
    ];
    for (const [headers, words] of waits) {
      it(`tell how long to wait after 429 with ${JSON.stringify(headers)}`, async () => {
        const body = { errors: [{ code: 20008, title: 'CF-UaaRateLimited', detail: 'x' }] };
        cf.server.on('GET /v3/organizations?per_page=500', { status: 429, headers, body });
        const failed = await failure(listOrganizations(api, signal));
        assert.equal(failed.code, 'rate-limited');
        assert.match(String(failed.details.explanation), words);
      });
    }
    it('tell the wait from the time of the reset', async () => {
      const reset = String(cf.clock.now / 1000 + 7 + 600);
      cf.server.on('GET /v3/organizations?per_page=500', {
        status: 429,
        headers: { 'X-RateLimit-Reset': reset },
      });
      assert.match(String((await failure(listOrganizations(api, signal))).details.explanation), /10 minutes/);
    });

    it('of a write that may have been done are answer-lost', async () => {
      for (const status of [500, 502, 503, 504, 408, 302]) {
        cf.server.on('POST /v3/service_credential_bindings', { status, body: '' });
        const failed = await failure(
          postServiceKey(api, { name: 'k', instanceGuid: 'i', parameters: {} }, signal),
        );
        assert.equal(failed.code, 'answer-lost', String(status));
        assert.equal(failed.details.performed, undefined);
      }
    });

    it('never repeat a token', async () => {
      const detail = 'bad ACCESS-canary-1 token';
      cf.server.on('GET /v3/organizations?per_page=500', {
        status: 400,
        body: { errors: [{ code: 1, title: 'x', detail }] },
      });
      const failed = await failure(listOrganizations(api, signal));
      assert.equal(failed.details.said, 'bad ••• token');
      assert.doesNotMatch(JSON.stringify(failed.details), /canary/);
    });
  });
});

import assert from 'node:assert/strict';
import { KeystoreError } from '../../../src/errors.js';
import {
  changedInstanceParameters,
  instanceGrants,
  mendedGrantTypes,
  newInstanceParameters,
  roleProblem,
} from '../../../src/inbound/serviceInstanceParameters.js';

describe('parameters of service instances', () => {
  it('are those that SAP documents', () => {
    const grants = { roles: ['ESBMessaging.send', 'myRole1'], grantTypes: ['client_credentials'] };
    assert.deepEqual(newInstanceParameters('integration-flow', grants), {
      'grant-types': ['client_credentials'],
      'redirect-uris': [],
      roles: ['ESBMessaging.send', 'myRole1'],
    });
    assert.deepEqual(
      newInstanceParameters('api', { ...grants, roles: ['MonitoringDataRead', 'SecurityMaterialEdit'] }),
      {
        roles: ['MonitoringDataRead', 'SecurityMaterialEdit'],
        'grant-types': ['client_credentials'],
      },
    );
  });

  it('keep what is known when they change', () => {
    const current = {
      kind: 'known',
      parameters: { roles: ['a'], 'grant-types': ['client_x509'], 'redirect-uris': ['https://x'], other: 1 },
    } as const;
    assert.deepEqual(changedInstanceParameters(current, { roles: ['a', 'b'] }), {
      roles: ['a', 'b'],
      'grant-types': ['client_x509'],
      'redirect-uris': ['https://x'],
      other: 1,
    });
    assert.deepEqual(
      changedInstanceParameters({ kind: 'notRetrievable' }, { grantTypes: ['client_credentials'] }),
      {
        'grant-types': ['client_credentials'],
      },
    );
  });

  it('lose the deprecated grant type and get the one that certificates need', () => {
    assert.deepEqual(mendedGrantTypes(['client_x509']), ['client_credentials']);
    assert.deepEqual(mendedGrantTypes(['password', 'client_x509', 'client_credentials']), [
      'password',
      'client_credentials',
    ]);
    assert.deepEqual(mendedGrantTypes([]), ['client_credentials']);
  });

  it('tell roles and grant types, or why not', () => {
    assert.deepEqual(
      instanceGrants({ kind: 'known', parameters: { roles: ['a', 5], 'grant-types': ['b'] } }),
      {
        kind: 'known',
        roles: ['a'],
        grantTypes: ['b'],
      },
    );
    const unknown = [
      { kind: 'known', parameters: {} },
      { kind: 'notRetrievable' },
      { kind: 'forbidden' },
      { kind: 'gone' },
    ] as const;
    for (const parameters of unknown) {
      const grants = instanceGrants(parameters);
      assert.ok(grants.kind === 'notKnown' && grants.reason !== '');
    }
  });

  it('take names of roles by SAP’s rule only', () => {
    const good = ['ESBMessaging.send', 'my_role.1', 'A'];
    const bad = ['', 'my role', 'a-b', 'ä', 'a,b', 'a\n', '$(x)'];
    assert.deepEqual(
      [...good, ...bad].filter((role) => roleProblem(role) === undefined),
      good,
    );
    assert.throws(
      () => newInstanceParameters('api', { roles: ['a-b'], grantTypes: [] }),
      (error) => KeystoreError.is(error, 'invalid-input'),
    );
  });
});

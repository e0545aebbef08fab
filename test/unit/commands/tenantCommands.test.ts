import assert from 'node:assert/strict';

import { Cancelled, KeystoreError } from '../../../src/errors.js';
import {
  addTenant,
  describeRoles,
  removeTenant,
  renameTenant,
  signIn,
  testConnection,
} from '../../../src/commands/tenantCommands.js';
import type { Environment } from '../../../src/commands/environment.js';
import type { Connection } from '../../../src/services/connection.js';
import type { TenantSecret } from '../../../src/tenant/tenantAddress.js';
import { actionContext as context } from '../../support/actionContext.js';
import { fileUri } from '../../support/localWorld.js';
import { ScriptedPrompts, type ScriptedAnswer } from '../../support/scriptedPrompts.js';

interface World {
  readonly environment: Environment;
  readonly list: Connection[];
  readonly secrets: Map<string, TenantSecret>;
  readonly prompts: ScriptedPrompts;
}

/** Connections in memory behind the real commands. */
function world(answers: ScriptedAnswer[], list: Connection[] = []): World {
  const secrets = new Map<string, TenantSecret>();
  const prompts = new ScriptedPrompts(answers);
  const connections = {
    list: () => list,
    get: (id: string) => list.find((connection) => connection.id === id),
    add: (connection: Omit<Connection, 'id'>, secret: TenantSecret) => {
      const added = { ...connection, id: `t${list.length + 1}` };
      list.push(added);
      secrets.set(added.id, secret);
      return Promise.resolve(added);
    },
    update: (connection: Connection, secret?: TenantSecret) => {
      list.splice(
        list.findIndex(({ id }) => id === connection.id),
        1,
        connection,
      );
      if (secret !== undefined) {
        secrets.set(connection.id, secret);
      }
      return Promise.resolve();
    },
    remove: (id: string) => {
      list.splice(
        list.findIndex((connection) => connection.id === id),
        1,
      );
      secrets.delete(id);
      return Promise.resolve();
    },
  };
  const environment = {
    connections,
    keystores: { load: () => undefined },
    prompts,
    navigator: { revealTenant: () => Promise.resolve() },
    now: () => 0,
    run: () => Promise.resolve(),
  } as unknown as Environment;
  return { environment, list, secrets, prompts };
}

const noFile = (): Promise<Uint8Array> => Promise.reject(new Error('no file'));
const key = JSON.stringify({
  oauth: {
    clientid: 'sb-1!b1|it!b1',
    clientsecret: 'secret-of-the-key',
    url: 'https://acme-dev.it-cpi001.cfapps.eu10.hana.ondemand.com',
    tokenurl: 'https://acme-dev.authentication.eu10.hana.ondemand.com/oauth/token',
  },
});

const acme: Connection = {
  id: 't1',
  name: 'ACME',
  stage: 'DEV',
  practice: false,
  address: {
    url: 'https://acme-dev.it-cpi001.cfapps.eu10.hana.ondemand.com',
    authentication: { kind: 'basic', user: 'developer' },
  },
};

describe('Add Tenant', () => {
  it('takes a pasted service key and proposes name and stage from the host', async () => {
    const { environment, list, secrets, prompts } = world([
      'Paste a service key…',
      key,
      { wish: 'keep' },
      'DEV',
    ]);
    await addTenant(environment, noFile);
    prompts.done();
    assert.deepEqual(
      list.map(({ name, stage }) => [name, stage]),
      [['acme-dev', 'DEV']],
    );
    assert.deepEqual(secrets.get('t1'), { kind: 'clientSecret', clientSecret: 'secret-of-the-key' });
    assert.doesNotMatch(JSON.stringify(list), /secret-of-the-key/);
  });

  it('takes an address and basic credentials by hand', async () => {
    const { environment, list, secrets, prompts } = world([
      'User and password…',
      'https://acme-tmn.hci.eu1.hana.ondemand.com/',
      'S0001',
      'pass-word',
      'Neo',
      'No stage',
    ]);
    await addTenant(environment, noFile);
    prompts.done();
    assert.deepEqual(list[0]?.address, {
      url: 'https://acme-tmn.hci.eu1.hana.ondemand.com',
      authentication: { kind: 'basic', user: 'S0001' },
    });
    assert.deepEqual(secrets.get('t1'), { kind: 'basic', password: 'pass-word' });
  });

  it('goes back without losing what was answered', async () => {
    const { environment, list, prompts } = world([
      'User and password…',
      'https://acme-tmn.hci.eu1.hana.ondemand.com',
      { wish: 'back' },
      { wish: 'keep' },
      'S0002',
      'pass-word',
      'Neo',
      'PRD',
    ]);
    await addTenant(environment, noFile);
    prompts.done();
    assert.equal(list[0]?.stage, 'PRD');
  });

  it('goes back from the name to the choice of the way, past a key from the clipboard or a file', async () => {
    const file = { uri: fileUri('/key.json') };
    for (const [way, ...more] of [
      ['Service key from the clipboard'],
      ['Service key from a file…', file],
    ] as const) {
      const { environment, list, prompts } = world([
        way,
        ...more,
        { wish: 'back' },
        'Paste a service key…',
        key,
        'ACME',
        'PRD',
      ]);
      prompts.clipboard = key;
      await addTenant(environment, () => Promise.resolve(Buffer.from(key)));
      prompts.done();
      assert.equal(list[0]?.name, 'ACME');
    }
  });

  it('leaves nothing behind on Escape', async () => {
    const { environment, list, secrets } = world(['Paste a service key…', key, { wish: 'escape' }]);
    await assert.rejects(addTenant(environment, noFile), Cancelled);
    assert.equal(list.length, 0);
    assert.equal(secrets.size, 0);
  });

  it('names what is missing in a key from the clipboard', async () => {
    const { environment, prompts } = world(['Service key from the clipboard']);
    prompts.clipboard = '{"oauth":{"url":"https://acme.it-cpi001.cfapps.eu10.hana.ondemand.com"}}';
    await assert.rejects(
      addTenant(environment, noFile),
      (error) =>
        KeystoreError.is(error, 'invalid-input') && /clientid/.test(String(error.details['explanation'])),
    );
  });

  it('reads a file that PowerShell wrote as UTF-16', async () => {
    const { environment, secrets, prompts } = world([
      'Service key from a file…',
      { uri: fileUri('key.json') },
      { wish: 'keep' },
      'DEV',
    ]);
    await addTenant(environment, () => Promise.resolve(Buffer.from(`\ufeff${key}`, 'utf16le')));
    prompts.done();
    assert.deepEqual(secrets.get('t1'), { kind: 'clientSecret', clientSecret: 'secret-of-the-key' });
  });

  it('forgives blanks around what was pasted by hand', async () => {
    const { environment, list, secrets, prompts } = world([
      'Client id and secret…',
      ' https://acme.it-cpi001.cfapps.eu10.hana.ondemand.com ',
      { wish: 'keep' },
      ' sb-1!b1|it!b1 ',
      ' client-secret ',
      'ACME',
      'No stage',
    ]);
    await addTenant(environment, noFile);
    prompts.done();
    assert.deepEqual(list[0]?.address.authentication, {
      kind: 'clientSecret',
      tokenUrl: 'https://acme.authentication.eu10.hana.ondemand.com/oauth/token',
      clientId: 'sb-1!b1|it!b1',
    });
    assert.deepEqual(secrets.get('t1'), { kind: 'clientSecret', clientSecret: 'client-secret' });
  });

  it('renews the service key of a tenant that is known already', async () => {
    const first = world(['Paste a service key…', key, { wish: 'keep' }, 'DEV']);
    await addTenant(first.environment, noFile);
    const renewed = key.replace('secret-of-the-key', 'newer-secret');
    const second = world(['Paste a service key…', renewed, { wish: 'keep' }, 'DEV'], first.list);
    await addTenant(second.environment, noFile);
    assert.deepEqual(
      second.list.map(({ name }) => name),
      ['acme-dev'],
    );
    assert.deepEqual(second.secrets.get('t1'), { kind: 'clientSecret', clientSecret: 'newer-secret' });
  });
});

describe('other tenant commands', () => {
  it('renames without touching the secret', async () => {
    const { environment, list, secrets } = world(['ACME Test', 'QA'], [acme]);
    await renameTenant(environment, { tenantId: 't1' });
    assert.deepEqual(list[0], { ...acme, name: 'ACME Test', stage: 'QA' });
    assert.equal(secrets.size, 0);
  });

  it('signs in again with the secret alone', async () => {
    const { environment, secrets } = world(['pass-word'], [acme]);
    await signIn(environment, { tenantId: 't1' });
    assert.deepEqual(secrets.get('t1'), { kind: 'basic', password: 'pass-word' });
  });

  const byKey: Connection = {
    ...acme,
    address: {
      url: acme.address.url,
      authentication: {
        kind: 'clientSecret',
        tokenUrl: 'https://acme-dev.authentication.eu10.hana.ondemand.com/oauth/token',
        clientId: 'sb-old',
      },
    },
  };

  it('signs in again with a client secret, or with a whole service key made anew', async () => {
    const bySecret = world(['new-secret '], [byKey]);
    await signIn(bySecret.environment, { tenantId: 't1' });
    assert.deepEqual(bySecret.secrets.get('t1'), { kind: 'clientSecret', clientSecret: 'new-secret' });
    const byWholeKey = world([key], [byKey]);
    await signIn(byWholeKey.environment, { tenantId: 't1' });
    assert.deepEqual(byWholeKey.secrets.get('t1'), {
      kind: 'clientSecret',
      clientSecret: 'secret-of-the-key',
    });
    assert.equal(JSON.stringify(byWholeKey.list[0]?.address.authentication).includes('sb-1!b1|it!b1'), true);
  });

  it('refuses to sign in with a service key of another tenant, and with a secret where a certificate is needed', async () => {
    const other = world([key.replace('acme-dev.it', 'acme-prod.it')], [byKey]);
    await assert.rejects(
      signIn(other.environment, { tenantId: 't1' }),
      /acme-prod\.it-cpi001\.cfapps\.eu10\.hana\.ondemand\.com, not of "ACME"/,
    );
    const authentication = { ...byKey.address.authentication, kind: 'clientCertificate' as const };
    const certificate = world(
      ['a-secret'],
      [{ ...byKey, address: { ...byKey.address, authentication } } as Connection],
    );
    await assert.rejects(signIn(certificate.environment, { tenantId: 't1' }), /no JSON/);
    assert.equal(other.secrets.size + certificate.secrets.size, 0);
  });

  it('removes only after a yes', async () => {
    const refused = world([{ wish: 'no' }], [acme]);
    await removeTenant(refused.environment, { tenantId: 't1' });
    assert.equal(refused.list.length, 1);
    const agreed = world([{ wish: 'yes' }], [acme]);
    await removeTenant(agreed.environment, { tenantId: 't1' });
    assert.equal(agreed.list.length, 0);
  });

  describe('Test Connection', () => {
    const tested = async (
      connection: Connection,
      options: { scopes?: readonly string[]; answer?: () => Promise<unknown>; status?: string },
    ): Promise<{ messages: readonly string[]; refreshed: readonly string[] }> => {
      const { environment, prompts } = world([], [connection]);
      const refreshed: string[] = [];
      Object.assign(environment.keystores, {
        access: () =>
          Promise.resolve({
            client: { readServiceDocument: options.answer ?? (() => Promise.resolve(['KeystoreEntries'])) },
            grantedScopes: () => Promise.resolve(options.scopes),
          }),
        tenants: () => [{ id: 't1', status: { kind: options.status ?? 'failed' } }],
        refresh: (id: string) => Promise.resolve(void refreshed.push(id)),
      });
      await testConnection(environment, { tenantId: 't1' }, context);
      return { messages: prompts.messages, refreshed };
    };

    it('tells token, API and roles, and reads a tenant anew that had failed', async () => {
      const { messages, refreshed } = await tested(byKey, { scopes: ['it!b1.MonitoringDataRead'] });
      assert.match(
        messages.join(),
        /token was given and the API answers.*Read: present.*Edit: missing.*nothing created/,
      );
      assert.deepEqual(refreshed, ['t1']);
      assert.deepEqual((await tested(byKey, { status: 'loaded' })).refreshed, []);
    });

    it('tells the roles where the API refuses the token that was given', async () => {
      const answer = (): Promise<unknown> =>
        Promise.reject(new KeystoreError('forbidden', 'x', { details: { status: 403 } }));
      await assert.rejects(tested(byKey, { scopes: ['it!b1.SecurityMaterialEdit'], answer }), (error) => {
        assert.ok(KeystoreError.is(error, 'forbidden'));
        assert.match(
          String(error.details['explanation']),
          /token was given, but the API refuses it \(403\).*MonitoringDataRead: missing.*cannot be read/,
        );
        return true;
      });
    });

    it('speaks of no token where a password is used', async () => {
      const { messages } = await tested(acme, {});
      assert.match(messages.join(), /takes the password.*MonitoringDataRead: not known/);
      assert.doesNotMatch(messages.join(), /token/);
    });
  });

  it('tells for each role what its lack forbids, and where the token tells nothing', () => {
    assert.match(
      describeRoles(['it!b55.MonitoringDataRead']),
      /MonitoringDataRead: present.*SecurityMaterialEdit: missing/,
    );
    assert.match(describeRoles(undefined), /MonitoringDataRead: not known/);
  });
});

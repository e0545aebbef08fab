import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  chooseSpace,
  signInToCloudFoundry,
  signOutOfCloudFoundry,
} from '../../../../src/commands/cloudFoundry/session.js';
import { KeystoreError } from '../../../../src/errors.js';
import { CloudFoundryWorld } from '../../../support/cloudFoundryWorld.js';
import { ScriptedPrompts, type ScriptedAnswer } from '../../../support/scriptedPrompts.js';

describe('commands/cloudFoundry/session', function () {
  this.timeout(20_000);
  let world: CloudFoundryWorld;
  const signInWith = async (...answers: ScriptedAnswer[]): Promise<ScriptedPrompts> => {
    const prompts = new ScriptedPrompts(answers);
    await signInToCloudFoundry(world.environment(prompts), undefined, world.ports, world.context);
    prompts.done();
    return prompts;
  };
  const place = () => {
    const state = world.cloudFoundry.state(world.tenantId);
    return state.kind === 'signedIn' ? state.place?.space.name : state.kind;
  };
  const explains = (code: string, pattern: RegExp) => (error: unknown) => {
    assert.ok(KeystoreError.is(error), String(error));
    assert.equal(error.code, code);
    assert.match(String(error.details.explanation), pattern);
    return true;
  };
  beforeEach(async () => {
    world = await CloudFoundryWorld.open();
  });
  afterEach(async () => {
    await world.dispose();
  });

  it('opens the passcode page, takes the code and asks for the space once', async () => {
    const code = world.tenant.cloudFoundry.uaa.passcode();
    const prompts = await signInWith(/^One-time passcode/, `  ${code}\n`, 'dev');
    assert.deepEqual(world.links, [`${world.tenant.cloudFoundryUrl}/passcode`]);
    assert.match(prompts.messages.at(-1) ?? '', /practice@practice\.example, space "dev"/);
    assert.equal(place(), 'dev');
    await signInWith(/^One-time passcode/, world.tenant.cloudFoundry.uaa.passcode());
    assert.ok(!world.public().includes(code));
  });

  it('signs in by user and password, with origin and a second factor in either form', async () => {
    const { uaa } = world.tenant.cloudFoundry;
    const { user, password } = uaa.person;
    uaa.knobs.secondFactor = 'appended';
    await signInWith(/^User/, user, password, 'sap.ids', uaa.knobs.code, 'dev');
    uaa.knobs.secondFactor = 'field';
    await signInWith(/^User/, user, password, '', uaa.knobs.code);
    assert.equal(place(), 'dev');
    assert.ok(!world.public().includes(password));
  });

  it('tells a refused passcode and a refused password without repeating them, and changes nothing', async () => {
    await world.choose('prod');
    await assert.rejects(
      signInWith(/^One-time/, 'wrong-canary'),
      explains('unauthorized', /Each passcode works once/),
    );
    await assert.rejects(
      signInWith(/^User/, 'somebody', 'password-canary', 'other.idp', ''),
      explains('unauthorized', /identity provider "other\.idp"/),
    );
    assert.equal(place(), 'prod');
    assert.ok(!/canary/.test(world.public()));
  });

  it('refuses an empty passcode at once', async () => {
    await assert.rejects(signInWith(/^One-time/, '  '), /Paste the passcode/);
  });

  it('goes back from the passcode to the way, and ends silently by Escape', async () => {
    const { user, password } = world.tenant.cloudFoundry.uaa.person;
    await signInWith(/^One-time/, { wish: 'back' }, /^User/, user, password, '', '', 'dev');
    await assert.rejects(signInWith({ wish: 'escape' }), { name: 'Cancelled' });
  });

  describe('with a tenant of SAP', () => {
    const real = async (url: string): Promise<{ tenantId: string }> => {
      const { id } = await world.connections.add(
        {
          name: 'ACME',
          stage: undefined,
          practice: false,
          address: {
            url,
            authentication: {
              kind: 'clientSecret',
              clientId: 'c',
              tokenUrl: 'https://x.example/oauth/token',
            },
          },
        },
        { kind: 'clientSecret', clientSecret: 's' },
      );
      return { tenantId: id };
    };
    const cliFile = () => join(world.directory, '.cf', 'config.json');
    const cli = async (config: object): Promise<string> => {
      await mkdir(join(world.directory, '.cf'));
      const text = JSON.stringify(config);
      await writeFile(cliFile(), text);
      return text;
    };

    it('proposes the endpoint of its region, and takes another one by hand', async () => {
      const node = await real('https://acme.it-cpi001.cfapps.eu10-004.hana.ondemand.com');
      const items: string[] = [];
      const prompts = new ScriptedPrompts([
        /^One-time/,
        /^Another/,
        world.tenant.cloudFoundryUrl ?? '',
        world.tenant.cloudFoundry.uaa.passcode(),
        'dev',
      ]);
      const pick = prompts.pick.bind(prompts);
      prompts.pick = async (options) => {
        items.push(...(await options.items).map(({ label }) => label));
        return await pick(options);
      };
      await signInToCloudFoundry(world.environment(prompts), node, world.ports, world.context);
      prompts.done();
      const endpoints = items.filter((label) => label.startsWith('https://api.cf.'));
      assert.equal(endpoints[0], 'https://api.cf.eu10-004.hana.ondemand.com');
      assert.ok(endpoints.includes('https://api.cf.eu10.hana.ondemand.com'));
      assert.equal(world.cloudFoundry.state(node.tenantId).kind, 'signedIn');
    });

    it('tells that an address is no Cloud Foundry, and that a host cannot be reached, by the name of the host', async () => {
      const node = await real('https://acme.it-cpi001.cfapps.eu10-004.hana.ondemand.com');
      const run = (apiUrl: string) =>
        signInToCloudFoundry(
          world.environment(new ScriptedPrompts([/^One-time/, /^Another/, apiUrl])),
          node,
          world.ports,
          world.context,
        );
      await assert.rejects(
        run(world.connection.address.url),
        explains('bad-answer', /does not answer as a Cloud Foundry/),
      );
      await assert.rejects(
        run('http://127.0.0.1:9'),
        explains('offline', /"127\.0\.0\.1:9" cannot be reached/),
      );
    });

    it('takes over the session of the cf command line after asking, with its space, and never writes there', async () => {
      const node = await real('https://acme.it-cpi001.cfapps.eu10-004.hana.ondemand.com');
      await world.choose('prod');
      const [key] = [...world.secrets.stored.keys()].filter((name) => name.includes('cloudFoundry'));
      const tokens = JSON.parse(world.secrets.stored.get(key ?? '') ?? '{}') as Record<string, string>;
      const state = world.cloudFoundry.state(world.tenantId);
      assert.ok(state.kind === 'signedIn' && state.place !== undefined);
      const text = await cli({
        Target: world.tenant.cloudFoundryUrl,
        AccessToken: `bearer ${tokens['accessToken']}`,
        RefreshToken: tokens['refreshToken'],
        UAAOAuthClient: 'cf',
        UAAOAuthClientSecret: '',
        OrganizationFields: { GUID: state.place.organization.guid, Name: state.place.organization.name },
        SpaceFields: { GUID: state.place.space.guid, Name: state.place.space.name },
      });
      const run = async (wish: 'yes' | 'no') => {
        const prompts = new ScriptedPrompts([/^Session of the cf/, { wish }]);
        await signInToCloudFoundry(world.environment(prompts), node, world.ports, world.context);
        prompts.done();
        return prompts;
      };
      await assert.rejects(run('no'), { name: 'Cancelled' });
      assert.equal(world.cloudFoundry.state(node.tenantId).kind, 'signedOut');
      const prompts = await run('yes');
      assert.match(prompts.messages[0] ?? '', /practice@practice\.example/);
      const taken = world.cloudFoundry.state(node.tenantId);
      assert.ok(taken.kind === 'signedIn');
      assert.equal(taken.place?.space.name, 'prod');
      assert.equal(await readFile(cliFile(), 'utf8'), text);
    });

    it('tells why the cf command line has no session', async () => {
      const node = await real('https://acme.it-cpi001.cfapps.eu10-004.hana.ondemand.com');
      const run = () =>
        signInToCloudFoundry(
          world.environment(new ScriptedPrompts([/^Session of the cf/])),
          node,
          world.ports,
          world.context,
        );
      await assert.rejects(run(), explains('refused', /never used here/));
      await cli({ Target: 'https://api.cf.eu10.hana.ondemand.com', AccessToken: '' });
      await assert.rejects(run(), explains('refused', /Nobody is signed in with the cf command line/));
      await writeFile(cliFile(), 'no json');
      await assert.rejects(run(), explains('refused', /no configuration of the cf tool/));
    });
  });

  it('refuses a tenant of Neo with where its senders are mapped instead', async () => {
    const { id } = await world.connections.add(
      {
        name: 'Old',
        stage: undefined,
        practice: false,
        address: {
          url: 'https://abc-tmn.hci.eu1.hana.ondemand.com',
          authentication: { kind: 'basic', user: 'S1' },
        },
      },
      { kind: 'basic', password: 'p' },
    );
    const run = chooseSpace(
      world.environment(new ScriptedPrompts([])),
      { tenantId: id },
      world.ports,
      world.context,
    );
    await assert.rejects(run, explains('refused', /Neo environment.*certificate-to-user mappings/));
  });

  it('changes the space, and signs out so that nothing secret is left', async () => {
    await world.choose('dev');
    const prompts = new ScriptedPrompts(['prod']);
    await chooseSpace(world.environment(prompts), undefined, world.ports, world.context);
    prompts.done();
    assert.equal(place(), 'prod');
    await signOutOfCloudFoundry(world.environment(new ScriptedPrompts([])), undefined);
    assert.equal(place(), 'signedOut');
    assert.deepEqual(
      [...world.secrets.stored.keys()].filter((key) => key.includes('cloudFoundry')),
      [],
    );
    await assert.rejects(
      signOutOfCloudFoundry(world.environment(new ScriptedPrompts([])), undefined),
      explains('refused', /Nobody is signed in/),
    );
  });

  it('signs in first where a space is to be chosen and nobody is signed in', async () => {
    const prompts = new ScriptedPrompts([/^One-time/, world.tenant.cloudFoundry.uaa.passcode(), 'dev']);
    await chooseSpace(world.environment(prompts), undefined, world.ports, world.context);
    assert.equal(place(), 'dev');
  });
});

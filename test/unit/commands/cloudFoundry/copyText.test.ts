import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyMappingAsText } from '../../../../src/commands/cloudFoundry/copyText.js';
import { CloudFoundryWorld } from '../../../support/cloudFoundryWorld.js';
import { ScriptedPrompts, type ScriptedAnswer } from '../../../support/scriptedPrompts.js';

const keep = { wish: 'keep' } as const;

describe('commands/cloudFoundry/copyText', function () {
  this.timeout(20_000);
  let world: CloudFoundryWorld;
  const copy = async (argument: unknown, ...answers: ScriptedAnswer[]): Promise<string> => {
    const prompts = new ScriptedPrompts(answers);
    await copyMappingAsText(world.environment(prompts), argument, world.ports, world.context);
    prompts.done();
    return prompts.clipboard;
  };
  before(async () => {
    world = await CloudFoundryWorld.open();
  });
  after(async () => {
    await world.dispose();
  });

  it('gives commands of the cf tool for a file without any sign-in, which bash takes', async () => {
    const { uri, leafPem } = await world.senderFile("CN=it's.example,O=Shop,C=DE");
    const text = await copy(uri, /created as well/, 'acme-inbound', keep, keep, /bash/);
    execFileSync('bash', ['-n'], { input: text });
    // The commands with a stand-in for the tool: each argument as the tool would see it.
    const seen = execFileSync('bash', [], {
      input: `cf() { printf '%s\\0' "$@"; printf '\\n'; }\n${text}`,
      encoding: 'utf8',
    });
    const calls = seen
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split('\0'));
    const [, create, key] = calls;
    assert.deepEqual(create?.slice(0, 4), ['create-service', 'it-rt', 'integration-flow', 'acme-inbound']);
    assert.equal(key?.[0], 'create-service-key');
    const parameters = JSON.parse(key[4] ?? '') as Record<string, string>;
    assert.equal(parameters['X.509'], leafPem.trim());
  });

  it('names the place once it is known, and gives Terraform and the cockpit the same names', async () => {
    await world.choose('dev');
    const { uri } = await world.senderFile('CN=shop.example,O=Shop,C=DE');
    const argument = uri;
    const bash = await copy(argument, /there already/, 'pi-rt-iflow', 'shop', /bash/);
    assert.match(bash, /cf target -o practice-subaccount -s dev/);
    assert.ok(!/create-service /.test(bash));
    const terraform = await copy(argument, /there already/, 'pi-rt-iflow', 'shop', /cloudfoundry/);
    assert.match(terraform, /resource "cloudfoundry_service_credential_binding"/);
    assert.match(terraform, /certificate_external/);
    const btp = await copy(argument, /created as well/, 'pi-rt-iflow', keep, 'shop', /btp/);
    assert.match(btp, /resource "btp_subaccount_service_binding"/);
    const cockpit = await copy(argument, /there already/, 'pi-rt-iflow', 'shop', /cockpit/);
    assert.match(cockpit, /Key Type: External Certificate/);
    assert.match(cockpit, /-----BEGIN CERTIFICATE-----\n/);
  });

  it('asks how the sender proves itself from the palette, and refuses bad names', async () => {
    const text = await copy(
      undefined,
      'Certificate made by SAP',
      /there already/,
      'pi-rt-iflow',
      'crm',
      /bash/,
    );
    assert.match(text, /"key-type":"certificate"/);
    await assert.rejects(copy(undefined, 'Client secret', /there already/, 'a b'), /SAP allows the letters/);
    const powershell = await copy(
      undefined,
      'Client secret',
      /there already/,
      'pi-rt-iflow',
      's',
      /PowerShell/,
    );
    assert.match(powershell, /create-service-key pi-rt-iflow s/);
  });
});

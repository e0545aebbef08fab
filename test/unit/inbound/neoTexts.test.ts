import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { curlCommands, neoCockpitSteps } from '../../../src/inbound/neoTexts.js';
import { mappingId } from '../../../src/tenant/certificateUserMappings.js';
import { NeoWorld } from '../../support/neoWorld.js';

/** A user as a hostile subaccount could name it. */
const hostile = `a'b"c\`d$(touch x) \\ ;exit 1 & | >`;

describe('inbound/neoTexts', function () {
  this.timeout(30_000);
  let world: NeoWorld;
  before(async () => {
    world = await NeoWorld.open();
  });
  after(() => world.dispose());

  it('gives commands that map the certificate when they are run, whatever the user is called', async () => {
    const { leaf } = await world.senderFile("CN=it's\\, a $(touch y) sender,O=`O`");
    const {
      url: tenantUrl,
      user: name,
      password,
    } = world.tenant.neoTenant ?? {
      url: '',
      user: '',
      password: '',
    };
    for (const user of ['orders', hostile]) {
      const text = curlCommands({ tenantUrl, leaf, user, role: 'ESBMessaging.send' });
      const path = join(world.directory, 'map.sh');
      writeFileSync(path, text);
      execFileSync('bash', ['-n', path]);
      assert.ok(!text.includes(password));
      // curl asks for the password where it is left out; here nobody could answer.
      const environment = { PATH: process.env['PATH'], SAP_USER: `${name}:${password}`, no_proxy: '*' };
      // In a process of its own, which the tenant, served in this one, does not wait for.
      const { spawn } = await import('node:child_process');
      const shell = spawn('bash', ['-e', path], { env: environment, cwd: world.directory, stdio: 'pipe' });
      const ended = await new Promise((resolve) => shell.once('close', resolve));
      assert.equal(ended, 0);
      assert.equal((await world.held()).get(mappingId(leaf.der)), user);
    }
  });

  it('does not run without a user of the tenant', async () => {
    const { leaf } = await world.senderFile('CN=x');
    const text = curlCommands({ tenantUrl: 'https://x.example', leaf, user: 'orders', role: 'r' });
    assert.throws(() => execFileSync('bash', ['-c', text], { env: { PATH: '/nonexistent' }, stdio: 'pipe' }));
  });

  it('gives steps for the pages with user, role and certificate', async () => {
    const { leaf } = await world.senderFile('CN=x');
    const text = neoCockpitSteps({ tenantUrl: 'https://x.example', leaf, user: 'orders', role: 'Own.role' });
    assert.match(text, /User Name: orders/);
    assert.match(text, /Application: the one that ends in iflmap\. Role: Own\.role/);
    assert.match(text, /-----BEGIN CERTIFICATE-----/);
  });
});

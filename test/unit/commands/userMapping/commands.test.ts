import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { changeMappedUser } from '../../../../src/commands/userMapping/changeUser.js';
import { copyMappingAsMarkdown } from '../../../../src/commands/userMapping/copyMarkdown.js';
import { createUserMapping } from '../../../../src/commands/userMapping/create.js';
import { deleteUserMapping } from '../../../../src/commands/userMapping/delete.js';
import { exportUserMappings } from '../../../../src/commands/userMapping/export.js';
import { showUserMappings } from '../../../../src/commands/userMapping/show.js';
import { Cancelled, KeystoreError } from '../../../../src/errors.js';
import { readCertificates } from '../../../../src/pki/container.js';
import { encodePem } from '../../../../src/pki/pem.js';
import { mappingId } from '../../../../src/tenant/certificateUserMappings.js';
import { fileUri } from '../../../support/localWorld.js';
import { NeoWorld } from '../../../support/neoWorld.js';
import { ScriptedPrompts, type ScriptedAnswer } from '../../../support/scriptedPrompts.js';

const yes = { wish: 'yes' } as const;
const no = { wish: 'no' } as const;

type Command = typeof createUserMapping;

describe('commands/userMapping', function () {
  this.timeout(30_000);
  let world: NeoWorld;

  before(async () => {
    world = await NeoWorld.open();
  });
  beforeEach(() => world.begin());
  after(() => world.dispose());

  async function run(
    command: Command | typeof showUserMappings,
    argument: unknown,
    ...answers: ScriptedAnswer[]
  ): Promise<ScriptedPrompts> {
    const prompts = new ScriptedPrompts(answers);
    await command(world.environment(prompts), argument, world.ports, world.context);
    prompts.done();
    return prompts;
  }
  const explained = (pattern: RegExp) => (error: unknown) =>
    KeystoreError.is(error) && pattern.test(String(error.details.explanation));

  it('maps a certificate of a file: only the leaf is sent, and verdict, identifier and role are told before', async () => {
    const { uri, leaf } = await world.senderFile('CN=new.example,O=New');
    const prompts = await run(createUserMapping, uri, 'Another user…', 'newcomer', yes);
    const asked = prompts.messages[0] ?? '';
    assert.match(asked, /^Map the certificate to the user "newcomer" in "Practice Tenant of Neo"\?/);
    assert.match(asked, new RegExp(`Identifier in the tenant \\(MD5\\): ${mappingId(leaf.der)}`));
    assert.match(asked, /Will SAP's load balancer accept it\? Yes/);
    assert.match(asked, /the practice tenant's own list/);
    assert.match(asked, /application that ends in "iflmap", role ESBMessaging\.send/);
    assert.match(asked, /Only the sender's own certificate is sent/);
    const sent = (await (
      await world.access(world.tenantId)
    ).mappings.read(mappingId(leaf.der), new AbortController().signal)) ?? { certificate: '' };
    const { certificates } = readCertificates(Buffer.from(sent.certificate ?? '', 'base64'));
    assert.deepEqual(
      certificates.map(({ sha256 }) => sha256),
      [leaf.sha256],
    );
    assert.deepEqual(world.revealed, [{ tenantId: world.tenantId, mappingId: mappingId(leaf.der) }]);
    assert.match(prompts.messages.at(-1) ?? '', /Next, the user needs the role ESBMessaging\.send/);
  });

  it('maps the certificate of an entry of another connected tenant (option 1)', async () => {
    const entry = (
      await (
        await world.access(world.other.id)
      ).client.readEntries({
        signal: new AbortController().signal,
      })
    ).find(({ alias }) => alias === 'sap_cloudintegrationcertificate');
    assert.ok(entry !== undefined);
    const row = { tenantId: world.other.id, hexalias: entry.hexalias };
    await run(createUserMapping, row, 'Another user…', 'ci-of-acme', yes);
    const made = (await world.mappings.current(world.tenantId)).find(({ user }) => user === 'ci-of-acme');
    assert.equal(made?.certificate?.sha256, entry.fingerprintSha256?.replaceAll(':', '').toLowerCase());
    assert.deepEqual(world.performed(), ['map']);
  });

  it('maps the certificate of a set-up, as its page hands it over', async () => {
    const { uri, leaf } = await world.senderFile('CN=page.example');
    const pem = `${encodePem('CERTIFICATE', leaf.der)}${readFileSync(uri.fsPath, 'utf8')}`;
    const certificate = { kind: 'file', uri: uri.fsPath, pem };
    const argument = { receiverId: world.tenantId, name: 'Page', certificate };
    await run(createUserMapping, argument, 'edi', yes);
    assert.equal((await world.held()).get(mappingId(leaf.der)), 'edi');
    const entry = { kind: 'entry', tenantId: world.other.id, hexalias: '77617265686F757365' };
    await assert.rejects(
      run(createUserMapping, { ...argument, certificate: entry }, 'warehouse'),
      /no such item/,
    );
  });

  it('names the role that the endpoint asks for: of the page, and of the set-ups with the certificate', async () => {
    const { uri, leaf } = await world.senderFile('CN=role.example');
    const pem = encodePem('CERTIFICATE', leaf.der);
    const certificate = { kind: 'file', uri: uri.fsPath, pem } as const;
    const argument = { receiverId: world.tenantId, name: 'Page', certificate, role: 'Orders.send' };
    const created = await run(createUserMapping, argument, 'edi', yes);
    for (const told of [created.messages[0], created.messages.at(-1)]) {
      assert.match(told ?? '', /needs the role Orders\.send\. .*"iflmap", role Orders\.send\./);
    }
    const setUp = {
      id: 's1',
      name: 'Role',
      tenantId: world.tenantId,
      certificate,
      way: 'mapping',
      endpoint: { address: '/orders', flow: undefined },
      userRole: 'Orders.send',
    } as const;
    world.setUps = [setUp, { ...setUp, id: 's2' }, { ...setUp, id: 's3', userRole: 'Invoices.send' }];
    await run(createUserMapping, uri, 'orders', yes).then(({ messages }) =>
      assert.match(messages[0] ?? '', /needs the role Orders\.send, Invoices\.send\./),
    );
    const row = { tenantId: world.tenantId, mappingId: mappingId(leaf.der) };
    const changed = await run(changeMappedUser, row, 'edi', yes);
    assert.match(changed.messages[0] ?? '', /needs the role Orders\.send, Invoices\.send\./);
    world.setUps = [{ ...setUp, tenantId: 'another' }];
    const back = await run(changeMappedUser, row, 'orders', yes);
    assert.match(back.messages[0] ?? '', /needs the role ESBMessaging\.send\./);
  });

  it('shows old and new user where the certificate is mapped, and sends nothing where the person declines', async () => {
    const { uri, leaf } = await world.senderFile('CN=twice.example');
    await run(createUserMapping, uri, 'Another user…', 'first', yes);
    const declined = new ScriptedPrompts(['Another user…', 'second', no]);
    await assert.rejects(
      createUserMapping(world.environment(declined), uri, world.ports, world.context),
      Cancelled,
    );
    assert.match(declined.messages[0] ?? '', /User now: first\nUser new: second\nSAP overwrites/);
    assert.deepEqual(world.performed(), ['map']);
    await run(createUserMapping, uri, 'Another user…', 'second', yes);
    assert.equal((await world.held()).get(mappingId(leaf.der)), 'second');
  });

  it('overwrites nothing that was changed elsewhere after it was shown', async () => {
    const row = await world.row('edi');
    const prompts = new ScriptedPrompts(['Another user…', 'mine', yes]);
    const confirm = prompts.confirm.bind(prompts);
    prompts.confirm = async (options) => {
      const mapping = world.mappings.mappings(world.tenantId)?.find(({ id }) => id === row.mappingId);
      const { mappings } = await world.access(world.tenantId);
      const der = mapping?.certificate?.der ?? new Uint8Array();
      await mappings.map({ der, user: 'theirs' }, new AbortController().signal);
      return await confirm(options);
    };
    await assert.rejects(
      changeMappedUser(world.environment(prompts), row, world.ports, world.context),
      explained(/mapped to the user "theirs" by now\. .* nothing was sent/),
    );
    assert.equal((await world.held()).get(row.mappingId), 'theirs');
  });

  it('changes the user with old and new shown, and names what the old one keeps', async () => {
    const row = await world.row('orders');
    const prompts = await run(changeMappedUser, row, 'edi', yes);
    assert.match(prompts.messages[0] ?? '', /User now: orders\nUser new: edi\n/);
    assert.match(prompts.messages[0] ?? '', /Certificates that stay with "orders": 1/);
    assert.equal((await world.held()).get(row.mappingId), 'edi');
  });

  it('offers no user again that it has, and points at one that differs in case only', async () => {
    const row = await world.row('Invoices');
    const prompts = new ScriptedPrompts(['Another user…', { wish: 'escape' }]);
    const input = prompts.input.bind(prompts);
    const hints: (string | undefined)[] = [];
    prompts.input = (options) => {
      assert.match(options.validate?.('Invoices') ?? '', /mapped to already/);
      assert.match(options.validate?.('x'.repeat(151)) ?? '', /between 1 and 150/);
      hints.push(options.hint?.('ORDERS'), options.hint?.('orders'), options.hint?.('quite-new'));
      return input(options);
    };
    await assert.rejects(
      changeMappedUser(world.environment(prompts), row, world.ports, world.context),
      Cancelled,
    );
    assert.match(hints[0] ?? '', /also the user "orders"/);
    assert.deepEqual(hints.slice(1), [undefined, undefined]);
  });

  it('deletes with what stops and what stays named; on a productive tenant the user is typed', async () => {
    await world.connections.update({ ...world.neo, stage: 'PRD' });
    const row = await world.row('orders');
    const wrong = new ScriptedPrompts([yes, { wish: 'escape' }]);
    const input = wrong.input.bind(wrong);
    wrong.input = (options) => {
      assert.match(options.validate?.('Orders') ?? '', /This is not "orders"/);
      assert.equal(options.validate?.('orders'), undefined);
      return input(options);
    };
    await assert.rejects(
      deleteUserMapping(world.environment(wrong), row, world.ports, world.context),
      Cancelled,
    );
    assert.deepEqual(world.performed(), []);
    const prompts = await run(deleteUserMapping, row, yes, 'orders');
    assert.match(
      prompts.messages[0] ?? '',
      /Calls with the certificate of CN=orders\.neo\.example.* are refused/,
    );
    assert.match(prompts.messages[0] ?? '', /Certificates that stay with "orders":\nCN=orders/);
    assert.equal((await world.held()).has(row.mappingId), false);
    const only = await run(deleteUserMapping, await world.row('edi'), yes, 'edi');
    assert.match(only.messages[0] ?? '', /It is the only certificate of "edi"/);
  });

  it('takes a mapping that somebody else deleted for done', async () => {
    const row = await world.row('edi');
    const prompts = new ScriptedPrompts([yes]);
    const confirm = prompts.confirm.bind(prompts);
    prompts.confirm = async (options) => {
      await (await world.access(world.tenantId)).mappings.delete(row.mappingId, new AbortController().signal);
      return await confirm(options);
    };
    await deleteUserMapping(world.environment(prompts), row, world.ports, world.context);
    assert.match(prompts.messages.at(-1) ?? '', /deleted already, by somebody else/);
    await assert.rejects(run(deleteUserMapping, row), explained(/not there any more/));
  });

  it('exports as JSON, as PEM that openssl reads, and as a table in which nothing is markup', async () => {
    const file = (name: string) => ({ uri: fileUri(join(world.directory, name)) });
    await run(exportUserMappings, undefined, 'JSON', file('all.json'));
    await run(exportUserMappings, undefined, /PEM/, file('all.pem'));
    await run(exportUserMappings, undefined, /Markdown/, file('all.md'));
    const all = await world.mappings.current(world.tenantId);
    const json = JSON.parse(readFileSync(join(world.directory, 'all.json'), 'utf8')) as {
      CertificateUserMappings: { Id: string; User: string; Certificate: string }[];
    };
    assert.deepEqual(
      json.CertificateUserMappings.map(({ Id, User }) => [Id, User]),
      all.map(({ id, user }) => [id, user]),
    );
    const list = execFileSync('openssl', ['storeutl', '-noout', '-certs', join(world.directory, 'all.pem')], {
      encoding: 'utf8',
    });
    assert.match(list, new RegExp(`Total found: ${all.length}`));
    const table = readFileSync(join(world.directory, 'all.md'), 'utf8');
    assert.equal(table.split('\n').length, all.length + 3);
    assert.match(table, /`<img src=x onerror=alert\(1\)> \$\(flame\)`/);
    for (const text of ['all.json', 'all.pem', 'all.md'].map((name) =>
      readFileSync(join(world.directory, name), 'utf8'),
    )) {
      assert.doesNotMatch(text, /PRIVATE KEY/);
      assert.ok(!text.includes(world.tenant.neoTenant?.password ?? 'none'));
    }
  });

  it('shows the mapping that is picked, and copies one as a table', async () => {
    await run(showUserMappings, undefined, 'edi');
    assert.deepEqual(world.revealed.length, 1);
    const prompts = new ScriptedPrompts([]);
    const row = await world.row('edi');
    await copyMappingAsMarkdown(world.environment(prompts), row, world.ports, world.context);
    assert.match(prompts.clipboard, /\| `edi` \| `CN=edi\.partner\.example, O=Partner, C=FR` \|/);
  });

  it('refuses a tenant of Cloud Foundry, and says where its senders are mapped', async () => {
    await assert.rejects(
      run(createUserMapping, { tenantId: world.other.id }, /^From a file/, /file/i, {
        uri: (await world.senderFile('CN=x')).uri,
      }),
      explained(/tenant of Cloud Foundry.*Create Service Key/),
    );
    const { uri } = await world.senderFile('CN=x');
    const environment = world.environment(new ScriptedPrompts([]));
    const connections = { list: () => [world.other] } as unknown as typeof environment.connections;
    await assert.rejects(
      createUserMapping({ ...environment, connections }, uri, world.ports, world.context),
      explained(/No tenant of Neo is connected/),
    );
  });

  it('refuses what the limit of 2 MB leaves no room for, before it asks', async () => {
    const { uri, leaf } = await world.senderFile('CN=room');
    const { sentCertificate } = await import('../../../../src/tenant/certificateUserMappings.js');
    const { length } = sentCertificate(leaf.der);
    const [mapping] = await world.mappings.current(world.tenantId);
    assert.ok(mapping !== undefined);
    // As many as fill the tenant but for one byte too few.
    const size = 2 * 1024 * 1024 - length + 1;
    const full = {
      current: () => Promise.resolve([{ ...mapping, size }]),
    } as unknown as typeof world.mappings;
    await assert.rejects(
      createUserMapping(
        world.environment(new ScriptedPrompts(['Another user…', 'x'])),
        uri,
        { ...world.ports, mappings: full },
        world.context,
      ),
      explained(/would take 2049 KB, and the tenant has 2048 KB/),
    );
    assert.deepEqual(world.performed(), []);
  });

  it('lists what the server kept over a restart, and begins anew after a reset', async () => {
    await run(deleteUserMapping, await world.row('edi'), yes);
    const before = await world.held();
    await world.restart();
    world.reload();
    assert.deepEqual(await world.held(), before);
    await world.tenant.reset('neo');
    assert.ok([...(await world.held()).values()].includes('edi'));
  });

  it('logs no user, certificate or password', async () => {
    const { uri } = await world.senderFile('CN=canary.example');
    await run(createUserMapping, uri, 'Another user…', 'canary-user', yes);
    const log = world.lines.join('\n');
    assert.match(log, /POST \/api\/v1\/CertificateUserMappings 201/);
    assert.doesNotMatch(log, /canary/);
    assert.ok(!log.includes(world.tenant.neoTenant?.password ?? 'none'));
  });
});

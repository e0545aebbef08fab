import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { cloudFoundryHandlers } from '../../src/commands/handlers/cloudFoundry.js';
import type { CommandHandler, HandlerTools } from '../../src/commands/handlers/handler.js';
import { Command } from '../../src/contributions.js';
import { encodePem } from '../../src/pki/pem.js';
import { nameOf, PracticeAuthority, spkiOf } from '../../src/practice/authority.js';
import { makeKeys } from '../../src/practice/keys.js';
import { PracticeFiles } from '../../src/practice/practiceFiles.js';
import { CloudFoundry } from '../../src/services/cloudFoundry.js';
import { Connections } from '../../src/services/connections.js';
import { Keystores } from '../../src/services/keystores.js';
import { Practice } from '../../src/services/practice.js';
import { SecretVault } from '../../src/services/secretVault.js';
import { openTenantAccess } from '../../src/services/tenantAccess.js';
import { trustListsFor } from '../../src/services/trust.js';
import { MemorySecrets } from '../support/connections.js';
import { memento } from '../support/memento.js';
import { ScriptedPrompts, type ScriptedAnswer } from '../support/scriptedPrompts.js';
import { extensionUnderTest } from './extension.js';

const { signal } = new AbortController();
const yes = { wish: 'yes' } as const;
const keep = { wish: 'keep' } as const;

describe('commands about Cloud Foundry on the practice tenant', function () {
  this.timeout(60_000);
  let directory: string;
  let practice: Practice;
  let connections: Connections;
  let cloudFoundry: CloudFoundry;
  let keystores: Keystores;
  let tenantId: string;
  let handlers: Readonly<Record<string, CommandHandler>>;
  let prompts: ScriptedPrompts;

  before(async () => {
    directory = fs.mkdtempSync(join(tmpdir(), 'cf-host-'));
    const state = memento();
    const vault = new SecretVault(state, new MemorySecrets());
    let count = 0;
    connections = new Connections(state, vault, () => `t${++count}`);
    practice = new Practice(join(directory, 'practice'), connections, 'Practice Tenant');
    tenantId = (await practice.connect()).id;
    const log = { info: () => undefined } as unknown as Parameters<typeof openTenantAccess>[1]['log'];
    const timeoutMs = (): number => 10_000;
    cloudFoundry = new CloudFoundry(state, vault, connections, { log, timeoutMs });
    keystores = new Keystores(
      connections,
      (connection) => Promise.resolve(openTenantAccess(connection, { connections, log, timeoutMs })),
      { now: Date.now, onFailure: () => undefined },
    );
    const { extensionPath } = extensionUnderTest();
    handlers = cloudFoundryHandlers({
      environment: {
        get prompts() {
          return prompts;
        },
        connections,
        keystores,
        cloudFoundry,
        now: Date.now,
        trust: (connection: ReturnType<Connections['get']>) =>
          trustListsFor(connection, { extensionPath, listFiles: [] }),
        navigator: { revealTenant: () => Promise.resolve() },
      },
      practice,
      state,
      extensionPath,
    } as unknown as HandlerTools);
    (await practice.tenant()).cloudFoundry.faults.jobMilliseconds = 0;
  });
  after(async () => {
    cloudFoundry.dispose();
    keystores.dispose();
    await (await practice.tenant()).dispose();
    fs.rmSync(directory, { recursive: true, force: true });
  });

  async function run(id: string, argument: unknown, ...answers: ScriptedAnswer[]): Promise<ScriptedPrompts> {
    prompts = new ScriptedPrompts(answers);
    await handlers[id]?.run(
      { signal, withProgress: (_, work) => work({ signal, report: () => undefined }) },
      argument,
      undefined,
    );
    prompts.done();
    return prompts;
  }

  const performed = async (): Promise<readonly string[]> =>
    (await practice.tenant()).cloudFoundry.journal.performed.map(({ operation }) => operation);

  it('signs in with user and password, and changes the space', async () => {
    const { user, password } = (await practice.tenant()).cloudFoundry.uaa.person;
    await run(Command.cloudFoundrySignIn, { tenantId }, /^User/, user, password, '', '', 'prod');
    await run(Command.cloudFoundryChooseSpace, { tenantId }, 'dev');
    const state = cloudFoundry.state(tenantId);
    assert.ok(state.kind === 'signedIn' && state.place?.space.name === 'dev');
  });

  it('creates an instance, changes its roles, mends another, and connects a tenant by a new one', async () => {
    await run(
      Command.serviceInstanceCreate,
      { tenantId },
      'integration-flow',
      'host-inbound',
      keep,
      'Continue',
      yes,
    );
    await run(Command.serviceInstanceChangeRoles, { tenantId }, 'host-inbound', 'Orders.send', yes);
    await run(Command.serviceInstanceMendGrantTypes, { tenantId }, 'pi-rt-2021', yes);
    await run(Command.serviceInstanceCreate, { tenantId }, 'api', 'host-api', keep, yes);
    assert.deepEqual(await performed(), [
      'createInstance',
      'updateInstance',
      'updateInstance',
      'createInstance',
      'createKey',
    ]);
    assert.equal(connections.list().length, 2);
  });

  it('maps a certificate of a file, copies it as text, saves credentials, and deletes the key', async () => {
    const authority = await PracticeAuthority.open(new PracticeFiles(join(directory, 'practice')), Date.now);
    const leaf = authority.issue({
      subject: nameOf('CN=host.example,O=Host,C=DE'),
      spki: spkiOf(await makeKeys({ type: 'EC', size: undefined, curve: 'P-256' })),
      notBefore: new Date(Date.now() - 60_000),
      notAfter: new Date(Date.now() + 200 * 86_400_000),
    });
    const path = join(directory, 'host.pem');
    fs.writeFileSync(path, encodePem('CERTIFICATE', leaf));
    const uri = vscode.Uri.file(path);
    const tenant = 'Practice Tenant';
    const created = await run(Command.serviceKeyCreate, uri, tenant, 'host-inbound', keep, /^Pinned/, yes);
    assert.match(created.messages[0] ?? '', /practice tenant's own list/);
    const copied = await run(Command.mappingCopyAsText, uri, /there already/, 'host-inbound', keep, /bash/);
    assert.match(copied.clipboard, /create-service-key host-inbound host\.example/);
    const saved = vscode.Uri.file(join(directory, 'host.json'));
    await run(Command.serviceKeySaveCredentials, { tenantId }, 'host-inbound', 'host.example', {
      uri: saved,
    });
    assert.equal(fs.statSync(saved.fsPath).mode & 0o777, 0o600);
    await run(Command.serviceKeyDelete, { tenantId }, 'host-inbound', 'host.example', yes);
    assert.equal((await performed()).at(-1), 'deleteKey');
  });

  it('writes the private key of a certificate made by SAP to a file of its owner', async () => {
    const uri = vscode.Uri.file(join(directory, 'by-sap.pem'));
    await run(
      Command.serviceKeyCreate,
      { tenantId },
      /^Certificate made by SAP/,
      'host-inbound',
      'by-sap',
      keep,
      /^2048/,
      { uri },
      yes,
    );
    const text = fs.readFileSync(uri.fsPath, 'utf8');
    assert.equal(createPrivateKey(text).asymmetricKeyType, 'rsa');
    assert.equal(fs.statSync(uri.fsPath).mode & 0o777, 0o600);
  });

  it('has nothing unfinished left, and signs out', async () => {
    const followed = await run(Command.cloudFoundryFollow, undefined);
    assert.match(followed.messages[0] ?? '', /works on nothing/);
    await run(Command.cloudFoundrySignOut, undefined);
    assert.equal(cloudFoundry.state(tenantId).kind, 'signedOut');
  });
});

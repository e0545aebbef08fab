import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { Command } from '../../src/contributions.js';
import { CloudFoundryHost } from './cloudFoundryHost.js';

const yes = { wish: 'yes' } as const;
const keep = { wish: 'keep' } as const;

describe('commands about Cloud Foundry on the practice tenant', function () {
  this.timeout(60_000);
  let host: CloudFoundryHost;
  let tenantId: string;
  before(async () => {
    host = await CloudFoundryHost.open();
    tenantId = host.tenantId;
  });
  after(() => host.dispose());

  it('signs in with user and password, and changes the space', async () => {
    const { user, password } = (await host.practice.tenant()).cloudFoundry.uaa.person;
    await host.run(Command.cloudFoundrySignIn, { tenantId }, /^User/, user, password, '', '', 'prod');
    await host.run(Command.cloudFoundryChooseSpace, { tenantId }, 'dev');
    const state = host.cloudFoundry.state(tenantId);
    assert.ok(state.kind === 'signedIn' && state.place?.space.name === 'dev');
  });

  it('creates an instance, changes its roles, mends another, and connects a tenant by a new one', async () => {
    await host.run(
      Command.serviceInstanceCreate,
      { tenantId },
      'integration-flow',
      'host-inbound',
      keep,
      'Continue',
      keep,
      yes,
    );
    await host.run(Command.serviceInstanceChangeRoles, { tenantId }, 'host-inbound', 'Orders.send', yes);
    await host.run(Command.serviceInstanceMendGrantTypes, { tenantId }, 'pi-rt-2021', yes);
    await host.run(Command.serviceInstanceCreate, { tenantId }, 'api', 'host-api', keep, yes);
    assert.deepEqual(await host.performed(), [
      'createInstance',
      'updateInstance',
      'updateInstance',
      'createInstance',
      'createKey',
    ]);
    assert.equal(host.connections.list().length, 2);
  });

  it('maps a certificate of a file, copies it as text, saves credentials, and deletes the key', async () => {
    const uri = await host.senderFile('host.pem', 'CN=host.example,O=Host,C=DE');
    const tenant = 'Practice Tenant';
    const created = await host.run(
      Command.serviceKeyCreate,
      uri,
      tenant,
      'host-inbound',
      keep,
      /^Pinned/,
      yes,
    );
    assert.match(created.messages[0] ?? '', /practice tenant's own list/);
    const copied = await host.run(
      Command.mappingCopyAsText,
      uri,
      /there already/,
      'host-inbound',
      keep,
      /bash/,
    );
    assert.match(copied.clipboard, /create-service-key host-inbound host\.example/);
    const saved = vscode.Uri.file(join(host.directory, 'host.json'));
    await host.run(Command.serviceKeySaveCredentials, { tenantId }, 'host-inbound', 'host.example', {
      uri: saved,
    });
    assert.equal(fs.statSync(saved.fsPath).mode & 0o777, 0o600);
    await host.run(Command.serviceKeyDelete, { tenantId }, 'host-inbound', 'host.example', yes);
    assert.equal((await host.performed()).at(-1), 'deleteKey');
  });

  it('writes the private key of a certificate made by SAP to a file of its owner', async () => {
    const uri = vscode.Uri.file(join(host.directory, 'by-sap.pem'));
    await host.run(
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
    const followed = await host.run(Command.cloudFoundryFollow, undefined);
    assert.match(followed.messages[0] ?? '', /works on nothing/);
    await host.run(Command.cloudFoundrySignOut, undefined);
    assert.equal(host.cloudFoundry.state(tenantId).kind, 'signedOut');
  });
});

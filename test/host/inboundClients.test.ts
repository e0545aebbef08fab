import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Command } from '../../src/contributions.js';
import { KeystoreError } from '../../src/errors.js';
import { CloudFoundryHost } from './cloudFoundryHost.js';

const yes = { wish: 'yes' } as const;
const keep = { wish: 'keep' } as const;

describe('commands about inbound clients on the practice tenant', function () {
  this.timeout(60_000);
  let host: CloudFoundryHost;
  let tenant: { readonly tenantId: string };
  before(async () => {
    host = await CloudFoundryHost.open();
    tenant = { tenantId: host.tenantId };
  });
  after(() => host.dispose());

  const spaces = (): readonly string[] => {
    const instances = host.clients.data(host.tenantId)?.instances ?? [];
    return [...new Set(instances.map(({ spaceName }) => spaceName ?? ''))];
  };
  const explained = (pattern: RegExp) => (error: unknown) =>
    KeystoreError.is(error) && pattern.test(String(error.details.explanation));

  it('names the way where nobody is signed in', async () => {
    await assert.rejects(
      host.run(Command.inboundReadAll, undefined),
      explained(/Run "Sign In to Cloud Foundry…" first/),
    );
    const { user, password } = (await host.practice.tenant()).cloudFoundry.uaa.person;
    await host.run(Command.cloudFoundrySignIn, tenant, /^User/, user, password, '', '', 'dev');
  });

  it('reads all keys, looks in every space and back, and reads anew', async () => {
    const read = await host.run(Command.inboundReadAll, tenant);
    assert.match(read.messages[0] ?? '', /^\d+ keys were read with \d+ requests\.$/);
    const again = await host.run(Command.inboundReadAll, tenant);
    assert.deepEqual(again.messages, ['Every key that can be read has been read.']);
    assert.deepEqual(spaces(), ['dev']);
    await host.run(Command.inboundAllSpaces, tenant);
    assert.deepEqual([...spaces()].sort(), ['audit', 'dev', 'prod']);
    await host.run(Command.inboundOneSpace, tenant);
    assert.deepEqual(spaces(), ['dev']);
    await host.run(Command.inboundRefresh, undefined);
    await host.run(Command.inboundRefresh, host.row('warehouse'));
    assert.equal(host.key(({ name }) => name === 'warehouse').reading.kind, 'read');
  });

  it('leads from a key to the entry with its certificate and from the entry to its keys', async () => {
    await host.run(Command.inboundRevealEntry, host.row('orders-pinned'));
    const hexalias = Buffer.from('orders-sender').toString('hex').toUpperCase();
    await host.run(Command.entryShowServiceKeys, { ...tenant, kind: 'entry', hexalias });
    await host.run(Command.inboundReadAll, tenant);
    await host.run(Command.entryShowServiceKeys, undefined, 'warehouse', 'warehouse-copy');
    assert.deepEqual(host.shown.splice(0), [
      'entry orders-sender',
      'key orders-pinned',
      'key warehouse-copy',
    ]);
    await assert.rejects(
      host.run(Command.inboundRevealEntry, host.row('customs')),
      explained(/Neither a keystore .* nor a file .* has the certificate of "customs"/),
    );
    await assert.rejects(
      host.run(Command.inboundRevealEntry, host.row('reporting-secret')),
      explained(/holds no certificate/),
    );
  });

  it('copies public facts of a key to the clipboard, and nothing secret', async () => {
    const customs = host.row('customs');
    const copied: string[] = [];
    for (const id of [
      Command.inboundCopyName,
      Command.inboundCopySubject,
      Command.inboundCopyIssuer,
      Command.inboundCopyFingerprint,
      Command.inboundCopyPem,
    ]) {
      copied.push((await host.run(id, customs)).clipboard);
    }
    const [name, subject = '', issuer = '', fingerprint = '', pem = ''] = copied;
    assert.equal(name, 'customs');
    assert.match(subject, /CN=customs\.example/);
    assert.match(issuer, /Practice Issuing CA/);
    assert.match(fingerprint, /^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    assert.match(pem, /^-----BEGIN CERTIFICATE-----\n[^-]+-----END CERTIFICATE-----\n$/);
    await assert.rejects(
      host.run(Command.inboundCopyPem, host.row('reporting-secret')),
      explained(/holds no certificate/),
    );
  });

  it('renews a key: a second one beside it, continued later, and the old one deleted', async () => {
    const uri = await host.senderFile('customs.pem', 'CN=customs.example,O=Customs,C=FR');
    await host.run(
      Command.serviceKeyRenew,
      host.row('customs'),
      /Choose the Renewed Certificate/,
      /^From a file, the clipboard/,
      /file/i,
      { uri },
      yes,
      /Create the Second Key/,
      'customs-next',
      yes,
      'Continue Later',
    );
    const today = new Date().toISOString().slice(0, 10);
    await host.run(Command.renewalContinue, undefined, /Confirm a Good Call/, yes, today, 'Continue Later');
    const ended = await host.run(Command.renewalContinue, undefined, /Delete "customs"/, yes);
    assert.match(ended.messages.at(-1) ?? '', /^The renewal is finished: "customs" is deleted/);
    assert.deepEqual(await host.performed(), ['createKey', 'deleteKey']);
    await host.run(Command.inboundRefresh, undefined);
    assert.throws(() => host.key(({ name }) => name === 'customs'));
    assert.ok(host.key(({ name }) => name === 'customs-next'));
    await assert.rejects(host.run(Command.renewalContinue, undefined), explained(/No renewal was begun/));
  });

  it('finds the keys with the certificate of a file', async () => {
    const uri = vscode.Uri.joinPath(vscode.Uri.file(host.directory), 'customs.pem');
    await host.run(Command.entryShowServiceKeys, uri);
    assert.deepEqual(host.shown, ['key customs-next']);
  });

  it('deletes a key of a row', async () => {
    await host.run(Command.serviceKeyDelete, host.row('legacy'), yes);
    assert.equal((await host.performed()).at(-1), 'deleteKey');
    await host.run(Command.inboundRefresh, undefined);
    assert.throws(() => host.key(({ name }) => name === 'legacy'));
  });

  it('creates a key at the instance of a row, with the certificate of an entry', async () => {
    const { instanceGuid } = host.row('warehouse-copy');
    const row = { kind: 'serviceInstance', ...tenant, instanceGuid };
    const created = await host.run(
      Command.serviceKeyCreate,
      row,
      /^Certificate of a keystore entry/,
      'partner-customs',
      keep,
      /^Not pinned/,
      yes,
    );
    assert.match(created.messages.join('\n'), /holds the certificate/);
  });
});

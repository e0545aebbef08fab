import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { Command, View } from '../../src/contributions.js';
import { KeystoreError } from '../../src/errors.js';
import { CloudFoundryHost } from './cloudFoundryHost.js';

const yes = { wish: 'yes' } as const;
const keep = { wish: 'keep' } as const;

describe('commands about sender set-ups on the practice tenant', function () {
  this.timeout(60_000);
  let host: CloudFoundryHost;
  let tenant: { readonly tenantId: string };
  before(async () => {
    host = await CloudFoundryHost.open();
    tenant = { tenantId: host.tenantId };
  });
  after(async () => {
    await host.dispose();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  const pages = (): readonly string[] =>
    vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.includes(View.mapping))
      .map(({ label }) => label);
  /** Titles of tabs come from the workbench a little later than the panel. */
  const pagesAre = async (wanted: (labels: readonly string[]) => boolean): Promise<void> => {
    if (wanted(pages())) {
      return;
    }
    await new Promise<void>((resolve) => {
      const subscription = vscode.window.tabGroups.onDidChangeTabs(() => {
        if (wanted(pages())) {
          subscription.dispose();
          resolve();
        }
      });
    });
  };
  const explained = (pattern: RegExp) => (error: unknown) =>
    KeystoreError.is(error) && pattern.test(String(error.details.explanation));

  it('makes a set-up of a file and shows its page, and that of an entry', async () => {
    const uri = await host.senderFile('shop.pem', 'CN=shop.example,O=Shop,C=DE');
    await host.run(Command.mappingShow, undefined, 'Certificate file', { uri }, keep);
    await pagesAre((labels) => labels.some((label) => label.includes('shop.example')));
    const hexalias = Buffer.from('orders-sender').toString('hex').toUpperCase();
    await host.keystores.refresh(host.tenantId);
    await host.run(Command.mappingShow, { ...tenant, kind: 'entry', hexalias });
    await pagesAre((labels) => labels.length === 2);
    assert.deepEqual(
      host.setUps.list().map(({ name }) => name),
      ['shop.example', 'orders-sender'],
    );
    await host.run(Command.mappingShow, undefined, 'shop.example');
    assert.equal(pages().length, 2, 'one page for each set-up');
  });

  it('refuses a certificate with which no sender can call', async () => {
    await assert.rejects(
      host.run(
        Command.mappingShow,
        undefined,
        'New set-up…',
        'Certificate in the keystore',
        'sap_cloudintegrationcertificate',
      ),
      explained(/cannot leave the tenant/),
    );
    assert.equal(host.setUps.list().length, 2);
  });

  it('changes every part of a set-up', async () => {
    const [setUp] = host.setUps.list();
    assert.ok(setUp);
    const given = { setUpId: setUp.id };
    await host.run(Command.mappingChange, given, 'Name', 'Shop');
    await host.run(Command.mappingChange, given, 'Way', yes);
    await host.run(Command.mappingChange, given, 'Endpoint', 'Enter by hand…', '/http/orders');
    await host.run(Command.mappingChange, given, 'Role', 'Orders.send');
    const changed = host.setUps.get(setUp.id);
    assert.deepEqual(
      [changed?.name, changed?.way, changed?.endpoint?.address, changed?.userRole],
      ['Shop', 'adapter', '/http/orders', 'Orders.send'],
    );
    await host.run(Command.mappingChange, { ...given, what: 'way', way: 'mapping' });
    await host.run(Command.mappingChange, given, 'Receiving tenant');
    await host.run(
      Command.mappingChange,
      given,
      'Sender certificate',
      'Certificate in the keystore',
      'partner-customs',
    );
    const certificate = host.setUps.get(setUp.id)?.certificate;
    assert.ok(certificate?.kind === 'entry');
    assert.equal(Buffer.from(certificate.hexalias, 'hex').toString(), 'partner-customs');
  });

  it('reads the service keys of its receiver when asked', async () => {
    const { user, password } = (await host.practice.tenant()).cloudFoundry.uaa.person;
    await host.run(Command.cloudFoundrySignIn, tenant, /^User/, user, password, '', '', 'dev');
    const [, orders] = host.setUps.list();
    assert.ok(orders);
    await host.run(Command.mappingReadKeys, { setUpId: orders.id });
    const known = await host.facts.settled(orders.id);
    assert.ok(known?.mapping.kind === 'serviceKeys');
    const keys = known.mapping.instances.flatMap((instance) => instance.keys);
    assert.ok(keys.length > 0 && keys.every(({ reading }) => reading.kind !== 'notRead'));
    assert.deepEqual(await host.performed(), []);
  });

  it('saves the page as Markdown without secrets', async () => {
    const uri = vscode.Uri.file(join(host.directory, 'orders.md'));
    await host.run(Command.mappingSaveMarkdown, { setUpId: host.setUps.list()[1]?.id }, { uri });
    const text = readFileSync(uri.fsPath, 'utf8');
    assert.match(text, /^# .*orders-sender/);
    assert.match(text, /orders-pinned/);
    const kept = readFileSync(join(host.directory, 'practice', 'practice-cloud-foundry.json'), 'utf8');
    const secrets = [...kept.matchAll(/"clientsecret":"([^"]+)"/g)].map(([, secret]) => secret ?? '');
    assert.ok(secrets.length > 0);
    assert.ok(!/BEGIN [A-Z ]*PRIVATE KEY/.test(text) && !secrets.some((secret) => text.includes(secret)));
  });

  it('copies the values of the adapter and the steps in each form', async () => {
    const [shop, orders] = host.setUps.list();
    const copied = async (id: string | undefined, form: string): Promise<string> =>
      (await host.run(Command.mappingCopySteps, { setUpId: id }, form)).clipboard;
    assert.match(await copied(orders?.id, 'Values for the sender adapter'), /ESBMessaging\.send/);
    await assert.rejects(copied(orders?.id, 'cf commands'), explained(/"orders-pinned" .* already/));
    for (const [form, words] of [
      ['cf commands', /^cf login [^]*cf create-service-key /],
      ['Terraform', /resource "cloudfoundry_service_credential_binding"/],
      ['Cockpit steps', /^1\. Open the subaccount/],
    ] as const) {
      assert.match(await copied(shop?.id, form), words);
    }
  });

  it('deletes a set-up with its page, once confirmed', async () => {
    const [shop] = host.setUps.list();
    await host.run(Command.mappingDelete, { setUpId: shop?.id }, { wish: 'no' });
    assert.equal(host.setUps.list().length, 2);
    await host.run(Command.mappingDelete, { setUpId: shop?.id }, yes);
    await pagesAre((labels) => labels.length === 1);
    assert.deepEqual(
      host.setUps.list().map(({ name }) => name),
      ['orders-sender'],
    );
  });
});

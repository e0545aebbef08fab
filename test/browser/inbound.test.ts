import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../tools/lib/children.mjs';
import {
  performedWrites,
  practiceFolder,
  writeSenderFiles,
  type CloudFoundryExports,
} from './cloudFoundry.js';
import { eventually } from './eventually.js';
import { choosePath, enterPath } from './steps.js';
import { Workbench } from './workbench.js';

/** What the test sees of the extension in its host. */
interface Exports extends Pick<CloudFoundryExports, 'connections' | 'practice'> {
  readonly cloudFoundry: { unfinished(tenantId: string): readonly unknown[] };
}

/** A click, a menu choice or Enter counts as one; typing counts as none. */
class Actions {
  private readonly done: string[] = [];

  async act(what: string, act: () => Promise<void>): Promise<void> {
    this.done.push(what);
    await act();
  }

  print(story: string): number {
    console.log(`      ${story}: ${this.done.length} actions (${this.done.join(', ')})`);
    return this.done.length;
  }
}

describe('inbound mapping: from a file to a mapped certificate', () => {
  let workbench: Workbench;
  let folder: string;
  let directory: string;
  let apiUrl: string;

  before(async () => {
    folder = temporaryFolder('inbound');
    workbench = await Workbench.open({ folder, settings: { 'files.simpleDialog.enable': true } });
    await workbench.openContainer('SAP Keystore');
    await workbench.runCommand('SAP Keystore: Open Practice Tenant');
    await workbench.row(/Practice Tenant/).waitFor();
    directory = await practiceFolder(workbench);
    apiUrl = String(
      await workbench.inHost(async ({ practice }: Exports) => (await practice.tenant()).cloudFoundryUrl),
    );
  });

  after(async () => {
    await workbench.close();
  });

  const performed = (): Promise<unknown> => performedWrites(workbench);

  async function senderFile(name: string): Promise<void> {
    const certificate = join(folder, `${name}.pem`);
    await writeSenderFiles(directory, `/C=DE/O=Shop/CN=${name}.example`, { certificate });
  }

  async function passcode(): Promise<string> {
    const page = await (await fetch(`${apiUrl}/passcode`)).text();
    return /<code>([^<]+)<\/code>/.exec(page)?.[1] ?? '';
  }

  it('signs in to Cloud Foundry by a one-time passcode and chooses a space', async () => {
    const { quickInput } = workbench;
    await workbench.runCommand('SAP Keystore: Sign In to Cloud Foundry…');
    await quickInput.waitFor('How do you sign in');
    await workbench.picture('inbound-sign-in');
    await quickInput.pick('One-time passcode');
    await quickInput.waitFor('Passcode, as');
    await quickInput.enter(await passcode());
    await quickInput.waitFor('Space in which the service instances');
    await workbench.picture('inbound-spaces');
    await quickInput.pick(/^dev/);
    await quickInput.waitUntilClosed();
  });

  /** From the choice of the certificate on: each question that is asked is one action. */
  async function mapAt(instance: RegExp, actions: Actions): Promise<void> {
    const { quickInput } = workbench;
    await quickInput.waitFor('Service instance in the space');
    await actions.act('the instance', async () => {
      await quickInput.pick(instance);
    });
    await quickInput.waitFor('Name of the service key');
    await actions.act('Enter for the name', async () => {
      await quickInput.accept();
    });
    await quickInput.waitFor('Is the certificate pinned?');
    await actions.act('pinned', async () => {
      await quickInput.pick(/^Pinned/);
    });
    await workbench.dialog.getByText('Create the service key').waitFor();
    await workbench.picture('inbound-review');
    await actions.act('Create', async () => {
      await workbench.dialog.getByRole('button', { name: /^Create/ }).click();
    });
    await workbench.notification('holds the certificate').waitFor({ timeout: 60_000 });
    await workbench.picture('inbound-created');
    await workbench.executeCommand('notifications.clearAll');
  }

  /** The context menu of a row and a choice in it. */
  async function fromRow(row: RegExp, actions: Actions): Promise<void> {
    await workbench.row(row).waitFor();
    await actions.act('right click', async () => {
      await workbench.row(row).click({ button: 'right' });
    });
    await actions.act('Create Service Key…', async () => {
      await workbench.page.getByRole('menuitem', { name: 'Create Service Key…' }).click({ delay: 200 });
    });
  }

  it('maps a certificate of a file in at most 8 actions', async () => {
    await senderFile('shop');
    await workbench.executeCommand('workbench.view.explorer');
    const actions = new Actions();
    await fromRow(/shop\.pem/, actions);
    await mapAt(/^pi-rt-iflow/, actions);
    assert.ok(actions.print('from a file to a mapped certificate') <= 8);
    assert.deepEqual(await performed(), ['createKey']);
  });

  it('maps a sender from its page in at most 8 actions, and the page shows it from facts', async () => {
    const { quickInput, webview } = workbench;
    await senderFile('store');
    await workbench.runCommand('SAP Keystore: Show Mapping Set-Up');
    await quickInput.waitFor('Who calls, and where is the private key?');
    await quickInput.pick('Certificate file');
    await choosePath(workbench, join(folder, 'store.pem'));
    await quickInput.waitFor('Name of the sender');
    await quickInput.enter('Orders from the store');
    const actions = new Actions();
    await actions.act('Create Service Key… on the page', async () => {
      await webview.getByRole('button', { name: 'Create Service Key…' }).first().click();
    });
    await quickInput.waitFor('Service instance in the space');
    // The page is drawn anew meanwhile, since the keys are being read; the keyboard stays with the questions.
    await actions.act('Enter for the instance with the role', async () => {
      await quickInput.accept();
    });
    await quickInput.waitFor('Name of the service key');
    await actions.act('Enter for the name', async () => {
      await quickInput.accept();
    });
    await quickInput.waitFor('Is the certificate pinned?');
    await actions.act('Enter for pinned', async () => {
      await quickInput.accept();
    });
    await workbench.dialog.getByText('Create the service key').waitFor();
    await actions.act('Create', async () => {
      await workbench.dialog.getByRole('button', { name: /^Create/ }).click();
    });
    const expected = [
      ['Sender certificate', 'OK'],
      ['Load balancer accepts it', 'OK', "practice tenant's own list"],
      ['Mapping finds it', 'OK', '"store.example" of "pi-rt-iflow"'],
      ['Role allows it', 'OK', 'ESBMessaging.send'],
      ['Sender adapter asks for it', 'to be set'],
      ['Call answers', 'not tested'],
    ];
    for (const [stage = '', ...words] of expected) {
      const card = webview.getByRole('listitem').filter({ hasText: stage }).first();
      for (const word of words) {
        await card.getByText(word).first().waitFor({ timeout: 60_000 });
      }
    }
    await workbench.picture('mapping-done');
    assert.ok(actions.print('from a certificate on the page to a mapped sender') <= 8);
    await workbench.executeCommand('workbench.action.closeAllEditors');
    await workbench.executeCommand('notifications.clearAll');
  });

  it('maps the certificate of a key that was made on this machine in at most 8 actions', async () => {
    await workbench.executeCommand('workbench.view.explorer');
    const [certificate, key] = [join(folder, 'made.pem'), join(folder, 'made.key')];
    await writeSenderFiles(directory, '/C=DE/O=Shop/CN=made.example', { certificate, key });
    const pair = ['-inkey', key, '-in', certificate, '-passout', 'pass:correct horse'];
    execFileSync('openssl', ['pkcs12', '-export', ...pair, '-out', join(folder, 'made.p12')]);
    const actions = new Actions();
    await fromRow(/made\.p12/, actions);
    await workbench.quickInput.waitFor('Passphrase of');
    await actions.act('Enter for the passphrase', async () => {
      await workbench.quickInput.enter('correct horse');
    });
    await mapAt(/^pi-rt-custom/, actions);
    assert.ok(actions.print('from a key made here to a mapped certificate') <= 8);
  });

  it('maps the certificate of an entry in at most 8 actions', async () => {
    await workbench.openContainer('SAP Keystore');
    await workbench.expand(/^Certificates/);
    const actions = new Actions();
    await fromRow(/partner-customs/, actions);
    await mapAt(/^pi-rt-custom/, actions);
    assert.ok(actions.print('from an entry to a mapped certificate') <= 8);
  });

  it('maps a certificate from the palette in at most 8 actions after the command', async () => {
    const { quickInput } = workbench;
    await senderFile('palette');
    const actions = new Actions();
    await actions.act('Create Service Key… in the palette', async () => {
      await workbench.runCommand('SAP Keystore: Create Service Key…');
    });
    await quickInput.waitFor('How does the sender prove');
    await actions.act('a file', async () => {
      await quickInput.pick(/^Certificate from a file/);
    });
    await quickInput.waitFor(/From a file/);
    await actions.act('From a file…', async () => {
      await quickInput.pick(/^From a file/);
    });
    await enterPath(workbench, join(folder, 'palette.pem'));
    await actions.act('OK for the path', async () => {
      await quickInput.widget.getByRole('button', { name: 'OK' }).click();
    });
    await mapAt(/^pi-rt-custom/, actions);
    assert.ok(actions.print('from the palette to a mapped certificate') <= 8);
    assert.deepEqual(await performed(), Array<string>(5).fill('createKey'));
    await workbench.executeCommand('workbench.view.explorer');
  });

  it('tells before it is created that a certificate is in a key already', async () => {
    const { quickInput } = workbench;
    await workbench.contextMenu(/shop\.pem/, 'Create Service Key…');
    await quickInput.waitFor('Service instance in the space');
    await quickInput.pick(/^pi-rt-custom/);
    await quickInput.waitFor('Name of the service key');
    await quickInput.accept();
    await quickInput.waitFor('Is the certificate pinned?');
    await quickInput.accept();
    await workbench.dialog.getByText(/is in "shop\.example" of "pi-rt-iflow" already/).waitFor();
    await workbench.picture('inbound-conflict');
    await workbench.dialog.getByRole('button', { name: 'Cancel' }).click();
    assert.deepEqual(await performed(), Array<string>(5).fill('createKey'));
  });

  it('makes a certificate by SAP with the keyboard, its private key in a file of the person', async () => {
    const { quickInput } = workbench;
    const own = temporaryFolder('own');
    const path = join(own, 'crm.pem');
    await workbench.runCommand('SAP Keystore: Create Service Key…');
    await quickInput.waitFor('How does the sender prove');
    await quickInput.pickByKeyboard('Certificate made by SAP');
    await quickInput.waitFor('Service instance in the space');
    await quickInput.pickByKeyboard('pi-rt-custom');
    await quickInput.waitFor('Name of the service key');
    await quickInput.enter('crm');
    await quickInput.waitFor('Days for which the certificate is valid');
    await quickInput.enter('90');
    await quickInput.waitFor('Length of the RSA key');
    await quickInput.accept();
    await choosePath(workbench, path);
    await workbench.dialog.getByText('Create the service key').waitFor();
    await workbench.acceptDialog();
    await workbench.notification('Private key and certificate are in').waitFor({ timeout: 60_000 });
    const text = readFileSync(path, 'utf8');
    assert.equal(createPrivateKey(text).asymmetricKeyType, 'rsa');
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  it('maps the key pair of SAP of one tenant in the other (option 1)', async () => {
    const { quickInput, webview } = workbench;
    const before = await performed();
    assert.ok(Array.isArray(before));
    await workbench.openContainer('SAP Keystore');
    await workbench.runCommand('SAP Keystore: Open Practice Tenant of Neo');
    await workbench.row(/^practice tenant Practice Tenant of Neo/).waitFor();
    await workbench.collapse(/^practice tenant Practice Tenant,/);
    await workbench.expand(/^practice tenant Practice Tenant of Neo/);
    await workbench.expand(/^Key Pairs/);
    await workbench.contextMenu(/hcicertificate/, 'Show Mapping Set-Up');
    await webview.getByText('Cloud Integration calls').first().waitFor();
    await webview.getByRole('button', { name: 'Choose Receiver…' }).click();
    await quickInput.waitFor('Practice Tenant of Neo');
    await quickInput.pick(/^Practice Tenant(?! of)/);
    const create = webview.getByRole('button', { name: 'Create Service Key…' }).first();
    await create.click();
    await quickInput.waitFor('Service instance in the space');
    await quickInput.pick(/^pi-rt-iflow/);
    await quickInput.waitFor('Name of the service key');
    await quickInput.enter('own-flows');
    await quickInput.waitFor('Is the certificate pinned?');
    await quickInput.accept();
    await workbench.dialog.getByText('Create the service key').waitFor();
    await workbench.dialog.getByRole('button', { name: /^Create/ }).click();
    for (const stage of ['Sender certificate', 'Load balancer', 'Mapping finds it', 'Role allows it']) {
      const card = webview.getByRole('listitem').filter({ hasText: stage }).first();
      await card.getByText('OK').first().waitFor({ timeout: 60_000 });
    }
    await workbench.picture('option1');
    assert.deepEqual(await performed(), [...(before as readonly unknown[]), 'createKey']);
    await workbench.executeCommand('workbench.action.closeAllEditors');
    await workbench.executeCommand('notifications.clearAll');
  });

  it('finds a change again after a reload and tells how it came out, without sending it again', async () => {
    const { quickInput } = workbench;
    await workbench.inHost(async ({ practice }: Exports) => {
      (await practice.tenant()).cloudFoundry.faults.jobMilliseconds = 12_000;
    });
    await workbench.runCommand('SAP Keystore: Change Roles…');
    await quickInput.waitFor('Service instance in the space');
    await quickInput.pick(/^pi-rt-custom/);
    await quickInput.waitFor('Roles of "pi-rt-custom"');
    await quickInput.enter('Orders.send, Invoices.send');
    await workbench.dialog.getByText('Change the roles').waitFor();
    await workbench.dialog.getByRole('button', { name: 'Change Roles' }).click();
    await eventually('Cloud Foundry has taken it on', async () => {
      const count = await workbench.inHost(({ connections, cloudFoundry }: Exports) =>
        connections.list().reduce((sum, { id }) => sum + cloudFoundry.unfinished(id).length, 0),
      );
      return count === 1;
    });
    await workbench.reload();
    await workbench.openContainer('SAP Keystore');
    await workbench.notification('"pi-rt-custom" of').waitFor({ timeout: 60_000 });
    await workbench.picture('inbound-found-again');
    assert.deepEqual(await performed(), []);
  });
});

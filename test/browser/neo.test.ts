import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../tools/lib/children.mjs';
import { writeSenderFiles } from './cloudFoundry.js';
import { eventually } from './eventually.js';
import { saveTo } from './steps.js';
import { themes, Workbench } from './workbench.js';

/** What the test sees of the extension in its host. */
interface Exports {
  readonly practice: {
    readonly folder: string;
    tenant(): Promise<{
      readonly neo: {
        readonly journal: { readonly performed: readonly { readonly operation: string }[] };
      };
    }>;
  };
}

describe('a sender mapped on Neo', () => {
  let workbench: Workbench;
  let folder: string;
  let practiceFolder: string;

  before(async () => {
    folder = temporaryFolder('neo');
    workbench = await Workbench.open({
      folder,
      settings: { 'files.simpleDialog.enable': true },
      viewport: { width: 1400, height: 900 },
    });
    await workbench.openContainer('SAP Keystore');
    await workbench.runCommand('SAP Keystore: Open Practice Tenant of Neo');
    await workbench.row(/^practice tenant Practice Tenant of Neo/).waitFor();
    practiceFolder = (await workbench.inHost(({ practice }: Exports) => practice.folder)) as string;
  });
  after(async () => {
    await workbench.close();
  });

  const performed = async (): Promise<unknown> =>
    await workbench.inHost(async ({ practice }: Exports) =>
      (await practice.tenant()).neo.journal.performed.map(({ operation }) => operation),
    );

  /** The row of a mapping by its user, in the Inbound Clients view. */
  const mapping = (user: string): RegExp => new RegExp(`^Certificate-to-user mapping ${user}, `);

  async function senderFile(name: string): Promise<void> {
    const certificate = join(folder, `${name}.pem`);
    await writeSenderFiles(practiceFolder, `/C=DE/O=Shop/CN=${name}.example`, { certificate });
  }

  it('lists the mappings of the tenant, with a renewal under way and an expired one', async () => {
    await workbench.executeCommand('ciKeystore.inboundClients.focus');
    await workbench.row(mapping('orders')).waitFor();
    await workbench.expand(mapping('legacy'));
    await workbench.row(/^Expired: /).waitFor();
    await workbench.rowsWhen(
      'the user "orders" has two',
      (rows) => rows.filter((row) => /^ *orders \|/.test(row)).length === 2,
    );
  });

  for (const theme of Object.keys(themes) as (keyof typeof themes)[]) {
    it(`can be read in the theme ${theme}`, async () => {
      await workbench.setTheme(theme);
      await workbench.picture(`neo-${theme}`);
    });
  }

  it('maps a certificate of a file by mouse', async () => {
    const { quickInput } = workbench;
    await workbench.setTheme('light');
    await senderFile('shop');
    await workbench.executeCommand('workbench.view.explorer');
    await workbench.row(/shop\.pem/).waitFor();
    await workbench.contextMenu(/shop\.pem/, 'Create Certificate-to-User Mapping…');
    await quickInput.waitFor('User as whom the sender calls');
    await workbench.picture('neo-users');
    await quickInput.pick(/^Another user/);
    await quickInput.waitFor('spelled as in the subaccount');
    await quickInput.enter('shop-user');
    await workbench.dialog.getByText('Map the certificate to the user').waitFor();
    await workbench.picture('neo-review');
    await workbench.dialog.getByRole('button', { name: 'Create Mapping' }).click();
    await workbench.notification('needs the role ESBMessaging.send').waitFor();
    await workbench.selected(mapping('shop-user'));
    await workbench.picture('neo-created');
    assert.deepEqual(await performed(), ['map']);
  });

  it('changes the user by mouse, old and new shown before', async () => {
    const { quickInput } = workbench;
    await workbench.contextMenu(mapping('shop-user'), 'Change User of Mapping…');
    await quickInput.waitFor('User as whom the sender calls');
    await quickInput.pick(/^edi/);
    await workbench.dialog.getByText(/User now: shop-user/).waitFor();
    await workbench.dialog.getByText(/User new: edi/).waitFor();
    await workbench.picture('neo-change');
    await workbench.dialog.getByRole('button', { name: 'Change User' }).click();
    await workbench.notification('is mapped to the user "edi"').waitFor();
    await workbench.gone(mapping('shop-user'));
    assert.deepEqual(await performed(), ['map', 'map']);
  });

  it('does the same from the palette with the keyboard alone, and exports what is there', async () => {
    const { quickInput } = workbench;
    await senderFile('keyboard');
    await workbench.writeClipboard(readFileSync(join(folder, 'keyboard.pem'), 'utf8'));
    await workbench.runCommand('SAP Keystore: Create Certificate-to-User Mapping…');
    await quickInput.waitFor('The certificate with which the sender calls');
    await quickInput.pickByKeyboard('From a file, the clipboard or the editor…');
    await quickInput.waitFor("The sender's certificate");
    await quickInput.pickByKeyboard('From the clipboard');
    await quickInput.waitFor('User as whom the sender calls');
    await quickInput.pickByKeyboard('Another user…');
    await quickInput.waitFor('spelled as in the subaccount');
    await quickInput.enter('keyboard-user');
    await workbench.dialog.getByText('Map the certificate to the user').waitFor();
    await workbench.acceptDialog();
    await workbench.selected(mapping('keyboard-user'));
    await workbench.runCommand('SAP Keystore: Delete Certificate-to-User Mapping…');
    await quickInput.waitFor('Certificate-to-user mapping');
    await quickInput.pickByKeyboard('keyboard-user');
    await workbench.dialog.getByText('Delete the mapping of').waitFor();
    await workbench.picture('neo-delete');
    await workbench.acceptDialog();
    await workbench.gone(mapping('keyboard-user'));
    assert.deepEqual(await performed(), ['map', 'map', 'map', 'unmap']);
    const path = join(temporaryFolder('neo-export'), 'mappings.json');
    await workbench.runCommand('SAP Keystore: Export Certificate-to-User Mappings…');
    await quickInput.waitFor('Form of the file');
    await quickInput.pickByKeyboard('JSON');
    await saveTo(workbench, path);
    await eventually('the file is whole', () =>
      Promise.resolve(/"User": "edi"/.test(readFileSync(path, 'utf8'))),
    );
  });

  it('leads from the page of a set-up to the mapping, and back to a page that says so', async () => {
    const { quickInput } = workbench;
    await workbench.executeCommand('ciKeystore.entries.focus');
    await workbench.expand(/^practice tenant Practice Tenant of Neo/);
    await workbench.runCommand('SAP Keystore: Show Mapping Set-Up');
    await quickInput.waitFor('Who calls, and where is the private key?');
    await quickInput.pick(/^Key pair of SAP/);
    await quickInput.waitFor('Key pair of the tenant that calls');
    await quickInput.pick(/^hcicertificate/);
    await quickInput.waitFor('Name of the sender, for people');
    await quickInput.enter('Own flows');
    const { webview } = workbench;
    const create = webview.getByRole('button', { name: 'Create Certificate-to-User Mapping…' }).first();
    await create.waitFor({ timeout: 30_000 });
    await workbench.picture('neo-page-missing');
    await create.click();
    await quickInput.waitFor('User as whom the sender calls');
    await quickInput.pick(/^Another user/);
    await quickInput.waitFor('spelled as in the subaccount');
    await quickInput.enter('own-flows');
    await workbench.dialog.getByRole('button', { name: 'Create Mapping' }).click();
    await webview.getByText('It is mapped to the user "own-flows".').first().waitFor({ timeout: 30_000 });
    await webview
      .getByText(/the tenant does not tell/)
      .first()
      .waitFor();
    await workbench.picture('neo-page-mapped');
  });
});

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../tools/lib/children.mjs';
import { OpensslPki } from '../support/opensslPki.js';
import { eventually } from './eventually.js';
import { openPath } from './steps.js';
import { derOf, makeInspectorFiles, password } from './inspectorFiles.js';
import { themes, Workbench } from './workbench.js';

/** The inspector as a person uses it: files of the Explorer, an entry of the tree, mouse and keyboard. */
describe('the inspector', () => {
  const pki = new OpensslPki();
  const dialogs: string[] = [];
  let workbench: Workbench;
  let folder: string;

  before(async () => {
    folder = temporaryFolder('inspector');
    makeInspectorFiles(pki, folder);
    workbench = await Workbench.open({ folder, viewport: { width: 1280, height: 1400 } });
    workbench.page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
  });
  after(async () => {
    await workbench.close();
    pki.dispose();
  });
  afterEach(async () => {
    assert.deepEqual(dialogs, [], 'no script ran');
    await workbench.executeCommand('workbench.action.closeAllEditors');
  });

  const part = (name: string | RegExp) => workbench.webview.locator('details.part').filter({ hasText: name });

  async function heading(name: string | RegExp): Promise<void> {
    await workbench.webview.getByRole('heading', { name, exact: true }).first().waitFor();
  }

  /** Opens a file of the Explorer as a person does: it is the default, or it is asked for. */
  async function openFile(name: string, how: 'default' | 'menu' = 'default'): Promise<void> {
    await workbench.openContainer('Explorer');
    if (how === 'default') {
      await workbench.row(name).dblclick();
    } else {
      await workbench.contextMenu(name, 'Inspect File');
    }
    await heading(name);
  }

  async function unlock(answer: string, name: string): Promise<void> {
    await workbench.webview.getByRole('button', { name: 'Enter Password…' }).click();
    await workbench.quickInput.waitFor(`Passphrase of "${name}"`);
    await workbench.quickInput.enter(answer);
  }

  const kinds: readonly (readonly [file: string, how: 'default' | 'menu', says: string | RegExp])[] = [
    ['leaf.der', 'default', 'Certificate'],
    ['chain.p7c', 'default', 'Certificates (3)'],
    ['chain.p7s', 'default', 'Certificates (3)'],
    ['chain.spc', 'default', 'Certificates (3)'],
    ['chain.pkipath', 'default', 'Certificates (3)'],
    ['CAPITALS.DER', 'default', 'Certificate'],
    ['CAPITALS.CRT', 'menu', 'Certificate'],
    ['leaf.cer', 'menu', 'Certificate'],
    ['leaf.crt', 'menu', 'Certificate'],
    ['chain.pem', 'menu', 'Certificates (3)'],
    ['chain.p7b', 'menu', 'Certificates (3)'],
    ['request.csr', 'menu', 'Signing request'],
    ['request.p10', 'menu', 'Signing request'],
    ['key.pub', 'menu', 'Key'],
    ['private.key', 'menu', 'Key'],
  ];
  for (const [file, how, says] of kinds) {
    it(`opens ${file} from the Explorer`, async () => {
      await openFile(file, how);
      await heading(says);
    });
  }

  it('is offered by the title of an editor of text', async () => {
    await workbench.row('leaf.crt').dblclick();
    await workbench.editorTab('leaf.crt').waitFor();
    await workbench.page
      .locator('.editor-actions')
      .getByRole('button', { name: 'Inspect File' })
      .first()
      .click();
    await heading('leaf.crt');
  });

  it('opens a file that is named from the palette', async () => {
    await workbench.setSetting('files.simpleDialog.enable', true);
    await workbench.runCommand('SAP Keystore: Inspect File');
    await openPath(workbench, join(folder, 'leaf.der'));
    await heading('leaf.der');
  });

  it('shows a PKCS#12 locked, opens it with the password, and locks it again on reload', async () => {
    await openFile('orders.p12');
    await heading('This file is locked');
    assert.equal(await part(/./).count(), 0);
    await workbench.picture('inspector-locked');
    await unlock('wrong', 'orders.p12');
    await workbench.quickInput.waitFor('That was not the passphrase');
    await workbench.quickInput.enter(password);
    await heading('Certificates (3)');
    await part('orders.acme.example').first().waitFor();
    await workbench.picture('inspector-opened');
    await workbench.reload();
    await heading('This file is locked');
    assert.equal(await part(/./).count(), 0);
    assert.equal(await workbench.webview.getByText('orders.acme.example').count(), 0);
  });

  it('opens a PKCS#12 of old, and says what a damaged one is', async () => {
    await openFile('old.pfx');
    await unlock(password, 'old.pfx');
    await heading('Certificates (3)');
    await workbench.executeCommand('workbench.action.closeAllEditors');
    await openFile('damaged.p12');
    await heading('The file is damaged');
    await workbench.picture('inspector-damaged');
  });

  it('says what is empty, what is nothing known, and what to do', async () => {
    for (const file of ['empty.der', 'words.der']) {
      await openFile(file);
      await workbench.webview.getByRole('button', { name: 'Open as Text' }).first().waitFor();
      await workbench.executeCommand('workbench.action.closeAllEditors');
    }
  });

  it('shows verdict, chain and fields in four themes', async () => {
    await openFile('chain.p7c');
    await heading("Will SAP's load balancer accept it?");
    const links = await workbench.webview.locator('ol.chain > li').allInnerTexts();
    assert.deepEqual(
      links.map((text) => text.split('\n')[0]),
      ['Leaf', 'Intermediate', 'Root'],
    );
    await workbench.webview.getByText('orders.acme.example').first().waitFor();
    for (const theme of Object.keys(themes) as (keyof typeof themes)[]) {
      await workbench.setTheme(theme);
      await workbench.picture(`inspector-${theme}`);
    }
    await workbench.setTheme('dark');
  });

  it('copies a field, says so, and opens a certificate by its place in the chain', async () => {
    await openFile('chain.p7c');
    await workbench.webview.getByRole('button', { name: 'Example Root CA', exact: true }).click();
    const root = workbench.webview.locator('#part-c2');
    await root.getByRole('button', { name: 'Copy: Fingerprints, SHA-256', exact: true }).click();
    await workbench.webview.locator('#live').getByText('Copied.').waitFor({ state: 'attached' });
    const expected = pki.openssl([
      'x509',
      '-in',
      join(folder, 'root.crt'),
      '-noout',
      '-fingerprint',
      '-sha256',
    ]);
    assert.equal(await workbench.readClipboard(), expected.trim().replace(/^.*=/, ''));
  });

  it('is used with the keyboard alone', async () => {
    await openFile('chain.p7c');
    await workbench.webview.locator('#summary-c1').waitFor();
    await workbench.webview.locator('#link-c0').focus();
    const { keyboard } = workbench.page;
    const focused = workbench.webview.locator(':focus');
    const reach = async (id: string): Promise<void> => {
      for (let step = 0; step < 120; step++) {
        if ((await focused.getAttribute('id')) === id) {
          return;
        }
        await keyboard.press('Tab');
      }
      assert.fail(`the keyboard does not reach ${id}`);
    };
    await reach('link-c1');
    await keyboard.press('Enter');
    await workbench.webview.locator('#summary-c1:focus').waitFor();
    await workbench.webview.locator('#part-c1[open] dl').first().waitFor();
    await keyboard.press('Space');
    await workbench.webview.locator('#part-c1:not([open])').waitFor();
    await keyboard.press('Space');
    await reach('copy-c1-0.0');
    await keyboard.press('Enter');
    await eventually('it is copied', async () => (await workbench.readClipboard()) === '3');
  });

  it('spells out what would hide or steer, and obeys nothing', async () => {
    await openFile('hostile.der');
    await heading(/<U\+202E>/);
    await workbench.webview.getByText('<img src=x onerror=alert(1)>').first().waitFor();
    for (const frame of workbench.page.frames()) {
      assert.equal(await frame.locator('img[src="x"], [href^="command:"], b.evil').count(), 0);
    }
    const body = await workbench.webview.locator('body').innerText();
    assert.doesNotMatch(body, /[\u202A-\u202E\u2066-\u2069\u200B]/);
    const { width, whole } = await workbench.webview.locator('body').evaluate((element: unknown) => {
      const { clientWidth, scrollWidth } = element as { clientWidth: number; scrollWidth: number };
      return { width: clientWidth, whole: scrollWidth };
    });
    assert.ok(whole <= width + 1, `the page is ${whole} wide where ${width} can be seen`);
    await workbench.picture('inspector-hostile');
  });

  it('follows the file on disk', async () => {
    writeFileSync(join(folder, 'moving.der'), derOf(readFileSync(join(folder, 'leaf.crt'), 'utf8')));
    await openFile('moving.der');
    await workbench.webview.getByText('orders.acme.example').first().waitFor();
    writeFileSync(join(folder, 'moving.der'), derOf(readFileSync(join(folder, 'root.crt'), 'utf8')));
    await workbench.webview.locator('.chain').getByText('Example Root CA').first().waitFor();
  });

  it('finds the file with the same key, and the entry of a tenant', async () => {
    await openFile('request.csr', 'menu');
    await workbench.webview.getByRole('button', { name: 'Search the Open Folder' }).click();
    const found = workbench.webview.locator('.found li').filter({ hasText: 'private.key' });
    await found.getByRole('button', { name: 'Show: private.key' }).click();
    await heading('private.key');
  });

  it('stays quick with hundreds of certificates', async () => {
    await openFile('many.p7c');
    await heading('Certificates (300)');
    assert.equal(await part(/./).count(), 300);
    await workbench.webview.locator('#summary-c299').click();
    await workbench.webview.locator('#part-c299 dl').first().waitFor();
  });

  it('is the page behind "Inspect" of an entry', async () => {
    await workbench.openContainer('SAP Keystore');
    await workbench.runCommand('SAP Keystore: Open Practice Tenant');
    await workbench.expand('Key Pairs');
    await workbench.row(/orders-sender/).waitFor();
    await workbench.contextMenu(/orders-sender/, 'Inspect');
    await heading('orders-sender');
    await heading("Will SAP's load balancer accept it?");
    await workbench.webview
      .getByText(/practice tenant's own list/)
      .first()
      .waitFor();
    await heading('Certificates (3)');
    await workbench.picture('inspector-entry');
    const other = workbench.webview.locator('details.other').first();
    await other.locator('summary').click();
    await workbench.webview.getByRole('button', { name: 'Search the Keystores' }).press('Enter');
    const live = workbench.webview.locator('#live').getByText(/entries were compared/);
    await live.waitFor({ timeout: 60_000 });
    // Drawn anew, the page is as it was: what was opened is open, and the keyboard is where it was.
    await workbench.webview.locator('details.other[open]').first().waitFor();
    await workbench.webview.locator('#action-searchKeystores:focus').waitFor();
    await workbench.webview.getByRole('button', { name: 'Show Mapping Set-Up' }).click();
    await workbench.webview.getByRole('heading', { name: /Sender set-up: orders-sender/ }).waitFor();
    await workbench.executeCommand('workbench.action.closeAllEditors');
    await workbench.contextMenu(/orders-sender/, 'Inspect');
    await heading('Certificates (3)');
    await workbench.reload();
    await heading('Certificates (3)');
  });
});

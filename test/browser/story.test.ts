import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../tools/lib/children.mjs';
import { eventually } from './eventually.js';
import { choosePath, createKeyPair, openPath, saveTo } from './steps.js';
import { Workbench } from './workbench.js';

describe('the story: a key pair signed from end to end', () => {
  let workbench: Workbench;
  let folder: string;

  before(async () => {
    folder = temporaryFolder('story');
    workbench = await Workbench.open({ folder, settings: { 'files.simpleDialog.enable': true } });
    await workbench.openContainer('SAP Keystore');
    await workbench.runCommand('SAP Keystore: Open Practice Tenant');
    await workbench.expand('Key Pairs');
    await workbench.row(/orders-sender/).waitFor();
  });

  after(async () => {
    await workbench.close();
  });

  it('shows the keystore as a tree', async () => {
    await workbench.rowsWhen('the entries are there', (all) =>
      all.some((row) => /orders-sender \| expires in 9 days/.test(row)),
    );
    await workbench.expand(/orders-sender/);
    await workbench.row(/Practice Issuing CA/).waitFor();
    await workbench.notification('Opening the practice tenant').waitFor({ state: 'hidden' });
    await workbench.picture('tree');
  });

  it('goes with the mouse from creation to the changed entry', async () => {
    await workbench.contextMenu(/Practice Tenant/, 'Create Key Pair…');
    await createKeyPair(workbench, 'mouse');
    await workbench.selected(/mouse/, 60_000);

    const request = join(folder, 'mouse.csr');
    await workbench.contextMenu(/mouse/, 'Download Signing Request…');
    await workbench.quickInput.waitFor('goes to a certificate authority');
    await workbench.quickInput.accept();
    await saveTo(workbench, request);
    const verified = execFileSync('openssl', ['req', '-in', request, '-verify', '-noout', '-subject'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    assert.match(verified.toString(), /CN\s*=\s*mouse\.example/);

    const response = join(folder, 'mouse.p7b');
    await workbench.contextMenu(/mouse/, 'Sign with Practice CA…');
    await workbench.quickInput.waitFor('Form of the signing response');
    await workbench.quickInput.accept();
    await workbench.quickInput.waitFor('A right answer');
    await workbench.quickInput.accept();
    await saveTo(workbench, response);
    assert.match(
      execFileSync('openssl', ['pkcs7', '-in', response, '-print_certs', '-noout']).toString(),
      /Practice Issuing CA/,
    );

    await workbench.contextMenu(/mouse/, 'Import Signing Response…');
    await workbench.quickInput.waitFor('PKCS#7, PKI path');
    await workbench.quickInput.accept();
    await choosePath(workbench, response);
    await workbench.dialog.getByRole('button', { name: 'Import' }).click();
    await workbench.notification('holds the signed certificate now').waitFor();
    await workbench.row(/mouse.*364 days|mouse.*365 days/).waitFor();
  });

  it('takes a reversed response with a stranger in it from the Explorer', async () => {
    const { quickInput, dialog } = workbench;
    const given = join(folder, 'stranger.p7b');
    await workbench.openContainer('SAP Keystore');
    await workbench.contextMenu(/payroll \(new\)/, 'Sign with Practice CA…');
    await quickInput.waitFor('Form of the signing response');
    await quickInput.accept();
    await quickInput.waitFor('A right answer');
    await quickInput.pick('A stranger added');
    await saveTo(workbench, given);
    const printed = execFileSync('openssl', ['pkcs7', '-in', given, '-print_certs']).toString();
    const blocks = printed.match(/-----BEGIN[^]*?-----END CERTIFICATE-----\n/g) ?? [];
    assert.equal(blocks.length, 4);
    writeFileSync(join(folder, 'reversed.pem'), blocks.reverse().join(''));

    await workbench.executeCommand('workbench.view.explorer');
    await workbench.contextMenu(/reversed\.pem/, 'Import Signing Response…');
    await quickInput.waitFor('payroll (new)');
    await quickInput.pick('payroll (new)');
    await dialog.getByText(/Put into order/).waitFor();
    await dialog.getByText(/does not belong to the chain: Practice Stranger CA/).waitFor();
    await dialog.getByText(/load balancer accept it\? Yes/).waitFor();
    await workbench.picture('import');
    await dialog.getByRole('button', { name: 'Import' }).click();
    await workbench.notification('"payroll (new)" holds the signed certificate now').waitFor();
    await workbench.openContainer('SAP Keystore');
    await workbench.row(/payroll \(new\).*36\d days/).waitFor();
  });

  it('goes from the palette with the keyboard alone', async () => {
    await workbench.runCommand('SAP Keystore: Create Key Pair…');
    await createKeyPair(workbench, 'keyboard');
    await workbench.selected(/keyboard/, 60_000);
    await workbench.runCommand('SAP Keystore: Download Signing Request…');
    await workbench.quickInput.waitFor('Entry');
    await workbench.quickInput.enter('keyboard');
    await workbench.quickInput.waitFor('goes to a certificate authority');
    await workbench.quickInput.enter('editor');
    const text = await eventually('the request', async () => {
      const shown = await workbench.editorText();
      return shown?.includes('CERTIFICATE REQUEST') === true ? shown : undefined;
    });
    assert.match(
      execFileSync('openssl', ['req', '-noout', '-subject'], { input: text }).toString(),
      /keyboard\.example/,
    );
    await workbench.runCommand('SAP Keystore: Sign with Practice CA…');
    await workbench.quickInput.waitFor('Signing request');
    await workbench.quickInput.enter('open editor');
    await workbench.quickInput.waitFor('Form of the signing response');
    await workbench.quickInput.enter('PKI path');
    await workbench.quickInput.waitFor('A right answer');
    await workbench.quickInput.accept();
    const response = join(folder, 'keyboard.pkipath');
    await saveTo(workbench, response);
    await workbench.runCommand('SAP Keystore: Import Signing Response…');
    await workbench.quickInput.waitFor('Entry');
    await workbench.quickInput.enter('keyboard');
    await workbench.quickInput.waitFor('PKCS#7, PKI path');
    await workbench.quickInput.accept();
    await openPath(workbench, response);
    await workbench.acceptDialog();
    await workbench.row(/keyboard.*36[45] days/).waitFor();
  });

  it('shows hostile names as text', async () => {
    await workbench.expand('Certificates');
    await workbench.row(/<img src=x onerror=alert\(1\)>/).waitFor();
    await workbench.row(/\[x\]\(command:workbench\.action\.quit\) \$\(trash\)/).waitFor();
    assert.equal(await workbench.sideBar.locator('img[src="x"]').count(), 0);
    await workbench.picture('hostile');
  });
});

describe('the mapping page', () => {
  let workbench: Workbench;

  before(async () => {
    workbench = await Workbench.open();
    await workbench.openContainer('SAP Keystore');
    await workbench.runCommand('SAP Keystore: Open Practice Tenant');
    await workbench.expand('Key Pairs');
    await workbench.contextMenu(/orders-sender/, 'Show Mapping Set-Up');
    await workbench.webview.getByRole('heading', { name: 'Sender set-up: orders-sender' }).waitFor();
  });

  after(async () => {
    await workbench.close();
  });

  it('shows the stages and both ways, and copies values', async () => {
    const page = workbench.webview;
    assert.equal(await page.locator('.stages > li').count(), 6);
    await page.getByRole('radio', { name: /Recommended/ }).waitFor();
    await page.getByRole('button', { name: 'Copy: User Role' }).click();
    await eventually('the copied role', async () =>
      (await workbench.readClipboard()) === 'ESBMessaging.send' ? true : undefined,
    );
    await page.getByRole('radio', { name: /Instead/ }).click();
    await workbench.dialog
      .filter({ hasText: 'Put the certificate into the sender adapter?' })
      .getByRole('button', { name: 'Use the Sender Adapter' })
      .click();
    await page.getByRole('button', { name: 'Copy: Subject DN' }).click();
    await eventually('the copied name', async () =>
      (await workbench.readClipboard()) === 'CN=orders.acme.example, OU=Integration, O=ACME, C=DE'
        ? true
        : undefined,
    );
  });

  it('is legible in four themes', async () => {
    for (const theme of ['light', 'dark', 'highContrast', 'highContrastLight'] as const) {
      await workbench.setTheme(theme);
      await workbench.picture(theme === 'dark' ? 'mapping' : `mapping-${theme}`);
    }
  });

  it('is restored with its choice after a reload', async () => {
    await workbench.reload();
    const page = workbench.webview;
    await page.getByRole('heading', { name: 'Sender set-up: orders-sender' }).waitFor({ timeout: 60_000 });
    await eventually('the chosen way', async () =>
      (await page.getByRole('radio', { name: /Instead/ }).isChecked()) ? true : undefined,
    );
    // The practice tenant serves again by itself, so the page knows its entry as before.
    await page.getByRole('listitem').filter({ hasText: 'Sender certificate' }).getByText('OK').waitFor();
  });
});

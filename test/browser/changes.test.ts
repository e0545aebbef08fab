import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../tools/lib/children.mjs';
import { choosePath, openPath } from './steps.js';
import { Workbench } from './workbench.js';

const password = 'Passport-2026';

describe('changes of a keystore', () => {
  let workbench: Workbench;
  let folder: string;

  before(async () => {
    folder = temporaryFolder('changes');
    makeFiles(folder);
    workbench = await Workbench.open({ folder, settings: { 'files.simpleDialog.enable': true } });
    await workbench.openContainer('SAP Keystore');
    await workbench.runCommand('SAP Keystore: Open Practice Tenant');
    await workbench.expand('Key Pairs');
    await workbench.expand('Certificates');
    await workbench.row(/partner bank/).waitFor();
  });
  after(async () => {
    await workbench.close();
  });

  /** Confirms the review, then the fingerprint that the practice tenant asks for. */
  async function confirmTwice(action: string): Promise<void> {
    const { dialog } = workbench;
    await dialog.getByRole('button', { name: action }).click();
    await dialog.getByText(/cannot build a trust path/).waitFor();
    await dialog.getByRole('button', { name: 'Fingerprint Is Right' }).click();
  }

  it('adds a certificate with the mouse: tenant, file, alias, review', async () => {
    const { quickInput, dialog } = workbench;
    await workbench.contextMenu(/Practice Tenant/, 'Add Certificate…');
    await quickInput.waitFor('PEM, DER, PKCS#7');
    await quickInput.pick('From a file');
    await choosePath(workbench, join(folder, 'partner.cer'));
    await quickInput.waitFor('Alias of the certificate');
    await quickInput.fill('partner bank');
    await quickInput.waitFor('It would be replaced; both are shown before.');
    await quickInput.fill('sap_partner');
    await quickInput.waitFor('SAP keeps aliases');
    await quickInput.enter('by-mouse');
    await dialog.getByText(/load balancer accept it/).waitFor();
    await workbench.picture('add-certificate');
    await confirmTwice('Add Certificate');
    await workbench.selected(/by-mouse/);
  });

  it('adds a certificate from the palette, out of the clipboard', async () => {
    const { quickInput } = workbench;
    await workbench.writeClipboard(execFileSync('cat', [join(folder, 'partner.cer')]).toString());
    await workbench.runCommand('SAP Keystore: Add Certificate…');
    await quickInput.waitFor('PEM, DER, PKCS#7');
    await quickInput.enter('clipboard');
    await quickInput.waitFor('Alias of the certificate');
    await quickInput.enter('by-palette');
    await workbench.dialog.getByText(/holds this certificate already, as "by-mouse"/).waitFor();
    await confirmTwice('Add Certificate');
    await workbench.selected(/by-palette/);
  });

  it('adds a certificate from the Explorer', async () => {
    const { quickInput } = workbench;
    await workbench.executeCommand('workbench.view.explorer');
    await workbench.contextMenu(/partner\.cer/, 'Add Certificate…');
    await quickInput.waitFor('Alias of the certificate');
    await quickInput.enter('by-explorer');
    await confirmTwice('Add Certificate');
    await workbench.selected(/by-explorer/);
  });

  it('adds the key pair of a PKCS#12 file with the mouse', async () => {
    const { quickInput, dialog } = workbench;
    await workbench.contextMenu(/Practice Tenant/, 'Add Key Pair…');
    await quickInput.waitFor('Does the tenant need the private key?');
    await workbench.picture('add-key-pair');
    await quickInput.pick('Yes, integration flows call others');
    await quickInput.waitFor('SAP Passport (.pfx)');
    await quickInput.pick('From a file');
    await choosePath(workbench, join(folder, 'passport.pfx'));
    await quickInput.waitFor('Passphrase of "passport.pfx"');
    await quickInput.enter(password);
    await quickInput.waitFor('Alias of the key pair');
    await quickInput.enter('outbound-pair');
    await dialog.getByText(/Chain: partner\.example ← Partner Root/).waitFor();
    await confirmTwice('Add Key Pair');
    await workbench.selected(/outbound-pair/);
  });

  it('takes an SAP Passport of old encryption from the Explorer', async () => {
    const { quickInput, dialog } = workbench;
    await workbench.executeCommand('workbench.view.explorer');
    await workbench.contextMenu(/old\.pfx/, 'Add Key Pair…');
    await quickInput.waitFor('Does the tenant need the private key?');
    await quickInput.pick('Yes, integration flows call others');
    await quickInput.waitFor('Passphrase of "old.pfx"');
    await quickInput.enter(password);
    await quickInput.waitFor('Alias of the key pair');
    await quickInput.enter('old-passport');
    await dialog.getByText(/This is an SAP Passport/).waitFor();
    await workbench.picture('add-passport');
    await confirmTwice('Add Key Pair');
    await workbench.selected(/old-passport/);
  });

  it('leads from the palette and a sender’s key pair to its certificate', async () => {
    const { quickInput, dialog } = workbench;
    await workbench.runCommand('SAP Keystore: Add Key Pair…');
    await quickInput.waitFor('Does the tenant need the private key?');
    await quickInput.enter('No, a sender');
    await quickInput.waitFor('PEM, DER, PKCS#7');
    await quickInput.enter('file');
    await openPath(workbench, join(folder, 'passport.pfx'));
    await quickInput.waitFor('Passphrase of "passport.pfx"');
    await quickInput.enter(password);
    await quickInput.waitFor('Alias of the certificate');
    await quickInput.enter('sender-only');
    await dialog.getByText(/private key stays in its file/).waitFor();
    await confirmTwice('Add Certificate');
    await workbench.selected(/sender-only/);
  });

  it('takes a file dragged from the Explorer onto the tree', async () => {
    const { quickInput, page } = workbench;
    await workbench.executeCommand('workbench.view.explorer');
    const file = page.locator('.explorer-folders-view').getByRole('treeitem', { name: /partner\.cer/ });
    await file.waitFor();
    const from = await file.boundingBox();
    const tab = await page.locator('.activitybar').getByRole('tab', { name: 'SAP Keystore' }).boundingBox();
    assert.ok(from && tab);
    await page.mouse.move(from.x + 30, from.y + from.height / 2);
    await page.mouse.down();
    await page.mouse.move(from.x + 40, from.y + 40, { steps: 5 });
    // Held over its tab, the container opens.
    await page.mouse.move(tab.x + tab.width / 2, tab.y + tab.height / 2, { steps: 10 });
    const target = workbench.row(/Practice Tenant/);
    await target.waitFor();
    const to = await target.boundingBox();
    assert.ok(to);
    await page.mouse.move(to.x + 60, to.y + to.height / 2, { steps: 10 });
    await page.mouse.move(to.x + 62, to.y + to.height / 2, { steps: 3 });
    await page.mouse.up();
    await quickInput.waitFor('Alias of the certificate');
    await quickInput.enter('by-drop');
    await confirmTwice('Add Certificate');
    await workbench.selected(/by-drop/);
  });

  it('goes on after a file that fails, and names what was not added where one is cancelled', async () => {
    const { quickInput, page } = workbench;
    await workbench.executeCommand('workbench.view.explorer');
    await workbench.select(/^partner\.cer/, /^partner\.csr/, /^root\.pem/);
    await workbench.contextMenu(/^partner\.cer/, 'Add Certificate…');
    await quickInput.waitFor('Alias of the certificate "partner.example"');
    await quickInput.enter('by-series');
    await confirmTwice('Add Certificate');
    await quickInput.waitFor('Alias of the certificate "Partner Root"');
    await page.keyboard.press('Escape');
    await workbench.notification(/1 of 3 files were added; not added: partner\.csr, root\.pem\./).waitFor();
    const messages = await workbench.messages();
    assert.ok(
      messages.some((message) => /^Add Certificate of "partner\.csr": .* signing request/.test(message)),
      messages.join('\n'),
    );
    await workbench.executeCommand('notifications.clearAll');
    await workbench.openContainer('SAP Keystore');
    await workbench.row(/by-series/).waitFor();
  });

  it('renames with the mouse and from the palette', async () => {
    const { quickInput } = workbench;
    await workbench.contextMenu(/by-drop/, 'Rename…');
    await quickInput.waitFor('Integration flows that name the old one fail');
    await quickInput.enter('renamed-by-mouse');
    await workbench.row(/renamed-by-mouse/).waitFor();
    await workbench.runCommand('SAP Keystore: Rename…');
    await quickInput.waitFor('Entry');
    await quickInput.enter('renamed-by-mouse');
    await quickInput.waitFor('Integration flows that name the old one fail');
    await quickInput.enter('renamed-by-palette');
    await workbench.row(/renamed-by-palette/).waitFor();
  });

  it('deletes one from the palette, several with the mouse, and nothing of SAP', async () => {
    const { quickInput, dialog } = workbench;
    await workbench.runCommand('SAP Keystore: Delete…');
    await quickInput.waitFor('Entry');
    await quickInput.enter('renamed-by-palette');
    await dialog.getByText(/There is no undo/).waitFor();
    await dialog.getByRole('button', { name: 'Delete Entry' }).click();
    await workbench.gone(/renamed-by-palette/);

    await workbench.row(/by-explorer/).click();
    await workbench.row(/by-mouse/).click({ modifiers: ['ControlOrMeta'] });
    await workbench.row(/by-palette/).click({ modifiers: ['ControlOrMeta'] });
    await workbench.contextMenu(/by-palette/, 'Delete…');
    await dialog.getByText(/Delete 3 entries of/).waitFor();
    await workbench.picture('delete');
    await dialog.getByRole('button', { name: 'Delete Entries' }).click();
    await workbench.rowsWhen('the three are gone', (rows) =>
      rows.every((row) => !/by-(?:mouse|palette|explorer)/.test(row)),
    );

    const titles = await workbench.contextMenuTitles(/sap_cloudintegrationcertificate/);
    assert.ok(!titles.includes('Delete…') && !titles.includes('Rename…'), titles.join(', '));
  });
});

function makeFiles(folder: string): void {
  const openssl = (...args: readonly string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: 'ignore', env: { ...process.env, P12: password } });
  };
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'root.key',
    '-out',
    'root.pem',
    '-subj',
    '/CN=Partner Root',
    '-days',
    '900',
  );
  openssl(
    'req',
    '-new',
    ...key,
    '-keyout',
    'partner.key',
    '-out',
    'partner.csr',
    '-subj',
    '/CN=partner.example',
  );
  writeFileSync(join(folder, 'usage.txt'), 'extendedKeyUsage=clientAuth\n');
  openssl(
    ...['x509', '-req', '-in', 'partner.csr', '-CA', 'root.pem', '-CAkey', 'root.key', '-days', '300'],
    ...['-extfile', 'usage.txt', '-out', 'partner.cer'],
  );
  openssl(
    ...['pkcs12', '-export', '-in', 'partner.cer', '-inkey', 'partner.key', '-certfile', 'root.pem'],
    ...['-out', 'passport.pfx', '-passout', 'env:P12'],
  );
  openssl(
    ...['req', '-x509', ...key, '-keyout', 'sso.key', '-out', 'sso.pem', '-subj', '/C=DE/O=SAP-AG/CN=SSO_CA'],
  );
  openssl(
    ...[
      'req',
      '-new',
      ...key,
      '-keyout',
      'user.key',
      '-out',
      'user.csr',
      '-subj',
      '/C=DE/O=SAP-AG/CN=S0001234567',
    ],
  );
  openssl(
    ...['x509', '-req', '-in', 'user.csr', '-CA', 'sso.pem', '-CAkey', 'sso.key', '-days', '300'],
    ...['-extfile', 'usage.txt', '-out', 'user.pem'],
  );
  openssl(
    ...['pkcs12', '-export', '-legacy', '-certpbe', 'PBE-SHA1-RC2-40', '-keypbe', 'PBE-SHA1-3DES'],
    ...['-macalg', 'sha1', '-in', 'user.pem', '-inkey', 'user.key', '-out', 'old.pfx', '-passout', 'env:P12'],
  );
}

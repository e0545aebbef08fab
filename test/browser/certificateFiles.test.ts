import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../tools/lib/children.mjs';
import { formatSshPublicKey, sshPublicKey } from '../../src/pki/sshPublicKey.js';
import { eventually } from './eventually.js';
import { saveTo } from './steps.js';
import { Workbench } from './workbench.js';

describe('commands on files of certificates', () => {
  let workbench: Workbench;
  let folder: string;
  let leaf: string;

  before(async () => {
    folder = temporaryFolder('certificates');
    leaf = makeFiles(folder);
    workbench = await Workbench.open({ folder, settings: { 'files.simpleDialog.enable': true } });
    await workbench.openContainer('SAP Keystore');
    await workbench.runCommand('SAP Keystore: Open Practice Tenant');
    await workbench.expand('Key Pairs');
    await workbench.row(/orders-sender/).waitFor();
  });
  after(async () => {
    await workbench.close();
  });

  /** Runs a command from the palette and lets it read the clipboard, all with the keyboard. */
  async function fromClipboard(command: string, question: string): Promise<void> {
    await workbench.writeClipboard(leaf);
    await workbench.runCommand(`SAP Keystore: ${command}`);
    await workbench.quickInput.waitFor(question);
    await workbench.quickInput.enter('clipboard');
  }

  async function certificatesIn(path: string): Promise<number> {
    const file = await eventually(`${path} is written`, () => {
      const bytes = readFileSync(path);
      return Promise.resolve(bytes.length > 0 ? bytes : undefined);
    });
    const shown = execFileSync('openssl', ['pkcs7', '-print_certs'], { input: file }).toString();
    return shown.match(/BEGIN CERTIFICATE/g)?.length ?? 0;
  }

  it('copies as PEM, from the palette', async () => {
    await fromClipboard('Copy as PEM', 'Certificates or signing request');
    await eventually('PEM in the clipboard', async () => {
      const text = await workbench.readClipboard();
      return text.startsWith('-----BEGIN CERTIFICATE-----') ? text : undefined;
    });
  });

  it('converts, from the palette', async () => {
    await fromClipboard('Convert To…', 'Certificates, private key or signing request');
    await workbench.quickInput.waitFor('Into which form?');
    await workbench.quickInput.enter('PKCS#7, PEM');
    await saveTo(workbench, join(folder, 'converted.p7b'));
    assert.equal(await certificatesIn(join(folder, 'converted.p7b')), 1);
  });

  it('completes a chain, from the palette', async () => {
    const { quickInput, dialog } = workbench;
    await fromClipboard('Complete Chain…', 'File whose chain is to be completed');
    await dialog.getByText(/Added from "ca\.pem": Files CA/).waitFor();
    await dialog.getByRole('button', { name: 'Choose the Form' }).press('Enter');
    await quickInput.waitFor('The root certificate');
    await quickInput.enter('With the root');
    await quickInput.waitFor('Into which form?');
    await quickInput.enter('PKCS#7, PEM');
    await saveTo(workbench, join(folder, 'complete.p7b'));
    assert.equal(await certificatesIn(join(folder, 'complete.p7b')), 2);
  });

  it('compares a certificate with an entry, from the palette', async () => {
    const { quickInput } = workbench;
    await workbench.writeClipboard(leaf);
    await workbench.runCommand('SAP Keystore: Compare With…');
    await quickInput.waitFor('First certificate');
    await quickInput.enter('An entry');
    await quickInput.waitFor('orders-sender');
    await quickInput.enter('orders-sender');
    await quickInput.waitFor('Compare "orders-sender');
    await quickInput.enter('A file, the clipboard');
    await quickInput.waitFor('From the clipboard');
    await quickInput.enter('clipboard');
    await workbench.editorTab(/orders-sender.* ↔ /).waitFor();
    await workbench.page.locator('.monaco-diff-editor').getByText('Files Client').first().waitFor();
  });

  it('compares two files by mouse, and offers to inspect a file but not a comparison', async () => {
    const inspect = workbench.page.locator('.editor-actions').getByRole('button', { name: 'Inspect File' });
    await workbench.executeCommand('workbench.action.closeAllEditors');
    await workbench.executeCommand('workbench.view.explorer');
    // The Explorer lists the files that were written meanwhile only once it is seen, which moves the others.
    await workbench.row(/complete\.p7b/).waitFor();
    await workbench.row(/ca\.pem/).click();
    await inspect.waitFor();
    await workbench.select(/ca\.pem/, /leaf\.cer/);
    await workbench.contextMenu(/leaf\.cer/, 'SAP Keystore', 'Compare With…');
    await workbench.editorTab(/ca\.pem.* ↔ .*leaf\.cer|leaf\.cer.* ↔ .*ca\.pem/).waitFor();
    await workbench.page.locator('.monaco-diff-editor').getByText('Files Client').first().waitFor();
    await inspect.waitFor({ state: 'detached' });
    await workbench.executeCommand('workbench.action.closeAllEditors');
  });

  it('finds the key of a certificate among the files, by mouse and from the palette', async () => {
    const { quickInput } = workbench;
    await workbench.executeCommand('workbench.view.explorer');
    await workbench.contextMenu(/leaf\.cer/, 'SAP Keystore', 'Which Key Fits?');
    await quickInput.waitFor('0 entries have the key');
    await quickInput.pick('Search the Files of the Open Folder…');
    await quickInput.waitFor('leaf.key');
    await workbench.picture('which-key-fits');
    await quickInput.cancel();
    await fromClipboard('Which Key Fits?', 'counterpart you look for');
    await quickInput.waitFor('0 entries have the key');
    await quickInput.enter('Search the Files');
    await quickInput.waitFor('leaf.key');
    await quickInput.cancel();
  });

  it('finds the key of an SSH public key from the menu of the Explorer', async () => {
    const { quickInput } = workbench;
    await workbench.executeCommand('workbench.view.explorer');
    await workbench.contextMenu(/leaf\.pub/, 'Which Key Fits?');
    await quickInput.waitFor('0 entries have the key');
    await quickInput.pick('Search the Files of the Open Folder…');
    await quickInput.waitFor('leaf.key');
    await quickInput.waitFor('leaf.cer');
    await quickInput.cancel();
    await workbench.contextMenu(/leaf\.key/, 'Which Key Fits?');
    await quickInput.waitFor('0 entries have the key');
    await quickInput.pick('Search the Files of the Open Folder…');
    await quickInput.waitFor('leaf.pub');
    await quickInput.cancel();
  });
});

/** A CA and a leaf below it in this folder; returns the leaf as one line of base64, as some mails have it. */
function makeFiles(folder: string): string {
  const openssl = (...line: readonly string[]): void =>
    void execFileSync('openssl', [...line], { cwd: folder, stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-subj',
    '/CN=Files CA',
    '-days',
    '90',
  );
  openssl('req', '-new', ...key, '-keyout', 'leaf.key', '-out', 'leaf.csr', '-subj', '/CN=Files Client');
  openssl(
    ...['x509', '-req', '-in', 'leaf.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-days', '30'],
    ...['-outform', 'DER', '-out', 'leaf.cer'],
  );
  const der = execFileSync('openssl', ['pkey', '-in', 'leaf.key', '-pubout', '-outform', 'DER'], {
    cwd: folder,
  });
  writeFileSync(join(folder, 'leaf.pub'), formatSshPublicKey(sshPublicKey(new Uint8Array(der))));
  return readFileSync(join(folder, 'leaf.cer')).toString('base64');
}

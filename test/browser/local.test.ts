import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../tools/lib/children.mjs';
import { eventually } from './eventually.js';
import { choosePath, saveTo, written } from './steps.js';
import { Workbench } from './workbench.js';

const passphrase = 'correct horse battery';

describe('a key pair made on this machine', () => {
  let workbench: Workbench;
  /** The open folder, and a folder of the person's own. */
  let folder: string;
  let own: string;

  before(async () => {
    folder = temporaryFolder('local');
    own = temporaryFolder('own');
    workbench = await Workbench.open({ folder, settings: { 'files.simpleDialog.enable': true } });
    await workbench.openContainer('SAP Keystore');
    await workbench.runCommand('SAP Keystore: Open Practice Tenant');
    await workbench.expand('Key Pairs');
    await workbench.row(/orders-sender/).waitFor();
  });

  after(async () => {
    await workbench.close();
  });

  /** The questions up to where the key is kept: picks by mouse, texts by keyboard. */
  async function answerCreate(): Promise<void> {
    const { quickInput } = workbench;
    await quickInput.waitFor('taken by every certificate authority');
    await quickInput.pick('RSA 2048');
    for (const [words, value] of [
      ['Common name', 'orders.acme.example'],
      ['Organizational unit', 'Integration'],
      ['Organization (O)', 'ACME'],
      ['Locality', 'Walldorf'],
      ['State or province', ''],
      ['Country', 'DE'],
      ['E-mail', ''],
      ['Alternative names', 'orders.acme.example'],
    ] as const) {
      await quickInput.waitFor(words);
      await quickInput.enter(value);
    }
    await quickInput.waitFor('Purposes to ask for');
    await quickInput.pick(/^Client authentication/);
    await quickInput.waitFor('How the key is made');
    await workbench.picture('local-ways');
    await quickInput.pick('Make it here, as an encrypted key file');
    await quickInput.waitFor('goes to a certificate authority');
    await quickInput.pick('beside the key');
    await quickInput.waitFor('Passphrase for the private key');
    await quickInput.fill('too short');
    await quickInput.waitFor(/9 characters; at least 12/);
    await quickInput.fill(passphrase);
    await quickInput.waitFor('Strong, unless it is a known phrase');
    await workbench.picture('local-passphrase');
    await quickInput.accept();
    await quickInput.waitFor('The same passphrase again');
    await quickInput.enter(passphrase);
  }

  it('goes from the palette and by mouse to a PKCS#12 that openssl opens', async () => {
    const { quickInput } = workbench;
    const keyFile = join(own, 'orders.key.pem');
    await workbench.runCommand('SAP Keystore: Create Local Key Pair and Signing Request…');
    await answerCreate();
    // In the open folder there is a warning; the person thinks better of it.
    await choosePath(workbench, join(folder, 'orders.key.pem'));
    await workbench.dialog.getByText('workspace folder').waitFor();
    await workbench.picture('local-warning');
    await workbench.dialog.getByRole('button', { name: 'Cancel' }).click();
    await choosePath(workbench, keyFile);
    const csr = join(own, 'orders.acme.example.csr');
    await written(csr);
    await workbench.notification('Complete with Signing Response').waitFor();
    await workbench.picture('local-created');
    assert.equal(existsSync(join(folder, 'orders.key.pem')), false);
    assert.equal(statSync(keyFile).mode & 0o777, 0o600);
    const verified = execFileSync('openssl', ['req', '-in', csr, '-verify', '-noout', '-text'], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
    assert.match(verified, /TLS Web Client Authentication/);
    assert.match(verified, /DNS:orders\.acme\.example/);

    await workbench.runCommand('SAP Keystore: Sign with Practice CA…');
    await quickInput.waitFor('Signing request');
    await quickInput.pick('From a file');
    await choosePath(workbench, csr);
    await quickInput.waitFor('Form of the signing response');
    await quickInput.pick('PKCS#7, binary');
    await quickInput.waitFor('A right answer');
    await quickInput.pick('Reversed');
    const response = join(folder, 'orders.p7c');
    await saveTo(workbench, response);

    await workbench.executeCommand('workbench.view.explorer');
    await workbench.contextMenu(/orders\.p7c/, 'Complete with Signing Response…');
    await quickInput.waitFor('Passphrase of "orders.key.pem"');
    await quickInput.enter('not this one');
    await quickInput.waitFor('That was not the passphrase');
    await quickInput.enter(passphrase);
    await workbench.dialog.getByText('Join this certificate with its private key?').waitFor();
    await workbench.dialog.getByText('Put into order').waitFor();
    // The practice tenant is connected, whose own list names the CA that has signed.
    await workbench.dialog.getByText(/load balancer accept it\? Yes/).waitFor();
    await workbench.dialog.getByText(/works on the practice tenant only/).waitFor();
    await workbench.picture('local-join');
    await workbench.dialog.getByRole('button', { name: 'Join' }).click();
    await quickInput.waitFor('Form of the file');
    await workbench.picture('local-forms');
    await quickInput.pick('PKCS#12, compatible');
    await quickInput.waitFor('friendly name');
    await quickInput.enter('orders-sender');
    await quickInput.waitFor('Passphrase of the new file');
    await quickInput.pick('The same');
    const pkcs12 = join(own, 'orders.p12');
    await saveTo(workbench, pkcs12);
    await workbench.notification('The sender needs this file').waitFor();
    await workbench.picture('local-completed');
    const opened = execFileSync(
      'openssl',
      ['pkcs12', '-in', pkcs12, '-passin', `pass:${passphrase}`, '-nodes'],
      { encoding: 'utf8', stdio: 'pipe' },
    );
    assert.match(opened, /friendlyName: orders-sender/);
    assert.equal(opened.match(/BEGIN CERTIFICATE/g)?.length, 3);
    assert.equal(statSync(pkcs12).mode & 0o777, 0o600);
  });

  it('converts a file of the Explorer by mouse, and says before what is lost', async () => {
    await workbench.executeCommand('workbench.view.explorer');
    await workbench.contextMenu(/orders\.p7c/, 'SAP Keystore', 'Convert To…');
    await workbench.quickInput.waitFor('Into which form?');
    await workbench.quickInput.waitFor('only one certificate fits; left out: 2');
    await workbench.picture('local-convert');
    await workbench.quickInput.pick('PKI path');
    const path = join(folder, 'orders.pkipath');
    await saveTo(workbench, path);
    await workbench.contextMenu(/orders\.p7c/, 'SAP Keystore', 'Copy as PEM');
    const copied = await eventually('the copied certificates', async () => {
      const text = await workbench.readClipboard();
      return text.includes('BEGIN CERTIFICATE') ? text : undefined;
    });
    assert.equal(copied.match(/BEGIN CERTIFICATE/g)?.length, 3);
    assert.doesNotMatch(copied, /KEY/);
  });

  it('completes a chain from the files of the open folder, shown before', async () => {
    const { quickInput } = workbench;
    const pem = execFileSync(
      'openssl',
      ['pkcs7', '-inform', 'DER', '-print_certs', '-in', join(folder, 'orders.p7c')],
      {
        encoding: 'utf8',
      },
    );
    const leaf = /subject=[^\n]*orders\.acme\.example[\s\S]*?(-----BEGIN[\s\S]*?END CERTIFICATE-----)/.exec(
      pem,
    )?.[1];
    writeFileSync(join(folder, 'leaf.cer'), `${leaf}\n`);
    await workbench.executeCommand('workbench.view.explorer');
    await workbench.contextMenu(/leaf\.cer/, 'SAP Keystore', 'Complete Chain…');
    await workbench.dialog.getByText(/Added from "[^"]+": Practice Issuing CA/).waitFor();
    await workbench.picture('local-chain');
    await workbench.dialog.getByRole('button', { name: 'Choose the Form' }).click();
    await quickInput.waitFor('The root certificate');
    await quickInput.pick('With the root');
    await quickInput.waitFor('Into which form?');
    await quickInput.pick('PKCS#7, PEM');
    const path = join(folder, 'leaf-chain.p7b');
    await saveTo(workbench, path);
    const completed = execFileSync('openssl', ['pkcs7', '-print_certs', '-in', path], { encoding: 'utf8' });
    assert.equal(completed.match(/BEGIN CERTIFICATE/g)?.length, 3);
  });

  it('compares two entries of the tree in the diff editor', async () => {
    await workbench.openContainer('SAP Keystore');
    await workbench.row(/orders-sender/).click();
    await workbench.row(/invoices-sender/).click({ modifiers: ['ControlOrMeta'] });
    await workbench.contextMenu(/invoices-sender/, 'Compare With…');
    await workbench.editorTab(/orders-sender .* ↔ invoices-sender/).waitFor();
    await workbench.page.locator('.monaco-diff-editor').getByText('Signature algorithm').first().waitFor();
    await workbench.picture('local-compare');
  });
});

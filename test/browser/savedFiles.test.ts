import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../tools/lib/children.mjs';
import { eventually } from './eventually.js';
import { saveTo } from './steps.js';
import { Workbench } from './workbench.js';

/** Proposed names, saved files, and what OpenSSL and the JDK read in them. */
describe('files that are saved of an entry', () => {
  let workbench: Workbench;
  let folder: string;

  before(async () => {
    folder = temporaryFolder('saved');
    workbench = await Workbench.open({ folder, settings: { 'files.simpleDialog.enable': true } });
    await workbench.openContainer('SAP Keystore');
    await workbench.runCommand('SAP Keystore: Open Practice Tenant');
    await workbench.expand('Key Pairs');
    await workbench.row(/orders-sender/).waitFor();
  });
  after(async () => {
    await workbench.close();
  });

  /** Saves by the context menu under the name that is proposed. */
  async function save(alias: string | RegExp, title: string, proposed: string): Promise<string> {
    await workbench.contextMenu(alias, title);
    await eventually(`the name ${proposed} is proposed`, async () =>
      (await workbench.quickInput.input.inputValue()).endsWith(`/${proposed}`),
    );
    const path = join(folder, proposed);
    await saveTo(workbench, path);
    return path;
  }

  it('certificate, chain and root of a signed key pair belong together', async () => {
    const certificate = await save(/orders-sender/, 'Save Certificate…', 'orders-sender.cer');
    const chain = await save(/orders-sender/, 'Save Chain…', 'orders-sender.p7b');
    const root = await save(/orders-sender/, 'Save Root Certificate…', 'orders-sender_rootCA.cer');

    assert.match(openssl('x509', '-in', certificate, '-noout', '-subject'), /CN\s*=\s*orders\.acme\.example/);
    assert.match(openssl('x509', '-in', root, '-noout', '-subject'), /CN\s*=\s*Practice/);
    const inside = openssl('pkcs7', '-in', chain, '-print_certs');
    const members = inside.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    assert.equal(members.length, 3);
    const untrusted = join(folder, 'untrusted.pem');
    writeFileSync(untrusted, members.join('\n'));
    assert.match(
      openssl('verify', '-CAfile', root, '-untrusted', untrusted, '-purpose', 'sslclient', certificate),
      /: OK/,
    );

    const read = keytool(certificate);
    assert.match(read, /Owner: CN=orders\.acme\.example, OU=Integration, O=ACME, C=DE/);
    const fingerprint =
      openssl('x509', '-in', certificate, '-noout', '-fingerprint', '-sha256').split('=')[1] ?? '';
    assert.ok(read.includes(fingerprint.trim()));
    assert.match(keytool(root), /Owner: CN=Practice/);
    assert.equal(keytool(chain).match(/Owner: /g)?.length, 3);
  });

  it('the certificate of an entry whose alias no file system takes has a name that every one takes', async () => {
    const path = await save(/eu\/west/, 'Save Certificate…', 'eu_west;blue_green.cer');
    assert.match(keytool(path), /Owner: CN=deployments\.acme\.example/);
  });
});

function openssl(...args: readonly string[]): string {
  return execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function keytool(path: string): string {
  return execFileSync('keytool', ['-J-Duser.language=en', '-printcert', '-file', path], { encoding: 'utf8' });
}

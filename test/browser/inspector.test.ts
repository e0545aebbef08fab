import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../tools/lib/children.mjs';
import { OpensslPki } from '../support/opensslPki.js';
import { eventually } from './eventually.js';
import { themes, Workbench } from './workbench.js';

/** The inspector as a person uses it: files of the Explorer, an entry of the tree, mouse and keyboard. */
describe('the inspector', () => {
  const pki = new OpensslPki();
  let workbench: Workbench;
  let folder: string;

  before(async () => {
    folder = temporaryFolder('inspector');
    makeFiles(pki, folder);
    workbench = await Workbench.open({ folder, viewport: { width: 1280, height: 1400 } });
    workbench.page.on('dialog', (dialog) => {
      throw new Error(`a script ran: ${dialog.message()}`);
    });
  });
  after(async () => {
    await workbench.close();
    pki.dispose();
  });

  async function openFile(name: string): Promise<void> {
    await workbench.openContainer('Explorer');
    await workbench.executeCommand('workbench.action.closeAllEditors');
    await workbench.row(name).dblclick();
    await workbench.editorTab(name).waitFor();
    await workbench.webview.getByRole('heading', { level: 1, name }).waitFor();
  }

  it('opens a chain with verdict, picture and fields', async () => {
    await openFile('chain.der');
    await workbench.webview.getByRole('heading', { name: 'Certificates (3)' }).waitFor();
    await workbench.webview.getByText('Serial number', { exact: true }).first().waitFor();
    for (const theme of Object.keys(themes) as (keyof typeof themes)[]) {
      await workbench.setTheme(theme);
      await eventually('drawn', () => Promise.resolve(true));
      await workbench.picture(`inspector-${theme}`);
    }
    await workbench.setTheme('dark');
  });
});

/** A file of each kind, made with openssl. */
function makeFiles(pki: OpensslPki, folder: string): void {
  const root = pki.ca('/C=DE/O=Example/CN=Example Root CA');
  const issuing = pki.issue(root, '/C=DE/O=Example/CN=Example Issuing CA', { ca: true });
  const leaf = pki.issue(issuing, '/C=DE/O=ACME/OU=Integration/CN=orders.acme.example', {
    names: 'DNS:orders.acme.example,email:it@acme.example',
    usages: 'clientAuth,serverAuth',
  });
  const path = (name: string): string => join(folder, name);
  writeFileSync(path('chain.pem'), leaf.certificate + issuing.certificate + root.certificate);
  pki.openssl([
    'crl2pkcs7',
    '-nocrl',
    '-certfile',
    path('chain.pem'),
    '-outform',
    'DER',
    '-out',
    path('chain.p7c'),
  ]);
  copyFileSync(path('chain.p7c'), path('chain.der'));
}

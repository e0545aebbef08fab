import assert from 'node:assert/strict';
import { eventually } from './eventually.js';
import { Workbench } from './workbench.js';

describe('the endpoint on the mapping page', () => {
  let workbench: Workbench;

  before(async () => {
    workbench = await Workbench.open();
    await workbench.openContainer('SAP Keystore');
    await workbench.runCommand('SAP Keystore: Open Practice Tenant');
    await workbench.expand('Key Pairs');
    await workbench.contextMenu(/invoices-sender/, 'Show Mapping Set-Up');
    await workbench.webview.getByRole('heading', { name: 'Sender set-up: invoices-sender' }).waitFor();
  });

  after(async () => {
    await workbench.close();
  });

  /** The stage of the sender adapter, by its state. */
  const stage = (state: string) =>
    workbench.webview
      .getByRole('listitem')
      .filter({ hasText: 'Sender adapter asks for it' })
      .filter({ hasText: state });

  it('is picked among those that are deployed, and the stage becomes OK', async () => {
    const { webview, quickInput } = workbench;
    await stage('to be set').waitFor();
    await webview.locator('#senderAdapter-changeEndpoint').click();
    await quickInput.waitFor('Endpoint that the sender calls');
    await quickInput.row('Invoices').waitFor();
    await quickInput.row(/Bank statements\s*REST/).waitFor();
    // What a tenant says is neither an icon nor a link.
    assert.equal(await quickInput.widget.locator('.codicon-trash').count(), 0);
    assert.equal(await quickInput.widget.locator('img[src="x"]').count(), 0);
    await workbench.picture('endpoints');
    await quickInput.pick('Invoices');
    await stage('OK').waitFor();
    await stage('asks for Invoices.send').waitFor();
    await webview.getByText('https://practice.it-cpi-rt.example/http/invoices').first().waitFor();
    await webview.getByText(/Read from the design of version 2\.1\.0, which is deployed/).waitFor();
  });

  it('is legible in four themes', async () => {
    for (const theme of ['light', 'dark', 'highContrast', 'highContrastLight'] as const) {
      await workbench.setTheme(theme);
      await workbench.webview.locator('#senderAdapter').scrollIntoViewIfNeeded();
      await workbench.picture(`endpoint-${theme}`);
    }
  });

  it('tells what does not fit, and what is not told', async () => {
    const { webview, quickInput } = workbench;
    const choose = async (flow: string): Promise<void> => {
      await webview.locator('#senderAdapter-changeEndpoint').click();
      await quickInput.waitFor('Endpoint that the sender calls');
      await quickInput.pick(flow);
      await quickInput.waitUntilClosed();
    };
    await choose('Bank statements');
    await stage('problem').waitFor();
    await stage('is set to Client Certificate').waitFor();
    await choose('Employees (standard content)');
    await stage('not known').waitFor();
    await webview.getByText(/Perhaps it asks for the role ESBMessaging\.send/).waitFor();
    await webview.locator('#senderAdapter-changeEndpoint').click();
    await quickInput.waitFor('Endpoint that the sender calls');
    await quickInput.pickByKeyboard('Enter by hand');
    await quickInput.waitFor('Address or path that the sender calls');
    await quickInput.enter('/http/nobody');
    await stage('would get 404').waitFor();
    await eventually('the entered address', async () =>
      (await webview.locator('dd').filter({ hasText: '/http/nobody' }).count()) > 0 ? true : undefined,
    );
  });
});

import assert from 'node:assert/strict';
import { servePractice, type ServedPractice } from '../support/practiceProcess.js';
import { eventually } from './eventually.js';
import { addTenant } from './steps.js';
import { Workbench } from './workbench.js';

/** The part of the extension's exports that is asked, as the extension host has it. */
interface Exports {
  readonly connections: {
    list(): readonly { readonly id: string; readonly name: string }[];
    secret(id: string): Promise<object | undefined>;
  };
}

describe('two windows of one person', () => {
  let practice: ServedPractice;
  let first: Workbench;
  let second: Workbench;

  before(async () => {
    practice = await servePractice();
    first = await Workbench.open();
    second = await Workbench.open({ sharing: first, sameProfile: true });
    await first.openContainer('SAP Keystore');
    await second.openContainer('SAP Keystore');
  });
  after(async () => {
    await second.close();
    await first.close();
    await practice.stop();
  });

  /** Names of the tenants that a window knows, with what it has instead of the secret. */
  async function known(workbench: Workbench): Promise<unknown> {
    return await workbench.inHost(async ({ connections }: Exports) => {
      const rows = connections.list().map(async ({ id, name }) => {
        try {
          return (await connections.secret(id)) === undefined ? `${name}, signed out` : name;
        } catch (error) {
          return `${name}, ${(error as { readonly code?: string }).code ?? String(error)}`;
        }
      });
      return (await Promise.all(rows)).join('; ');
    });
  }

  it('show a tenant that the other one has added, without its secret', async () => {
    await addTenant(first, practice.tenant.serviceKey, 'ACME');
    await first.row('ACME').waitFor();
    await second.page.bringToFront();
    await eventually(
      'the other window knows the tenant',
      async () => (await known(second)) === 'ACME, stale',
    );
    assert.equal(await known(first), 'ACME');
    await second.runCommand('SAP Keystore: Refresh');
    await second.rowsWhen('the other window asks to be reloaded', (rows) =>
      rows.some((row) => /ACME/.test(row) && /reload/i.test(row)),
    );
  });

  it('store nothing while stale, say so, and lose no secret', async () => {
    await addTenant(
      second,
      practice.tenant.serviceKey.replace(/"clientid":"[^"]*"/, '"clientid":"sb-other"'),
      'Other',
    );
    await second.notification('Another window changed the stored secrets').waitFor();
    assert.equal(await known(second), 'ACME, stale');
    assert.equal(await known(first), 'ACME');
    await first.page.bringToFront();
    await first.expand('ACME');
    await first.row('Key Pairs').waitFor();
  });

  it('agree after the reload that the message offers', async () => {
    await second.page.bringToFront();
    await second.reloading(async () => {
      await second
        .notification('Another window changed the stored secrets')
        .getByRole('button', { name: 'Reload Window' })
        .click();
    });
    await second.openContainer('SAP Keystore');
    await second.row('ACME').waitFor();
    assert.equal(await known(second), 'ACME');
    await second.expand('ACME');
    await second.row('Key Pairs').waitFor();
  });

  it('notice a tenant that the other one has removed', async () => {
    await second.contextMenu('ACME', 'Remove Tenant…');
    await second.dialog.getByRole('button', { name: 'Remove Tenant' }).click();
    await second.row('ACME').waitFor({ state: 'hidden' });
    await first.page.bringToFront();
    await first.runCommand('SAP Keystore: Refresh');
    await first.row('ACME').waitFor({ state: 'hidden' });
    assert.equal(await known(first), '');
  });
});

import assert from 'node:assert/strict';
import { servePractice, type ServedPractice } from '../support/practiceProcess.js';
import { addTenant, choose, createKeyPair } from './steps.js';
import { Workbench } from './workbench.js';

const count = 6000;

describe('a keystore of 6,000 entries', () => {
  let practice: ServedPractice;
  let workbench: Workbench;

  before(async () => {
    practice = await servePractice(count);
    workbench = await Workbench.open();
    await workbench.openContainer('SAP Keystore');
    await addTenant(workbench, practice.tenant.serviceKey, 'ACME');
  });
  after(async () => {
    await workbench.close();
    await practice.stop();
  });

  /** The number of entries that a group's row tells, such as `Certificates | 5,991 · 2 expire soon`. */
  async function counted(group: string): Promise<number> {
    const rows = await workbench.rowsWhen(`there is a group ${group}`, (all) =>
      all.some((row) => row.trimStart().startsWith(`${group} | `)),
    );
    const row = rows.find((text) => text.trimStart().startsWith(`${group} | `)) ?? '';
    return Number(/\| ([\d.,]+)/.exec(row)?.[1]?.replaceAll(/\D/g, ''));
  }

  /** The tree is drawn anew a moment after the question is answered. */
  async function onlyCertificate(): Promise<void> {
    await workbench.rowsWhen('one certificate is left', (all) =>
      all.some((row) => /^ *Certificates \| 1(?!\d)/.test(row)),
    );
  }

  async function filter(text: string): Promise<void> {
    await workbench.runCommand('SAP Keystore: Filter Entries…');
    await workbench.quickInput.waitFor('Alias, subject, issuer');
    await workbench.quickInput.enter(text);
    await workbench.quickInput.waitUntilClosed();
  }

  it('opens as a tree that counts all of them', async () => {
    await workbench.expand('ACME');
    const pairs = await counted('Key Pairs');
    const certificates = await counted('Certificates');
    const keys = await counted('SSH Keys');
    assert.equal(pairs + certificates + keys, count);
    await workbench.expand('Certificates');
    await workbench.row(/partner-00000/).waitFor();
  });

  it('is filtered by alias, by serial number and by fingerprint', async () => {
    await filter('partner-04711');
    await onlyCertificate();
    await workbench.row(/partner-04711/).waitFor();
    await filter(`0x${(0x10_0000 + 815).toString(16)}`);
    await workbench.row(/partner-00815/).waitFor();
    await onlyCertificate();
    await filter('00:00:00:00:00:00:12:67');
    await workbench.row(/partner-04711/).waitFor();
    await onlyCertificate();
    await filter('there is no such entry');
    await workbench.row(/No entry|nothing|matches/i).waitFor();
    await workbench.runCommand('SAP Keystore: Clear Filter');
    await workbench.rowsWhen('all entries', (rows) => rows.some((row) => /Certificates \| \d{4}/.test(row)));
  });

  it('keeps grouping, order and filter over a reload', async () => {
    await choose(workbench, 'SAP Keystore: Group By…', 'Owner');
    const own = await counted('Tenant Administrator');
    await workbench.collapse('Tenant Administrator');
    assert.equal(own + (await counted('SAP')), count);
    await workbench.expand('Tenant Administrator');
    await choose(workbench, 'SAP Keystore: Sort By…', 'Expiry');
    await filter('partner');
    // Sorted by expiry and filtered: where either has not been drawn yet, other rows stand between these.
    const expected = [
      'legacy.partner.2021',
      ...Array.from({ length: 8 }, (_, number) => `partner-0000${number}`),
    ].join();
    const aliases = (rows: readonly string[]): string =>
      rows
        .slice(2, 2 + 9)
        .map((row) => row.trim().replace(/ \|.*$/, ''))
        .join();
    await workbench.rowsWhen('the filtered rows', (rows) => aliases(rows) === expected);
    const shown = await counted('Tenant Administrator');
    assert.ok(shown < own);
    await workbench.reload();
    await workbench.openContainer('SAP Keystore');
    await workbench.expand('ACME');
    await workbench.rowsWhen('the same rows as before', (rows) => aliases(rows) === expected);
    assert.equal(await counted('Tenant Administrator'), shown);
  });

  it('shows a new entry far down where it is', async () => {
    await workbench.runCommand('SAP Keystore: Clear Filter');
    await choose(workbench, 'SAP Keystore: Sort By…', 'Alias');
    await choose(workbench, 'SAP Keystore: Group By…', 'Not at all');
    await workbench.rowsWhen('rows without groups', (rows) => rows.some((row) => row.includes('carrier')));
    await workbench.gone(/zz-new/);
    await workbench.runCommand('SAP Keystore: Create Key Pair…');
    await createKeyPair(workbench, 'zz-new');
    await workbench.selected(/zz-new/, 60_000);
  });
});

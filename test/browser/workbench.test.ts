import { Workbench } from './workbench.js';

describe('the extension in a workbench', () => {
  let workbench: Workbench;

  before(async () => {
    workbench = await Workbench.open();
  });

  after(async () => {
    await workbench.close();
  });

  it('shows its container with a welcome while there is no tenant', async () => {
    await workbench.openContainer('SAP Keystore');
    await workbench.sideBar.getByRole('button', { name: 'Add Tenant', exact: true }).waitFor();
    await workbench.sideBar.getByRole('button', { name: 'Open the practice tenant' }).waitFor();
    await workbench.rowsWhen('there is no row', (rows) => rows.length === 0);
  });

  it('opens the practice tenant from the palette', async () => {
    await workbench.runCommand('SAP Keystore: Open Practice Tenant');
    await workbench.row('Practice Tenant').waitFor();
  });
});

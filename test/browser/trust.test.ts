import { Workbench } from './workbench.js';

describe('the extension in a workbench with workspace trust switched on', () => {
  let workbench: Workbench;

  before(async () => {
    workbench = await Workbench.open({ trust: true });
  });

  after(async () => {
    await workbench.close();
  });

  it('works in a folder that its owner does not trust', async () => {
    await workbench.page
      .getByRole('button', { name: /Restricted Mode/ })
      .first()
      .waitFor();
    await workbench.openContainer('SAP Keystore');
    await workbench.runCommand('SAP Keystore: Open Practice Tenant');
    await workbench.row('Practice Tenant').waitFor();
  });
});

import { TenantDouble } from '../support/tenantDouble.js';
import { demandLegibleRows } from './contrast.js';
import { addTenant } from './steps.js';
import { themes, Workbench } from './workbench.js';

describe('the tree in four themes', () => {
  let double: TenantDouble;
  let workbench: Workbench;

  before(async () => {
    double = await TenantDouble.start();
    double.faults.push({ on: 'token', status: 401 });
    workbench = await Workbench.open({ viewport: { width: 1280, height: 800 } });
    await workbench.openContainer('SAP Keystore');
    await workbench.runCommand('SAP Keystore: Open Practice Tenant');
    await workbench.expand('Key Pairs');
    const { clientId: clientid, clientSecret: clientsecret, url, tokenUrl: tokenurl } = double;
    await addTenant(workbench, JSON.stringify({ clientid, clientsecret, url, tokenurl }), 'Refused');
    await workbench.row('Refused').waitFor();
    await workbench.expand('Refused');
    await workbench.expand(/orders-sender/);
    await workbench.row(/Practice Issuing CA/).waitFor();
  });
  after(async () => {
    await workbench.close();
    await double.stop();
  });

  for (const theme of Object.keys(themes) as (keyof typeof themes)[]) {
    it(`keeps its signs apart from the background: ${theme}`, async () => {
      await workbench.setTheme(theme);
      await workbench.picture(`tree-${theme}`);
      await demandLegibleRows(workbench);
    });
  }
});

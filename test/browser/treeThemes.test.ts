import assert from 'node:assert/strict';
import { TenantDouble } from '../support/tenantDouble.js';
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
      const rows = await workbench.sideBar.getByRole('treeitem').all();
      assert.ok(rows.length > 10);
      for (const row of rows) {
        for (const part of ['.label-name', '.label-description', '.custom-view-tree-node-item-icon']) {
          const shown = row.locator(part).first();
          if ((await shown.count()) > 0 && ((await shown.innerText()) !== '' || part.includes('icon'))) {
            const ratio = await shown.evaluate(contrast);
            assert.ok(
              ratio >= 3,
              `${part} of ${(await row.getAttribute('aria-label')) ?? ''}: ${ratio.toFixed(2)}`,
            );
          }
        }
      }
    });
  }
});

/** The contrast of an element to what lies behind it (WCAG 2.2, "contrast ratio"); runs in the page. */
function contrast(element: unknown): number {
  interface Styled {
    readonly parentElement: Styled | null;
  }
  interface Style {
    readonly color: string;
    readonly backgroundColor: string;
    readonly opacity: string;
  }
  const style = (of: Styled, pseudo?: string): Style =>
    (globalThis as unknown as { getComputedStyle(of: Styled, pseudo?: string): Style }).getComputedStyle(
      of,
      pseudo,
    );
  const parse = (color: string): number[] => (color.match(/[\d.]+/g) ?? []).map(Number);
  const over = (front: number[], alpha: number, back: number[]): number[] =>
    [0, 1, 2].map((index) => (front[index] ?? 0) * alpha + (back[index] ?? 0) * (1 - alpha));
  const layers: number[][] = [];
  let opacity = 1;
  for (let at: Styled | null = element as Styled; at !== null; at = at.parentElement) {
    const { backgroundColor, opacity: own } = style(at);
    opacity *= Number(own);
    layers.unshift(parse(backgroundColor));
  }
  const background = layers.reduce((back, layer) => over(layer, layer[3] ?? 1, back), [255, 255, 255]);
  const before = style(element as Styled, '::before').color;
  const own = parse(before === '' ? style(element as Styled).color : before);
  const front = over(own, (own[3] ?? 1) * opacity, background);
  const luminance = (color: number[]): number => {
    const [red = 0, green = 0, blue = 0] = color.map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [light = 0, dark = 0] = [luminance(front), luminance(background)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

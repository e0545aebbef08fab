import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { temporaryFolder } from '../../tools/lib/children.mjs';
import {
  performedWrites,
  practiceFolder,
  signInToCloudFoundry,
  writeSenderFiles,
  type CloudFoundryExports,
} from './cloudFoundry.js';
import { demandContrast, demandLegibleRows } from './contrast.js';
import { eventually } from './eventually.js';
import { choosePath } from './steps.js';
import { themes, Workbench } from './workbench.js';

const themeNames = Object.keys(themes) as (keyof typeof themes)[];

describe('inbound clients', () => {
  let workbench: Workbench;
  let folder: string;

  before(async () => {
    folder = temporaryFolder('clients');
    workbench = await Workbench.open({
      folder,
      settings: { 'files.simpleDialog.enable': true },
      viewport: { width: 1400, height: 1000 },
    });
    await workbench.openContainer('SAP Keystore');
    await workbench.runCommand('SAP Keystore: Open Practice Tenant');
    await workbench.row(/Practice Tenant/).waitFor();
    await signInToCloudFoundry(workbench, 'dev');
    await workbench.inHost(async ({ practice }: CloudFoundryExports) => {
      (await practice.tenant()).cloudFoundry.faults.jobMilliseconds = 0;
    });
  });
  after(async () => {
    await workbench.close();
  });

  /** Rows of one view; the other is folded away. */
  async function showOnly(view: 'Keystores' | 'Inbound Clients'): Promise<void> {
    for (const name of ['Keystores', 'Inbound Clients']) {
      const header = workbench.sideBar.locator('.pane-header').filter({ hasText: name });
      if ((await header.getAttribute('aria-expanded')) !== String(name === view)) {
        await header.click();
      }
    }
  }
  const selected = (): Locator => workbench.sideBar.locator('.monaco-list-row.selected');

  describe('in their view', () => {
    it('unfold from the tenant to the certificate, which is read then', async () => {
      await showOnly('Inbound Clients');
      await workbench.expand(/Practice Tenant/);
      await workbench.expand(/pi-rt-iflow/);
      await workbench.row(/customs/).waitFor();
      await workbench.expand(/customs/);
      await workbench.row(/CN=customs\.example|customs\.example/).waitFor();
    });

    it('show each flag in words once all keys are read', async () => {
      await workbench.contextMenu(/Practice Tenant/, 'Read Certificates of All Keys');
      await workbench.expand(/pi-rt-custom/);
      await workbench.expand(/pi-rt-2021/);
      await workbench.rowsWhen('the flags are there', (all) =>
        [/legacy .*expired/i, /client_x509|deprecated/i, /pinned/i].every((flag) =>
          all.some((row) => flag.test(row)),
        ),
      );
      await workbench.picture('inbound-clients');
      // Each flag is said to those who hear the view as well.
      await workbench.row(/legacy.*expired/i).waitFor();
    });

    it('lead from a key to its entry and from the entry to its key', async () => {
      await workbench.contextMenu(/orders-pinned/, 'Show Keystore Entry');
      await eventually('the entry is selected', async () =>
        (await selected().allInnerTexts()).some((text) => text.includes('orders-sender')),
      );
      await showOnly('Keystores');
      await workbench.contextMenu(/orders-sender/, 'Show Service Keys with This Certificate');
      await eventually('the key is selected', async () =>
        (await selected().allInnerTexts()).some((text) => text.includes('orders-pinned')),
      );
      await showOnly('Inbound Clients');
    });

    for (const theme of themeNames) {
      it(`are legible: ${theme}`, async () => {
        await workbench.setTheme(theme);
        await workbench.picture(`inbound-clients-${theme}`);
        await demandLegibleRows(workbench);
      });
    }
  });

  describe('in a renewal', () => {
    it('follow it over a reload in its middle, up to the deletion of the old key', async () => {
      const { quickInput } = workbench;
      const certificate = join(folder, 'customs.pem');
      await writeSenderFiles(await practiceFolder(workbench), '/C=FR/O=Customs/CN=customs.example', {
        certificate,
      });
      await showOnly('Inbound Clients');
      await workbench.expand(/Practice Tenant/);
      await workbench.expand(/pi-rt-iflow/);
      await workbench.contextMenu(/Service key customs,/, 'Renew Client Certificate…');
      await quickInput.waitFor('Where it stands');
      await workbench.picture('renewal');
      await quickInput.pick(/Choose the Renewed Certificate/);
      await quickInput.waitFor('The certificate that follows');
      await quickInput.accept();
      await quickInput.waitFor(/From a file/);
      await quickInput.pick(/^From a file/);
      await choosePath(workbench, certificate);
      await workbench.dialog.getByRole('button', { name: /^Take / }).click();
      await quickInput.waitFor(/Create the Second Key/);
      await quickInput.pick(/Create the Second Key/);
      await quickInput.waitFor('Name of the service key');
      await quickInput.enter('customs-next');
      await workbench.dialog.getByRole('button', { name: /^Create/ }).click();
      await quickInput.waitFor(/Confirm a Good Call/);
      await workbench.picture('renewal-second-key');
      assert.deepEqual(await performedWrites(workbench), ['createKey']);

      await workbench.reload();
      await workbench.openContainer('SAP Keystore');
      await workbench.runCommand('SAP Keystore: Continue Renewal…');
      await quickInput.waitFor(/Confirm a Good Call/);
      await quickInput.pick(/Confirm a Good Call/);
      await workbench.dialog.getByRole('button', { name: 'It Went Well' }).click();
      await quickInput.waitFor('Day from which');
      await quickInput.enter(new Date().toISOString().slice(0, 10));
      await quickInput.waitFor(/Delete "customs"/);
      await quickInput.pick(/Delete "customs"/);
      await workbench.dialog.getByText('get 401 from then on').waitFor();
      await workbench.dialog.getByRole('button', { name: 'Delete Service Key' }).click();
      await workbench.notification('The renewal is finished').waitFor({ timeout: 60_000 });
      assert.deepEqual(await performedWrites(workbench), ['deleteKey']);
      await showOnly('Inbound Clients');
      await workbench.expand(/pi-rt-iflow/);
      await workbench.row(/Service key customs-next/).waitFor();
      await workbench.gone(/Service key customs,/);
    });
  });

  describe('and the mapping page', () => {
    const focusedId = (): Promise<string> =>
      workbench.webview
        .locator('body')
        .evaluate((body: FocusedIn) => body.ownerDocument.activeElement?.id ?? '');
    const tabTo = async (id: string): Promise<void> => {
      for (let count = 0; count < 80; count++) {
        if ((await focusedId()) === id) {
          return;
        }
        await workbench.page.keyboard.press('Tab');
      }
      throw new Error(`The keyboard reached nothing with the id ${id}.`);
    };

    it('is made with the keyboard alone, and every control of it is reached with a visible focus', async () => {
      const { quickInput, page } = workbench;
      await workbench.runCommand('SAP Keystore: Show Mapping Set-Up');
      await quickInput.waitFor('Who calls');
      await quickInput.pickByKeyboard('Certificate in the keystore');
      await quickInput.waitFor('Entry with the certificate');
      await quickInput.pickByKeyboard('partner-customs');
      await quickInput.waitFor('Name of the sender');
      await quickInput.accept();
      await workbench.webview.getByRole('heading', { name: /^Sender set-up: partner-customs/ }).waitFor();
      const controls = workbench.webview.locator('button, input');
      const readWanted = (): Promise<string[]> =>
        controls.evaluateAll((all: readonly Control[]) =>
          all.filter(({ type, checked }) => type !== 'radio' || checked).map(({ id }) => id),
        );
      // The page is drawn anew where a fact comes later.
      const wanted = await eventually('the controls are there and stay the same', async () => {
        const ids = await readWanted();
        await page.waitForTimeout(1000);
        return ids.length >= 8 && ids.join() === (await readWanted()).join() ? new Set(ids) : undefined;
      });
      const reached: string[] = [];
      for (let count = 0; count < wanted.size * 2 + 10; count++) {
        await page.keyboard.press('Tab');
        const id = await focusedId();
        if (id !== '') {
          if (reached.includes(id)) {
            break;
          }
          reached.push(id);
          const outline = await workbench.webview.locator(`[id="${id}"]`).evaluate(outlineOf);
          assert.ok(outline > 0, `${id} shows no focus`);
        }
      }
      const order = await controls.evaluateAll((all: readonly Control[]) => all.map(({ id }) => id));
      assert.deepEqual(
        reached,
        order.filter((id) => wanted.has(id)),
        'all controls, in the order of the page',
      );
    });

    it('obeys Enter and Space', async () => {
      const { page } = workbench;
      const copies = await workbench.webview
        .locator('button[id^="copy-"]')
        .evaluateAll((all: readonly Control[]) => all.map(({ id }) => id));
      for (const [key, id] of [
        ['Enter', copies[0]],
        ['Space', copies[1]],
      ] as const) {
        assert.ok(id !== undefined);
        await workbench.writeClipboard('');
        await tabTo(id);
        await page.keyboard.press(key);
        await eventually(`${key} copies`, async () => (await workbench.readClipboard()) !== '');
        assert.equal(await focusedId(), id);
      }
    });

    it('keeps its focus where it is made anew', async () => {
      const { quickInput, page } = workbench;
      const change = await workbench.webview
        .getByRole('button', { name: 'Rename Set-Up…' })
        .evaluate((button: Control) => button.id);
      await tabTo(change);
      await page.keyboard.press('Enter');
      await quickInput.waitFor('Name of the sender');
      await quickInput.enter('Customs');
      await workbench.webview.getByRole('heading', { name: 'Sender set-up: Customs' }).waitFor();
      // The person returns to the page.
      await page.keyboard.press('Control+1');
      await eventually('the focus is back', async () => (await focusedId()) === change);
    });

    it('asks before the other way is taken, and stays with its own where the person does not want it', async () => {
      await tabTo('way-mapping');
      await workbench.page.keyboard.press('ArrowDown');
      await workbench.dialog.getByText('Put the certificate into the sender adapter?').waitFor();
      await workbench.page.keyboard.press('Escape');
      await eventually('the way is as before', () =>
        workbench.webview.getByRole('radio', { name: /Recommended/ }).isChecked(),
      );
    });

    for (const theme of themeNames) {
      it(`is legible: ${theme}`, async () => {
        await workbench.setTheme(theme);
        await workbench.picture(`mapping-page-${theme}`);
        const texts = workbench.webview.locator('h1, h2, h3, p, li, dt, dd span, label, button');
        await demandContrast(texts, 4.5);
        await demandContrast(workbench.webview.locator('.symbol'), 3);
      });
    }
  });
});

/** What is asked of the page, where the tests' own types do not reach. */
interface Control {
  readonly id: string;
  readonly type: string;
  readonly checked?: boolean;
}
interface FocusedIn {
  readonly ownerDocument: { readonly activeElement: { readonly id: string } | null };
}

/** Width of the outline in pixels; 0 where there is none. Runs in the page. */
function outlineOf(element: unknown): number {
  const { getComputedStyle } = globalThis as unknown as {
    readonly getComputedStyle: (of: unknown) => {
      readonly outlineStyle: string;
      readonly outlineWidth: string;
    };
  };
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  return outlineStyle === 'none' ? 0 : Number.parseFloat(outlineWidth);
}

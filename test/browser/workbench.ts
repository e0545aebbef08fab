import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, FrameLocator, Locator, Page } from 'playwright-core';
import { temporaryFolder } from '../../tools/lib/children.mjs';
import { launchBrowser, launchPersistent } from '../../tools/lib/chromium.mjs';
import { cacheFolder, root } from '../../tools/lib/paths.mjs';
import { type RunningServer, type ServerOptions, startServer } from '../../tools/lib/server.mjs';
import { Bridge } from './bridge.js';
import { eventually } from './eventually.js';
import { QuickInput } from './quickInput.js';

/** The four themes that everything must be legible in. */
export const themes = {
  light: 'Default Light Modern',
  dark: 'Default Dark Modern',
  highContrast: 'Default High Contrast',
  highContrastLight: 'Default High Contrast Light',
} as const;

/** What the workbench and a page of an extension call the kind of a theme. */
const themeKinds = {
  light: ['vs', 'vscode-light'],
  dark: ['vs-dark', 'vscode-dark'],
  highContrast: ['hc-black', 'vscode-high-contrast'],
  highContrastLight: ['hc-light', 'vscode-high-contrast-light'],
} as const;

export interface WorkbenchOptions extends Pick<ServerOptions, 'settings' | 'trust' | 'env'> {
  /** The folder to open; without it an empty one. */
  readonly folder?: string;
  /** A browser profile that outlives the page (global state and secrets live there). */
  readonly profile?: string;
  /** A workbench whose server this one shares: a second window. */
  readonly sharing?: Workbench;
  /** Whether two pages share one browser profile, as two windows of one person do. */
  readonly sameProfile?: boolean;
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly withoutExtension?: boolean;
  /** Folders of further unpacked extensions. */
  readonly extensions?: readonly string[];
}

/** What is asked of a row in the page, where the tests' own types do not reach. */
interface RenderedRow {
  getAttribute(name: string): string | null;
  querySelector(selector: string): { readonly textContent: string | null } | null;
}

/** High enough for both trees to render every row of the practice tenant: a row out of sight is not in the page. */
const roomy = { width: 1280, height: 1200 };

/** What pictures of the README show. */
const pictured = { width: 1280, height: 800 };

const open = new Set<Workbench>();

/** The workbenches that tests have opened and not closed yet. */
export function openWorkbenches(): readonly Workbench[] {
  return [...open];
}

/** A real workbench in a real browser with the extension installed in it. */
export class Workbench {
  readonly quickInput: QuickInput;

  private constructor(
    readonly page: Page,
    readonly server: RunningServer,
    private readonly context: BrowserContext,
    private readonly bridgeFolder: string,
    private bridge: Bridge,
    private readonly ownsServer: boolean,
    private readonly ownsContext: boolean,
    private readonly closeBrowser: () => Promise<void>,
  ) {
    this.quickInput = new QuickInput(page);
  }

  /** Opens a workbench and returns when its extension host runs. */
  static async open(options: WorkbenchOptions = {}): Promise<Workbench> {
    const { sharing } = options;
    const bridgeFolder = sharing?.bridgeFolder ?? temporaryFolder('cikb');
    const server =
      sharing?.server ??
      (await startServer({
        ...(options.settings === undefined ? {} : { settings: options.settings }),
        ...(options.trust === undefined ? {} : { trust: options.trust }),
        env: { ...options.env, CI_KEYSTORE_BRIDGE_FOLDER: bridgeFolder, CI_KEYSTORE_TEST: '1' },
        extensions: [
          join(root, 'test/browser/bridge'),
          // Installed, not under development: the workbench shows no toasts while its test driver is on.
          ...(options.extensions ?? []),
          ...(options.withoutExtension === true ? [] : [join(cacheFolder, 'browser-extension')]),
        ],
        name: `browser-${process.pid}`,
      }));
    const contextOptions = {
      viewport: options.viewport ?? roomy,
      permissions: ['clipboard-read', 'clipboard-write'],
    };
    let closeBrowser = (): Promise<void> => Promise.resolve();
    let context: BrowserContext;
    if (sharing !== undefined && options.sameProfile === true) {
      context = sharing.context;
    } else if (options.profile !== undefined) {
      context = await launchPersistent(options.profile, contextOptions);
    } else {
      const browser = await launchBrowser();
      closeBrowser = async () => {
        await browser.close();
      };
      context = await browser.newContext(contextOptions);
    }
    const known = Bridge.addresses(bridgeFolder);
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    await page.goto(server.url({ folder: options.folder }));
    await page.locator('.monaco-workbench').waitFor({ timeout: 60_000 });
    const bridge = await Bridge.connect(bridgeFolder, known);
    const workbench = new Workbench(
      page,
      server,
      context,
      bridgeFolder,
      bridge,
      sharing === undefined,
      sharing === undefined || options.sameProfile !== true,
      closeBrowser,
    );
    open.add(workbench);
    return workbench;
  }

  /** Closes the page, then whatever only this workbench used. */
  async close(): Promise<void> {
    open.delete(this);
    // The unload tells the server that this window is gone, so that its extension host ends with it.
    await this.page.close({ runBeforeUnload: true });
    if (this.ownsContext) {
      await this.context.close();
    }
    await this.closeBrowser();
    if (this.ownsServer) {
      await this.server.close();
    }
  }

  /**
   * Reloads the window by the workbench's own command: it keeps its state before it goes, which a reload of the page would cut
   * short.
   */
  async reload(): Promise<void> {
    await this.reloading(() => {
      this.executeCommand('workbench.action.reloadWindow').catch(() => undefined);
      return Promise.resolve();
    });
  }

  /** Does something that reloads the window and returns when its new extension host runs. */
  async reloading(act: () => Promise<void>): Promise<void> {
    const known = Bridge.addresses(this.bridgeFolder);
    const gone = this.page.waitForEvent('load', { timeout: 60_000 });
    await act();
    await gone;
    await this.page.locator('.monaco-workbench').waitFor({ timeout: 60_000 });
    this.bridge = await Bridge.connect(this.bridgeFolder, known);
  }

  /** Runs a command from the palette, as a person does: `SAP Keystore: Refresh`. */
  async runCommand(title: string): Promise<void> {
    await eventually(`the palette offers ${title}`, async () => {
      await this.page.keyboard.press('F1');
      try {
        await this.quickInput.input.fill(`>${title}`, { timeout: 3000 });
        await this.quickInput.focusRow(title);
        await this.quickInput.input.press('Enter', { timeout: 3000 });
        return true;
      } catch (error) {
        // Something that was still under way took the focus, which closes the palette: a person opens it once more.
        if (await this.quickInput.widget.isVisible()) {
          throw error;
        }
        return undefined;
      }
    });
    await this.quickInput.waitUntilPaletteClosed();
  }

  /** Executes a command with arguments in the extension host: for test-only commands and for what a test sets up. */
  async executeCommand(command: string, ...args: readonly unknown[]): Promise<unknown> {
    return await this.bridge.ask({ kind: 'command', command, args });
  }

  /**
   * Runs a function in the extension host with the extension's exports, its way into the live objects. It is sent as source, so it
   * uses nothing from around it but its second argument.
   */
  async inHost<Result>(
    run: (exports: never, argument: never) => Result | Promise<Result>,
    argument?: unknown,
  ): Promise<unknown> {
    return await this.bridge.ask({ kind: 'run', source: run.toString(), argument });
  }

  /** What the extension host uses after a garbage collection, as `process.memoryUsage` tells it. */
  async memory(): Promise<NodeJS.MemoryUsage> {
    return (await this.bridge.ask({ kind: 'memory' })) as NodeJS.MemoryUsage;
  }

  /** Changes a user setting; null takes it back. */
  async setSetting(setting: string, value: unknown): Promise<void> {
    await this.bridge.ask({ kind: 'setting', setting, value });
  }

  async setTheme(theme: keyof typeof themes): Promise<void> {
    await this.setSetting('workbench.colorTheme', themes[theme]);
    const [kind, pageKind] = themeKinds[theme];
    await this.page.locator(`.monaco-workbench.${kind}`).waitFor();
    if ((await this.page.locator('iframe.webview').count()) > 0) {
      await this.webview.locator(`body[data-vscode-theme-kind="${pageKind}"]`).waitFor();
    }
  }

  async readClipboard(): Promise<string> {
    return String(await this.bridge.ask({ kind: 'clipboard' }));
  }

  async writeClipboard(text: string): Promise<void> {
    await this.bridge.ask({ kind: 'writeClipboard', value: text });
  }

  /** Opens an unsaved editor with a text. */
  async openText(text: string): Promise<void> {
    await this.bridge.ask({ kind: 'openText', value: text });
  }

  /** The text of the active editor; undefined where there is none. */
  async editorText(): Promise<string | undefined> {
    const text = await this.bridge.ask({ kind: 'editorText' });
    return typeof text === 'string' ? text : undefined;
  }

  /** Opens a view container with the mouse by its name in the Activity Bar. */
  async openContainer(name: string): Promise<void> {
    const tab = this.page.locator('.activitybar').getByRole('tab', { name });
    await tab.waitFor();
    if ((await tab.getAttribute('aria-selected')) !== 'true') {
      await tab.click();
      // The hover of the tab would cover the tree.
      await this.page.mouse.move(pictured.width / 2, pictured.height / 2);
    }
    await this.page.locator('.part.sidebar').getByRole('heading', { name }).first().waitFor();
  }

  /** The side bar, which holds the views. */
  get sideBar(): Locator {
    return this.page.locator('.part.sidebar');
  }

  /** A tree row by its accessible name or a part of it. */
  row(name: string | RegExp): Locator {
    return this.sideBar.getByRole('treeitem', { name }).first();
  }

  /** Waits until a row is selected, as it is once the command that made it is done. */
  async selected(name: string | RegExp, timeout = 20_000): Promise<void> {
    await this.sideBar.getByRole('treeitem', { name, selected: true }).first().waitFor({ timeout });
  }

  /** What the rendered rows say, each as indentation, label and description: `"  acme | expires in 9 days"`. */
  async rows(): Promise<readonly string[]> {
    return await this.sideBar.getByRole('treeitem').evaluateAll((elements: readonly RenderedRow[]) =>
      elements.map((element) => {
        const level = Number(element.getAttribute('aria-level') ?? '1');
        const label = element.querySelector('.label-name')?.textContent ?? '';
        const description = element.querySelector('.label-description')?.textContent ?? '';
        return '  '.repeat(level - 1) + (description === '' ? label : `${label} | ${description}`);
      }),
    );
  }

  /** Waits until the rendered rows satisfy the condition and returns them; tells the rows where they do not. */
  async rowsWhen(
    words: string,
    condition: (rows: readonly string[]) => boolean,
    timeoutMs?: number,
  ): Promise<readonly string[]> {
    let rows: readonly string[] = [];
    try {
      return await eventually(
        words,
        async () => {
          rows = await this.rows();
          return condition(rows) ? rows : undefined;
        },
        timeoutMs,
      );
    } catch (cause) {
      throw new Error(`It did not come true that ${words}. The rows:\n${rows.join('\n')}`, { cause });
    }
  }

  async expand(name: string | RegExp): Promise<void> {
    await this.unfold(name, 'true');
  }

  async collapse(name: string | RegExp): Promise<void> {
    await this.unfold(name, 'false');
  }

  /** Waits until no row has the name any more. */
  async gone(name: string | RegExp): Promise<void> {
    await this.row(name).waitFor({ state: 'detached' });
  }

  /** Right-clicks a row and chooses by the titles on the way through submenus. */
  async contextMenu(name: string | RegExp, ...path: readonly string[]): Promise<void> {
    await eventually(`the context menu offers ${path.join(', ')}`, async () => {
      await this.row(name).click({ button: 'right' });
      try {
        for (const title of path.slice(0, -1)) {
          await this.menuItem(title).hover({ timeout: 5000 });
        }
        const last = path.at(-1);
        if (last !== undefined) {
          // A menu ignores the mouse for its first tenth of a second, so the button is held a little longer than that.
          await this.menuItem(last).click({ delay: 200, timeout: 5000 });
        }
        return true;
      } catch (error) {
        // Something that was still under way took the focus, which closes the menu: a person opens it once more.
        if (await this.page.locator('.monaco-menu').first().isVisible()) {
          throw error;
        }
        return undefined;
      }
    });
  }

  /**
   * Selects these rows and no others: with a click, then with Control. It begins anew where a row moved under the mouse, or where an
   * editor that opened meanwhile made its own file the only one that is selected.
   */
  async select(...names: readonly RegExp[]): Promise<void> {
    const selected = this.sideBar.getByRole('treeitem', { selected: true });
    const isSelection = async (): Promise<boolean> => {
      const states = names.map((name) => this.row(name).getAttribute('aria-selected'));
      return (
        (await selected.count()) === names.length &&
        (await Promise.all(states)).every((state) => state === 'true')
      );
    };
    await eventually(`only the rows ${names.join(', ')} are selected`, async () => {
      for (const [index, name] of names.entries()) {
        await this.row(name).click(index === 0 ? {} : { modifiers: ['ControlOrMeta'] });
        await this.page.waitForTimeout(500);
      }
      const first = await isSelection();
      await this.page.waitForTimeout(500);
      return first && (await isSelection());
    });
  }

  /** The titles in a row's context menu, which is closed again. */
  async contextMenuTitles(name: string | RegExp): Promise<readonly string[]> {
    await this.row(name).click({ button: 'right' });
    const items = this.page.locator('.monaco-menu .action-item:not(.disabled) .action-label:not(.separator)');
    await items.first().waitFor();
    const titles = await items.allInnerTexts();
    await this.page.keyboard.press('Escape');
    return titles.map((title) => title.trim()).filter((title) => title !== '');
  }

  /** A notification that holds the words. */
  notification(words: string | RegExp): Locator {
    return this.page
      .locator('.notifications-toasts .notification-list-item')
      .filter({ hasText: words })
      .first();
  }

  /** All messages that were not closed, also those whose toast has gone. */
  async messages(): Promise<readonly string[]> {
    await this.executeCommand('notifications.showList');
    return await this.page.locator('.notifications-center .notification-list-item-message').allInnerTexts();
  }

  /** The modal dialog; its buttons by `getByRole('button', { name })`. */
  get dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  /** Chooses what the dialog proposes with the keyboard, once the dialog has it. */
  async acceptDialog(): Promise<void> {
    await this.dialog.locator('.monaco-button:focus').waitFor();
    await this.page.keyboard.press('Enter');
  }

  /** The content of the one visible webview. */
  get webview(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready, iframe.webview').frameLocator('#active-frame');
  }

  editorTab(name: string | RegExp): Locator {
    return this.page.locator('.tabs-container').getByRole('tab', { name }).first();
  }

  /** A screenshot; kept as a picture of the README where the pictures are being made, else in the cache. */
  async picture(name: string, target: Pick<Locator, 'screenshot'> = this.page): Promise<void> {
    const kept = process.env['PICTURES'] === '1';
    const folder = kept ? join(root, 'docs/pictures') : join(cacheFolder, 'pictures');
    mkdirSync(folder, { recursive: true });
    const viewport = this.page.viewportSize();
    if (kept) {
      await this.page.setViewportSize(pictured);
    }
    await target.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
    if (kept && viewport !== null) {
      await this.page.setViewportSize(viewport);
    }
  }

  /** Clicks the twistie of a row that can be unfolded, again where a tree that was drawn anew has lost the click. */
  private async unfold(name: string | RegExp, expanded: 'true' | 'false'): Promise<void> {
    const row = this.row(name);
    await row.waitFor();
    await eventually(`the row ${name} has aria-expanded ${expanded}`, async () => {
      const state = await row.getAttribute('aria-expanded');
      if (state === null || state === expanded) {
        return true;
      }
      await row.locator('.monaco-tl-twistie').click();
      await this.page.waitForTimeout(500);
      return undefined;
    });
  }

  private menuItem(title: string): Locator {
    return this.page.locator('.monaco-menu').getByRole('menuitem', { name: title, exact: true }).last();
  }
}

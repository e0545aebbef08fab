import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../tools/lib/paths.mjs';
import { eventually } from './eventually.js';
import { Workbench } from './workbench.js';

/** How a command answers when it is called without an argument, as from the palette or a keyboard shortcut. */
interface Reaction {
  readonly answers: boolean;
  readonly text: string;
}

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
};

/** Commands whose answer is that something is done or shown at once. */
const acting = new Set([
  'ciKeystore.entries.clearFilter',
  'ciKeystore.entries.refresh',
  'ciKeystore.inboundClients.refresh',
  'ciKeystore.log.show',
  'ciKeystore.practice.open',
  'ciKeystore.practice.openNeo',
]);
/** Would connect a tenant. */
const opening = ['ciKeystore.practice.open', 'ciKeystore.practice.openNeo'];
/** Would end the test's own host; the test of two windows runs it. */
const ending = new Set(['ciKeystore.window.reload']);

describe('every command called without an argument', () => {
  let workbench: Workbench;

  before(async () => {
    workbench = await Workbench.open({ settings: { 'files.simpleDialog.enable': true } });
    await workbench.openContainer('SAP Keystore');
  });
  after(async () => {
    await workbench.close();
  });

  /** Calls a command, waits for its answer, and withdraws from it until it has ended. */
  async function call(command: string): Promise<Reaction> {
    await workbench.executeCommand('notifications.clearAll');
    await workbench.quickInput.waitUntilClosed();
    const call = { failure: undefined as unknown, ended: false };
    workbench
      .executeCommand(command)
      .catch((error: unknown) => (call.failure = error))
      .finally(() => (call.ended = true));
    const texts: string[] = [];
    await eventually(`${command} asks, tells or acts`, async () => {
      texts.push(await question());
      if (!call.ended && texts.at(-1) === '') {
        // A message may wait for its buttons.
        texts.push(await message());
      }
      return call.ended;
    });
    assert.equal(call.failure, undefined, `${command} throws`);
    texts.push(await message());
    const text = texts.filter((part) => part !== '').join('\n');
    return { answers: text !== '', text };
  }

  /** What a question says, which is answered with Escape; empty where there is none. */
  async function question(): Promise<string> {
    const { quickInput, dialog, page } = workbench;
    for (const asking of [quickInput.widget, dialog]) {
      // Without waiting: it may have gone by itself in the meantime.
      const [text] = await asking.filter({ visible: true }).allInnerTexts();
      if (text !== undefined) {
        await page.keyboard.press('Escape');
        return text.trim();
      }
    }
    return '';
  }

  /** What messages say, which are closed. Of many in a row VS Code shows the first ones only; its list has them all. */
  async function message(): Promise<string> {
    await workbench.executeCommand('notifications.showList');
    const [text = ''] = await workbench.page.locator('.notifications-center').allInnerTexts();
    await workbench.executeCommand('notifications.clearAll');
    await workbench.executeCommand('notifications.hideList');
    return text.replace(/^Notifications|No New Notifications/gi, '').trim();
  }

  async function callAll(except: ReadonlySet<string>): Promise<ReadonlyMap<string, Reaction>> {
    const reactions = new Map<string, Reaction>();
    for (const { command } of manifest.contributes.commands) {
      if (!except.has(command)) {
        reactions.set(command, await call(command));
      }
    }
    return reactions;
  }

  function expectAnswers(reactions: ReadonlyMap<string, Reaction>): void {
    const silent = [...reactions].filter(([id, { answers }]) => !answers && !acting.has(id));
    assert.deepEqual(
      silent.map(([id]) => id),
      [],
      'these answer nothing',
    );
    const unclear = [...reactions].filter(([, { text }]) =>
      /Something unexpected|undefined|\[object|TypeError|NaN/.test(text),
    );
    assert.deepEqual(unclear, []);
  }

  it('asks or says what is missing while there is no tenant', async function () {
    this.timeout(240_000);
    expectAnswers(await callAll(new Set([...ending, ...opening])));
    await workbench.rowsWhen('there is no row', (rows) => rows.length === 0);
  });

  it('asks or says why not while the practice tenant is open', async function () {
    this.timeout(240_000);
    await workbench.executeCommand('ciKeystore.practice.open');
    await workbench.row('Key Pairs').waitFor();
    expectAnswers(await callAll(ending));
  });

  it('leaves the keyboard to a question while a tenant is shown', async () => {
    const { quickInput, page } = workbench;
    await workbench.runCommand('SAP Keystore: Add Tenant…');
    await quickInput.waitFor('A service key of plan "api"');
    await workbench.executeCommand('ciKeystore.practice.open');
    await workbench.selected(/Practice/);
    await page.keyboard.type('hand');
    assert.equal(await quickInput.input.inputValue(), 'hand');
    await quickInput.cancel();
    await quickInput.waitUntilClosed();
    await workbench.executeCommand('ciKeystore.practice.open');
    await workbench.sideBar
      .locator('.monaco-list.focused')
      .or(workbench.sideBar.locator('.monaco-list:focus-within'))
      .first()
      .waitFor();
  });
});

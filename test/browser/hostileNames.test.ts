import assert from 'node:assert/strict';
import { json, TenantDouble } from '../support/tenantDouble.js';
import { eventually } from './eventually.js';
import { addTenant } from './steps.js';
import { themes, Workbench } from './workbench.js';

/** The part of the extension's exports that is asked, as the extension host has it. */
interface Exports {
  readonly connections: { list(): readonly { readonly id: string }[] };
}

/** What the tenant's own words become: one line, masked where they look like a secret. */
function messageOf(alias: string): string {
  return alias
    .replace('\n', ' ')
    .replace('\u202E', '<U+202E>')
    .replace('\u200B', '<U+200B>')
    .replace(/x{80,}/, '•••');
}

/** Names that would like to be more than text, and how each is shown. */
const aliases: readonly (readonly [alias: string, shown: string])[] = [
  ['a <img src=x onerror=alert(1)>', 'a <img src=x onerror=alert(1)>'],
  ['b [click](command:workbench.action.quit)', 'b [click](command:workbench.action.quit)'],
  ['c [click](https://evil.example/)', 'c [click](https://evil.example/)'],
  ['d https://evil.example/path', 'd https://evil.example/path'],
  ['e $(trash) $(sync~spin)', 'e $(trash) $(sync~spin)'],
  ['f # heading **bold** `code`', 'f # heading **bold** `code`'],
  ['g \u202Egnp.exe', 'g <U+202E>gnp.exe'],
  ['h two\nlines', 'h two<U+000A>lines'],
  ['i zero\u200Bwidth', 'i zero<U+200B>width'],
  ['j &lt;b&gt;entity&lt;/b&gt;', 'j &lt;b&gt;entity&lt;/b&gt;'],
  [`k ${'x'.repeat(248)}`, `k ${'x'.repeat(117)}…`],
];

describe('hostile names', () => {
  let double: TenantDouble;
  let workbench: Workbench;

  before(async () => {
    double = await TenantDouble.start();
    const results = aliases.map(([Alias]) => ({
      Alias,
      Type: 'Key Pair',
      Owner: 'Tenant Administrator',
      KeyType: 'RSA',
      SubjectDN: `CN=${Alias}, O=[x](command:workbench.action.quit)`,
      IssuerDN: `CN=<b class="evil">bold</b> https://evil.example/`,
      SerialNumber: '<script>alert(1)</script>',
      CreatedBy: '[me](https://evil.example/)',
    }));
    double.reads.set('/api/v1/KeystoreEntries', () => json(200, { d: { results } }));
    workbench = await Workbench.open();
    workbench.page.on('dialog', (dialog) => assert.fail(`a script ran: ${dialog.message()}`));
    await workbench.openContainer('SAP Keystore');
    const { clientId: clientid, clientSecret: clientsecret, url, tokenUrl: tokenurl } = double;
    const key = JSON.stringify({ clientid, clientsecret, url, tokenurl });
    await addTenant(workbench, key, 'ACME $(flame) <img src=x> [x](command:workbench.action.quit)');
    await workbench.expand(/ACME/);
    await workbench.row(/gnp\.exe/).waitFor();
  });
  after(async () => {
    await workbench.close();
    await double.stop();
  });

  /** Nothing on screen was made of a name: no picture, link, markup, icon or script, in no frame. */
  async function expectTextOnly(): Promise<void> {
    const made = [
      'img[src="x"]',
      'script:text("alert(1)")',
      'b.evil',
      ...['href', 'data-href'].flatMap((name) => [
        `[${name}*="evil.example"]`,
        `[${name}^="command:workbench.action.quit"]`,
      ]),
      ...['trash', 'sync', 'flame'].map((icon) => `.monaco-list .codicon-${icon}`),
      ...['trash', 'sync', 'flame'].map(
        (icon) => `:is(.monaco-hover, .monaco-dialog-box, .notifications-toasts) .codicon-${icon}`,
      ),
    ];
    for (const frame of workbench.page.frames()) {
      for (const selector of made) {
        assert.equal(await frame.locator(selector).count(), 0, `${selector} in ${frame.url().slice(0, 80)}`);
      }
    }
  }

  it('are text in the tree, with every hidden character spelt out', async () => {
    for (const [, shown] of aliases) {
      await workbench.rowsWhen(`${shown} is shown`, (rows) =>
        rows.some((row) => row.trim().startsWith(shown)),
      );
    }
    await expectTextOnly();
  });

  it('are text in the tooltip of a row', async () => {
    for (const [, shown] of aliases.slice(0, 6)) {
      const tooltip = workbench.page
        .locator('.monaco-hover:visible')
        .filter({ hasText: 'Serial' })
        .filter({ hasText: shown });
      await eventually('the tooltip is shown', async () => {
        // It is shown to a mouse that comes, not to one that rests there since something else was drawn.
        await workbench.page.mouse.move(900, 500);
        await workbench.row(shown).hover();
        return await tooltip
          .first()
          .waitFor({ timeout: 3_000 })
          .then(
            () => true,
            () => false,
          );
      });
      await expectTextOnly();
      await workbench.page.mouse.move(900, 500);
      await tooltip.first().waitFor({ state: 'hidden' });
    }
  });

  it('are text in the list of entries that a command asks with', async () => {
    await workbench.runCommand('SAP Keystore: Inspect');
    await workbench.quickInput.waitFor('Entry');
    const rows = await eventually('all are listed', async () => {
      const all = await workbench.quickInput.rows();
      return all.length >= 6 ? all : undefined;
    });
    assert.ok(
      rows.some((row) => row.replaceAll('\u200b', '').includes('e $(trash) $(sync~spin)')),
      rows.join('\n'),
    );
    await expectTextOnly();
    await workbench.quickInput.cancel();
  });

  it('are text on the page of an entry and its tab', async () => {
    for (const [, shown] of aliases.slice(0, 3)) {
      await workbench.contextMenu(shown, 'Inspect');
      await workbench.webview.getByRole('heading', { name: shown, exact: true }).first().waitFor();
      await expectTextOnly();
      await workbench.executeCommand('workbench.action.closeAllEditors');
    }
  });

  it('are text on the mapping page, in dialogs and in messages', async () => {
    for (const [alias, shown] of [aliases[0], aliases[1], aliases[4]].flatMap((row) =>
      row === undefined ? [] : [row],
    )) {
      await workbench.contextMenu(shown, 'Show Mapping Set-Up');
      await workbench.webview.getByRole('heading', { name: `Sender set-up: ${alias}` }).waitFor();
      await expectTextOnly();
      await workbench.executeCommand('workbench.action.closeAllEditors');
    }
    await workbench.contextMenu(aliases[4]?.[1] ?? '', 'Save Certificate…');
    await workbench.notification('Save Certificate').waitFor();
    await expectTextOnly();
    await workbench.contextMenu(/ACME/, 'Remove Tenant…');
    await workbench.dialog.filter({ hasText: 'ACME $(flame) <img src=x>' }).waitFor();
    await expectTextOnly();
    await workbench.page.keyboard.press('Escape');
  });

  it('are text in messages that name an entry or repeat what the tenant says', async () => {
    const tenants = await workbench.inHost(({ connections }: Exports) => connections.list()[0]?.id);
    for (const [index, [alias]] of aliases.entries()) {
      const hexalias = Buffer.from(alias, 'utf8').toString('hex').toUpperCase();
      const value = `${alias} is no. ${index}. [click](command:workbench.action.quit) https://evil.example/ $(trash)`;
      double.faults.push({
        on: 'read',
        status: 400,
        body: JSON.stringify({ error: { message: { value } } }),
      });
      await workbench.executeCommand('ciKeystore.certificate.save', { tenantId: tenants, hexalias });
      // Of many messages in a row, VS Code shows the first ones only; its list has them all.
      await workbench.executeCommand('notifications.showList');
      const message = workbench.page
        .locator('.notifications-center .notification-list-item')
        .filter({ hasText: `is no. ${index}.` });
      await message.waitFor();
      assert.ok((await message.innerText()).replaceAll('\u200b', '').includes(messageOf(alias)), alias);
      await expectTextOnly();
      await workbench.executeCommand('notifications.clearAll');
    }
  });

  it('are legible in four themes', async () => {
    for (const theme of Object.keys(themes) as (keyof typeof themes)[]) {
      await workbench.setTheme(theme);
      await workbench.picture(`tree-hostile-${theme}`);
    }
  });
});

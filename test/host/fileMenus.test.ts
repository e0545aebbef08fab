import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import * as vscode from 'vscode';
import { Command, View } from '../../src/contributions.js';
import { evaluateWhen, type ContextValues } from '../support/whenClause.js';
import { issueChain } from '../unit/pki/testAuthority.js';
import { pemOf, pkcs12Of } from '../unit/webview/inspectorWorld.js';
import { extensionUnderTest, manifestOf } from './extension.js';

const editorMenus = ['editor/title', 'editor/title/context'] as const;
const fileMenus = ['explorer/context', ...editorMenus] as const;

/** What stands for files in a menu, with the keys that VS Code sets for this resource; `true` for all keys of the extension's own. */
function offered(menu: (typeof fileMenus)[number], uri: vscode.Uri, more: ContextValues = {}): string[] {
  const values = { resourceScheme: uri.scheme, resourceExtname: extname(uri.path), ...more };
  return (manifestOf(extensionUnderTest()).contributes.menus[menu] ?? [])
    .filter(({ when = '' }) => when.includes('resourceExtname'))
    .filter(({ when = '' }) => evaluateWhen(when, { 'ciKeystore:hasNeo': true, ...values }))
    .map(({ command, submenu }) => command ?? submenu ?? '');
}

describe('the menus of files in their host', function () {
  this.timeout(60_000);
  const chain = issueChain('Menus');
  let folder: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'menus-'));
    const put = (name: string, content: Uint8Array | string): void =>
      writeFileSync(join(folder, name), content);
    put('leaf.pem', pemOf(chain.leaf));
    put('root.pem', pemOf(chain.root));
    put('LEAF.DER', chain.leaf.certificate.der);
    put('ORDERS.P12', await pkcs12Of(chain.leaf, []));
    put('ORDERS.Pfx', await pkcs12Of(chain.leaf, []));
    for (const ending of ['CER', 'Crt', 'PEM', 'P7B', 'P7C', 'P7S', 'SPC', 'PkiPath']) {
      put(`CHAIN.${ending}`, pemOf(chain.leaf, chain.intermediate));
    }
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  const uri = (name: string): vscode.Uri => vscode.Uri.file(join(folder, name));
  const activeInput = (): unknown => vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const activeEditor = (): string | undefined => {
    const input = activeInput();
    return input instanceof vscode.TabInputCustom ? input.viewType : undefined;
  };

  it('offer nothing beside a comparison, whose sides have the names of files and are none', async () => {
    const [left, right] = [uri('leaf.pem'), uri('root.pem')];
    await vscode.commands.executeCommand(Command.fileCompare, left, [left, right]);
    const input = activeInput();
    assert.ok(input instanceof vscode.TabInputTextDiff);
    for (const side of [input.original, input.modified]) {
      assert.equal(extname(side.path), '.pem');
      for (const menu of editorMenus) {
        assert.deepEqual(offered(menu, side), [], menu);
      }
    }
    for (const menu of editorMenus) {
      assert.ok(offered(menu, left).includes(Command.fileInspect), menu);
    }
  });

  it('offer "Inspect File" at the title of a text, and not at that of the inspector', async () => {
    const inspects = (): boolean =>
      offered('editor/title', uri('leaf.pem'), { activeCustomEditorId: activeEditor() ?? '' }).includes(
        Command.fileInspect,
      );
    await vscode.commands.executeCommand('vscode.open', uri('leaf.pem'));
    assert.equal(inspects(), true);
    await vscode.commands.executeCommand('vscode.openWith', uri('leaf.pem'), View.inspectorOfText);
    assert.equal(inspects(), false);
  });

  for (const name of [
    'LEAF.DER',
    'ORDERS.P12',
    'ORDERS.Pfx',
    'CHAIN.P7C',
    'CHAIN.P7S',
    'CHAIN.SPC',
    'CHAIN.PkiPath',
  ]) {
    it(`open ${name}, written in capitals, in the inspector without being asked for`, async () => {
      await vscode.commands.executeCommand('vscode.open', uri(name));
      assert.equal(activeEditor(), View.inspector);
    });
  }

  for (const name of ['CHAIN.CER', 'CHAIN.Crt', 'CHAIN.PEM', 'CHAIN.P7B']) {
    it(`open ${name}, written in capitals, as text, and by the command of the Explorer in the inspector`, async () => {
      await vscode.commands.executeCommand('vscode.open', uri(name));
      assert.ok(activeInput() instanceof vscode.TabInputText);
      assert.ok(offered('explorer/context', uri(name)).includes(Command.fileInspect));
      await vscode.commands.executeCommand(Command.fileInspect, uri(name));
      assert.equal(activeEditor(), View.inspector);
    });
  }

  it('offer the same for an ending in capitals as for one that is not', () => {
    const endings = 'cer crt pem der p7b p7c p7s spc pkipath p12 pfx csr p10 pub key p8 zip'.split(' ');
    for (const ending of endings) {
      for (const menu of fileMenus) {
        const usual = offered(menu, uri(`a.${ending}`));
        assert.deepEqual(offered(menu, uri(`A.${ending.toUpperCase()}`)), usual, `${menu} of .${ending}`);
      }
      const all = fileMenus.flatMap((menu) => offered(menu, uri(`a.${ending}`)));
      assert.notEqual(all.length, 0, `.${ending}`);
    }
    assert.deepEqual(
      fileMenus.flatMap((menu) => offered(menu, uri('A.TXT'))),
      [],
    );
  });
});

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { keyFiles, openWithPassphrase } from '../../src/commands/inspectorParts.js';
import { View } from '../../src/contributions.js';
import { encodePem } from '../../src/pki/pem.js';
import { hostKeyDerivation } from '../../src/services/hostKeyDerivation.js';
import type { Prompts } from '../../src/ui/prompts.js';
import { fileSource, type SourceTools } from '../../src/webview/inspectorFileSource.js';
import { InspectorSession } from '../../src/webview/inspectorSession.js';
import type { InspectorSnapshot } from '../../src/webview/protocolInspector.js';
import { ScriptedPrompts, type ScriptedAnswer } from '../support/scriptedPrompts.js';
import { issueChain } from '../unit/pki/testAuthority.js';
import { password, pemOf, pkcs12Of, pkcs8Of } from '../unit/webview/inspectorWorld.js';
import { extensionUnderTest } from './extension.js';

describe('the inspector in its host', function () {
  this.timeout(60_000);
  const chain = issueChain();
  let folder: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'inspector-'));
    const put = (name: string, content: Uint8Array | string): void =>
      writeFileSync(join(folder, name), content);
    put('leaf.der', chain.leaf.certificate.der);
    for (const ending of ['cer', 'crt', 'pem', 'p7b', 'p7c', 'p7s', 'spc', 'pkipath', 'csr', 'p10', 'pub']) {
      put(`chain.${ending}`, pemOf(chain.leaf, chain.intermediate));
    }
    put('private.key', encodePem('PRIVATE KEY', pkcs8Of(chain.leaf)));
    put('orders.p12', await pkcs12Of(chain.leaf, [chain.intermediate]));
    put('orders.pfx', await pkcs12Of(chain.leaf, []));
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  const uri = (name: string): vscode.Uri => vscode.Uri.file(join(folder, name));
  const activeEditor = (): string | undefined => {
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    return input instanceof vscode.TabInputCustom ? input.viewType : undefined;
  };

  for (const ending of ['der', 'p12', 'pfx', 'pkipath', 'p7c', 'p7s', 'spc']) {
    it(`opens .${ending} without being asked for`, async () => {
      const stem = { der: 'leaf', p12: 'orders', pfx: 'orders' }[ending] ?? 'chain';
      await vscode.commands.executeCommand('vscode.open', uri(`${stem}.${ending}`));
      assert.equal(activeEditor(), View.inspector);
    });
  }

  for (const ending of ['cer', 'crt', 'pem', 'p7b', 'csr', 'p10', 'pub']) {
    it(`opens .${ending} as text, and in the inspector on demand`, async () => {
      const file = uri(`chain.${ending}`);
      await vscode.commands.executeCommand('vscode.open', file);
      assert.equal(activeEditor(), undefined);
      await vscode.commands.executeCommand('vscode.openWith', file, View.inspectorOfText);
      assert.equal(activeEditor(), View.inspectorOfText);
    });
  }

  it('opens any file by the command of the Explorer', async () => {
    await vscode.commands.executeCommand('ciKeystore.file.inspect', uri('private.key'));
    assert.equal(activeEditor(), View.inspector);
  });

  /** A page over a real file, without a panel. */
  function page(name: string, answers: ScriptedAnswer[]) {
    const prompts = new ScriptedPrompts(answers);
    const sent: InspectorSnapshot[] = [];
    const { extensionPath } = extensionUnderTest();
    const tools = {
      options: { connections: { list: () => [] }, now: Date.now },
      parts: { prompts: prompts as Prompts, openWithPassphrase, keyFiles },
      derivation: hostKeyDerivation(extensionPath),
      settings: () => ({ extensionPath, listFiles: [], warningDays: 30 }),
    } as unknown as SourceTools;
    const source = fileSource(uri(name), tools);
    const session = new InspectorSession({
      source,
      post: (message) => {
        if (message.kind === 'snapshot') {
          sent.push(message.snapshot);
        }
      },
      copy: () => Promise.resolve(),
      failed: (error) => assert.fail(String(error)),
      now: Date.now,
    });
    const last = (): InspectorSnapshot => sent.at(-1) ?? assert.fail('nothing was sent');
    return { session, source, prompts, last };
  }

  it('opens a locked PKCS#12 with the password, keys derived beside the host, judged by the lists', async () => {
    const { session, prompts, last } = page('orders.p12', ['wrong', password]);
    await session.reload();
    assert.equal(last().notice?.tone, 'locked');
    await session.receive({ kind: 'act', action: 'unlock' });
    prompts.done();
    assert.equal(last().notice, undefined);
    assert.equal(last().sections[0]?.parts.length, 2);
    assert.match(last().verdicts[0]?.sources[0] ?? '', /SAP's approved root certificates/);
    session.dispose();
  });

  it('is told when its file changes and when it goes', async () => {
    writeFileSync(join(folder, 'moving.pem'), pemOf(chain.leaf));
    const { session, source, last } = page('moving.pem', []);
    await session.reload();
    assert.equal(last().sections[0]?.parts.length, 1);
    const changed = () =>
      new Promise<void>((resolve) => {
        const watch = source.watch(() => {
          watch.dispose();
          resolve();
        });
      });
    const first = changed();
    // The watcher begins when it can; what is written again and again is seen once it has.
    const timer = setInterval(
      () => writeFileSync(join(folder, 'moving.pem'), pemOf(chain.leaf, chain.intermediate)),
      200,
    );
    await first;
    clearInterval(timer);
    await session.reload();
    assert.equal(last().sections[0]?.parts.length, 2);
    rmSync(join(folder, 'moving.pem'));
    await session.reload();
    assert.equal(last().notice?.title, 'The file could not be read');
    session.dispose();
  });

  it('says that only the first files of a large folder were looked at', async () => {
    const { findFiles } = vscode.workspace;
    const search = async (count: number): Promise<readonly string[]> => {
      Reflect.set(vscode.workspace, 'findFiles', (_: unknown, __: unknown, most: number) =>
        Promise.resolve(Array.from({ length: Math.min(count, most) }, () => uri('private.key'))),
      );
      const { source, session } = page('orders.p12', []);
      const signal = new AbortController().signal;
      const found = await source.search('files', new Set(['none']), { signal, report: () => undefined });
      session.dispose();
      return found.notes;
    };
    try {
      assert.doesNotMatch((await search(500)).join(), /Only the first/);
      assert.match((await search(501)).join(), /500 files were compared.*Only the first 500 such files/);
    } finally {
      Reflect.set(vscode.workspace, 'findFiles', findFiles);
    }
  });

  it('says that no tenant is connected where one is to be searched, and what to do', async () => {
    const { session, last } = page('private.key', []);
    await session.reload();
    await session.receive({ kind: 'act', action: 'searchKeystores' });
    assert.deepEqual(last().matches?.notes, [
      'No tenant is connected, so no entry was compared. Run "Add Tenant…" or "Open Practice Tenant" first.',
    ]);
    session.dispose();
  });

  it('does not read what is too large', async () => {
    writeFileSync(join(folder, 'large.der'), Buffer.alloc(17 * 1024 * 1024));
    const { session, last } = page('large.der', []);
    await session.reload();
    assert.equal(last().notice?.title, 'The file is too large, or asks for too much work');
    session.dispose();
  });
});

import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { extensionUnderTest, manifestOf } from '../extension.js';

describe('the extension in an untrusted folder', () => {
  it('runs in a host that does not trust the folder', () => {
    assert.equal(vscode.workspace.isTrusted, false);
  });

  it('activates with all its commands', async () => {
    const extension = extensionUnderTest();
    await extension.activate();
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      manifestOf(extension)
        .contributes.commands.map(({ command }) => command)
        .filter((command) => !registered.has(command)),
      [],
    );
  });
});

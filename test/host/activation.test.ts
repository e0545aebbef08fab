import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { extensionUnderTest, manifestOf } from './extension.js';

describe('the extension in its host', () => {
  it('activates', async () => {
    const extension = extensionUnderTest();
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  it('registers every command of its manifest', async () => {
    const extension = extensionUnderTest();
    await extension.activate();
    const registered = new Set(await vscode.commands.getCommands(true));
    const missing = manifestOf(extension)
      .contributes.commands.map(({ command }) => command)
      .filter((command) => !registered.has(command));
    assert.deepEqual(missing, []);
  });

  it('registers no command that its manifest does not name, test-only ones aside', async () => {
    const extension = extensionUnderTest();
    await extension.activate();
    const named = new Set(manifestOf(extension).contributes.commands.map(({ command }) => command));
    const views = Object.values(manifestOf(extension).contributes.views).flatMap((list) =>
      list.map(({ id }) => id),
    );
    // The workbench adds commands of its own for a view.
    const workbenchOwn = new Set(
      views.flatMap((id) =>
        ['focus', 'open', 'resetViewLocation', 'removeView', 'toggleVisibility'].map(
          (verb) => `${id}.${verb}`,
        ),
      ),
    );
    const unnamed = (await vscode.commands.getCommands(true)).filter(
      (command) =>
        command.startsWith('ciKeystore.') &&
        !command.startsWith('ciKeystore.test.') &&
        !named.has(command) &&
        !workbenchOwn.has(command),
    );
    assert.deepEqual(unnamed, []);
  });

  it('shows its views', async () => {
    const views = Object.values(manifestOf(extensionUnderTest()).contributes.views).flat();
    for (const { id } of views) {
      await vscode.commands.executeCommand(`${id}.focus`);
    }
    assert.notEqual(views.length, 0);
  });
});

import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { extensionUnderTest, manifestOf } from '../extension.js';

/** A word of the pseudo-locale: brackets of its own around letters with accents. */
const pseudo = /[^\u0000-\u007f]/u;

describe('the extension in the pseudo-locale', () => {
  it('runs in a host whose display language is the pseudo-locale', () => {
    assert.equal(vscode.env.language, 'qps-ploc');
  });

  it('shows every command title, view name and container title translated', () => {
    const { commands, views, viewsContainers } = manifestOf(extensionUnderTest()).contributes;
    const texts = [
      ...commands.map(({ title }) => (typeof title === 'string' ? title : JSON.stringify(title))),
      ...Object.values(views).flatMap((list) => list.map(({ name }) => name)),
      ...viewsContainers.activitybar.map(({ title }) => title),
    ];
    assert.deepEqual(
      texts.filter((text) => !pseudo.test(text)),
      [],
    );
  });

  it('loads the bundle of its code strings', async () => {
    await extensionUnderTest().activate();
    // The tests lie in the extension's folder, so the host hands them the extension's own bundle.
    const { bundle } = vscode.l10n;
    assert.notEqual(bundle, undefined);
    // What holds nothing but places and signs has no letter to change.
    const untranslated = Object.entries(bundle ?? {}).filter(
      ([key, text]) => /\p{L}/u.test(key.replaceAll(/\{\d+\}/g, '')) && !pseudo.test(text),
    );
    assert.deepEqual(untranslated, []);
  });
});

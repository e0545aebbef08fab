import * as vscode from 'vscode';
import { View } from '../contributions.js';
import type { InspectorEditors } from './inspectorEditors.js';
import type { InspectorOptions } from './inspectorTools.js';

/** The editor of certificate files and entries; its code is loaded with the first page. */
export class LazyInspector implements vscode.Disposable {
  private loading: Promise<InspectorEditors> | undefined;
  private readonly registration: vscode.Disposable;

  constructor(private readonly options: InspectorOptions) {
    const provider: vscode.CustomReadonlyEditorProvider = {
      openCustomDocument: (uri) => ({ uri, dispose: () => undefined }),
      resolveCustomEditor: async ({ uri }, panel) => (await this.editors()).show(uri, panel),
    };
    const chosen = { supportsMultipleEditorsPerDocument: true, webviewOptions: { enableFindWidget: true } };
    // One id has one priority: files that may be text open in the inspector only where it is asked for.
    this.registration = vscode.Disposable.from(
      ...[View.inspector, View.inspectorOfText].map((id) =>
        vscode.window.registerCustomEditorProvider(id, provider, chosen),
      ),
    );
  }

  /** Opens the page of an entry, told by the address that stands for it, as a preview tab. */
  async show(uri: vscode.Uri): Promise<void> {
    await vscode.commands.executeCommand('vscode.openWith', uri, View.inspector, { preview: true });
  }

  dispose(): void {
    this.registration.dispose();
    void this.loading?.then((editors) => editors.dispose());
  }

  private async editors(): Promise<InspectorEditors> {
    this.loading ??= Promise.all([import('./inspectorEditors.js'), this.options.parts()]).then(
      ([{ InspectorEditors: Editors }, parts]) => new Editors(this.options, parts),
    );
    return await this.loading;
  }
}

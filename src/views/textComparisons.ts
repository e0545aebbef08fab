import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { visibleText } from '../ui/visibleText.js';

/** The scheme of the two documents of a comparison. */
const scheme = 'ci-keystore-compare';

/** One side of a comparison. */
export interface ComparedText {
  readonly label: string;
  readonly text: string;
}

/** Shows two texts side by side in VS Code's own diff editor; they live as long as it is open and cannot be changed. */
export class TextComparisons implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly subscriptions: vscode.Disposable;

  constructor() {
    this.subscriptions = vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => void this.texts.delete(uri.query)),
    );
  }

  async show(left: ComparedText, right: ComparedText): Promise<void> {
    await vscode.commands.executeCommand(
      'vscode.diff',
      this.document(left),
      this.document(right),
      `${visibleText(left.label)} ↔ ${visibleText(right.label)}`,
    );
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.query) ?? vscode.l10n.t('This comparison has ended. Compare again to see it.');
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private document({ label, text }: ComparedText): vscode.Uri {
    const id = randomUUID();
    this.texts.set(id, text);
    // The name is for the editor's labels only; a slash would make folders of it.
    const name = visibleText(label).replace(/[\\/]/g, '_');
    return vscode.Uri.from({ scheme, path: `/${name}`, query: id });
  }
}

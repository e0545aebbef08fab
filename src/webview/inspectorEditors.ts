import * as vscode from 'vscode';
import { Setting } from '../contributions.js';
import { hostKeyDerivation } from '../services/hostKeyDerivation.js';
import { pageHtml } from './html.js';
import { entrySource } from './inspectorEntrySource.js';
import { fileSource, type SourceTools, type WatchedSource } from './inspectorFileSource.js';
import { InspectorSession } from './inspectorSession.js';
import type { InspectorOptions, InspectorParts } from './inspectorTools.js';

/** The scheme of addresses that stand for an entry. */
const entryScheme = 'ci-keystore';

/** The pages of files and entries; each has a session of its own, which ends with its panel. */
export class InspectorEditors implements vscode.Disposable {
  private readonly sessions = new Set<InspectorSession>();
  private readonly tools: SourceTools;

  constructor(
    private readonly options: InspectorOptions,
    parts: InspectorParts,
  ) {
    const { extensionUri } = options;
    this.tools = {
      options,
      parts,
      derivation: hostKeyDerivation(extensionUri.fsPath),
      settings: () => ({
        extensionPath: extensionUri.fsPath,
        listFiles: vscode.workspace
          .getConfiguration()
          .get<unknown>(Setting.trustListFiles.id, Setting.trustListFiles.fallback),
        warningDays: vscode.workspace
          .getConfiguration()
          .get(Setting.warningDays.id, Setting.warningDays.fallback),
      }),
    };
  }

  /** Fills a panel with the page of a file or an entry. */
  show(uri: vscode.Uri, panel: vscode.WebviewPanel): void {
    const { extensionUri, tellFailure, now } = this.options;
    const { webview } = panel;
    const source = this.sourceOf(uri);
    const session = new InspectorSession({
      source,
      post: (message) => void webview.postMessage(message),
      copy: async (text) => {
        await vscode.env.clipboard.writeText(text);
      },
      failed: tellFailure,
      now,
    });
    this.sessions.add(session);
    const reload = (): void => void session.reload();
    const subscriptions = vscode.Disposable.from(
      webview.onDidReceiveMessage((message: unknown) => void session.receive(message)),
      source.watch(reload),
      panel.onDidChangeViewState(() => {
        // What is sent to a hidden page is lost.
        if (panel.visible) {
          session.send();
        }
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (
          event.affectsConfiguration(Setting.trustListFiles.id) ||
          event.affectsConfiguration(Setting.warningDays.id)
        ) {
          void session.judgeAnew();
        }
      }),
    );
    panel.onDidDispose(() => {
      subscriptions.dispose();
      session.dispose();
      this.sessions.delete(session);
    });
    const file = (...names: string[]): vscode.Uri => vscode.Uri.joinPath(extensionUri, ...names);
    webview.options = {
      enableScripts: true,
      enableCommandUris: false,
      localResourceRoots: [file('dist'), file('media')],
    };
    webview.html = pageHtml({
      title: panel.title,
      language: vscode.env.language,
      cspSource: webview.cspSource,
      scriptUri: webview.asWebviewUri(file('dist', 'inspector.js')).toString(),
      styleUri: webview.asWebviewUri(file('media', 'inspector.css')).toString(),
    });
    reload();
  }

  dispose(): void {
    for (const session of this.sessions) {
      session.dispose();
    }
  }

  private sourceOf(uri: vscode.Uri): WatchedSource {
    const entry = uri.scheme === entryScheme ? this.tools.parts.parseEntryPath(uri.path) : undefined;
    return entry === undefined
      ? fileSource(uri, this.tools)
      : entrySource(entry, uri.path.slice(uri.path.lastIndexOf('/') + 1), this.tools);
  }
}

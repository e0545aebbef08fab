import * as vscode from 'vscode';
import { View } from '../contributions.js';
import { pageHtml } from './html.js';
import {
  copyableRows,
  parseIntent,
  type RequestIntent,
  type MappingSnapshot,
  type ToPage,
} from './protocol.js';

/** Where the pages come from and what they may ask for. */
export interface MappingSource {
  /** The page of a set-up as the facts stand now; undefined where it is gone. */
  snapshot(setUpId: string): MappingSnapshot | undefined;
  readonly onDidChange: vscode.Event<unknown>;
  /** Does what a person asked for, other than copying. */
  perform(setUpId: string, intent: RequestIntent): Promise<void>;
  copy(text: string): Promise<void>;
  /** Tells a person what kept an intent from being done. */
  failed(error: unknown): void;
}

interface Open {
  readonly panel: vscode.WebviewPanel;
  sent: MappingSnapshot | undefined;
}

/** One panel per sender set-up; the host owns the state and sends whole snapshots. */
export class MappingPanels implements vscode.Disposable {
  private readonly open = new Map<string, Open>();
  private readonly subscriptions: vscode.Disposable[] = [];

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly source: MappingSource,
  ) {
    this.subscriptions.push(source.onDidChange(() => this.sendAll()));
  }

  /** Shows the page of a set-up; an open one comes to the front. */
  show(setUpId: string): void {
    const known = this.open.get(setUpId);
    if (known !== undefined) {
      known.panel.reveal();
      return;
    }
    const title = this.source.snapshot(setUpId)?.heading ?? '';
    this.wire(setUpId, vscode.window.createWebviewPanel(View.mapping, title, vscode.ViewColumn.Active));
  }

  /** The set-up whose page is in front and has the focus. */
  active(): string | undefined {
    return [...this.open].find(([, { panel }]) => panel.active)?.[0];
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const setUpId: unknown =
      typeof state === 'object' && state !== null ? Reflect.get(state, 'setUpId') : undefined;
    if (
      typeof setUpId === 'string' &&
      !this.open.has(setUpId) &&
      this.source.snapshot(setUpId) !== undefined
    ) {
      this.wire(setUpId, panel);
    } else {
      panel.dispose();
    }
    return Promise.resolve();
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions).dispose();
    for (const { panel } of [...this.open.values()]) {
      panel.dispose();
    }
  }

  private wire(setUpId: string, panel: vscode.WebviewPanel): void {
    const uri = (...parts: string[]): vscode.Uri => vscode.Uri.joinPath(this.extensionUri, ...parts);
    const { webview } = panel;
    webview.options = {
      enableScripts: true,
      enableCommandUris: false,
      localResourceRoots: [uri('dist'), uri('media')],
    };
    panel.iconPath = uri('media', 'activity.svg');
    const state: Open = { panel, sent: undefined };
    this.open.set(setUpId, state);
    panel.onDidDispose(() => this.open.delete(setUpId));
    panel.onDidChangeViewState(() => this.send(setUpId, state));
    webview.onDidReceiveMessage((message: unknown) => {
      this.receive(setUpId, state, message).catch((error: unknown) => {
        // Sent again as it stands, so that the page shows no choice that was not kept.
        this.source.failed(error);
        this.send(setUpId, state);
      });
    });
    webview.html = pageHtml({
      title: panel.title,
      language: vscode.env.language,
      cspSource: webview.cspSource,
      scriptUri: webview.asWebviewUri(uri('dist', 'mapping.js')).toString(),
      styleUri: webview.asWebviewUri(uri('media', 'mapping.css')).toString(),
    });
  }

  private async receive(setUpId: string, state: Open, message: unknown): Promise<void> {
    const intent = parseIntent(message, state.sent);
    if (intent === undefined) {
      return;
    }
    switch (intent.kind) {
      case 'ready':
        this.send(setUpId, state);
        return;
      case 'copy': {
        const row =
          state.sent === undefined ? undefined : copyableRows(state.sent).find(({ id }) => id === intent.id);
        await this.source.copy(row?.value ?? '');
        this.post(state, { kind: 'copied', id: intent.id });
        return;
      }
      case 'copyAll': {
        const way = state.sent?.ways.find((known) => known.way === intent.way);
        await this.source.copy(
          (way?.settings ?? [])
            .filter(({ canCopy }) => canCopy)
            .map(({ name, value }) => `${name}: ${value}`)
            .join('\n'),
        );
        this.post(state, { kind: 'copied', id: intent.way });
        return;
      }
      default:
        await this.source.perform(setUpId, intent);
        // Also where nothing came of it: the page must not show a choice that was not kept.
        this.send(setUpId, state);
    }
  }

  private sendAll(): void {
    for (const [setUpId, state] of this.open) {
      this.send(setUpId, state);
    }
  }

  /** A message to a hidden page is dropped, so it is sent again when the page is seen. */
  private send(setUpId: string, state: Open): void {
    const snapshot = this.source.snapshot(setUpId);
    if (snapshot === undefined) {
      state.panel.dispose();
      return;
    }
    state.panel.title = snapshot.heading;
    state.sent = snapshot;
    if (state.panel.visible) {
      this.post(state, { kind: 'snapshot', snapshot });
    }
  }

  private post({ panel }: Open, message: ToPage): void {
    void panel.webview.postMessage(message);
  }
}

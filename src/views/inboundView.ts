import * as vscode from 'vscode';
import type { InboundProvider } from './inboundProvider.js';
import { DrawnDay } from './nodes/drawnDay.js';
import type { InboundNode } from './nodes/inboundModel.js';
import type { InboundPlace } from '../services/inboundState.js';

/** The Inbound Clients view; what fills it is loaded when it is first seen. */
export class InboundView implements vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<InboundNode | undefined>();
  private readonly view: vscode.TreeView<InboundNode>;
  private readonly drawn: DrawnDay;
  private readonly visibility: vscode.Disposable;
  private loading: Promise<InboundProvider> | undefined;
  private provider: InboundProvider | undefined;

  constructor(
    private readonly viewId: string,
    private readonly load: (changed: () => void) => Promise<InboundProvider>,
    now: () => number,
  ) {
    this.drawn = new DrawnDay(now);
    this.view = vscode.window.createTreeView(viewId, {
      showCollapseAll: true,
      treeDataProvider: {
        onDidChangeTreeData: this.changes.event,
        getChildren: async (node) => (await this.loaded()).children(node),
        // A row exists only once the provider has made it.
        getTreeItem: (node) => this.provider?.item(node) ?? new vscode.TreeItem(''),
        getParent: (node) => this.provider?.parent(node),
        resolveTreeItem: (item, node) => {
          item.tooltip = this.provider?.tooltip(node);
          return item;
        },
      },
    });
    this.visibility = this.view.onDidChangeVisibility(() => this.noticeTime());
    this.noticeTime();
  }

  /** Draws everything anew, where anything was drawn. */
  refresh(): void {
    this.changes.fire(undefined);
  }

  /** Writes texts such as "expires in 9 days" anew where they are of another day; for when a person comes back to the window. */
  noticeTime(): void {
    if (this.view.visible && this.drawn.isOver()) {
      this.refresh();
    }
  }

  /** Shows and selects an instance, a key or a mapping; false where there is none. */
  async reveal(place: InboundPlace): Promise<boolean> {
    await vscode.commands.executeCommand(`${this.viewId}.focus`);
    const node = (await this.loaded()).find(place);
    if (node !== undefined) {
      await this.view.reveal(node, { select: true, focus: true, expand: true });
    }
    return node !== undefined;
  }

  dispose(): void {
    this.visibility.dispose();
    this.view.dispose();
    this.changes.dispose();
    this.provider?.dispose();
  }

  private async loaded(): Promise<InboundProvider> {
    this.loading ??= this.load(() => this.refresh());
    return (this.provider = await this.loading);
  }
}

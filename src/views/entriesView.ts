import * as vscode from 'vscode';
import { EntriesProvider, type EntriesProviderOptions } from './entriesProvider.js';
import { DrawnDay } from './nodes/drawnDay.js';
import type { EntriesNode } from './nodes/model.js';
import { isQuestionOpen } from '../ui/openQuestions.js';
import { labelText } from '../ui/visibleText.js';

/** What the view is built from. */
export interface EntriesViewOptions extends EntriesProviderOptions {
  readonly viewId: string;
  /** Fires when the setting behind `warningDays` changes. */
  readonly onDidChangeWarningDays: vscode.Event<unknown>;
  /** True to read every tenant once the view is seen, so that counts and the badge are complete; else each on expansion. */
  readonly readWhenShown: boolean;
}

/** The Keystores view. Owns its tree view and provider. */
export class EntriesView implements vscode.Disposable {
  /** For the current selection; not to be disposed by others. */
  readonly treeView: vscode.TreeView<EntriesNode>;

  private readonly provider: EntriesProvider;
  private readonly options: EntriesViewOptions;
  private readonly subscriptions: vscode.Disposable;
  private hasBeenShown = false;
  private readonly drawn: DrawnDay;

  constructor(options: EntriesViewOptions) {
    this.options = options;
    this.drawn = new DrawnDay(options.now);
    this.provider = new EntriesProvider(options);
    this.treeView = vscode.window.createTreeView(options.viewId, {
      treeDataProvider: this.provider,
      showCollapseAll: true,
      canSelectMany: true,
      dragAndDropController: {
        dragMimeTypes: [],
        dropMimeTypes: ['text/uri-list'],
        handleDrop: async (target, data) =>
          (await import('./entriesDrop.js')).dropOnTree(target?.tenantId, data),
      },
    });
    this.subscriptions = vscode.Disposable.from(
      this.treeView,
      this.provider,
      this.treeView.onDidChangeVisibility(({ visible }) => {
        if (visible) {
          this.shown();
        }
      }),
      this.provider.onDidChangeTreeData(() => this.update()),
      options.onDidChangeWarningDays(() => this.provider.refresh()),
    );
    this.update();
    if (this.treeView.visible) {
      this.shown();
    }
  }

  /** Shows and selects a tenant or an entry; false where there is none, or where the filter hides it. */
  async reveal(tenantId: string, hexalias?: string): Promise<boolean> {
    this.provider.tellChanges();
    const node = this.provider.find(tenantId, hexalias);
    if (node === undefined) {
      return false;
    }
    await this.treeView.reveal(node, {
      select: true,
      focus: !isQuestionOpen(),
      expand: node.kind === 'tenant',
    });
    return true;
  }

  /** Writes texts such as "expires in 9 days" anew where they are of another day; for when a person comes back to the window. */
  noticeTime(): void {
    if (this.treeView.visible) {
      this.shown();
    }
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private shown(): void {
    if (this.drawn.isOver()) {
      this.provider.refresh();
    }
    this.hasBeenShown = true;
    this.update();
  }

  private update(): void {
    const { filter } = this.options.choices.current;
    const description =
      filter.trim() === '' ? '' : vscode.l10n.t('Filter: {0}', labelText(filter.trim(), 40));
    if ((this.treeView.description ?? '') !== description) {
      this.treeView.description = description;
    }
    if (!this.hasBeenShown) {
      return;
    }
    if (this.options.readWhenShown) {
      for (const tenant of this.options.source.tenants()) {
        if (tenant.status.kind === 'notLoaded') {
          this.options.source.load(tenant.id);
        }
      }
    }
    this.updateBadge();
  }

  private updateBadge(): void {
    const { soon } = this.provider.attention();
    const badge =
      soon === 0 ? undefined : { value: soon, tooltip: badgeTooltip(soon, this.options.warningDays()) };
    const shown = this.treeView.badge;
    if (shown?.value !== badge?.value || shown?.tooltip !== badge?.tooltip) {
      this.treeView.badge = badge;
    }
  }
}

/** Wires the Keystores view; it reads nothing until it is seen. */
export function createEntriesView(options: EntriesViewOptions): EntriesView {
  return new EntriesView(options);
}

function badgeTooltip(soon: number, warningDays: number): string {
  return soon === 1
    ? vscode.l10n.t('1 keystore entry expires within {0} days', warningDays)
    : vscode.l10n.t('{0} keystore entries expire within {1} days', soon, warningDays);
}

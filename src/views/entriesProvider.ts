import * as vscode from 'vscode';
import type { ChainReader } from './nodes/chainReader.js';
import { EntriesTree } from './nodes/entriesTree.js';
import type { EntriesNode, TenantNode, TenantState } from './nodes/model.js';
import { present } from './nodes/present.js';
import { dayFormatter, type Presentation, type PresentedNode } from './nodes/presentation.js';
import type { TreeChoices } from './nodes/treeChoices.js';
import type { ChainCertificate } from '../tenant/keystoreEntry.js';

/** The state that the view shows, and the two things it asks for. */
export interface TenantsSource {
  tenants(): readonly TenantState[];
  /** Told with a tenant's id where only that tenant changed, else with undefined. */
  readonly onDidChange: vscode.Event<string | undefined>;
  readChain(tenantId: string, hexalias: string, signal: AbortSignal): Promise<readonly ChainCertificate[]>;
  /** Starts reading a tenant's keystore; does nothing where that is under way. */
  load(tenantId: string): void;
}

/** What the provider is built from. */
export interface EntriesProviderOptions {
  readonly source: TenantsSource;
  readonly chains: ChainReader;
  readonly choices: TreeChoices;
  readonly now: () => number;
  readonly warningDays: () => number;
  /** Language tag for dates and the order of aliases, as `vscode.env.language` has it. */
  readonly language: string;
}

/** Changes within this time become one. */
const collectForMilliseconds = 50;

/** Maps the rows of the tree to VS Code's items, field by field. */
export class EntriesProvider implements vscode.TreeDataProvider<EntriesNode>, vscode.Disposable {
  private readonly didChangeEmitter = new vscode.EventEmitter<EntriesNode | undefined>();
  readonly onDidChangeTreeData = this.didChangeEmitter.event;

  private readonly tree: EntriesTree;
  private readonly options: EntriesProviderOptions;
  private readonly formatDay: (date: Date) => string;
  private readonly subscriptions: vscode.Disposable;
  /** VS Code refreshes a row by the object it was given, so the last one given is kept. */
  private readonly givenTenants = new Map<string, TenantNode>();
  private readonly changedTenants = new Set<string>();
  private everythingChanged = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: EntriesProviderOptions) {
    this.options = options;
    this.formatDay = dayFormatter(options.language);
    let collator: Intl.Collator | undefined;
    this.tree = new EntriesTree({
      tenants: () => options.source.tenants(),
      load: (tenantId) => options.source.load(tenantId),
      chains: options.chains,
      settings: () => options.choices.current,
      now: options.now,
      warningDays: options.warningDays,
      // Made when entries are first sorted: the first one of a process takes several milliseconds.
      get collator() {
        return (collator ??= aliasCollator(options.language));
      },
    });
    this.subscriptions = vscode.Disposable.from(
      options.source.onDidChange((tenantId) => this.refresh(tenantId)),
      options.choices.onDidChange(() => this.refresh()),
    );
  }

  /** Tells VS Code that a tenant, or everything, is to be drawn anew; many calls become one change. */
  refresh(tenantId?: string): void {
    if (tenantId === undefined) {
      this.everythingChanged = true;
    } else {
      this.changedTenants.add(tenantId);
    }
    this.timer ??= setTimeout(() => this.tellChanges(), collectForMilliseconds);
  }

  /** Tells collected changes now, so that what was just created can be revealed. */
  tellChanges(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const nodes = [...this.changedTenants].map((tenantId) => this.givenTenants.get(tenantId));
    const everything = this.everythingChanged || nodes.includes(undefined);
    this.changedTenants.clear();
    this.everythingChanged = false;
    if (everything) {
      this.didChangeEmitter.fire(undefined);
      return;
    }
    for (const node of nodes) {
      this.didChangeEmitter.fire(node);
    }
  }

  /** The row of a tenant or entry, for `reveal`; undefined where there is none or the filter hides it. */
  find(tenantId: string, hexalias?: string): EntriesNode | undefined {
    return this.tree.find(tenantId, hexalias);
  }

  /** How many entries have expired, and how many expire within the set days. */
  attention(): { readonly expired: number; readonly soon: number } {
    return this.tree.attention();
  }

  getChildren(node?: EntriesNode): vscode.ProviderResult<EntriesNode[]> {
    if (node !== undefined) {
      const children = this.tree.children(node);
      return children instanceof Promise ? children.then((rows) => [...rows]) : [...children];
    }
    const roots = this.tree.roots();
    this.givenTenants.clear();
    for (const root of roots) {
      this.givenTenants.set(root.tenantId, root);
    }
    return [...roots];
  }

  getParent(node: EntriesNode): EntriesNode | undefined {
    return this.tree.parent(node);
  }

  getTreeItem(node: EntriesNode): vscode.TreeItem {
    return treeItem(node, present(this.tree.current(node), this.presentation()));
  }

  /** The tooltip, a plain string: as Markdown, an address in a tenant's text would become a link even when escaped. */
  async resolveTreeItem(item: vscode.TreeItem, node: EntriesNode): Promise<vscode.TreeItem> {
    const { explain } = await import('./nodes/explain.js');
    item.tooltip = explain(this.tree.current(node), this.presentation()).join('\n');
    return item;
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.subscriptions.dispose();
    this.didChangeEmitter.dispose();
  }

  private presentation(): Presentation {
    return {
      now: this.options.now(),
      warningDays: this.options.warningDays(),
      formatDay: this.formatDay,
    };
  }
}

function treeItem(node: EntriesNode, presented: PresentedNode): vscode.TreeItem {
  const item = new vscode.TreeItem(presented.label, collapsibleStates[presented.collapsible]);
  item.id = node.id;
  item.iconPath =
    presented.icon.color === undefined
      ? new vscode.ThemeIcon(presented.icon.id)
      : new vscode.ThemeIcon(presented.icon.id, new vscode.ThemeColor(presented.icon.color));
  item.contextValue = presented.contextValue;
  item.accessibilityInformation = { label: presented.accessibilityLabel };
  if (presented.description !== undefined) {
    item.description = presented.description;
  }
  if (presented.command !== undefined) {
    item.command = { command: presented.command.id, title: presented.command.title, arguments: [node] };
  }
  return item;
}

const collapsibleStates: Readonly<Record<PresentedNode['collapsible'], vscode.TreeItemCollapsibleState>> = {
  none: vscode.TreeItemCollapsibleState.None,
  collapsed: vscode.TreeItemCollapsibleState.Collapsed,
  expanded: vscode.TreeItemCollapsibleState.Expanded,
};

function aliasCollator(language: string): Intl.Collator {
  try {
    return new Intl.Collator(language, { numeric: true });
  } catch {
    // A locale id that is not well-formed, such as a test locale's.
    return new Intl.Collator(undefined, { numeric: true });
  }
}

import * as vscode from 'vscode';
import type { InboundClients } from '../services/inboundClients.js';
import type { InboundPlace } from '../services/inboundState.js';
import type { UserMappings } from '../services/userMappings.js';
import { explainInbound } from './nodes/explainInbound.js';
import type { InboundNode } from './nodes/inboundModel.js';
import { InboundTree } from './nodes/inboundTree.js';
import { MappingTree } from './nodes/mappingTree.js';
import { presentInbound } from './nodes/presentInbound.js';
import { dayFormatter, type Presentation } from './nodes/presentation.js';

/** What the provider is built from. */
export interface InboundProviderOptions {
  readonly clients: InboundClients;
  readonly mappings: UserMappings;
  readonly now: () => number;
  readonly warningDays: () => number;
  /** Language tag for dates. */
  readonly language: string;
  /** Tells VS Code that rows are to be drawn anew. */
  readonly changed: () => void;
}

/** Changes within this time become one. */
const collectForMilliseconds = 50;

/** Maps the rows of Inbound Clients to VS Code's items, field by field; loaded when the view is first seen. */
export class InboundProvider implements vscode.Disposable {
  private readonly tree: InboundTree;
  private readonly formatDay: (date: Date) => string;
  private readonly subscriptions: readonly { dispose(): void }[];
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: InboundProviderOptions) {
    const { clients, mappings } = options;
    this.formatDay = dayFormatter(options.language);
    this.tree = new InboundTree(
      {
        tenants: () => clients.tenants(),
        tenant: (id) => clients.tenant(id),
        load: (id) => clients.load(id),
        readKey: (id, keyGuid) => void clients.readKey(id, keyGuid),
        readGrantsOf: (id, instanceGuid) => void clients.readGrantsOf(id, instanceGuid),
      },
      new MappingTree({
        tenants: () => mappings.tenants(),
        tenant: (id) => mappings.tenant(id),
        load: (id) => mappings.load(id),
      }),
    );
    const collect = (): void => {
      this.timer ??= setTimeout(() => this.tell(), collectForMilliseconds);
    };
    this.subscriptions = [clients.onDidChange(collect), mappings.onDidChange(collect)];
  }

  children(node: InboundNode | undefined): InboundNode[] {
    return [...(node === undefined ? this.tree.roots() : this.tree.children(node))];
  }

  parent(node: InboundNode): InboundNode | undefined {
    return this.tree.parent(node);
  }

  item(node: InboundNode): vscode.TreeItem {
    const presented = presentInbound(this.tree.current(node), this.presentation());
    const item = new vscode.TreeItem(presented.label, collapsibleStates[presented.collapsible]);
    item.id = node.id;
    if (presented.description !== undefined) {
      item.description = presented.description;
    }
    const { id, color } = presented.icon;
    item.iconPath = new vscode.ThemeIcon(id, color === undefined ? undefined : new vscode.ThemeColor(color));
    item.contextValue = presented.contextValue;
    item.accessibilityInformation = { label: presented.accessibilityLabel };
    if (presented.command !== undefined) {
      item.command = {
        command: presented.command.id,
        title: presented.command.title,
        arguments: [node],
      };
    }
    return item;
  }

  /** The tooltip, a plain string: as Markdown, an address in a name would become a link even when escaped. */
  tooltip(node: InboundNode): string {
    return explainInbound(this.tree.current(node), this.presentation()).join('\n');
  }

  /** The row of an instance, a key or a mapping, for `reveal`; collected changes are told before. */
  find(place: InboundPlace): InboundNode | undefined {
    this.tell();
    return this.tree.findPlace(place);
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const subscription of this.subscriptions) {
      subscription.dispose();
    }
  }

  private tell(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.options.changed();
  }

  private presentation(): Presentation {
    return {
      now: this.options.now(),
      warningDays: this.options.warningDays(),
      formatDay: this.formatDay,
    };
  }
}

const collapsibleStates = {
  none: vscode.TreeItemCollapsibleState.None,
  collapsed: vscode.TreeItemCollapsibleState.Collapsed,
  expanded: vscode.TreeItemCollapsibleState.Expanded,
} as const;

import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import * as l10n from '@vscode/l10n';
import type { Environment } from './commands/environment.js';
import { registerCommands } from './commands/register.js';
import { Command, ContextKey, Setting, View } from './contributions.js';
import { CloudFoundry } from './services/cloudFoundry.js';
import { Connections } from './services/connections.js';
import type { InboundClients } from './services/inboundClients.js';
import { KeyMemory } from './services/keyMemory.js';
import type { UserMappings } from './services/userMappings.js';
import { Keystores } from './services/keystores.js';
import { Log } from './services/log.js';
import { Practice } from './services/practice.js';
import { practiceKind } from './services/practiceKind.js';
import { SecretVault } from './services/secretVault.js';
import { isNeoTenant } from './tenant/tenantAddress.js';
import type { Navigator } from './ui/navigator.js';
import { createEntriesView, type EntriesView } from './views/entriesView.js';
import { InboundView } from './views/inboundView.js';
import { ChainReader } from './views/nodes/chainReader.js';
import { TextComparisons } from './views/textComparisons.js';
import { LazyInspector } from './webview/lazyInspector.js';
import { LazyMappingPages } from './webview/lazyMappingPages.js';
import { TreeChoices } from './views/nodes/treeChoices.js';

/** What host tests reach of the running extension. */
export interface ExtensionObjects {
  readonly connections: Connections;
  readonly keystores: Keystores;
  readonly cloudFoundry: CloudFoundry;
  readonly practice: Practice;
  readonly choices: TreeChoices;
}

/** Builds the objects and hands them to each other; reads nothing and asks nobody. */
export function activate(context: vscode.ExtensionContext): ExtensionObjects {
  if (vscode.l10n.bundle !== undefined) {
    l10n.config({ contents: vscode.l10n.bundle });
  }
  const own = <T extends vscode.Disposable>(disposable: T): T => {
    context.subscriptions.push(disposable);
    return disposable;
  };
  // What a settings file holds may be of any type.
  const setting = ({ id, fallback }: { readonly id: string; readonly fallback: number }): number => {
    const value = vscode.workspace.getConfiguration().get<unknown>(id);
    return typeof value === 'number' && value > 0 ? value : fallback;
  };
  const now = Date.now;
  const warningDays = () => setting(Setting.warningDays);
  const channel = own(vscode.window.createOutputChannel('SAP Keystore', { log: true }));
  const log = new Log(channel);
  const prompts = async () => new (await import('./ui/vscodePrompts.js')).VscodePrompts();
  const vault = own(new SecretVault(context.globalState, context.secrets));
  const connections = own(new Connections(context.globalState, vault, randomUUID));
  const timeoutMs = () => setting(Setting.timeoutSeconds) * 1000;
  const cloudFoundry = own(
    new CloudFoundry(context.globalState, vault, connections, {
      log,
      timeoutMs,
      prepare: async (tenantId) => {
        if (connections.get(tenantId)?.practice === true) {
          await practice.tenant();
        }
      },
    }),
  );
  const keys = own(new KeyMemory(cloudFoundry));
  const connect = async (connection: Parameters<ConstructorParameters<typeof Keystores>[1]>[0]) =>
    (await import('./services/tenantAccess.js')).openTenantAccess(
      connection.practice ? await practice.connect(practiceKind(connection)) : connection,
      { connections, log, timeoutMs },
    );
  const keystores = own(
    new Keystores(connections, connect, {
      now,
      onFailure: (tenant, error) => log.failure(`Reading "${tenant}"`, error),
    }),
  );
  const practice = own(
    new Practice(vscode.Uri.joinPath(context.globalStorageUri, 'practice').fsPath, connections, {
      cloudFoundry: vscode.l10n.t('Practice Tenant'),
      neo: vscode.l10n.t('Practice Tenant of Neo'),
    }),
  );
  const trust: Environment['trust'] = async (connection) =>
    (await import('./services/trust.js')).trustListsFor(connection, {
      extensionPath: context.extensionPath,
      listFiles: vscode.workspace
        .getConfiguration()
        .get<unknown>(Setting.trustListFiles.id, Setting.trustListFiles.fallback),
    });
  const chains = own(
    new ChainReader((tenantId, hexalias, signal) => keystores.readChain(tenantId, hexalias, signal)),
  );
  const choices = new TreeChoices(context.globalState);
  const warningDaysChanged = filterConfiguration(own, Setting.warningDays.id);
  const view = own(
    createEntriesView({
      viewId: View.entries,
      source: keystores,
      chains,
      choices,
      now,
      warningDays,
      language: vscode.env.language,
      onDidChangeWarningDays: warningDaysChanged,
      readWhenShown: true,
    }),
  );
  const tellFailure = (what: string) => (error: unknown) => {
    log.failure(what, error);
    void Promise.all([import('./ui/failureMessage.js'), prompts()]).then(([{ failureMessage }, ask]) =>
      ask.error(failureMessage(error, what, undefined).text),
    );
  };
  const revealEntry = async (tenantId: string, hexalias: string): Promise<void> => {
    const reveal = () => view.reveal(tenantId, hexalias);
    const isThere = keystores.entries(tenantId)?.some((entry) => entry.hexalias === hexalias) === true;
    if (!(await reveal()) && isThere && choices.isFiltered) {
      const [{ tellHidden }, ask] = await Promise.all([import('./views/hiddenEntry.js'), prompts()]);
      void tellHidden(ask, choices, reveal).catch(tellFailure(vscode.l10n.t('Clear Filter')));
    }
  };
  const inspector = own(
    new LazyInspector({
      extensionUri: context.extensionUri,
      connections,
      keystores,
      now,
      tellFailure: tellFailure(vscode.l10n.t('Inspect')),
      revealEntry,
      parts: async () => {
        const [commands, views, ask] = await Promise.all([
          import('./commands/inspectorParts.js'),
          import('./views/inspectorParts.js'),
          prompts(),
        ]);
        return { prompts: ask, ...commands, ...views };
      },
    }),
  );
  let openingMappings: Promise<UserMappings> | undefined;
  const mappings = () =>
    (openingMappings ??= import('./services/userMappings.js').then(({ UserMappings }) =>
      own(new UserMappings({ connections, keystores, trust, warningDays, now })),
    ));
  const pages = own(
    new LazyMappingPages({
      extensionUri: context.extensionUri,
      connections,
      keystores,
      cloudFoundry,
      keys,
      userMappings: mappings,
      state: context.globalState,
      trust,
      now,
      warningDays,
      tellFailure: tellFailure(vscode.l10n.t('Mapping set-up')),
    }),
  );
  let opening: Promise<InboundClients> | undefined;
  const clients = () =>
    (opening ??= Promise.all([import('./services/inboundClients.js'), import('./services/issuers.js')]).then(
      ([{ InboundClients }, { tenantIssuers }]) =>
        own(
          new InboundClients({
            connections,
            cloudFoundry,
            trust,
            issuers: () => tenantIssuers(connections, keystores, () => undefined),
            memory: context.globalState,
            keys,
            warningDays,
            now,
          }),
        ),
    ));
  const inboundView = own(
    new InboundView(View.inboundClients, async (changed) => {
      const [{ InboundProvider }, opened, ofNeo] = await Promise.all([
        import('./views/inboundProvider.js'),
        clients(),
        mappings(),
      ]);
      const { language } = vscode.env;
      return new InboundProvider({ clients: opened, mappings: ofNeo, now, warningDays, language, changed });
    }),
  );
  own(warningDaysChanged(() => inboundView.refresh()));
  const comparisons = own(new TextComparisons());
  const navigator: Navigator = {
    revealEntry,
    revealTenant: async (tenantId) => {
      await view.reveal(tenantId);
    },
    inspectEntry: async (tenantId, hexalias) => {
      const entry = keystores.entries(tenantId)?.find((candidate) => candidate.hexalias === hexalias);
      if (entry !== undefined) {
        const { entryDocumentUri } = await import('./views/entryDocumentUri.js');
        await inspector.show(entryDocumentUri(tenantId, entry));
      }
    },
    compareTexts: (left, right) => comparisons.show(left, right),
    showMapping: (tenantId, hexalias) => pages.show(tenantId, hexalias),
  };
  own(
    registerCommands({
      environment: { connections, keystores, cloudFoundry, navigator, trust, now },
      log,
      practice,
      choices,
      inbound: { clients, keys, mappings, reveal: (place) => inboundView.reveal(place) },
      state: context.globalState,
      mapping: () => pages.parts(),
      extensionPath: context.extensionPath,
      format: async (fact, entries) => {
        const { copiedText, markdownTable } = await import('./views/entryText.js');
        return fact === 'markdown' ? markdownTable(entries) : copiedText(fact, entries);
      },
    }),
  );
  keepContext(own, connections, choices, view);
  if (cloudFoundry.tenantsWithUnfinished().length > 0) {
    void vscode.commands.executeCommand(Command.cloudFoundryFollow, 'startup');
  }
  return { connections, keystores, cloudFoundry, practice, choices };
}

type Own = <T extends vscode.Disposable>(disposable: T) => T;

function filterConfiguration(own: Own, id: string): vscode.Event<void> {
  const emitter = own(new vscode.EventEmitter<void>());
  own(
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(id)) {
        emitter.fire();
      }
    }),
  );
  return emitter.event;
}

function keepContext(own: Own, connections: Connections, choices: TreeChoices, view: EntriesView): void {
  const set = (key: string, value: boolean): void =>
    void vscode.commands.executeCommand('setContext', key, value);
  const tellTenants = (): void => {
    const tenants = connections.list();
    set(ContextKey.hasTenants, tenants.length > 0);
    set(
      ContextKey.hasNeo,
      tenants.some(({ address }) => isNeoTenant(address)),
    );
  };
  const tellFilter = (): void => set(ContextKey.hasFilter, choices.isFiltered);
  own(connections.onDidChange(tellTenants));
  own(vscode.Disposable.from(choices.onDidChange(tellFilter)));
  own(
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) {
        connections.noticeOtherWindows();
        view.noticeTime();
      }
    }),
  );
  tellTenants();
  tellFilter();
}

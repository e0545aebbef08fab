import * as vscode from 'vscode';
import { View } from '../contributions.js';
import type { Log } from '../services/log.js';
import type { Navigator } from '../ui/navigator.js';
import { createEntriesView, type EntriesView } from '../views/entriesView.js';
import { InboundView } from '../views/inboundView.js';
import { ChainReader } from '../views/nodes/chainReader.js';
import { TreeChoices } from '../views/nodes/treeChoices.js';
import { TextComparisons } from '../views/textComparisons.js';
import { LazyInspector } from '../webview/lazyInspector.js';
import { LazyMappingPages } from '../webview/lazyMappingPages.js';
import type { Model } from './model.js';
import type { Own } from './own.js';
import type { Settings } from './settings.js';

/** What the person sees, and the way that commands have to it. */
export interface Views {
  readonly entries: EntriesView;
  readonly choices: TreeChoices;
  readonly inbound: InboundView;
  readonly pages: LazyMappingPages;
  readonly navigator: Navigator;
}

export function buildViews(
  { extensionUri, globalState }: vscode.ExtensionContext,
  { warningDays, onDidChangeWarningDays }: Settings,
  model: Model,
  log: Log,
  own: Own,
): Views {
  const { connections, keystores, cloudFoundry, keys, trust, clients, mappings, publicKeys, now } = model;
  const { language } = vscode.env;
  const choices = new TreeChoices(globalState);
  const entries = own(
    createEntriesView({
      viewId: View.entries,
      source: keystores,
      chains: own(
        new ChainReader((tenantId, hexalias, signal) => keystores.readChain(tenantId, hexalias, signal)),
      ),
      choices,
      now,
      warningDays,
      language,
      onDidChangeWarningDays,
      readWhenShown: true,
    }),
  );
  const prompts = async () => new (await import('../ui/vscodePrompts.js')).VscodePrompts();
  const tellFailure = (what: string) => (error: unknown) => {
    log.failure(what, error);
    void Promise.all([import('../ui/failureMessage.js'), prompts()]).then(([{ failureMessage }, ask]) =>
      ask.error(failureMessage(error, what, undefined).text),
    );
  };
  const revealEntry = async (tenantId: string, hexalias: string): Promise<void> => {
    const reveal = () => entries.reveal(tenantId, hexalias);
    const isThere = keystores.entries(tenantId)?.some((entry) => entry.hexalias === hexalias) === true;
    if (!(await reveal()) && isThere && choices.isFiltered) {
      const [{ tellHidden }, ask] = await Promise.all([import('../views/hiddenEntry.js'), prompts()]);
      void tellHidden(ask, choices, reveal).catch(tellFailure(vscode.l10n.t('Clear Filter')));
    }
  };
  const inspector = own(
    new LazyInspector({
      extensionUri,
      connections,
      keystores,
      now,
      tellFailure: tellFailure(vscode.l10n.t('Inspect')),
      revealEntry,
      parts: async () => {
        const [commands, views, ask, known] = await Promise.all([
          import('../commands/inspectorParts.js'),
          import('../views/inspectorParts.js'),
          prompts(),
          publicKeys(),
        ]);
        return { prompts: ask, publicKeys: known, ...commands, ...views };
      },
    }),
  );
  const pages = own(
    new LazyMappingPages({
      extensionUri,
      connections,
      keystores,
      cloudFoundry,
      keys,
      userMappings: mappings,
      state: globalState,
      trust,
      now,
      warningDays,
      tellFailure: tellFailure(vscode.l10n.t('Mapping set-up')),
    }),
  );
  const inbound = own(
    new InboundView(
      View.inboundClients,
      async (changed) => {
        const [{ InboundProvider }, ofCloudFoundry, ofNeo] = await Promise.all([
          import('../views/inboundProvider.js'),
          clients(),
          mappings(),
        ]);
        return new InboundProvider({
          clients: ofCloudFoundry,
          mappings: ofNeo,
          now,
          warningDays,
          language,
          changed,
        });
      },
      now,
    ),
  );
  own(onDidChangeWarningDays(() => inbound.refresh()));
  own(
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) {
        connections.noticeOtherWindows();
        entries.noticeTime();
        inbound.noticeTime();
      }
    }),
  );
  const comparisons = own(new TextComparisons());
  const navigator: Navigator = {
    revealEntry,
    revealTenant: async (tenantId) => {
      await entries.reveal(tenantId);
    },
    inspectEntry: async (tenantId, hexalias) => {
      const entry = keystores.entries(tenantId)?.find((candidate) => candidate.hexalias === hexalias);
      if (entry !== undefined) {
        const { entryDocumentUri } = await import('../views/entryDocumentUri.js');
        await inspector.show(entryDocumentUri(tenantId, entry));
      }
    },
    compareTexts: (left, right) => comparisons.show(left, right),
    showMapping: (tenantId, hexalias) => pages.show(tenantId, hexalias),
  };
  return { entries, choices, inbound, pages, navigator };
}

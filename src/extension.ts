import * as vscode from 'vscode';
import * as l10n from '@vscode/l10n';
import { registerCommands } from './commands/register.js';
import { keepContextKeys } from './composition/contextKeys.js';
import { buildModel, type Model } from './composition/model.js';
import type { Own } from './composition/own.js';
import { openSettings } from './composition/settings.js';
import { buildViews, type Views } from './composition/views.js';
import { Command } from './contributions.js';
import { Log } from './services/log.js';

/** What host tests reach of the running extension. */
export type ExtensionObjects = Pick<Model, 'connections' | 'keystores' | 'cloudFoundry' | 'practice'> &
  Pick<Views, 'choices'>;

/** Builds the objects and hands them to each other; reads nothing and asks nobody. */
export function activate(context: vscode.ExtensionContext): ExtensionObjects {
  if (vscode.l10n.bundle !== undefined) {
    l10n.config({ contents: vscode.l10n.bundle });
  }
  const own: Own = (disposable) => {
    context.subscriptions.push(disposable);
    return disposable;
  };
  const log = new Log(own(vscode.window.createOutputChannel('SAP Keystore', { log: true })));
  const settings = openSettings(own);
  const model = buildModel(context, settings, log, own);
  const views = buildViews(context, settings, model, log, own);
  const { connections, keystores, cloudFoundry, keys, practice, trust, clients, mappings, publicKeys, now } =
    model;
  const { choices, inbound, pages, navigator } = views;
  own(
    registerCommands({
      environment: { connections, keystores, cloudFoundry, navigator, trust, now },
      log,
      practice,
      choices,
      inbound: { clients, keys, mappings, reveal: (place) => inbound.reveal(place) },
      publicKeys,
      state: context.globalState,
      mapping: () => pages.parts(),
      extensionPath: context.extensionPath,
      format: async (fact, entries) => {
        const { copiedText, markdownTable } = await import('./views/entryText.js');
        return fact === 'markdown' ? markdownTable(entries) : copiedText(fact, entries);
      },
    }),
  );
  keepContextKeys(connections, choices, own);
  if (cloudFoundry.tenantsWithUnfinished().length > 0) {
    void vscode.commands.executeCommand(Command.cloudFoundryFollow, 'startup');
  }
  return { connections, keystores, cloudFoundry, practice, choices };
}

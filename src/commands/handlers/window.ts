import * as vscode from 'vscode';
import * as l10n from '@vscode/l10n';
import { Command } from '../../contributions.js';
import type { CommandHandler, HandlerTools } from './handler.js';

/** The log and the window itself. */
export function windowHandlers({ log }: HandlerTools) {
  return {
    [Command.logShow]: {
      title: l10n.t('Show Log'),
      run: () => {
        log.show();
        return Promise.resolve();
      },
    },
    [Command.windowReload]: {
      title: l10n.t('Reload Window'),
      run: async () => {
        await vscode.commands.executeCommand('workbench.action.reloadWindow');
      },
    },
  } satisfies Record<string, CommandHandler>;
}

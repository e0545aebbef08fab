import * as vscode from 'vscode';
import * as l10n from '@vscode/l10n';
import { Command } from '../../contributions.js';
import { entryIdOf } from '../targetIds.js';
import type { CommandHandler, HandlerTools } from './handler.js';

/** Pages, the log and the window itself. */
export function windowHandlers({ environment, log }: HandlerTools) {
  return {
    [Command.mappingShow]: {
      title: l10n.t('Show Mapping Set-Up'),
      run: async (_, argument) => {
        const { chooseTenant } = await import('../targets.js');
        const connection = await chooseTenant(environment, argument, l10n.t('Show Mapping Set-Up'));
        await environment.navigator.showMapping(connection.id, entryIdOf(argument)?.hexalias);
      },
    },
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

import * as l10n from '@vscode/l10n';
import { Command } from '../../contributions.js';
import { activeText, files, isUri, openText } from '../workspacePorts.js';
import type { CommandHandler, HandlerTools } from './handler.js';

/** The practice tenant and its CA. */
export function practiceHandlers({ environment, practice }: HandlerTools) {
  const commands = async () => await import('../practiceCommands.js');
  return {
    [Command.practiceOpen]: {
      title: l10n.t('Open Practice Tenant'),
      run: async (context) => (await commands()).openPractice(environment, practice, context),
    },
    [Command.practiceReset]: {
      title: l10n.t('Reset Practice Tenant'),
      run: async () => (await commands()).resetPractice(environment, practice),
    },
    [Command.practiceSign]: {
      title: l10n.t('Sign with Practice CA'),
      run: async (context, argument) =>
        (await commands()).signWithPracticeCa(
          environment,
          argument,
          { practice, files, activeText, openText, isUri },
          context,
        ),
    },
  } satisfies Record<string, CommandHandler>;
}

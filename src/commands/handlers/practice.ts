import * as l10n from '@vscode/l10n';
import { Command } from '../../contributions.js';
import { activeText, files, isUri, openText } from '../workspacePorts.js';
import type { CommandHandler, HandlerTools } from './handler.js';

/** The practice tenant and its CA. */
export function practiceHandlers({ environment, practice, inbound }: HandlerTools) {
  const commands = async () => await import('../practiceCommands.js');
  return {
    [Command.practiceOpen]: {
      title: l10n.t('Open Practice Tenant'),
      run: async (context) => (await commands()).openPractice(environment, practice, 'cloudFoundry', context),
    },
    [Command.practiceOpenNeo]: {
      title: l10n.t('Open Practice Tenant of Neo'),
      run: async (context) => (await commands()).openPractice(environment, practice, 'neo', context),
    },
    [Command.practiceReset]: {
      title: l10n.t('Reset Practice Tenant'),
      run: async (_, argument) =>
        (await commands()).resetPractice(environment, argument, practice, async (id) =>
          (await inbound.mappings()).refresh(id),
        ),
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

import * as vscode from 'vscode';
import * as l10n from '@vscode/l10n';
import { Command } from '../../contributions.js';
import type { MappingPorts } from '../mapping/ports.js';
import { files } from '../workspacePorts.js';
import type { CommandHandler, HandlerTools } from './handler.js';
import { localPorts } from './localKeyPairs.js';

/** Sender set-ups: shown, changed, deleted, saved and copied. */
export function mappingHandlers(tools: HandlerTools) {
  const { environment } = tools;
  const commands = async () => await import('../mapping/setUpCommands.js');
  return {
    [Command.mappingShow]: {
      title: l10n.t('Show Mapping Set-Up'),
      run: async (context, argument) =>
        (await commands()).showSetUp(environment, argument, await portsOf(tools), context),
    },
    [Command.mappingChange]: {
      title: l10n.t('Change Mapping Set-Up'),
      run: async (context, argument) =>
        (await commands()).changeSetUp(environment, argument, await portsOf(tools), context),
    },
    [Command.mappingDelete]: {
      title: l10n.t('Delete Mapping Set-Up'),
      run: async (_, argument) => (await commands()).deleteSetUp(environment, argument, await portsOf(tools)),
    },
    [Command.mappingReadKeys]: {
      title: l10n.t('Read Service Keys of Set-Up'),
      run: async (context, argument) =>
        (await commands()).readServiceKeys(environment, argument, await portsOf(tools), context),
    },
    [Command.mappingSaveMarkdown]: {
      title: l10n.t('Save Mapping Set-Up as Markdown'),
      run: async (context, argument) => {
        const { saveReport } = await import('../mapping/report.js');
        await saveReport(environment, argument, await portsOf(tools), context);
      },
    },
    [Command.mappingCopySteps]: {
      title: l10n.t('Copy Mapping Steps'),
      run: async (context, argument) => {
        const { copySteps } = await import('../mapping/copySteps.js');
        await copySteps(environment, argument, await portsOf(tools), context);
      },
    },
  } satisfies Record<string, CommandHandler>;
}

async function portsOf(tools: HandlerTools): Promise<MappingPorts> {
  const [{ setUps, facts, pages }, local] = await Promise.all([tools.mapping(), localPorts(tools)]);
  return {
    ...local,
    files,
    setUps,
    facts,
    pages: {
      showSetUp: (id) => pages.showSetUp(id),
      active: () => pages.active(),
      report: (id) => pages.report(id),
    },
    runCommand: async (id, argument) => {
      await vscode.commands.executeCommand(id, argument);
    },
  };
}

import * as vscode from 'vscode';
import * as l10n from '@vscode/l10n';
import { Command, type CommandId } from '../../contributions.js';
import type { CommandHandler, HandlerTools } from './handler.js';
import { localPorts } from './localKeyPairs.js';

/** What can be done with a file of certificates. */
export function fileHandlers(tools: HandlerTools) {
  const { environment } = tools;
  const commands = async () => await import('../file/fileCommands.js');
  return {
    [Command.fileInspect]: {
      title: l10n.t('Inspect'),
      run: async (_, argument) => (await import('../inspectFile.js')).inspectFile(environment, argument),
    },
    [Command.fileCopyAsPem]: {
      title: l10n.t('Copy as PEM'),
      run: async (context, argument) =>
        (await commands()).copyAsPem(environment, argument, await localPorts(tools), context),
    },
    [Command.fileConvert]: {
      title: l10n.t('Convert To'),
      run: async (context, argument) =>
        (await commands()).convertFile(environment, argument, await localPorts(tools), context),
    },
    [Command.fileCompleteChain]: {
      title: l10n.t('Complete Chain'),
      run: async (context, argument) =>
        (await commands()).completeChain(environment, argument, await localPorts(tools), context),
    },
    [Command.keyFind]: {
      title: l10n.t('Which Key Fits?'),
      run: async (context, argument) => {
        const [{ whichKeyFits }, { keyFiles }] = await Promise.all([
          import('../whichKeyFits.js'),
          import('../workspacePorts.js'),
        ]);
        const ports = {
          ...(await localPorts(tools)),
          keyFiles,
          publicKeys: await tools.publicKeys(),
          run: (command: CommandId) => void vscode.commands.executeCommand(command),
        };
        await whichKeyFits(environment, argument, ports, context);
      },
    },
    [Command.fileCompare]: {
      title: l10n.t('Compare With'),
      run: async (context, argument, selection) => {
        const { compareCertificates } = await import('../file/compare.js');
        await compareCertificates(environment, { argument, selection }, await localPorts(tools), context);
      },
    },
  } satisfies Record<string, CommandHandler>;
}

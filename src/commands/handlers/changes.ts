import * as vscode from 'vscode';
import * as l10n from '@vscode/l10n';
import { Command } from '../../contributions.js';
import { activeText, files, isUri } from '../workspacePorts.js';
import type { AddPorts } from '../change/addCertificate.js';
import type { CommandHandler, HandlerTools } from './handler.js';
import { issuerSourcesOf } from './localKeyPairs.js';

/** What adds to a keystore and takes away from it, other than the story of a signed key pair. */
export function changeHandlers(tools: HandlerTools) {
  const { environment } = tools;
  return {
    [Command.certificateAdd]: {
      title: l10n.t('Add Certificate'),
      run: async (context, argument, selection) => {
        const { addCertificate } = await import('../change/addCertificate.js');
        await addCertificate(environment, { argument, selection }, await addPorts(tools), context);
      },
    },
    [Command.keyPairAdd]: {
      title: l10n.t('Add Key Pair'),
      run: async (context, argument, selection) => {
        const { addKeyPair } = await import('../change/addKeyPair.js');
        const ports = {
          ...(await addPorts(tools)),
          openAddress: (address: string) => void vscode.env.openExternal(vscode.Uri.parse(address, true)),
          createLocalKeyPair: () => void vscode.commands.executeCommand(Command.localKeyPairCreate),
        };
        await addKeyPair(environment, { argument, selection }, ports, context);
      },
    },
    [Command.entryRename]: {
      title: l10n.t('Rename Entry'),
      run: async (context, argument) => {
        const { renameEntry } = await import('../change/renameEntry.js');
        await renameEntry(environment, argument, context);
      },
    },
    [Command.entryDelete]: {
      title: l10n.t('Delete Entry'),
      run: async (context, argument, selection) => {
        const { deleteEntries } = await import('../change/deleteEntries.js');
        await deleteEntries(environment, { argument, selection }, context);
      },
    },
  } satisfies Record<string, CommandHandler>;
}

async function addPorts({ environment, extensionPath }: HandlerTools): Promise<AddPorts> {
  const [{ hostKeyDerivation }, issuerSources] = await Promise.all([
    import('../../services/hostKeyDerivation.js'),
    issuerSourcesOf(environment),
  ]);
  return { files, activeText, isUri, derivation: hostKeyDerivation(extensionPath), issuerSources };
}

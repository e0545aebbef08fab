import * as vscode from 'vscode';
import * as l10n from '@vscode/l10n';
import { Command } from '../../contributions.js';
import type { LocalPorts } from '../localKeyPair/ports.js';
import { activeText, files, isUri, openText } from '../workspacePorts.js';
import type { CommandHandler, HandlerTools } from './handler.js';

/** Key pairs that are made on this machine, and the requests that wait for their responses. */
export function localKeyPairHandlers(tools: HandlerTools) {
  const { environment } = tools;
  return {
    [Command.localKeyPairCreate]: {
      title: l10n.t('Create Local Key Pair and Signing Request'),
      run: async (context) => {
        const { createLocalKeyPair } = await import('../localKeyPair/create.js');
        await createLocalKeyPair(environment, await localPorts(tools), context);
      },
    },
    [Command.localKeyPairForget]: {
      title: l10n.t('Forget Pending Request'),
      run: async () => {
        const { forgetPendingRequest } = await import('../localKeyPair/pending.js');
        await forgetPendingRequest(environment.prompts, await localPorts(tools));
      },
    },
  } satisfies Record<string, CommandHandler>;
}

/** What these commands need of VS Code. */
export async function localPorts({ state, extensionPath }: HandlerTools): Promise<LocalPorts> {
  const [{ PendingRequests }, { hostKeyDerivation }] = await Promise.all([
    import('../../services/pendingRequests.js'),
    import('../../services/hostKeyDerivation.js'),
  ]);
  return {
    files,
    pending: new PendingRequests(state),
    state,
    derivation: hostKeyDerivation(extensionPath),
    openText,
    activeText,
    isUri,
    fileUri: (path) => vscode.Uri.file(path),
    workspaceFolders: () => (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri),
    runOnFile: (command, uri) => void vscode.commands.executeCommand(command, uri),
  };
}

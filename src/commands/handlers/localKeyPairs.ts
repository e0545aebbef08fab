import * as vscode from 'vscode';
import * as l10n from '@vscode/l10n';
import { Command } from '../../contributions.js';
import type { LocalPorts } from '../localKeyPair/ports.js';
import { activeText, certificateFiles, files, isUri, openText } from '../workspacePorts.js';
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
    [Command.localKeyPairComplete]: {
      title: l10n.t('Complete with Signing Response'),
      run: async (context, argument) => {
        const { completeLocalKeyPair } = await import('../localKeyPair/complete.js');
        await completeLocalKeyPair(environment, argument, await localPorts(tools), context);
      },
    },
    [Command.localKeyPairPending]: {
      title: l10n.t('Pending Signing Requests'),
      run: async (context) => {
        const [{ showPendingRequests }, { completeLocalKeyPair }] = await Promise.all([
          import('../localKeyPair/pending.js'),
          import('../localKeyPair/complete.js'),
        ]);
        const ports = await localPorts(tools);
        await showPendingRequests(environment.prompts, ports, () =>
          completeLocalKeyPair(environment, undefined, ports, context),
        );
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
export async function localPorts({ environment, state, extensionPath }: HandlerTools): Promise<LocalPorts> {
  const [{ PendingRequests }, { hostKeyDerivation }, issuerSources] = await Promise.all([
    import('../../services/pendingRequests.js'),
    import('../../services/hostKeyDerivation.js'),
    issuerSourcesOf(environment),
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
    issuerSources,
    runOnFile: (command, uri) => void vscode.commands.executeCommand(command, uri),
  };
}

/** Where missing issuers are looked for: the open folder, then the connected tenants; never the network. */
export async function issuerSourcesOf({
  connections,
  keystores,
}: HandlerTools['environment']): Promise<LocalPorts['issuerSources']> {
  const { folderIssuers, tenantIssuers } = await import('../../services/issuers.js');
  return (onGap) => [
    folderIssuers(certificateFiles, onGap),
    tenantIssuers(connections, keystores, (name) =>
      onGap(l10n.t('The keystore of "{0}" could not be read for it.', name)),
    ),
  ];
}

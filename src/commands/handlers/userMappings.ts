import * as l10n from '@vscode/l10n';
import { Command } from '../../contributions.js';
import { setUpsKey } from '../../services/setUpsKey.js';
import type { UserMappingPorts } from '../userMapping/ports.js';
import { activeText, files, isUri } from '../workspacePorts.js';
import type { CommandHandler, HandlerTools } from './handler.js';
import { issuerSourcesOf } from './localKeyPairs.js';

/** Certificate-to-user mappings of tenants of Neo. */
export function userMappingHandlers(tools: HandlerTools) {
  const { environment } = tools;
  const ports = async () => await userMappingPorts(tools);
  return {
    [Command.userMappingCreate]: {
      title: l10n.t('Create Certificate-to-User Mapping'),
      run: async (context, argument) => {
        const { createUserMapping } = await import('../userMapping/create.js');
        await createUserMapping(environment, argument, await ports(), context);
      },
    },
    [Command.userMappingShow]: {
      title: l10n.t('Show Certificate-to-User Mappings'),
      run: async (context, argument) => {
        const { showUserMappings } = await import('../userMapping/show.js');
        await showUserMappings(environment, argument, await ports(), context);
      },
    },
    [Command.userMappingChangeUser]: {
      title: l10n.t('Change User of Mapping'),
      run: async (context, argument) => {
        const { changeMappedUser } = await import('../userMapping/changeUser.js');
        await changeMappedUser(environment, argument, await ports(), context);
      },
    },
    [Command.userMappingDelete]: {
      title: l10n.t('Delete Certificate-to-User Mapping'),
      run: async (context, argument) => {
        const { deleteUserMapping } = await import('../userMapping/delete.js');
        await deleteUserMapping(environment, argument, await ports(), context);
      },
    },
    [Command.userMappingExport]: {
      title: l10n.t('Export Certificate-to-User Mappings'),
      run: async (context, argument) => {
        const { exportUserMappings } = await import('../userMapping/export.js');
        await exportUserMappings(environment, argument, await ports(), context);
      },
    },
    [Command.userMappingCopyMarkdown]: {
      title: l10n.t('Copy Mapping as Markdown'),
      run: async (context, argument) => {
        const { copyMappingAsMarkdown } = await import('../userMapping/copyMarkdown.js');
        await copyMappingAsMarkdown(environment, argument, await ports(), context);
      },
    },
  } satisfies Record<string, CommandHandler>;
}

/** What these commands need of VS Code. */
export async function userMappingPorts({
  environment,
  inbound,
  extensionPath,
  state,
}: HandlerTools): Promise<UserMappingPorts> {
  const [mappings, { hostKeyDerivation }, issuerSources, { parseSetUps }] = await Promise.all([
    inbound.mappings(),
    import('../../services/hostKeyDerivation.js'),
    issuerSourcesOf(environment),
    import('../../inbound/senderSetUp.js'),
  ]);
  return {
    mappings,
    reveal: inbound.reveal,
    files,
    activeText,
    isUri,
    derivation: hostKeyDerivation(extensionPath),
    issuerSources,
    setUps: () => parseSetUps(state.get(setUpsKey)).setUps,
  };
}

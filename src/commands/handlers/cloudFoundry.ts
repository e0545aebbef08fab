import { homedir } from 'node:os';
import * as vscode from 'vscode';
import * as l10n from '@vscode/l10n';
import { Command, Setting } from '../../contributions.js';
import type { KeyPorts } from '../cloudFoundry/createKey.js';
import type { CloudFoundryPorts } from '../cloudFoundry/ports.js';
import { activeText, files, isUri } from '../workspacePorts.js';
import { setUpsKey } from '../../services/setUpsKey.js';
import type { CommandHandler, HandlerTools } from './handler.js';

/** Cloud Foundry beside a tenant: sign-in, space, service instances and keys. */
export function cloudFoundryHandlers(tools: HandlerTools) {
  const { environment } = tools;
  const session = async () => await import('../cloudFoundry/session.js');
  const instances = async () => await import('../cloudFoundry/changeInstance.js');
  const secrets = async () => await import('../cloudFoundry/keySecrets.js');
  const ports = async () => await cloudFoundryPorts(tools);
  return {
    [Command.cloudFoundrySignIn]: {
      title: l10n.t('Sign In to Cloud Foundry'),
      run: async (context, argument) =>
        (await session()).signInToCloudFoundry(environment, argument, await ports(), context),
    },
    [Command.cloudFoundrySignOut]: {
      title: l10n.t('Sign Out of Cloud Foundry'),
      run: async (_, argument) => (await session()).signOutOfCloudFoundry(environment, argument),
    },
    [Command.cloudFoundryChooseSpace]: {
      title: l10n.t('Choose Cloud Foundry Space'),
      run: async (context, argument) =>
        (await session()).chooseSpace(environment, argument, await ports(), context),
    },
    [Command.serviceInstanceCreate]: {
      title: l10n.t('Create Service Instance'),
      run: async (context, argument) => {
        const { createServiceInstance } = await import('../cloudFoundry/createInstance.js');
        await createServiceInstance(environment, argument, await ports(), context);
      },
    },
    [Command.serviceInstanceChangeRoles]: {
      title: l10n.t('Change Roles'),
      run: async (context, argument) =>
        (await instances()).changeRoles(environment, argument, await ports(), context),
    },
    [Command.serviceInstanceMendGrantTypes]: {
      title: l10n.t('Mend Grant Types'),
      run: async (context, argument) =>
        (await instances()).mendGrantTypes(environment, argument, await ports(), context),
    },
    [Command.serviceKeyCreate]: {
      title: l10n.t('Create Service Key'),
      run: async (context, argument) => {
        const { createServiceKey } = await import('../cloudFoundry/createKey.js');
        await createServiceKey(environment, argument, await keyPorts(tools), context);
      },
    },
    [Command.serviceKeyDelete]: {
      title: l10n.t('Delete Service Key'),
      run: async (context, argument) => {
        const { deleteServiceKey } = await import('../cloudFoundry/deleteKey.js');
        await deleteServiceKey(environment, argument, await keyPorts(tools), context);
      },
    },
    [Command.serviceKeySaveCredentials]: {
      title: l10n.t('Save Credentials'),
      run: async (context, argument) =>
        (await secrets()).saveCredentials(environment, argument, await ports(), context),
    },
    [Command.mappingCopyAsText]: {
      title: l10n.t('Copy Mapping as Text'),
      run: async (context, argument) => {
        const { copyMappingAsText } = await import('../cloudFoundry/copyText.js');
        await copyMappingAsText(environment, argument, await ports(), context);
      },
    },
    [Command.cloudFoundryFollow]: {
      title: l10n.t('Follow Unfinished Changes'),
      run: async (context, argument) => {
        const { followUnfinished } = await import('../cloudFoundry/unfinished.js');
        await followUnfinished(environment, { isAsked: argument !== startup }, context);
      },
    },
  } satisfies Record<string, CommandHandler>;
}

/** What `extension.ts` hands over when it starts, so that nothing is said where there is nothing. */
const startup = 'startup';

/** What creating a key needs of VS Code. */
export async function keyPorts(tools: HandlerTools): Promise<KeyPorts> {
  const [ports, { parseSetUps }] = await Promise.all([
    cloudFoundryPorts(tools),
    import('../../inbound/senderSetUp.js'),
  ]);
  return {
    ...ports,
    memory: tools.inbound.keys,
    setUps: () => parseSetUps(tools.state.get(setUpsKey)).setUps,
  };
}

/** What these commands need of VS Code and this machine. */
async function cloudFoundryPorts({ practice, extensionPath }: HandlerTools): Promise<CloudFoundryPorts> {
  const { hostKeyDerivation } = await import('../../services/hostKeyDerivation.js');
  const { id, fallback } = Setting.warningDays;
  return {
    openLink: async (url) => await vscode.env.openExternal(vscode.Uri.parse(url, true)),
    cli: { environment: process.env, homeDirectory: homedir() },
    practiceEndpoint: async () => (await practice.tenant()).cloudFoundryUrl,
    files,
    activeText,
    isUri,
    workspaceFolders: () => (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri),
    derivation: hostKeyDerivation(extensionPath),
    warningDays: () => vscode.workspace.getConfiguration().get(id, fallback),
  };
}

import { homedir } from 'node:os';
import * as vscode from 'vscode';
import * as l10n from '@vscode/l10n';
import { Command, Setting } from '../../contributions.js';
import type { CloudFoundryPorts } from '../cloudFoundry/ports.js';
import { files, isUri, openText } from '../workspacePorts.js';
import type { CommandHandler, HandlerTools } from './handler.js';

/** Cloud Foundry beside a tenant: sign-in, space, service instances and keys. */
export function cloudFoundryHandlers(tools: HandlerTools) {
  const { environment } = tools;
  const session = async () => await import('../cloudFoundry/session.js');
  const instances = async () => await import('../cloudFoundry/changeInstance.js');
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
  } satisfies Record<string, CommandHandler>;
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
    isUri,
    workspaceFolders: () => (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri),
    derivation: hostKeyDerivation(extensionPath),
    warningDays: () => vscode.workspace.getConfiguration().get(id, fallback),
    openText,
  };
}

import * as l10n from '@vscode/l10n';
import { Command } from '../../contributions.js';
import { files } from '../workspacePorts.js';
import type { CommandHandler, HandlerTools } from './handler.js';

/** Connecting tenants and keeping their connections. */
export function tenantHandlers({ environment }: HandlerTools) {
  const tenants = async () => await import('../tenantCommands.js');
  return {
    [Command.tenantAdd]: {
      title: l10n.t('Add Tenant'),
      run: async () => (await tenants()).addTenant(environment, files.read),
    },
    [Command.tenantEdit]: {
      title: l10n.t('Edit Tenant'),
      run: async (_, argument) => (await tenants()).editTenant(environment, argument, files.read),
    },
    [Command.tenantRename]: {
      title: l10n.t('Rename Tenant'),
      run: async (_, argument) => (await tenants()).renameTenant(environment, argument),
    },
    [Command.tenantSignIn]: {
      title: l10n.t('Sign In Again'),
      run: async (_, argument) => (await tenants()).signIn(environment, argument),
    },
    [Command.tenantRemove]: {
      title: l10n.t('Remove Tenant'),
      run: async (_, argument) => (await tenants()).removeTenant(environment, argument),
    },
    [Command.tenantTest]: {
      title: l10n.t('Test Connection'),
      run: async (context, argument) => (await tenants()).testConnection(environment, argument, context),
    },
  } satisfies Record<string, CommandHandler>;
}

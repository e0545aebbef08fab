import * as vscode from 'vscode';
import { Command, type CommandId } from '../contributions.js';
import { ActionRunner, type Action } from '../ui/runAction.js';
import type { FailureButton } from '../ui/failureMessage.js';
import { VscodePrompts } from '../ui/vscodePrompts.js';
import type { CommandParts } from './commandParts.js';
import type { Environment } from './environment.js';
import { changeHandlers } from './handlers/changes.js';
import { cloudFoundryHandlers } from './handlers/cloudFoundry.js';
import { entryHandlers } from './handlers/entries.js';
import { fileHandlers } from './handlers/files.js';
import { inboundHandlers } from './handlers/inbound.js';
import { keystoreHandlers } from './handlers/keystore.js';
import type { CommandHandler } from './handlers/handler.js';
import { localKeyPairHandlers } from './handlers/localKeyPairs.js';
import { mappingHandlers } from './handlers/mapping.js';
import { practiceHandlers } from './handlers/practice.js';
import { tenantHandlers } from './handlers/tenants.js';
import { userMappingHandlers } from './handlers/userMappings.js';
import { windowHandlers } from './handlers/window.js';
import { tenantIdOf } from './targetIds.js';

/** Runs a command with what a menu or the palette hands over; resolves when it is done, refused or cancelled. */
export type Perform = (id: CommandId, argument: unknown, selection: unknown) => Promise<void>;

/** Joins the handlers of all subjects; each loads what it needs when it runs. */
export function createPerformer(parts: CommandParts): Perform {
  const prompts = new VscodePrompts();
  const runner = new ActionRunner(parts.log, prompts, followUp);
  const environment: Environment = {
    ...parts.environment,
    prompts,
    run: (action) => runner.run(action),
  };
  const tools = { ...parts, environment };
  const handlers: Readonly<Record<CommandId, CommandHandler>> = {
    ...tenantHandlers(tools),
    ...practiceHandlers(tools),
    ...entryHandlers(tools),
    ...keystoreHandlers(tools),
    ...changeHandlers(tools),
    ...localKeyPairHandlers(tools),
    ...fileHandlers(tools),
    ...cloudFoundryHandlers(tools),
    ...mappingHandlers(tools),
    ...inboundHandlers(tools),
    ...userMappingHandlers(tools),
    ...windowHandlers(tools),
  };
  return (id, argument, selection) => {
    const { title, run } = handlers[id];
    return runner.run({
      title,
      tenant: tenantOf(environment, argument),
      run: (context) => run(context, argument, selection),
      retry: () => void vscode.commands.executeCommand(id, argument, selection),
    });
  };
}

function tenantOf({ connections }: Environment, argument: unknown): Action['tenant'] {
  const id = tenantIdOf(argument);
  const connection = id === undefined ? undefined : connections.get(id);
  return connection === undefined ? undefined : { id: connection.id, name: connection.name };
}

function followUp(button: FailureButton, action: Action): void {
  const node = action.tenant === undefined ? undefined : { tenantId: action.tenant.id };
  switch (button) {
    case 'showLog':
      void vscode.commands.executeCommand(Command.logShow);
      return;
    case 'signIn':
      void vscode.commands.executeCommand(Command.tenantSignIn, node);
      return;
    case 'signInCloudFoundry':
      void vscode.commands.executeCommand(Command.cloudFoundrySignIn, node);
      return;
    case 'editTenant':
      void vscode.commands.executeCommand(Command.tenantEdit, node);
      return;
    case 'reload':
      void vscode.commands.executeCommand(Command.windowReload);
      return;
    case 'retry':
      action.retry?.();
  }
}

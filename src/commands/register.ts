import * as vscode from 'vscode';
import { Command, type CommandId } from '../contributions.js';
import type { CommandParts } from './commandParts.js';
import type { Perform } from './performer.js';

/** Registers every command of the manifest; what a command does is loaded when one first runs. */
export function registerCommands(parts: CommandParts): vscode.Disposable {
  let performer: Promise<Perform> | undefined;
  const perform = async (id: CommandId, argument: unknown, selection: unknown): Promise<void> => {
    performer ??= import('./performer.js').then(({ createPerformer }) => createPerformer(parts));
    await (
      await performer
    )(id, argument, selection);
  };
  return vscode.Disposable.from(
    ...Object.values(Command).map((id) =>
      vscode.commands.registerCommand(id, (argument: unknown, selection: unknown) =>
        perform(id, argument, selection),
      ),
    ),
  );
}

import * as vscode from 'vscode';
import * as l10n from '@vscode/l10n';
import { View } from '../contributions.js';
import type { Environment } from './environment.js';
import { certificateFileFilters } from './file/parts.js';
import { isUri } from './workspacePorts.js';

/** "Inspect" of a file: the one of the Explorer or the editor, else one that the person names. */
export async function inspectFile(
  { prompts }: Pick<Environment, 'prompts'>,
  argument: unknown,
): Promise<void> {
  const title = l10n.t('Inspect');
  const uri = isUri(argument)
    ? argument
    : await prompts.openFile({
        title,
        filters: { ...certificateFileFilters(), [l10n.t('All files')]: ['*'] },
      });
  await vscode.commands.executeCommand('vscode.openWith', uri, View.inspector);
}

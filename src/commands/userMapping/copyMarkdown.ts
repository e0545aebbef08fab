import * as l10n from '@vscode/l10n';
import type { ActionContext, Environment } from '../environment.js';
import { mappingAtHand } from './chooseMapping.js';
import { mappingTable } from './mappingTable.js';
import type { UserMappingPorts } from './ports.js';

/** "Copy as Markdown": a mapping as a table. */
export async function copyMappingAsMarkdown(
  environment: Environment,
  argument: unknown,
  ports: Pick<UserMappingPorts, 'mappings'>,
  context: ActionContext,
): Promise<void> {
  const title = l10n.t('Copy Mapping as Markdown');
  const mapping = await mappingAtHand(environment, argument, ports, { title, context });
  await environment.prompts.writeClipboard(mappingTable([mapping]));
  environment.prompts.note(l10n.t('Copied from "{0}".', mapping.user));
}

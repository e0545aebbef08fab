import * as l10n from '@vscode/l10n';
import type { ActionContext, Environment } from '../environment.js';
import { chooseMapping } from './chooseMapping.js';
import type { UserMappingPorts } from './ports.js';

/** "Show Certificate-to-User Mappings…": the list of a tenant of Neo; the one that is picked is shown in Inbound Clients. */
export async function showUserMappings(
  environment: Environment,
  argument: unknown,
  ports: UserMappingPorts,
  context: ActionContext,
): Promise<void> {
  const title = l10n.t('Certificate-to-User Mappings');
  const { connection, mapping } = await chooseMapping(environment, argument, ports, { title, context });
  await ports.reveal({ tenantId: connection.id, mappingId: mapping.id });
}

import * as l10n from '@vscode/l10n';
import { Cancelled } from '../../errors.js';
import type { Connection } from '../../services/connection.js';
import { newTenantId } from '../../services/cloudFoundryRecord.js';
import type { Environment } from '../environment.js';
import { plainLabel } from '../targets.js';
import { tenantIdOf } from '../targetIds.js';

/** Stands for a tenant that is to be connected; its Cloud Foundry sign-in moves to it then. */
export function newTenant(): Connection {
  return {
    id: newTenantId,
    name: l10n.t('a new tenant'),
    stage: undefined,
    practice: false,
    address: { url: '', authentication: { kind: 'basic', user: '' } },
  };
}

/** True for the one that stands for a tenant that is to be connected. */
export function isNewTenant({ id }: Connection): boolean {
  return id === newTenantId;
}

/** The tenant of the row, else the one that the person picks, or one that is to be connected. */
export async function chooseTenantOrNew(
  { connections, prompts }: Environment,
  argument: unknown,
  title: string,
): Promise<Connection> {
  const id = tenantIdOf(argument);
  const given = id === undefined ? undefined : connections.get(id);
  if (given !== undefined) {
    return given;
  }
  const list = connections.list();
  if (list.length === 0) {
    return newTenant();
  }
  const answer = await prompts.pick<Connection>({
    title,
    placeholder: l10n.t('Tenant'),
    items: [
      ...list.map((connection) => ({
        label: plainLabel(connection.name),
        description: connection.stage ?? (connection.practice ? l10n.t('practice') : ''),
        value: connection,
      })),
      { label: l10n.t('A tenant that is not connected yet…'), value: newTenant() },
    ],
  });
  if (answer.kind === 'back') {
    throw new Cancelled();
  }
  return answer.value;
}

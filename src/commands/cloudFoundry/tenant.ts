import type { Connection } from '../../services/connection.js';
import { isNeoTenant } from '../../tenant/tenantAddress.js';
import type { Environment } from '../environment.js';
import { chooseTenant } from '../targets.js';

/** The tenant of the row, else the one that the person picks; those of Neo are offered only where there are no others. */
export async function chooseCloudFoundryTenant(
  environment: Environment,
  argument: unknown,
  title: string,
): Promise<Connection> {
  const isOnCloudFoundry = ({ address }: Connection): boolean => !isNeoTenant(address);
  return environment.connections.list().some(isOnCloudFoundry)
    ? await chooseTenant(environment, argument, title, isOnCloudFoundry)
    : await chooseTenant(environment, argument, title);
}

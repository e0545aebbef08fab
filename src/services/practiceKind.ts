import type { PracticeTenantKind } from '../practice/practiceTenant.js';
import { isNeoTenant } from '../tenant/tenantAddress.js';
import type { Connection } from './connection.js';

/** Which of the two practice tenants a connection is of. */
export function practiceKind({ address }: Pick<Connection, 'address'>): PracticeTenantKind {
  return isNeoTenant(address) ? 'neo' : 'cloudFoundry';
}

import { HttpTransport } from '../http/httpTransport.js';
import { ODataIntegrationContent } from '../tenant/integrationContent.js';
import { ODataUserMappingClient } from '../tenant/certificateUserMappings.js';
import { ODataKeystoreClient } from '../tenant/keystoreClient.js';
import { TenantSession } from '../tenant/tenantSession.js';
import type { Connection } from './connection.js';
import type { Connections } from './connections.js';
import type { TenantAccess } from './keystores.js';
import type { Log } from './log.js';

/** Makes the way to one tenant; this module is loaded when the first tenant is asked. */
export function openTenantAccess(
  connection: Connection,
  options: { readonly connections: Connections; readonly log: Log; readonly timeoutMs: () => number },
): TenantAccess {
  const transport = new HttpTransport({
    timeoutMs: options.timeoutMs,
    log: ({ method, path, status, milliseconds, failure }) =>
      options.log.info(
        `${method} ${path} ${status ?? failure ?? 'no answer'} ${Math.round(milliseconds)} ms`,
      ),
  });
  const session = new TenantSession({
    address: connection.address,
    secret: () => options.connections.secret(connection.id),
    transport,
  });
  return {
    client: new ODataKeystoreClient(session),
    content: new ODataIntegrationContent(session),
    mappings: new ODataUserMappingClient(session),
    grantedScopes: (signal) => session.grantedScopes(signal),
    mayMove: connection.practice,
  };
}

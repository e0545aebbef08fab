import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../../errors.js';
import type { Connection } from '../../services/connection.js';
import { isNeoTenant } from '../../tenant/tenantAddress.js';
import type { Environment } from '../environment.js';
import { chooseTenant } from '../targets.js';

/** The tenant of the row, else the only one of Neo, else the one that the person picks; `refused` for one of Cloud Foundry. */
export async function chooseNeoTenant(
  environment: Environment,
  argument: unknown,
  title: string,
): Promise<Connection> {
  const isNeo = ({ address }: Connection): boolean => isNeoTenant(address);
  const { connections } = environment;
  if (!connections.list().some(isNeo)) {
    throw refused(
      l10n.t(
        'No tenant of Neo is connected, and only those have certificate-to-user mappings. Run "Add Tenant…" with user and password, or "Open Practice Tenant of Neo".',
      ),
    );
  }
  const chosen = await chooseTenant(environment, argument, title, isNeo);
  if (!isNeo(chosen)) {
    throw notNeo(chosen);
  }
  return chosen;
}

/** What a person is told of a tenant that has no mappings. */
export function notNeo({ name }: Connection): KeystoreError {
  return refused(
    l10n.t(
      '"{0}" is a tenant of Cloud Foundry: there a service key holds the certificate. Run "Create Service Key…" instead.',
      name,
    ),
  );
}

function refused(explanation: string): KeystoreError {
  return new KeystoreError('refused', 'no tenant of Neo', { details: { explanation } });
}

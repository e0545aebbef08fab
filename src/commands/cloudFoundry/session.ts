import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../../errors.js';
import type { CloudFoundryAccess } from '../../services/cloudFoundryAccess.js';
import type { CfPlace } from '../../services/cloudFoundryRecord.js';
import type { Connection } from '../../services/connection.js';
import type { ActionContext, Environment } from '../environment.js';
import { isNeoTenant } from '../../tenant/tenantAddress.js';
import { chooseTenant } from '../targets.js';
import { isNewTenant } from './newTenant.js';
import { askPlace } from './place.js';
import type { CloudFoundryPorts } from './ports.js';
import { chooseCloudFoundryTenant } from './tenant.js';
import { signIn, signedIn } from './signIn.js';

/** "Sign In to Cloud Foundry…": endpoint, proof of who it is, and the space where none is chosen yet. */
export async function signInToCloudFoundry(
  environment: Environment,
  argument: unknown,
  ports: CloudFoundryPorts,
  context: ActionContext,
): Promise<void> {
  const connection = await chooseCloudFoundryTenant(
    environment,
    argument,
    l10n.t('Sign In to Cloud Foundry'),
  );
  refuseNeo(connection);
  await signIn(environment, connection, ports, context);
  const { place } = signedIn(environment, connection) ?? {};
  if (place === undefined) {
    await askPlace(environment, connection, context);
  }
  tellSignedIn(environment, connection);
}

/** "Sign Out of Cloud Foundry": the tokens are forgotten here. */
export async function signOutOfCloudFoundry(environment: Environment, argument: unknown): Promise<void> {
  const { cloudFoundry, prompts } = environment;
  const isSignedIn = (connection: Connection): boolean =>
    cloudFoundry.state(connection.id).kind !== 'signedOut';
  if (!environment.connections.list().some(isSignedIn)) {
    throw new KeystoreError('refused', 'nobody is signed in to Cloud Foundry', {
      details: { explanation: l10n.t('Nobody is signed in to Cloud Foundry.') },
    });
  }
  const title = l10n.t('Sign Out of Cloud Foundry');
  const connection = await chooseTenant(environment, argument, title, isSignedIn);
  await cloudFoundry.signOut(connection.id);
  prompts.note(l10n.t('Signed out of the Cloud Foundry of "{0}".', connection.name));
}

/** Where a command works: the tenant, the way to its Cloud Foundry, and the space. */
export interface Workplace {
  readonly connection: Connection;
  readonly access: CloudFoundryAccess;
  readonly place: CfPlace;
}

/** "Choose Space…": organization and space in which service instances are looked for and created. */
export async function chooseSpace(
  environment: Environment,
  argument: unknown,
  ports: CloudFoundryPorts,
  context: ActionContext,
): Promise<void> {
  const connection = await chooseCloudFoundryTenant(environment, argument, l10n.t('Choose Space'));
  await requireSignIn(environment, connection, ports, context);
  const place = await askPlace(environment, connection, context);
  environment.prompts.note(
    l10n.t(
      'Space "{0}" of "{1}" is used for "{2}".',
      place.space.name,
      place.organization.name,
      connection.name,
    ),
  );
}

/** Signs in and asks for the space as far as needed, then tells where to work. */
export async function requireWorkplace(
  environment: Environment,
  connection: Connection,
  ports: CloudFoundryPorts,
  context: ActionContext,
): Promise<Workplace> {
  await requireSignIn(environment, connection, ports, context);
  const place =
    signedIn(environment, connection)?.place ?? (await askPlace(environment, connection, context));
  return { connection, place, access: await environment.cloudFoundry.access(connection.id) };
}

function tellSignedIn(environment: Environment, connection: Connection): void {
  const state = signedIn(environment, connection);
  if (state !== undefined) {
    environment.prompts.note(
      l10n.t(
        'Signed in to Cloud Foundry as {0}, space "{1}".',
        state.user.name,
        state.place?.space.name ?? '',
      ),
    );
  }
}

async function requireSignIn(
  environment: Environment,
  connection: Connection,
  ports: CloudFoundryPorts,
  context: ActionContext,
): Promise<void> {
  refuseNeo(connection);
  if (signedIn(environment, connection) === undefined) {
    await signIn(environment, connection, ports, context);
  }
}

/** Neo has certificate-to-user mappings in place of service keys. */
function refuseNeo(connection: Connection): void {
  if (!isNewTenant(connection) && isNeoTenant(connection.address)) {
    throw new KeystoreError('refused', 'a tenant of Neo has no Cloud Foundry', {
      details: {
        explanation: l10n.t(
          '"{0}" is a tenant of the Neo environment: it has no service instances and keys. Its senders are mapped by certificate-to-user mappings.',
          connection.name,
        ),
      },
    });
  }
}

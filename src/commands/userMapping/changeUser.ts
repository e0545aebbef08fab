import * as l10n from '@vscode/l10n';
import { Cancelled, KeystoreError } from '../../errors.js';
import { neoRolePlace } from '../../inbound/neoRole.js';
import { mappingSubject } from '../../inbound/userMapping.js';
import { certificateFacts } from '../change/facts.js';
import type { ActionContext, Environment } from '../environment.js';
import { askUser } from './askUser.js';
import { chooseMapping } from './chooseMapping.js';
import { tellMapped } from './create.js';
import type { UserMappingPorts } from './ports.js';
import { rolesOfSender } from './rolesOfSender.js';

/** "Change User…": old and new user are shown before, since SAP overwrites silently. */
export async function changeMappedUser(
  environment: Environment,
  argument: unknown,
  ports: UserMappingPorts,
  context: ActionContext,
): Promise<void> {
  const title = l10n.t('Change User of Mapping');
  const { prompts } = environment;
  const { connection, mapping, all } = await chooseMapping(environment, argument, ports, {
    title,
    context,
    suits: ({ certificate }) => certificate !== undefined,
  });
  const { certificate } = mapping;
  if (certificate === undefined) {
    throw new KeystoreError('refused', 'the certificate is not at hand', {
      details: {
        performed: 'no',
        explanation: l10n.t(
          '{0} The user is changed by sending the certificate again: create the mapping anew from its file, or delete it.',
          mapping.unreadable ?? '',
        ),
      },
    });
  }
  const user = await askUser(prompts, all, { title, except: mapping.user });
  const rest = all.filter(({ user: other, id }) => other === mapping.user && id !== mapping.id).length;
  const roles = rolesOfSender(ports.setUps(), connection.id, [certificate]);
  const agreed = await prompts.confirm({
    message: l10n.t('Change the user of the certificate in "{0}"?', connection.name),
    detail: [
      l10n.t('User now: {0}', mapping.user),
      l10n.t('User new: {0}', user),
      ...certificateFacts(certificate),
      l10n.t('From then on calls with this certificate run as "{0}", with the roles of that user.', user),
      rest === 0
        ? l10n.t('No other certificate is left with which somebody could call as "{0}".', mapping.user)
        : l10n.t('Certificates that stay with "{0}": {1}', mapping.user, rest),
      l10n.t('The user needs the role {0}. {1}', roles, neoRolePlace(user, roles)),
    ].join('\n'),
    action: l10n.t('Change User'),
  });
  if (!agreed) {
    throw new Cancelled();
  }
  const result = await context.withProgress(
    l10n.t('Changing the user of {0}', mappingSubject(mapping)),
    ({ signal }) => ports.mappings.map(connection.id, { der: certificate.der, user, seen: mapping }, signal),
  );
  await tellMapped(environment, ports, { connection, leaf: certificate, user, roles, result });
}

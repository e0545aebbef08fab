import * as l10n from '@vscode/l10n';
import { Cancelled } from '../../errors.js';
import { mappingSubject, mappingValidUntil } from '../../inbound/userMapping.js';
import { day } from '../change/facts.js';
import type { ActionContext, Environment } from '../environment.js';
import { typeToDelete } from '../typeToDelete.js';
import { chooseMapping, type MappingTarget } from './chooseMapping.js';
import type { UserMappingPorts } from './ports.js';

/** "Delete Certificate-to-User Mapping…": what stops working is named before; on a productive tenant the user is typed. */
export async function deleteUserMapping(
  environment: Environment,
  argument: unknown,
  ports: UserMappingPorts,
  context: ActionContext,
): Promise<void> {
  const title = l10n.t('Delete Certificate-to-User Mapping');
  const { prompts } = environment;
  const target = await chooseMapping(environment, argument, ports, { title, context });
  const { connection, mapping } = target;
  const agreed = await prompts.confirm({
    message: l10n.t('Delete the mapping of "{0}" in "{1}"?', mapping.user, connection.name),
    detail: consequences(target).join('\n'),
    action: l10n.t('Delete Mapping'),
  });
  if (!agreed) {
    throw new Cancelled();
  }
  if (connection.stage === 'PRD') {
    await typeToDelete(prompts, {
      tenant: connection.name,
      wanted: mapping.user,
      prompt: l10n.t('Type the user to delete its mapping: {0}', mapping.user),
    });
  }
  const { before, answerLost } = await context.withProgress(
    l10n.t('Deleting the mapping of "{0}"', mapping.user),
    ({ signal }) => ports.mappings.delete(connection.id, mapping, signal),
  );
  if (answerLost) {
    void prompts.inform(l10n.t('The mapping of "{0}" was deleted; the answer was lost.', mapping.user));
    return;
  }
  prompts.note(
    before === undefined
      ? l10n.t('The mapping of "{0}" was deleted already, by somebody else.', mapping.user)
      : l10n.t('The mapping of "{0}" has been deleted.', mapping.user),
  );
}

function consequences({ mapping, all }: MappingTarget): readonly string[] {
  const rest = all.filter(({ user, id }) => user === mapping.user && id !== mapping.id);
  return [
    l10n.t('Calls with the certificate of {0} are refused from then on.', mappingSubject(mapping)),
    l10n.t('The certificate is valid until {0}.', day(mappingValidUntil(mapping))),
    ...(rest.length === 0
      ? [
          l10n.t(
            'It is the only certificate of "{0}": nobody calls as this user by certificate any more.',
            mapping.user,
          ),
        ]
      : [
          l10n.t('Certificates that stay with "{0}":', mapping.user),
          ...rest.map((other) =>
            l10n.t('{0}, valid until {1}', mappingSubject(other), day(mappingValidUntil(other))),
          ),
        ]),
    l10n.t(
      'The user and its roles in the subaccount stay. Whoever has the file of the certificate can map it again.',
    ),
  ];
}

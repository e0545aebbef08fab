import * as l10n from '@vscode/l10n';
import { Cancelled, KeystoreError } from '../../errors.js';
import { listOrganizations, listSpaces } from '../../platform/cfOrganizations.js';
import type { CfPlace } from '../../services/cloudFoundryRecord.js';
import type { Connection } from '../../services/connection.js';
import type { PickItem } from '../../ui/prompts.js';
import type { ActionContext, Environment } from '../environment.js';
import { plainLabel } from '../targets.js';

/** Asks for a space among all that the person may see, and remembers it; the only one is taken without a question. */
export async function askPlace(
  { cloudFoundry, prompts }: Environment,
  connection: Connection,
  { withProgress }: ActionContext,
): Promise<CfPlace> {
  const places = await withProgress(l10n.t('Reading organizations and spaces'), async ({ signal }) => {
    const { api } = await cloudFoundry.access(connection.id);
    const [organizations, spaces] = await Promise.all([
      listOrganizations(api, signal),
      listSpaces(api, {}, signal),
    ]);
    return organizations.resources.flatMap((organization) =>
      spaces.resources
        .filter(({ organizationGuid }) => organizationGuid === organization.guid)
        .map(({ guid, name }): CfPlace => ({
          organization: { guid: organization.guid, name: organization.name },
          space: { guid, name },
        })),
    );
  });
  const [only] = places;
  if (only === undefined) {
    throw new KeystoreError('forbidden', 'no space is visible', {
      details: {
        where: 'cf',
        explanation: l10n.t(
          'Your user sees no space at this API endpoint. Is it the endpoint of the subaccount? If so, an administrator adds you to a space with the role Space Developer.',
        ),
      },
    });
  }
  const place = places.length === 1 ? only : await pickPlace();
  await cloudFoundry.choosePlace(connection.id, place);
  return place;

  async function pickPlace(): Promise<CfPlace> {
    const answer = await prompts.pick<CfPlace>({
      title: l10n.t('Choose Space for "{0}"', connection.name),
      placeholder: l10n.t('Space in which the service instances of the tenant are'),
      items: places.map((one, index): PickItem<CfPlace> => {
        const isFirst = places[index - 1]?.organization.guid !== one.organization.guid;
        return {
          label: plainLabel(one.space.name),
          description: plainLabel(one.organization.name),
          ...(isFirst ? { separatorBefore: plainLabel(one.organization.name) } : {}),
          value: one,
        };
      }),
    });
    if (answer.kind === 'back') {
      throw new Cancelled();
    }
    return answer.value;
  }
}

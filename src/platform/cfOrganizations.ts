import { textMember } from '../http/checked.js';
import { relatedGuid, type CfApi, type CfList } from './cfApi.js';

/** An organization that the person may see; a subaccount has one. */
export interface CfOrganization {
  readonly guid: string;
  readonly name: string;
}

/** A space that the person may see. */
export interface CfSpace {
  readonly guid: string;
  readonly name: string;
  readonly organizationGuid: string;
}

/** The organizations that the person has a role in. */
export async function listOrganizations(api: CfApi, signal: AbortSignal): Promise<CfList<CfOrganization>> {
  return await api.list(
    '/v3/organizations',
    {},
    {
      parse: (row) => {
        const guid = textMember(row, 'guid');
        const name = textMember(row, 'name');
        return guid === undefined || name === undefined ? undefined : { guid, name };
      },
      signal,
    },
  );
}

/** The spaces that the person has a role in, of one organization or of all. */
export async function listSpaces(
  api: CfApi,
  filter: { readonly organizationGuids?: readonly string[] },
  signal: AbortSignal,
): Promise<CfList<CfSpace>> {
  return await api.list(
    '/v3/spaces',
    { organization_guids: filter.organizationGuids },
    {
      parse: (row) => {
        const guid = textMember(row, 'guid');
        const name = textMember(row, 'name');
        const organizationGuid = relatedGuid(row, 'organization');
        return guid === undefined || name === undefined || organizationGuid === undefined
          ? undefined
          : { guid, name, organizationGuid };
      },
      signal,
    },
  );
}

import { textMember, type JsonObject } from '../http/checked.js';
import { dateOf, jobUrlOf, relatedGuid, segment, type CfApi, type CfList } from './cfApi.js';
import { lastOperationOf, readParameters, type CfLastOperation, type CfParameters } from './cfResources.js';

/** A managed service instance. */
export interface CfServiceInstance {
  readonly guid: string;
  readonly name: string;
  readonly spaceGuid: string;
  readonly planGuid: string;
  readonly createdAt: Date | undefined;
  readonly updatedAt: Date | undefined;
  readonly lastOperation: CfLastOperation | undefined;
}

/** Which instances are read. */
export interface CfInstanceFilter {
  readonly planGuids?: readonly string[];
  readonly spaceGuids?: readonly string[];
  readonly names?: readonly string[];
}

/** What a new instance is to be. */
export interface NewServiceInstance {
  readonly name: string;
  readonly spaceGuid: string;
  readonly planGuid: string;
  readonly parameters: JsonObject;
}

/** The managed instances that the person may see. */
export async function listServiceInstances(
  api: CfApi,
  filter: CfInstanceFilter,
  options: { readonly signal: AbortSignal; readonly onPage?: (read: number, total: number) => void },
): Promise<CfList<CfServiceInstance>> {
  return await api.list(
    '/v3/service_instances',
    {
      type: 'managed',
      service_plan_guids: filter.planGuids,
      space_guids: filter.spaceGuids,
      names: filter.names,
    },
    { parse: parseInstance, signal: options.signal, onPage: options.onPage },
  );
}

/** One instance; `undefined` where there is none, or the person may not see it. */
export async function readServiceInstance(
  api: CfApi,
  guid: string,
  signal: AbortSignal,
): Promise<CfServiceInstance | undefined> {
  const row = await api.read(`/v3/service_instances/${segment(guid)}`, { what: 'list' }, signal);
  return row === undefined ? undefined : parseInstance(row);
}

/** The instance of exactly this name in a space; `undefined` where the name is free. */
export async function findServiceInstance(
  api: CfApi,
  place: { readonly name: string; readonly spaceGuid: string },
  signal: AbortSignal,
): Promise<CfServiceInstance | undefined> {
  const list = await api.list(
    '/v3/service_instances',
    { names: place.name, space_guids: place.spaceGuid },
    { parse: parseAnyInstance, signal },
  );
  return list.resources.find(({ name }) => name === place.name);
}

/** The parameters of an instance, which hold its roles and grant types. */
export async function readServiceInstanceParameters(
  api: CfApi,
  guid: string,
  signal: AbortSignal,
): Promise<CfParameters> {
  const path = `/v3/service_instances/${segment(guid)}/parameters`;
  return await readParameters(api, path, { what: 'readParameters' }, signal);
}

/** Asks for a new instance; returns where its job is watched. The caller has looked whether the name is free. */
export async function postServiceInstance(
  api: CfApi,
  instance: NewServiceInstance,
  signal: AbortSignal,
): Promise<string | undefined> {
  const json = {
    type: 'managed',
    name: instance.name,
    parameters: instance.parameters,
    relationships: {
      space: { data: { guid: instance.spaceGuid } },
      service_plan: { data: { guid: instance.planGuid } },
    },
  };
  return jobUrlOf(
    await api.write(
      { method: 'POST', path: '/v3/service_instances', json },
      { what: 'createInstance', name: instance.name },
      signal,
    ),
  );
}

/** Asks for other parameters of an instance; returns where its job is watched. */
export async function patchServiceInstance(
  api: CfApi,
  instance: Pick<CfServiceInstance, 'guid' | 'name'>,
  parameters: JsonObject,
  signal: AbortSignal,
): Promise<string | undefined> {
  return jobUrlOf(
    await api.write(
      { method: 'PATCH', path: `/v3/service_instances/${segment(instance.guid)}`, json: { parameters } },
      { what: 'updateInstance', name: instance.name },
      signal,
    ),
  );
}

/** Asks for the end of an instance; returns where its job is watched. */
export async function deleteServiceInstanceRequest(
  api: CfApi,
  instance: Pick<CfServiceInstance, 'guid' | 'name'>,
  signal: AbortSignal,
): Promise<string | undefined> {
  return jobUrlOf(
    await api.write(
      { method: 'DELETE', path: `/v3/service_instances/${segment(instance.guid)}` },
      { what: 'deleteInstance', name: instance.name },
      signal,
    ),
  );
}

function parseInstance(row: JsonObject): CfServiceInstance | undefined {
  const planGuid = relatedGuid(row, 'service_plan');
  const instance = parseAnyInstance(row);
  return instance === undefined || planGuid === undefined ? undefined : { ...instance, planGuid };
}

/** User-provided instances have no plan, but take up a name as well. */
function parseAnyInstance(row: JsonObject): CfServiceInstance | undefined {
  const guid = textMember(row, 'guid');
  const name = textMember(row, 'name');
  const spaceGuid = relatedGuid(row, 'space');
  return guid === undefined || name === undefined || spaceGuid === undefined
    ? undefined
    : {
        guid,
        name,
        spaceGuid,
        planGuid: relatedGuid(row, 'service_plan') ?? '',
        createdAt: dateOf(row, 'created_at'),
        updatedAt: dateOf(row, 'updated_at'),
        lastOperation: lastOperationOf(row),
      };
}

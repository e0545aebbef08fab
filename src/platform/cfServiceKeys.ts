import { isObject, textMember, type JsonObject } from '../http/checked.js';
import { dateOf, jobUrlOf, relatedGuid, segment, type CfApi, type CfList } from './cfApi.js';
import { lastOperationOf, readParameters, type CfLastOperation, type CfParameters } from './cfResources.js';

/** A service key: a credential binding of type `key`, without what it holds. */
export interface CfServiceKey {
  readonly guid: string;
  readonly name: string;
  readonly instanceGuid: string;
  readonly createdAt: Date | undefined;
  readonly lastOperation: CfLastOperation | undefined;
}

/** Which keys are read: those of some instances, or those of some plans in every space that the person may see. */
export type CfKeyFilter =
  { readonly instanceGuids: readonly string[] } | { readonly planGuids: readonly string[] };

/** What a new key is to be. */
export interface NewServiceKey {
  readonly name: string;
  readonly instanceGuid: string;
  readonly parameters: JsonObject;
}

/** So many guids of 36 characters keep an address below the 8 KB that gateways take. */
const guidsPerRequest = 100;

/** The keys that the person may see; many instances take several requests. */
export async function listServiceKeys(
  api: CfApi,
  filter: CfKeyFilter,
  options: { readonly signal: AbortSignal; readonly onPage?: (read: number, total: number) => void },
): Promise<CfList<CfServiceKey>> {
  const { signal, onPage } = options;
  if ('planGuids' in filter) {
    const filters = { type: 'key', service_plan_guids: filter.planGuids };
    return await api.list('/v3/service_credential_bindings', filters, { parse: parseKey, signal, onPage });
  }
  const resources: CfServiceKey[] = [];
  let total = 0;
  let isComplete = true;
  for (let start = 0; start < filter.instanceGuids.length; start += guidsPerRequest) {
    const guids = filter.instanceGuids.slice(start, start + guidsPerRequest);
    const before = resources.length;
    const list = await api.list(
      '/v3/service_credential_bindings',
      { type: 'key', service_instance_guids: guids },
      { parse: parseKey, signal, onPage: (read, more) => onPage?.(before + read, total + more) },
    );
    resources.push(...list.resources);
    total += list.total;
    isComplete &&= list.isComplete;
  }
  return { resources, total, isComplete, included: {} };
}

/** The key of exactly this name at an instance; `undefined` where the name is free. */
export async function findServiceKey(
  api: CfApi,
  place: { readonly name: string; readonly instanceGuid: string },
  signal: AbortSignal,
): Promise<CfServiceKey | undefined> {
  const list = await api.list(
    '/v3/service_credential_bindings',
    { type: 'key', names: place.name, service_instance_guids: place.instanceGuid },
    { parse: parseKey, signal },
  );
  return list.resources.find(({ name }) => name === place.name);
}

/** One key; `undefined` where there is none, or the person may not see it. */
export async function readServiceKey(
  api: CfApi,
  guid: string,
  signal: AbortSignal,
): Promise<CfServiceKey | undefined> {
  const row = await api.read(`/v3/service_credential_bindings/${segment(guid)}`, { what: 'list' }, signal);
  return row === undefined ? undefined : parseKey(row);
}

/**
 * What a key holds, its secrets included: the caller keeps the public fields and drops the rest in the same call.
 * `undefined` where there is no such key; throws `forbidden` where the person lacks the role.
 */
export async function readServiceKeyCredentials(
  api: CfApi,
  key: Pick<CfServiceKey, 'guid' | 'name'>,
  signal: AbortSignal,
): Promise<JsonObject | undefined> {
  const path = `/v3/service_credential_bindings/${segment(key.guid)}/details`;
  const details = await api.read(path, { what: 'readDetails', name: key.name }, signal);
  const credentials = details?.['credentials'];
  return details === undefined ? undefined : isObject(credentials) ? credentials : {};
}

/** The parameters of a key, which tell its type and pinning where the service gives them out. */
export async function readServiceKeyParameters(
  api: CfApi,
  guid: string,
  signal: AbortSignal,
): Promise<CfParameters> {
  const path = `/v3/service_credential_bindings/${segment(guid)}/parameters`;
  return await readParameters(api, path, { what: 'readParameters' }, signal);
}

/** Asks for a new key; returns where its job is watched. The caller has looked whether the name is free. */
export async function postServiceKey(
  api: CfApi,
  key: NewServiceKey,
  signal: AbortSignal,
): Promise<string | undefined> {
  const json = {
    type: 'key',
    name: key.name,
    relationships: { service_instance: { data: { guid: key.instanceGuid } } },
    parameters: key.parameters,
  };
  return jobUrlOf(
    await api.write(
      { method: 'POST', path: '/v3/service_credential_bindings', json },
      { what: 'createKey', name: key.name },
      signal,
    ),
  );
}

/** Asks for the end of a key; returns where its job is watched. */
export async function deleteServiceKeyRequest(
  api: CfApi,
  key: Pick<CfServiceKey, 'guid' | 'name'>,
  signal: AbortSignal,
): Promise<string | undefined> {
  return jobUrlOf(
    await api.write(
      { method: 'DELETE', path: `/v3/service_credential_bindings/${segment(key.guid)}` },
      { what: 'deleteKey', name: key.name },
      signal,
    ),
  );
}

function parseKey(row: JsonObject): CfServiceKey | undefined {
  const guid = textMember(row, 'guid');
  const name = textMember(row, 'name');
  const instanceGuid = relatedGuid(row, 'service_instance');
  // Keys of apps have another type; a filter that is not understood must not bring them in.
  if (guid === undefined || name === undefined || instanceGuid === undefined || row['type'] !== 'key') {
    return undefined;
  }
  return {
    guid,
    name,
    instanceGuid,
    createdAt: dateOf(row, 'created_at'),
    lastOperation: lastOperationOf(row),
  };
}

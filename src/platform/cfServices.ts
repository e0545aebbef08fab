import { isObject, textMember, type JsonObject } from '../http/checked.js';
import { relatedGuid, type CfApi } from './cfApi.js';

/** A service of the marketplace. */
export interface CfServiceOffering {
  readonly guid: string;
  readonly name: string;
  /** Whether the parameters of its instances can be read; undefined where Cloud Foundry does not say. */
  readonly instancesRetrievable: boolean | undefined;
  /** Whether the parameters of its keys can be read. */
  readonly bindingsRetrievable: boolean | undefined;
}

/** JSON schemas of what a plan takes as parameters; undefined where the service names none. */
export interface CfPlanSchemas {
  readonly createInstance: JsonObject | undefined;
  readonly updateInstance: JsonObject | undefined;
  readonly createKey: JsonObject | undefined;
}

/** A plan of a service with its offering. */
export interface CfServicePlan {
  readonly guid: string;
  readonly name: string;
  readonly offering: CfServiceOffering;
  readonly available: boolean;
  readonly schemas: CfPlanSchemas;
}

/** The plans of an offering by its name, which may be used in a space; without a space, all that the person may see. */
export async function listServicePlans(
  api: CfApi,
  filter: {
    readonly offeringName: string;
    readonly planNames?: readonly string[];
    readonly spaceGuid?: string;
  },
  signal: AbortSignal,
): Promise<readonly CfServicePlan[]> {
  const list = await api.list(
    '/v3/service_plans',
    {
      service_offering_names: filter.offeringName,
      names: filter.planNames,
      space_guids: filter.spaceGuid,
      include: 'service_offering',
    },
    { parse: parsePlan, signal },
  );
  const offerings = new Map(
    (list.included['service_offerings'] ?? []).flatMap((row) => {
      const offering = parseOffering(row);
      return offering === undefined ? [] : [[offering.guid, offering] as const];
    }),
  );
  return list.resources.flatMap(({ offeringGuid, ...plan }) => {
    const offering = offerings.get(offeringGuid);
    return offering === undefined ? [] : [{ ...plan, offering }];
  });
}

function parsePlan(
  row: JsonObject,
): (Omit<CfServicePlan, 'offering'> & { offeringGuid: string }) | undefined {
  const guid = textMember(row, 'guid');
  const name = textMember(row, 'name');
  const offeringGuid = relatedGuid(row, 'service_offering');
  if (guid === undefined || name === undefined || offeringGuid === undefined) {
    return undefined;
  }
  return {
    guid,
    name,
    offeringGuid,
    available: row['available'] !== false,
    schemas: {
      createInstance: schemaOf(row, 'service_instance', 'create'),
      updateInstance: schemaOf(row, 'service_instance', 'update'),
      createKey: schemaOf(row, 'service_binding', 'create'),
    },
  };
}

function schemaOf(row: JsonObject, resource: string, action: string): JsonObject | undefined {
  let value: unknown = row;
  for (const name of ['schemas', resource, action, 'parameters']) {
    value = isObject(value) ? value[name] : undefined;
  }
  return isObject(value) ? value : undefined;
}

function parseOffering(row: JsonObject): CfServiceOffering | undefined {
  const guid = textMember(row, 'guid');
  const name = textMember(row, 'name');
  const catalog = isObject(row['broker_catalog']) ? row['broker_catalog'] : {};
  const features = isObject(catalog['features']) ? catalog['features'] : {};
  const flag = (feature: string): boolean | undefined => {
    const value = features[feature];
    return typeof value === 'boolean' ? value : undefined;
  };
  return guid === undefined || name === undefined
    ? undefined
    : {
        guid,
        name,
        instancesRetrievable: flag('instances_retrievable'),
        bindingsRetrievable: flag('bindings_retrievable'),
      };
}

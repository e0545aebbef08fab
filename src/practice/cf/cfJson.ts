import { instanceSchema, keySchema, offeringGuid, type plans } from './cfCatalog.js';
import type { JsonObject } from './cfValues.js';
import type {
  CfContent,
  PracticeInstance,
  PracticeJob,
  PracticeKey,
  PracticeLastOperation,
} from './cfContent.js';

const epoch = Date.UTC(2023, 0, 9, 8);
const metadata = { labels: {}, annotations: {} };

/** Writes resources as Cloud Foundry's API documentation shows them; `origin` begins every link. */
export class CfJson {
  constructor(
    private readonly origin: () => string,
    private readonly parametersRetrievable: () => boolean,
  ) {}

  organization({ guid, name }: CfContent['organizations'][number]): JsonObject {
    return { ...this.base('organizations', guid, epoch), name, suspended: false, relationships: {} };
  }

  space({ guid, name, organizationGuid }: CfContent['spaces'][number]): JsonObject {
    return {
      ...this.base('spaces', guid, epoch),
      name,
      relationships: { organization: related(organizationGuid), quota: { data: null } },
    };
  }

  offering(): JsonObject {
    const retrievable = this.parametersRetrievable();
    return {
      ...this.base('service_offerings', offeringGuid, epoch),
      name: 'it-rt',
      description: 'Process Integration Runtime (practice)',
      available: true,
      tags: [],
      requires: [],
      shareable: false,
      broker_catalog: {
        id: offeringGuid,
        metadata: { displayName: 'Process Integration Runtime' },
        features: {
          plan_updateable: false,
          bindable: true,
          instances_retrievable: retrievable,
          bindings_retrievable: retrievable,
          allow_context_updates: false,
        },
      },
      relationships: { service_broker: { data: { guid: offeringGuid, name: 'practice-broker' } } },
    };
  }

  plan({ guid, name }: (typeof plans)[number]): JsonObject {
    return {
      ...this.base('service_plans', guid, epoch),
      name,
      visibility_type: 'organization',
      available: true,
      free: true,
      costs: [],
      description: name,
      maintenance_info: {},
      broker_catalog: { id: guid, metadata: {}, features: { plan_updateable: false, bindable: true } },
      schemas: {
        service_instance: { create: { parameters: instanceSchema }, update: { parameters: instanceSchema } },
        service_binding: { create: { parameters: keySchema(name) } },
      },
      relationships: { service_offering: related(offeringGuid) },
    };
  }

  instance(row: PracticeInstance): JsonObject {
    return {
      ...this.base('service_instances', row.guid, row.createdAt, row.updatedAt),
      name: row.name,
      type: 'managed',
      tags: [],
      last_operation: lastOperation(row.lastOperation),
      maintenance_info: {},
      upgrade_available: false,
      dashboard_url: null,
      relationships: { space: related(row.spaceGuid), service_plan: related(row.planGuid) },
    };
  }

  key(row: PracticeKey): JsonObject {
    return {
      ...this.base('service_credential_bindings', row.guid, row.createdAt, row.updatedAt),
      name: row.name,
      type: 'key',
      last_operation: lastOperation(row.lastOperation),
      relationships: { service_instance: related(row.instanceGuid) },
    };
  }

  job(job: PracticeJob, now: number): JsonObject {
    const isKey = job.operation.startsWith('service_keys');
    const name = isKey ? 'service_credential_binding' : 'service_instances';
    const path = isKey ? 'service_credential_bindings' : 'service_instances';
    const { links } = this.base('jobs', job.guid, job.createdAt, now);
    return {
      guid: job.guid,
      created_at: time(job.createdAt),
      updated_at: time(now),
      operation: job.operation,
      state: job.state,
      errors: job.error === undefined ? [] : [job.error],
      warnings: [],
      links: { ...links, [name]: { href: `${this.origin()}/v3/${path}/${job.targetGuid}` } },
    };
  }

  private base(kind: string, guid: string, createdAt: number, updatedAt = createdAt) {
    return {
      guid,
      created_at: time(createdAt),
      updated_at: time(updatedAt),
      metadata,
      links: { self: { href: `${this.origin()}/v3/${kind}/${guid}` } },
    };
  }
}

function lastOperation({ type, state, description, createdAt, updatedAt }: PracticeLastOperation) {
  return { type, state, description, created_at: time(createdAt), updated_at: time(updatedAt) };
}

function related(guid: string) {
  return { data: { guid } };
}

/** Cloud Foundry writes whole seconds. */
function time(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
}

import type { CfEndpoint } from '../platform/cfEndpoint.js';
import type { CfUser } from '../platform/cfTokens.js';
import { parseCfTask, type CfTask } from '../platform/cfTasks.js';

/** Where the tokens of a tenant's Cloud Foundry lie in the vault: this and the tenant's id. */
export const cloudFoundrySecretPrefix = 'ciKeystore.cloudFoundry.';

/** Stands for a tenant that is to be connected; see `CloudFoundry.moveTo`. */
export const newTenantId = 'new';

/** An organization or space by which a tenant's Cloud Foundry is used. */
export interface CfNamed {
  readonly guid: string;
  readonly name: string;
}

/** Where a tenant's service instances are. */
export interface CfPlace {
  readonly organization: CfNamed;
  readonly space: CfNamed;
}

/** What is kept of a tenant's Cloud Foundry in global state; holds nothing secret. */
export interface CloudFoundryRecord {
  readonly endpoint: CfEndpoint;
  /** Who signed in last; undefined after signing out. */
  readonly user: CfUser | undefined;
  /** True where Cloud Foundry no longer took the session. */
  readonly isExpired: boolean;
  readonly place: CfPlace | undefined;
  /** Changes that Cloud Foundry has taken on and whose end nobody has seen. */
  readonly tasks: readonly CfTask[];
}

/** Reads what global state holds, by tenant id; a row that is no record is left out rather than trusted. */
export function parseCloudFoundryRecords(stored: unknown): ReadonlyMap<string, CloudFoundryRecord> {
  const records = new Map<string, CloudFoundryRecord>();
  for (const [tenantId, row] of Object.entries(isRecord(stored) ? stored : {})) {
    const endpoint = isRecord(row) ? parseEndpoint(row.endpoint) : undefined;
    if (isRecord(row) && endpoint !== undefined) {
      records.set(tenantId, {
        endpoint,
        user: parseUser(row.user),
        isExpired: row.isExpired === true,
        place: parsePlace(row.place),
        tasks: Array.isArray(row.tasks) ? row.tasks.flatMap((task) => parseCfTask(task) ?? []) : [],
      });
    }
  }
  return records;
}

/** Its form only: before it is called, `openCloudFoundryAccess` checks that it may be. */
function parseEndpoint(json: unknown): CfEndpoint | undefined {
  return isRecord(json) &&
    typeof json.apiUrl === 'string' &&
    typeof json.loginUrl === 'string' &&
    typeof json.uaaUrl === 'string'
    ? { apiUrl: json.apiUrl, loginUrl: json.loginUrl, uaaUrl: json.uaaUrl }
    : undefined;
}

function parseUser(json: unknown): CfUser | undefined {
  return isRecord(json) && typeof json.name === 'string'
    ? { name: json.name, origin: typeof json.origin === 'string' ? json.origin : undefined }
    : undefined;
}

function parsePlace(json: unknown): CfPlace | undefined {
  const organization = isRecord(json) ? parseNamed(json.organization) : undefined;
  const space = isRecord(json) ? parseNamed(json.space) : undefined;
  return organization === undefined || space === undefined ? undefined : { organization, space };
}

function parseNamed(json: unknown): CfNamed | undefined {
  return isRecord(json) && typeof json.guid === 'string' && typeof json.name === 'string'
    ? { guid: json.guid, name: json.name }
    : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { isArray, isObject, type JsonObject } from './cfValues.js';

/** A space with the role that the practice person has in it. */
export interface PracticeSpace {
  readonly guid: string;
  readonly name: string;
  readonly organizationGuid: string;
  readonly role: 'developer' | 'auditor';
}

/** What was last done to a resource; times in milliseconds since the epoch. */
export interface PracticeLastOperation {
  readonly type: 'create' | 'update' | 'delete';
  readonly state: 'in progress' | 'succeeded' | 'failed';
  readonly description: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A managed service instance. */
export interface PracticeInstance {
  readonly guid: string;
  readonly name: string;
  readonly spaceGuid: string;
  readonly planGuid: string;
  readonly createdAt: number;
  updatedAt: number;
  parameters: JsonObject;
  lastOperation: PracticeLastOperation;
}

/** A service key with what it holds. */
export interface PracticeKey {
  readonly guid: string;
  readonly name: string;
  readonly instanceGuid: string;
  readonly createdAt: number;
  updatedAt: number;
  readonly parameters: JsonObject;
  credentials: JsonObject;
  lastOperation: PracticeLastOperation;
}

/** Work that a request has begun; it ends when its time has come, whoever looks. */
export interface PracticeJob {
  readonly guid: string;
  readonly operation: string;
  readonly targetGuid: string;
  readonly createdAt: number;
  /** When the service will have done it; undefined for never. */
  readonly due: number | undefined;
  /** What the service will say in place of doing it. */
  readonly failure: string | undefined;
  /** New parameters of an instance. */
  readonly parameters: JsonObject | undefined;
  state: 'PROCESSING' | 'POLLING' | 'COMPLETE' | 'FAILED';
  error: { readonly code: number; readonly title: string; readonly detail: string } | undefined;
}

/** Everything that the practice Cloud Foundry keeps over restarts. */
export interface CfContent {
  readonly version: 1;
  readonly organizations: readonly { readonly guid: string; readonly name: string }[];
  readonly spaces: readonly PracticeSpace[];
  instances: PracticeInstance[];
  keys: PracticeKey[];
  jobs: PracticeJob[];
}

/** Checks what the file held; undefined where it is of another form, and then the seed is made anew. */
export function parseCfContent(json: unknown): CfContent | undefined {
  const isList = (name: string): boolean => {
    const rows = isObject(json) ? json[name] : undefined;
    return isArray(rows) && rows.every((row) => isObject(row) && typeof row['guid'] === 'string');
  };
  return isContent(json, ['organizations', 'spaces', 'instances', 'keys', 'jobs'].every(isList))
    ? json
    : undefined;
}

function isContent(json: unknown, isWhole: boolean): json is CfContent {
  return isObject(json) && json['version'] === 1 && isWhole;
}

import type { CfApi } from './cfApi.js';
import { isUnderWay, operationMark, type CfLastOperation } from './cfResources.js';
import { findServiceInstance, readServiceInstance } from './cfServiceInstances.js';
import { findServiceKey, readServiceKey } from './cfServiceKeys.js';
import type { CfTask } from './cfTasks.js';

/** How far a change has come, told from the instance or key itself. */
export type CfTaskState =
  /** Nothing shows that the change was ever taken on. */
  | { readonly kind: 'notBegun' }
  | { readonly kind: 'underWay'; readonly state: string }
  | { readonly kind: 'failed'; readonly description: string | undefined; readonly remains: boolean }
  /** `guid` is that of the instance or key; undefined where it is deleted. */
  | { readonly kind: 'done'; readonly guid: string | undefined };

/** Reads the state of a change from what it changes; needs no job. */
export async function readTaskState(
  api: CfApi,
  task: Pick<CfTask, 'kind' | 'name' | 'guid' | 'before'>,
  signal: AbortSignal,
): Promise<CfTaskState> {
  const { name, guid } = task;
  switch (task.kind) {
    case 'createInstance':
      return created(await findServiceInstance(api, { name, spaceGuid: guid }, signal));
    case 'createKey':
      return created(await findServiceKey(api, { name, instanceGuid: guid }, signal));
    case 'deleteInstance':
      return changed(await readServiceInstance(api, guid, signal), 'delete', task);
    case 'deleteKey':
      return changed(await readServiceKey(api, guid, signal), 'delete', task);
    case 'updateInstance':
      return changed(await readServiceInstance(api, guid, signal), 'update', task);
  }
}

interface Resource {
  readonly guid: string;
  readonly lastOperation: CfLastOperation | undefined;
}

/** The name was free before, so what has it now is what was asked for. */
function created(resource: Resource | undefined): CfTaskState {
  if (resource === undefined) {
    return { kind: 'notBegun' };
  }
  const { lastOperation } = resource;
  if (lastOperation?.type === 'create' && isUnderWay(lastOperation)) {
    return { kind: 'underWay', state: lastOperation.state };
  }
  if (lastOperation?.type === 'create' && lastOperation.state === 'failed') {
    return { kind: 'failed', description: lastOperation.description, remains: true };
  }
  return { kind: 'done', guid: resource.guid };
}

function changed(
  resource: Resource | undefined,
  type: 'update' | 'delete',
  { before }: Pick<CfTask, 'before'>,
): CfTaskState {
  if (resource === undefined) {
    return type === 'delete'
      ? { kind: 'done', guid: undefined }
      : { kind: 'failed', description: undefined, remains: false };
  }
  const { lastOperation } = resource;
  if (lastOperation?.type !== type || operationMark(lastOperation) === before) {
    return { kind: 'notBegun' };
  }
  if (isUnderWay(lastOperation)) {
    return { kind: 'underWay', state: lastOperation.state };
  }
  if (lastOperation.state === 'failed') {
    return { kind: 'failed', description: lastOperation.description, remains: true };
  }
  return { kind: 'done', guid: resource.guid };
}

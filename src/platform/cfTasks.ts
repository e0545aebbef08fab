import { isObject, textMember, type JsonObject } from '../http/checked.js';
import type { CfServiceInstance, NewServiceInstance } from './cfServiceInstances.js';
import type { CfServiceKey, NewServiceKey } from './cfServiceKeys.js';

/** A change that is to be made. */
export type CfOrder =
  | { readonly kind: 'createInstance'; readonly instance: NewServiceInstance }
  | {
      readonly kind: 'updateInstance';
      readonly instance: Pick<CfServiceInstance, 'guid' | 'name'>;
      readonly parameters: JsonObject;
    }
  | { readonly kind: 'deleteInstance'; readonly instance: Pick<CfServiceInstance, 'guid' | 'name'> }
  | { readonly kind: 'createKey'; readonly key: NewServiceKey }
  | { readonly kind: 'deleteKey'; readonly key: Pick<CfServiceKey, 'guid' | 'name'> };

/**
 * A change that Cloud Foundry has taken on. It is plain data without secrets, so that the caller can keep it and find the
 * unfinished work again after a reload.
 */
export interface CfTask {
  readonly kind: CfOrder['kind'];
  /** Of the instance or the key. */
  readonly name: string;
  /** Guid of what is changed or deleted; of the space for a new instance, of the instance for a new key. */
  readonly guid: string;
  /** Undefined where the answer that named it was lost, or none was needed. */
  readonly jobUrl: string | undefined;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** The last operation before this one, as `operationMark` writes it: what follows it is this change. */
  readonly before: string | undefined;
  /** True where the answer was lost and only reading back told that the change had been taken on. */
  readonly answerLost: boolean;
}

/** Checks what global state held; `undefined` where it is no task. */
export function parseCfTask(json: unknown): CfTask | undefined {
  const kinds = ['createInstance', 'updateInstance', 'deleteInstance', 'createKey', 'deleteKey'] as const;
  const kind = isObject(json) ? kinds.find((one) => one === json['kind']) : undefined;
  const name = isObject(json) ? textMember(json, 'name') : undefined;
  const guid = isObject(json) ? textMember(json, 'guid') : undefined;
  if (!isObject(json) || kind === undefined || name === undefined || guid === undefined) {
    return undefined;
  }
  return {
    kind,
    name,
    guid,
    jobUrl: textMember(json, 'jobUrl'),
    startedAt: typeof json['startedAt'] === 'number' ? json['startedAt'] : 0,
    before: textMember(json, 'before'),
    answerLost: json['answerLost'] === true,
  };
}

import { isObject, textMember, type JsonObject } from '../http/checked.js';
import { KeystoreError } from '../errors.js';
import { outsideText } from '../http/outsideText.js';
import { dateOf, type CfApi } from './cfApi.js';
import type { CfOperation } from './cfErrorWords.js';

/** What was last done to an instance or a key, and how it went. */
export interface CfLastOperation {
  readonly type: 'create' | 'update' | 'delete' | 'unknown';
  readonly state: 'initial' | 'in progress' | 'succeeded' | 'failed' | 'unknown';
  /** One bounded line; from outside. */
  readonly description: string | undefined;
  readonly updatedAt: Date | undefined;
}

/** Parameters with which an instance or a key was created, or why they are not known. */
export type CfParameters =
  | { readonly kind: 'known'; readonly parameters: JsonObject }
  /** The service does not give them out. */
  | { readonly kind: 'notRetrievable' }
  /** The person lacks the role. */
  | { readonly kind: 'forbidden' }
  /** There is nothing of this guid. */
  | { readonly kind: 'gone' };

/** Reads `last_operation`; a key that was never operated on has none. */
export function lastOperationOf(row: JsonObject): CfLastOperation | undefined {
  const operation = row['last_operation'];
  if (!isObject(operation)) {
    return undefined;
  }
  return {
    type: oneOf(operation['type'], ['create', 'update', 'delete'] as const),
    state: oneOf(operation['state'], ['initial', 'in progress', 'succeeded', 'failed'] as const),
    description: outsideText(textMember(operation, 'description')),
    updatedAt: dateOf(operation, 'updated_at'),
  };
}

/** True while the server still works on it. */
export function isUnderWay(operation: CfLastOperation | undefined): boolean {
  return operation?.state === 'initial' || operation?.state === 'in progress';
}

/** Tells one operation from the next. */
export function operationMark(operation: CfLastOperation | undefined): string {
  return operation === undefined
    ? 'none'
    : `${operation.type} ${operation.state} ${operation.updatedAt?.getTime() ?? ''}`;
}

/** Reads the parameters at a path; that a service does not give them out is a value, not an error. */
export async function readParameters(
  api: CfApi,
  path: string,
  operation: Omit<CfOperation, 'kind'>,
  signal: AbortSignal,
): Promise<CfParameters> {
  try {
    const parameters = await api.read(path, operation, signal);
    return parameters === undefined ? { kind: 'gone' } : { kind: 'known', parameters };
  } catch (error) {
    if (KeystoreError.is(error, 'forbidden')) {
      return { kind: 'forbidden' };
    }
    // "This service does not support fetching service instance/binding parameters", with status 400 or 502.
    const { cfTitle, said } = KeystoreError.is(error) ? error.details : {};
    if (/ParametersNotSupported$/.test(String(cfTitle)) || /not support fetching/i.test(String(said))) {
      return { kind: 'notRetrievable' };
    }
    throw error;
  }
}

function oneOf<T extends string>(value: unknown, known: readonly T[]): T | 'unknown' {
  return known.find((one) => one === value) ?? 'unknown';
}

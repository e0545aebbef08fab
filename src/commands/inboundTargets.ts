import { isRecord, tenantIdOf } from './targetIds.js';

/** What a row of the Inbound Clients view hands to a command; a row has more, which no command looks at. */
export interface InboundTarget {
  readonly kind: 'serviceInstance' | 'serviceKey';
  readonly tenantId: string;
  readonly instanceGuid: string;
  /** Of a key only. */
  readonly keyGuid?: string;
}

/** A service key that a row stands for. */
export interface ServiceKeyTarget extends InboundTarget {
  readonly kind: 'serviceKey';
  readonly keyGuid: string;
}

/** Traits of `contextValue` by which menus tell rows of the view apart; matched with `\b`. */
export const inboundTraits = { instance: 'serviceInstance', key: 'serviceKey' } as const;

/** The service instance or key of a row, or the instance that a row of state below it speaks of; undefined for anything else, such as a call from the palette. */
export function inboundTargetOf(argument: unknown): InboundTarget | undefined {
  const tenantId = tenantIdOf(argument);
  if (!isRecord(argument) || tenantId === undefined || typeof argument.instanceGuid !== 'string') {
    return undefined;
  }
  const { kind, instanceGuid, keyGuid } = argument;
  if (kind === 'serviceInstance' || (kind === 'state' && keyGuid === undefined)) {
    return { kind: 'serviceInstance', tenantId, instanceGuid };
  }
  return kind === 'serviceKey' && typeof keyGuid === 'string'
    ? { kind, tenantId, instanceGuid, keyGuid }
    : undefined;
}

/** The key that a row stands for or belongs to, such as that of its certificate. */
export function keyOfRow(argument: unknown): { tenantId: string; keyGuid: string } | undefined {
  const tenantId = tenantIdOf(argument);
  return isRecord(argument) && tenantId !== undefined && typeof argument.keyGuid === 'string'
    ? { tenantId, keyGuid: argument.keyGuid }
    : undefined;
}

/** The service key of a row. */
export function serviceKeyTargetOf(argument: unknown): ServiceKeyTarget | undefined {
  const target = inboundTargetOf(argument);
  return target?.kind === 'serviceKey' && target.keyGuid !== undefined
    ? { ...target, kind: 'serviceKey', keyGuid: target.keyGuid }
    : undefined;
}

import { parseTenantAddress, type Stage, type TenantAddress } from '../tenant/tenantAddress.js';

/** A tenant that the person has added; holds nothing secret. */
export interface Connection {
  readonly id: string;
  readonly name: string;
  readonly stage: Stage | undefined;
  readonly address: TenantAddress;
  readonly practice: boolean;
}

/** Reads what global state holds; a row that is not a connection is left out rather than trusted. */
export function parseConnections(stored: unknown): readonly Connection[] {
  return Array.isArray(stored) ? stored.flatMap((row: unknown) => parseConnection(row) ?? []) : [];
}

function parseConnection(row: unknown): Connection | undefined {
  if (!isRecord(row) || typeof row.id !== 'string' || typeof row.name !== 'string') {
    return undefined;
  }
  const address = parseTenantAddress(row.address);
  if (address === undefined) {
    return undefined;
  }
  return {
    id: row.id,
    name: row.name,
    stage: row.stage === 'DEV' || row.stage === 'QA' || row.stage === 'PRD' ? row.stage : undefined,
    practice: row.practice === true,
    address,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

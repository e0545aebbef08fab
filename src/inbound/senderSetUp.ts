/** How the receiver side lets a sender in (the two ways of the mission). */
export type Way = 'mapping' | 'adapter';

/** One sender and what lets it in: what the person chose, never what is known from facts. */
export interface SenderSetUp {
  readonly id: string;
  readonly name: string;
  readonly tenantId: string;
  /** The keystore entry with the sender's certificate, where one is chosen. */
  readonly hexalias: string | undefined;
  readonly way: Way;
}

/** Reads what global state held; a row that is no set-up is left out. */
export function parseSetUps(stored: unknown): readonly SenderSetUp[] {
  return Array.isArray(stored) ? stored.flatMap((row: unknown) => parseSetUp(row) ?? []) : [];
}

function parseSetUp(row: unknown): SenderSetUp | undefined {
  if (typeof row !== 'object' || row === null) {
    return undefined;
  }
  const { id, name, tenantId, hexalias, way }: Record<string, unknown> = { ...row };
  if (typeof id !== 'string' || typeof name !== 'string' || typeof tenantId !== 'string') {
    return undefined;
  }
  return {
    id,
    name,
    tenantId,
    hexalias: typeof hexalias === 'string' ? hexalias : undefined,
    way: way === 'adapter' ? 'adapter' : 'mapping',
  };
}

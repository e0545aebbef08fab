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
  /** SHA-256 of the certificate when it was last seen; finds the entry again after a rename elsewhere. */
  readonly fingerprintSha256: string | undefined;
}

/** What global state holds, read. */
export interface StoredSetUps {
  readonly setUps: readonly SenderSetUp[];
  /** Rows that this version cannot read; kept, so that nothing of a later version is lost. */
  readonly unread: readonly unknown[];
}

/** Reads what global state held. */
export function parseSetUps(stored: unknown): StoredSetUps {
  const setUps: SenderSetUp[] = [];
  const unread: unknown[] = [];
  for (const row of Array.isArray(stored) ? (stored as readonly unknown[]) : []) {
    const setUp = parseSetUp(row);
    if (setUp === undefined) {
      unread.push(row);
    } else {
      setUps.push(setUp);
    }
  }
  return { setUps, unread };
}

function parseSetUp(row: unknown): SenderSetUp | undefined {
  if (typeof row !== 'object' || row === null) {
    return undefined;
  }
  const { id, name, tenantId, hexalias, way, fingerprintSha256 }: Record<string, unknown> = { ...row };
  if (
    typeof id !== 'string' ||
    typeof name !== 'string' ||
    typeof tenantId !== 'string' ||
    (way !== 'mapping' && way !== 'adapter')
  ) {
    return undefined;
  }
  return {
    id,
    name,
    tenantId,
    hexalias: typeof hexalias === 'string' ? hexalias : undefined,
    way,
    fingerprintSha256: typeof fingerprintSha256 === 'string' ? fingerprintSha256 : undefined,
  };
}

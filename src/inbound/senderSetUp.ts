/** How the receiver side lets a sender in (the two ways of the mission). */
export type Way = 'mapping' | 'adapter';

/** Where the sender's certificate is; the public part only. */
export type SenderCertificateRef =
  | {
      readonly kind: 'entry';
      /** The tenant whose keystore holds it; for Cloud Integration as the sender this is the calling tenant. */
      readonly tenantId: string;
      readonly hexalias: string;
      /** SHA-256 when it was last seen; finds the entry again after a rename elsewhere. */
      readonly fingerprintSha256: string | undefined;
    }
  | {
      readonly kind: 'file';
      /** Address of the file that it was read from. */
      readonly uri: string;
      /** The certificates that the file held, as PEM, the sender's own first; never a key. */
      readonly pem: string;
    };

/** The endpoint that the sender calls, as the person chose it. */
export interface ChosenEndpoint {
  /** Its address or path, as the tenant or the person wrote it. */
  readonly address: string;
  /** Name of the integration flow, where the tenant told it. */
  readonly flow: string | undefined;
}

/** One sender and what lets it in: what the person chose, never what is known from facts. */
export interface SenderSetUp {
  readonly id: string;
  readonly name: string;
  /** The receiving tenant: the one that is called. */
  readonly tenantId: string;
  /** Undefined where none is chosen yet. */
  readonly certificate: SenderCertificateRef | undefined;
  readonly way: Way;
  readonly endpoint: ChosenEndpoint | undefined;
  /** The role that the endpoint asks for where no fact tells another. */
  readonly userRole: string;
}

/** The role that SAP predefines for senders. */
export const defaultUserRole = 'ESBMessaging.send';

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
  const record = recordOf(row);
  const [id, name, tenantId, way] = [record?.id, record?.name, record?.tenantId, record?.way];
  if (
    record === undefined ||
    typeof id !== 'string' ||
    typeof name !== 'string' ||
    typeof tenantId !== 'string' ||
    (way !== 'mapping' && way !== 'adapter')
  ) {
    return undefined;
  }
  const { certificate, endpoint, userRole } = record;
  return {
    id,
    name,
    tenantId,
    way,
    // Rows of before named an entry of the same tenant.
    certificate: parseSenderCertificate(certificate ?? { ...record, kind: 'entry' }),
    endpoint: parseEndpoint(endpoint),
    userRole: typeof userRole === 'string' && userRole !== '' ? userRole : defaultUserRole,
  };
}

/** Checks what names the certificate of a sender. */
export function parseSenderCertificate(row: unknown): SenderCertificateRef | undefined {
  const { kind, tenantId, hexalias, fingerprintSha256, uri, pem } = recordOf(row) ?? {};
  if (kind === 'entry' && typeof tenantId === 'string' && typeof hexalias === 'string') {
    return { kind, tenantId, hexalias, fingerprintSha256: textOr(fingerprintSha256) };
  }
  return kind === 'file' && typeof uri === 'string' && typeof pem === 'string'
    ? { kind, uri, pem }
    : undefined;
}

function parseEndpoint(row: unknown): ChosenEndpoint | undefined {
  const { address, flow } = recordOf(row) ?? {};
  return typeof address === 'string' ? { address, flow: textOr(flow) } : undefined;
}

function textOr(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? { ...value } : undefined;
}

/** An entry of the practice keystore, as it is kept on disk. */
export interface PracticeEntry {
  readonly alias: string;
  readonly type: 'Key Pair' | 'Certificate';
  readonly owner: 'SAP' | 'Tenant Administrator';
  /** Private key of a pair, PKCS#8 PEM; made here for practice. */
  readonly key: string | undefined;
  /** Certificates in base64, leaf first. */
  readonly chain: readonly string[];
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly modified: number;
}

/** Checks what a file held. */
export function isPracticeEntry(value: unknown): value is PracticeEntry {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  const chain: unknown = Reflect.get(value, 'chain');
  const type: unknown = Reflect.get(value, 'type');
  return (
    typeof Reflect.get(value, 'alias') === 'string' &&
    (type === 'Key Pair' || type === 'Certificate') &&
    Array.isArray(chain) &&
    chain.length > 0 &&
    chain.every((part) => typeof part === 'string')
  );
}

/** The rule of the API's description: these aliases belong to SAP. */
export function isReserved(alias: string): boolean {
  return (
    alias.startsWith('sap_') || ['hcicertificate', 'hcicertificate1', 'hcimsgcertificate'].includes(alias)
  );
}

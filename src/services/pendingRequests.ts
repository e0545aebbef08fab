import type { Memento } from 'vscode';

/** Where the private key of a pending request lies, and in which form. */
export type KeyFileForm = 'pkcs8' | 'pkcs12';

/** A signing request that was made here and waits for its response: its public part, and the place of its key. */
export interface PendingRequest {
  /** SHA-256 of the `SubjectPublicKeyInfo`, lower-case hex; by it a response finds its key. */
  readonly spkiSha256: string;
  /** For people. */
  readonly subject: string;
  /** `RSA:4096`. */
  readonly keyType: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** A path of this machine. */
  readonly keyPath: string;
  readonly keyForm: KeyFileForm;
  /** The request, DER in base64. */
  readonly request: string;
}

const key = 'pendingSigningRequests';

/** The pending requests, kept over restarts; nothing in them is secret. */
export class PendingRequests {
  constructor(private readonly state: Memento) {}

  /** The newest first; what is not as this version writes it is left out. */
  list(): readonly PendingRequest[] {
    const stored: unknown = this.state.get(key);
    return (Array.isArray(stored) ? stored : [])
      .filter((item: unknown) => isPendingRequest(item))
      .sort((a, b) => b.createdAt - a.createdAt);
  }

  /** The one whose key belongs to one of these public keys. */
  find(spkiSha256: ReadonlySet<string>): PendingRequest | undefined {
    return this.list().find((request) => spkiSha256.has(request.spkiSha256));
  }

  async add(request: PendingRequest): Promise<void> {
    await this.store([request, ...this.without(request.spkiSha256)]);
  }

  async remove(spkiSha256: string): Promise<void> {
    await this.store(this.without(spkiSha256));
  }

  private without(spkiSha256: string): readonly PendingRequest[] {
    return this.list().filter((request) => request.spkiSha256 !== spkiSha256);
  }

  private async store(requests: readonly PendingRequest[]): Promise<void> {
    await this.state.update(key, requests.length === 0 ? undefined : requests);
  }
}

function isPendingRequest(value: unknown): value is PendingRequest {
  const has = (member: keyof PendingRequest, type: 'string' | 'number'): boolean =>
    typeof value === 'object' && value !== null && typeof Reflect.get(value, member) === type;
  return (
    has('spkiSha256', 'string') &&
    has('subject', 'string') &&
    has('keyType', 'string') &&
    has('createdAt', 'number') &&
    has('keyPath', 'string') &&
    has('request', 'string') &&
    ['pkcs8', 'pkcs12'].includes(String(Reflect.get(Object(value), 'keyForm')))
  );
}

import type { CfLastOperation } from '../platform/cfResources.js';
import type { KeyContent } from './keyContent.js';
import type { InstanceGrants } from './serviceInstanceParameters.js';
import type { Pinning } from './serviceKeyParameters.js';

/** What is known of a key's content: its certificate comes with its secrets only, so it is read on request, once. */
export type KeyReading =
  | { readonly kind: 'notRead' }
  | { readonly kind: 'read'; readonly content: KeyContent }
  | { readonly kind: 'notReadable'; readonly reason: string };

/** A service key: who may call. */
export interface InboundKey {
  readonly guid: string;
  readonly name: string;
  readonly instanceGuid: string;
  readonly createdAt: Date | undefined;
  readonly lastOperation: CfLastOperation | undefined;
  readonly reading: KeyReading;
  /** Means something for external certificates only. */
  readonly pinning: Pinning;
}

/** A service instance: what the callers of its keys may do. */
export interface InboundInstance {
  readonly guid: string;
  readonly name: string;
  readonly spaceGuid: string;
  readonly spaceName: string | undefined;
  /** Undefined where it was not told. */
  readonly organizationGuid?: string | undefined;
  /** Name of the service plan. */
  readonly plan: string;
  readonly grants: InstanceGrants;
  readonly lastOperation: CfLastOperation | undefined;
  readonly keys: readonly InboundKey[];
}

/** A key with its instance. */
export interface PlacedKey {
  readonly instance: InboundInstance;
  readonly key: InboundKey;
}

/** Every key with its instance, in order. */
export function placedKeys(instances: readonly InboundInstance[]): readonly PlacedKey[] {
  return instances.flatMap((instance) => instance.keys.map((key) => ({ instance, key })));
}

/** The keys that hold a certificate, by its SHA-256 as `fingerprintKey` writes it: the link from an entry or a file. */
export function keysByCertificate(
  instances: readonly InboundInstance[],
): ReadonlyMap<string, readonly PlacedKey[]> {
  const found = new Map<string, PlacedKey[]>();
  for (const placed of placedKeys(instances)) {
    const fingerprint = certificateOf(placed.key);
    if (fingerprint !== undefined) {
      const same = found.get(fingerprint);
      if (same === undefined) {
        found.set(fingerprint, [placed]);
      } else {
        same.push(placed);
      }
    }
  }
  return found;
}

/** SHA-256 of a key's certificate as `fingerprintKey` writes it; undefined where none is known. */
export function certificateOf({ reading }: InboundKey): string | undefined {
  return reading.kind === 'read' ? reading.content.certificates[0]?.sha256 : undefined;
}

/** A fingerprint in the form in which they are compared: lower-case hex without colons. */
export function fingerprintKey(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toLowerCase();
}

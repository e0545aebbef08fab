import type { Certificate } from '../pki/certificate.js';
import type { Judgement } from './certificateChecks.js';
import type { InboundInstance, PlacedKey } from './inboundClients.js';

/** What speaks against a new key. */
export type ConflictId =
  | 'name'
  | 'nameTaken'
  | 'plan'
  | 'operationInProgress'
  | 'deprecatedGrantType'
  | 'noClientCredentials'
  | 'missingRole'
  | 'expired'
  | 'notYetValid'
  | 'expiring'
  | 'authority'
  | 'notAccepted'
  | 'sameCertificate'
  | 'pinnedBesideUnpinned'
  | 'unpinnedPair';

/** One thing that speaks against a new key, or that cannot be told. */
export interface Conflict {
  readonly id: ConflictId;
  /** `refused`: it cannot be created at all; `problem`: calls would fail; `cannotTell`: a fact is missing. */
  readonly level: 'refused' | 'problem' | 'warning' | 'cannotTell';
  /** What would happen. */
  readonly consequence: string;
  /** What to do instead; empty where nothing can be done but to know it. */
  readonly advice: string;
  /** Guids of keys that take part. */
  readonly keys: readonly string[];
}

/** The key that is to be created, or that is to take another certificate. */
export interface PlannedKey {
  readonly name: string;
  readonly type: 'externalCertificate' | 'certificateBySap' | 'clientSecret';
  /** The sender's own certificate, for the type that takes one. */
  readonly leaf?: Certificate | undefined;
  /** Whether it is to be pinned; undefined leaves it to SAP's default, which is to pin. */
  readonly pin?: boolean | undefined;
  /** True where none is created: an unpinned key that is there takes the certificate by its names. */
  readonly isThere?: boolean | undefined;
  /** The role that the sender's channel asks for, where it is known. */
  readonly role?: string | undefined;
}

export interface PlanFacts {
  readonly instance: InboundInstance;
  /** Everything that is known, the instance among it. */
  readonly instances: readonly InboundInstance[];
  /** True where every space that the person may see was read. */
  readonly isEverySpace: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly warningDays: number;
  /** Whether the load balancer will accept the certificate for this purpose, where it was judged. */
  readonly acceptance?: Judgement | undefined;
}

/** One conflict, the keys given as they are or by guid. */
export function conflict(
  id: ConflictId,
  level: Conflict['level'],
  consequence: string,
  advice: string,
  keys: readonly (PlacedKey | string)[] = [],
): Conflict {
  return {
    id,
    level,
    consequence,
    advice,
    keys: keys.map((one) => (typeof one === 'string' ? one : one.key.guid)),
  };
}

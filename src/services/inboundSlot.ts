import { Cancelled, KeystoreError } from '../errors.js';
import { certificateJudgement, judgeAcceptance } from '../inbound/acceptance.js';
import type { CertificateJudgement, InboundChecks } from '../inbound/inboundChecks.js';
import type { InboundInstance } from '../inbound/inboundClients.js';
import type { TrustLists } from '../inbound/trustLists.js';
import type { Certificate } from '../pki/certificate.js';
import type { CfServicePlan } from '../platform/cfServices.js';
import type { InboundData, InboundFailure, InboundStatus } from './inboundState.js';
import { KeyIssuers } from './keyIssuers.js';
import type { KnownKey, KnownKeys } from './keyMemory.js';

/** What is held of one tenant, as one sign-in sees one scope of it. */
export interface Slot {
  status: InboundStatus;
  /** The sign-in, the space and the scope that it was read by; another one makes it void. */
  readonly origin: string;
  readonly lifetime: AbortController;
  refreshing: Promise<void> | undefined;
  plans: ReadonlyMap<string, CfServicePlan>;
  /** What this window has read of the keys; see `KeyMemory`. */
  readonly keys: KnownKeys;
  readonly reading: Map<string, Promise<void>>;
  readonly failedKeys: Map<string, InboundFailure>;
  lists: TrustLists | undefined;
  readonly issuers: KeyIssuers;
  readonly judgements: Map<string, CertificateJudgement>;
  checked:
    | {
        readonly data: InboundData;
        readonly day: number;
        readonly warningDays: number;
        /** As global state holds them. */
        readonly setUps: unknown;
        readonly checks: InboundChecks;
      }
    | undefined;
}

/** A slot of which nothing was read yet. */
export function emptySlot(origin: string, keys: KnownKeys): Slot {
  return {
    status: { kind: 'notLoaded' },
    origin,
    lifetime: new AbortController(),
    refreshing: undefined,
    plans: new Map(),
    keys,
    reading: new Map(),
    failedKeys: new Map(),
    lists: undefined,
    issuers: new KeyIssuers(),
    judgements: new Map(),
    checked: undefined,
  };
}

/** Keeps what a key holds; what could not be read is asked for again. */
export function keep(slot: Slot, keyGuid: string, known: KnownKey): void {
  if (known.reading.kind === 'read') {
    slot.keys.set(keyGuid, known);
  }
}

/** So many requests it took to read a key. */
export function requestsOf({ reading }: KnownKey): number {
  return reading.kind === 'read' && reading.content.type === 'externalCertificate' ? 2 : 1;
}

/** A status with other data. */
export function withData(status: InboundStatus, data: InboundData): InboundStatus {
  switch (status.kind) {
    case 'loaded':
      return { ...status, data };
    case 'loading':
    case 'failed':
      return { ...status, previous: data };
    case 'notLoaded':
    case 'signedOut':
    case 'noSpace':
      return status;
  }
}

/** Data with what is known of its keys. */
export function withKnown(data: InboundData, known: ReadonlyMap<string, KnownKey>): InboundData {
  return known.size === 0
    ? data
    : {
        ...data,
        instances: data.instances.map((instance): InboundInstance => ({
          ...instance,
          keys: instance.keys.map((key) => ({ ...key, ...known.get(key.guid) })),
        })),
      };
}

/** Judges each certificate once; undefined where no list is at hand. */
export function judgeOf(
  { lists, issuers, judgements }: Slot,
  now: number,
): ((chain: readonly Certificate[]) => CertificateJudgement) | undefined {
  if (lists === undefined) {
    return undefined;
  }
  return (chain) => {
    const sha256 = chain[0]?.sha256 ?? '';
    const known = judgements.get(sha256);
    if (known !== undefined) {
      return known;
    }
    const judgement = certificateJudgement(
      judgeAcceptance({ chain, extra: issuers.certificates, purpose: 'integrationFlow', lists, now }),
    );
    judgements.set(sha256, judgement);
    return judgement;
  };
}

/** Undefined for what was given up because nobody waits for it. */
export function failureOf(error: unknown): InboundFailure | undefined {
  if (error instanceof Cancelled) {
    return undefined;
  }
  if (!KeystoreError.is(error)) {
    return { code: 'bad-answer', explanation: undefined };
  }
  const { explanation } = error.details;
  return { code: error.code, explanation: typeof explanation === 'string' ? explanation : undefined };
}

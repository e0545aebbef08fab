import type { ErrorCode } from '../../errors.js';
import type { Check, InstanceCheckId, KeyCheckId } from '../../inbound/checkAnswers.js';
import type { InboundInstance, InboundKey } from '../../inbound/inboundClients.js';
import type { Certificate } from '../../pki/certificate.js';
import type { InboundTenant } from '../../services/inboundState.js';

/** What a row of Inbound Clients says that stands for nothing of Cloud Foundry; each but `loading` has a next step. */
export type InboundStateName =
  | 'loading'
  | 'signedOut'
  | 'expired'
  | 'noSpace'
  | 'empty'
  /** In every space that the person may see. */
  | 'emptyEverywhere'
  | 'noKeys'
  | 'truncated'
  | 'notReadable'
  | 'offline'
  | 'busy'
  | 'forbidden'
  | 'untrusted'
  | 'error';

export interface InboundTenantNode {
  readonly kind: 'tenant';
  readonly id: string;
  readonly tenantId: string;
  readonly tenant: InboundTenant;
  readonly isOnly: boolean;
}

export interface InstanceNode {
  readonly kind: 'serviceInstance';
  readonly id: string;
  readonly tenantId: string;
  readonly instanceGuid: string;
  readonly instance: InboundInstance;
  readonly checks: readonly Check<InstanceCheckId>[];
  /** True where instances of several spaces stand below each other. */
  readonly showsSpace: boolean;
  /** How many flags its keys raise. */
  readonly flaggedKeys: { readonly problems: number; readonly warnings: number };
}

export interface KeyNode {
  readonly kind: 'serviceKey';
  readonly id: string;
  readonly tenantId: string;
  readonly instanceGuid: string;
  readonly keyGuid: string;
  readonly key: InboundKey;
  /** True where a renewal that was begun replaces it. */
  readonly isBeingReplaced: boolean;
  readonly checks: readonly Check<KeyCheckId>[];
}

/** The certificate in a key. */
export interface KeyCertificateNode {
  readonly kind: 'keyCertificate';
  readonly id: string;
  readonly tenantId: string;
  readonly instanceGuid: string;
  readonly keyGuid: string;
  readonly certificate: Certificate;
}

/** A fact about a key or an instance: a flag, or several checks that lack the same fact. */
export interface FactNode {
  readonly kind: 'fact';
  readonly id: string;
  readonly tenantId: string;
  readonly instanceGuid: string;
  readonly keyGuid: string | undefined;
  readonly fact:
    | {
        readonly kind: 'flag';
        readonly check: KeyCheckId | InstanceCheckId;
        readonly level: 'problem' | 'warning' | 'note';
        readonly reason: string;
        /** Names of the other keys that take part, where they are not what it is about anyway. */
        readonly others: readonly string[];
      }
    | {
        readonly kind: 'cannotTell';
        readonly checks: readonly (KeyCheckId | InstanceCheckId | 'pinning')[];
        readonly reason: string;
      };
}

export interface InboundStateNode {
  readonly kind: 'state';
  readonly id: string;
  readonly tenantId: string;
  readonly instanceGuid: string | undefined;
  readonly keyGuid: string | undefined;
  readonly state: InboundStateName;
  readonly code: ErrorCode | undefined;
  /** What is wrong and what next, where the failure says so. */
  readonly explanation: string | undefined;
  /** What has been listed so far. */
  readonly soFar: { readonly instances: number; readonly keys: number } | undefined;
}

/** A row of the Inbound Clients view. */
export type InboundNode =
  InboundTenantNode | InstanceNode | KeyNode | KeyCertificateNode | FactNode | InboundStateNode;

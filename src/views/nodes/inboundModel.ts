import type { ErrorCode } from '../../errors.js';
import type { Check, InstanceCheckId, KeyCheckId, MappingCheckId } from '../../inbound/checkAnswers.js';
import type { InboundInstance, InboundKey } from '../../inbound/inboundClients.js';
import type { UserMapping } from '../../inbound/userMapping.js';
import type { Certificate } from '../../pki/certificate.js';
import type { InboundTenant } from '../../services/inboundState.js';
import type { MappedTenant } from '../../services/userMappingsState.js';

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
  | 'error'
  /** Of Neo. */
  | 'tenantSignedOut'
  | 'noMappings'
  | 'notOffered';

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

/** The certificate in a key, or of a mapping. */
export interface KeyCertificateNode extends Belonging {
  readonly kind: 'keyCertificate';
  readonly id: string;
  readonly tenantId: string;
  readonly certificate: Certificate;
}

/** A tenant of Neo, whose senders are mapped to users. */
export interface MappedTenantNode {
  readonly kind: 'mappedTenant';
  readonly id: string;
  readonly tenantId: string;
  readonly tenant: MappedTenant;
  readonly isOnly: boolean;
}

/** A certificate-to-user mapping. */
export interface MappingNode {
  readonly kind: 'userMapping';
  readonly id: string;
  readonly tenantId: string;
  readonly mappingId: string;
  readonly mapping: UserMapping;
  /** True where a renewal that was begun replaces it. */
  readonly isBeingReplaced: boolean;
  readonly checks: readonly Check<MappingCheckId>[];
}

/** The row that a row of a certificate, a fact or a state stands below: an instance, a key or a mapping; a tenant where all are undefined. */
export interface Belonging {
  readonly instanceGuid: string | undefined;
  readonly keyGuid: string | undefined;
  readonly mappingId: string | undefined;
}

/** What a fact is about. */
export type InboundFactId = KeyCheckId | InstanceCheckId | MappingCheckId | 'pinning' | 'role' | 'size';

/** A fact about a key, an instance or a mapping: a flag, or several checks that lack the same fact. */
export interface FactNode extends Belonging {
  readonly kind: 'fact';
  readonly id: string;
  readonly tenantId: string;
  readonly fact:
    | {
        readonly kind: 'flag';
        readonly check: InboundFactId;
        readonly level: 'problem' | 'warning' | 'note';
        readonly reason: string;
        /** Names of the other keys that take part, where they are not what it is about anyway. */
        readonly others: readonly string[];
      }
    | {
        readonly kind: 'cannotTell';
        readonly checks: readonly InboundFactId[];
        readonly reason: string;
      };
}

export interface InboundStateNode extends Belonging {
  readonly kind: 'state';
  readonly id: string;
  readonly tenantId: string;
  /** What is asked there. */
  readonly asked: 'cloudFoundry' | 'neo';
  readonly state: InboundStateName;
  readonly code: ErrorCode | undefined;
  /** What is wrong and what next, where the failure says so. */
  readonly explanation: string | undefined;
  /** What has been listed so far. */
  readonly soFar: { readonly instances: number; readonly keys: number } | undefined;
}

/** A row of the Inbound Clients view. */
export type InboundNode =
  | InboundTenantNode
  | InstanceNode
  | KeyNode
  | KeyCertificateNode
  | MappedTenantNode
  | MappingNode
  | FactNode
  | InboundStateNode;

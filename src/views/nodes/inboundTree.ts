import { flags, type Check, type InstanceCheckId, type KeyCheckId } from '../../inbound/checkAnswers.js';
import type { InboundInstance, InboundKey } from '../../inbound/inboundClients.js';
import {
  inboundData,
  type InboundData,
  type InboundFailure,
  type InboundPlace,
  type InboundTenant,
} from '../../services/inboundState.js';
import { inboundFailureState } from './inboundFailure.js';
import { checkFacts } from './inboundFacts.js';
import type { MappingTree } from './mappingTree.js';
import type {
  Belonging,
  FactNode,
  InboundNode,
  InboundStateName,
  InboundStateNode,
  InboundTenantNode,
  InstanceNode,
  KeyNode,
  MappedTenantNode,
} from './inboundModel.js';

/** What the tree is made of, and what it asks for. */
export interface InboundTreeSource {
  tenants(): readonly InboundTenant[];
  tenant(tenantId: string): InboundTenant | undefined;
  load(tenantId: string): void;
  /** Reads what a key holds; the state tells the rest. */
  readKey(tenantId: string, keyGuid: string): void;
  /** Reads the roles of an instance that the list left out. */
  readGrantsOf(tenantId: string, instanceGuid: string): void;
}

/** The rows of the Inbound Clients view, made from what is known whenever they are asked for. */
export class InboundTree {
  private readonly names = new WeakMap<InboundData, ReadonlyMap<string, string>>();

  constructor(
    private readonly source: InboundTreeSource,
    private readonly mappings: MappingTree,
  ) {}

  roots(): readonly (InboundTenantNode | MappedTenantNode)[] {
    const tenants = this.source.tenants();
    const mapped = this.mappings.roots(tenants.length === 0);
    const isOnly = tenants.length + mapped.length === 1;
    return [
      ...tenants.map((tenant) => tenantNode(tenant, isOnly)),
      ...mapped.map((node) => ({ ...node, isOnly })),
    ];
  }

  /** The rows below a row; expanding a key asks for what it holds. */
  children(node: InboundNode): readonly InboundNode[] {
    if (node.kind === 'mappedTenant' || node.kind === 'userMapping') {
      return this.mappings.children(node);
    }
    const tenant = this.source.tenant(node.tenantId);
    if (tenant === undefined) {
      return [];
    }
    switch (node.kind) {
      case 'tenant':
        return this.belowTenant(tenant);
      case 'serviceInstance': {
        const instance = instanceOf(tenant, node.instanceGuid);
        return instance === undefined ? [] : this.belowInstance(tenant, instance);
      }
      case 'serviceKey': {
        const key = keyOf(tenant, node.instanceGuid, node.keyGuid);
        return key === undefined ? [] : this.belowKey(tenant, key);
      }
      case 'keyCertificate':
      case 'fact':
      case 'state':
        return [];
    }
  }

  /** The row above a row; undefined for a tenant, and for what is no longer there. */
  parent(node: InboundNode): InboundNode | undefined {
    switch (node.kind) {
      case 'tenant':
      case 'mappedTenant':
        return undefined;
      case 'userMapping':
        return this.mappings.find(node.tenantId);
      case 'serviceInstance':
        return this.find(node.tenantId);
      case 'serviceKey':
        return this.find(node.tenantId, node.instanceGuid);
      case 'keyCertificate':
      case 'fact':
      case 'state':
        return this.findPlace(node);
    }
  }

  /** The row of a tenant, an instance or a key; undefined where there is none. */
  find(
    tenantId: string,
    instanceGuid?: string,
    keyGuid?: string,
  ): InboundTenantNode | InstanceNode | KeyNode | undefined {
    const tenant = this.source.tenant(tenantId);
    if (tenant === undefined) {
      return undefined;
    }
    if (instanceGuid === undefined) {
      return tenantNode(tenant, this.source.tenants().length === 1);
    }
    if (keyGuid === undefined) {
      const instance = instanceOf(tenant, instanceGuid);
      return instance === undefined ? undefined : instanceNode(tenant, instance);
    }
    const key = keyOf(tenant, instanceGuid, keyGuid);
    return key === undefined ? undefined : keyNode(tenant, key);
  }

  /** The row of a place; undefined where there is none. */
  findPlace({ tenantId, instanceGuid, keyGuid, mappingId }: InboundPlace): InboundNode | undefined {
    return this.find(tenantId, instanceGuid, keyGuid) ?? this.mappings.find(tenantId, mappingId);
  }

  /** The row with what is known now: VS Code keeps a row's object over a refresh of that row. */
  current(node: InboundNode): InboundNode {
    switch (node.kind) {
      case 'tenant':
        return this.find(node.tenantId) ?? node;
      case 'serviceInstance':
        return this.find(node.tenantId, node.instanceGuid) ?? node;
      case 'serviceKey':
        return this.find(node.tenantId, node.instanceGuid, node.keyGuid) ?? node;
      case 'mappedTenant':
        return this.mappings.current(node);
      case 'userMapping':
        return this.mappings.find(node.tenantId, node.mappingId) ?? node;
      default:
        return node;
    }
  }

  private belowTenant(tenant: InboundTenant): readonly InboundNode[] {
    const { id, status } = tenant;
    switch (status.kind) {
      case 'notLoaded':
        this.source.load(id);
        return [stateNode({ tenantId: id }, 'loading')];
      case 'signedOut':
        return [stateNode({ tenantId: id }, status.isExpired ? 'expired' : 'signedOut')];
      case 'noSpace':
        return [stateNode({ tenantId: id }, 'noSpace')];
      case 'loading':
        return status.previous === undefined
          ? [stateNode({ tenantId: id }, 'loading', { soFar: status })]
          : instanceRows(tenant, status.previous);
      case 'loaded':
        return instanceRows(tenant, status.data);
      case 'failed':
        return [
          failureNode({ tenantId: id }, status.failure),
          ...(status.previous === undefined ? [] : instanceRows(tenant, status.previous)),
        ];
    }
  }

  private belowInstance(tenant: InboundTenant, instance: InboundInstance): readonly InboundNode[] {
    const place = { tenantId: tenant.id, instanceGuid: instance.guid };
    if (instance.grants.kind === 'notKnown') {
      this.source.readGrantsOf(tenant.id, instance.guid);
    }
    return [
      ...this.facts(tenant, place, tenant.checks.instances.get(instance.guid) ?? []),
      ...(instance.keys.length === 0
        ? [stateNode(place, 'noKeys')]
        : instance.keys.map((key) => keyNode(tenant, key))),
    ];
  }

  private belowKey(tenant: InboundTenant, key: InboundKey): readonly InboundNode[] {
    const place = { tenantId: tenant.id, instanceGuid: key.instanceGuid, keyGuid: key.guid };
    const { reading } = key;
    switch (reading.kind) {
      case 'notRead': {
        const failure = tenant.failedKeys.get(key.guid);
        if (failure !== undefined) {
          return [failureNode(place, failure)];
        }
        this.source.readKey(tenant.id, key.guid);
        return [stateNode(place, 'loading')];
      }
      case 'notReadable':
        return [stateNode(place, 'notReadable', { explanation: reading.reason })];
      case 'read': {
        const [certificate] = reading.content.certificates;
        return [
          ...(certificate === undefined
            ? []
            : [
                {
                  kind: 'keyCertificate',
                  id: rowId(place, 'certificate'),
                  ...belonging(place),
                  certificate,
                } as const,
              ]),
          ...this.facts(tenant, place, tenant.checks.keys.get(key.guid) ?? [], pinningFact(key)),
        ];
      }
    }
  }

  private facts(
    tenant: InboundTenant,
    at: Place,
    checks: readonly Check<KeyCheckId | InstanceCheckId>[],
    more: readonly { readonly id: 'pinning'; readonly reason: string }[] = [],
  ): readonly FactNode[] {
    return checkFacts({
      place: belonging(at),
      id: (rest) => rowId(at, rest),
      checks,
      more,
      // What takes part in the flag of an instance are its own keys.
      others: (guids) => (at.keyGuid === undefined ? [] : this.keyNames(tenant, guids)),
    });
  }

  private keyNames({ status }: InboundTenant, guids: readonly string[]): readonly string[] {
    const data = inboundData(status);
    if (data === undefined || guids.length === 0) {
      return [];
    }
    let names = this.names.get(data);
    if (names === undefined) {
      names = new Map(data.instances.flatMap(({ keys }) => keys.map(({ guid, name }) => [guid, name])));
      this.names.set(data, names);
    }
    const known = names;
    return guids.flatMap((guid) => known.get(guid) ?? []);
  }
}

function tenantNode(tenant: InboundTenant, isOnly: boolean): InboundTenantNode {
  return { kind: 'tenant', id: tenant.id, tenantId: tenant.id, tenant, isOnly };
}

function instanceRows(tenant: InboundTenant, data: InboundData): readonly InboundNode[] {
  return [
    ...(data.isComplete ? [] : [stateNode({ tenantId: tenant.id }, 'truncated')]),
    ...(data.instances.length === 0
      ? [stateNode({ tenantId: tenant.id }, data.isEverySpace ? 'emptyEverywhere' : 'empty')]
      : data.instances.map((instance) => instanceNode(tenant, instance))),
  ];
}

function instanceNode(tenant: InboundTenant, instance: InboundInstance): InstanceNode {
  const { guid } = instance;
  let problems = 0;
  let warnings = 0;
  for (const key of instance.keys) {
    const levels = flags(tenant.checks.keys.get(key.guid) ?? []).map(({ level }) => level);
    if (levels.includes('problem')) {
      problems++;
    } else if (levels.includes('warning')) {
      warnings++;
    }
  }
  return {
    kind: 'serviceInstance',
    id: rowId({ tenantId: tenant.id, instanceGuid: guid }),
    tenantId: tenant.id,
    instanceGuid: guid,
    instance,
    checks: tenant.checks.instances.get(guid) ?? [],
    showsSpace: inboundData(tenant.status)?.isEverySpace === true,
    flaggedKeys: { problems, warnings },
  };
}

function keyNode(tenant: InboundTenant, key: InboundKey): KeyNode {
  const place = { tenantId: tenant.id, instanceGuid: key.instanceGuid, keyGuid: key.guid };
  return {
    kind: 'serviceKey',
    id: rowId(place),
    ...place,
    key,
    isBeingReplaced: tenant.renewing.has(key.guid),
    checks: tenant.checks.keys.get(key.guid) ?? [],
  };
}

interface Place {
  readonly tenantId: string;
  readonly instanceGuid?: string;
  readonly keyGuid?: string;
}

function stateNode(
  place: Place,
  state: InboundStateName,
  more: Partial<Pick<InboundStateNode, 'code' | 'explanation' | 'soFar'>> = {},
): InboundStateNode {
  return {
    kind: 'state',
    id: rowId(place, `state-${state}`),
    ...belonging(place),
    asked: 'cloudFoundry',
    state,
    code: undefined,
    explanation: undefined,
    soFar: undefined,
    ...more,
  };
}

function failureNode(place: Place, { code, explanation }: InboundFailure): InboundStateNode {
  return stateNode(place, inboundFailureState(code, 'expired'), { code, explanation });
}

function pinningFact({ reading, pinning }: InboundKey): readonly { id: 'pinning'; reason: string }[] {
  const isAsked = reading.kind === 'read' && reading.content.type === 'externalCertificate';
  return isAsked && pinning.kind === 'notKnown' ? [{ id: 'pinning', reason: pinning.reason }] : [];
}

function instanceOf({ status }: InboundTenant, guid: string): InboundInstance | undefined {
  return inboundData(status)?.instances.find((instance) => instance.guid === guid);
}

function keyOf(tenant: InboundTenant, instanceGuid: string, keyGuid: string): InboundKey | undefined {
  return instanceOf(tenant, instanceGuid)?.keys.find(({ guid }) => guid === keyGuid);
}

/** Where a row belongs. */
function belonging({ tenantId, instanceGuid, keyGuid }: Place): Belonging & { readonly tenantId: string } {
  return { tenantId, instanceGuid, keyGuid, mappingId: undefined };
}

/** Guids come from outside; the parts are kept apart whatever they hold. */
function rowId({ tenantId, instanceGuid, keyGuid }: Place, rest = ''): string {
  return [tenantId, instanceGuid ?? '', keyGuid ?? '', rest].map(encodeURIComponent).join('/');
}

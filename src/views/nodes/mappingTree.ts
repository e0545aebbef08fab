import * as l10n from '@vscode/l10n';
import { neoRolePlace, neoRoleText } from '../../inbound/neoRole.js';
import { defaultUserRole } from '../../inbound/senderSetUp.js';
import { mappingsSize, type UserMapping } from '../../inbound/userMapping.js';
import type { InboundFailure } from '../../services/inboundState.js';
import { knownMappings, type MappedTenant } from '../../services/userMappingsState.js';
import type {
  FactNode,
  InboundNode,
  InboundStateName,
  InboundStateNode,
  MappedTenantNode,
  MappingNode,
} from './inboundModel.js';
import { inboundFailureState } from './inboundFailure.js';
import { checkFacts } from './inboundFacts.js';

/** What the rows of Neo are made of, and what they ask for. */
export interface MappingTreeSource {
  tenants(): readonly MappedTenant[];
  tenant(tenantId: string): MappedTenant | undefined;
  load(tenantId: string): void;
}

/** From so much of the tenant's limit on it is told in a row. */
const fullFrom = 0.8;

/** The rows of Inbound Clients of tenants of Neo: certificate-to-user mappings. */
export class MappingTree {
  constructor(private readonly source: MappingTreeSource) {}

  roots(isOnly: boolean): readonly MappedTenantNode[] {
    return this.source.tenants().map((tenant) => tenantNode(tenant, isOnly));
  }

  /** The rows below a row of Neo; asks for the mappings where nothing is known. */
  children(node: MappedTenantNode | MappingNode): readonly InboundNode[] {
    const tenant = this.source.tenant(node.tenantId);
    if (tenant === undefined) {
      return [];
    }
    if (node.kind === 'mappedTenant') {
      return this.belowTenant(tenant);
    }
    const found = this.find(tenant.id, node.mappingId);
    return found?.kind === 'userMapping' ? belowMapping(found) : [];
  }

  /** The row of a tenant of Neo or of one of its mappings; undefined where there is none. */
  find(tenantId: string, mappingId?: string): MappedTenantNode | MappingNode | undefined {
    const tenant = this.source.tenant(tenantId);
    if (tenant === undefined) {
      return undefined;
    }
    if (mappingId === undefined) {
      return tenantNode(tenant, false);
    }
    const mapping = knownMappings(tenant.status)?.find(({ id }) => id === mappingId);
    return mapping === undefined ? undefined : mappingNode(tenant, mapping);
  }

  /** The row of a tenant with what is known now. */
  current(node: MappedTenantNode): MappedTenantNode {
    const tenant = this.source.tenant(node.tenantId);
    return tenant === undefined ? node : tenantNode(tenant, node.isOnly);
  }

  private belowTenant(tenant: MappedTenant): readonly InboundNode[] {
    const { id, status } = tenant;
    switch (status.kind) {
      case 'notLoaded':
        this.source.load(id);
        return [stateNode(id, 'loading')];
      case 'loading':
        return status.previous === undefined ? [stateNode(id, 'loading')] : rows(tenant, status.previous);
      case 'loaded':
        return rows(tenant, status.mappings);
      case 'notOffered':
        return [stateNode(id, 'notOffered')];
      case 'failed':
        return [
          failureNode(id, status.failure),
          ...(status.previous === undefined ? [] : rows(tenant, status.previous)),
        ];
    }
  }
}

function rows(tenant: MappedTenant, mappings: readonly UserMapping[]): readonly InboundNode[] {
  const { used, limit } = mappingsSize(mappings);
  return [
    ...(used < fullFrom * limit ? [] : [sizeFact(tenant.id, used, limit)]),
    ...(mappings.length === 0
      ? [stateNode(tenant.id, 'noMappings')]
      : mappings.map((mapping) => mappingNode(tenant, mapping))),
  ];
}

function belowMapping({ tenantId, mappingId, mapping, checks }: MappingNode): readonly InboundNode[] {
  const place = { tenantId, instanceGuid: undefined, keyGuid: undefined, mappingId };
  const { certificate, user } = mapping;
  return [
    ...(certificate === undefined
      ? []
      : [
          {
            kind: 'keyCertificate',
            id: rowId(tenantId, mappingId, 'certificate'),
            ...place,
            certificate,
          } as const,
        ]),
    ...checkFacts({
      place,
      id: (rest) => rowId(tenantId, mappingId, rest),
      checks,
      more: [
        {
          id: 'role',
          reason: `${neoRoleText(user, defaultUserRole)} ${neoRolePlace(user, defaultUserRole)}`,
        },
      ],
      others: () => [],
    }),
  ];
}

function tenantNode(tenant: MappedTenant, isOnly: boolean): MappedTenantNode {
  return { kind: 'mappedTenant', id: tenant.id, tenantId: tenant.id, tenant, isOnly };
}

function mappingNode(tenant: MappedTenant, mapping: UserMapping): MappingNode {
  return {
    kind: 'userMapping',
    id: rowId(tenant.id, mapping.id),
    tenantId: tenant.id,
    mappingId: mapping.id,
    mapping,
    isBeingReplaced: tenant.renewing.has(mapping.id),
    checks: tenant.checks.get(mapping.id) ?? [],
  };
}

function sizeFact(tenantId: string, used: number, limit: number): FactNode {
  return {
    kind: 'fact',
    id: rowId(tenantId, '', 'size'),
    tenantId,
    instanceGuid: undefined,
    keyGuid: undefined,
    mappingId: undefined,
    fact: {
      kind: 'flag',
      check: 'size',
      level: 'warning',
      reason: l10n.t(
        'The mappings take {0} of the {1} KB that the tenant has for them. Delete those that nobody uses.',
        Math.round(used / 1024),
        limit / 1024,
      ),
      others: [],
    },
  };
}

function stateNode(
  tenantId: string,
  state: InboundStateName,
  more: Partial<Pick<InboundStateNode, 'code' | 'explanation'>> = {},
): InboundStateNode {
  return {
    kind: 'state',
    id: rowId(tenantId, '', `state-${state}`),
    tenantId,
    instanceGuid: undefined,
    keyGuid: undefined,
    mappingId: undefined,
    asked: 'neo',
    state,
    code: undefined,
    explanation: undefined,
    soFar: undefined,
    ...more,
  };
}

function failureNode(tenantId: string, { code, explanation }: InboundFailure): InboundStateNode {
  return stateNode(tenantId, inboundFailureState(code, 'tenantSignedOut'), { code, explanation });
}

/** Identifiers come from outside; the parts are kept apart whatever they hold. */
function rowId(tenantId: string, mappingId: string, rest = ''): string {
  return [tenantId, 'mapping', mappingId, rest].map(encodeURIComponent).join('/');
}

import * as l10n from '@vscode/l10n';
import { Cancelled, KeystoreError } from '../errors.js';
import type { AdapterFacts, EndpointFact } from '../inbound/adapterStage.js';
import { deployedEndpoints, findEndpoint, type DeployedEndpoint } from '../inbound/deployedEndpoints.js';
import { readFlowDesign } from '../inbound/flowDesign.js';
import type { Reading } from '../inbound/reading.js';
import {
  adapterFacts,
  needsParameters,
  type DesignFact,
  type ParametersFact,
} from '../inbound/senderChannel.js';
import type { AdapterRead } from '../inbound/senderAdapterValues.js';
import type { ChosenEndpoint } from '../inbound/senderSetUp.js';
import type { DesignRef, IntegrationContentClient } from '../tenant/integrationContent.js';
import type { Connections } from './connections.js';
import type { Keystores } from './keystores.js';
import { Readings } from './readings.js';

/** What integration flows are read with. */
export interface IntegrationFlowsOptions {
  readonly connections: Pick<Connections, 'onDidChange'>;
  readonly keystores: Pick<Keystores, 'access'>;
  /** A failure in words for people. */
  readonly reasonOf: (error: unknown, title: string) => string;
  readonly changed: () => void;
}

/**
 * The endpoints of the tenants and what their sender adapters ask for, each read once until it is forgotten: two requests for
 * all endpoints of a tenant, and one or two more for each flow that a set-up uses.
 */
export class IntegrationFlows {
  private readonly endpoints: Readings<readonly DeployedEndpoint[]>;
  private readonly adapters: Readings<AdapterFacts>;
  private readonly subscription: { dispose(): void };

  constructor(private readonly options: IntegrationFlowsOptions) {
    this.endpoints = new Readings({ ...options, title: l10n.t('Read endpoints') });
    this.adapters = new Readings({ ...options, title: l10n.t('Read integration flow') });
    // A tenant that is removed or changed must not be answered for by what was asked before.
    this.subscription = options.connections.onDidChange(() => this.forget());
  }

  /** What is known of a set-up's endpoint; starts reading what is not known yet. */
  of(tenantId: string, chosen: ChosenEndpoint | undefined): EndpointFact {
    if (chosen === undefined) {
      return { kind: 'notChosen' };
    }
    const list = this.endpoints.get(tenantId, (signal) => this.readEndpoints(tenantId, signal));
    if (list.kind !== 'known') {
      return {
        kind: 'notKnown',
        endpoint: chosen,
        reason: list.kind === 'failed' ? list.reason : l10n.t('The endpoints of the tenant are being read.'),
      };
    }
    const match = findEndpoint(list.value, chosen);
    if (match.kind === 'none') {
      return { kind: 'gone', endpoint: chosen };
    }
    const { endpoint } = match;
    const { flowName, status } = endpoint;
    if (status !== undefined && status !== 'STARTED') {
      return { kind: 'notStarted', endpoint: chosen, flow: flowName, status };
    }
    const adapter = this.adapter(tenantId, endpoint);
    if (adapter.kind !== 'known') {
      return {
        kind: 'notKnown',
        endpoint: chosen,
        reason:
          adapter.kind === 'failed'
            ? adapter.reason
            : l10n.t('The integration flow "{0}" is being read.', flowName),
      };
    }
    const notes = match.differsInCase
      ? [
          l10n.t(
            'The tenant writes the address as {0}; whether its case matters is not certain.',
            endpoint.url,
          ),
        ]
      : [];
    return {
      kind: 'known',
      endpoint: chosen,
      adapter: { ...adapter.value, notes: [...notes, ...adapter.value.notes] },
    };
  }

  /** The flow of a set-up's endpoint, where the endpoints were read; asks nothing. */
  flowOf(tenantId: string, chosen: ChosenEndpoint): string | undefined {
    const list = this.endpoints.peek(tenantId);
    const match = list?.kind === 'known' ? findEndpoint(list.value, chosen) : undefined;
    return match?.kind === 'found' ? match.endpoint.flowName : undefined;
  }

  /** What the deployed adapters of a tenant list whose design has been read for anyone; asks nothing. */
  adaptersRead(tenantId: string): readonly AdapterRead[] {
    const list = this.endpoints.peek(tenantId);
    return (list?.kind === 'known' ? list.value : []).flatMap((endpoint) => {
      const adapter = this.adapters.peek(keyOf(tenantId, endpoint));
      return adapter?.kind === 'known' ? [{ endpoint, certificates: adapter.value.certificates }] : [];
    });
  }

  /** The endpoints of a tenant, read now. */
  async read(tenantId: string, stop: AbortSignal): Promise<Reading<readonly DeployedEndpoint[]>> {
    return await this.endpoints.renew(tenantId, (signal) => this.readEndpoints(tenantId, signal), stop);
  }

  /** What the adapter behind an endpoint asks for, read now. */
  async readAdapter(
    tenantId: string,
    endpoint: DeployedEndpoint,
    stop: AbortSignal,
  ): Promise<Reading<AdapterFacts>> {
    return await this.adapters.renew(
      keyOf(tenantId, endpoint),
      (signal) => this.adapterOf(tenantId, endpoint, signal),
      stop,
    );
  }

  /** Resolves when nothing is being read; true where something was. */
  async settled(): Promise<boolean> {
    const [endpoints, adapters] = await Promise.all([this.endpoints.settled(), this.adapters.settled()]);
    return endpoints || adapters;
  }

  /** Reads anew at the next time, and drops what is under way. */
  forget(): void {
    this.endpoints.forget();
    this.adapters.forget();
  }

  dispose(): void {
    this.subscription.dispose();
    this.forget();
  }

  private adapter(tenantId: string, endpoint: DeployedEndpoint): Reading<AdapterFacts> {
    return this.adapters.get(keyOf(tenantId, endpoint), (signal) =>
      this.adapterOf(tenantId, endpoint, signal),
    );
  }

  private async readEndpoints(tenantId: string, signal: AbortSignal): Promise<readonly DeployedEndpoint[]> {
    const { content } = await this.options.keystores.access(tenantId);
    const [endpoints, artifacts] = await Promise.all([
      content.readServiceEndpoints(signal),
      content.readRuntimeArtifacts(signal),
    ]);
    return deployedEndpoints(endpoints, artifacts);
  }

  /** What cannot be read is told in its place, so that the rest still counts. */
  private async adapterOf(
    tenantId: string,
    endpoint: DeployedEndpoint,
    signal: AbortSignal,
  ): Promise<AdapterFacts> {
    const { content } = await this.options.keystores.access(tenantId);
    const { flowId: id, version } = endpoint;
    let design = await this.designOf(content, { id, version: version ?? 'active' }, signal);
    if (design === undefined && version !== undefined) {
      design = await this.designOf(content, { id, version: 'active' }, signal);
    }
    design ??= {
      kind: 'notKnown',
      reason: l10n.t('The design time has no integration flow "{0}" (any more).', id),
    };
    const parameters =
      design.kind === 'known' && !needsParameters(design.channels)
        ? noParameters
        : await this.parametersOf(
            content,
            { id, version: design.kind === 'known' ? design.version : 'active' },
            signal,
          );
    return adapterFacts(endpoint, design, parameters);
  }

  private async designOf(
    content: IntegrationContentClient,
    design: DesignRef,
    signal: AbortSignal,
  ): Promise<DesignFact | undefined> {
    try {
      const archive = await content.downloadDesign(design, signal);
      return archive === undefined
        ? undefined
        : { kind: 'known', channels: readFlowDesign(archive), version: design.version };
    } catch (error) {
      return { kind: 'notKnown', reason: this.reasonOf(error) };
    }
  }

  private async parametersOf(
    content: IntegrationContentClient,
    design: DesignRef,
    signal: AbortSignal,
  ): Promise<ParametersFact> {
    try {
      const list = await content.readConfigurations(design, signal);
      return { kind: 'known', values: new Map(list?.map(({ key, value }) => [key, value])) };
    } catch (error) {
      return { kind: 'notKnown', reason: this.reasonOf(error) };
    }
  }

  private reasonOf(error: unknown): string {
    if (error instanceof Cancelled || !KeystoreError.is(error)) {
      throw error;
    }
    return this.options.reasonOf(error, l10n.t('Read integration flow'));
  }
}

const noParameters: ParametersFact = { kind: 'known', values: new Map() };

function keyOf(tenantId: string, { flowId, version, url }: DeployedEndpoint): string {
  return JSON.stringify([tenantId, flowId, version, url]);
}

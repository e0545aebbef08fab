import * as vscode from 'vscode';
import type { AdapterFacts } from '../inbound/adapterStage.js';
import type { StageFacts } from '../inbound/callStages.js';
import type { CertificateFact } from '../inbound/certificateStage.js';
import type { DeployedEndpoint } from '../inbound/deployedEndpoints.js';
import { namePairOf } from '../inbound/keyContent.js';
import type { MappingFact } from '../inbound/mappingStage.js';
import type { Reading } from '../inbound/reading.js';
import { redeployedFlows } from '../inbound/senderAdapterValues.js';
import { certificateOfEntry, certificateOfFile } from '../inbound/senderCertificate.js';
import type { SenderSetUp } from '../inbound/senderSetUp.js';
import { trialReason } from '../inbound/trialTenant.js';
import type { Certificate } from '../pki/certificate.js';
import { readCertificates } from '../pki/container.js';
import type { TrustLists } from '../inbound/trustLists.js';
import { isNeoTenant } from '../tenant/tenantAddress.js';
import type { Connection } from './connection.js';
import type { Connections } from './connections.js';
import type { Keystores } from './keystores.js';
import type { CloudFoundry } from './cloudFoundry.js';
import { IntegrationFlows } from './integrationFlows.js';
import type { KeyMemory } from './keyMemory.js';
import { SenderChains } from './senderChains.js';
import { ServiceKeyFacts, type KeyProgress } from './serviceKeyFacts.js';
import { UserMappingFacts } from './userMappingFacts.js';
import type { UserMappings } from './userMappings.js';
import type { SetUps } from './setUps.js';
import type { TenantStatus } from './tenantState.js';

/** What a set-up's facts are read from. */
export interface SetUpFactsOptions {
  readonly connections: Connections;
  readonly keystores: Keystores;
  readonly cloudFoundry: CloudFoundry;
  readonly userMappings: UserMappings;
  readonly setUps: SetUps;
  /** What was read of service keys, by whomever. */
  readonly keys: KeyMemory;
  readonly trust: (connection: Connection | undefined) => Promise<TrustLists>;
  /** A failure in words for people. */
  readonly reasonOf: (error: unknown, title: string) => string;
  readonly now: () => number;
  readonly warningDays: () => number;
}

/** All that is known of a set-up at the moment. */
export interface KnownOfSetUp extends Omit<StageFacts, 'way' | 'userRole'> {
  readonly setUp: SenderSetUp;
  readonly receiver: Connection;
  /** The tenant whose key calls, where it is an entry's. */
  readonly caller: Connection | undefined;
  /** Integration flows that are known to list the certificate; others may as well. */
  readonly redeployed: readonly string[];
  /** The sender's own certificate, where it was read. */
  readonly leaf: Certificate | undefined;
}

/** Reads what the stages of set-ups are judged from: at once what is known, and later what must be asked for. */
export class SetUpFacts implements vscode.Disposable {
  private readonly didChangeEmitter = new vscode.EventEmitter<void>();
  /** Fires when something is known that was not, or is different now. */
  readonly onDidChange = this.didChangeEmitter.event;
  private readonly chains: SenderChains;
  private readonly serviceKeys: ServiceKeyFacts;
  private readonly flows: IntegrationFlows;
  private readonly userMappings: UserMappingFacts;
  private readonly subscription: vscode.Disposable;

  constructor(private readonly options: SetUpFactsOptions) {
    const changed = (): void => this.didChangeEmitter.fire();
    this.chains = new SenderChains({ ...options, changed });
    this.serviceKeys = new ServiceKeyFacts({ ...options, changed });
    this.flows = new IntegrationFlows({ ...options, changed });
    const { keystores, setUps, userMappings } = options;
    this.userMappings = new UserMappingFacts(options);
    this.subscription = vscode.Disposable.from(
      keystores.onDidChange(changed),
      vscode.Disposable.from(userMappings.onDidChange(changed)),
      setUps.onDidChange(changed),
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (focused) {
          setUps.noticeOtherWindows();
          this.serviceKeys.noticeTime();
        }
      }),
    );
  }

  /** What is known now; undefined where the set-up or its tenant is gone. Starts reading what is not known yet. */
  of(setUpId: string): KnownOfSetUp | undefined {
    const { connections, setUps, now, warningDays } = this.options;
    const setUp = setUps.get(setUpId);
    const receiver = setUp === undefined ? undefined : connections.get(setUp.tenantId);
    if (setUp === undefined || receiver === undefined) {
      return undefined;
    }
    const certificate = this.certificateOf(setUp);
    const known = certificate.kind === 'known' ? certificate.certificate : undefined;
    const leaf = known === undefined ? undefined : this.chains.leaf(setUp, known);
    const wholeLeaf = leaf?.kind === 'known' ? leaf.value : undefined;
    return {
      setUp,
      receiver,
      caller: setUp.certificate?.kind === 'entry' ? connections.get(setUp.certificate.tenantId) : undefined,
      certificate,
      leaf: wholeLeaf,
      namePair: wholeLeaf === undefined ? undefined : namePairOf(wholeLeaf),
      acceptance: known === undefined ? { kind: 'reading' } : this.chains.acceptance(setUp, known),
      trial: trialReason(receiver, this.options.keystores.entries(receiver.id)),
      mapping: this.mappingOf(receiver, leaf),
      endpoint: this.flows.of(receiver.id, setUp.endpoint),
      redeployed: redeployedFlows(
        setUp,
        setUps.list().map((one) => {
          const fact = this.certificateOf(one);
          return {
            setUp: this.withFlow(one),
            certificate: fact.kind === 'known' ? fact.certificate : undefined,
          };
        }),
        this.flows.adaptersRead(receiver.id),
      ),
      now: now(),
      warningDays: warningDays(),
    };
  }

  /** What is known once nothing of it is being read any more. */
  async settled(setUpId: string): Promise<KnownOfSetUp | undefined> {
    const tenantIds = [this.of(setUpId)?.receiver.id, this.of(setUpId)?.caller?.id];
    for (const tenantId of tenantIds) {
      if (tenantId !== undefined && this.options.keystores.entries(tenantId) === undefined) {
        await this.options.keystores.refresh(tenantId);
      }
    }
    const receiver = this.of(setUpId)?.receiver;
    if (receiver !== undefined && isNeoTenant(receiver.address)) {
      await this.userMappings.settled(receiver.id);
    }
    do {
      this.of(setUpId);
    } while (
      (await this.chains.settled()) ||
      (await this.serviceKeys.settled()) ||
      (await this.flows.settled())
    );
    return this.of(setUpId);
  }

  /** Reads what the service keys of a set-up's receiver hold, each key once. */
  async readServiceKeys(
    setUpId: string,
    options: { readonly signal: AbortSignal; readonly onProgress: KeyProgress },
  ): Promise<void> {
    const receiver = this.of(setUpId)?.receiver;
    if (receiver !== undefined) {
      await this.serviceKeys.readKeys(receiver.id, options);
    }
  }

  /** The endpoints of a tenant's deployed integration flows, read now. */
  async readEndpoints(tenantId: string, signal: AbortSignal): Promise<Reading<readonly DeployedEndpoint[]>> {
    return await this.flows.read(tenantId, signal);
  }

  /** What the sender adapter behind an endpoint asks for, read now. */
  async readAdapter(
    tenantId: string,
    endpoint: DeployedEndpoint,
    signal: AbortSignal,
  ): Promise<Reading<AdapterFacts>> {
    return await this.flows.readAdapter(tenantId, endpoint, signal);
  }

  /** Reads everything of a set-up anew. */
  async refresh(setUpId: string): Promise<void> {
    const known = this.of(setUpId);
    this.chains.forget();
    this.serviceKeys.forget();
    const { keystores, userMappings } = this.options;
    if (known !== undefined && isNeoTenant(known.receiver.address)) {
      await userMappings.refresh(known.receiver.id);
    }
    await Promise.all(
      [...new Set([known?.receiver.id, known?.caller?.id])].flatMap((id) =>
        id === undefined ? [] : [keystores.refresh(id)],
      ),
    );
    // Only now, since the way to the tenant may have been looked for anew.
    this.flows.forget();
    this.didChangeEmitter.fire();
  }

  dispose(): void {
    this.subscription.dispose();
    this.chains.forget();
    this.serviceKeys.dispose();
    this.flows.dispose();
    this.didChangeEmitter.dispose();
  }

  private certificateOf({ id, certificate: chosen }: SenderSetUp): CertificateFact {
    if (chosen === undefined) {
      return { kind: 'none' };
    }
    if (chosen.kind === 'file') {
      const [leaf] = readCertificates(new TextEncoder().encode(chosen.pem)).certificates;
      return leaf === undefined
        ? { kind: 'none' }
        : { kind: 'known', certificate: certificateOfFile(leaf, fileName(chosen.uri)) };
    }
    const { keystores, connections, setUps } = this.options;
    const { tenantId, hexalias } = chosen;
    if (connections.get(tenantId) === undefined) {
      return {
        kind: 'unknown',
        reason: vscode.l10n.t('The tenant with the certificate is not connected any more.'),
      };
    }
    const entries = keystores.entries(tenantId);
    if (entries === undefined) {
      // Not at once: loading tells of a change, and this is asked for while one is told.
      queueMicrotask(() => keystores.load(tenantId));
    } else {
      queueMicrotask(() => void setUps.follow(id, entries));
    }
    const entry = entries?.find((candidate) => candidate.hexalias === hexalias);
    return entry === undefined
      ? {
          kind: 'unknown',
          reason: whyUnknown(keystores.tenants().find((tenant) => tenant.id === tenantId)?.status),
        }
      : { kind: 'known', certificate: certificateOfEntry(entry) };
  }

  /** With the name of the flow that its endpoint belongs to, where that is known. */
  private withFlow(setUp: SenderSetUp): SenderSetUp {
    const { endpoint, tenantId } = setUp;
    const flow = endpoint === undefined ? undefined : this.flows.flowOf(tenantId, endpoint);
    return endpoint === undefined || flow === undefined
      ? setUp
      : { ...setUp, endpoint: { ...endpoint, flow } };
  }

  private mappingOf(receiver: Connection, leaf: Reading<Certificate | undefined> | undefined): MappingFact {
    return isNeoTenant(receiver.address)
      ? this.userMappings.of(receiver.id, leaf)
      : this.serviceKeys.of(receiver.id);
  }
}

/** The last part of a file's address. */
function fileName(uri: string): string {
  const { path } = vscode.Uri.parse(uri);
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Why a chosen entry is not at hand; never that none was chosen. */
function whyUnknown(status: TenantStatus | undefined): string {
  switch (status?.kind) {
    case 'signedOut':
      return vscode.l10n.t('The tenant is signed out. Sign in again in the Keystores view.');
    case 'failed':
      return vscode.l10n.t('The keystore could not be read. The Keystores view tells why.');
    case 'loaded':
      return vscode.l10n.t('The entry is not in the keystore any more: it was renamed or deleted.');
    default:
      return vscode.l10n.t('The keystore is being read.');
  }
}

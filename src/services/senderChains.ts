import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import type { Acceptance } from '../inbound/acceptance.js';
import { inboundPurpose } from '../inbound/inboundPurpose.js';
import { judgeAcceptance } from '../inbound/acceptance.js';
import type { SenderCertificate } from '../inbound/senderCertificate.js';
import type { SenderSetUp } from '../inbound/senderSetUp.js';
import type { Reading } from '../inbound/reading.js';
import type { TrustLists } from '../inbound/trustLists.js';
import type { Certificate } from '../pki/certificate.js';
import { orderChain } from '../pki/chain.js';
import { readCertificates } from '../pki/container.js';
import type { Connection } from './connection.js';
import type { Connections } from './connections.js';
import { gatherIssuers, tenantIssuers } from './issuers.js';
import type { Keystores } from './keystores.js';
import { Readings } from './readings.js';

/** What the chains are read and judged with. */
export interface SenderChainsOptions {
  readonly connections: Pick<Connections, 'list' | 'get'>;
  readonly keystores: Pick<Keystores, 'access' | 'entriesOrRead'>;
  readonly trust: (connection: Connection | undefined) => Promise<TrustLists>;
  readonly now: () => number;
  readonly warningDays: () => number;
  /** A failure in words for people. */
  readonly reasonOf: (error: unknown, title: string) => string;
  readonly changed: () => void;
}

/** A chain as the sender will present it, the leaf first, and issuers that were found elsewhere. */
interface PresentedChain {
  readonly chain: readonly Certificate[];
  readonly extra: readonly Certificate[];
}

const day = 86_400_000;

/** Chains of the senders' certificates and the verdicts on them, each read once until it is forgotten. */
export class SenderChains {
  private readonly chains: Readings<PresentedChain>;
  private readonly verdicts: Readings<Acceptance>;

  constructor(private readonly options: SenderChainsOptions) {
    this.chains = new Readings({ ...options, title: l10n.t('Read chain') });
    this.verdicts = new Readings({ ...options, title: l10n.t('Judge certificate') });
  }

  /** The sender's own certificate, read whole. */
  leaf(setUp: SenderSetUp, certificate: SenderCertificate): Reading<Certificate | undefined> {
    const reading = this.chain(setUp, certificate);
    return reading.kind === 'known' ? { kind: 'known', value: reading.value.chain[0] } : reading;
  }

  /** Whether the load balancer of the receiver will take it, by the list that belongs to the receiver. */
  acceptance(setUp: SenderSetUp, certificate: SenderCertificate): Reading<Acceptance> {
    const reading = this.chain(setUp, certificate);
    if (reading.kind !== 'known') {
      return reading;
    }
    const { connections, trust, now, warningDays } = this.options;
    const { fitsOutsideSender, option } = certificate.option;
    const key = [keyOf(setUp, certificate), setUp.tenantId, Math.floor(now() / day), warningDays()].join('|');
    return this.verdicts.get(key, async () => {
      const receiver = connections.get(setUp.tenantId);
      return judgeAcceptance({
        ...reading.value,
        purpose: inboundPurpose(receiver?.address),
        lists: await trust(receiver),
        now: now(),
        warningDays: warningDays(),
        option,
        caller: fitsOutsideSender ? 'outside' : 'cloudIntegration',
      });
    });
  }

  /** Resolves when nothing is being read; true where something was. */
  async settled(): Promise<boolean> {
    const [chains, verdicts] = await Promise.all([this.chains.settled(), this.verdicts.settled()]);
    return chains || verdicts;
  }

  /** Asks anew at the next time. */
  forget(): void {
    this.chains.forget();
    this.verdicts.forget();
  }

  private chain(setUp: SenderSetUp, certificate: SenderCertificate): Reading<PresentedChain> {
    return this.chains.get(keyOf(setUp, certificate), async (signal) => {
      const { connections, keystores } = this.options;
      const certificates = await this.read(setUp, certificate, signal);
      const ordered = orderChain(certificates);
      // A key pair's chain and a file are presented as they are; a single certificate may lack what its tenant holds.
      const found = await gatherIssuers(certificates, {
        sources: [tenantIssuers(connections, keystores, () => undefined)],
        signal,
      });
      return {
        chain: [...ordered.chain, ...ordered.strangers],
        extra: found.map(({ certificate: issuer }) => issuer),
      };
    });
  }

  private async read(
    { certificate: chosen }: SenderSetUp,
    { entry }: SenderCertificate,
    signal: AbortSignal,
  ): Promise<readonly Certificate[]> {
    if (chosen === undefined) {
      throw new KeystoreError('not-found', 'no certificate is chosen');
    }
    if (chosen.kind === 'file') {
      return readCertificates(new TextEncoder().encode(chosen.pem)).certificates;
    }
    const { client } = await this.options.keystores.access(chosen.tenantId);
    return readCertificates(
      entry?.type === 'Key Pair'
        ? await client.readChainResource(chosen.hexalias, signal)
        : await client.readCertificate(chosen.hexalias, 'leaf', signal),
    ).certificates;
  }
}

/** Changes with the certificate, so that a renewed one is read anew. */
function keyOf({ certificate: chosen }: SenderSetUp, { fingerprintSha256 }: SenderCertificate): string {
  return chosen?.kind === 'entry'
    ? [chosen.tenantId, chosen.hexalias, fingerprintSha256].join('|')
    : ['file', fingerprintSha256].join('|');
}

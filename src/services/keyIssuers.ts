import type { Certificate } from '../pki/certificate.js';
import { orderChain } from '../pki/chain.js';
import { nameKey } from '../pki/distinguishedName.js';
import { gatherIssuers, type IssuerSource } from './issuers.js';

/** Senders have few authorities; more different issuers than this are not looked for. */
const maximumIssuers = 50;

/**
 * The issuers of the certificates in service keys. A key holds the sender's own certificate alone, so without them nothing could be
 * told of its root. Each issuer is looked for once, among the chains that other keys hold and where the source looks.
 */
export class KeyIssuers {
  private readonly found = new Map<string, Certificate>();
  private readonly asked = new Set<string>();

  /** What was found so far. */
  get certificates(): readonly Certificate[] {
    return [...this.found.values()];
  }

  /** Looks for what the chains lack, each with the leaf first; true where something new was found. */
  async complete(
    chains: readonly (readonly Certificate[])[],
    source: IssuerSource,
    signal: AbortSignal,
  ): Promise<boolean> {
    const before = this.found.size;
    this.keep(chains.flatMap((chain) => chain.slice(1)));
    for (const chain of chains) {
      const [leaf] = chain;
      if (leaf === undefined) {
        continue;
      }
      const known = [...chain, ...this.found.values()];
      const end = orderChain(known, { leafSpkiSha256: leaf.spkiSha256 });
      const last = end.chain.at(-1) ?? leaf;
      const wanted = `${nameKey(last.issuer)} ${last.authorityKeyIdentifier ?? ''}`;
      if (end.missingIssuer === undefined || this.asked.has(wanted) || this.asked.size >= maximumIssuers) {
        continue;
      }
      this.asked.add(wanted);
      const more = await gatherIssuers(known, {
        leafSpkiSha256: leaf.spkiSha256,
        sources: [source],
        signal,
      });
      this.keep(more.map(({ certificate }) => certificate));
    }
    return this.found.size > before;
  }

  private keep(certificates: readonly Certificate[]): void {
    for (const certificate of certificates) {
      this.found.set(certificate.sha256, certificate);
    }
  }
}

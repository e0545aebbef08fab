import { KeystoreError } from '../errors.js';
import type { Certificate } from './certificate.js';
import { formatName, nameKey, namesEqual } from './distinguishedName.js';
import { type SignatureVerdict, verificationKey, verifySignature } from './signature.js';

/** Certificates sorted into the chain that they make, and the rest. */
export interface OrderedChain {
  readonly leaf: Certificate | undefined;
  /** The leaf first, each followed by its issuer. */
  readonly chain: readonly Certificate[];
  /** What does not belong to the chain, in the order given. */
  readonly strangers: readonly Certificate[];
  /** How many were there a second time. */
  readonly duplicates: number;
  /** The name of the issuer that the chain ends without; `undefined` where it ends in a self-signed certificate. */
  readonly missingIssuer: string | undefined;
}

/** Signatures checked for one order; a file made to need more is not ordered. */
const maxSignatures = 200;

/** The verdict on a certificate's signature by the key of another. */
export function signatureBy(child: Certificate, issuer: Certificate): SignatureVerdict {
  return verifySignature(child, verificationKey(issuer.spki));
}

/** The issuer's name is the subject of the other, and the signature was made with its key. */
export function isIssuedBy(child: Certificate, issuer: Certificate): boolean {
  return namesEqual(child.issuer, issuer.subject) && signatureBy(child, issuer) === 'valid';
}

/** Subject and issuer are the same, and its own key has signed it. */
export function isSelfSigned(certificate: Certificate): boolean {
  return isIssuedBy(certificate, certificate);
}

/** Subject and issuer are the same (RFC 5280 3.2); the signature is not looked at. */
export function isSelfIssued(certificate: Certificate): boolean {
  return namesEqual(certificate.subject, certificate.issuer);
}

/** False where both name a key and the keys differ. */
export function keyIdentifiersAgree(child: Certificate, issuer: Certificate): boolean {
  return (
    child.authorityKeyIdentifier === undefined ||
    issuer.subjectKeyIdentifier === undefined ||
    child.authorityKeyIdentifier === issuer.subjectKeyIdentifier
  );
}

/**
 * Sorts certificates that came in any order. The leaf is the one with the given key, of several the one that is valid longest;
 * without a key the one that issued none of the others, a certificate that is no CA before others, then the one with the longest
 * chain. Throws `budget` where too many look like each other's issuers.
 */
export function orderChain(
  certificates: readonly Certificate[],
  options: {
    readonly leafSpkiSha256?: string | undefined;
    /** Of several that have signed, the one with the highest value is the issuer; where equal, a root before a cross certificate. */
    readonly preference?: (issuer: Certificate) => number;
  } = {},
): OrderedChain {
  const distinct = [
    ...new Map(certificates.map((certificate) => [certificate.sha256, certificate])).values(),
  ];
  const pool = new IssuerPool(distinct, options.preference);
  const ofKey = distinct.filter(({ spkiSha256 }) => spkiSha256 === options.leafSpkiSha256);
  const leaf =
    latest(ofKey.filter((certificate) => !isSelfIssued(certificate))) ?? latest(ofKey) ?? pool.likelyLeaf();
  const duplicates = certificates.length - distinct.length;
  if (leaf === undefined) {
    return { leaf, chain: [], strangers: [], duplicates, missingIssuer: undefined };
  }
  const { chain, isComplete } = pool.chainOf(leaf);
  const last = chain.at(-1) ?? leaf;
  return {
    leaf,
    chain,
    strangers: distinct.filter((certificate) => !chain.includes(certificate)),
    duplicates,
    missingIssuer: isComplete ? undefined : formatName(last.issuer),
  };
}

/** The one that is valid longest: a key may have been certified again before the first certificate ended. */
function latest(certificates: readonly Certificate[]): Certificate | undefined {
  return certificates.reduce<Certificate | undefined>(
    (best, one) => (best === undefined || one.notAfter.getTime() > best.notAfter.getTime() ? one : best),
    undefined,
  );
}

/** Looks for issuers by name first and checks signatures only where a chain is walked. */
class IssuerPool {
  private readonly bySubject = new Map<string, Certificate[]>();
  private readonly subjectKeys = new Map<Certificate, string>();
  private readonly issuerKeys = new Map<Certificate, string>();
  private signatures = 0;

  constructor(
    private readonly certificates: readonly Certificate[],
    private readonly wish: (issuer: Certificate) => number = () => 0,
  ) {
    for (const certificate of certificates) {
      const key = nameKey(certificate.subject);
      const others = this.bySubject.get(key);
      if (others === undefined) {
        this.bySubject.set(key, [certificate]);
      } else {
        others.push(certificate);
      }
      this.subjectKeys.set(certificate, key);
      this.issuerKeys.set(certificate, nameKey(certificate.issuer));
    }
  }

  likelyLeaf(): Certificate | undefined {
    // By names alone: pairs of certificates would be as many as the square of those with one name.
    const issuers = new Set<string>();
    for (const [certificate, issuer] of this.issuerKeys) {
      if (issuer !== this.subjectKeys.get(certificate)) {
        issuers.add(issuer);
      }
    }
    const ends = this.certificates.filter(
      (certificate) => !issuers.has(this.subjectKeys.get(certificate) ?? ''),
    );
    const rank = (certificate: Certificate): number =>
      (certificate.isCa || isSelfIssued(certificate) ? 0 : 1000) + this.lengthByNames(certificate);
    let best: Certificate | undefined;
    let bestRank = -1;
    // A circle has no end; any of its certificates may stand first.
    for (const certificate of ends.length > 0 ? ends : this.certificates) {
      const value = rank(certificate);
      if (value > bestRank) {
        best = certificate;
        bestRank = value;
      }
    }
    return best;
  }

  chainOf(leaf: Certificate): { readonly chain: readonly Certificate[]; readonly isComplete: boolean } {
    const chain = [leaf];
    for (let current = leaf; ;) {
      if (isSelfIssued(current) && this.verdict(current, current) !== 'invalid') {
        return { chain, isComplete: true };
      }
      const issuer = this.issuerOf(current, chain);
      if (issuer === undefined) {
        return { chain, isComplete: false };
      }
      chain.push(issuer);
      current = issuer;
    }
  }

  /** One whose key has signed; one whose key cannot be used on this host only where there is no other. */
  private issuerOf(child: Certificate, chain: readonly Certificate[]): Certificate | undefined {
    let unchecked: Certificate | undefined;
    const candidates = this.candidates(child)
      .filter((candidate) => !chain.includes(candidate))
      .map((candidate) => ({ candidate, value: this.preference(child, candidate) }))
      .sort((a, b) => b.value - a.value);
    for (const { candidate } of candidates) {
      const verdict = this.verdict(child, candidate);
      if (verdict === 'valid') {
        return candidate;
      }
      if (verdict === 'unchecked' && keyIdentifiersAgree(child, candidate)) {
        unchecked ??= candidate;
      }
    }
    return unchecked;
  }

  /** Among those of one name: what the caller prefers, then the key named by the child, then a self-signed one (a root rather
   *  than a cross certificate), then the one that is valid longest. */
  private preference(child: Certificate, issuer: Certificate): number {
    return (
      8 * this.wish(issuer) +
      (keyIdentifiersAgree(child, issuer) ? 4 : 0) +
      (isSelfIssued(issuer) ? 2 : 0) +
      issuer.notAfter.getTime() / 1e16
    );
  }

  private candidates(child: Certificate): readonly Certificate[] {
    return this.bySubject.get(this.issuerKeys.get(child) ?? '') ?? [];
  }

  private lengthByNames(leaf: Certificate): number {
    const seen = new Set<Certificate>();
    let current: Certificate | undefined = leaf;
    while (current !== undefined && !seen.has(current) && seen.size < 100) {
      seen.add(current);
      const candidates: readonly Certificate[] = this.candidates(current);
      current = candidates.find((candidate) => !seen.has(candidate));
    }
    return seen.size;
  }

  private verdict(child: Certificate, issuer: Certificate): SignatureVerdict {
    if (++this.signatures > maxSignatures) {
      throw new KeystoreError('budget', `More than ${maxSignatures} signatures to check`);
    }
    return signatureBy(child, issuer);
  }
}

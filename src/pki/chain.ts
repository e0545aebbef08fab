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
/** Certificates looked at in the search for a better chain than the first one; where there are more, the best so far stands. */
const maxSteps = 200;

/** A chain that no issuer makes longer. */
interface FoundChain {
  readonly chain: readonly Certificate[];
  /** It ends in a self-signed certificate. */
  readonly isComplete: boolean;
}

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
    /** True for an authority that counts, and for what one of them has issued: a chain that leads there comes before all others. */
    readonly isListed?: ((certificate: Certificate) => boolean) | undefined;
    /** Of several that have signed, such a one comes first; where nobody says otherwise, all are alike. */
    readonly isGiven?: ((certificate: Certificate) => boolean) | undefined;
  } = {},
): OrderedChain {
  const distinct = [
    ...new Map(certificates.map((certificate) => [certificate.sha256, certificate])).values(),
  ];
  const pool = new IssuerPool(distinct, options);
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
  private readonly isListed: (certificate: Certificate) => boolean;
  private readonly isGiven: (certificate: Certificate) => boolean;
  private readonly verdicts = new Map<Certificate, Map<Certificate, SignatureVerdict>>();
  private signatures = 0;

  constructor(
    private readonly certificates: readonly Certificate[],
    {
      isListed = () => false,
      isGiven = () => false,
    }: {
      readonly isListed?: ((certificate: Certificate) => boolean) | undefined;
      readonly isGiven?: ((certificate: Certificate) => boolean) | undefined;
    },
  ) {
    this.isListed = remembered(isListed);
    this.isGiven = isGiven;
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

  /**
   * The best chain above a leaf: one that leads to a listed authority, then one that is complete, then the first that is found when
   * at each certificate the preferred issuer is tried first. Throws `budget` only where not even one was found within the limit.
   */
  chainOf(leaf: Certificate): FoundChain {
    const found: { readonly chain: FoundChain; readonly value: number }[] = [];
    let steps = 0;
    const hasListed = (): boolean =>
      this.certificates.some((certificate) => certificate !== leaf && this.isListed(certificate));
    /** True where nothing better can be found, or nothing more may be looked at. */
    const search = (chain: readonly Certificate[], current: Certificate): boolean => {
      if (found.length > 0 && ++steps > maxSteps) {
        return true;
      }
      let hasIssuer = false;
      const isComplete = isSelfIssued(current) && this.verdict(current, current) !== 'invalid';
      if (!isComplete) {
        for (const issuer of this.issuersOf(current, chain)) {
          hasIssuer = true;
          if (search([...chain, issuer], issuer)) {
            return true;
          }
        }
      }
      if (hasIssuer) {
        return false;
      }
      const isListed = chain.slice(1).some((certificate) => this.isListed(certificate));
      const value = (isListed ? 2 : 0) + (isComplete ? 1 : 0);
      if (found.every((other) => value > other.value)) {
        found.push({ chain: { chain, isComplete }, value });
      }
      return isComplete && (isListed || !hasListed());
    };
    try {
      search([leaf], leaf);
    } catch (error) {
      // What was found within the limit stands.
      if (found.length === 0 || !KeystoreError.is(error, 'budget')) {
        throw error;
      }
    }
    return found.at(-1)?.chain ?? { chain: [leaf], isComplete: false };
  }

  /** Those whose key has signed, the preferred one first; one whose key cannot be used on this host only where there is no other. */
  private *issuersOf(child: Certificate, chain: readonly Certificate[]): Generator<Certificate> {
    let unchecked: Certificate | undefined;
    let hasValid = false;
    const candidates = this.candidates(child)
      .filter((candidate) => !chain.includes(candidate))
      .map((candidate) => ({ candidate, value: this.preference(child, candidate) }))
      .sort((a, b) => b.value - a.value);
    for (const { candidate } of this.withoutNeedlessRoots(candidates)) {
      const verdict = this.verdict(child, candidate);
      if (verdict === 'valid') {
        hasValid = true;
        yield candidate;
      }
      if (verdict === 'unchecked' && keyIdentifiersAgree(child, candidate)) {
        unchecked ??= candidate;
      }
    }
    if (!hasValid && unchecked !== undefined) {
      yield unchecked;
    }
  }

  /** A root that was found does not take the place of a cross certificate of its key that was given, unless it alone is listed. */
  private withoutNeedlessRoots<T extends { readonly candidate: Certificate }>(
    all: readonly T[],
  ): readonly T[] {
    /** By the keys of what was given; true where one of them is listed. */
    const given = new Map<string, boolean>();
    for (const { candidate } of all.filter((one) => this.isGiven(one.candidate))) {
      const { spkiSha256 } = candidate;
      given.set(spkiSha256, given.get(spkiSha256) === true || this.isListed(candidate));
    }
    return all.filter(({ candidate }) => {
      const givenIsListed = given.get(candidate.spkiSha256);
      const isNeedless = givenIsListed === true || (givenIsListed === false && !this.isListed(candidate));
      return !isNeedless || this.isGiven(candidate) || !this.hasOwnName(candidate);
    });
  }

  /** As `isSelfIssued`, from names that are at hand. */
  private hasOwnName(certificate: Certificate): boolean {
    return this.subjectKeys.get(certificate) === this.issuerKeys.get(certificate);
  }

  /** Among those of one name: what is listed, what was given, then the key named by the child, then a self-signed one (a root rather
   *  than a cross certificate), then the one that is valid longest. */
  private preference(child: Certificate, issuer: Certificate): number {
    return (
      (this.isListed(issuer) ? 16 : 0) +
      (this.isGiven(issuer) ? 8 : 0) +
      (keyIdentifiersAgree(child, issuer) ? 4 : 0) +
      (this.hasOwnName(issuer) ? 2 : 0) +
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
    const known = this.verdicts.get(child) ?? new Map<Certificate, SignatureVerdict>();
    this.verdicts.set(child, known);
    let verdict = known.get(issuer);
    if (verdict === undefined) {
      if (++this.signatures > maxSignatures) {
        throw new KeystoreError('budget', `More than ${maxSignatures} signatures to check`);
      }
      verdict = signatureBy(child, issuer);
      known.set(issuer, verdict);
    }
    return verdict;
  }
}

function remembered(tell: (certificate: Certificate) => boolean): (certificate: Certificate) => boolean {
  const told = new Map<Certificate, boolean>();
  return (certificate) => {
    const answer = told.get(certificate) ?? tell(certificate);
    told.set(certificate, answer);
    return answer;
  };
}

import type { Certificate } from './certificate.js';
import { isSelfIssued, keyIdentifiersAgree } from './chain.js';
import { nameKey } from './distinguishedName.js';
import { KeyAlgorithmOid } from './oids.js';
import {
  findIssuerFailure,
  findPathFailure,
  type PathConditions,
  type PathFailure,
  pathWarnings,
  type PathWarning,
} from './pathValidation.js';
import {
  type SignatureVerdict,
  type VerificationKey,
  verificationKey,
  verifySignature,
} from './signature.js';

/** Signatures that were checked, shared by searches that meet the same authorities again; lives as long as its owner. */
export class SignatureMemory {
  readonly keys = new Map<string, VerificationKey>();
  readonly verdicts = new Map<string, SignatureVerdict>();
}

/** What a path is sought among. */
export interface PathRequest extends PathConditions {
  readonly leaf: Certificate;
  /** Certificates that may stand between. */
  readonly untrusted: readonly Certificate[];
  /** Trusted as such, self-signed or not. */
  readonly trusted: readonly Certificate[];
  /** Saves checking the signatures of authorities anew for each leaf. */
  readonly memory?: SignatureMemory | undefined;
}

/** What was found. Revocation and policies have not been looked at. */
export type PathVerdict =
  | {
      readonly isValid: true;
      /** From the leaf to the trust anchor. */
      readonly path: readonly Certificate[];
      readonly warnings: readonly PathWarning[];
    }
  | (PathFailure & {
      readonly isValid: false;
      /** The path that the reason is about, as far as it goes. */
      readonly path: readonly Certificate[];
      /** True where the search was ended by its limits, so that a path may exist all the same. */
      readonly isExhausted: boolean;
    });

const maxDepth = 20;
const maxSteps = 3000;
/** About the cost of 2,000 signatures of RSA with 2048 bits. */
const maxSignatureCost = 2000;

/**
 * Looks for a path from the leaf to a trust anchor and checks it (RFC 4158, RFC 5280 6.1). Every path is tried until one
 * holds; circles and look-alikes end at fixed limits. Where none holds, the failure of the most promising one is told.
 */
export function findPath(request: PathRequest): PathVerdict {
  return new PathSearch(request).run();
}

class PathSearch {
  private readonly anchors = new Set<string>();
  private readonly bySubject = new Map<string, Certificate[]>();
  private readonly names = new Map<Certificate, { readonly subject: string; readonly issuer: string }>();
  private readonly memory: SignatureMemory;
  private steps = 0;
  private signatureCost = 0;
  /** The steps or signatures are used up, so the search is over. */
  private isExhausted = false;
  /** A path was left because of its length; others may be shorter. */
  private wasTooLong = false;
  private best:
    | { readonly rank: number; readonly failure: PathFailure; readonly path: readonly Certificate[] }
    | undefined;

  constructor(private readonly request: PathRequest) {
    this.memory = request.memory ?? new SignatureMemory();
    for (const certificate of request.trusted) {
      this.anchors.add(certificate.sha256);
    }
    const distinct = new Map(
      [...request.trusted, ...request.untrusted].map((certificate) => [certificate.sha256, certificate]),
    );
    for (const certificate of distinct.values()) {
      const { subject } = this.namesOf(certificate);
      this.bySubject.set(subject, [...(this.bySubject.get(subject) ?? []), certificate]);
    }
  }

  run(): PathVerdict {
    const { leaf } = this.request;
    if (!leaf.isWellFormed) {
      return { isValid: false, reason: 'malformed', certificate: leaf, path: [leaf], isExhausted: false };
    }
    const path = this.extend([leaf], new Set([this.entity(leaf)]));
    if (path !== undefined) {
      return { isValid: true, path, warnings: pathWarnings(path, this.request) };
    }
    const found = this.best ?? { failure: { reason: 'no-path', certificate: leaf } as const, path: [leaf] };
    const isExhausted = this.isExhausted || this.wasTooLong;
    return { isValid: false, ...found.failure, path: found.path, isExhausted };
  }

  /** A path that holds and begins with this one; depth first, the most promising issuer first. */
  private extend(
    path: readonly Certificate[],
    entities: ReadonlySet<string>,
  ): readonly Certificate[] | undefined {
    const last = path.at(-1);
    if (last === undefined || ++this.steps > maxSteps) {
      this.isExhausted = true;
      return undefined;
    }
    if (this.anchors.has(last.sha256)) {
      const failure = this.inheritedKeyFailure(path) ?? findPathFailure(path, this.request);
      if (failure === undefined) {
        return path;
      }
      this.note(3, failure, path);
      return undefined;
    }
    if (path.length >= maxDepth) {
      this.wasTooLong = true;
      return undefined;
    }
    let hasIssuer = false;
    const refused: { readonly failure: PathFailure; readonly issuer: Certificate }[] = [];
    for (const issuer of this.candidates(last)) {
      const entity = this.entity(issuer);
      if (entities.has(entity)) {
        continue;
      }
      const failure = this.linkFailure(last, issuer);
      if (failure !== undefined) {
        refused.push({ failure, issuer });
        continue;
      }
      hasIssuer = true;
      const complete = this.extend([...path, issuer], new Set([...entities, entity]));
      if (complete !== undefined || this.isExhausted) {
        return complete;
      }
    }
    for (const { failure, issuer } of refused) {
      // Where the true issuer is known, or has another key, another one of its name explains nothing.
      const isStranger = failure.reason === 'bad-signature' || failure.reason === 'unchecked-signature';
      const explainsNothing = isStranger && (hasIssuer || !keyIdentifiersAgree(last, issuer));
      this.note(explainsNothing ? 0 : 2, failure, [...path, issuer]);
    }
    if (!hasIssuer) {
      this.note(1, { reason: 'no-path', certificate: last }, path);
    }
    return undefined;
  }

  private isTrustAnchor({ sha256 }: Certificate): boolean {
    return this.request.anchorIsAbsent !== true && this.anchors.has(sha256);
  }

  private candidates(child: Certificate): readonly Certificate[] {
    const all = this.bySubject.get(this.namesOf(child).issuer) ?? [];
    const time = this.request.at.getTime();
    const preference = (issuer: Certificate): number =>
      (keyIdentifiersAgree(child, issuer) ? 8 : 0) +
      (this.anchors.has(issuer.sha256) ? 4 : 0) +
      (issuer.notBefore.getTime() <= time && time <= issuer.notAfter.getTime() ? 2 : 0) +
      (isSelfIssued(issuer) ? 0 : 1);
    return all
      .map((issuer) => ({ issuer, value: preference(issuer) }))
      .sort((a, b) => b.value - a.value)
      .map(({ issuer }) => issuer);
  }

  /** Why this one cannot have issued that one; what can be told early saves the search of whole paths. */
  private linkFailure(child: Certificate, issuer: Certificate): PathFailure | undefined {
    const failure: PathFailure | undefined = issuer.isWellFormed
      ? findIssuerFailure(issuer, this.isTrustAnchor(issuer), 'any')
      : { reason: 'malformed', certificate: issuer };
    if (failure !== undefined) {
      return failure;
    }
    switch (this.verdict(child, issuer)) {
      case 'valid':
        return undefined;
      case 'invalid':
        return { reason: 'bad-signature', certificate: child };
      case 'unchecked':
        // A DSA key without parameters has those of its issuer, who is not known yet.
        return inheritsParameters(issuer) ? undefined : { reason: 'unchecked-signature', certificate: child };
    }
  }

  /** Signatures by keys that inherit their parameters are checked from the trust anchor down (RFC 5280 6.1.4 (d) to (f)). */
  private inheritedKeyFailure(path: readonly Certificate[]): PathFailure | undefined {
    let parameters: Uint8Array | undefined;
    for (let index = path.length - 1; index > 0; index--) {
      const issuer = path[index];
      const child = path[index - 1];
      if (issuer === undefined || child === undefined) {
        return undefined;
      }
      if (issuer.publicKey.algorithm !== KeyAlgorithmOid.dsa) {
        parameters = undefined;
        continue;
      }
      if (!inheritsParameters(issuer)) {
        parameters = issuer.publicKey.parameters?.bytes;
        continue;
      }
      const verdict = verifySignature(child, verificationKey(issuer.spki, parameters));
      if (verdict !== 'valid') {
        return {
          reason: verdict === 'invalid' ? 'bad-signature' : 'unchecked-signature',
          certificate: child,
        };
      }
    }
    return undefined;
  }

  private verdict(child: Certificate, issuer: Certificate): SignatureVerdict {
    const id = `${child.sha256}/${issuer.spkiSha256}`;
    const known = this.memory.verdicts.get(id);
    if (known !== undefined) {
      return known;
    }
    this.signatureCost += signatureCost(issuer);
    if (this.signatureCost > maxSignatureCost) {
      this.isExhausted = true;
      return 'unchecked';
    }
    let key = this.memory.keys.get(issuer.spkiSha256);
    if (key === undefined) {
      key = verificationKey(issuer.spki);
      this.memory.keys.set(issuer.spkiSha256, key);
    }
    const verdict = verifySignature(child, key);
    this.memory.verdicts.set(id, verdict);
    return verdict;
  }

  /** Keeps the first failure of those that came furthest. */
  private note(rank: number, failure: PathFailure, path: readonly Certificate[]): void {
    if (this.best === undefined || rank > this.best.rank) {
      this.best = { rank, failure, path };
    }
  }

  /** The same name with the same key is the same CA, whoever has certified it; no path needs it twice. */
  private entity(certificate: Certificate): string {
    return `${this.namesOf(certificate).subject}\n${certificate.spkiSha256}`;
  }

  private namesOf(certificate: Certificate): { readonly subject: string; readonly issuer: string } {
    let names = this.names.get(certificate);
    if (names === undefined) {
      names = { subject: nameKey(certificate.subject), issuer: nameKey(certificate.issuer) };
      this.names.set(certificate, names);
    }
    return names;
  }
}

function inheritsParameters({ publicKey }: Certificate): boolean {
  return publicKey.algorithm === KeyAlgorithmOid.dsa && publicKey.parameters === undefined;
}

/** In signatures of RSA with 2048 bits, roughly. */
function signatureCost({ keyType }: Certificate): number {
  const [kind, detail = ''] = keyType.split(':');
  const scale = (Number(/\d+/.exec(detail)?.[0] ?? '0') || 512) / 2048;
  return kind === 'RSA' ? Math.max(1, scale * scale) : Math.max(4, scale * scale * 16);
}

import { keyStrength, signatureStrength, type StrengthFinding } from './algorithmStrength.js';
import type { Certificate } from './certificate.js';
import { isSelfIssued } from './chain.js';
import * as decode from './extensions.js';
import { NameConstraintState, isPrefixMask } from './nameConstraints.js';
import { ExtensionOid, KeyPurpose } from './oids.js';

/** What a certificate is to be used for. */
export type PathUsage = 'clientAuth' | 'serverAuth' | 'any';

/** Why a path does not hold. `unchecked-signature`: this host knows neither the algorithm nor the key. */
export type PathFailureReason =
  | 'expired'
  | 'not-yet-valid'
  | 'no-path'
  | 'bad-signature'
  | 'unchecked-signature'
  | 'not-a-ca'
  | 'path-length'
  | 'key-usage'
  | 'extended-key-usage'
  | 'name-constraints'
  | 'unknown-critical-extension'
  | 'weak'
  | 'malformed';

/** A reason and the certificate that it is about. */
export interface PathFailure {
  readonly reason: PathFailureReason;
  readonly certificate: Certificate;
  /** Of an unknown critical extension its number, of a weak algorithm its name. */
  readonly detail?: string;
}

/** What does not make a path invalid but ought to be known. */
export interface PathWarning {
  readonly certificate: Certificate;
  readonly finding: StrengthFinding;
}

/** When and for what a path is to hold. */
export interface PathConditions {
  readonly at: Date;
  readonly usage: PathUsage;
  /** True where the paths end one below a trust anchor that is not at hand, so that the last is judged like any other. */
  readonly anchorIsAbsent?: boolean | undefined;
}

/** Extensions whose meaning is processed here, or which only revocation and policies need; both are named as not checked. */
const processedExtensions: ReadonlySet<string> = new Set([
  ExtensionOid.keyUsage,
  ExtensionOid.extendedKeyUsage,
  ExtensionOid.basicConstraints,
  ExtensionOid.nameConstraints,
  ExtensionOid.subjectAltName,
  ExtensionOid.certificatePolicies,
  ExtensionOid.policyMappings,
  ExtensionOid.policyConstraints,
  ExtensionOid.inhibitAnyPolicy,
  ExtensionOid.crlDistributionPoints,
]);

/**
 * Checks a complete path as RFC 5280 6.1 does, without revocation and policies. The path goes from the leaf to the trust
 * anchor; its names are chained and its signatures have been verified. What a trust anchor's certificate says about
 * itself (dates, CA, path length, names) counts as well, since whoever issued it has said it.
 */
export function findPathFailure(
  path: readonly Certificate[],
  { at, usage, anchorIsAbsent = false }: PathConditions,
): PathFailure | undefined {
  const names = new NameConstraintState();
  let remainingCas = Infinity;
  for (let index = path.length - 1; index >= 0; index--) {
    const certificate = path[index];
    if (certificate === undefined) {
      continue;
    }
    const isLeaf = index === 0;
    const isAnchor = !anchorIsAbsent && index === path.length - 1;
    const failure =
      findFailureOfOne(certificate, at, isAnchor) ??
      (isLeaf ? findLeafFailure(certificate, usage) : findIssuerFailure(certificate, isAnchor, usage));
    if (failure !== undefined) {
      return failure;
    }
    const selfIssued = isSelfIssued(certificate);
    if (!isAnchor && (isLeaf || !selfIssued) && !names.allows(certificate)) {
      return { reason: 'name-constraints', certificate };
    }
    if (isLeaf) {
      continue;
    }
    const constraints = nameConstraintsOf(certificate);
    if (constraints === 'malformed') {
      return { reason: 'malformed', certificate, detail: ExtensionOid.nameConstraints };
    }
    if (constraints !== undefined) {
      names.add(constraints);
    }
    // RFC 5280 6.1.4 (l) and (m): self-issued certificates do not count.
    if (!selfIssued && !isAnchor) {
      if (remainingCas <= 0) {
        return { reason: 'path-length', certificate };
      }
      remainingCas--;
    }
    remainingCas = Math.min(remainingCas, certificate.pathLength ?? Infinity);
  }
  return undefined;
}

/** Weak keys and signatures that do not make the path invalid. */
export function pathWarnings(
  path: readonly Certificate[],
  { anchorIsAbsent = false }: Pick<PathConditions, 'anchorIsAbsent'> = {},
): readonly PathWarning[] {
  const isAnchor = (index: number): boolean =>
    !anchorIsAbsent && index === path.length - 1 && path.length > 1;
  return path.flatMap((certificate, index) =>
    [keyStrength(certificate), isAnchor(index) ? undefined : signatureStrength(certificate)].flatMap(
      (finding) => (finding === undefined ? [] : [{ certificate, finding }]),
    ),
  );
}

function findFailureOfOne(certificate: Certificate, at: Date, isAnchor: boolean): PathFailure | undefined {
  if (!certificate.isWellFormed) {
    return { reason: 'malformed', certificate };
  }
  const time = at.getTime();
  if (time < certificate.notBefore.getTime()) {
    return { reason: 'not-yet-valid', certificate };
  }
  if (time > certificate.notAfter.getTime()) {
    return { reason: 'expired', certificate };
  }
  const weak = [keyStrength(certificate), isAnchor ? undefined : signatureStrength(certificate)].find(
    (finding) => finding?.level === 'broken',
  );
  if (weak !== undefined) {
    return { reason: 'weak', certificate, detail: weak.what };
  }
  const unknown = certificate.extensions.find(
    ({ oid, critical }) => critical && !processedExtensions.has(oid),
  );
  return unknown && { reason: 'unknown-critical-extension', certificate, detail: unknown.oid };
}

/** What a certificate must be to have issued another (RFC 5280 6.1.4 (k) and (n)). */
export function findIssuerFailure(
  certificate: Certificate,
  isAnchor: boolean,
  usage: PathUsage,
): PathFailure | undefined {
  if (!mayIssue(certificate, isAnchor)) {
    return { reason: 'not-a-ca', certificate };
  }
  if (certificate.keyUsage !== undefined && !certificate.keyUsage.includes('keyCertSign')) {
    return { reason: 'key-usage', certificate };
  }
  return isAnchor ? undefined : findPurposeFailure(certificate, usage);
}

function mayIssue(certificate: Certificate, isAnchor: boolean): boolean {
  if (certificate.isCa) {
    return true;
  }
  // Old trust anchors say nothing of being a CA; what says that it is none is none.
  const says = decode.findExtension(certificate.extensions, ExtensionOid.basicConstraints) !== undefined;
  return (
    isAnchor && !says && (certificate.version < 3 || certificate.keyUsage?.includes('keyCertSign') === true)
  );
}

/** The bits of the key usage of which one is needed for a purpose (RFC 5280 4.2.1.12). */
const neededKeyUsage: Readonly<Record<PathUsage, readonly string[]>> = {
  clientAuth: ['digitalSignature', 'keyAgreement'],
  serverAuth: ['digitalSignature', 'keyEncipherment', 'keyAgreement'],
  any: [],
};

function findLeafFailure(certificate: Certificate, usage: PathUsage): PathFailure | undefined {
  const { keyUsage } = certificate;
  const needed = neededKeyUsage[usage];
  if (keyUsage !== undefined && needed.length > 0 && !needed.some((bit) => keyUsage.includes(bit))) {
    return { reason: 'key-usage', certificate };
  }
  return findPurposeFailure(certificate, usage);
}

/** A CA's extended key usage limits what it may issue for, as all TLS libraries read it. */
function findPurposeFailure(certificate: Certificate, usage: PathUsage): PathFailure | undefined {
  const purposes = certificate.extendedKeyUsage;
  if (purposes === undefined) {
    return undefined;
  }
  const isAllowed =
    usage === 'any'
      ? purposes.length > 0
      : purposes.includes(KeyPurpose[usage]) || purposes.includes(KeyPurpose.any);
  return isAllowed ? undefined : { reason: 'extended-key-usage', certificate };
}

function nameConstraintsOf(certificate: Certificate): decode.NameConstraints | 'malformed' | undefined {
  const extension = decode.findExtension(certificate.extensions, ExtensionOid.nameConstraints);
  if (extension === undefined) {
    return undefined;
  }
  try {
    const constraints = decode.decodeNameConstraints(extension.value);
    const all = [...constraints.permitted, ...constraints.excluded];
    const isUsable =
      all.length > 0 && all.every(({ base }) => base.type !== 'IP' || isPrefixMask(base.content));
    return isUsable ? constraints : 'malformed';
  } catch {
    return 'malformed';
  }
}

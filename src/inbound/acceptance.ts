import * as l10n from '@vscode/l10n';
import { isSelfIssued, orderChain } from '../pki/chain.js';
import type { Certificate } from '../pki/certificate.js';
import { commonName, displayName, type Name } from '../pki/distinguishedName.js';
import { findPath } from '../pki/pathBuilder.js';
import { pathWarnings, type PathFailure } from '../pki/pathValidation.js';
import { leafReasons } from './acceptanceOfLeaf.js';
import { optionReason, type Caller, type Option } from './acceptanceOfOption.js';
import { pathFailureText, weaknessReason } from './acceptanceTexts.js';
import type { CertificateJudgement, Judgement } from './inboundChecks.js';
import { isPassportAuthority } from './passport.js';
import { rootReason, type RootFinding } from './rootOnList.js';
import type { ListedPurpose, TrustList, TrustLists } from './trustLists.js';

/** What a certificate is to be used for; SAP has a list of authorities for each but `outbound`. */
export type Purpose = ListedPurpose | 'outbound';

/** What a reason is about. */
export type ReasonSubject = 'root' | 'usage' | 'chain' | 'validity' | 'leaf' | 'strength' | 'option';

/** One fact, for people. */
export interface Reason {
  readonly about: ReasonSubject;
  /** `problem`: refused; `unknown`: a fact is missing. */
  readonly kind: 'ok' | 'warning' | 'problem' | 'unknown';
  readonly text: string;
  /** The certificate that the reason is about, where it is one. */
  readonly certificate?: Certificate | undefined;
}

/** Where a verdict comes from. */
export interface Source {
  readonly name: string;
  readonly version: string;
  /** `YYYY-MM-DD`; empty where the source has none. */
  readonly date: string;
}

/** Whether a certificate will be accepted, and why. Revocation and policies are not looked at. */
export interface Acceptance {
  readonly verdict: 'yes' | 'warnings' | 'no' | 'cannotTell';
  /** The verdict in one sentence. */
  readonly title: string;
  readonly reasons: readonly Reason[];
  readonly sources: readonly Source[];
}

/** What is judged, for what, by which lists. */
export interface AcceptanceRequest {
  /** As the sender will present it, the leaf first. */
  readonly chain: readonly Certificate[];
  /** Certificates at hand that the chain lacks. */
  readonly extra: readonly Certificate[];
  readonly purpose: Purpose;
  readonly lists: TrustLists;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Days before the end from which on it is a warning; 30 where nothing is said. */
  readonly warningDays?: number | undefined;
  /** How the key pair came about (options 1 to 4). */
  readonly option?: Option | undefined;
  /** Who calls with it, where that is known. */
  readonly caller?: Caller | undefined;
}

/** Judges whether SAP will accept a certificate for a purpose, from facts alone. */
export function judgeAcceptance(request: AcceptanceRequest): Acceptance {
  const [leaf] = request.chain;
  if (leaf === undefined) {
    return conclude(
      [{ about: 'leaf', kind: 'unknown', text: l10n.t('There is no certificate to judge.') }],
      [],
    );
  }
  const { purpose, lists } = request;
  if (purpose === 'outbound') {
    return conclude(outboundReasons(leaf, request), []);
  }
  const list = lists[purpose];
  const path = judgePath(leaf, list, request);
  const reasons = [
    ...path.reasons,
    ...leafReasons(leaf, { ...request, rules: list.rules }),
    ...presentationReasons(request, path.path),
    ...strengthReasons(path.path),
    ...optionReason(purpose, request),
  ];
  const isPassport = path.reasons.some(({ kind }) => kind === 'unknown') && isFromPassport(path.path);
  return conclude(reasons, [
    sourceOf(list),
    ...(isPassport && purpose !== 'neo'
      ? [
          sourceOf(lists.neo),
          {
            name: l10n.t('SAP Help: Setting Up the Key Pairs and Certificates, option 2'),
            version: '620967b',
            date: '',
          },
        ]
      : []),
  ]);
}

/** What the checks of service keys ask of a certificate. */
export function certificateJudgement(acceptance: Acceptance): CertificateJudgement {
  return {
    rootListed: judgementOf(acceptance, ['root', 'chain']),
    clientAuthentication: judgementOf(acceptance, ['usage']),
  };
}

/** The verdict as the plan of a new key takes it; a warning is no reason against it. */
export function acceptanceJudgement({ verdict, title }: Acceptance): Judgement {
  return { answer: verdict === 'warnings' ? 'yes' : verdict, text: title };
}

function judgementOf({ reasons }: Acceptance, about: readonly ReasonSubject[]): Judgement {
  const own = reasons.filter((reason) => about.includes(reason.about));
  const decisive = own.find(({ kind }) => kind === 'problem') ?? own.find(({ kind }) => kind === 'unknown');
  return decisive === undefined
    ? { answer: 'yes', text: own.map(({ text }) => text).join(' ') }
    : { answer: decisive.kind === 'problem' ? 'no' : 'cannotTell', text: decisive.text };
}

interface JudgedPath {
  readonly reasons: readonly Reason[];
  /** As far as it is known, the leaf first. */
  readonly path: readonly Certificate[];
}

function judgePath(leaf: Certificate, list: TrustList, { chain, extra, now }: AcceptanceRequest): JudgedPath {
  const untrusted = [...chain.slice(1), ...extra];
  const all = [leaf, ...untrusted];
  const findings = new Map<string, RootFinding>();
  for (const certificate of all) {
    const finding = rootReason(certificate, list);
    if (finding !== undefined) {
      findings.set(certificate.sha256, finding);
    }
  }
  const anchors = (of: RootFinding['by']): readonly Certificate[] =>
    all.filter(({ sha256 }) => findings.get(sha256)?.by === of);
  let failed: { readonly failure: PathFailure; readonly path: readonly Certificate[] } | undefined;
  for (const by of ['certificate', 'key', 'issuer'] as const) {
    const trusted = anchors(by);
    if (trusted.length === 0) {
      continue;
    }
    const found = findPath({ leaf, untrusted, trusted, at: new Date(now), usage: 'clientAuth' });
    const end = found.path.at(-1);
    const finding = end === undefined ? undefined : findings.get(end.sha256);
    if (found.isValid && finding !== undefined) {
      return { reasons: [finding.reason, chainOk(found.path.length, by)], path: found.path };
    }
    if (!found.isValid && found.reason !== 'no-path') {
      if (finding?.by === by && found.certificate === leaf && isToldOfLeaf(found)) {
        return { reasons: [finding.reason, chainOk(found.path.length, by)], path: found.path };
      }
      failed ??= { failure: found, path: found.path };
    }
  }
  if (failed !== undefined) {
    const { failure, path } = failed;
    const end = path.at(-1);
    const finding = end === undefined ? undefined : findings.get(end.sha256);
    return {
      reasons: [
        ...(finding === undefined ? [] : [finding.reason]),
        {
          about: 'chain',
          kind: failure.reason === 'unchecked-signature' ? 'unknown' : 'problem',
          text: pathFailureText(failure),
          certificate: failure.certificate,
        },
      ],
      path,
    };
  }
  return unlisted(leaf, all, list);
}

/** What `leafReasons` and `weaknessReason` tell of the leaf need not be told twice. */
function isToldOfLeaf({ reason }: PathFailure): boolean {
  return ['expired', 'not-yet-valid', 'extended-key-usage', 'weak'].includes(reason);
}

function chainOk(length: number, by: RootFinding['by']): Reason {
  return {
    about: 'chain',
    kind: 'ok',
    text:
      by === 'issuer'
        ? l10n.t('The chain is complete up to the root, which is not at hand ({0} certificates).', length)
        : l10n.t('The chain is complete, with {0} certificates.', length),
  };
}

/** Why the path ends nowhere on the list. */
function unlisted(leaf: Certificate, all: readonly Certificate[], list: TrustList): JudgedPath {
  const { chain, missingIssuer } = orderChain(all, { leafSpkiSha256: leaf.spkiSha256 });
  const path = chain[0] === leaf ? chain : [leaf];
  const end = path.at(-1) ?? leaf;
  if (isFromPassport(path)) {
    return {
      path,
      reasons: [
        {
          about: 'root',
          kind: 'unknown',
          certificate: end,
          text: l10n.t(
            'This is an SAP Passport. SAP\'s set-up guide (option 2) calls its root trusted by the load balancer; "{0}" {1} of {2} does not name SSO_CA for certain, and only the list of the Neo environment names it. Try a call to be sure.',
            list.name,
            list.version,
            list.date,
          ),
        },
      ],
    };
  }
  const removed = list.removed.find(
    ({ sha256, keyIdentifier, subjectKey }) =>
      sha256 === end.sha256 || rootReasonKey(end, subjectKey, keyIdentifier),
  );
  if (removed !== undefined) {
    return {
      path,
      reasons: [
        {
          about: 'root',
          kind: list.rules.removedRoot === 'no' ? 'problem' : 'unknown',
          certificate: end,
          text: l10n.t(
            'The root "{0}" was removed from "{1}" with version {2} on {3}. Use another authority.',
            removed.subject,
            list.name,
            removed.removedIn,
            removed.removedOn,
          ),
        },
      ],
    };
  }
  if (isSelfIssued(end) && missingIssuer === undefined) {
    const isLeaf = end === leaf;
    return {
      path,
      reasons: [
        {
          about: 'root',
          kind: 'problem',
          certificate: end,
          text: isLeaf
            ? l10n.t(
                'The certificate is self-signed; only certificates signed by an authority of "{0}" {1} of {2} are accepted. Have it signed.',
                list.name,
                list.version,
                list.date,
              )
            : l10n.t(
                'The root "{0}" (SHA-256 {1}) is not on "{2}" {3} of {4}.',
                nameOf(end.subject),
                end.sha256,
                list.name,
                list.version,
                list.date,
              ),
        },
      ],
    };
  }
  return {
    path,
    reasons: [
      {
        about: 'chain',
        kind: 'unknown',
        certificate: end,
        text: l10n.t(
          'The chain is not complete: "{0}", the issuer of "{1}", is missing, and "{2}" {3} of {4} does not name it. Add the missing certificates.',
          displayName(end.issuer),
          nameOf(end.subject),
          list.name,
          list.version,
          list.date,
        ),
      },
    ],
  };
}

function rootReasonKey(end: Certificate, subjectKey: string, keyIdentifier: string | undefined): boolean {
  const probe = rootReason(end, {
    roots: [
      { subject: '', subjectKey, keyIdentifier, sha256: undefined, sha1: undefined, notAfter: undefined },
    ],
  });
  return probe !== undefined && (probe.by === 'key' || (probe.by === 'issuer' && probe.reason.kind === 'ok'));
}

/** Order, strangers and what the sender must add. */
function presentationReasons({ chain }: AcceptanceRequest, path: readonly Certificate[]): readonly Reason[] {
  const reasons: Reason[] = [];
  const missing = path.filter((certificate) => !chain.includes(certificate) && !isSelfIssued(certificate));
  for (const certificate of missing) {
    reasons.push({
      about: 'chain',
      kind: 'warning',
      certificate,
      text: l10n.t(
        'The sender must present "{0}" as well; it is missing in the chain.',
        nameOf(certificate.subject),
      ),
    });
  }
  const given = chain.filter((certificate) => path.includes(certificate));
  if (
    given.some(
      (certificate, index) =>
        index > 0 && path.indexOf(certificate) < path.indexOf(given[index - 1] ?? certificate),
    )
  ) {
    reasons.push({
      about: 'chain',
      kind: 'warning',
      text: l10n.t('The certificates are not in order; each must be followed by its issuer.'),
    });
  }
  for (const certificate of chain.filter((one) => !path.includes(one))) {
    reasons.push({
      about: 'chain',
      kind: 'warning',
      certificate,
      text: l10n.t('"{0}" does not belong to the chain.', nameOf(certificate.subject)),
    });
  }
  return reasons;
}

function strengthReasons(path: readonly Certificate[]): readonly Reason[] {
  const warnings = pathWarnings(path);
  return warnings.length > 0
    ? warnings.map(weaknessReason)
    : [{ about: 'strength', kind: 'ok', text: l10n.t('Keys and signatures are strong enough.') }];
}

function outboundReasons(leaf: Certificate, request: AcceptanceRequest): readonly Reason[] {
  const all = [...request.chain, ...request.extra];
  const { chain } = orderChain(all, { leafSpkiSha256: leaf.spkiSha256 });
  const path = chain[0] === leaf ? chain : [leaf];
  return [
    {
      about: 'root',
      kind: 'unknown',
      text: l10n.t(
        'For outbound calls the receiver decides which authorities it trusts; none of SAP\'s lists applies. Ask the receiver whether it accepts "{0}".',
        nameOf((path.at(-1) ?? leaf).issuer),
      ),
    },
    ...leafReasons(leaf, {
      ...request,
      rules: { clientAuthentication: 'notExcluded', removedRoot: 'no' },
    }),
    ...presentationReasons(request, path),
    ...strengthReasons(path),
    ...optionReason('outbound', request),
  ];
}

function conclude(reasons: readonly Reason[], sources: readonly Source[]): Acceptance {
  const first = (kind: Reason['kind']): Reason | undefined => reasons.find((reason) => reason.kind === kind);
  const [problem, unknown, warning] = [first('problem'), first('unknown'), first('warning')];
  if (problem !== undefined) {
    return { verdict: 'no', title: l10n.t('No: {0}', problem.text), reasons, sources };
  }
  if (unknown !== undefined) {
    return { verdict: 'cannotTell', title: l10n.t('Cannot tell: {0}', unknown.text), reasons, sources };
  }
  if (warning !== undefined) {
    return { verdict: 'warnings', title: l10n.t('Yes, with a warning: {0}', warning.text), reasons, sources };
  }
  const root = reasons.find(({ about }) => about === 'root');
  return { verdict: 'yes', title: l10n.t('Yes: {0}', root?.text ?? ''), reasons, sources };
}

function sourceOf({ name, version, date }: TrustList): Source {
  return { name, version, date };
}

function isFromPassport(path: readonly Certificate[]): boolean {
  return path.some(({ issuer }) => isPassportAuthority(issuer));
}

function nameOf(name: Name): string {
  return commonName(name) === undefined
    ? displayName(name)
    : displayName({ ...name, rdns: name.rdns.slice(-1) });
}

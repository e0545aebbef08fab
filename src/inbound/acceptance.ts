import * as l10n from '@vscode/l10n';
import { isSelfIssued } from '../pki/chain.js';
import type { Certificate } from '../pki/certificate.js';
import type { SignatureMemory } from '../pki/pathBuilder.js';
import { pathWarnings } from '../pki/pathValidation.js';
import type { Purpose, Reason, ReasonSubject } from './acceptanceReason.js';
import { issuerValidityReasons, leafReasons } from './acceptanceOfLeaf.js';
import { isFromPassport, judgePath, orderedFrom } from './acceptanceOfPath.js';
import { judgePathForReceiver } from './acceptanceOfReceiver.js';
import { optionReason, type Caller, type Option } from './acceptanceOfOption.js';
import { nameOf, weaknessReason } from './acceptanceTexts.js';
import type { Judgement } from './certificateChecks.js';
import type { CertificateJudgement } from './inboundChecks.js';
import type { TrustList, TrustLists } from './trustLists.js';

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
  /** Shared by the verdicts of many certificates. */
  readonly memory?: SignatureMemory | undefined;
  /** Who calls with it, where that is known. */
  readonly caller?: Caller | undefined;
}

/** Nobody here knows the receiver's rules; what excludes a use is a problem anywhere. */
const receiversRules: TrustList['rules'] = { clientAuthentication: 'notExcluded', removedRoot: 'no' };

/** Judges whether SAP will accept a certificate for a purpose, from facts alone. */
export function judgeAcceptance(wish: AcceptanceRequest): Acceptance {
  const request = withoutCopies(wish);
  const [leaf] = request.chain;
  if (leaf === undefined) {
    return conclude(
      [{ about: 'leaf', kind: 'unknown', text: l10n.t('There is no certificate to judge.') }],
      [],
    );
  }
  const { purpose, lists } = request;
  const list = purpose === 'outbound' ? undefined : lists[purpose];
  const path = list === undefined ? judgePathForReceiver(leaf, request) : judgePath(leaf, list, request);
  const reasons = [
    ...path.reasons,
    ...leafReasons(leaf, { ...request, rules: list?.rules ?? receiversRules }),
    ...presentationReasons(request, path.path),
    ...issuerValidityReasons(path.path, request),
    ...strengthReasons(path.path, path),
    ...optionReason(purpose, request),
  ];
  if (list === undefined) {
    return conclude(reasons, []);
  }
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
  // What stands above a listed authority, such as the root of a cross certificate, is needless but no stranger.
  const beside = chain.filter((one) => !path.includes(one));
  const [leaf] = chain;
  const related = beside.length === 0 || leaf === undefined ? [] : orderedFrom(leaf, chain).chain;
  for (const certificate of beside.filter((one) => !related.includes(one))) {
    reasons.push({
      about: 'chain',
      kind: 'warning',
      certificate,
      text: l10n.t('"{0}" does not belong to the chain.', nameOf(certificate.subject)),
    });
  }
  return reasons;
}

/** Each certificate once, as the chain has it: what was read a second time is no other certificate. */
function withoutCopies(request: AcceptanceRequest): AcceptanceRequest {
  const known = new Map<string, Certificate>();
  for (const certificate of [...request.chain, ...request.extra]) {
    known.set(certificate.sha256, known.get(certificate.sha256) ?? certificate);
  }
  const length = new Set(request.chain.map(({ sha256 }) => sha256)).size;
  const all = [...known.values()];
  return { ...request, chain: all.slice(0, length), extra: all.slice(length) };
}

function strengthReasons(
  path: readonly Certificate[],
  ends: { readonly anchorIsAbsent: boolean },
): readonly Reason[] {
  const warnings = pathWarnings(path, ends);
  return warnings.length > 0
    ? warnings.map(weaknessReason)
    : [{ about: 'strength', kind: 'ok', text: l10n.t('Keys and signatures are strong enough.') }];
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

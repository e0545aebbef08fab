import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import { judgeAcceptance, type Acceptance, type Source } from '../inbound/acceptance.js';
import type { Option } from '../inbound/acceptanceOfOption.js';
import { judgeOptionOfFile } from '../inbound/entryOption.js';
import type { Purpose, Reason } from '../inbound/acceptanceReason.js';
import type { TrustLists } from '../inbound/trustLists.js';
import type { Certificate } from '../pki/certificate.js';
import { displayName } from '../pki/distinguishedName.js';
import { SignatureMemory } from '../pki/pathBuilder.js';
import { shortened, visibleText } from '../ui/visibleText.js';
import type { Arrangement } from './inspectorChain.js';
import type { PageVerdict } from './protocolInspector.js';

/** One question about the certificates of the page. */
export interface JudgingCase {
  readonly id: string;
  readonly question: string;
  readonly purpose: Purpose;
  readonly lists: TrustLists;
  /** `ofFile`: told from what the file holds. */
  readonly option?: Option | 'ofFile' | undefined;
}

/** What is to be judged; where the lists of the setting cannot be used, why. */
export type Judging =
  { readonly cases: readonly JudgingCase[]; readonly warningDays: number } | { readonly failure: string };

/** More strangers than these make no presented chain any more, but a collection; they only lend their issuers then. */
const maxStrangers = 5;

/** More reasons than these are not read by anybody. */
const maxReasons = 15;

/** The questions for a certificate, SAP's lists at hand. */
export function judgingCases(
  lists: TrustLists,
  about: {
    readonly option?: JudgingCase['option'];
    /** Of the tenant that is called; of both where that is not known. */
    readonly environment: 'cloudFoundry' | 'neo' | 'any';
  },
): readonly JudgingCase[] {
  const { option, environment } = about;
  const ofCloudFoundry: readonly JudgingCase[] = [
    {
      id: 'integrationFlow',
      purpose: 'integrationFlow',
      question: l10n.t("Will SAP's load balancer accept it?"),
      lists,
      option,
    },
    {
      id: 'tokenByCertificate',
      purpose: 'tokenByCertificate',
      question: l10n.t('Will it be accepted where a token is requested with the certificate?'),
      lists,
      option,
    },
  ];
  const neo: JudgingCase = {
    id: 'neo',
    purpose: 'neo',
    question: l10n.t('Will the load balancer of Neo accept it?'),
    lists,
    option,
  };
  return [
    ...(environment === 'neo' ? [] : ofCloudFoundry),
    ...(environment === 'cloudFoundry' ? [] : [neo]),
    {
      id: 'outbound',
      purpose: 'outbound',
      question: l10n.t('Does it serve calls from Cloud Integration to a receiver?'),
      lists,
      option,
    },
  ];
}

/** The answers, the first the one that most people ask for; empty without certificates. */
export function pageVerdicts(
  arrangement: Arrangement,
  given: {
    readonly certificates: readonly Certificate[];
    readonly isOrdered: boolean;
    /** Public keys of the private keys that are there as well. */
    readonly keys: ReadonlySet<string | undefined>;
  },
  { cases, warningDays }: Extract<Judging, { readonly cases: unknown }>,
  now: number,
): readonly PageVerdict[] {
  const [leaf] = arrangement.members;
  if (leaf === undefined) {
    return [];
  }
  const { chain, extra } = presented(arrangement, given);
  const memory = new SignatureMemory();
  return cases.map(({ id, question, purpose, lists, option: of }) => {
    const option = of === 'ofFile' ? optionOfFile(leaf.certificate, given.keys) : of;
    const request = { chain, extra, purpose, lists, now, warningDays, option, memory };
    return pageVerdict(
      { id, question },
      judged(() => judgeAcceptance(request)),
    );
  });
}

/** A certificate alone does not tell who holds its key: it may be that of a tenant's key pair. */
function optionOfFile(
  { issuer, spkiSha256 }: Certificate,
  keys: ReadonlySet<string | undefined>,
): Option | undefined {
  const { option } = judgeOptionOfFile(displayName(issuer));
  return option === 2 || keys.has(spkiSha256) ? option : undefined;
}

/** The chain as a sender would present it: in the order of the file where it has one, the leaf first. */
function presented(
  { members }: Arrangement,
  { certificates, isOrdered }: { readonly certificates: readonly Certificate[]; readonly isOrdered: boolean },
): { readonly chain: readonly Certificate[]; readonly extra: readonly Certificate[] } {
  const strangers = members.filter(({ role }) => role === 'other').map(({ certificate }) => certificate);
  const own = members.filter(({ role }) => role !== 'other').map(({ certificate }) => certificate);
  const chain = own.length === 0 ? strangers.slice(0, 1) : own;
  const leaf = chain[0];
  if (strangers.length > maxStrangers || leaf === undefined) {
    return { chain, extra: strangers.filter((one) => !chain.includes(one)) };
  }
  if (!isOrdered) {
    return { chain: [...chain, ...strangers.filter((one) => !chain.includes(one))], extra: [] };
  }
  const distinct = [...new Map(certificates.map((one) => [one.sha256, one])).values()];
  return { chain: [leaf, ...distinct.filter(({ sha256 }) => sha256 !== leaf.sha256)], extra: [] };
}

function judged(judge: () => Acceptance): Acceptance {
  try {
    return judge();
  } catch (error) {
    if (!KeystoreError.is(error)) {
      throw error;
    }
    const text = l10n.t('It cannot be judged: {0}', error.message);
    return { verdict: 'cannotTell', title: text, reasons: [], sources: [] };
  }
}

function pageVerdict(
  about: Pick<PageVerdict, 'id' | 'question'>,
  { verdict, title, reasons, sources }: Acceptance,
): PageVerdict {
  // The answer repeats the reason that decides.
  const rest = reasons.filter(({ text }) => !title.endsWith(text));
  const shown = rest.sort((a, b) => weight(a) - weight(b)).slice(0, maxReasons);
  return {
    ...about,
    verdict,
    word: verdictWord(verdict),
    answer: shownSentence(title),
    reasons: [
      ...shown.map(({ kind, text }) => ({ kind, word: reasonWord(kind), text: shownSentence(text) })),
      ...(shown.length < rest.length
        ? [
            {
              kind: 'warning' as const,
              word: reasonWord('warning'),
              text: l10n.t('{0} further reasons are not shown.', rest.length - shown.length),
            },
          ]
        : []),
    ],
    sources: [...sources.map(sourceText), l10n.t('Revocation and certificate policies are not looked at.')],
  };
}

/** A sentence with a name in it that may be longer than anybody reads. */
function shownSentence(text: string): string {
  return shortened(visibleText(text), 1000);
}

function weight({ kind }: Reason): number {
  return ['problem', 'unknown', 'warning', 'ok'].indexOf(kind);
}

function sourceText({ name, version, date }: Source): string {
  return date === '' ? `${name}, ${version}` : l10n.t('{0}, {1} of {2}', name, version, date);
}

function verdictWord(verdict: Acceptance['verdict']): string {
  switch (verdict) {
    case 'yes':
      return l10n.t('Yes');
    case 'warnings':
      return l10n.t('Yes, with a warning');
    case 'no':
      return l10n.t('No');
    case 'cannotTell':
      return l10n.t('Cannot tell');
  }
}

function reasonWord(kind: Reason['kind']): string {
  switch (kind) {
    case 'ok':
      return l10n.t('OK');
    case 'warning':
      return l10n.t('Warning');
    case 'problem':
      return l10n.t('Problem');
    case 'unknown':
      return l10n.t('Not known');
  }
}

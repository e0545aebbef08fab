import * as l10n from '@vscode/l10n';
import { sameNames } from './sameName.js';
import type { SenderCertificate } from './senderCertificate.js';
import type { ChosenEndpoint, SenderSetUp, Way } from './senderSetUp.js';
import type { StageJudgement } from './stage.js';

/** What a tenant tells of the sender adapter behind an endpoint; each part undefined where it does not. */
export interface AdapterFacts {
  /** Name of the integration flow. */
  readonly flow: string | undefined;
  readonly authorization: 'userRole' | 'clientCertificate' | undefined;
  readonly userRole: string | undefined;
  /** For the authorization by client certificate: what the adapter lists. */
  readonly certificates: readonly { readonly subjectDn: string; readonly issuerDn: string }[] | undefined;
  /** Where it is known from, and why parts are not, a sentence each. */
  readonly notes: readonly string[];
}

/** The endpoint as far as it is known. */
export type EndpointFact =
  | { readonly kind: 'notChosen' }
  /** It is being asked for, or the tenant does not tell. */
  | { readonly kind: 'notKnown'; readonly endpoint: ChosenEndpoint; readonly reason: string }
  /** No deployed flow has it. */
  | { readonly kind: 'gone'; readonly endpoint: ChosenEndpoint }
  /** Its flow is deployed and does not run. */
  | {
      readonly kind: 'notStarted';
      readonly endpoint: ChosenEndpoint;
      readonly flow: string;
      readonly status: string;
    }
  | { readonly kind: 'known'; readonly endpoint: ChosenEndpoint; readonly adapter: AdapterFacts };

/** The role that the endpoint asks for by its own facts, else the one that the person named. */
export function neededRole({ userRole }: Pick<SenderSetUp, 'userRole'>, endpoint: EndpointFact): string {
  return (endpoint.kind === 'known' ? endpoint.adapter.userRole : undefined) ?? userRole;
}

/** What a call to the set-up needs of the adapter. */
interface Needed {
  readonly certificate: SenderCertificate | undefined;
}

/** Whether the sender adapter asks for what the way needs: from the tenant where it tells, else to be set by a person. */
export function adapterStage(fact: EndpointFact, way: Way, needed: Needed): StageJudgement {
  switch (fact.kind) {
    case 'notChosen':
      return {
        state: 'toBeSet',
        reason: l10n.t('The values are below; they are entered in the integration flow and deployed there.'),
        details: [l10n.t('No endpoint is chosen, so nothing can be looked up.')],
        next: 'changeEndpoint',
      };
    case 'gone':
      return {
        state: 'problem',
        reason: l10n.t(
          'No deployed integration flow has the endpoint "{0}": a call would get 404.',
          fact.endpoint.address,
        ),
        next: 'changeEndpoint',
      };
    case 'notStarted':
      return {
        state: 'problem',
        reason: l10n.t(
          'The integration flow "{0}" is deployed but not started ({1}), so calls fail.',
          fact.flow,
          fact.status,
        ),
      };
    case 'notKnown':
      return {
        state: 'notKnown',
        reason: fact.reason,
        details: [
          l10n.t('The values are below; they are entered in the integration flow and deployed there.'),
        ],
      };
    case 'known':
      return { details: fact.adapter.notes, ...judge(fact.adapter, fact.endpoint, way, needed) };
  }
}

function judge(
  { authorization, userRole, certificates, flow }: AdapterFacts,
  { address }: ChosenEndpoint,
  way: Way,
  { certificate }: Needed,
): StageJudgement {
  const where = flow === undefined ? address : l10n.t('"{0}" ({1})', flow, address);
  if (authorization === undefined) {
    return {
      state: 'notKnown',
      reason: l10n.t('The tenant tells that {0} is deployed, but not how its adapter authorizes.', where),
    };
  }
  if (way === 'mapping') {
    if (authorization === 'clientCertificate') {
      return {
        state: 'problem',
        reason: l10n.t(
          'The adapter of {0} is set to Client Certificate: the mapping is not looked at there. Set User Role and deploy.',
          where,
        ),
      };
    }
    return userRole === undefined
      ? {
          state: 'notKnown',
          reason: l10n.t('The adapter of {0} asks for a user role; which one is not told.', where),
        }
      : { state: 'ok', reason: l10n.t('The adapter of {0} asks for {1}.', where, userRole) };
  }
  if (authorization === 'userRole') {
    return {
      state: 'problem',
      reason: l10n.t(
        'The adapter of {0} is set to User Role: the certificates of the adapter are not looked at there.',
        where,
      ),
    };
  }
  if (certificates === undefined) {
    return {
      state: 'notKnown',
      reason: l10n.t('The tenant does not tell which certificates the adapter of {0} lists.', where),
    };
  }
  const isListed = certificates.some((names) => sameNames(names, certificate));
  return isListed
    ? { state: 'ok', reason: l10n.t('The adapter of {0} lists subject and issuer.', where) }
    : {
        state: 'missing',
        reason: l10n.t('The adapter of {0} does not list this subject with this issuer.', where),
      };
}

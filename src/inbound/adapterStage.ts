import * as l10n from '@vscode/l10n';
import { nameKey, parseName } from '../pki/distinguishedName.js';
import type { SenderCertificate } from './senderCertificate.js';
import type { ChosenEndpoint, Way } from './senderSetUp.js';
import type { StageJudgement } from './stage.js';

/** What a tenant tells of the sender adapter behind an endpoint; each part undefined where it does not. */
export interface AdapterFacts {
  /** Name of the integration flow. */
  readonly flow: string | undefined;
  readonly authorization: 'userRole' | 'clientCertificate' | undefined;
  readonly userRole: string | undefined;
  /** For the authorization by client certificate: what the adapter lists. */
  readonly certificates: readonly { readonly subjectDn: string; readonly issuerDn: string }[] | undefined;
}

/** The endpoint as far as it is known. */
export type EndpointFact =
  | { readonly kind: 'notChosen' }
  /** The tenant tells nothing of it. */
  | { readonly kind: 'notKnown'; readonly endpoint: ChosenEndpoint; readonly reason: string }
  | { readonly kind: 'gone'; readonly endpoint: ChosenEndpoint }
  | { readonly kind: 'known'; readonly endpoint: ChosenEndpoint; readonly adapter: AdapterFacts };

/** Whether the sender adapter asks for what the way needs: from the tenant where it tells, else to be set by a person. */
export function adapterStage(
  fact: EndpointFact,
  way: Way,
  needed: { readonly userRole: string; readonly certificate: SenderCertificate | undefined },
): StageJudgement {
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
        reason: l10n.t('The tenant has no endpoint "{0}" deployed any more.', fact.endpoint.address),
        next: 'changeEndpoint',
      };
    case 'notKnown':
      return {
        state: 'toBeSet',
        reason: l10n.t('The values are below; they are entered in the integration flow and deployed there.'),
        details: [fact.reason],
      };
    case 'known':
      return judge(fact.adapter, fact.endpoint, way, needed);
  }
}

function judge(
  { authorization, userRole, certificates, flow }: AdapterFacts,
  { address }: ChosenEndpoint,
  way: Way,
  needed: { readonly userRole: string; readonly certificate: SenderCertificate | undefined },
): StageJudgement {
  const where = flow === undefined ? address : l10n.t('"{0}" ({1})', flow, address);
  if (authorization === undefined) {
    return {
      state: 'toBeSet',
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
    return userRole === undefined || userRole === needed.userRole
      ? {
          state: 'ok',
          reason: l10n.t('The adapter of {0} asks for {1}.', where, userRole ?? l10n.t('a user role')),
        }
      : {
          state: 'problem',
          reason: l10n.t(
            'The adapter of {0} asks for the role {1}, this set-up for {2}.',
            where,
            userRole,
            needed.userRole,
          ),
          next: 'changeRole',
        };
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
      state: 'toBeSet',
      reason: l10n.t('The tenant does not tell which certificates the adapter of {0} lists.', where),
    };
  }
  const { certificate } = needed;
  const isListed = certificates.some(
    ({ subjectDn, issuerDn }) =>
      sameName(subjectDn, certificate?.subjectDn) && sameName(issuerDn, certificate?.issuerDn),
  );
  return isListed
    ? { state: 'ok', reason: l10n.t('The adapter of {0} lists subject and issuer.', where) }
    : {
        state: 'missing',
        reason: l10n.t('The adapter of {0} does not list this subject with this issuer.', where),
      };
}

/** The adapter compares names; a text that is no name equals only itself. */
function sameName(one: string, other: string | undefined): boolean {
  if (other === undefined) {
    return false;
  }
  try {
    return nameKey(parseName(one)) === nameKey(parseName(other));
  } catch {
    return one === other;
  }
}

import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import { isArray, type JsonObject } from '../http/checked.js';
import type { CfParameters } from '../platform/cfResources.js';
import { putAt } from './planSchema.js';
import { defaultUserRole } from './senderSetUp.js';
import { checkedTokenValidity, type TokenValidity } from './tokenValidity.js';

/** Technical names in the marketplace, as SAP documents them. */
export const processIntegrationRuntime = {
  offering: 'it-rt',
  /** For senders. */
  integrationFlowPlan: 'integration-flow',
  /** For this extension. */
  apiPlan: 'api',
} as const;

/** The one grant type that every certificate key needs. */
export const clientCredentials = 'client_credentials';

/** Deprecated: an instance with it takes no changes and no new keys. */
export const deprecatedGrantType = 'client_x509';

/** What is to be had to use this extension with an instance of plan `api`. */
export const apiRoles = ['MonitoringDataRead', 'SecurityMaterialEdit'] as const;

/** Grant types as the form of plan `integration-flow` offers them, by their technical names. */
export const grantTypes = [
  clientCredentials,
  'authorization_code',
  'password',
  'refresh_token',
  'urn:ietf:params:oauth:grant-type:saml2-bearer',
  'urn:ietf:params:oauth:grant-type:jwt-bearer',
] as const;

/** What an instance grants, as far as its parameters can be read. */
export type InstanceGrants =
  | {
      readonly kind: 'known';
      readonly roles: readonly string[];
      readonly grantTypes: readonly string[];
    }
  | { readonly kind: 'notKnown'; readonly reason: string };

/** What is proposed for a new instance. */
export const proposedGrants = { roles: [defaultUserRole], grantTypes: [clientCredentials] } as const;

/** Reads roles and grant types from the parameters of an instance. */
export function instanceGrants(parameters: CfParameters): InstanceGrants {
  switch (parameters.kind) {
    case 'known': {
      const roles = texts(parameters.parameters['roles']);
      const types = texts(parameters.parameters['grant-types']);
      return roles === undefined && types === undefined
        ? notKnown(l10n.t('The parameters of the service instance name neither roles nor grant types.'))
        : { kind: 'known', roles: roles ?? [], grantTypes: types ?? [] };
    }
    case 'notRetrievable':
      return notKnown(
        l10n.t('SAP does not give out with which parameters the service instance was created.'),
      );
    case 'forbidden':
      return notKnown(l10n.t('Your Cloud Foundry user may not read the parameters of the service instance.'));
    case 'gone':
      return notKnown(l10n.t('The service instance is not there any more.'));
  }
}

/**
 * Parameters of a new instance of a plan; throws `invalid-input` with an explanation for a role that SAP refuses, and for a
 * validity of access tokens that the plan does not allow. Without seconds, SAP's default holds.
 */
export function newInstanceParameters(
  plan: string,
  grants: { readonly roles: readonly string[]; readonly grantTypes: readonly string[] },
  token?: { readonly validity: TokenValidity | undefined; readonly seconds: number | undefined },
): JsonObject {
  for (const role of grants.roles) {
    const problem = roleProblem(role);
    if (problem !== undefined) {
      throw new KeystoreError('invalid-input', 'A role cannot be used', {
        details: { explanation: problem },
      });
    }
  }
  const common: Record<string, unknown> = { 'grant-types': [...grants.grantTypes], roles: [...grants.roles] };
  if (token?.validity !== undefined && token.seconds !== undefined) {
    putAt(common, token.validity.path, checkedTokenValidity(token.seconds, token.validity));
  }
  return plan === processIntegrationRuntime.apiPlan ? common : { ...common, 'redirect-uris': [] };
}

/**
 * Parameters for a change of an instance: all that is known of it with what changes, since SAP does not document whether
 * what is not sent is kept.
 */
export function changedInstanceParameters(
  current: CfParameters,
  change: { readonly roles?: readonly string[]; readonly grantTypes?: readonly string[] },
): JsonObject {
  const known = current.kind === 'known' ? current.parameters : {};
  return {
    ...known,
    ...(change.roles === undefined ? {} : { roles: [...change.roles] }),
    ...(change.grantTypes === undefined ? {} : { 'grant-types': [...change.grantTypes] }),
  };
}

/** Grant types without the deprecated one, with the one that certificates need; the others stay in their order. */
export function mendedGrantTypes(current: readonly string[]): readonly string[] {
  const kept = current.filter((type) => type !== deprecatedGrantType);
  return kept.includes(clientCredentials) ? kept : [clientCredentials, ...kept];
}

/** What is wrong with a role's name by SAP's rule (letters, digits, `_` and `.`); undefined where nothing is. */
export function roleProblem(role: string): string | undefined {
  if (role === '') {
    return l10n.t('The name of the role is missing.');
  }
  return /^[A-Za-z0-9_.]+$/.test(role)
    ? undefined
    : l10n.t(
        '"{0}" is no name of a role: SAP allows the letters a-z and A-Z, digits, "_" and "." only.',
        role,
      );
}

function notKnown(reason: string): InstanceGrants {
  return { kind: 'notKnown', reason };
}

function texts(value: unknown): readonly string[] | undefined {
  return isArray(value) ? value.filter((one) => typeof one === 'string') : undefined;
}

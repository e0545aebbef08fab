import * as l10n from '@vscode/l10n';
import { labelText, visibleText } from '../../ui/visibleText.js';
import type { InboundStateName, InboundStateNode } from './inboundModel.js';
import type { InboundStep, PresentedInbound } from './presentedInbound.js';
import { traits, type PresentedIcon } from './presentation.js';

/** The row of a state, with its next step as words and as what selecting it does. */
export function presentInboundState(node: InboundStateNode): PresentedInbound {
  const label = inboundStateText(node);
  const id = stepOf(node);
  const title = id === undefined ? undefined : stepText(id);
  return {
    label,
    // Whom to ask for what is in the reason; what could be tried again is not.
    description:
      node.state === 'notReadable' && node.explanation !== undefined
        ? labelText(node.explanation, 400)
        : title,
    icon: iconOf(node.state),
    contextValue: traits('state', node.state),
    accessibilityLabel: title === undefined ? label : l10n.t('{0}. Next step: {1}', label, title),
    collapsible: 'none',
    ...(id === undefined || title === undefined ? {} : { command: { id, title } }),
  };
}

/** What a state's tooltip tells. */
export function explainInboundState(node: InboundStateNode): readonly string[] {
  const explanation = node.explanation ?? stateExplanation(node.state);
  return [inboundStateText(node), ...(explanation === undefined ? [] : [visibleText(explanation)])];
}

/** A state in one sentence. */
export function inboundStateText({ state, soFar, code, asked }: InboundStateNode): string {
  const isNeo = asked === 'neo';
  switch (state) {
    case 'loading':
      return soFar === undefined || soFar.instances === 0
        ? l10n.t('Reading…')
        : l10n.t('Reading… {0} instances, {1} keys so far', soFar.instances, soFar.keys);
    case 'signedOut':
      return l10n.t('Not signed in to Cloud Foundry');
    case 'expired':
      return l10n.t('The sign-in to Cloud Foundry has expired');
    case 'noSpace':
      return l10n.t('No space is chosen');
    case 'empty':
    case 'emptyEverywhere':
      return l10n.t('No service instance of Process Integration Runtime');
    case 'noKeys':
      return l10n.t('No service key');
    case 'truncated':
      return l10n.t('There are more instances or keys than are shown');
    case 'notReadable':
      return l10n.t('What the key holds cannot be read');
    case 'offline':
      return isNeo
        ? l10n.t('Offline: the tenant cannot be reached')
        : l10n.t('Offline: Cloud Foundry cannot be reached');
    case 'busy':
      if (isNeo) {
        return code === 'rate-limited'
          ? l10n.t('The tenant asks for a pause: too many requests')
          : l10n.t('The tenant did not answer as it should');
      }
      return code === 'rate-limited'
        ? l10n.t('Cloud Foundry asks for a pause: too many requests')
        : l10n.t('Cloud Foundry did not answer as it should');
    case 'forbidden':
      return isNeo
        ? l10n.t('No permission to see certificate-to-user mappings')
        : l10n.t('No permission to see service instances');
    case 'tenantSignedOut':
      return l10n.t('The tenant is signed out');
    case 'noMappings':
      return l10n.t('No certificate is mapped to a user');
    case 'notOffered':
      return l10n.t('The tenant has no certificate-to-user mappings');
    case 'untrusted':
      return l10n.t("The server's certificate is not trusted");
    case 'error':
      return l10n.t('It could not be read');
  }
}

function stateExplanation(state: InboundStateName): string | undefined {
  switch (state) {
    case 'signedOut':
      return l10n.t('Who may call the tenant stands in service keys of Cloud Foundry. Sign in to see them.');
    case 'noSpace':
      return l10n.t('Choose the space in which the service instances of this tenant are.');
    case 'empty':
      return l10n.t('Look in every space, or create a service instance.');
    case 'emptyEverywhere':
      return l10n.t(
        'No space that you may see has one. Create a service instance of plan integration-flow for senders.',
      );
    case 'noKeys':
      return l10n.t('Nobody may call by this instance until it has a service key.');
    case 'noMappings':
      return l10n.t('No sender may call with a client certificate until it is mapped to a user.');
    case 'notOffered':
      return l10n.t(
        'It answers as a tenant of Cloud Foundry does, where service keys hold certificates. Connect it with a service key to see them.',
      );
    default:
      return undefined;
  }
}

function stepOf({ state, asked }: InboundStateNode): InboundStep | undefined {
  if (asked === 'neo' && state === 'forbidden') {
    return 'ciKeystore.tenant.signIn';
  }
  switch (state) {
    case 'loading':
    case 'truncated':
      return undefined;
    case 'noKeys':
      return 'ciKeystore.serviceKey.create';
    case 'emptyEverywhere':
      return 'ciKeystore.serviceInstance.create';
    case 'signedOut':
    case 'expired':
      return 'ciKeystore.cloudFoundry.signIn';
    case 'noSpace':
    case 'forbidden':
      return 'ciKeystore.cloudFoundry.chooseSpace';
    case 'empty':
      return 'ciKeystore.inboundClients.allSpaces';
    case 'notReadable':
    case 'offline':
    case 'busy':
      return 'ciKeystore.inboundClients.refresh';
    case 'untrusted':
    case 'error':
      return 'ciKeystore.log.show';
    case 'tenantSignedOut':
      return 'ciKeystore.tenant.signIn';
    case 'noMappings':
      return 'ciKeystore.userMapping.create';
    case 'notOffered':
      return 'ciKeystore.tenant.edit';
  }
}

function stepText(step: InboundStep): string {
  switch (step) {
    case 'ciKeystore.cloudFoundry.signIn':
      return l10n.t('Sign in');
    case 'ciKeystore.cloudFoundry.chooseSpace':
      return l10n.t('Choose a space');
    case 'ciKeystore.inboundClients.refresh':
      return l10n.t('Try again');
    case 'ciKeystore.inboundClients.allSpaces':
      return l10n.t('Look in every space');
    case 'ciKeystore.serviceInstance.create':
      return l10n.t('Create a service instance');
    case 'ciKeystore.serviceKey.create':
      return l10n.t('Create a service key');
    case 'ciKeystore.log.show':
      return l10n.t('Show the log');
    case 'ciKeystore.tenant.signIn':
      return l10n.t('Sign in again');
    case 'ciKeystore.tenant.edit':
      return l10n.t('Edit the tenant');
    case 'ciKeystore.userMapping.create':
      return l10n.t('Create a mapping');
  }
}

function iconOf(state: InboundStateName): PresentedIcon {
  switch (state) {
    case 'loading':
      return { id: 'loading~spin' };
    case 'signedOut':
    case 'expired':
    case 'tenantSignedOut':
      return { id: 'sign-in' };
    case 'noSpace':
    case 'empty':
    case 'emptyEverywhere':
    case 'noKeys':
    case 'noMappings':
    case 'notOffered':
      return { id: 'info' };
    case 'truncated':
    case 'busy':
      return { id: 'watch', color: 'list.warningForeground' };
    case 'offline':
      return { id: 'debug-disconnect', color: 'list.warningForeground' };
    case 'notReadable':
    case 'forbidden':
    case 'untrusted':
      return { id: 'lock', color: 'list.errorForeground' };
    case 'error':
      return { id: 'error', color: 'list.errorForeground' };
  }
}

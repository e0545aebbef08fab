import * as l10n from '@vscode/l10n';
import { nextStepCommand, type NextStepCommand } from './failureState.js';
import type { StateNode } from './model.js';
import { traits, type PresentedIcon, type PresentedNode } from './presentation.js';
import { labelText } from '../../ui/visibleText.js';

/** The row of a state, with its next step as words and as what selecting it does. */
export function presentState(node: StateNode): PresentedNode {
  const label = stateText(node);
  const command = nextStepCommand(node.state);
  const step = command === undefined ? undefined : nextStepText(command);
  return {
    label,
    description: step,
    icon: stateIcon(node),
    contextValue: traits('state', node.state, node.hexalias !== undefined && 'chainState'),
    accessibilityLabel: step === undefined ? label : l10n.t('{0}. Next step: {1}', label, step),
    collapsible: 'none',
    ...(command === undefined || step === undefined ? {} : { command: { id: command, title: step } }),
  };
}

/** What a state is called. */
export function stateText(node: StateNode): string {
  switch (node.state) {
    case 'loading':
      return node.entriesSoFar === undefined || node.entriesSoFar === 0
        ? l10n.t('Reading the keystore…')
        : l10n.t('Reading the keystore… {0} entries so far', node.entriesSoFar);
    case 'empty':
      return l10n.t('The keystore has no entries');
    case 'noMatch':
      return l10n.t('No entry matches "{0}"', labelText(node.filter ?? '', 60));
    case 'signedOut':
      return l10n.t('Signed out');
    case 'offline':
      return l10n.t('Offline: the tenant cannot be reached');
    case 'busy':
      return busyText(node);
    case 'unauthorized':
      return l10n.t('The tenant did not accept the credentials');
    case 'forbidden':
      return l10n.t('No permission to read the keystore');
    case 'untrusted':
      return l10n.t("The server's certificate is not trusted");
    case 'notFound':
      return l10n.t('No keystore was found at this address');
    case 'gone':
      return l10n.t('The entry is no longer in the keystore');
    case 'stale':
      return l10n.t('Another window has changed the connections');
    case 'error':
      return node.hexalias === undefined
        ? l10n.t('The keystore could not be read')
        : l10n.t('The certificate chain could not be read');
  }
}

function busyText(node: StateNode): string {
  switch (node.code) {
    case 'timeout':
      return l10n.t('The tenant did not answer in time');
    case 'rate-limited':
      return l10n.t('The tenant asks for a pause: too many requests');
    case 'locked':
      return l10n.t('The keystore is locked: another person is changing it');
    default:
      return l10n.t('The tenant answered with an error of its own');
  }
}

function nextStepText(command: NextStepCommand): string {
  switch (command) {
    case 'ciKeystore.tenant.signIn':
      return l10n.t('Sign in');
    case 'ciKeystore.tenant.test':
      return l10n.t('Test the connection');
    case 'ciKeystore.tenant.edit':
      return l10n.t('Edit the connection');
    case 'ciKeystore.entries.refresh':
      return l10n.t('Try again');
    case 'ciKeystore.entries.clearFilter':
      return l10n.t('Clear the filter');
    case 'ciKeystore.keyPair.create':
      return l10n.t('Create a key pair');
    case 'ciKeystore.log.show':
      return l10n.t('Show the log');
    case 'ciKeystore.window.reload':
      return l10n.t('Reload the window');
  }
}

function stateIcon(node: StateNode): PresentedIcon {
  switch (node.state) {
    case 'loading':
      return { id: 'loading~spin' };
    case 'empty':
      return { id: 'info' };
    case 'noMatch':
      return { id: 'filter' };
    case 'signedOut':
      return { id: 'sign-in' };
    case 'offline':
      return { id: 'debug-disconnect', color: 'list.warningForeground' };
    case 'busy':
    case 'gone':
    case 'stale':
      return { id: 'watch', color: 'list.warningForeground' };
    case 'unauthorized':
    case 'forbidden':
    case 'untrusted':
      return { id: 'lock', color: 'list.errorForeground' };
    case 'notFound':
    case 'error':
      return { id: 'error', color: 'list.errorForeground' };
  }
}

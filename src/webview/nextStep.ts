import * as l10n from '@vscode/l10n';
import type { Stage } from '../inbound/stage.js';
import type { Way } from '../inbound/senderSetUp.js';
import { visibleText } from '../ui/visibleText.js';
import type { PageAction, SnapshotAction } from './protocol.js';

/** The label of a button; the title of the command that it runs. */
export function actionLabel(intent: PageAction): string {
  return labels()[intent];
}

function labels(): Readonly<Record<PageAction, string>> {
  return {
    refresh: l10n.t('Refresh'),
    inspect: l10n.t('Inspect'),
    rename: l10n.t('Rename Set-Up…'),
    remove: l10n.t('Delete Set-Up…'),
    saveMarkdown: l10n.t('Save as Markdown…'),
    changeCertificate: l10n.t('Choose Certificate…'),
    changeReceiver: l10n.t('Choose Receiver…'),
    changeEndpoint: l10n.t('Choose Endpoint…'),
    changeRole: l10n.t('Choose Role…'),
    copyValues: l10n.t('Copy Adapter Values'),
    copyCf: l10n.t('Copy as cf Commands'),
    copyTerraform: l10n.t('Copy as Terraform'),
    copyCockpit: l10n.t('Copy as Cockpit Steps'),
    copyCurl: l10n.t('Copy as curl Commands'),
    downloadSigningRequest: l10n.t('Download Signing Request…'),
    importSigningResponse: l10n.t('Import Signing Response…'),
    createKeyPair: l10n.t('Create Key Pair…'),
    saveCertificate: l10n.t('Save Certificate…'),
    signInCloudFoundry: l10n.t('Sign In to Cloud Foundry…'),
    chooseSpace: l10n.t('Choose Space…'),
    readServiceKeys: l10n.t('Read Service Keys'),
    showServiceKey: l10n.t('Show Service Key in Inbound Clients'),
    createServiceKey: l10n.t('Create Service Key…'),
    createInstance: l10n.t('Create Service Instance…'),
    changeRoles: l10n.t('Change Roles…'),
    mendGrantTypes: l10n.t('Mend Grant Types…'),
    renewCertificate: l10n.t('Renew Client Certificate…'),
    addNeoMapping: l10n.t('Create Certificate-to-User Mapping…'),
  };
}

/** What a button's step is for. */
function sentence(intent: PageAction): string {
  switch (intent) {
    case 'changeCertificate':
      return l10n.t('Choose the certificate with which the sender calls.');
    case 'refresh':
      return l10n.t('Read the facts again.');
    case 'downloadSigningRequest':
      return l10n.t('Have the key pair signed: download its signing request, then import the response.');
    case 'signInCloudFoundry':
      return l10n.t('Sign in to Cloud Foundry, so that service keys and roles can be read.');
    case 'chooseSpace':
      return l10n.t('Choose the organization and the space with the service instances of the tenant.');
    case 'readServiceKeys':
      return l10n.t('Read the service keys, so that it is known which of them holds the certificate.');
    case 'showServiceKey':
      return l10n.t('Look at the other service key, with which the mapping is in conflict.');
    case 'createServiceKey':
      return l10n.t('Create a service key that holds the certificate.');
    case 'createInstance':
      return l10n.t('Create a service instance of plan integration-flow with the role for senders.');
    case 'changeRoles':
      return l10n.t('Give the service instance the role that the endpoint asks for.');
    case 'mendGrantTypes':
      return l10n.t('Mend the grant types of the service instance.');
    case 'addNeoMapping':
      return l10n.t('Map the certificate to a user of the subaccount, as whom the sender then calls.');
    case 'changeReceiver':
      return l10n.t('Choose another receiving tenant.');
    case 'changeEndpoint':
      return l10n.t('Choose the endpoint that the sender calls.');
    case 'changeRole':
      return l10n.t('Choose the role that the endpoint asks for.');
    default:
      return '';
  }
}

/** The same where nothing waits for it. */
function offeredSentence(intent: PageAction): string {
  return intent === 'readServiceKeys'
    ? l10n.t('Read the other service keys, so that it is known whether one of them stands in the way.')
    : sentence(intent);
}

/** The one obvious next step: of the first stage that a step can bring further. */
export function nextStep(
  stages: readonly Stage[],
  options: {
    readonly way: Way;
    readonly canDo: (intent: PageAction) => boolean;
    /** Said instead, where the person can do nothing here. */
    readonly waiting: string;
  },
): { readonly text: string; readonly actions: readonly SnapshotAction[] } {
  const { way, canDo, waiting } = options;
  const open = stages.filter(({ state }) => !['waits', 'notNeeded', 'notTested'].includes(state));
  const done = open.find(({ next }) => next !== undefined && canDo(next));
  const stuck = open.find(({ state }) => state === 'problem' || state === 'missing');
  if (done?.next === undefined || (stuck !== undefined && stages.indexOf(stuck) < stages.indexOf(done))) {
    const offered = open.flatMap(({ offers = [] }) => offers).find(canDo);
    if (stuck === undefined && offered !== undefined) {
      return { text: offeredSentence(offered), actions: withLabels([offered], canDo) };
    }
    return stuck === undefined
      ? { text: enterValues(stages, way), actions: withLabels(['copyValues'], canDo) }
      : { text: stuck.next === undefined ? waiting : sentence(stuck.next) || waiting, actions: [] };
  }
  const { next, nextText } = done;
  return {
    text: nextText === undefined ? sentence(next) : visibleText(nextText),
    actions: withLabels(
      next === 'downloadSigningRequest'
        ? [next, 'importSigningResponse']
        : next === 'changeCertificate' && done.state === 'missing'
          ? [next, 'createKeyPair']
          : [next],
      canDo,
    ),
  };
}

/** Buttons for those that can be done here. */
export function withLabels(
  intents: readonly PageAction[],
  canDo: (intent: PageAction) => boolean,
): readonly SnapshotAction[] {
  return intents.filter(canDo).map((intent) => ({ intent, label: actionLabel(intent) }));
}

function enterValues(stages: readonly Stage[], way: Way): string {
  if (stages.every(({ id, state }) => state === 'ok' || state === 'notNeeded' || id === 'call')) {
    return l10n.t('All that can be known without a call is right. Have the sender call the endpoint.');
  }
  return way === 'mapping'
    ? l10n.t('Map the certificate to a role, then enter the values below in the sender adapter.')
    : l10n.t('Enter the values below in the sender adapter and deploy the integration flow.');
}

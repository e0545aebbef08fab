import * as l10n from '@vscode/l10n';
import { shortened, visibleText } from '../../ui/visibleText.js';
import { certificateDetails, entryNotes, keystoreDetails } from './entryDetails.js';
import type { ChainCertificateNode, EntriesNode, EntryNode, StateNode, TenantNode } from './model.js';
import { partText } from './presentChainCertificate.js';
import { presentGroup } from './presentGroup.js';
import { stateText } from './presentState.js';
import { countTexts, stageText, statusText } from './presentTenant.js';
import { joined, type Presentation } from './presentation.js';

/** The lines of a row's tooltip: plain text, made only when it is asked for. */
export function explain(node: EntriesNode, presentation: Presentation): readonly string[] {
  switch (node.kind) {
    case 'tenant':
      return explainTenant(node, presentation);
    case 'group': {
      const { label, description } = presentGroup(node, presentation);
      return [label, description ?? ''];
    }
    case 'entry':
      return explainEntry(node, presentation);
    case 'chainCertificate':
      return explainChainCertificate(node, presentation);
    case 'state':
      return explainState(node);
  }
}

/** What an entry's tooltip tells. */
function explainEntry({ entry }: EntryNode, presentation: Presentation): readonly string[] {
  return [
    ...[...keystoreDetails(entry), ...certificateDetails(entry, presentation.now)].map(
      ({ label, value }) => `${label}: ${shortened(value, 400)}`,
    ),
    ...entryNotes(entry).flatMap((note) => ['', note]),
  ];
}

/** What a chain certificate's tooltip tells. */
function explainChainCertificate(
  { certificate, part }: ChainCertificateNode,
  presentation: Presentation,
): readonly string[] {
  return [
    partText(part),
    ...certificateDetails(certificate, presentation.now).map(
      ({ label, value }) => `${label}: ${shortened(value, 400)}`,
    ),
  ];
}

/** What a state's tooltip tells. */
function explainState(node: StateNode): readonly string[] {
  const explanation = stateExplanation(node);
  return [
    stateText(node),
    ...(explanation === undefined ? [] : [explanation]),
    ...(node.detail === undefined || node.detail === '' ? [] : [visibleText(node.detail)]),
  ];
}

function stateExplanation(node: StateNode): string | undefined {
  switch (node.state) {
    case 'signedOut':
      return l10n.t(
        'The credentials of this tenant are not on this machine. Sign in again to read its keystore.',
      );
    case 'forbidden':
      return l10n.t(
        'Reading needs the role MonitoringDataRead. Test Connection tells which roles the credentials have.',
      );
    case 'untrusted':
      return l10n.t('Test Connection shows who issued the certificate.');
    case 'stale':
      return l10n.t('Nothing is stored until this window is reloaded.');
    default:
      return undefined;
  }
}

/** What a tenant's tooltip tells. */
function explainTenant({ tenant }: TenantNode, presentation: Presentation): readonly string[] {
  return [
    visibleText(tenant.name),
    joined(stageText(tenant), ...countTexts(tenant.status, presentation), statusText(tenant.status)),
    ...(tenant.practice ? [l10n.t('Runs on this machine, for practice; nothing in it reaches SAP.')] : []),
    ...(tenant.status.kind === 'loaded'
      ? [l10n.t('Read at {0}', new Date(tenant.status.at).toISOString())]
      : []),
    ...(tenant.status.kind === 'failed' ? [visibleText(tenant.status.detail ?? '')] : []),
  ].filter((line) => line !== '');
}

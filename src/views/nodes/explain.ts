import { shortened } from '../../ui/visibleText.js';
import { certificateDetails, entryNotes, keystoreDetails } from './entryDetails.js';
import type { ChainCertificateNode, EntriesNode, EntryNode } from './model.js';
import { partText } from './presentChainCertificate.js';
import { presentGroup } from './presentGroup.js';
import { explainState } from './presentState.js';
import { explainTenant } from './presentTenant.js';
import type { Presentation } from './presentation.js';

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

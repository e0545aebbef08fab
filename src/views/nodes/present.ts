import type { EntriesNode } from './model.js';
import { presentChainCertificate, explainChainCertificate } from './presentChainCertificate.js';
import { explainEntry, presentEntry } from './presentEntry.js';
import { presentGroup } from './presentGroup.js';
import { explainState, presentState } from './presentState.js';
import { explainTenant, presentTenant } from './presentTenant.js';
import type { Presentation, PresentedNode } from './presentation.js';

/** What a row shows. */
export function present(node: EntriesNode, presentation: Presentation): PresentedNode {
  switch (node.kind) {
    case 'tenant':
      return presentTenant(node, presentation);
    case 'group':
      return presentGroup(node, presentation);
    case 'entry':
      return presentEntry(node, presentation);
    case 'chainCertificate':
      return presentChainCertificate(node, presentation);
    case 'state':
      return presentState(node);
  }
}

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

import type { EntriesNode } from './model.js';
import { presentChainCertificate } from './presentChainCertificate.js';
import { presentEntry } from './presentEntry.js';
import { presentGroup } from './presentGroup.js';
import { presentState } from './presentState.js';
import { presentTenant } from './presentTenant.js';
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

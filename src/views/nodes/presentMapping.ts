import * as l10n from '@vscode/l10n';
import { flags } from '../../inbound/checkAnswers.js';
import { mappingSubject, mappingsSize, mappingValidUntil } from '../../inbound/userMapping.js';
import { knownMappings } from '../../services/userMappingsState.js';
import { labelText, shortened, visibleText } from '../../ui/visibleText.js';
import { quietValidityText, validityOf, validityText } from './expiry.js';
import type { MappedTenantNode, MappingNode } from './inboundModel.js';
import { checkText, partedByEnd, shortSubject, worstIcon } from './inboundWords.js';
import type { PresentedInbound } from './presentedInbound.js';
import { joined, traits, type Presentation } from './presentation.js';

/** The row of a tenant of Neo. */
export function presentMappedTenant({ tenant, isOnly }: MappedTenantNode): PresentedInbound {
  const { name, stage, practice, status } = tenant;
  const label = labelText(name);
  const known = knownMappings(status);
  const description = joined(
    stage,
    practice && l10n.t('practice'),
    'Neo',
    known !== undefined && (known.length === 1 ? l10n.t('1 mapping') : l10n.t('{0} mappings', known.length)),
    status.kind === 'loading' && known !== undefined && l10n.t('refreshing…'),
    status.kind === 'failed' && known !== undefined && l10n.t('not up to date'),
  );
  return {
    label,
    description,
    icon: { id: 'organization' },
    contextValue: traits('mappedTenant', practice && 'practice', known !== undefined && 'read'),
    accessibilityLabel: l10n.t('Inbound clients of {0}, {1}', label, description),
    collapsible: isOnly ? 'expanded' : 'collapsed',
  };
}

/** The row of a certificate-to-user mapping: the user, then whose certificate and until when. */
export function presentMapping(
  { mapping, isBeingReplaced, checks }: MappingNode,
  { now, formatDay }: Presentation,
): PresentedInbound {
  const label = labelText(mapping.user);
  const raised = flags(checks);
  const [ofItsEnd, others] = partedByEnd(raised);
  const isUrgent = ofItsEnd.length > 0;
  const end = mappingValidUntil(mapping);
  const validity =
    end === undefined
      ? undefined
      : validityOf({ validNotBefore: mapping.certificate?.notBefore, validNotAfter: end }, now);
  const description = joined(
    mapping.certificate === undefined
      ? l10n.t('certificate cannot be read')
      : shortSubject(mappingSubject(mapping)),
    validity !== undefined && (isUrgent ? validityText(validity) : quietValidityText(validity, formatDay)),
    isBeingReplaced && l10n.t('being replaced'),
    ...others.filter(({ id }) => id !== 'noCertificate').map(({ id }) => checkText(id)),
  );
  return {
    label,
    description,
    icon: worstIcon(raised) ?? { id: 'account' },
    contextValue: traits(
      'userMapping',
      mapping.certificate !== undefined && 'hasCertificate',
      isBeingReplaced && 'beingReplaced',
    ),
    accessibilityLabel: l10n.t('Certificate-to-user mapping {0}, {1}', label, description),
    collapsible: 'collapsed',
  };
}

/** What the tooltip of a tenant of Neo tells. */
export function explainMappedTenant(node: MappedTenantNode): readonly string[] {
  const { label, description } = presentMappedTenant(node);
  const known = knownMappings(node.tenant.status);
  if (known === undefined) {
    return [label, description ?? ''];
  }
  const { used, limit } = mappingsSize(known);
  return [
    label,
    description ?? '',
    l10n.t('The mappings take {0} of {1} KB.', Math.ceil(used / 1024), limit / 1024),
  ];
}

/** What the tooltip of a mapping tells. */
export function explainMapping(
  { mapping, checks }: MappingNode,
  { formatDay }: Presentation,
): readonly string[] {
  const { user, id, identifier, lastModifiedBy, lastModifiedTime } = mapping;
  const end = mappingValidUntil(mapping);
  return [
    line(l10n.t('User'), user),
    line(l10n.t('Subject'), mappingSubject(mapping)),
    ...(end === undefined ? [] : [line(l10n.t('Valid until'), formatDay(end))]),
    identifier === 'matches'
      ? l10n.t('Identifier (MD5, computed here as well): {0}', id)
      : l10n.t('Identifier of the tenant: {0}', id),
    ...(lastModifiedBy === undefined || lastModifiedTime === undefined
      ? []
      : [l10n.t('Changed by {0} on {1}', visibleText(lastModifiedBy), formatDay(lastModifiedTime))]),
    ...flags(checks).flatMap(({ reason }) => ['', visibleText(reason)]),
  ];
}

function line(label: string, value: string): string {
  return `${label}: ${shortened(visibleText(value), 400)}`;
}

import * as l10n from '@vscode/l10n';
import { flags } from '../../inbound/checkAnswers.js';
import { holdsCertificate, validUntil } from '../../inbound/keyContent.js';
import { processIntegrationRuntime } from '../../inbound/serviceInstanceParameters.js';
import { isUnderWay } from '../../platform/cfResources.js';
import { displayName } from '../../pki/distinguishedName.js';
import { inboundData } from '../../services/inboundState.js';
import { labelText } from '../../ui/visibleText.js';
import { quietValidityText, validityOf, validityText } from './expiry.js';
import type {
  FactNode,
  InboundNode,
  InboundTenantNode,
  InstanceNode,
  KeyCertificateNode,
  KeyNode,
} from './inboundModel.js';
import type { PresentedInbound } from './presentedInbound.js';
import { presentMappedTenant, presentMapping } from './presentMapping.js';
import { presentInboundState } from './presentInboundState.js';
import {
  checkText,
  keyCount,
  keySubject,
  keyTypeText,
  operationText,
  pinningText,
  partedByEnd,
  problem,
  shortSubject,
  warning,
  worstIcon,
} from './inboundWords.js';
import { joined, traits, type Presentation } from './presentation.js';

/** What a row shows. */
export function presentInbound(node: InboundNode, presentation: Presentation): PresentedInbound {
  switch (node.kind) {
    case 'tenant':
      return presentTenant(node);
    case 'serviceInstance':
      return presentInstance(node);
    case 'serviceKey':
      return presentKey(node, presentation);
    case 'keyCertificate':
      return presentCertificate(node, presentation);
    case 'fact':
      return presentFact(node);
    case 'state':
      return presentInboundState(node);
    case 'mappedTenant':
      return presentMappedTenant(node);
    case 'userMapping':
      return presentMapping(node, presentation);
  }
}

function presentTenant({ tenant, isOnly }: InboundTenantNode): PresentedInbound {
  const { name, stage, practice, organization, space, isEverySpace, status } = tenant;
  const label = labelText(name);
  const isSignedIn = status.kind !== 'signedOut';
  const place = !isSignedIn
    ? l10n.t('signed out')
    : isEverySpace
      ? l10n.t('every space')
      : space === undefined
        ? l10n.t('no space chosen')
        : l10n.t('org {0} · space {1}', labelText(organization ?? '', 40), labelText(space, 40));
  const data = inboundData(status);
  const description = joined(
    stage,
    practice && l10n.t('practice'),
    place,
    status.kind === 'loading' && data !== undefined && l10n.t('refreshing…'),
    status.kind === 'failed' && data !== undefined && l10n.t('not up to date'),
  );
  return {
    label,
    description,
    icon: { id: 'cloud' },
    contextValue: traits(
      'inboundTenant',
      practice && 'practice',
      isSignedIn ? 'signedIn' : 'signedOut',
      isSignedIn && (isEverySpace ? 'everySpace' : 'oneSpace'),
      data !== undefined && 'read',
    ),
    accessibilityLabel: l10n.t('Inbound clients of {0}, {1}', label, description),
    collapsible: isOnly ? 'expanded' : 'collapsed',
  };
}

function presentInstance({ instance, checks, showsSpace, flaggedKeys }: InstanceNode): PresentedInbound {
  const label = labelText(instance.name);
  const raised = flags(checks);
  const { grants, plan, keys } = instance;
  const operation = operationText(instance.lastOperation);
  const flagged = flaggedKeys.problems + flaggedKeys.warnings;
  const description = joined(
    showsSpace && labelText(instance.spaceName ?? '?', 40),
    plan !== processIntegrationRuntime.integrationFlowPlan && l10n.t('plan {0}', labelText(plan, 40)),
    operation,
    raised[0] === undefined
      ? grants.kind === 'known'
        ? labelText(grants.roles.join(', '), 80)
        : l10n.t('roles not known')
      : raised.map(({ id }) => checkText(id)).join(', '),
    keyCount(keys.length),
    flagged > 0 && (flagged === 1 ? l10n.t('1 needs attention') : l10n.t('{0} need attention', flagged)),
  );
  return {
    label,
    description,
    icon:
      raised.some(({ level }) => level === 'problem') || flaggedKeys.problems > 0
        ? problem
        : raised.length > 0 || flaggedKeys.warnings > 0
          ? warning
          : { id: 'plug' },
    contextValue: traits(
      'serviceInstance',
      plan === processIntegrationRuntime.integrationFlowPlan && 'integrationFlow',
      plan === processIntegrationRuntime.apiPlan && 'api',
      isUnderWay(instance.lastOperation) && 'underWay',
      raised.some(({ id }) => id === 'deprecatedGrantType' || id === 'noClientCredentials') && 'mendable',
    ),
    accessibilityLabel: l10n.t('Service instance {0}, {1}', label, description),
    collapsible: 'collapsed',
  };
}

function presentKey({ key, isBeingReplaced, checks }: KeyNode, presentation: Presentation): PresentedInbound {
  const label = labelText(key.name);
  const raised = flags(checks);
  const { reading } = key;
  const isCertificate = reading.kind === 'read' && holdsCertificate(reading.content);
  const subject = keySubject(key);
  const operation = operationText(key.lastOperation);
  const end = reading.kind === 'read' ? validUntil(reading.content) : undefined;
  const [ofItsEnd, others] = partedByEnd(raised);
  const isUrgent = ofItsEnd.length > 0;
  const validity =
    end === undefined || reading.kind !== 'read'
      ? undefined
      : validityOf(
          { validNotBefore: reading.content.certificates[0]?.notBefore, validNotAfter: end },
          presentation.now,
        );
  const description = joined(
    operation,
    reading.kind === 'notRead' && l10n.t('not read yet'),
    reading.kind === 'notReadable' && l10n.t('cannot be read'),
    subject !== undefined && shortSubject(subject),
    reading.kind === 'read' &&
      reading.content.type !== 'externalCertificate' &&
      keyTypeText(reading.content.type),
    pinningText(key),
    validity !== undefined &&
      (isUrgent ? validityText(validity) : quietValidityText(validity, presentation.formatDay)),
    isBeingReplaced && l10n.t('being replaced'),
    ...others
      .filter(({ level, id }) => level !== 'note' && id !== 'noCertificate')
      .map(({ id }) => checkText(id)),
  );
  return {
    label,
    description,
    icon: worstIcon(raised) ?? { id: reading.kind === 'notReadable' ? 'lock' : 'key' },
    contextValue: traits(
      'serviceKey',
      isCertificate && 'hasCertificate',
      (isCertificate || reading.kind === 'notRead') && 'renewable',
      reading.kind !== 'read' && 'unread',
      isBeingReplaced && 'beingReplaced',
      isUnderWay(key.lastOperation) && 'underWay',
    ),
    accessibilityLabel: l10n.t('Service key {0}, {1}', label, description),
    collapsible: 'collapsed',
  };
}

function presentCertificate(node: KeyCertificateNode, presentation: Presentation): PresentedInbound {
  const { certificate } = node;
  const label = labelText(displayName(certificate.subject));
  const validity = validityOf(
    { validNotBefore: certificate.notBefore, validNotAfter: certificate.notAfter },
    presentation.now,
  );
  const description = joined(
    l10n.t('issued by {0}', shortSubject(displayName(certificate.issuer))),
    quietValidityText(validity, presentation.formatDay),
  );
  return {
    label,
    description,
    icon: { id: 'verified' },
    contextValue: traits('keyCertificate', node.mappingId !== undefined && 'ofMapping'),
    accessibilityLabel: l10n.t('Certificate {0}, {1}', label, description),
    collapsible: 'none',
  };
}

function presentFact({ fact }: FactNode): PresentedInbound {
  switch (fact.kind) {
    case 'flag': {
      const label = checkText(fact.check);
      return {
        label,
        description: labelText(fact.reason, 400),
        icon: fact.level === 'problem' ? problem : fact.level === 'warning' ? warning : { id: 'info' },
        contextValue: traits('fact', fact.check),
        accessibilityLabel: l10n.t('{0}: {1}', label, fact.reason),
        collapsible: 'none',
      };
    }
    case 'cannotTell': {
      const what = fact.checks.map(checkText).join(', ');
      return {
        label: l10n.t('Cannot tell: {0}', shortList(fact.checks.map(checkText))),
        description: labelText(fact.reason, 400),
        icon: { id: 'question' },
        contextValue: traits('fact', 'cannotTell'),
        accessibilityLabel: l10n.t('Cannot tell: {0}. {1}', what, fact.reason),
        collapsible: 'none',
      };
    }
  }
}

/** The first two, and how many more. */
function shortList(words: readonly string[]): string {
  return words.length <= 3
    ? words.join(', ')
    : l10n.t('{0} and {1} more', words.slice(0, 2).join(', '), words.length - 2);
}

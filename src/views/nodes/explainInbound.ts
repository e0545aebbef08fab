import * as l10n from '@vscode/l10n';
import { flags } from '../../inbound/checkAnswers.js';
import type { InboundKey } from '../../inbound/inboundClients.js';
import { validUntil } from '../../inbound/keyContent.js';
import { displayName } from '../../pki/distinguishedName.js';
import { shortened, visibleText } from '../../ui/visibleText.js';
import type { InboundNode, InstanceNode, KeyNode } from './inboundModel.js';
import { checkText, keySubject, keyTypeText, operationText, pinningText } from './inboundWords.js';
import { presentInbound } from './presentInbound.js';
import { explainInboundState } from './presentInboundState.js';
import { explainMappedTenant, explainMapping } from './presentMapping.js';
import type { Presentation } from './presentation.js';

/** The lines of a row's tooltip: plain text, made only when it is asked for. */
export function explainInbound(node: InboundNode, presentation: Presentation): readonly string[] {
  switch (node.kind) {
    case 'tenant': {
      const { label, description } = presentInbound(node, presentation);
      return [label, description ?? ''];
    }
    case 'serviceInstance':
      return explainInstance(node);
    case 'serviceKey':
      return explainKey(node, presentation);
    case 'keyCertificate': {
      const { subject, issuer, serialNumber, notBefore, notAfter, sha256 } = node.certificate;
      return [
        line(l10n.t('Subject'), displayName(subject)),
        line(l10n.t('Issuer'), displayName(issuer)),
        line(l10n.t('Serial number'), serialNumber),
        line(l10n.t('Valid from'), presentation.formatDay(notBefore)),
        line(l10n.t('Valid until'), presentation.formatDay(notAfter)),
        line('SHA-256', sha256),
      ];
    }
    case 'fact':
      return node.fact.kind === 'flag'
        ? [
            checkText(node.fact.check),
            visibleText(node.fact.reason),
            ...(node.fact.others.length === 0
              ? []
              : [line(l10n.t('Other keys'), node.fact.others.slice(0, 20).join(', '))]),
          ]
        : [
            l10n.t('Cannot tell: {0}', node.fact.checks.map(checkText).join(', ')),
            visibleText(node.fact.reason),
          ];
    case 'state':
      return explainInboundState(node);
    case 'mappedTenant':
      return explainMappedTenant(node);
    case 'userMapping':
      return explainMapping(node, presentation);
  }
}

function explainInstance({ instance, checks }: InstanceNode): readonly string[] {
  const { name, plan, spaceName, grants, lastOperation } = instance;
  return [
    line(l10n.t('Service instance'), name),
    line(l10n.t('Plan'), plan),
    line(l10n.t('Space'), spaceName ?? '?'),
    ...(grants.kind === 'known'
      ? [
          line(l10n.t('Roles'), grants.roles.join(', ')),
          line(l10n.t('Grant types'), grants.grantTypes.join(', ')),
        ]
      : [visibleText(grants.reason)]),
    ...operationLines(lastOperation),
    ...flags(checks).flatMap(({ reason }) => ['', visibleText(reason)]),
  ];
}

function explainKey({ key, checks }: KeyNode, { formatDay }: Presentation): readonly string[] {
  const { reading, createdAt, lastOperation } = key;
  const subject = keySubject(key);
  const end = reading.kind === 'read' ? validUntil(reading.content) : undefined;
  return [
    line(l10n.t('Service key'), key.name),
    ...(createdAt === undefined ? [] : [line(l10n.t('Created'), formatDay(createdAt))]),
    ...contentLines(key),
    ...(subject === undefined ? [] : [line(l10n.t('Subject'), subject)]),
    ...(end === undefined ? [] : [line(l10n.t('Valid until'), formatDay(end))]),
    ...operationLines(lastOperation),
    ...flags(checks).flatMap(({ reason }) => ['', visibleText(reason)]),
  ];
}

function contentLines(key: InboundKey): readonly string[] {
  const { reading, pinning } = key;
  switch (reading.kind) {
    case 'notRead':
      return [l10n.t('What the key holds has not been read yet. Expand it to read it.')];
    case 'notReadable':
      return [visibleText(reading.reason)];
    case 'read': {
      const pinned = pinningText(key);
      return [
        line(l10n.t('Key type'), keyTypeText(reading.content.type)),
        ...(pinned === undefined
          ? []
          : [pinning.kind === 'notKnown' ? `${pinned}: ${visibleText(pinning.reason)}` : pinned]),
      ];
    }
  }
}

function operationLines(operation: InboundKey['lastOperation']): readonly string[] {
  const text = operationText(operation);
  const { description } = operation ?? {};
  return text === undefined
    ? []
    : [description === undefined || description === '' ? text : line(text, description)];
}

function line(label: string, value: string): string {
  return `${label}: ${shortened(visibleText(value), 400)}`;
}

import * as l10n from '@vscode/l10n';
import { neededRole } from '../inbound/adapterStage.js';
import { judgeStages, type StageFacts } from '../inbound/callStages.js';
import { adapterSettings, describeWays } from '../inbound/senderAdapterValues.js';
import type { SenderCertificate } from '../inbound/senderCertificate.js';
import type { SenderSetUp } from '../inbound/senderSetUp.js';
import type { Stage, StageId } from '../inbound/stage.js';
import { hasSigningRequest } from '../tenant/entryKind.js';
import { visibleText } from '../ui/visibleText.js';
import { nextStep, withLabels } from './nextStep.js';
import type { MappingSnapshot, PageAction, SnapshotRow, SnapshotSection } from './protocol.js';

/** What is known of a set-up at the moment. */
export interface SnapshotFacts extends Omit<StageFacts, 'way' | 'userRole'> {
  readonly setUp: SenderSetUp;
  /** The receiving tenant. */
  readonly tenantName: string;
  /** The tenant whose key calls, where it is Cloud Integration. */
  readonly callingTenant: string | undefined;
  /** True where the receiver is a tenant of Neo. */
  readonly isNeo: boolean;
  /** Integration flows that are known to list the certificate, on the way of the adapter; others may as well. */
  readonly redeployed: readonly string[];
  /** True for what can be done here. */
  readonly canDo: (action: PageAction) => boolean;
}

/** The page of a set-up, made anew from facts whenever they change. */
export function mappingSnapshot(facts: SnapshotFacts): MappingSnapshot {
  const { setUp, tenantName, canDo } = facts;
  const userRole = neededRole(setUp, facts.endpoint);
  const stages = judgeStages({ ...facts, way: setUp.way, userRole });
  const certificate = facts.certificate.kind === 'known' ? facts.certificate.certificate : undefined;
  return {
    setUpId: setUp.id,
    heading: l10n.t('Sender set-up: {0}', visibleText(setUp.name)),
    tenant: tenantName,
    summary: summary(facts, certificate),
    pageActions: withLabels(['saveMarkdown', 'refresh', 'rename', 'changeReceiver', 'remove'], canDo),
    stages: stages.map(({ id, title, state, stateText, reason }) => ({
      id,
      title,
      state,
      stateText,
      reason: visibleText(reason),
    })),
    next: nextStep(stages, {
      way: setUp.way,
      canDo,
      waiting: l10n.t('The stage above that is marked tells what is wrong and what helps.'),
    }),
    sections: sections(facts, stages, certificate),
    ways: describeWays().map((description) => ({
      ...description,
      chosen: description.way === setUp.way,
      settings: adapterSettings(description.way, certificate, userRole).map(({ id, name, value }) => ({
        id,
        name,
        value: value ?? '',
        shown: value === undefined ? l10n.t('not known without a certificate') : visibleText(value),
        canCopy: value !== undefined,
      })),
      warnings: description.way === 'adapter' ? adapterWarnings(facts) : [],
    })),
    texts: {
      pageActions: l10n.t('Set-up'),
      stagesHeading: l10n.t('From the certificate to the call'),
      waysHeading: l10n.t('How the receiver lets the sender in'),
      valuesHeading: l10n.t('Values for the sender adapter'),
      nextHeading: l10n.t('Next step'),
      copy: l10n.t('Copy'),
      copyAll: l10n.t('Copy All Values'),
      copied: l10n.t('Copied.'),
    },
  };
}

function summary(
  { setUp, callingTenant, tenantName }: SnapshotFacts,
  certificate: SenderCertificate | undefined,
): string {
  const address = setUp.endpoint === undefined ? undefined : visibleText(setUp.endpoint.address);
  if (certificate?.option.fitsOutsideSender === false) {
    return callingTenant === undefined || callingTenant === tenantName
      ? l10n.t('Cloud Integration calls its own integration flow with its own key.')
      : l10n.t(
          'Cloud Integration of "{0}" calls an integration flow of "{1}" with its own key.',
          callingTenant,
          tenantName,
        );
  }
  return address === undefined
    ? l10n.t('A sender calls an integration flow with its own client certificate.')
    : l10n.t('A sender calls {0} with its own client certificate.', address);
}

function adapterWarnings({ setUp, redeployed }: SnapshotFacts): readonly string[] {
  const warning = l10n.t(
    'Until the redeployed integration flow has started, calls fail; plan each change with all senders of the flow.',
  );
  return [
    ...(setUp.way === 'adapter' ? [warning] : []),
    redeployed.length === 0
      ? l10n.t('To be redeployed at each change: every integration flow that lists the certificate.')
      : l10n.t(
          'To be redeployed at each change: {0}. These are known from the set-ups and integration flows read here; others may list the certificate as well.',
          redeployed.map(visibleText).join(', '),
        ),
  ];
}

function sections(
  facts: SnapshotFacts,
  stages: readonly Stage[],
  certificate: SenderCertificate | undefined,
): readonly SnapshotSection[] {
  const { canDo, setUp } = facts;
  const section = (
    id: StageId,
    more: { rows?: readonly SnapshotRow[]; lines?: readonly string[]; actions?: readonly PageAction[] } = {},
  ): SnapshotSection => {
    const stage = stages.find((candidate) => candidate.id === id);
    return {
      id,
      heading: stage?.title ?? '',
      text: stage === undefined ? '' : visibleText(`${stage.stateText}: ${stage.reason}`),
      lines: [...(more.lines ?? []), ...(stage?.details ?? [])].map(visibleText),
      rows: more.rows ?? [],
      actions: withLabels(
        [
          ...new Set([
            ...(stage?.next === undefined ? [] : [stage.next]),
            ...(stage?.offers ?? []),
            ...(more.actions ?? []),
          ]),
        ],
        canDo,
      ),
    };
  };
  const entry = certificate?.entry;
  return [
    section('certificate', {
      rows: certificate === undefined ? [] : certificateRows(certificate),
      lines:
        certificate === undefined ? [] : [`${certificate.option.title}. ${certificate.option.direction}`],
      actions: [
        ...(certificate === undefined ? (['createKeyPair'] as const) : []),
        ...(entry === undefined ? [] : (['inspect', 'saveCertificate'] as const)),
        ...(entry !== undefined && hasSigningRequest(entry)
          ? (['downloadSigningRequest', 'importSigningResponse'] as const)
          : []),
        'changeCertificate',
      ],
    }),
    section('loadBalancer'),
    section('mapping', {
      actions: certificate === undefined || setUp.way === 'adapter' ? [] : mappingActions(facts),
    }),
    section('role'),
    section('senderAdapter', {
      rows: endpointRows(facts),
      actions: ['changeEndpoint', ...(isRoleTold(facts) ? [] : (['changeRole'] as const)), 'copyValues'],
    }),
  ];
}

/** True where the adapter's own role counts, so that choosing another would change nothing. */
function isRoleTold({ endpoint }: SnapshotFacts): boolean {
  return endpoint.kind === 'known' && endpoint.adapter.userRole !== undefined;
}

function mappingActions({ isNeo, mapping }: SnapshotFacts): readonly PageAction[] {
  if (!isNeo) {
    return ['createServiceKey', 'renewCertificate', 'copyCf', 'copyTerraform', 'copyCockpit'];
  }
  return mapping.kind === 'neo' && mapping.user !== undefined
    ? ['renewCertificate', 'copyCockpit']
    : ['addNeoMapping', 'copyCurl', 'copyCockpit'];
}

function endpointRows({ setUp, endpoint: fact }: SnapshotFacts): readonly SnapshotRow[] {
  const { endpoint, way } = setUp;
  const flow = (fact.kind === 'known' ? fact.adapter.flow : undefined) ?? endpoint?.flow;
  return [
    ...(endpoint === undefined ? [] : [row('endpoint.address', l10n.t('Endpoint'), endpoint.address)]),
    ...(flow === undefined ? [] : [row('endpoint.flow', l10n.t('Integration flow'), flow)]),
    ...(way === 'mapping' ? [row('endpoint.role', l10n.t('Role'), neededRole(setUp, fact))] : []),
  ];
}

function certificateRows(certificate: SenderCertificate): readonly SnapshotRow[] {
  const rows: readonly (readonly [string, string, string | undefined])[] = [
    [
      'certificate.alias',
      certificate.entry === undefined ? l10n.t('File') : l10n.t('Alias'),
      certificate.name,
    ],
    ['certificate.subject', l10n.t('Subject'), certificate.subjectDn],
    ['certificate.issuer', l10n.t('Issuer'), certificate.issuerDn],
    ['certificate.validity', l10n.t('Valid'), validity(certificate)],
    ['certificate.key', l10n.t('Key'), certificate.key],
    ['certificate.serialNumber', l10n.t('Serial number'), certificate.serialNumber],
    ['certificate.sha256', 'SHA-256', certificate.fingerprintSha256],
  ];
  return rows.flatMap(([id, name, value]) =>
    value === undefined || value === '' ? [] : [row(id, name, value)],
  );
}

function row(id: string, name: string, value: string): SnapshotRow {
  return { id, name, value, shown: visibleText(value), canCopy: true };
}

function validity({ validNotBefore, validNotAfter }: SenderCertificate): string | undefined {
  return validNotBefore === undefined || validNotAfter === undefined
    ? undefined
    : l10n.t(
        '{0} to {1}',
        validNotBefore.toISOString().slice(0, 10),
        validNotAfter.toISOString().slice(0, 10),
      );
}
